//! What a data file of an instrument must hold to, beyond its form: names that exist, units that fit, an order that
//! rises, a citation, and the word "unverified" wherever something is.

use rust_decimal::Decimal;

use super::criterion::{Criterion, Limit};
use super::definition::{Instrument, Item, Rule, Variant};
use crate::evidence::EvidenceStatus::Unverified;
use crate::observable::{self, Kind};
use crate::unit::Unit;

/// The first thing that does not hold, in words.
pub(super) fn check(instrument: &Instrument) -> Result<(), String> {
    check_words(instrument)?;
    for (at, item) in instrument.items.iter().enumerate() {
        if instrument.items[..at].iter().any(|other| other.id == item.id) {
            return Err(format!("two items {}", item.id));
        }
        check_item(item)?;
    }
    for (at, variant) in instrument.variants.iter().enumerate() {
        if instrument.variants[..at].iter().any(|other| other.id == variant.id) {
            return Err(format!("two variants {}", variant.id));
        }
        check_variant(instrument, variant)?;
    }
    if let Some(scope) = &instrument.scope {
        check_observed(&scope.when)?;
    }
    let requirement = instrument.requires.iter().map(|requirement| &requirement.when);
    let rule = instrument.rule.iter().map(|rule| &rule.when);
    requirement.chain(rule).try_for_each(|when| check_asked(instrument, when))?;
    check_labelled(instrument)?;
    check_order(instrument)
}

/// Texts that every page about the instrument needs.
fn check_words(instrument: &Instrument) -> Result<(), String> {
    let texts = [
        ("name", &instrument.name),
        ("purpose", &instrument.purpose),
        ("population", &instrument.population),
        ("citation", &instrument.citation.text),
    ];
    if let Some((what, _)) = texts.iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(format!("no {what}"));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if instrument.id.is_empty() || !instrument.id.chars().all(plain) {
        return Err("the id is not lower case, joined by -".to_owned());
    }
    if instrument.items.is_empty() {
        return Err("no items".to_owned());
    }
    if instrument.evidence_status != Unverified && instrument.sources.is_empty() {
        return Err("verified, but no source in which it was read".to_owned());
    }
    Ok(())
}

/// Whoever turns unverified facts on is told what they are, in words.
fn check_labelled(instrument: &Instrument) -> Result<(), String> {
    let said =
        |texts: &[String], word: &str| texts.iter().any(|text| text.to_lowercase().contains(word));
    if instrument.evidence_status == Unverified && !said(&instrument.caveats, "unverified") {
        return Err("unverified, and no caveat says so".to_owned());
    }
    let items = instrument.variants.iter().flat_map(|variant| &variant.items);
    let unsaid = |item: &&Item| item.evidence_status == Unverified && item.note.is_none();
    if let Some(item) = instrument.items.iter().chain(items).find(unsaid) {
        return Err(format!("item {} is unverified, and no note says what of it", item.id));
    }
    let open = |rule: &Rule| rule.evidence_status == Unverified;
    if instrument.rule.as_ref().is_some_and(open) && instrument.caveats.is_empty() {
        return Err("the rule is unverified, and no caveat says so".to_owned());
    }
    Ok(())
}

fn check_variant(instrument: &Instrument, variant: &Variant) -> Result<(), String> {
    let id = &variant.id;
    if variant.label.trim().is_empty() {
        return Err(format!("variant {id} does not say what differs"));
    }
    if variant.rule.is_none() && variant.items.is_empty() {
        return Err(format!("variant {id} changes nothing"));
    }
    for item in &variant.items {
        check_item(item)?;
        if !instrument.items.iter().any(|own| own.id == item.id) {
            return Err(format!("variant {id} replaces no item {}", item.id));
        }
    }
    variant.rule.iter().try_for_each(|rule| check_asked(instrument, &rule.when))
}

