//! The download of published quarters: resumable, verified, never half a file under the final name.
//!
//! Each archive grows as `NAME.zip.part`, is compared with the [catalogue](crate::faers::catalogue)
//! after its last byte, and is renamed only then. A file that stops one quarter does not stop the
//! others: every quarter ends with an [`Outcome`]. Nothing is printed; a [`Progress`] hears of it.

mod download;
mod http;
mod messages;
mod partial;
mod progress;
mod range;
mod redirect;
mod retry;
mod verify;

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::faers::catalogue::CatalogueEntry;
use crate::faers::quarter::Quarter;

pub use progress::{Progress, Retry, Silent};
pub use range::QuarterRange;

/// After so many files in a row to which nothing answered, the rest are not tried.
const SILENT_FILES: usize = 3;

/// Where to, where from, and how patiently.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that receives the archives; it is created if it is not there.
    pub to: PathBuf,
    /// A base address (`http` or `https`) that has the same files under their catalogued names,
    /// used in place of FDA's; `None` is FDA.
    pub mirror: Option<String>,
    /// Keeps an archive whose content is not the catalogued one under its final name, as
    /// [`Outcome::ChangedKept`], rather than setting it aside.
    pub accept_changed: bool,
    /// Further attempts after the first, for each file. They count anew whenever a file has grown
    /// by a megabyte.
    pub retries: u32,
    /// The wait before the first further attempt; it doubles with every one.
    pub backoff: Duration,
    /// The longest wait, whatever the server asks for.
    pub longest_wait: Duration,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long a connection may carry no bytes.
    pub stall_timeout: Duration,
    /// Goes through the proxy of `ALL_PROXY`, `HTTPS_PROXY` or `HTTP_PROXY`, minding `NO_PROXY`.
    pub environment_proxy: bool,
}

impl Options {
    /// Downloads from FDA into a folder, with five further attempts a file.
    pub fn new(to: impl Into<PathBuf>) -> Self {
        Self {
            to: to.into(),
            mirror: None,
            accept_changed: false,
            retries: 5,
            backoff: Duration::from_secs(1),
            longest_wait: Duration::from_secs(120),
            connect_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(60),
            environment_proxy: true,
        }
    }

    /// The address of an entry's archive.
    fn url(&self, entry: &CatalogueEntry) -> String {
        match &self.mirror {
            Some(base) => format!("{}/{}", base.trim_end_matches('/'), entry.file_name),
            None => entry.url.clone(),
        }
    }
}

/// How one quarter ended.
#[derive(Debug)]
pub struct Fetched {
    /// The quarter.
    pub quarter: Quarter,
    /// Where its archive is, or would be.
    pub path: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
}

impl Fetched {
    /// Whether the archive lies under its final name, ready to be ingested.
    pub fn is_here(&self) -> bool {
        !matches!(self.outcome, Outcome::Failed(_) | Outcome::NotTried { .. })
    }
}

/// What became of one quarter.
#[derive(Debug)]
pub enum Outcome {
    /// Downloaded now; the content is the catalogued one.
    Downloaded {
        /// How many bytes an earlier, interrupted download had left.
        resumed_from: u64,
        /// How many requests it took; 0 where only the renaming was missing.
        attempts: u32,
    },
    /// Was there before, with the catalogued content.
    AlreadyHere,
    /// Lies under its final name with a content that is not the catalogued one, because
    /// [`Options::accept_changed`] says so.
    ChangedKept {
        /// Its size.
        bytes: u64,
        /// Its SHA-256 in hexadecimal.
        sha256: String,
    },
    /// Is not there; the error says why and what to do.
    Failed(Error),
    /// Was left out because an earlier quarter showed that it would end the same way.
    NotTried {
        /// What the earlier quarter showed.
        reason: &'static str,
    },
}

/// Downloads the archives of some quarters, one after the other in the order given.
///
/// The result has one element for each entry, in the same order.
///
/// # Errors
/// Only where nothing could be tried: the mirror is not a web address, or the folder cannot be
/// created. All else is the [`Outcome`] of a quarter.
pub fn fetch(
    entries: &[&CatalogueEntry],
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Vec<Fetched>> {
    if let Some(mirror) = &options.mirror {
        check_mirror(mirror)?;
    }
    std::fs::create_dir_all(&options.to).map_err(|e| Error::write(&options.to, e))?;
    let client = http::Client::new(options);
    let mut stop = None;
    let mut silent = 0;
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let outcome = if let Some(reason) = stop {
            Outcome::NotTried { reason }
        } else {
            let job = download::Job { entry, url: options.url(entry), options, client: &client };
            let end = job.run(progress);
            silent = if end.unanswered { silent + 1 } else { 0 };
            stop = reason_to_stop(&end.outcome, silent);
            end.outcome
        };
        let path = options.to.join(&entry.file_name);
        all.push(Fetched { quarter: entry.quarter, path, outcome });
        if let Some(fetched) = all.last() {
            progress.finished(fetched);
        }
    }
    Ok(all)
}

/// Why the remaining quarters would end like this one, if they would.
fn reason_to_stop(outcome: &Outcome, silent: usize) -> Option<&'static str> {
    match outcome {
        Outcome::Failed(error) if error.kind() == ErrorKind::Refused && is_disk_full(error) => {
            Some("the disk is full")
        }
        Outcome::Failed(_) if silent >= SILENT_FILES => Some("the server cannot be reached"),
        _ => None,
    }
}

fn is_disk_full(error: &Error) -> bool {
    std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<std::io::Error>())
        .is_some_and(|source| source.kind() == std::io::ErrorKind::StorageFull)
}

fn check_mirror(mirror: &str) -> Result<()> {
    let uri: Option<ureq::http::Uri> = mirror.parse().ok();
    let fits = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|h| !h.is_empty())
    });
    if fits {
        return Ok(());
    }
    Err(Error::usage(
        Place::file(format!("mirror \"{mirror}\"")),
        "not a web address",
        "Expected http:// or https:// with a host, such as https://mirror.example/faers.",
    ))
}

/// A number for people: thousands separated by a comma.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people_have_commas() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (76_715_577, "76,715,577")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_mirror_is_a_web_address() {
        assert!(check_mirror("http://127.0.0.1:8080/faers/").is_ok());
        assert!(check_mirror("https://mirror.example").is_ok());
        for mirror in ["", "mirror.example/faers", "ftp://mirror.example", "/srv/faers", "http://"]
        {
            assert!(check_mirror(mirror).is_err_and(|e| e.kind() == ErrorKind::Usage), "{mirror}");
        }
    }
}
