//! The quarter's zip: tables compressed as they are written, on a thread of their own, with fixed
//! timestamps. Only what is compressed is kept until the quarter is finished.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use zip::result::{ZipError, ZipResult};
use zip::write::{SimpleFileOptions, ZipFileBuilder};
use zip::{CompressionMethod, DateTime, PreparedZipFile, ZipWriter};

use crate::error::SynthError;

/// Blocks that may wait for the compressor.
const WAITING: usize = 8;

/// One file of an archive.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The next bytes of a member.
struct Block {
    member: usize,
    bytes: Vec<u8>,
}

/// An archive whose first members grow side by side.
pub(crate) struct Archive {
    blocks: SyncSender<Block>,
    compressor: JoinHandle<ZipResult<Vec<PreparedZipFile>>>,
}

impl Archive {
    /// An archive with these growing members, in their order.
    ///
    /// # Errors
    /// If the system gives no thread for the compressor.
    pub(crate) fn new(names: Vec<String>) -> std::io::Result<Self> {
        let (blocks, waiting) = sync_channel(WAITING);
        let compressor = thread::Builder::new().spawn(move || compress(names, waiting))?;
        Ok(Self { blocks, compressor })
    }

    /// Adds bytes to a growing member. If the compressor has stopped, [`finish`](Self::finish) says
    /// why.
    pub(crate) fn add(&self, member: usize, bytes: Vec<u8>) {
        let _stopped = self.blocks.send(Block { member, bytes });
    }

    /// Writes the growing members, and behind them those in `whole`.
    pub(crate) fn finish(self, path: &Path, whole: &[Member]) -> Result<(), SynthError> {
        let Self { blocks, compressor } = self;
        drop(blocks);
        let lost = || ZipError::Io(std::io::Error::other("the compressor stopped"));
        let grown = compressor.join().unwrap_or_else(|_| Err(lost()));
        let whole = whole.iter().map(|member| {
            PreparedZipFile::from_data(member.name.as_str(), options(), &member.bytes)
        });
        let whole: ZipResult<Vec<PreparedZipFile>> = whole.collect();
        let broken = |source| SynthError::Archive { path: path.to_path_buf(), source };
        let (grown, whole) = (grown.map_err(broken)?, whole.map_err(broken)?);
        write(path, grown.into_iter().chain(whole))
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(4))
        .last_modified_time(DateTime::default())
}

/// Compresses blocks as they come; the result does not depend on when they do.
fn compress(names: Vec<String>, waiting: Receiver<Block>) -> ZipResult<Vec<PreparedZipFile>> {
    let builders = names.into_iter().map(|name| ZipFileBuilder::new(name, options()));
    let mut builders = builders.collect::<ZipResult<Vec<ZipFileBuilder>>>()?;
    for block in waiting {
        let builder = builders.get_mut(block.member).ok_or(ZipError::FileNotFound)?;
        builder.write_all(&block.bytes)?;
    }
    builders.into_iter().map(ZipFileBuilder::finish).collect()
}

fn write(path: &Path, members: impl Iterator<Item = PreparedZipFile>) -> Result<(), SynthError> {
    let path: PathBuf = path.to_path_buf();
    let io = |source| SynthError::Io { path: path.clone(), source };
    let broken = |source| SynthError::Archive { path: path.clone(), source };
    let mut writer = ZipWriter::new(BufWriter::new(File::create(&path).map_err(io)?));
    for member in members {
        writer.add_prepared_file(member).map_err(broken)?;
    }
    let file = writer.finish().map_err(broken)?;
    file.into_inner().map(|_| ()).map_err(|error| io(error.into_error()))
}
