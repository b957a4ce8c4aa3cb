//! Therapies that change what is measured, beside the item they may have changed. A flag changes no state.

use std::sync::LazyLock;

use serde::Deserialize;

use super::frame::Frame;
use super::result::{Evidence, Flag};
use crate::case::{Course, Drug};
use crate::evidence::EvidenceStatus;
use crate::when::When;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    interference: Vec<Interference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Interference {
    names: Vec<String>,
    #[serde(default)]
    status: EvidenceStatus,
    /// Shown even while unverified facts are off.
    #[serde(default)]
    always: bool,
    /// Days after the last dose; not stated if left out.
    days: Option<u32>,
    source: String,
    effects: Vec<Effect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Effect {
    observable: String,
    direction: Direction,
    text: String,
}

/// What is done to the measured value.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Lowers,
    Raises,
    Disturbs,
}

impl Direction {
    fn word(self) -> &'static str {
        match self {
            Self::Lowers => "lower",
            Self::Raises => "higher",
            Self::Disturbs => "other",
        }
    }
}

static TABLE: LazyLock<Vec<Interference>> = LazyLock::new(|| {
    // The embedded file is held to its form by a test.
    load(include_str!("../../data/interference.toml")).unwrap_or_default()
});

fn load(text: &str) -> Result<Vec<Interference>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    Ok(file.interference)
}

/// The flags of an item that asks for these observables, in the order of the drugs of the case.
pub(super) fn flags(
    frame: &Frame<'_>,
    observables: &[&str],
    evidence: &[Evidence],
    include_unverified: bool,
) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    for drug in &frame.case.drugs {
        let own = TABLE.iter().filter(|row| row.always || row.status.usable(include_unverified));
        for row in own.filter(|row| row.names.iter().any(|name| begins_a_word(&drug.name, name))) {
            for effect in &row.effects {
                let Some(name) = observables.iter().find(|name| **name == effect.observable) else {
                    continue;
                };
                let Some(when) = given(drug, decided_at(frame, name, evidence), row.days) else {
                    continue;
                };
                flags.push(flag(drug, row, effect, &when));
            }
        }
    }
    flags
}

fn flag(drug: &Drug, row: &Interference, effect: &Effect, when: &str) -> Flag {
    let lasts = match row.days {
        Some(days) => format!("lasts {days} d after the last dose"),
        None => "how long this lasts is not stated".to_owned(),
    };
    let direction = effect.direction.word();
    Flag {
        observable: effect.observable.clone(),
        drug: drug.id.clone(),
        effect: format!(
            "{} {}: the value may be {direction} than without it ({when}; {lasts})",
            drug.name, effect.text
        ),
        source: row.source.clone(),
        evidence_status: row.status,
    }
}

/// When the observation that decides was made; the end of the window if there is none.
fn decided_at(frame: &Frame<'_>, observable: &str, evidence: &[Evidence]) -> Option<When> {
    let own = evidence.iter().filter(|one| one.observable == observable);
    let last = own.filter_map(|one| one.time).max_by_key(|when| when.sort_key());
    last.or_else(|| frame.window.to.map(When::day))
}

/// When the drug was given, in words, if it may have acted at that time.
fn given(drug: &Drug, at: Option<When>, days: Option<u32>) -> Option<String> {
    let Some(at) = at else { return Some("the day of the observation is not known".to_owned()) };
    let dated = |course: &&Course| course.start.is_some() || course.stop.is_some();
    let mut courses = drug.courses.iter().filter(dated).peekable();
    if courses.peek().is_none() {
        return Some("dates of the drug are not known".to_owned());
    }
    let acting = |course: &&Course| {
        let begun = course.start.is_none_or(|start| start.earliest() <= at.latest());
        let over = match (course.stop, days) {
            (Some(stop), Some(days)) => at.days_since(stop).0 > i64::from(days),
            _ => false,
        };
        begun && !over
    };
    courses.rfind(acting).map(in_words)
}

fn in_words(course: &Course) -> String {
    match (course.start, course.stop) {
        (Some(start), Some(stop)) => format!("given {start} to {stop}"),
        (Some(start), None) => format!("given since {start}"),
        (None, Some(stop)) => format!("given until {stop}, start not known"),
        (None, None) => "dates of the drug are not known".to_owned(),
    }
}

/// Whether a word of the name begins with the pattern: `platelet` is in `platelets, apheresis` and not in
/// `antiplatelet agent`.
fn begins_a_word(name: &str, pattern: &str) -> bool {
    let lower = name.to_lowercase();
    lower.match_indices(pattern).any(|(at, _)| {
        lower
            .get(..at)
            .and_then(|before| before.chars().last())
            .is_none_or(|c| !c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_file_is_sound() {
        let rows = load(include_str!("../../data/interference.toml")).unwrap();
        assert_eq!(rows.len(), TABLE.len());
        for row in &rows {
            assert!(!row.names.is_empty() && !row.source.is_empty());
            assert!(row.names.iter().all(|name| *name == name.to_lowercase()));
            for effect in &row.effects {
                assert!(
                    crate::observable::find(&effect.observable).is_some(),
                    "{}",
                    effect.observable
                );
            }
            // What was only recalled is labelled so.
            assert_eq!(
                row.source == "recalled" || row.source.starts_with("by analogy"),
                row.status == EvidenceStatus::Unverified
            );
        }
    }

    #[test]
    fn patterns_are_beginnings_of_words() {
        assert!(begins_a_word("Platelets, apheresis", "platelet"));
        assert!(!begins_a_word("antiplatelet agent", "platelet"));
        assert!(begins_a_word("peg-asparaginase", "asparaginase"));
    }
}
