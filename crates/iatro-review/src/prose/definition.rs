//! The event definition that a question counts, with what the study says of each name.

use iatro_signals::run::Question;
use iatro_signals::study::{EventTerm, FormerName, Status, Study, TermSet};

/// What the event of a question is called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventName {
    /// The study's definition (`narrow`), or `None` if the caller gave the terms.
    pub definition: Option<String>,
    /// The first name of the event, as a sentence has it: `haemophagocytic lymphohistiocytosis`.
    pub plain: String,
    /// How many names count as the event.
    pub names: usize,
}

impl EventName {
    /// The name of a question's event.
    pub fn of(question: &Question, study: &Study) -> Self {
        let prefix = format!("{}-", study.id);
        let definition = question.event.strip_prefix(&prefix);
        let definition = definition.filter(|name| study.events.contains_key(*name));
        Self {
            definition: definition.map(str::to_owned),
            plain: question.terms.first().map(|term| lowered(term)).unwrap_or_default(),
            names: question.terms.len(),
        }
    }

    /// `by the narrow definition (6 names)`, or `by the 2 names given`.
    pub fn by_definition(&self) -> String {
        let names = if self.names == 1 { "name" } else { "names" };
        match &self.definition {
            Some(definition) => format!("by the {definition} definition ({} {names})", self.names),
            None => format!("by the {} {names} given", self.names),
        }
    }
}

/// A term with its first letter in lower case, unless it is an abbreviation or a person's name may
/// begin it.
fn lowered(term: &str) -> String {
    let mut chars = term.chars();
    let (Some(first), second) = (chars.next(), chars.clone().next()) else {
        return String::new();
    };
    let keeps = second.is_none_or(|c| !c.is_lowercase()) || term.contains('\'');
    if keeps { term.to_owned() } else { first.to_lowercase().chain(chars).collect() }
}

/// A name that counts as the event, with what the study says of it.
#[derive(Clone, Debug)]
pub(crate) struct DefinedTerm<'s> {
    /// The name that report files may hold.
    pub(crate) name: String,
    /// The term of the study, `None` for a name that the caller gave.
    pub(crate) term: Option<&'s EventTerm>,
    /// If the name is a former one of the term.
    pub(crate) former: Option<&'s FormerName>,
}

impl DefinedTerm<'_> {
    /// What the name is: `current name`, `former name, …`, `given by the caller`.
    pub(crate) fn kind(&self) -> String {
        match (self.term, self.former) {
            (Some(term), Some(former)) => format!(
                "former name of {}, until dictionary version {}",
                term.term, former.last_version
            ),
            (Some(_), None) => "current name".to_owned(),
            (None, _) => "given for this run".to_owned(),
        }
    }

    /// `verified`, `unverified`, or nothing for a name that the caller gave.
    pub(crate) fn status(&self) -> &'static str {
        self.term.map_or("", |term| status_name(term.status))
    }
}

pub(crate) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
    }
}

/// Every name with its entry of the study, in the order given.
pub(crate) fn defined_terms<'s>(study: &'s Study, names: &[String]) -> Vec<DefinedTerm<'s>> {
    names.iter().map(|name| defined(study, name)).collect()
}

/// The names of a definition.
pub(super) fn names_of(set: &TermSet) -> Vec<String> {
    set.names().iter().map(|term| term.name.clone()).collect()
}

fn defined<'s>(study: &'s Study, name: &str) -> DefinedTerm<'s> {
    let all = || study.events.values().flat_map(|event| &event.terms);
    let named = |term: &&EventTerm| term.term == name;
    if let Some(term) = all().find(named) {
        return DefinedTerm { name: name.to_owned(), term: Some(term), former: None };
    }
    let formers = all().flat_map(|term| term.former.iter().map(move |former| (term, former)));
    let (term, former) = formers.into_iter().find(|(_, former)| former.term == name).unzip();
    DefinedTerm { name: name.to_owned(), term, former }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_term_stands_in_a_sentence_in_lower_case() {
        for (term, plain) in [
            ("Haemophagocytic lymphohistiocytosis", "haemophagocytic lymphohistiocytosis"),
            ("HIV infection", "HIV infection"),
            ("Still's disease", "Still's disease"),
            ("A", "A"),
            ("", ""),
        ] {
            assert_eq!(lowered(term), plain);
        }
    }

    #[test]
    fn every_name_of_a_definition_is_explained() {
        let study = Study::embedded("hlh").unwrap();
        let names = names_of(&study.event("narrow").unwrap());
        let kinds: Vec<_> = defined_terms(&study, &names).iter().map(DefinedTerm::kind).collect();
        assert_eq!(kinds[0], "current name");
        assert_eq!(
            kinds[1],
            "former name of Haemophagocytic lymphohistiocytosis, until dictionary version 21.0"
        );
        let own = defined_terms(&study, &["Pyrexia".to_owned()]);
        assert_eq!((own[0].kind().as_str(), own[0].status()), ("given for this run", ""));
    }
}
