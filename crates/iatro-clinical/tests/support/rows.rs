//! Rows of vectors/*.csv, run against an instrument: used by the vectors themselves and by the mutants of the data.

use std::path::{Path, PathBuf};

use iatro_clinical::assess::{Assessment, Question, Verdict, assess_one};
use iatro_clinical::case::{Case, FORM};
use iatro_clinical::instrument::{Criterion, Instrument};
use iatro_clinical::logic::Ternary;
use iatro_clinical::observable::{self, Kind, QuantityKind};
use iatro_clinical::observation::{Observation, Presence, Reading};
use iatro_clinical::{Decimal, set};
use serde::Deserialize;

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub case: String,
    set: String,
    variant: String,
    unverified: String,
    verdict: String,
    min: String,
    max: String,
    as_published: String,
    category: String,
    probability: String,
    items: String,
    pub source: String,
}

/// The folder.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The rows of an instrument; empty if it has no file.
pub fn rows(id: &str) -> Vec<Row> {
    let path = folder("vectors").join(format!("{id}.csv"));
    let Ok(bytes) = std::fs::read(&path) else { return Vec::new() };
    csv::Reader::from_reader(bytes.as_slice())
        .deserialize()
        .enumerate()
        .map(|(at, row)| row.unwrap_or_else(|error| panic!("{id}.csv, row {}: {error}", at + 2)))
        .collect()
}

/// What of a row an instrument does not give; `None` if it gives all.
pub fn failure(instrument: &Instrument, row: &Row) -> Option<String> {
    let variants = if row.variant.is_empty() {
        vec![]
    } else {
        vec![(instrument.id.clone(), row.variant.clone())]
    };
    let include_unverified = row.unverified == "yes";
    let question = Question { variants, include_unverified, ..Question::default() };
    let found = match assess_one(&case(instrument, row), instrument, &question) {
        Ok(found) => found,
        Err(error) => return Some(error.to_string()),
    };
    let mut wrong = Vec::new();
    let mut check = |what: &str, expected: &str, given: String| {
        if !expected.is_empty() && !same(expected, &given) {
            wrong.push(format!("{what} {given}, expected {expected}"));
        }
    };
    let number = |text: &str| {
        if text.is_empty() { String::new() } else { text.parse::<Decimal>().unwrap().to_string() }
    };
    check("verdict", &row.verdict, word(found.verdict).to_owned());
    check("min", &number(&row.min), found.score.min.to_string());
    check("max", &number(&row.max), found.score.max.to_string());
    let published = found.as_published.map(|n| n.to_string()).unwrap_or_default();
    check("as published", &row.as_published, published);
    check("category", &row.category, found.categories.join("|"));
    check("probability", &row.probability, probability(&found));
    for expected in row.items.split(';').map(str::trim).filter(|one| !one.is_empty()) {
        let (id, expected) = expected.split_once('=').expect("items are id=state or id=points");
        check(&format!("item {id}"), expected, item(&found, id, expected));
    }
    (!wrong.is_empty()).then(|| format!("{}: {} ({})", row.case, wrong.join("; "), row.source))
}

/// As texts, or as numbers.
fn same(expected: &str, given: &str) -> bool {
    let number = |text: &str| text.parse::<Decimal>().ok();
    expected == given || (number(expected).is_some() && number(expected) == number(given))
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fulfilled => "fulfilled",
        Verdict::NotFulfilled => "not_fulfilled",
        Verdict::Indeterminate => "indeterminate",
        Verdict::None => "none",
    }
}

fn probability(found: &Assessment) -> String {
    match &found.probability {
        Some(p) if p.min == p.max => p.min.text.clone(),
        Some(p) => format!("{} to {}", p.min.text, p.max.text),
        None => String::new(),
    }
}

/// The state or the points of an item, whichever is expected.
fn item(found: &Assessment, id: &str, expected: &str) -> String {
    // Whether it may be asked of this patient at all.
    if id == "scope" {
        return ternary(found.applicability.state).to_owned();
    }
    if id == "probability" {
        let ends = found.probability.iter().flat_map(|p| [&p.min, &p.max]);
        let between = ends.filter(|end| end.interpolated).count();
        return if between > 0 { "interpolated" } else { "table" }.to_owned();
    }
    let Some(item) = found.items.iter().find(|item| item.id == id) else {
        return "no such item".to_owned();
    };
    if matches!(expected, "met" | "not_met" | "unknown") {
        return ternary(item.state).to_owned();
    }
    let (min, max) = (item.points.min, item.points.max);
    if min == max { min.to_string() } else { format!("{min}..{max}") }
}

fn ternary(state: Ternary) -> &'static str {
    match state {
        Ternary::Met => "met",
        Ternary::NotMet => "not_met",
        Ternary::Unknown => "unknown",
    }
}

/// The case that a row describes.
fn case(instrument: &Instrument, row: &Row) -> Case {
    let tokens: Vec<&str> =
        row.set.split(';').map(str::trim).filter(|one| !one.is_empty()).collect();
    let rest = tokens.contains(&"rest=absent");
    let tokens = tokens.into_iter().filter(|token| *token != "rest=absent").enumerate();
    let mut observations: Vec<Observation> = tokens
        .map(|(at, token)| {
            let mut row = set::parse(token).unwrap_or_else(|error| panic!("{}: {error}", row.case));
            row.id = format!("{at}:{}", row.id);
            row
        })
        .collect();
    if rest {
        let given = observations.clone();
        let absent = unmet(instrument, &row.variant);
        let known = |row: &Observation| given.iter().any(|own| own.observable == row.observable);
        observations.extend(absent.into_iter().filter(|row| !known(row)));
    }
    Case { form: FORM.to_owned(), id: "vector".to_owned(), observations, ..Case::default() }
}

