//! Triggers: what else on a report could account for the event.
//!
//! A trigger is recognised by the name of an indication or an event term: whole, or by a pattern.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::dictionary::term::fold_term;
use serde::{Deserialize, Serialize};

use super::{Evidence, Status};

/// Terms that stand for one possible cause other than an agent.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// The class, such as `malignancy`.
    pub class: String,
    /// What the terms mean together; several entries may share it.
    pub concept: String,
    /// Names, matched whole.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Patterns in lower case; `*` stands for any text.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Whether the names count as indications only: as events they may be signs of the event itself.
    #[serde(default)]
    pub only_as_indication: bool,
    /// Whether every name was seen in a public source.
    pub status: Status,
    /// Where.
    pub source: String,
}

/// The lookup from a term to triggers. Build it once, then ask for every term of a dictionary.
#[derive(Clone, Debug, Default)]
pub struct TriggerIndex {
    terms: BTreeMap<String, BTreeSet<usize>>,
    patterns: Vec<(String, usize)>,
    exceptions: Vec<String>,
}

impl TriggerIndex {
    pub(crate) fn new(triggers: &[Trigger], exceptions: &[String], evidence: Evidence) -> Self {
        let exceptions = exceptions.iter().map(|pattern| fold_term(pattern)).collect();
        let mut index = Self { exceptions, ..Self::default() };
        for (place, trigger) in triggers.iter().enumerate() {
            if evidence.takes(trigger.status) {
                for term in &trigger.terms {
                    index.terms.entry(fold_term(term)).or_default().insert(place);
                }
                let patterns = trigger.patterns.iter().map(|pattern| (fold_term(pattern), place));
                index.patterns.extend(patterns);
            }
        }
        index
    }

    /// Returns the places in the study's `triggers` that a term stands for, in ascending order;
    /// empty if it is no trigger.
    pub fn find(&self, term: &str) -> BTreeSet<usize> {
        let folded = fold_term(term);
        let mut found = self.terms.get(&folded).cloned().unwrap_or_default();
        if !self.exceptions.iter().any(|pattern| matches(pattern, &folded)) {
            let hits = self.patterns.iter().filter(|(pattern, _)| matches(pattern, &folded));
            found.extend(hits.map(|(_, place)| *place));
        }
        found
    }
}

/// Says whether a pattern describes the whole text; `*` stands for any text, also none.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, others)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = others.rsplit_once('*').unwrap_or(("", others));
    for piece in middle.split('*') {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{Study, testdata};
    use super::*;

    #[test]
    fn patterns_describe_the_whole_name() {
        for (pattern, text, expected) in [
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("abc*", "abcd", true),
            ("*abc", "xabc", true),
            ("*abc", "abcx", false),
            ("*b*", "abc", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*a", "a", false),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "axc", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    fn concepts(term: &str, evidence: Evidence) -> Vec<String> {
        let study = Study::embedded("hlh").unwrap();
        let found = study.trigger_index(evidence).find(term);
        found.into_iter().map(|place| study.triggers[place].concept.clone()).collect()
    }

    #[test]
    fn real_terms_lead_to_their_concept() {
        for (term, concept) in [
            ("CYTOMEGALOVIRUS  VIRAEMIA", "cytomegalovirus"),
            ("Epstein-Barr virus infection", "Epstein-Barr virus"),
            ("Non-Hodgkin's lymphoma stage IV", "B-cell, Hodgkin or unspecified lymphoma"),
            ("Angioimmunoblastic T-cell lymphoma stage III", "T-cell or NK-cell lymphoma"),
            ("Acute myeloid leukaemia recurrent", "leukaemia, myelodysplasia or myeloma"),
            ("Still's disease", "Still's disease or juvenile idiopathic arthritis"),
            ("Prophylaxis against transplant rejection", "solid organ transplantation"),
            ("Chronic graft versus host disease in skin", "stem cell transplantation"),
            ("Familial haemophagocytic lymphohistiocytosis", "primary HLH"),
        ] {
            assert_eq!(concepts(term, Evidence::Verified), [concept], "{term}");
        }
    }

    #[test]
    fn a_test_without_a_positive_result_is_no_trigger() {
        for term in [
            "Cytomegalovirus test",
            "Cytomegalovirus test negative",
            "Epstein-Barr virus antibody positive",
            "SARS-CoV-2 test negative",
            "COVID-19 immunisation",
            "Herpes zoster immunisation",
            "Lymphomatoid papulosis",
            "Leukaemoid reaction",
            "Haemophagocytic lymphohistiocytosis",
            "Pyrexia",
        ] {
            assert!(concepts(term, Evidence::All).is_empty(), "{term}");
        }
    }

    #[test]
    fn unverified_names_are_found_only_when_asked_for() {
        let term = "Intravascular large B-cell lymphoma";
        assert!(concepts(term, Evidence::Verified).is_empty());
        assert_eq!(concepts(term, Evidence::All).len(), 1);
    }

    #[test]
    fn no_trigger_is_a_term_of_the_event() {
        let study = Study::embedded("hlh").unwrap();
        let broad = study.event("broad").unwrap();
        let index = study.trigger_index(Evidence::All);
        assert!(broad.names().iter().all(|name| index.find(&name.name).is_empty()));
    }

    #[test]
    fn every_verified_name_and_pattern_occurs_in_real_files() {
        let Some(real) = testdata::terms("verified trigger names") else {
            return;
        };
        let study = Study::embedded("hlh").unwrap();
        for trigger in study.triggers.iter().filter(|t| t.status == Status::Verified) {
            for term in &trigger.terms {
                assert!(real.contains_key(&fold_term(term)), "{term}");
            }
            for pattern in &trigger.patterns {
                assert!(real.keys().any(|term| matches(pattern, term)), "{pattern}");
            }
        }
        for term in study.event("broad").unwrap().names() {
            let newer = term.name.starts_with("Immune effector");
            let seen = real.contains_key(&fold_term(&term.name));
            assert_eq!(seen, term.status == Status::Verified && !newer, "{}", term.name);
        }
    }
}
