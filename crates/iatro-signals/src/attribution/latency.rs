//! How well the time from start to onset fits a substance: a factor on its hazard, on the event reports
//! where both dates are days.
//!
//! Of the substances of one class of the study, the days from start to onset on event reports are described
//! by a log-normal; so are the days from start to event on all other reports, whatever the event and the
//! substance. The factor is the ratio of the two chances of that day, held between a tenth and ten, so
//! that a date alone never decides. A bystander of the class is in the first description too, which
//! makes the factor weaker than it could be, never stronger.

use std::collections::BTreeMap;

use iatro_reports::model::date::{PartialDate, Precision};
use iatro_stats::time_to_onset::{Distribution, MAX_DAYS, Onset, log_normal};

use super::possible::{Possible, PossibleCauses};
use crate::corpus::Corpus;
use crate::corpus::rows::{Dates, DrugRow, Wanted};
use crate::count::bits::Bits;
use crate::run::RunError;
use crate::study::Study;

/// The fewest dated event reports of a class from which its latency is described.
const FEWEST: usize = 8;
/// Other reports from which the usual latency is described, at most.
const MOST_OTHERS: usize = 20_000;
/// Reports among which the first of them are looked for at first.
const FIRST_REACH: usize = 1 << 18;
/// The factor is at least one over this, and at most this.
const MOST_FACTOR: f64 = 10.0;

/// The factor of each substance on each event report with both dates; 1 where there is none.
pub(super) fn factors(
    corpus: &Corpus,
    study: &Study,
    possible: &PossibleCauses,
) -> Result<BTreeMap<(usize, Possible), f64>, RunError> {
    let dated = Dated::read(corpus, possible)?;
    let class_of = |id: u32| {
        study.agent_of(&corpus.substances()[id as usize].name).map(|agent| agent.class.as_str())
    };
    let mut by_class: BTreeMap<&str, Vec<Onset>> = BTreeMap::new();
    for ((_, substance), day) in &dated.of_events {
        if let Some(class) = class_of(*substance) {
            by_class.entry(class).or_default().push(Onset::on_day(*day));
        }
    }
    let Some(usual) = described(&dated.of_others) else { return Ok(BTreeMap::new()) };
    let of_class: BTreeMap<&str, Distribution> = by_class
        .into_iter()
        .filter_map(|(class, onsets)| Some((class, described(&onsets)?)))
        .collect();
    let factor = |((place, substance), day): (&(usize, u32), &u32)| {
        let class = of_class.get(class_of(*substance)?)?;
        let onset = Onset::on_day(*day);
        let ratio = chance(class, &onset)? / chance(&usual, &onset)?;
        let held = ratio.clamp(1.0 / MOST_FACTOR, MOST_FACTOR);
        held.is_finite().then_some(((*place, Possible::Substance(*substance)), held))
    };
    Ok(dated.of_events.iter().filter_map(factor).collect())
}

/// A log-normal, if there are days enough to describe.
fn described(onsets: &[Onset]) -> Option<Distribution> {
    if onsets.len() < FEWEST {
        return None;
    }
    log_normal(onsets).ok().map(|fit| fit.distribution())
}

/// The chance of the day of an onset.
fn chance(distribution: &Distribution, onset: &Onset) -> Option<f64> {
    let upper = distribution.share_within(onset.upper_days()?).ok()?;
    let lower = distribution.share_within(onset.lower_days()).ok()?;
    (upper > lower).then_some(upper - lower)
}

/// Days from the earliest start of a substance to the event.
struct Dated {
    /// On event reports, by report and substance.
    of_events: BTreeMap<(usize, u32), u32>,
    /// On other reports.
    of_others: Vec<Onset>,
}