/// A question, and whether it is wanted to hold so that its level does not.
type Wanted<'a> = (&'a Criterion, bool);

/// Every input of the instrument with a value that meets none of its levels.
fn unmet(instrument: &Instrument, variant: &str) -> Vec<Observation> {
    let variant = instrument.variants.iter().find(|one| one.id == variant);
    let replaced = |id: &str| variant.and_then(|v| v.items.iter().find(|item| item.id == id));
    let items: Vec<_> =
        instrument.items.iter().map(|item| replaced(&item.id).unwrap_or(item)).collect();
    let rule = variant.and_then(|v| v.rule.as_ref()).or(instrument.rule.as_ref());
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    items
        .iter()
        .flat_map(|item| &item.levels)
        .for_each(|level| atoms(&level.when, false, &mut wanted));
    rule.iter().for_each(|rule| atoms(&rule.when, false, &mut wanted));
    instrument.requires.iter().for_each(|one| atoms(&one.when, false, &mut wanted));
    let mut names: Vec<&str> = wanted.iter().map(|(atom, _)| name(atom)).collect();
    names.extend(items.iter().filter_map(|item| Some(item.linear.as_ref()?.observable.as_str())));
    names.sort_unstable();
    names.dedup();
    let of = |id: &&str| {
        let own: Vec<_> = wanted.iter().filter(|(atom, _)| name(atom) == *id).copied().collect();
        observation(id, &own)
    };
    names.iter().map(of).collect()
}

fn atoms<'a>(when: &'a Criterion, wanted: bool, found: &mut Vec<Wanted<'a>>) {
    match when {
        Criterion::All(of) | Criterion::Any(of) | Criterion::AtLeast { of, .. } => {
            of.iter().for_each(|one| atoms(one, wanted, found));
        }
        Criterion::Not(one) => atoms(one, !wanted, found),
        Criterion::If { condition, then, otherwise } => {
            atoms(condition, false, found);
            atoms(then, wanted, found);
            atoms(otherwise, wanted, found);
        }
        Criterion::Item(_) | Criterion::Score { .. } => {}
        _ => found.push((when, wanted)),
    }
}

fn name(atom: &Criterion) -> &str {
    match atom {
        Criterion::Compare { observable, .. }
        | Criterion::Finding { observable, .. }
        | Criterion::Choice { observable, .. } => observable,
        _ => "",
    }
}

fn observation(id: &str, wanted: &[Wanted<'_>]) -> Observation {
    let row = Observation {
        id: format!("rest:{id}"),
        observable: id.to_owned(),
        ..Observation::default()
    };
    match &observable::find(id).unwrap().kind {
        Kind::Quantity(kind) => quantity(row, kind, wanted),
        Kind::Finding { .. } => {
            let held = wanted.iter().any(|(_, held)| *held);
            Observation { present: Some(if held { Presence::Yes } else { Presence::No }), ..row }
        }
        Kind::Choice { options } => {
            let fits = |given: &&String| {
                wanted.iter().all(|(atom, held)| match atom {
                    Criterion::Choice { options, .. } => options.contains(given) == *held,
                    _ => false,
                })
            };
            let given = options.iter().find(fits).unwrap_or(&options[0]);
            Observation { choice: Some(given.clone()), ..row }
        }
    }
}

/// A number on the far side of every cut-off; of multiples too, by its upper limit and baseline.
fn quantity(row: Observation, kind: &QuantityKind, wanted: &[Wanted<'_>]) -> Observation {
    let small = Decimal::new(1, 2);
    let plain = kind.to_canonical(Decimal::ONE, &kind.unit).unwrap();
    let candidates = [kind.least.max(small), kind.most, plain, Decimal::TEN, Decimal::ONE_HUNDRED];
    let ratios = [Decimal::ONE, Decimal::new(1, 3), Decimal::from(1000)];
    let fits = |number: Decimal, ratio: Decimal| {
        wanted.iter().all(|(atom, held)| {
            let Criterion::Compare { comparator, limits, .. } = atom else { return false };
            limits.iter().all(|limit| {
                let d = limit.unit.dimension();
                let value = if d.upper_limits == 1 || d.baselines == 1 {
                    ratio
                } else {
                    let Some(value) = kind.convert(number, &kind.unit, &limit.unit) else {
                        return true;
                    };
                    value
                };
                comparator.holds(value, limit.number) == *held
            })
        })
    };
    let found = candidates
        .iter()
        .flat_map(|n| ratios.iter().map(move |r| (*n, *r)))
        .find(|(n, r)| fits(*n, *r));
    let (number, ratio) = found.unwrap_or((candidates[0], Decimal::ONE));
    Observation {
        value: Some(Reading::exactly(number)),
        unit: Some(kind.unit.text().to_owned()),
        upper_limit: Some(number / ratio),
        baseline: Some(number / ratio),
        ..row
    }
}
