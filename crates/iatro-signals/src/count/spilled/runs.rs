//! Runs of pairs in a temporary file, and what they are together.
//!
//! The file has no name: the system takes it back when it is closed, however this process ends.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use super::budget::MostPairs;
use crate::count::{CountError, PairCount};

/// Bytes of a pair in the file.
const RECORD: usize = 12;

/// Pairs of a run in memory at once.
const BUFFER: usize = 1 << 12;

/// Pairs after which the result is checked against what may be in memory.
const CHECKED: usize = 1 << 16;

/// Sorted runs, one behind the other.
pub(super) struct Runs {
    file: BufWriter<File>,
    /// Where each ends, in records.
    ends: Vec<u64>,
}

impl Runs {
    pub(super) fn new() -> Result<Self, CountError> {
        let file = tempfile::tempfile().map_err(failed)?;
        Ok(Self { file: BufWriter::with_capacity(1 << 18, file), ends: Vec::new() })
    }

    /// Appends a run, sorted by substance and term.
    pub(super) fn push(&mut self, pairs: &[PairCount]) -> Result<(), CountError> {
        for pair in pairs {
            let mut record = [0; RECORD];
            for (bytes, number) in
                record.chunks_exact_mut(4).zip([pair.substance, pair.term, pair.n])
            {
                bytes.copy_from_slice(&number.to_le_bytes());
            }
            self.file.write_all(&record).map_err(failed)?;
        }
        let before = self.ends.last().copied().unwrap_or(0);
        self.ends.push(before + pairs.len() as u64);
        Ok(())
    }

    /// Every pair once, with the sum of its counts, in order.
    pub(super) fn merged(self, most: MostPairs) -> Result<Vec<PairCount>, CountError> {
        let mut file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        let starts = std::iter::once(&0).chain(&self.ends);
        let ranges = starts.zip(&self.ends);
        let mut runs: Vec<Run> =
            ranges.map(|(&next, &end)| Run { next, end, buffer: Vec::new() }).collect();
        let mut heads = BinaryHeap::new();
        for (at, run) in runs.iter_mut().enumerate() {
            heads.extend(
                run.take(&mut file)?.map(|pair| Reverse((pair.substance, pair.term, at, pair.n))),
            );
        }
        let mut pairs: Vec<PairCount> = Vec::new();
        while let Some(Reverse((substance, term, at, n))) = heads.pop() {
            match pairs.last_mut() {
                Some(last) if (last.substance, last.term) == (substance, term) => {
                    let sum = last.n.checked_add(n);
                    last.n = sum.ok_or(CountError::TooManyReports { reports: usize::MAX })?;
                }
                _ => pairs.push(PairCount { substance, term, n }),
            }
            if pairs.len().is_multiple_of(CHECKED) {
                most.check(pairs.len() as u64)?;
            }
            let next = match runs.get_mut(at) {
                Some(run) => run.take(&mut file)?,
                None => None,
            };
            heads.extend(next.map(|pair| Reverse((pair.substance, pair.term, at, pair.n))));
        }
        most.check(pairs.len() as u64)?;
        Ok(pairs)
    }
}

/// A run on the way.
struct Run {
    next: u64,
    end: u64,
    /// Read ahead, the next last.
    buffer: Vec<PairCount>,
}

impl Run {
    fn take(&mut self, file: &mut File) -> Result<Option<PairCount>, CountError> {
        if self.buffer.is_empty() && self.next < self.end {
            self.fill(file).map_err(failed)?;
        }
        Ok(self.buffer.pop())
    }

    fn fill(&mut self, file: &mut File) -> io::Result<()> {
        let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
        let mut bytes = vec![0; left.min(BUFFER) * RECORD];
        file.seek(SeekFrom::Start(self.next * RECORD as u64))?;
        file.read_exact(&mut bytes)?;
        self.next += left.min(BUFFER) as u64;
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |n, byte| n << 8 | u32::from(*byte));
        let pair = |record: &[u8]| {
            let (substance, rest) = record.split_at(4);
            let (term, n) = rest.split_at(4);
            PairCount { substance: number(substance), term: number(term), n: number(n) }
        };
        self.buffer.extend(bytes.chunks_exact(RECORD).rev().map(pair));
        Ok(())
    }
}

fn failed(error: io::Error) -> CountError {
    CountError::Spill { folder: std::env::temp_dir(), source: error }
}
