//! One object, byte by byte: attempts that go on where the last one stopped, and an end to waiting.

use std::time::Duration;

use futures_util::StreamExt;
use object_store::{GetOptions, GetRange, ObjectStore};
use tokio::time::{Instant, sleep, timeout};

use super::client::Client;
use super::error::{Result, StorageError, StorageErrorKind};
use super::words::Failure;

/// How large an object may be, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Size {
    /// As large as is known; anything else is another object.
    Exactly(u64),
    /// Small enough to be held in memory.
    AtMost(u64),
}

/// Takes the bytes of an object in order.
pub(super) type Take<'t> = &'t mut dyn FnMut(&[u8]) -> Result<()>;

/// How far a fetch has come.
struct Way {
    received: u64,
    /// When the last byte came.
    moved: Instant,
    /// Attempts since then.
    attempts: u32,
    /// The object's mark, which changes with its bytes; stores need not give one.
    mark: Option<String>,
}

impl Client {
    /// A small object as text.
    pub(super) async fn text(&self, file: &str, at_most: u64) -> Result<String> {
        let mut bytes = Vec::new();
        let mut take = |piece: &[u8]| {
            bytes.extend_from_slice(piece);
            Ok(())
        };
        self.get(file, Size::AtMost(at_most), &mut take).await?;
        String::from_utf8(bytes).map_err(|_| {
            let help = "Copy the lake's folder again.";
            let (kind, place) = (StorageErrorKind::Changed, self.location.of(file));
            StorageError::new(kind, place, "not UTF-8, which it was when it was written", help)
        })
    }

    /// Hands over the bytes of a file of the lake, each once and in order.
    pub(super) async fn get(&self, file: &str, size: Size, take: Take<'_>) -> Result<()> {
        let mut way = Way { received: 0, moved: Instant::now(), attempts: 0, mark: None };
        loop {
            way.attempts += 1;
            let reason = match self.attempt(file, size, &mut way, take).await {
                Ok(()) => return Ok(()),
                Err(Failure::Lasting(error)) => return Err(error),
                Err(Failure::Passing(reason)) => reason,
            };
            let doubled = 2_u32.saturating_pow(way.attempts.saturating_sub(1));
            let wait = self.options.backoff.saturating_mul(doubled);
            let left = self.left(&way);
            if way.attempts >= self.options.attempts || wait >= left {
                return Err(self.unreachable(file, &reason));
            }
            sleep(wait).await;
        }
    }

    /// How long a fetch may still wait for its next byte.
    fn left(&self, way: &Way) -> Duration {
        self.options.patience.saturating_sub(way.moved.elapsed())
    }

    /// One request, from where the last one stopped.
    async fn attempt(
        &self,
        file: &str,
        size: Size,
        way: &mut Way,
        take: Take<'_>,
    ) -> Result<(), Failure> {
        let range = (way.received > 0).then_some(GetRange::Offset(way.received));
        let options = GetOptions { range, ..GetOptions::default() };
        let key = self.location.key(file);
        let got = self.within(way, self.store.get_opts(&key, options)).await?;
        let got = got.map_err(|error| self.failure(file, &error))?;
        let whole = got.meta.size;
        self.check(file, size, whole)?;
        if way.received > 0 && way.mark != got.meta.e_tag {
            let problem = "another object took its place while it was read";
            return Err(self.changed(file, problem.to_owned()).into());
        }
        way.mark.clone_from(&got.meta.e_tag);
        let mut stream = got.into_stream();
        while let Some(piece) = self.within(way, stream.next()).await? {
            let piece = piece.map_err(|error| self.failure(file, &error))?;
            if piece.is_empty() {
                continue;
            }
            let received = way.received.saturating_add(piece.len() as u64);
            if received > whole {
                return Err(self.another_size(file, received, whole).into());
            }
            take(&piece)?;
            (way.received, way.moved, way.attempts) = (received, Instant::now(), 0);
            if received == whole {
                return Ok(());
            }
        }
        if way.received < whole {
            return Err(Failure::Passing(format!("{} of {whole} bytes came", way.received)));
        }
        Ok(())
    }

    /// Waits, but not for ever.
    async fn within<T>(&self, way: &Way, event: impl Future<Output = T>) -> Result<T, Failure> {
        let longest = self.options.stall.min(self.left(way));
        timeout(longest, event).await.map_err(|_| {
            let silent = way.moved.elapsed().as_secs_f64();
            Failure::Passing(format!("no byte for {silent:.0} s"))
        })
    }

    fn check(&self, file: &str, size: Size, found: u64) -> Result<()> {
        match size {
            Size::Exactly(expected) if found != expected => {
                Err(self.another_size(file, found, expected))
            }
            Size::AtMost(most) if found > most => {
                let problem = format!("{found} bytes; such a file has at most {most}");
                let help = "Name the place to which a lake's folder was copied.";
                let (kind, place) = (StorageErrorKind::Changed, self.location.of(file));
                Err(StorageError::new(kind, place, problem, help))
            }
            _ => Ok(()),
        }
    }

    fn another_size(&self, file: &str, found: u64, expected: u64) -> StorageError {
        self.changed(file, format!("{found} bytes, expected {expected}"))
    }

    /// An object that is not the one that the manifest means.
    pub(super) fn changed(&self, file: &str, problem: String) -> StorageError {
        let help =
            "The object was cut or changed. Copy the lake's folder again; no part of it is used.";
        StorageError::new(StorageErrorKind::Changed, self.location.of(file), problem, help)
    }
}
