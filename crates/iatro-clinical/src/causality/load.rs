//! The embedded causality instruments, and what a data file must hold to.

use std::sync::LazyLock;

use super::definition::{CausalityInstrument, Kind, Question};
use crate::evidence::EvidenceStatus;
use crate::instrument::DefinitionError;

/// The data files, in the order in which instruments are shown.
pub(crate) const FILES: [(&str, &str); 2] = [
    ("who-umc", include_str!("../../data/causality/who-umc.toml")),
    ("naranjo", include_str!("../../data/causality/naranjo.toml")),
];

static INSTRUMENTS: LazyLock<Vec<CausalityInstrument>> =
    LazyLock::new(|| FILES.iter().filter_map(|(_, text)| load(text).ok()).collect());

/// Every causality instrument with questions, in the order in which they are shown.
pub fn all() -> &'static [CausalityInstrument] {
    &INSTRUMENTS
}

/// The causality instrument of this id.
pub fn find(id: &str) -> Option<&'static CausalityInstrument> {
    INSTRUMENTS.iter().find(|known| known.id == id)
}

/// Reads the text of a data file and checks it.
///
/// # Errors
/// [`DefinitionError`] if the file cannot be read or does not hold together.
pub fn load(text: &str) -> Result<CausalityInstrument, DefinitionError> {
    let instrument: CausalityInstrument = toml::from_str(text)
        .map_err(|error| DefinitionError { id: "?".to_owned(), problem: error.to_string() })?;
    check(&instrument).map_err(|problem| DefinitionError { id: instrument.id.clone(), problem })?;
    Ok(instrument)
}

fn check(instrument: &CausalityInstrument) -> Result<(), String> {
    if instrument.citation.text.trim().is_empty() {
        return Err("no citation".to_owned());
    }
    if instrument.evidence_status == EvidenceStatus::Verified && instrument.sources.is_empty() {
        return Err("verified, and no source in which it was read".to_owned());
    }
    if instrument.questions.is_empty() {
        return Err("no question".to_owned());
    }
    for (at, question) in instrument.questions.iter().enumerate() {
        if instrument.questions[..at].iter().any(|other| other.id == question.id) {
            return Err(format!("two questions {}", question.id));
        }
        check_question(instrument, at, question)?;
    }
    match instrument.kind {
        Kind::Points => check_bands(instrument),
        Kind::Tree if instrument.bands.is_empty() => Ok(()),
        Kind::Tree => Err("a tree has no bands".to_owned()),
    }
}

fn check_question(
    instrument: &CausalityInstrument,
    at: usize,
    question: &Question,
) -> Result<(), String> {
    let named = |what: &str| format!("question {}: {what}", question.id);
    if question.known().count() < 2 {
        return Err(named("fewer than two answers"));
    }
    for (index, option) in question.options.iter().enumerate() {
        if question.options[..index].iter().any(|other| other.id == option.id) {
            return Err(named("two answers of one id"));
        }
        let leads = (&option.points, &option.next, &option.ends);
        let fits = match instrument.kind {
            Kind::Points => matches!(leads, (Some(_), None, None)),
            Kind::Tree => matches!(leads, (None, Some(_), None) | (None, None, Some(_))),
        };
        if !fits {
            return Err(named("an answer gives points in a table, leads on or ends in a tree"));
        }
        // Only forward, so that every way through a tree ends.
        let later = instrument.questions.iter().skip(at + 1);
        if let Some(next) = &option.next
            && !later.map(|q| &q.id).any(|id| id == next)
        {
            return Err(named("an answer leads to no later question"));
        }
    }
    Ok(())
}

fn check_bands(instrument: &CausalityInstrument) -> Result<(), String> {
    let from: Vec<_> = instrument.bands.iter().map(|band| band.from).collect();
    let rising = from.is_sorted_by(|a, b| a < b);
    let first = from.first().is_some_and(Option::is_none);
    if first && rising {
        Ok(())
    } else {
        Err("bands do not rise from one without a least total".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_sound_and_carries_its_name() {
        for (id, text) in FILES {
            assert_eq!(load(text).map(|instrument| instrument.id), Ok(id.to_owned()));
        }
    }
}