fn check_item(item: &Item) -> Result<(), String> {
    if item.label.trim().is_empty() {
        return Err(format!("item {} has no label", item.id));
    }
    match (item.levels.is_empty(), &item.linear) {
        (true, None) => {
            return Err(format!("item {} has neither levels nor a coefficient", item.id));
        }
        (false, Some(_)) => {
            return Err(format!("item {} has both levels and a coefficient", item.id));
        }
        (true, Some(linear)) => {
            let unit = Unit::parse(&linear.unit).map_err(|error| error.to_string())?;
            check_limit(&linear.observable, &Limit { number: Decimal::ZERO, unit }, false)?;
        }
        (false, None) => {}
    }
    let given = || item.levels.iter().map(|level| level.points).chain([item.otherwise]);
    if let Some(unknown) = item.unknown
        && (given().all(|points| points < unknown) || given().all(|points| points > unknown))
    {
        return Err(format!("item {}: an answer cannot give what unknown gives", item.id));
    }
    item.levels.iter().try_for_each(|level| check_observed(&level.when))
}

/// A criterion of a rule or requirement: items that exist, beside what may be observed.
fn check_asked(instrument: &Instrument, when: &Criterion) -> Result<(), String> {
    each_leaf(when, &mut |leaf| match leaf {
        Criterion::Item(id) if instrument.items.iter().any(|item| item.id == *id) => Ok(()),
        Criterion::Item(id) => Err(format!("a rule names no item {id}")),
        Criterion::Score { .. } => Ok(()),
        other => check_leaf(other),
    })
}

/// A criterion of an item or scope: only what is observed.
fn check_observed(when: &Criterion) -> Result<(), String> {
    each_leaf(when, &mut |leaf| match leaf {
        Criterion::Item(_) | Criterion::Score { .. } => {
            Err("an item or scope asks for an item or the score".to_owned())
        }
        other => check_leaf(other),
    })
}

fn check_leaf(leaf: &Criterion) -> Result<(), String> {
    let Criterion::Compare { observable, limits, .. } = leaf else { return Ok(()) };
    for (at, limit) in limits.iter().enumerate() {
        check_limit(observable, limit, true)?;
        let dimension = limit.unit.dimension();
        if limits[..at].iter().any(|other| other.unit.dimension() == dimension) {
            return Err(format!("two cut-offs of {observable} in units that convert exactly"));
        }
    }
    Ok(())
}

/// Every part of a criterion that has no parts; a count that can be reached and missed.
fn each_leaf(
    when: &Criterion,
    ask: &mut dyn FnMut(&Criterion) -> Result<(), String>,
) -> Result<(), String> {
    match when {
        Criterion::AtLeast { count, of } if *count == 0 || *count > of.len() => {
            Err(format!("at least {count} of {}", of.len()))
        }
        Criterion::All(of) | Criterion::Any(of) | Criterion::AtLeast { of, .. } => {
            if of.is_empty() {
                return Err("a list of criteria is empty".to_owned());
            }
            of.iter().try_for_each(|one| each_leaf(one, ask))
        }
        Criterion::Not(one) => each_leaf(one, ask),
        Criterion::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().try_for_each(|one| each_leaf(one, ask))
        }
        leaf => ask(leaf),
    }
}

/// A cut-off is in a unit of its observable, or a multiple of the record's own limit or baseline, and lies where
/// values are possible.
fn check_limit(observable: &str, limit: &Limit, within: bool) -> Result<(), String> {
    let Some(Kind::Quantity(kind)) = observable::find(observable).map(|known| &known.kind) else {
        return Err(format!("{observable} is no number"));
    };
    let dimension = limit.unit.dimension();
    if within && (dimension.upper_limits == 1 || dimension.baselines == 1) {
        return Ok(());
    }
    match kind.to_canonical(limit.number, &limit.unit) {
        None => Err(format!("{observable} is not measured in {}", limit.unit)),
        Some(value) if within && (value < kind.least || value > kind.most) => Err(format!(
            "a cut-off of {observable}, {} {}, is impossible",
            limit.number, limit.unit
        )),
        Some(_) => Ok(()),
    }
}

