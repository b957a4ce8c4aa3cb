//! What a download tells its caller while it runs.

use std::time::Duration;

use super::Fetched;
use crate::faers::catalogue::CatalogueEntry;

/// Hears how the downloads go. Every method does nothing unless it is written.
pub trait Progress {
    /// The work on a file begins; `have` bytes of it are left of an earlier download.
    fn started(&mut self, entry: &CatalogueEntry, have: u64) {
        let _ = (entry, have);
    }

    /// The file has `have` bytes now. Can be fewer than before where the download begins anew, and
    /// more than catalogued where the published file has changed.
    fn bytes(&mut self, entry: &CatalogueEntry, have: u64) {
        let _ = (entry, have);
    }

    /// An attempt did not complete the file; the next one follows after a wait.
    fn retry(&mut self, entry: &CatalogueEntry, retry: &Retry) {
        let _ = (entry, retry);
    }

    /// A quarter has ended, well or not. Comes for every quarter, also for one without `started`.
    fn finished(&mut self, fetched: &Fetched) {
        let _ = fetched;
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// A further attempt that is about to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Retry {
    /// What the last attempt met with: one clause, lower case.
    pub reason: String,
    /// How many attempts in a row have not completed the file.
    pub attempt: u32,
    /// After how many of them the file is given up.
    pub attempts: u32,
    /// How long is waited before the next one.
    pub wait: Duration,
}
