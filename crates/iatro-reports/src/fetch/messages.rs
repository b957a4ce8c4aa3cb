//! What the failures of a download say, and what to do about each.

use std::path::Path;

use super::download::Job;
use super::grouped;
use super::verify::Content;
use crate::error::{Error, Place};

/// The page on which FDA links every quarter.
const PAGE: &str = "https://fis.fda.gov/extensions/FPD-QDE-FAERS/FPD-QDE-FAERS.html";

impl Job<'_> {
    /// A file under the final name is not the catalogued one.
    pub(super) fn other_file(&self, name: &Path, content: &Content) -> Error {
        let catalogued = Content::catalogued(self.entry);
        Error::refused(
            name,
            format!("already here with another content ({content}; catalogued: {catalogued})"),
            "Nothing was changed. Move the file away and fetch again, or fetch with \
             --accept-changed to keep it as it is.",
        )
    }

    /// The request cannot be made, however often.
    pub(super) fn no_way(&self, reason: String) -> Error {
        self.error(reason, format!("Name another address, or {}.", self.by_hand()))
    }

    /// The server has no such file.
    pub(super) fn moved(&self, status: u16) -> Error {
        let why = match self.options.mirror {
            Some(_) => "The mirror may not have it: fetch without it",
            None => "FDA may have moved it: look at the quarterly data page",
        };
        let problem = format!("the server answers {status} (no such file)");
        self.error(problem, format!("{why}, or {}.", self.by_hand()))
    }

    /// The server sends nothing, for a reason of its own.
    pub(super) fn turned_away(&self, status: u16) -> Error {
        self.error(
            format!("the server answers {status} and sends no file"),
            format!("A proxy or firewall in between may do that; {}.", self.by_hand()),
        )
    }

    /// The server sends something that is surely not the archive.
    pub(super) fn not_an_archive(&self, what: &str) -> Error {
        self.error(
            format!("the server sends {what} in place of the archive"),
            format!("A proxy or a sign-in page in between may do that; {}.", self.by_hand()),
        )
    }

    /// The last attempt was made.
    pub(super) fn given_up(&self, reason: &str, attempts: u32, have: u64) -> Error {
        let times = if attempts == 1 { "attempt" } else { "attempts" };
        let again = match have {
            0 => "Fetch again later".to_owned(),
            _ => format!(
                "{} of {} bytes are kept; fetch again later to go on from there",
                grouped(have),
                grouped(self.entry.bytes)
            ),
        };
        self.error(
            format!("not complete after {attempts} {times}; the last one ended so: {reason}"),
            format!("{again}, or {}.", self.by_hand()),
        )
    }

    /// The published file is complete and not the catalogued one.
    pub(super) fn changed(&self, content: &Content, aside: &Path) -> Error {
        let catalogued = Content::catalogued(self.entry);
        self.error(
            format!(
                "the published file is no longer the catalogued one (now {content}; catalogued: \
                 {catalogued}) and was set aside as {}",
                aside.display()
            ),
            "Get a newer iatro, whose catalogue may have it, or fetch with --accept-changed to \
             use it as it is now.",
        )
    }

    fn by_hand(&self) -> String {
        format!(
            "download {} by hand from {PAGE} into {}: iatro ingest accepts it",
            self.entry.file_name,
            self.options.to.display()
        )
    }

    fn error(&self, problem: impl Into<String>, help: impl Into<String>) -> Error {
        Error::bad_data(Place::file(&self.url), problem, help)
    }
}
