//! The embedded instruments, and what a data file must hold to.

use std::sync::LazyLock;

use super::criterion::Criterion;
use super::definition::{Instrument, Item};

/// A data file does not hold together.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("instrument {id}: {problem}")]
pub struct DefinitionError {
    /// The instrument, or `?` where the file cannot be read at all.
    pub id: String,
    /// What is wrong.
    pub problem: String,
}

/// The data files, in the order in which instruments are shown.
pub(crate) const FILES: [(&str, &str); 2] = [
    ("hlh-2004", include_str!("../../data/instruments/hlh-2004.toml")),
    ("hscore", include_str!("../../data/instruments/hscore.toml")),
];

static INSTRUMENTS: LazyLock<Vec<Instrument>> =
    LazyLock::new(|| FILES.iter().filter_map(|(_, text)| load(text).ok()).collect());

/// Every instrument, in the order in which they are shown.
pub fn all() -> &'static [Instrument] {
    &INSTRUMENTS
}

/// The instrument of this id.
pub fn find(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|known| known.id == id)
}

/// Reads the text of a data file and checks it.
pub fn load(text: &str) -> Result<Instrument, DefinitionError> {
    let instrument: Instrument = toml::from_str(text)
        .map_err(|error| DefinitionError { id: "?".to_owned(), problem: error.to_string() })?;
    check(&instrument).map_err(|problem| DefinitionError { id: instrument.id.clone(), problem })?;
    Ok(instrument)
}

fn check(instrument: &Instrument) -> Result<(), String> {
    for (at, item) in instrument.items.iter().enumerate() {
        if instrument.items[..at].iter().any(|other| other.id == item.id) {
            return Err(format!("two items {}", item.id));
        }
        check_item(item)?;
    }
    for variant in &instrument.variants {
        for item in &variant.items {
            check_item(item)?;
            if !instrument.items.iter().any(|own| own.id == item.id) {
                return Err(format!("variant {} replaces no item {}", variant.id, item.id));
            }
        }
    }
    let rules = instrument.variants.iter().filter_map(|variant| variant.rule.as_ref());
    let rules = instrument.rule.iter().chain(rules).map(|rule| &rule.when);
    let requirement = instrument.requires.iter().map(|requirement| &requirement.when);
    rules.chain(requirement).try_for_each(|when| check_items_named(instrument, when))?;
    check_order(instrument)
}

fn check_item(item: &Item) -> Result<(), String> {
    match (item.levels.is_empty(), item.linear.is_some()) {
        (true, false) => Err(format!("item {} has neither levels nor a coefficient", item.id)),
        (false, true) => Err(format!("item {} has both levels and a coefficient", item.id)),
        _ => Ok(()),
    }
}

fn check_items_named(instrument: &Instrument, when: &Criterion) -> Result<(), String> {
    match when {
        Criterion::Item(id) if !instrument.items.iter().any(|item| item.id == *id) => {
            Err(format!("a rule names no item {id}"))
        }
        Criterion::All(of) | Criterion::Any(of) | Criterion::AtLeast { of, .. } => {
            of.iter().try_for_each(|one| check_items_named(instrument, one))
        }
        Criterion::Not(one) => check_items_named(instrument, one),
        Criterion::If { condition, then, otherwise } => [condition, then, otherwise]
            .into_iter()
            .try_for_each(|one| check_items_named(instrument, one)),
        _ => Ok(()),
    }
}

/// Categories and probabilities rise with the total.
fn check_order(instrument: &Instrument) -> Result<(), String> {
    let from: Vec<_> = instrument.categories.iter().map(|category| category.from).collect();
    if from.iter().skip(1).any(Option::is_none) || !from.is_sorted() {
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
    use super::*;

    #[test]
    fn every_file_is_sound_and_carries_its_name() {
        for (id, text) in FILES {
            let loaded = load(text);
            assert_eq!(loaded.map(|instrument| instrument.id), Ok(id.to_owned()));
        }
    }
}
