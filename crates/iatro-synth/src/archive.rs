//! The quarter's zip: tables compressed side by side, with fixed timestamps.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::thread;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, PreparedZipFile, ZipWriter};

use crate::error::SynthError;

/// One file of an archive.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Writes the members in their order.
pub(crate) fn write(path: &Path, members: &[Member]) -> Result<(), SynthError> {
    let archive = |source| SynthError::Archive { path: path.to_path_buf(), source };
    let file =
        File::create(path).map_err(|source| SynthError::Io { path: path.to_path_buf(), source })?;
    let mut writer = ZipWriter::new(BufWriter::new(file));
    for prepared in compress(members) {
        writer.add_prepared_file(prepared.map_err(archive)?).map_err(archive)?;
    }
    let file = writer.finish().map_err(archive)?;
    file.into_inner()
        .map(|_| ())
        .map_err(|e| SynthError::Io { path: path.to_path_buf(), source: e.into_error() })
}

type Prepared = Result<PreparedZipFile, zip::result::ZipError>;

/// Compresses the members at the same time; the result does not depend on who is first.
fn compress(members: &[Member]) -> Vec<Prepared> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(4))
        .last_modified_time(DateTime::default());
    let prepare =
        |member: &Member| PreparedZipFile::from_data(member.name.as_str(), options, &member.bytes);
    thread::scope(|scope| {
        let spawn = |member| scope.spawn(move || prepare(member));
        let threads: Vec<_> = members.iter().map(spawn).collect();
        let lost = || zip::result::ZipError::Io(std::io::Error::other("a compressor stopped"));
        threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err(lost()))).collect()
    })
}
