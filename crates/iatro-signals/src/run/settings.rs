//! What a run was asked, before and after study and lake have filled the gaps.

use std::collections::BTreeSet;

use iatro_reports::SourceKind;
use iatro_reports::dictionary::term::{fold_term, known_renames};
use iatro_reports::input::hash::sha256_text;
use iatro_reports::lake::Manifest;
use iatro_reports::model::codes::Role;
use serde::Serialize;

use super::RunError;
use crate::study::{Comparator, Evidence, Study, exposure_role};

/// What the caller chooses; the study decides the rest.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The source, where the lake holds several.
    pub source: Option<SourceKind>,
    /// The name of an event definition of the study.
    pub event: Option<String>,
    /// Terms to count instead of a definition of the study.
    pub terms: Vec<String>,
    /// Role codes that count as exposure.
    pub roles: Vec<String>,
    /// Substances to compare with, instead of all other reports.
    pub comparator: Vec<String>,
    /// Which entries of the study's therapies, triggers and mediators count.
    pub evidence: Evidence,
    /// Leaves the checks and contrasts of the study out of the run.
    pub without_checks: bool,
}

/// A question without gaps.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Question {
    /// The study's id.
    pub study: String,
    /// The source counted.
    pub source: SourceKind,
    /// The event: a definition of the study (`narrow`), or the terms given.
    pub event: String,
    /// The names that count as the event, as the study or the caller spells them.
    pub terms: Vec<String>,
    /// The role codes that count as exposure.
    pub roles: Vec<&'static str>,
    /// Substances compared with; empty for all other reports.
    pub comparator: Vec<String>,
    /// Which entries of the study's therapies, triggers and mediators count.
    pub evidence: Evidence,
    /// Whether the study's checks and contrasts are run. The id of the run does not depend on it: the
    /// primary numbers are the same.
    pub checks: bool,
    #[serde(skip)]
    folded: BTreeSet<String>,
    /// Terms that the caller named: they must exist.
    #[serde(skip)]
    named: Vec<String>,
}

impl Question {
    /// Fills the gaps from the study and the lake.
    ///
    /// # Errors
    /// [`RunError::Question`] naming what does not exist or what must be chosen.
    pub fn resolve(
        manifest: &Manifest,
        study: &Study,
        settings: &Settings,
    ) -> Result<Self, RunError> {
        Self::of_source(source_of(manifest, settings.source)?, study, settings)
    }

    /// Fills the gaps from the study, for reports of this source; that of the settings plays no part.
    ///
    /// # Errors
    /// As for [`resolve`](Self::resolve).
    pub fn of_source(
        source: SourceKind,
        study: &Study,
        settings: &Settings,
    ) -> Result<Self, RunError> {
        let (event, terms) = event(study, settings)?;
        let mut question = Self {
            study: study.id.clone(),
            source,
            event,
            folded: terms.iter().map(|term| fold_term(term)).collect(),
            named: settings.terms.clone(),
            terms,
            roles: roles(study, settings)?,
            comparator: comparator(study, settings),
            evidence: settings.evidence,
            checks: !settings.without_checks,
        };
        question.comparator.sort_unstable();
        question.comparator.dedup();
        Ok(question)
    }

    /// The question with the event of another one. Its terms need not exist in this source.
    pub(crate) fn with_event_of(mut self, other: &Self) -> Self {
        self.event.clone_from(&other.event);
        self.terms.clone_from(&other.terms);
        self.folded.clone_from(&other.folded);
        self.named.clear();
        self
    }

    /// Whether a folded term is one of the event's.
    pub fn holds(&self, folded: &str) -> bool {
        self.folded.contains(folded)
    }

