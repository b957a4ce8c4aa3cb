//! The download of one archive: attempts, what each answer means, and where the file ends up.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::http::{Answer, Client, ContentRange, NoAnswer};
use super::partial::{self, Part};
use super::progress::{Progress, Retry};
use super::retry::{self, Attempts};
use super::verify::Content;
use super::{Options, Outcome, grouped};
use crate::error::Error;
use crate::faers::catalogue::CatalogueEntry;

const BUFFER: usize = 64 * 1024;

/// How much larger than catalogued a changed archive may be before it is not one.
const MARGIN: u64 = 16 << 20;

/// One archive and how to get it.
pub(super) struct Job<'a> {
    /// What the catalogue says of it.
    pub(super) entry: &'a CatalogueEntry,
    /// Its address.
    pub(super) url: String,
    /// How patiently, and where to.
    pub(super) options: &'a Options,
    /// The connection.
    pub(super) client: &'a Client,
}

/// How a job ended.
pub(super) struct End {
    /// What became of the archive.
    pub(super) outcome: Outcome,
    /// It was given up because nothing answered.
    pub(super) unanswered: bool,
}

/// Why an archive is not there.
struct Failure {
    error: Error,
    unanswered: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, unanswered: false }
    }
}

/// Why an attempt has not completed the file.
enum Trouble {
    Passing(Passing),
    Lasting(Error),
}

/// A trouble that another attempt may not have.
struct Passing {
    reason: String,
    wait: Option<Duration>,
    unanswered: bool,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Lasting(error)
    }
}

impl Trouble {
    fn passing(reason: impl Into<String>) -> Self {
        Self::Passing(Passing { reason: reason.into(), wait: None, unanswered: false })
    }
}

