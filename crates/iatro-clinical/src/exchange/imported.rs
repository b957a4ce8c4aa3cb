//! What was made of a file: the case, and an account of everything that did not become part of it.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::case::{Case, within};

/// A case read from a file of any form that is known.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Imported {
    /// The case, checked.
    pub case: Case,
    /// The form of the file.
    pub kind: SourceKind,
    /// What was not used, or used with a caution; sorted, one a reason.
    pub notes: Vec<Note>,
    /// Entries in, used and not used.
    pub control: Control,
}

/// The form of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The JSON form of iatro.
    Case,
    /// A FHIR R4 Bundle.
    FhirBundle,
    /// A GA4GH phenopacket.
    Phenopacket,
}

impl SourceKind {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Case => "iatro case",
            Self::FhirBundle => "FHIR R4 Bundle",
            Self::Phenopacket => "GA4GH phenopacket",
        }
    }
}

/// How a note bears on the case.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// An entry that was used, and what to know of it.
    Caution,
    /// A part of an entry that was used otherwise.
    PartNotUsed,
    /// An entry of which nothing was used.
    NotUsed,
}

/// What was not used, or used with a caution, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, JsonSchema)]
pub struct Note {
    /// How it bears on the case.
    pub kind: NoteKind,
    /// What kind of thing: `Observation 8302-2 (Body Height)`, `Encounter`.
    pub what: String,
    /// Why, in words.
    pub reason: String,
    /// How many times.
    pub count: usize,
    /// Where in the file: the first few of them.
    pub paths: Vec<String>,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            NoteKind::Caution => "used with caution",
            NoteKind::PartNotUsed => "in part not used",
            NoteKind::NotUsed => "not used",
        };
        let places = self.paths.join(", ");
        let more = if self.count > self.paths.len() { ", …" } else { "" };
        write!(f, "{word}: {} ({}): {} [{places}{more}]", self.what, self.count, self.reason)
    }
}

/// Entries of a file: `read` is the sum of `used` and `not_used`, and `not_used` that of the notes of this kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, JsonSchema)]
pub struct Control {
    /// Entries in the file.
    pub read: usize,
    /// Entries of which something stands in the case.
    pub used: usize,
    /// Entries of which nothing does; each is in a note.
    pub not_used: usize,
}

/// Paths that a note shows.
const SHOWN: usize = 5;

/// The account while a file is read.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    notes: BTreeMap<(NoteKind, String, String), (usize, Vec<String>)>,
    control: Control,
}

impl Ledger {
    /// An entry that is used.
    pub(crate) fn used(&mut self) {
        self.control.read += 1;
        self.control.used += 1;
    }

    /// An entry of which nothing is used.
    pub(crate) fn not_used(&mut self, path: &str, what: &str, reason: &str) {
        self.control.read += 1;
        self.control.not_used += 1;
        self.note(NoteKind::NotUsed, path, what, reason);
    }

    /// A part of an entry that is not used; the entry itself is counted by its own call.
    pub(crate) fn part_not_used(&mut self, path: &str, what: &str, reason: &str) {
        self.note(NoteKind::PartNotUsed, path, what, reason);
    }

    /// What to know of an entry that is used.
    pub(crate) fn caution(&mut self, path: &str, what: &str, reason: &str) {
        self.note(NoteKind::Caution, path, what, reason);
    }

    fn note(&mut self, kind: NoteKind, path: &str, what: &str, reason: &str) {
        // Names in a note come from the file: what does not show is taken out, and the rest is kept short.
        let key = (kind, within(what, 160), within(reason, 400));
        let (count, paths) = self.notes.entry(key).or_default();
        *count += 1;
        if paths.len() < SHOWN {
            paths.push(within(path, 160));
        }
    }

    /// The account, closed.
    pub(crate) fn close(self) -> (Vec<Note>, Control) {
        let notes = self.notes.into_iter().map(|((kind, what, reason), (count, paths))| Note {
            kind,
            what,
            reason,
            count,
            paths,
        });
        (notes.collect(), self.control)
    }
}