    /// The therapies of the event that the study lists, if the event asked for is one of the study's; a
    /// therapy of HLH has nothing to do with a rash.
    pub(crate) fn therapies<'s>(&self, study: &'s Study) -> BTreeSet<&'s str> {
        let mut of_study = study.events.keys().filter_map(|name| study.event(name));
        let is_asked_for = |set: crate::study::TermSet| {
            set.names().iter().any(|n| self.holds(&fold_term(&n.name)))
        };
        if of_study.any(is_asked_for) {
            study.therapy_substances(self.evidence)
        } else {
            BTreeSet::new()
        }
    }

    /// The first term that the caller named and that `exists` denies.
    pub(super) fn unknown_term(&self, exists: impl Fn(&str) -> bool) -> Option<&str> {
        self.named.iter().map(String::as_str).find(|term| !exists(&fold_term(term)))
    }

    /// The roles as bits.
    pub fn role_bits(&self) -> u8 {
        role_bits(&self.roles)
    }

    /// The id of this question put to a snapshot by this version of the program.
    pub(super) fn run_id(&self, dataset_id: &str, study: &Study) -> String {
        let text = format!(
            "iatro {}\n{dataset_id}\n{}\n{}\n{}\n{}\n{}\n{}\n{:?}\n",
            env!("CARGO_PKG_VERSION"),
            study.content_id(),
            self.source,
            self.event,
            self.terms.join("|"),
            self.roles.join("|"),
            self.comparator.join("|"),
            self.evidence,
        );
        sha256_text(&text).chars().take(16).collect()
    }
}

/// The source asked for, or the only one of the lake.
pub(super) fn source_of(
    manifest: &Manifest,
    asked: Option<SourceKind>,
) -> Result<SourceKind, RunError> {
    let sources = manifest.sources();
    let names = || sources.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ");
    match (asked, sources.as_slice()) {
        (Some(source), all) if all.contains(&source) => Ok(source),
        (Some(source), _) => Err(RunError::question(
            format!("the lake has no {source} reports"),
            format!("It has: {}.", names()),
        )),
        (None, [only]) => Ok(*only),
        (None, _) => Err(RunError::question(
            format!("the lake holds several sources ({})", names()),
            "Reports of different sources overlap and are not counted together. Choose one with \
             --source.",
        )),
    }
}

fn event(study: &Study, settings: &Settings) -> Result<(String, Vec<String>), RunError> {
    if !settings.terms.is_empty() {
        return Ok((settings.terms.join("; "), with_former_names(&settings.terms)));
    }
    let name = settings.event.as_deref().unwrap_or(&study.default_event);
    let set = study.event(name).ok_or_else(|| {
        let known: Vec<_> = study.events.keys().map(String::as_str).collect();
        RunError::question(
            format!("the study has no event definition \"{name}\""),
            format!("It has: {}.", known.join(", ")),
        )
    })?;
    let terms = set.names().iter().map(|term| term.name.clone()).collect();
    Ok((format!("{}-{name}", study.id), terms))
}

/// The terms with the names they had in earlier dictionary versions.
fn with_former_names(terms: &[String]) -> Vec<String> {
    let mut all = terms.to_vec();
    for rename in known_renames() {
        let meant = terms.iter().any(|term| fold_term(term) == fold_term(rename.new));
        if meant && !all.iter().any(|term| fold_term(term) == fold_term(rename.old)) {
            all.push(rename.old.to_owned());
        }
    }
    all
}

fn roles(study: &Study, settings: &Settings) -> Result<Vec<&'static str>, RunError> {
    let of_study = settings.roles.is_empty();
    role_codes(if of_study { &study.exposure.role_codes } else { &settings.roles })
}

/// The codes of the roles that can be an exposure, each once, as FAERS spells and orders them.
pub(super) fn role_codes(codes: &[String]) -> Result<Vec<&'static str>, RunError> {
    let mut roles = Vec::new();
    for code in codes {
        let role = exposure_role(code).ok_or_else(|| {
            RunError::question(
                format!("\"{code}\" is not a role that can be an exposure"),
                "Expected PS, SS, I or C.",
            )
        })?;
        roles.push(role);
    }
    roles.sort_unstable();
    roles.dedup();
    Ok(roles.into_iter().map(Role::code).collect())
}

/// Roles as bits, from distinct codes.
pub(super) fn role_bits(codes: &[&str]) -> u8 {
    codes.iter().filter_map(|code| Role::from_code(code)).fold(0, |bits, role| bits | role.bit())
}

fn comparator(study: &Study, settings: &Settings) -> Vec<String> {
    match &study.exposure.comparator {
        _ if !settings.comparator.is_empty() => settings.comparator.clone(),
        Comparator::All => Vec::new(),
        Comparator::Substances(names) => names.clone(),
    }
}
