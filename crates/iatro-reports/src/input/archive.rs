//! Zip archives: listing, checking against the limits, and streaming one member.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limits;
use super::{Member, READ_BUFFER, SourceFile};
use crate::error::{Error, Place, Result};

/// The files in an archive, sorted by name; an archive without any is an error.
pub(super) fn members(source: &SourceFile) -> Result<Vec<Member>> {
    let place = Place::from(&source.path);
    let mut archive = open(source)?;
    limits::check_members(&place, archive.len())?;
    let mut members = Vec::new();
    let mut total = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|e| not_a_zip(place.clone(), e))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(|e| not_a_zip(place.clone(), e))?.into_owned();
        let at = Place::file(format!("{}/{name}", source.name));
        total = limits::check_member(&at, entry.compressed_size(), entry.size(), total)?;
        members.push(Member { source: source.clone(), inner: Some(name), bytes: entry.size() });
    }
    if members.is_empty() {
        return Err(Error::bad_data(
            place,
            "the zip archive is empty",
            "Download it again, or leave it out.",
        ));
    }
    members.sort_by(|a, b| a.inner.cmp(&b.inner));
    Ok(members)
}

/// Streams one member; a member that unpacks past its declared size is refused.
pub(super) fn with_member<T>(
    member: &Member,
    inner: &str,
    read: impl FnOnce(&mut dyn BufRead) -> Result<T>,
) -> Result<T> {
    let mut archive = open(&member.source)?;
    let entry = archive.by_name(inner).map_err(|e| not_a_zip(member.place(), e))?;
    let limited = entry.take(member.bytes.saturating_add(1));
    let mut reader = BufReader::with_capacity(READ_BUFFER, limited);
    let result = read(&mut reader)?;
    if reader.get_ref().limit() == 0 {
        return Err(Error::refused(
            member.place(),
            "it unpacks to more bytes than the archive declares",
            "Check where the file came from.",
        ));
    }
    Ok(result)
}

fn open(source: &SourceFile) -> Result<ZipArchive<BufReader<File>>> {
    let file = File::open(&source.path).map_err(|e| Error::read(&source.path, e))?;
    let length = file.metadata().map_err(|e| Error::read(&source.path, e))?.len();
    if length == 0 {
        return Err(Error::bad_data(
            &source.path,
            "the file is empty (0 bytes)",
            "Expected a zip archive. Download it again.",
        ));
    }
    ZipArchive::new(BufReader::new(file)).map_err(|e| not_a_zip(Place::from(&source.path), e))
}

fn not_a_zip(place: Place, error: ZipError) -> Error {
    match error {
        ZipError::Io(source) => Error::read(place, source),
        ZipError::InvalidArchive(why) => Error::bad_data(
            place,
            format!("not a zip archive ({why})"),
            "Expected a zip as FDA publishes it. Download it again, or name an unpacked folder.",
        ),
        other => Error::bad_data(
            place,
            format!("a zip archive that cannot be unpacked ({other})"),
            "Unpack it by hand and name the folder.",
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::ErrorKind;
    use std::io::Write;
    use std::path::Path;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zip_with(path: &Path, members: &[(&str, &[u8])]) -> SourceFile {
        let mut writer = ZipWriter::new(File::create(path).unwrap());
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        SourceFile::new(path)
    }

    #[test]
    fn reads_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let source =
            zip_with(&folder.path().join("a.zip"), &[("b.txt", b"two"), ("a.txt", b"one")]);
        let members = members(&source).unwrap();
        assert_eq!(members.len(), 2);
        assert_eq!(members[0].name(), "a.zip/a.txt");
        let mut text = String::new();
        members[0]
            .with_reader(|r| {
                r.read_to_string(&mut text).map_err(|e| Error::read(Path::new("x"), e))
            })
            .unwrap();
        assert_eq!(text, "one");
    }

    #[test]
    fn refuses_a_bomb_an_empty_archive_and_a_text_file() {
        let folder = tempfile::tempdir().unwrap();
        let zeros = vec![0; 64 << 20];
        let bomb = zip_with(&folder.path().join("bomb.zip"), &[("DEMO22Q4.txt", &zeros)]);
        let error = members(&bomb).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.to_string().contains("zip bomb"), "{error}");

        let empty = zip_with(&folder.path().join("empty.zip"), &[]);
        assert!(members(&empty).unwrap_err().to_string().contains("the zip archive is empty"));

        let path = folder.path().join("text.zip");
        std::fs::write(&path, "primaryid$caseid\n").unwrap();
        let error = members(&SourceFile::new(&path)).unwrap_err();
        assert!(error.to_string().contains("not a zip archive"), "{error}");
        assert_eq!(error.kind(), ErrorKind::BadData);
    }
}