impl Job<'_> {
    /// Brings the archive home, or says why not.
    pub(super) fn run(&self, progress: &mut dyn Progress) -> End {
        match self.fetch(progress) {
            Ok(outcome) => End { outcome, unanswered: false },
            Err(Failure { error, unanswered }) => {
                End { outcome: Outcome::Failed(error), unanswered }
            }
        }
    }

    fn fetch(&self, progress: &mut dyn Progress) -> Result<Outcome, Failure> {
        let name = self.options.to.join(&self.entry.file_name);
        if let Some(outcome) = self.already_here(&name)? {
            return Ok(outcome);
        }
        let mut part = Part::open(&name)?;
        // Another download may have completed it between the look and the lock.
        if let Some(outcome) = self.already_here(&name)? {
            part.remove_if_empty();
            return Ok(outcome);
        }
        match self.complete(&mut part, progress) {
            Ok((content, attempts)) => Ok(self.settle(part, &name, content, attempts)?),
            Err(failure) => {
                part.remove_if_empty();
                Err(failure)
            }
        }
    }

    /// What to make of a file under the final name, if there is one. It is never overwritten.
    fn already_here(&self, name: &Path) -> Result<Option<Outcome>, Error> {
        if name.symlink_metadata().is_err() {
            return Ok(None);
        }
        let content = Content::of(name).map_err(|e| Error::read(name, e))?;
        if content == Content::catalogued(self.entry) {
            Ok(Some(Outcome::AlreadyHere))
        } else if self.options.accept_changed {
            Ok(Some(Outcome::ChangedKept { bytes: content.bytes, sha256: content.sha256 }))
        } else {
            Err(self.other_file(name, &content))
        }
    }

    /// Makes attempts until all bytes are there; returns what they are and how many it took.
    fn complete(
        &self,
        part: &mut Part,
        progress: &mut dyn Progress,
    ) -> Result<(Content, u32), Failure> {
        progress.started(self.entry, part.len());
        let mut attempts = Attempts::new(part.len());
        let mut made: u32 = 0;
        loop {
            if let Some(content) = self.looks_complete(part)? {
                return Ok((content, made));
            }
            made = made.saturating_add(1);
            let passing = match self.attempt(part, progress) {
                Ok(content) => return Ok((content, made)),
                Err(Trouble::Lasting(error)) => return Err(error.into()),
                Err(Trouble::Passing(passing)) => passing,
            };
            let in_a_row = attempts.count(part.len());
            if in_a_row > self.options.retries {
                let error = self.given_up(&passing.reason, made, part.len());
                return Err(Failure { error, unanswered: passing.unanswered });
            }
            let wait = retry::wait(self.options, in_a_row, passing.wait);
            let attempts = self.options.retries.saturating_add(1);
            let reason = passing.reason;
            progress.retry(self.entry, &Retry { reason, attempt: in_a_row, attempts, wait });
            thread::sleep(wait);
        }
    }

    /// Looks at what earlier attempts have left: all of it, something to go on from, or bytes that
    /// cannot belong to the catalogued content, which are dropped.
    fn looks_complete(&self, part: &mut Part) -> Result<Option<Content>, Error> {
        if part.len() < self.entry.bytes {
            return Ok(None);
        }
        let content = part.content()?;
        if content == Content::catalogued(self.entry) {
            return Ok(Some(content));
        }
        part.clear()?;
        Ok(None)
    }

    /// Sends one request and takes what it brings; returns the content once it is complete.
    fn attempt(&self, part: &mut Part, progress: &mut dyn Progress) -> Result<Content, Trouble> {
        let from = part.len();
        let answer = self.client.get(&self.url, from, part.tag().as_deref());
        let mut answer = answer.map_err(|no| self.no_answer(no, true))?;
        self.judge(&answer, part)?;
        let joined = part.len() > 0;
        self.receive(&mut answer, part, progress)?;
        if part.len() < self.entry.bytes && (joined || !answer.end_is_marked) {
            return Err(Trouble::passing(format!(
                "the answer ended after {} of {} bytes",
                grouped(part.len()),
                grouped(self.entry.bytes)
            )));
        }
        let content = part.content()?;
        if joined && content != Content::catalogued(self.entry) {
            part.clear()?;
            return Err(Trouble::passing(
                "the bytes of two downloads did not make the catalogued content; it begins anew",
            ));
        }
        Ok(content)
    }

    fn no_answer(&self, no: NoAnswer, unanswered: bool) -> Trouble {
        if no.lasting {
            return self.no_way(no.reason).into();
        }
        Trouble::Passing(Passing { reason: no.reason, wait: None, unanswered })
    }

    /// Decides from the head of an answer what its body is for; clears the part where the body is
    /// not its continuation.
    fn judge(&self, answer: &Answer, part: &mut Part) -> Result<(), Trouble> {
        match (answer.status, answer.not_an_archive) {
            (200 | 206, Some(what)) => Err(self.not_an_archive(what).into()),
            (200, None) => {
                part.clear()?;
                part.set_tag(answer.tag.as_deref());
                Ok(())
            }
            (206, None) => match self.misfit(answer, part) {
                None => Ok(()),
                Some(reason) => {
                    part.clear()?;
                    Err(Trouble::passing(reason))
                }
            },
            (416, _) => {
                let from = grouped(part.len());
                part.clear()?;
                Err(Trouble::passing(format!("the server has no bytes from {from} on")))
            }
            (404 | 410, _) => Err(self.moved(answer.status).into()),
            (408 | 425 | 429 | 500..=599, _) => {
                let wait = answer.retry_after.filter(|_| matches!(answer.status, 429 | 503));
                let reason = format!("the server answers {}", answer.status);
                Err(Trouble::Passing(Passing { reason, wait, unanswered: false }))
            }
            (status, _) => Err(self.turned_away(status).into()),
        }
    }

    /// Why a partial answer is not the continuation of the part, if it is not.
    fn misfit(&self, answer: &Answer, part: &Part) -> Option<String> {
        let Some(ContentRange { start, total, .. }) = answer.range else {
            return Some("a partial answer did not say which part it is".to_owned());
        };
        if start != part.len() {
            let (asked, start) = (grouped(part.len()), grouped(start));
            return Some(format!("asked for the bytes from {asked} on, got them from {start} on"));
        }
        if let Some(total) = total.filter(|&total| total != self.entry.bytes) {
            let (total, bytes) = (grouped(total), grouped(self.entry.bytes));
            return Some(format!("the published file has {total} bytes, the catalogued {bytes}"));
        }
        let other = answer.tag.is_some() && part.tag().is_some_and(|tag| answer.tag != Some(tag));
        other.then(|| "the published file has changed since the download began".to_owned())
    }

    /// Appends the body of an answer to the part.
    fn receive(
        &self,
        answer: &mut Answer,
        part: &mut Part,
        progress: &mut dyn Progress,
    ) -> Result<(), Trouble> {
        let most = self.entry.bytes.saturating_mul(2).saturating_add(MARGIN);
        let mut buffer = vec![0; BUFFER];
        loop {
            let read = self.client.read(answer, &mut buffer);
            let read = read.map_err(|no| self.no_answer(no, false))?;
            if read == 0 {
                return Ok(());
            }
            part.append(&buffer[..read])?;
            progress.bytes(self.entry, part.len());
            if part.len() > most {
                part.clear()?;
                return Err(self.not_an_archive("more than twice the catalogued bytes").into());
            }
        }
    }

    /// Gives a complete file the name that its content deserves.
    fn settle(
        &self,
        part: Part,
        name: &Path,
        content: Content,
        attempts: u32,
    ) -> Result<Outcome, Error> {
        if let Some(outcome) = self.already_here(name)? {
            part.remove();
            return Ok(outcome);
        }
        let resumed_from = part.inherited();
        if content == Content::catalogued(self.entry) {
            part.finish(name)?;
            return Ok(Outcome::Downloaded { resumed_from, attempts });
        }
        if self.options.accept_changed {
            part.finish(name)?;
            return Ok(Outcome::ChangedKept { bytes: content.bytes, sha256: content.sha256 });
        }
        let aside = partial::beside(name, ".changed");
        part.finish(&aside)?;
        Err(self.changed(&content, &aside))
    }
}
