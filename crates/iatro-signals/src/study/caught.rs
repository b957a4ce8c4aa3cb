//! Which terms of a dictionary the names and patterns of the triggers catch: what a pattern means shows
//! only in the terms that reports use.

use std::collections::BTreeMap;

use iatro_reports::dictionary::term::fold_term;
use serde::Serialize;

use super::Study;
use super::trigger::matches;

/// How an entry of a trigger is compared with a term.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A name, matched whole.
    Term,
    /// A pattern.
    Pattern,
}

impl NameKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Pattern => "pattern",
        }
    }
}

/// A name or pattern of a trigger, and the terms that it catches.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CaughtBy<'s> {
    /// The place in [`Study::triggers`].
    pub trigger: usize,
    /// As the study spells it.
    pub name: &'s str,
    /// How it is compared.
    pub kind: NameKind,
    /// The places of the terms that it catches, ascending.
    pub caught: Vec<usize>,
    /// The places of the terms that it describes and an exception keeps out, with the first such exception.
    pub kept_out: Vec<(usize, &'s str)>,
}

impl Study {
    /// Returns every name and pattern of the triggers, verified or not, in the order of the study, each with
    /// the terms that it catches. Together they catch what [`Study::trigger_index`] finds.
    pub fn caught(&self, terms: &[&str]) -> Vec<CaughtBy<'_>> {
        let dictionary = Folded::new(terms);
        let exceptions: Vec<(&str, String)> =
            self.trigger_exceptions.iter().map(|e| (e.as_str(), fold_term(e))).collect();
        let by = |(trigger, entry)| -> Vec<CaughtBy<'_>> {
            let entry: &super::Trigger = entry;
            let names = entry.terms.iter().map(|name| CaughtBy {
                trigger,
                name,
                kind: NameKind::Term,
                caught: dictionary.named(name),
                kept_out: Vec::new(),
            });
            let patterns = entry.patterns.iter().map(|name| {
                let (caught, kept_out) = dictionary.described(name, &exceptions);
                CaughtBy { trigger, name, kind: NameKind::Pattern, caught, kept_out }
            });
            names.chain(patterns).collect()
        };
        self.triggers.iter().enumerate().flat_map(by).collect()
    }
}

/// Terms as they are compared.
struct Folded {
    terms: Vec<String>,
    places: BTreeMap<String, Vec<usize>>,
}

impl Folded {
    fn new(terms: &[&str]) -> Self {
        let terms: Vec<String> = terms.iter().map(|term| fold_term(term)).collect();
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, term) in terms.iter().enumerate() {
            places.entry(term.clone()).or_default().push(place);
        }
        Self { terms, places }
    }

    fn named(&self, name: &str) -> Vec<usize> {
        self.places.get(&fold_term(name)).cloned().unwrap_or_default()
    }

    fn described<'s>(
        &self,
        pattern: &str,
        exceptions: &[(&'s str, String)],
    ) -> (Vec<usize>, Vec<(usize, &'s str)>) {
        let pattern = fold_term(pattern);
        let (mut caught, mut kept_out) = (Vec::new(), Vec::new());
        for (place, term) in self.terms.iter().enumerate().filter(|(_, t)| matches(&pattern, t)) {
            match exceptions.iter().find(|(_, exception)| matches(exception, term)) {
                Some((exception, _)) => kept_out.push((place, *exception)),
                None => caught.push(place),
            }
        }
        (caught, kept_out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::super::{Evidence, testdata};
    use super::*;

    #[test]
    fn names_and_patterns_tell_what_they_catch_and_what_an_exception_keeps_out() {
        let study = Study::embedded("hlh").unwrap();
        let terms = [
            "CYTOMEGALOVIRUS VIRAEMIA",
            "Cytomegalovirus test negative",
            "Pyrexia",
            "Sepsis",
            "Cytomegalovirus infection",
        ];
        let caught = study.caught(&terms);
        let of = |name: &str| caught.iter().find(|by| by.name == name).unwrap();
        let pattern = of("cytomegalovirus *");
        assert_eq!((pattern.kind, pattern.caught.as_slice()), (NameKind::Pattern, &[0, 4][..]));
        assert_eq!(pattern.kept_out, [(1, "* negative")]);
        assert_eq!((of("Sepsis").kind, of("Sepsis").caught.as_slice()), (NameKind::Term, &[3][..]));
        assert!(of("Urosepsis").caught.is_empty());
        assert!(caught.iter().all(|by| !by.caught.contains(&2)));
        let names = study.triggers.iter().map(|t| t.terms.len() + t.patterns.len());
        assert_eq!(caught.len(), names.sum::<usize>());
    }

    #[test]
    fn together_they_catch_what_the_index_finds() {
        let real = testdata::terms("terms caught by triggers").unwrap_or_default();
        let study = Study::embedded("hlh").unwrap();
        let own = study.triggers.iter().flat_map(|trigger| &trigger.terms).map(String::as_str);
        let terms: Vec<&str> = real.keys().map(String::as_str).chain(own).collect();
        let mut found = vec![BTreeSet::new(); terms.len()];
        for by in study.caught(&terms) {
            by.caught.iter().for_each(|place| {
                found[*place].insert(by.trigger);
            });
        }
        let index = study.trigger_index(Evidence::All);
        for (term, found) in terms.iter().zip(found) {
            assert_eq!(index.find(term), found, "{term}");
        }
    }
}
