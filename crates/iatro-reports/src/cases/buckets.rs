//! Records parted by a key, so that each group can be worked on by itself: in memory while they are
//! few, in files when they are many.

use std::fs::{self, File};
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use foldhash::fast::FixedState;

use crate::error::{Error, Result};

/// How many groups records are parted into: of 25 million sightings each then holds some 10 MB.
const BUCKETS: usize = 128;

/// Bytes held in memory before they go to files.
const IN_MEMORY: usize = 64 << 20;

/// Records of `N` words, parted by a hash of a key.
pub(super) struct Buckets<const N: usize> {
    buckets: Vec<Bucket<N>>,
    held: usize,
    limit: usize,
}

/// Records whose keys have hashes in common, in no particular order.
pub(super) struct Bucket<const N: usize> {
    path: PathBuf,
    held: Vec<u8>,
    /// Bytes in the file.
    written: u64,
}

impl<const N: usize> Buckets<N> {
    /// Buckets whose files, if any are needed, are `FOLDER/NAME-0` and so on.
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        Self::with_limit(folder, name, IN_MEMORY)
    }

    /// Buckets that hold up to `limit` bytes in memory.
    pub(super) fn with_limit(folder: &Path, name: &str, limit: usize) -> Self {
        let bucket =
            |at| Bucket { path: folder.join(format!("{name}-{at}")), held: Vec::new(), written: 0 };
        Self { buckets: (0..BUCKETS).map(bucket).collect(), held: 0, limit }
    }

    /// Adds a record to the bucket of its key.
    pub(super) fn push(&mut self, key: u64, record: [u64; N]) -> Result<()> {
        let hash = FixedState::default().hash_one(key);
        let at = usize::try_from(hash % BUCKETS as u64).unwrap_or_default();
        let Some(bucket) = self.buckets.get_mut(at) else { return Ok(()) };
        record.iter().for_each(|word| bucket.held.extend_from_slice(&word.to_le_bytes()));
        self.held += size_of::<[u64; N]>();
        if self.held > self.limit {
            self.buckets.iter_mut().try_for_each(Bucket::spill)?;
            self.held = 0;
        }
        Ok(())
    }

    /// The buckets, to be read one by one.
    pub(super) fn into_buckets(self) -> Vec<Bucket<N>> {
        self.buckets
    }
}

impl<const N: usize> Bucket<N> {
    /// Appends what is held to the file.
    fn spill(&mut self) -> Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let append = |held: &[u8]| -> io::Result<()> {
            File::options().create(true).append(true).open(&self.path)?.write_all(held)
        };
        append(&self.held).map_err(|e| Error::write(&self.path, e))?;
        self.written += self.held.len() as u64;
        // The memory is given back: buckets are filled evenly, and in the end one is read at a time.
        self.held = Vec::new();
        Ok(())
    }

    /// All its records, sorted; its file goes.
    pub(super) fn read(self) -> Result<Vec<[u64; N]>> {
        let mut bytes = if self.written == 0 { Vec::new() } else { self.read_file()? };
        bytes.extend_from_slice(&self.held);
        let mut records: Vec<[u64; N]> =
            bytes.chunks_exact(size_of::<[u64; N]>()).map(record).collect();
        drop(bytes);
        records.sort_unstable();
        Ok(records)
    }

    /// The bytes of its file; fails if they are not as many as were written.
    fn read_file(&self) -> Result<Vec<u8>> {
        let bytes = fs::read(&self.path).map_err(|e| Error::read(&self.path, e))?;
        fs::remove_file(&self.path).map_err(|e| Error::write(&self.path, e))?;
        if bytes.len() as u64 == self.written {
            return Ok(bytes);
        }
        Err(Error::refused(
            &self.path,
            format!(
                "{} bytes were written to this file, {} stand in it",
                self.written,
                bytes.len()
            ),
            "Nothing was changed. Check the disk, and that nothing else writes to the lake's folder, \
             then repeat.",
        ))
    }
}

fn record<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn filled(folder: &Path, limit: usize) -> Buckets<2> {
        let mut buckets = Buckets::with_limit(folder, "test", limit);
        for n in (0..10_000_u64).rev() {
            buckets.push(n % 700, [n % 700, n]).unwrap();
        }
        buckets
    }

    #[test]
    fn records_come_back_by_key_and_sorted_from_memory_and_from_files_alike() {
        let folder = tempfile::tempdir().unwrap();
        let read = |limit| -> Vec<Vec<[u64; 2]>> {
            let buckets = filled(folder.path(), limit).into_buckets();
            buckets.into_iter().map(|bucket| bucket.read().unwrap()).collect()
        };
        let in_memory = read(usize::MAX);
        let mut all: Vec<_> = in_memory.concat();
        assert_eq!(all.len(), 10_000);
        assert!(in_memory.iter().all(|records| records.is_sorted()));
        for limit in [0, 100, 50_000] {
            assert_eq!(read(limit), in_memory, "{limit}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "files are gone");
        }
        all.sort_unstable_by_key(|record| record[1]);
        assert!(all.iter().zip(0..).all(|(record, n)| *record == [n % 700, n]));
        let places = in_memory.iter().flat_map(|records| {
            let mut keys: Vec<_> = records.iter().map(|record| record[0]).collect();
            keys.dedup();
            keys
        });
        assert_eq!(places.count(), 700, "no key stands in two buckets");
    }

    #[test]
    fn a_file_that_lost_bytes_or_is_gone_is_found() {
        let folder = tempfile::tempdir().unwrap();
        for damage in [true, false] {
            let buckets = filled(folder.path(), 10_000).into_buckets();
            let spilled = buckets.into_iter().find(|bucket| bucket.written > 0).unwrap();
            if damage {
                File::options().write(true).open(&spilled.path).unwrap().set_len(5).unwrap();
            } else {
                fs::remove_file(&spilled.path).unwrap();
            }
            let error = spilled.read().unwrap_err().to_string();
            let expected = if damage { "5 stand in it" } else { "no such file" };
            assert!(error.contains("test-") && error.contains(expected), "{error}");
            fs::read_dir(folder.path())
                .unwrap()
                .for_each(|file| fs::remove_file(file.unwrap().path()).unwrap());
        }
    }
}
