//! The study: one TOML file that says what is counted, and nothing about how a run is carried out.
//!
//! A study names the event (terms with their former names), the exposure (roles, comparator), the
//! estimators and thresholds, the declared checks, and the study's own taxonomy of agents, therapies
//! and triggers. Paths, threads and formats live elsewhere. The HLH study is built in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

mod agent;
mod caught;
mod check;
mod contrast;
mod embedded;
mod error;
mod event;
mod exposure;
mod method;
#[cfg(test)]
mod testdata;
mod trigger;

pub use agent::{Agent, Alert, Mechanism, Mediator, Therapy};
pub use caught::{CaughtBy, NameKind};
pub use check::Problem;
pub use contrast::{Contrast, PublishedRatio};
pub use error::{StudyError, SyntaxError};
pub use event::{EventDefinition, EventTerm, FormerName, TermName, TermSet};
pub(crate) use exposure::exposure_role;
pub use exposure::{Action, Comparator, Exposure, Restriction};
pub use method::{CHECKS, ESTIMATORS, Named, RESTRICTIONS, STRATA, THRESHOLDS};
pub use trigger::{Trigger, TriggerIndex};

/// The version of the study file that this code reads.
pub const SPEC: i64 = 1;

/// Whether an entry was read in a public source or is recalled from general knowledge.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Read in the source that stands beside it.
    Verified,
    /// Recalled; off unless a run asks for it.
    Unverified,
}

/// Which entries of the study a run takes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Verified entries only.
    #[default]
    Verified,
    /// Unverified entries too.
    All,
}

impl Evidence {
    /// Says whether an entry of this status is taken.
    pub fn takes(self, status: Status) -> bool {
        self == Self::All || status == Status::Verified
    }
}

/// A study as its file states it.
///
/// One read by [`Study::from_toml`] has passed [`Study::check`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// The version of the file's form; [`SPEC`].
    pub spec: i64,
    /// A short name: lower-case letters, digits, `-` and `_`.
    pub id: String,
    /// The title in words.
    pub title: String,
    /// What the study asks.
    pub description: String,
    /// Who wrote it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// The event definition that a run takes unless told otherwise.
    pub default_event: String,
    /// The fewest cases that a substance needs to be reported on.
    pub minimum_cases: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// Names from [`ESTIMATORS`].
    pub estimators: Vec<String>,
    /// Names from [`THRESHOLDS`].
    pub thresholds: Vec<String>,
    /// Names from [`STRATA`]; empty for none.
    #[serde(default)]
    pub strata: Vec<String>,
    /// Names from [`CHECKS`], the sensitivity checks declared before the run; empty for none.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Patterns of terms that are no trigger by a pattern.
    #[serde(default)]
    pub trigger_exceptions: Vec<String>,
    /// The event definitions by name.
    pub events: BTreeMap<String, EventDefinition>,
    /// Which substances of a report count, and against what.
    pub exposure: Exposure,
    /// The agents that the study groups and names.
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// Therapies of the event.
    #[serde(default)]
    pub therapies: Vec<Therapy>,
    /// Other things on a report that could account for the event.
    #[serde(default)]
    pub triggers: Vec<Trigger>,
    /// Triggers that substances are known to bring about.
    #[serde(default)]
    pub mediators: Vec<Mediator>,
    /// Public alerts by date.
    #[serde(default)]
    pub alerts: Vec<Alert>,
    /// Named comparisons with published values.
    #[serde(default)]
    pub contrasts: Vec<Contrast>,
    #[serde(skip)]
    text: String,
}

impl Study {
    /// Returns the names of the built-in studies.
    pub fn list() -> Vec<&'static str> {
        embedded::STUDIES.iter().map(|(id, _)| *id).collect()
    }

    /// Returns a built-in study.
    ///
    /// # Errors
    /// [`StudyError::Unknown`] if there is none of this name.
    pub fn embedded(id: &str) -> Result<Self, StudyError> {
        match embedded::STUDIES.iter().find(|(known, _)| *known == id) {
            Some((_, text)) => Self::from_toml(text, &format!("{id}.toml (built in)")),
            None => Err(StudyError::Unknown { id: id.to_owned(), known: Self::list() }),
        }
    }

    /// Reads and checks a study file; `origin` is the name that messages give it.
    ///
    /// # Errors
    /// [`StudyError::Syntax`] at the first place that does not parse or has the wrong type,
    /// [`StudyError::Problems`] with everything that [`Study::check`] finds.
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, StudyError> {
        let text = canonical(text);
        let syntax = |error| StudyError::syntax(origin, &text, &error);
        let table: toml::Table = toml::from_str(&text).map_err(syntax)?;
        let found = table.get("spec").and_then(toml::Value::as_integer);
        if let Some(spec) = found.filter(|spec| *spec != SPEC) {
            return Err(StudyError::Spec { origin: origin.to_owned(), spec });
        }
        let mut study: Self = toml::from_str(&text).map_err(syntax)?;
        study.text = text;
        let problems = study.check();
        if problems.is_empty() {
            return Ok(study);
        }
        Err(StudyError::Problems { origin: origin.to_owned(), problems })
    }

    /// Returns the text the study was read from: UTF-8 without a byte order mark, lines ended by LF.
    pub fn canonical_text(&self) -> &str {
        &self.text
    }

    /// Returns the SHA-256 of [`Study::canonical_text`], 64 hexadecimal digits.
    ///
    /// For a file without byte order mark and with LF line ends it is what `sha256sum` prints.
    pub fn content_id(&self) -> String {
        let digest = Sha256::digest(self.text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Returns everything that is wrong with the study; empty if it can be run.
    pub fn check(&self) -> Vec<Problem> {
        check::problems(self)
    }

    /// Returns the terms of an event definition with those it includes, or `None` if there is no
    /// definition of this name.
    ///
    /// Unverified terms are in it: a name that no file uses matches nothing, and its hits are shown.
    pub fn event(&self, name: &str) -> Option<TermSet> {
        event::flatten(&self.events, name)
    }

    /// Returns the agent entry that names this substance, or `None`.
    pub fn agent_of(&self, substance: &str) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.substances.iter().any(|name| name == substance))
    }

    /// Returns the substances that are therapies of the event, in alphabetical order.
    pub fn therapy_substances(&self, evidence: Evidence) -> BTreeSet<&str> {
        let taken = self.therapies.iter().filter(|therapy| evidence.takes(therapy.status));
        taken.flat_map(|therapy| &therapy.substances).map(String::as_str).collect()
    }

    /// Returns the lookup from a term to the triggers it stands for.
    pub fn trigger_index(&self, evidence: Evidence) -> TriggerIndex {
        TriggerIndex::new(&self.triggers, &self.trigger_exceptions, evidence)
    }
}

