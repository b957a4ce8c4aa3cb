//! Which tests would decide most.
//!
//! For each observable that is not known: the share of all results of the others with which the verdict hangs on this
//! one alone. Every region between cut-offs counts the same, since how likely each is is not known.

use super::age;
use super::assessment::Answered;
use super::evaluate::{self, Answers, ItemOutcome};
use super::infusion;
use super::regions::{self, Open};
use super::result::{Decides, Interval, NextTest, Verdict};
use crate::logic::Ternary;
use crate::observable;

/// The most completions that are gone through for one instrument.
pub(super) const MOST: usize = 300_000;

/// The tests of all instruments that are open, and what is to be said of how they were counted.
pub(super) fn rank(open: &[&Answered<'_>]) -> (Vec<NextTest>, Vec<String>) {
    let mut tests: Vec<NextTest> = Vec::new();
    let mut notes = Vec::new();
    for answered in open {
        let (shares, note) = shares(answered);
        notes.extend(note);
        for (name, share) in shares {
            if !is_test(&name) || share <= 0.0 {
                continue;
            }
            let own = Decides { instrument: answered.plan.instrument.id.clone(), share };
            match tests.iter_mut().find(|test| test.observable == name) {
                Some(test) => test.decides.push(own),
                None => {
                    let label = observable::find(&name).map_or(&name, |known| &known.label).clone();
                    tests.push(NextTest { observable: name, label, decides: vec![own], mean: 0.0 });
                }
            }
        }
    }
    let instruments = u32::try_from(open.len().max(1)).map_or(1.0, f64::from);
    for test in &mut tests {
        test.mean = test.decides.iter().map(|one| one.share).sum::<f64>() / instruments;
    }
    tests.sort_by(|a, b| b.mean.total_cmp(&a.mean).then_with(|| a.observable.cmp(&b.observable)));
    (tests, notes)
}

/// Age and the day of an infusion are asked, not tested.
fn is_test(observable: &str) -> bool {
    !age::is_age(observable) && observable != infusion::GIVEN && observable != infusion::SINCE
}

fn shares(answered: &Answered<'_>) -> (Vec<(String, f64)>, Option<String>) {
    let open = regions::open(answered);
    let sizes: Vec<usize> = open.iter().map(|one| one.options.len()).collect();
    if let Some(count) = product(&sizes) {
        let verdicts: Vec<Verdict> =
            (0..count).map(|index| completed(answered, &open, index)).collect();
        let names = open.into_iter().map(|one| one.observable);
        return (names.zip(pivotal(&sizes, &verdicts)).collect(), None);
    }
    by_item(answered)
}

fn product(sizes: &[usize]) -> Option<usize> {
    sizes.iter().try_fold(1_usize, |so_far, size| so_far.checked_mul(*size).filter(|n| *n <= MOST))
}

/// The verdict of one completion.
fn completed(answered: &Answered<'_>, open: &[Open], index: usize) -> Verdict {
    let mut answers: Answers = answered.answers.clone();
    let mut rest = index;
    for one in open {
        let outcome = one.options.get(rest % one.options.len().max(1));
        rest /= one.options.len().max(1);
        let Some(outcome) = outcome else { continue };
        for (at, held) in &outcome.atoms {
            if let Some(atom) = answers.atoms.get_mut(*at) {
                *atom = Ternary::known(*held);
            }
        }
        for (at, points) in &outcome.linear {
            if let Some(linear) = answers.linear.get_mut(*at) {
                *linear = Some(Interval { min: *points, max: *points });
            }
        }
    }
    evaluate::evaluate(&answered.plan, &answers).verdict
}

/// For each place of a mixed-radix index: the share of all settings of the other places with which the verdict
/// changes along this one.
fn pivotal(sizes: &[usize], verdicts: &[Verdict]) -> Vec<f64> {
    let mut stride = 1;
    let mut shares = Vec::new();
    for &size in sizes {
        let starts = (0..verdicts.len()).filter(|index| (index / stride) % size.max(1) == 0);
        let (mut all, mut decided) = (0_u32, 0_u32);
        for start in starts {
            let mut along = (0..size).filter_map(|step| verdicts.get(start + step * stride));
            let first = along.next();
            all += 1;
            decided += u32::from(along.any(|other| Some(other) != first));
        }
        shares.push(f64::from(decided) / f64::from(all.max(1)));
        stride *= size.max(1);
    }
    shares
}

/// Where observables have too many results together: whole items are varied, each over what it can come to, and every
/// observable that an item lacks has the share of the item.
fn by_item(answered: &Answered<'_>) -> (Vec<(String, f64)>, Option<String>) {
    let plan = &answered.plan;
    let id = &plan.instrument.id;
    let varied: Vec<(usize, Vec<ItemOutcome>)> = (0..plan.items.len())
        .filter_map(|at| Some((at, item_outcomes(answered, at)?)))
        .filter(|(_, outcomes)| outcomes.len() > 1)
        .collect();
    let sizes: Vec<usize> = varied.iter().map(|(_, outcomes)| outcomes.len()).collect();
    let Some(count) = product(&sizes) else {
        let note = format!(
            "{id}: too much is unknown to say which test would decide it (more than {MOST} completions)"
        );
        return (Vec::new(), Some(note));
    };
    let verdict = |index: usize| {
        let mut items = answered.outcome.items.clone();
        let mut rest = index;
        for (at, outcomes) in &varied {
            if let (Some(item), Some(outcome)) =
                (items.get_mut(*at), outcomes.get(rest % outcomes.len()))
            {
                *item = *outcome;
            }
            rest /= outcomes.len();
        }
        evaluate::total(plan, &answered.answers.atoms, &items).2
    };
    let verdicts: Vec<Verdict> = (0..count).map(verdict).collect();
    let mut shares: Vec<(String, f64)> = Vec::new();
    for ((at, _), share) in varied.iter().zip(pivotal(&sizes, &verdicts)) {
        for name in answered.open_observables(*at) {
            match shares.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = known.max(share),
                None => shares.push((name.to_owned(), share)),
            }
        }
    }
    let note = format!(
        "{id}: more than {MOST} completions; the shares of its tests are those of whole items, each result of an item \
         counted once"
    );
    (shares, Some(note))
}