/// Categories and probabilities rise with the total.
fn check_order(instrument: &Instrument) -> Result<(), String> {
    let from: Vec<_> = instrument.categories.iter().map(|category| category.from).collect();
    if from.iter().skip(1).any(Option::is_none) || !from.is_sorted_by(|a, b| a < b) {
        return Err("categories do not rise from one without a least total".to_owned());
    }
    let rows = instrument.probability.as_ref().map_or(&[][..], |table| &table.row);
    if rows.is_sorted_by(|a, b| a.total < b.total) {
        Ok(())
    } else {
        Err("the rows of the probability table do not rise".to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::instrument::load;

    const SOUND: &str = r#"
id = "x-1"
name = "X"
purpose = "To be checked."
population = "None."
sources = ["here"]
citation = { text = "Nobody 2000" }
scope = { label = "Adults", when = "age >= 18 a" }
rule = { label = "Both", when = { all = ["@a", "score >= 2"] } }
item = [
  { id = "a", label = "A", level = [{ when = "ferritin >= 500 ug/L", points = 1 }] },
  { id = "b", label = "B", level = [{ when = { at_least = 1, of = ["splenomegaly", "ast > 2 xULN"] }, points = 1 }] },
]
category = [{ label = "low" }, { label = "high", from = 2 }]
"#;

    #[test]
    fn a_sound_file_is_read() {
        assert_eq!(load(SOUND).unwrap().items.len(), 2);
    }

    #[test]
    fn every_flaw_is_named() {
        for (from, to, expected) in [
            ("Nobody 2000", " ", "no citation"),
            ("\"None.\"", "\"\"", "no population"),
            ("x-1", "X_1", "lower case"),
            ("[\"here\"]", "[]", "no source"),
            ("sources", "evidence_status = \"unverified\"\nsources", "no caveat"),
            ("id = \"b\"", "id = \"a\"", "two items a"),
            ("label = \"B\"", "evidence_status = \"unverified\", label = \"B\"", "no note"),
            ("label = \"B\"", "label = \"\"", "no label"),
            ("label = \"B\"", "label = \"B\", unknown = 2", "cannot give"),
            ("\"@a\"", "\"@c\"", "no item c"),
            ("\"splenomegaly\"", "\"@a\"", "asks for an item"),
            ("\"age >= 18 a\"", "\"score >= 1\"", "asks for an item"),
            ("ferritin >= 500 ug/L", "ferritin >= 500 U/L", "not measured in U/L"),
            ("ferritin >= 500 ug/L", "ferritin >= 5000 kg/L", "impossible"),
            ("500 ug/L", "500 ug/L | 500 ng/mL", "convert exactly"),
            ("at_least = 1", "at_least = 3", "at least 3 of 2"),
            ("at_least = 1", "at_least = 0", "at least 0 of 2"),
            ("{ label = \"low\" }", "{ label = \"low\", from = 3 }", "do not rise"),
            ("rule = { label", "rule = { evidence_status = \"unverified\", label", "no caveat"),
        ] {
            assert!(SOUND.contains(from), "{from}");
            let problem = load(&SOUND.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(problem.contains(expected), "{to}: {problem}");
        }
    }

    #[test]
    fn variants_and_coefficients_are_checked_too() {
        let variant = "variant = [{ id = \"v\", label = \"V\", ";
        let item = "item = [{ id = \"a\", label = \"A\", linear = { observable = \"ferritin\", ";
        for (text, expected) in [
            (format!("{variant} }}]"), "changes nothing"),
            (format!("{variant} rule = {{ label = \"R\", when = \"@z\" }} }}]"), "no item z"),
            (
                format!(
                    "{variant} item = [{{ id = \"z\", label = \"Z\", level = [{{ when = \"splenomegaly\", points = 1 }}] }}] }}]"
                ),
                "replaces no item z",
            ),
            (
                format!("{variant} {item} unit = \"U/L\", coefficient = 1 }} }}] }}]"),
                "not measured in U/L",
            ),
            (
                format!("{variant} {item} unit = \"xULN\", coefficient = 1 }} }}] }}]"),
                "not measured in xULN",
            ),
        ] {
            let problem = load(&format!("{SOUND}{text}\n")).unwrap_err().to_string();
            assert!(problem.contains(expected), "{problem}");
        }
        let twice = "variant = [{ id = \"v\", label = \"V\", rule = { label = \"R\", when = \"@a\" } }, { id = \"v\", label = \"V\", rule = { label = \"R\", when = \"@b\" } }]";
        assert!(
            load(&format!("{SOUND}{twice}\n")).unwrap_err().to_string().contains("two variants v")
        );
    }
}
