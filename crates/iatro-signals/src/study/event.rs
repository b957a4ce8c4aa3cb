//! Event definitions: named lists of terms, with the names the terms had before.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::dictionary::term::fold_term;
use serde::{Deserialize, Serialize};

use super::Status;

/// One way to say which reports are cases.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EventDefinition {
    /// What the terms have in common.
    #[serde(default)]
    pub description: String,
    /// Names of definitions whose terms belong to this one too.
    #[serde(default)]
    pub includes: Vec<String>,
    /// The terms.
    #[serde(default)]
    pub terms: Vec<EventTerm>,
}

/// A term of an event definition.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EventTerm {
    /// The name as the dictionary has it now.
    pub term: String,
    /// The names it had before.
    #[serde(default)]
    pub former: Vec<FormerName>,
    /// Whether the name was seen as a term in a public source.
    pub status: Status,
    /// Where.
    pub source: String,
}

/// A name that a term had in earlier versions of the dictionary.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// The former name.
    pub term: String,
    /// The last dictionary version with it, such as `21.0`.
    pub last_version: String,
    /// The first dictionary version with the new name, such as `21.1`.
    pub renamed_at: String,
}

/// A name of a flattened definition.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TermName {
    /// The name that report files may hold.
    pub name: String,
    /// The name the term has now; the same unless `name` is a former one.
    pub current: String,
    /// The status of the term.
    pub status: Status,
}

/// The names of an event definition and of those it includes.
#[derive(Clone, Debug, Default)]
pub struct TermSet {
    names: Vec<TermName>,
    folded: BTreeSet<String>,
}

impl TermSet {
    /// Returns the names: included definitions first, each term before its former names.
    pub fn names(&self) -> &[TermName] {
        &self.names
    }

    /// Returns the names as [`fold_term`] leaves them, for a lookup in a dictionary so folded.
    pub fn folded(&self) -> &BTreeSet<String> {
        &self.folded
    }

    /// Says whether a name from a report is one of these, whatever its case and white space.
    pub fn contains(&self, name: &str) -> bool {
        self.folded.contains(&fold_term(name))
    }

    fn add(&mut self, name: &str, term: &EventTerm) {
        if self.folded.insert(fold_term(name)) {
            let (name, current) = (name.to_owned(), term.term.clone());
            self.names.push(TermName { name, current, status: term.status });
        }
    }
}

/// Returns the terms of a definition with those it includes, each name once; `None` if the
/// definition does not exist. An include that is unknown or leads back is left out.
pub(crate) fn flatten(events: &BTreeMap<String, EventDefinition>, name: &str) -> Option<TermSet> {
    let mut set = TermSet::default();
    events.contains_key(name).then(|| {
        collect(events, name, &mut BTreeSet::new(), &mut set);
        set
    })
}

fn collect<'a>(
    events: &'a BTreeMap<String, EventDefinition>,
    name: &'a str,
    seen: &mut BTreeSet<&'a str>,
    set: &mut TermSet,
) {
    let Some(event) = events.get(name).filter(|_| seen.insert(name)) else {
        return;
    };
    for included in &event.includes {
        collect(events, included, seen, set);
    }
    for term in &event.terms {
        set.add(&term.term, term);
        for former in &term.former {
            set.add(&former.term, term);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{Study, testdata};
    use super::*;

    fn events(text: &str) -> BTreeMap<String, EventDefinition> {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn included_terms_come_first_and_each_name_once() {
        let events = events(
            r#"
            [narrow]
            [[narrow.terms]]
            term = "New"
            former = [{ term = "Old", last_version = "1.0", renamed_at = "1.1" }]
            status = "verified"
            source = "s"
            [broad]
            includes = ["narrow"]
            terms = [
                { term = "new", status = "unverified", source = "s" },
                { term = "Wide", status = "unverified", source = "s" },
            ]
            "#,
        );
        let broad = flatten(&events, "broad").unwrap();
        let names: Vec<_> = broad.names().iter().map(|n| (n.name.as_str(), n.status)).collect();
        let (verified, unverified) = (Status::Verified, Status::Unverified);
        assert_eq!(names, [("New", verified), ("Old", verified), ("Wide", unverified)]);
        assert_eq!(broad.names()[1].current, "New");
        assert!(broad.contains(" OLD ") && !broad.contains("other"));
        assert_eq!(broad.folded().len(), 3);
    }

    #[test]
    fn definitions_that_include_each_other_end() {
        let events = events("[a]\nincludes = [\"b\"]\n[b]\nincludes = [\"a\", \"gone\"]\n");
        assert!(flatten(&events, "a").unwrap().names().is_empty());
        assert!(flatten(&events, "gone").is_none());
    }

    #[test]
    fn the_hlh_study_finds_the_80_reports_of_the_international_vaers_file() {
        let Some(reports) = testdata::vaers_reports("vaers event count") else {
            return;
        };
        let study = Study::embedded("hlh").unwrap();
        let count = |has: &dyn Fn(&str) -> bool| {
            reports.values().filter(|terms| terms.iter().any(|term| has(term))).count()
        };
        let (narrow, broad) = (study.event("narrow").unwrap(), study.event("broad").unwrap());
        assert_eq!(count(&|term| narrow.contains(term)), 80);
        assert_eq!(count(&|term| term == "Haemophagocytic lymphohistiocytosis"), 44);
        assert_eq!(count(&|term| term == "Histiocytosis haematophagic"), 36);
        assert_eq!(count(&|term| term == "Macrophage activation"), 3);
        assert!(count(&|term| broad.contains(term)) > 83);
    }
}
