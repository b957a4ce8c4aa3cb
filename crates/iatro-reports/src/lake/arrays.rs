//! Plain arrays of numbers beside the tables: little-endian, four bytes a number, no header.
//!
//! Counting starts from them because nothing has to be decoded: a hundred million numbers are there as
//! fast as the disk gives them. What they mean is in [`incidence`](super::incidence).

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::manifest::TableFile;
use super::snapshot::unreadable;
use crate::error::{Error, Result};
use crate::input::hash::HashingWriter;

/// What the name of an array's file ends in.
pub const EXTENSION: &str = "u32";

/// Numbers that a task reads at once.
const PIECE: usize = 1 << 20;

/// Bytes of a number.
pub(super) const BYTES: u64 = size_of::<u32>() as u64;

/// Writes one array, hashed while it is written.
pub(crate) struct ArrayWriter {
    name: String,
    path: PathBuf,
    file: HashingWriter<BufWriter<File>>,
    numbers: u64,
}

impl ArrayWriter {
    /// Opens `FOLDER/NAME.u32`.
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(format!("{name}.{EXTENSION}"));
        let file = File::create(&path).map_err(|e| Error::write(&path, e))?;
        let file = HashingWriter::new(BufWriter::with_capacity(1 << 20, file));
        Ok(Self { name: name.to_owned(), path, file, numbers: 0 })
    }

    /// Appends numbers.
    pub(crate) fn write(&mut self, numbers: &[u32]) -> Result<()> {
        self.numbers += numbers.len() as u64;
        self.file.write_all(&little_endian(numbers)).map_err(|e| Error::write(&self.path, e))
    }

    /// Completes the file, on the disk, and describes it.
    pub(crate) fn finish(self) -> Result<TableFile> {
        let Self { name, path, file, numbers } = self;
        let (mut file, sha256, bytes) = file.finish();
        let synced = file.flush().and_then(|()| file.get_ref().sync_all());
        synced.map_err(|e| Error::write(&path, e))?;
        Ok(TableFile { name, rows: numbers, bytes, sha256 })
    }
}

fn little_endian(numbers: &[u32]) -> Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        Cow::Borrowed(bytemuck::cast_slice(numbers))
    } else {
        Cow::Owned(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
    }
}

/// Reads the numbers of a range, in parallel.
///
/// # Errors
/// If the file is missing, cannot be read, or ends before the range.
pub(crate) fn read(path: &Path, range: Range<u64>) -> Result<Vec<u32>> {
    let length = usize::try_from(range.end.saturating_sub(range.start));
    let length = length.map_err(|_| short(path, &range))?;
    check_size(path, &range)?;
    let mut numbers = vec![0_u32; length];
    numbers.par_chunks_mut(PIECE).enumerate().try_for_each(|(at, piece)| {
        let start = (range.start + (at * PIECE) as u64) * BYTES;
        let mut read = || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(bytemuck::cast_slice_mut(piece))
        };
        read().map_err(|e| Error::read(path, e))?;
        piece.iter_mut().for_each(|number| *number = u32::from_le(*number));
        Ok(())
    })?;
    Ok(numbers)
}

/// Reads one number.
///
/// # Errors
/// As for [`read`].
pub(crate) fn read_one(path: &Path, at: u64) -> Result<u32> {
    let range = at..at.saturating_add(1);
    read(path, range.clone())?.first().copied().ok_or_else(|| short(path, &range))
}

/// Nothing is allocated for numbers that are not there.
fn check_size(path: &Path, range: &Range<u64>) -> Result<()> {
    let bytes = std::fs::metadata(path).map_err(|e| unreadable(path, e))?.len();
    if range.end.checked_mul(BYTES).is_some_and(|end| end <= bytes) {
        return Ok(());
    }
    Err(short(path, range))
}

fn short(path: &Path, range: &Range<u64>) -> Error {
    Error::bad_data(
        path,
        format!("this array of the lake ends before number {}", range.end),
        "`iatro lake verify` tells what is damaged. Restore the lake, or ingest the files anew.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::input::hash::sha256_file;

    #[test]
    fn numbers_come_back_from_any_range() {
        let folder = tempfile::tempdir().unwrap();
        let numbers: Vec<u32> =
            (0..PIECE as u32 * 2 + 77).map(|n| n.wrapping_mul(2_654_435_761)).collect();
        let mut writer = ArrayWriter::create(folder.path(), "numbers").unwrap();
        numbers.chunks(999_983).for_each(|piece| writer.write(piece).unwrap());
        let written = writer.finish().unwrap();
        let path = folder.path().join("numbers.u32");
        assert_eq!(written.rows, numbers.len() as u64);
        assert_eq!((written.sha256, written.bytes), sha256_file(&path).unwrap());
        for range in [0..numbers.len(), 3..3, 5..PIECE + 9, PIECE..numbers.len()] {
            let read = read(&path, range.start as u64..range.end as u64).unwrap();
            assert_eq!(read, numbers[range]);
        }
    }

    #[test]
    fn a_range_beyond_the_end_is_refused_before_memory_is_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = ArrayWriter::create(folder.path(), "few").unwrap();
        writer.write(&[1, 2, 3]).unwrap();
        writer.finish().unwrap();
        let path = folder.path().join("few.u32");
        for end in [4, 1 << 40, u64::MAX] {
            let error = read(&path, 0..end).unwrap_err().to_string();
            assert!(error.contains(&format!("ends before number {end}")), "{error}");
        }
        assert!(read(&folder.path().join("none.u32"), 0..1).is_err());
    }
}
