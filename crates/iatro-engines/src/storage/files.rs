//! The files of a snapshot, into the cache: a few at a time, those that are there already left alone.

use std::cell::RefCell;
use std::path::Path;

use futures_util::{StreamExt, TryStreamExt, stream};
use iatro_reports::lake::manifest::{Manifest, TableFile};
use iatro_reports::lake::store::SNAPSHOTS;
use rayon::prelude::*;

use super::cache::{self, Cache};
use super::client::Client;
use super::error::Result;
use super::get::Size;

/// Files fetched side by side: one connection seldom fills a line to an object store.
const AT_ONCE: usize = 4;

/// Hears how far a fetch has come.
pub trait Progress {
    /// So many of the bytes that are to be fetched have come; `file` is the one that moved.
    fn moved(&mut self, file: &str, bytes: u64, all: u64);
}

/// What a fetch did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Fetched {
    /// Files that were fetched.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were in the cache.
    pub kept: u64,
}

/// One file to fetch.
struct Job<'m> {
    name: String,
    expected: &'m TableFile,
}

/// Fetches those files of a snapshot that are wanted, each named by its path in the snapshot's folder.
pub(super) async fn fetch(
    client: &Client,
    cache: &Cache,
    manifest: &Manifest,
    wanted: &dyn Fn(&str) -> bool,
    progress: &mut dyn Progress,
) -> Result<Fetched> {
    let folder = cache.snapshot(&manifest.dataset_id);
    let (mut jobs, mut done) = (Vec::new(), Fetched::default());
    let files: Vec<_> = manifest.files().filter(|(name, _)| wanted(name)).collect();
    let there = files.par_iter().map(|(name, expected)| cache::holds(&folder.join(name), expected));
    let there: Vec<Result<bool>> = there.collect();
    for ((name, expected), there) in files.into_iter().zip(there) {
        if there? {
            done.kept += 1;
        } else {
            done.files += 1;
            done.bytes = done.bytes.saturating_add(expected.bytes);
            jobs.push(Job { name, expected });
        }
    }
    let come = RefCell::new((0_u64, progress));
    let heard = |file: &str, more: usize| {
        let (bytes, progress) = &mut *come.borrow_mut();
        *bytes = bytes.saturating_add(more as u64);
        progress.moved(file, *bytes, done.bytes);
    };
    let (id, folder, heard) = (&manifest.dataset_id, &folder, &heard);
    let fetches = jobs.iter().map(|job| one(client, cache, id, folder, job, heard));
    stream::iter(fetches).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    Ok(done)
}

async fn one(
    client: &Client,
    cache: &Cache,
    dataset_id: &str,
    folder: &Path,
    job: &Job<'_>,
    heard: &dyn Fn(&str, usize),
) -> Result<()> {
    let target = folder.join(&job.name);
    let file = format!("{SNAPSHOTS}/{dataset_id}/{}", job.name);
    let mut making = cache.begin()?;
    let mut take = |piece: &[u8]| {
        making.write(piece, &target)?;
        heard(&job.name, piece.len());
        Ok(())
    };
    client.get(&file, Size::Exactly(job.expected.bytes), &mut take).await?;
    match making.keep(job.expected, &target)? {
        None => Ok(()),
        Some(problem) => Err(client.changed(&file, problem)),
    }
}