impl Dated {
    fn read(corpus: &Corpus, possible: &PossibleCauses) -> Result<Self, RunError> {
        let causes: BTreeMap<usize, &[Possible]> =
            possible.events.iter().map(|event| (event.place, event.causes.as_slice())).collect();
        let dates = corpus.facts()?.event_dates();
        let event = |place: usize| dates.get(place).copied().flatten().and_then(day);
        let mut starts: BTreeMap<(usize, u32), i32> = BTreeMap::new();
        let events = Bits::new(causes.keys().map(|place| *place as u32), last_of(corpus));
        for row in corpus.dated_drugs(&events)?.of(&events) {
            let of_report = causes.get(&row.place).copied().unwrap_or_default();
            let is_cause = of_report.contains(&Possible::Substance(row.substance));
            if let Some(start) = row.start.filter(|_| is_cause).and_then(day) {
                let earliest = starts.entry((row.place, row.substance)).or_insert(start);
                *earliest = (*earliest).min(start);
            }
        }
        let of_events = starts
            .into_iter()
            .filter_map(|(key, start)| Some((key, between(start, event(key.0)?)?)))
            .collect();
        let is_other = |place: usize| !events.contains(place) && event(place).is_some();
        let of_others = others(corpus, &is_other, &event, (MOST_OTHERS, FIRST_REACH))?;
        Ok(Self { of_events, of_others })
    }
}

fn last_of(corpus: &Corpus) -> Option<u32> {
    u32::try_from(corpus.reports().checked_sub(1)?).ok()
}

/// Days from start to event of the drug rows of other reports: the first `most`. They are looked for among the first
/// `reach` reports, and among the next ones as long as there are too few.
fn others(
    corpus: &Corpus,
    is_other: &(dyn Fn(usize) -> bool + Sync),
    event: &(dyn Fn(usize) -> Option<i32> + Sync),
    (most, mut reach): (usize, usize),
) -> Result<Vec<Onset>, RunError> {
    let lasted = |row: DrugRow, found: &mut Vec<Onset>| {
        let days = row.start.and_then(day).zip(event(row.place));
        let days = days.and_then(|(start, event)| between(start, event));
        found.extend(days.map(Onset::on_day));
    };
    let (mut onsets, mut from) = (Vec::new(), 0);
    loop {
        let wanted = |place: usize| (from..reach).contains(&place) && is_other(place);
        corpus.map_drugs(Dates::Read, Wanted::Few(&wanted), &lasted, &mut |found| {
            onsets.append(found);
        })?;
        if onsets.len() >= most || reach >= corpus.reports() {
            onsets.truncate(most);
            return Ok(onsets);
        }
        (from, reach) = (reach, reach.saturating_mul(8));
    }
}

fn day(date: PartialDate) -> Option<i32> {
    (date.precision() == Precision::Day).then(|| date.first_day())
}

/// Days from start to event, if they can be.
fn between(start: i32, event: i32) -> Option<u32> {
    let days = u32::try_from(event.checked_sub(start)?).ok()?;
    (f64::from(days) <= MAX_DAYS).then_some(days)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::corpus::facts::Fact;
    use crate::corpus::memory::{MemoryDrug, MemoryReport};

    /// A report of two drugs started so many days before the event.
    fn report(days: i32) -> MemoryReport {
        let date = |day| PartialDate::from_first_day(day, Precision::Day);
        let fact = Fact { event_date: date(19_000), ..Fact::UNKNOWN };
        let start = date(19_000 - days);
        let drug = |name: &str| MemoryDrug {
            substances: vec![name.to_owned()],
            role: None,
            start,
            indications: Vec::new(),
        };
        MemoryReport { fact, drugs: vec![drug("a"), drug("b")], events: vec!["Rash".to_owned()] }
    }

    #[test]
    fn the_first_onsets_are_the_same_however_far_is_looked_at_once() {
        let reports: Vec<MemoryReport> = (0..40).map(report).collect();
        let corpus = Corpus::of_reports(&reports);
        let is_other = |place: usize| !place.is_multiple_of(3);
        let event = |_: usize| Some(19_000);
        let expected = |most: usize| -> Vec<Onset> {
            let places = (0_u32..40).filter(|day| is_other(*day as usize));
            places.flat_map(|day| [day, day]).take(most).map(Onset::on_day).collect()
        };
        for most in [1, 7, 52, 1_000] {
            for reach in [1, 2, 5, 40, 1_000] {
                let found = others(&corpus, &is_other, &event, (most, reach)).unwrap();
                assert_eq!(found, expected(most), "{most} {reach}");
            }
        }
    }
}