/// What an item that is open can come to.
fn item_outcomes(answered: &Answered<'_>, at: usize) -> Option<Vec<ItemOutcome>> {
    let item = answered.plan.items.get(at)?;
    let outcome = answered.outcome.items.get(at)?;
    let points = outcome.points;
    if item.off || (outcome.state != Ternary::Unknown && points.min == points.max) {
        return None;
    }
    let settled =
        |state, points| ItemOutcome { state, points: Interval { min: points, max: points } };
    if item.linear.is_some() {
        return Some([points.min, points.max].map(|end| settled(Ternary::Met, end)).to_vec());
    }
    let possible =
        |points: &rust_decimal::Decimal| (outcome.points.min..=outcome.points.max).contains(points);
    let mut outcomes: Vec<ItemOutcome> = Vec::new();
    let levels = item.levels.iter().map(|(_, points)| settled(Ternary::Met, *points));
    let none =
        (outcome.state == Ternary::Unknown).then(|| settled(Ternary::NotMet, item.otherwise));
    for one in levels.filter(|one| possible(&one.points.min)).chain(none) {
        if !outcomes.contains(&one) {
            outcomes.push(one);
        }
    }
    Some(outcomes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::assess::Question;
    use crate::assess::frame::Frame;
    use crate::case::Case;
    use crate::instrument;
    use crate::observable::{Kind, all};

    /// `items` items, each of which asks for all of `each` findings; `least` of them fulfil it.
    fn ranked(items: usize, each: usize, least: usize) -> (Vec<NextTest>, Vec<String>) {
        let findings =
            all().iter().filter(|one| matches!(one.kind, Kind::Finding { .. }) && is_test(&one.id));
        let names: Vec<String> = findings.map(|one| format!("\"{}\"", one.id)).collect();
        let head =
            "id = \"x\"\nname = \"X\"\npurpose = \"x\"\npopulation = \"x\"\nsources = [\"x\"]\n";
        let mut text = format!("{head}citation = {{ text = \"x\" }}\n");
        for (at, own) in names.chunks(each).take(items).enumerate() {
            let own = own.join(", ");
            text += &format!(
                "[[item]]\nid = \"i{at}\"\nlabel = \"x\"\n[[item.level]]\nwhen = {{ all = [{own}] }}\npoints = 1\n"
            );
        }
        text += &format!("[rule]\nlabel = \"x\"\nwhen = \"score >= {least}\"\n");
        let instrument = instrument::load(&text).unwrap();
        let (case, question) = (Case::default(), Question::default());
        let frame = Frame::new(&case, &question);
        rank(&[&Answered::new(&frame, &instrument, &question)])
    }

    #[test]
    fn shares_are_those_of_every_completion() {
        // One of two items of two findings: a finding decides if its companion is there and the other pair is not.
        let (tests, notes) = ranked(2, 2, 1);
        assert!(notes.is_empty());
        assert_eq!(tests.len(), 4);
        assert!(tests.iter().all(|test| test.mean == 3.0 / 8.0));
    }

    #[test]
    fn where_there_are_too_many_completions_items_are_counted_and_it_is_said() {
        // 2^20 completions of findings, 2^10 of items; at least one of ten: the other nine must be absent.
        let (tests, notes) = ranked(10, 2, 1);
        assert_eq!(tests.len(), 20);
        assert!(tests.iter().all(|test| test.mean == 1.0 / 512.0));
        assert!(notes[0].starts_with(
            "x: more than 300000 completions; the shares of its tests are those of whole items"
        ));
        let (tests, notes) = ranked(20, 1, 1);
        assert!(tests.is_empty());
        assert!(notes[0].starts_with("x: too much is unknown"));
    }
}
