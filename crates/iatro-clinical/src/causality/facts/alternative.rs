//! What else could have brought it about.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{DrugFacts, Fact};
use crate::case::{Trigger, TriggerRole, TriggerStatus};
use crate::logic::Ternary;

/// Another possible cause.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::causality) struct Alternative {
    /// Its name.
    pub(in crate::causality) name: String,
    /// Why it counts.
    pub(in crate::causality) why: String,
    /// Where it stands.
    pub(in crate::causality) row: String,
    /// Whether it is a drug.
    pub(in crate::causality) is_drug: bool,
}

impl DrugFacts<'_> {
    /// Diseases and infections that could, then other suspect drugs in time.
    pub(in crate::causality) fn alternatives(&self) -> Vec<Alternative> {
        let diseases = self.case.triggers.iter().filter_map(|trigger| {
            let why = self.counts(trigger)?;
            let row = format!("triggers.{}", trigger.id);
            Some(Alternative { name: trigger.name.clone(), why, row, is_drug: false })
        });
        let drugs = self.rivals().map(|rival| Alternative {
            name: rival.drug.name.clone(),
            why: format!("another suspect drug: {}", rival.latency_text()),
            row: rival.row("role"),
            is_drug: true,
        });
        diseases.chain(drugs).collect()
    }

    /// Why a trigger is an alternative to this drug, if it is one.
    fn counts(&self, trigger: &Trigger) -> Option<String> {
        if trigger.status != TriggerStatus::Present || self.is_mediator(trigger) {
            return None;
        }
        match trigger.role {
            TriggerRole::Alternative => Some("present, a cause of its own".to_owned()),
            // A mediator of another drug speaks for that drug, and so against this one.
            TriggerRole::Mediator => Some("present, brought about by another drug".to_owned()),
            TriggerRole::Unknown => Some("present, its part not stated".to_owned()),
            TriggerRole::Indication => disease_group(&trigger.name)
                .map(|group| format!("an indication that is itself a trigger ({group})")),
        }
    }

    /// Whether this drug is said to have brought the trigger about.
    pub(in crate::causality) fn is_mediator(&self, trigger: &Trigger) -> bool {
        trigger.role == TriggerRole::Mediator && trigger.mediator_of.contains(&self.drug.id)
    }

    /// The triggers that this drug is said to have brought about.
    pub(in crate::causality) fn mediators(&self) -> Vec<&str> {
        let own = self.case.triggers.iter().filter(|trigger| {
            trigger.status == TriggerStatus::Present && self.is_mediator(trigger)
        });
        own.map(|trigger| trigger.name.as_str()).collect()
    }

    /// Whether something else could explain the event; that nothing can is for a person to state.
    pub(in crate::causality) fn alternative(&self) -> Fact {
        let found = self.alternatives();
        if let Some(first) = found.first() {
            let named: Vec<String> =
                found.iter().map(|one| format!("{} ({})", one.name, one.why)).collect();
            return Fact::new(Ternary::Met, named.join("; "), Some(&first.row));
        }
        let mut reason =
            "no other cause is recorded; that none could explain it is for a person to state"
                .to_owned();
        let names = |status| {
            let rows = self.case.triggers.iter().filter(move |row| row.status == status);
            rows.map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        for (status, words) in [
            (TriggerStatus::TestedNegative, "tested negative"),
            (TriggerStatus::NotTested, "not looked for"),
            (TriggerStatus::NotReported, "not reported"),
        ] {
            let names = names(status);
            if !names.is_empty() {
                reason.push_str(&format!("; {words}: {names}"));
            }
        }
        let mediators = self.mediators();
        if !mediators.is_empty() {
            reason.push_str(&format!(
                "; brought about by this drug, so no rival of it: {}",
                mediators.join(", ")
            ));
        }
        Fact::new(Ternary::Unknown, reason, Some("triggers"))
    }
}

/// The group of diseases that can bring about HLH by themselves to which a name belongs.
pub(in crate::causality) fn disease_group(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let begins = |word: &str| {
        lower.match_indices(word).any(|(at, _)| {
            let before = lower.get(..at).and_then(|text| text.chars().last());
            // `viraemia` may stand within a word; a word of three letters may not.
            word.len() > 4 || before.is_none_or(|c| !c.is_alphanumeric())
        })
    };
    let group = GROUPS.iter().find(|group| group.words.iter().any(|word| begins(word)))?;
    Some(&group.name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // For the reader of the file.
    sources: Vec<String>,
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    words: Vec<String>,
}

static GROUPS: LazyLock<Vec<Group>> =
    LazyLock::new(|| load().map(|file| file.group).unwrap_or_default());

fn load() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("../../../data/causality/triggers.toml"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_tell_their_group() {
        let file = load().unwrap();
        assert!(file.group.len() > 3 && !file.sources.is_empty());
        for (name, expected) in [
            ("Diffuse large B-cell lymphoma", Some("malignancy")),
            ("Epstein-Barr virus infection", Some("infection")),
            ("Cytomegalovirus viraemia", Some("infection")),
            ("EBV", Some("infection")),
            ("Still's disease", Some("autoimmune or autoinflammatory disease")),
            ("Stem cell transplant", Some("immune deficiency or transplantation")),
            ("Epilepsy", None),
            ("Bipolar disorder", None),
        ] {
            assert_eq!(disease_group(name), expected, "{name}");
        }
    }
}