fn canonical(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use iatro_reports::dictionary::seed;

    use super::*;

    #[test]
    fn the_built_in_study_is_whole() {
        let study = Study::embedded("hlh").unwrap();
        assert_eq!(Study::list(), ["hlh"]);
        assert_eq!((study.id.as_str(), study.default_event.as_str()), ("hlh", "narrow"));
        assert_eq!(study.minimum_cases, 3);
        assert_eq!(study.exposure.role_codes, ["PS", "SS", "I"]);
        assert!(study.check().is_empty());
    }

    #[test]
    fn narrow_takes_the_old_name_and_leaves_broad_terms_out() {
        let study = Study::embedded("hlh").unwrap();
        let narrow = study.event("narrow").unwrap();
        assert!(narrow.contains("HAEMOPHAGOCYTIC  LYMPHOHISTIOCYTOSIS"));
        assert!(narrow.contains("Histiocytosis haematophagic"));
        assert!(narrow.contains("macrophage activation syndrome"));
        assert!(!narrow.contains("Macrophage activation"));
        assert!(!narrow.contains("Familial haemophagocytic lymphohistiocytosis"));
        assert_eq!(narrow.names().len(), 6);
        let broad = study.event("broad").unwrap();
        assert_eq!(broad.names().len(), 9);
        for name in ["Macrophage activation", "Lymphohistiocytosis", "Histiocytosis haematophagic"]
        {
            assert!(broad.contains(name), "{name}");
        }
        assert!(study.event("wide").is_none());
    }

    #[test]
    fn the_dictionary_knows_every_substance_of_the_study() {
        let study = Study::embedded("hlh").unwrap();
        let agents = study.agents.iter().flat_map(|agent| &agent.substances);
        let therapies = study.therapies.iter().flat_map(|therapy| &therapy.substances);
        for name in agents.chain(therapies) {
            assert!(seed::is_substance(name), "{name}");
        }
        let listed = study.therapy_substances(Evidence::All);
        let marked = seed::substances().iter().filter(|s| s.hlh_therapy).map(|s| s.name).collect();
        assert_eq!(listed, marked);
    }

    #[test]
    fn unverified_entries_are_off_unless_asked_for() {
        let study = Study::embedded("hlh").unwrap();
        let verified = study.therapy_substances(Evidence::default());
        assert!(verified.contains("emapalumab") && !verified.contains("rituximab"));
        assert_eq!(study.agent_of("lamotrigine").unwrap().status, Status::Verified);
        assert_eq!(study.agent_of("rituximab").unwrap().status, Status::Unverified);
        assert!(study.agent_of("sitagliptin").is_none());
    }

    #[test]
    fn the_former_name_agrees_with_the_rename_table() {
        use iatro_reports::dictionary::term::known_renames;
        let study = Study::embedded("hlh").unwrap();
        let terms = study.events.values().flat_map(|event| &event.terms);
        for (term, former) in terms.flat_map(|t| t.former.iter().map(move |f| (t, f))) {
            let known = known_renames().iter().find(|rename| rename.old == former.term).unwrap();
            assert_eq!(
                (known.new, known.version),
                (term.term.as_str(), former.renamed_at.as_str())
            );
        }
    }

    #[test]
    fn the_content_id_is_that_of_the_text() {
        let text = embedded::STUDIES[0].1;
        let unix = Study::from_toml(text, "hlh.toml").unwrap();
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let other = Study::from_toml(&windows, "hlh.toml").unwrap();
        assert_eq!(unix.content_id(), other.content_id());
        assert_eq!(unix.content_id().len(), 64);
        assert_eq!(unix.canonical_text(), text);
        let changed = Study::from_toml(&text.replace("seed = 20240809", "seed = 1"), "x").unwrap();
        assert_ne!(unix.content_id(), changed.content_id());
    }

    #[test]
    fn no_sentence_of_the_study_speaks_of_risk_or_cause() {
        let text = embedded::STUDIES[0].1.to_lowercase();
        for word in ["risk", "incidence", "caused", "causes", " safe "] {
            assert!(!text.contains(word), "{word}");
        }
    }

    #[test]
    fn the_study_can_be_written_as_json() {
        let study = Study::embedded("hlh").unwrap();
        let json = serde_json::to_value(&study).unwrap();
        assert_eq!(json["events"]["narrow"]["terms"][0]["former"][0]["renamed_at"], "21.1");
        assert_eq!(json["exposure"]["comparator"], "all");
        assert!(json.get("text").is_none());
    }
}
