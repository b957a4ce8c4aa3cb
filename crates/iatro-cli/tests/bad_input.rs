//! Bad input: one clear error that names the file and the way out, the right exit code, and
//! everything as it was.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs
)]

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{files, iatro, ingest_faers, quarter, stderr, stdout};

/// Ingests a path into a lake that does not exist; the call must fail so, and leave no lake.
fn fails(path: &Path, code: i32, words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("deep/lake");
    let output = ingest_faers(path, &lake);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(stdout(&output), "");
    let name = path.file_name().unwrap().to_str().unwrap();
    for word in words.iter().chain(&[name, "error: "]) {
        assert!(said.contains(word), "no {word:?} in: {said}");
    }
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(!folder.path().join("deep").exists(), "{:?}", files(folder.path()));
}

fn zip(path: &Path, members: &[(&str, &[u8])]) -> PathBuf {
    let mut writer = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    path.to_path_buf()
}

#[test]
fn a_missing_file() {
    fails(Path::new("/nowhere/faers_ascii_2022Q4.zip"), 3, &["no such file", "Check the path"]);
}

#[test]
fn an_empty_zip_a_zip_of_nothing_and_an_empty_file() {
    let folder = tempfile::tempdir().unwrap();
    fails(&zip(&folder.path().join("empty.zip"), &[]), 3, &["the zip archive is empty"]);
    let other = zip(&folder.path().join("photos.zip"), &[("cat.jpg", b"x")]);
    fails(&other, 3, &["no FAERS table", "DEMO22Q4.txt"]);
    let nothing = folder.path().join("nothing.zip");
    fs::write(&nothing, "").unwrap();
    fails(&nothing, 3, &["0 bytes", "Download it again"]);
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = vec![0; 128 << 20];
    let bomb = zip(&folder.path().join("bomb.zip"), &[("DEMO22Q4.txt", &zeros)]);
    assert!(fs::metadata(&bomb).unwrap().len() < 1 << 20);
    fails(&bomb, 4, &["zip bomb", "DEMO22Q4.txt"]);
}

#[test]
fn a_text_file_named_zip_and_a_cut_zip() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.zip");
    fs::write(&text, "primaryid$caseid\n1$1\n").unwrap();
    fails(&text, 3, &["not a zip archive"]);
    let whole = zip(&folder.path().join("whole.zip"), &[("DEMO22Q4.txt", &[b'x'; 4096])]);
    let cut = folder.path().join("cut.zip");
    let bytes = fs::read(&whole).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    fails(&cut, 3, &["not a zip archive"]);
}

#[test]
fn a_header_without_an_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let quarter = quarter(folder.path(), "q");
    let demo = quarter.join("DEMO22Q4.txt");
    fs::write(&demo, "caseid$sex\n100$F\n").unwrap();
    let lake = folder.path().join("lake");
    let output = ingest_faers(&quarter, &lake);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let words = ["DEMO22Q4.txt, line 1", "\"primaryid\" or \"isr\"", "found: caseid, sex"];
    words.iter().for_each(|word| assert!(said.contains(word), "{said}"));
    assert!(!lake.exists());
}

#[test]
fn an_error_leaves_an_existing_lake_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let ingest = |path: &Path| ingest_faers(path, &lake);
    assert!(ingest(&quarter(folder.path(), "q")).status.success());
    let before = files(&lake);
    let bad = folder.path().join("faers_ascii_2023Q1.zip");
    fs::write(&bad, "no").unwrap();
    assert_eq!(ingest(&bad).status.code(), Some(3));
    let cut = folder.path().join("DEMO23Q1.txt");
    fs::write(&cut, "primaryid$caseid\n1$1\n").unwrap();
    assert_eq!(ingest(&cut).status.code(), Some(3));
    assert_eq!(files(&lake), before);
    let foreign = folder.path().join("q");
    let output = ingest_faers(&foreign, &foreign);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("not a lake"));
}

/// A small file system of its own, unmounted when dropped; `None` where this user may not mount.
struct Mount(PathBuf);

impl Mount {
    fn tmpfs(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: this user may not mount a tmpfs");
        }
        mounted.then(|| Self(at.to_path_buf()))
    }

    fn read_only(&self) -> bool {
        let remount = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status();
        remount.is_ok_and(|status| status.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mount::tmpfs(&folder.path().join("disk"), "size=64k") else { return };
    let quarter = quarter(folder.path(), "q");
    let lake = disk.0.join("lake");
    let output = ingest_faers(&quarter, &lake);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("the disk is full") && said.contains("Nothing was changed"), "{said}");
    assert_eq!(files(&disk.0), Vec::<PathBuf>::new());
}

#[test]
fn rows_that_do_not_fit_on_the_disk_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mount::tmpfs(&folder.path().join("disk"), "size=64k") else { return };
    let corpus = folder.path().join("corpus");
    iatro_synth::generate(&iatro_synth::Corpus::small(4, 600), &corpus).unwrap();
    let lake = folder.path().join("lake");
    assert!(ingest_faers(&corpus, &lake).status.success());
    let lake = lake.to_str().unwrap();
    for format in ["csv", "ndjson", "parquet"] {
        let target = disk.0.join("pairs");
        let target = target.to_str().unwrap();
        let arguments = ["signal", "pairs", "--lake", lake, "--format", format, "--output", target];
        let output = iatro(&arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(4), "{format}: {said}");
        assert!(said.contains("No space left") && !said.contains("panicked"), "{said}");
        assert_eq!(files(&disk.0), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_read_only_lake_is_read_but_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mount::tmpfs(&folder.path().join("disk"), "size=8m") else { return };
    let quarter = quarter(folder.path(), "q");
    let lake = disk.0.join("lake");
    let ingest = |path: &Path| ingest_faers(path, &lake);
    assert!(ingest(&quarter).status.success());
    if !disk.read_only() {
        eprintln!("skipped: this user may not remount");
        return;
    }
    let output = ingest(&quarter);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("not writable"), "{}", stderr(&output));
    let verify = iatro(&["lake".as_ref(), "verify".as_ref(), "--lake".as_ref(), lake.as_os_str()]);
    assert!(verify.status.success(), "{}", stderr(&verify));
}

#[test]
fn questions_that_make_no_sense_are_usage_errors() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let lake = lake.to_str().unwrap();
    let quarter = quarter(folder.path(), "q");
    let done = iatro(&["ingest", "faers", quarter.to_str().unwrap(), "--lake", lake]);
    assert!(done.status.success());
    for (arguments, code, words) in [
        (vec!["signal", "run", "--lake", lake, "--event", "nero"], 2, "broad, narrow"),
        (vec!["signal", "run", "--lake", lake, "--study", "hhl"], 2, "hlh"),
        (vec!["signal", "run", "--lake", lake, "--roles", "XX"], 2, "PS, SS, I or C"),
        (
            vec!["signal", "run", "--lake", lake, "--comparator", "nothing"],
            2,
            "names the comparator",
        ),
        (vec!["signal", "explain", "nothing", "--lake", lake], 2, "names \"nothing\""),
        (vec!["signal", "run", "--lake", "/nowhere"], 3, "no such lake"),
        (vec!["signal", "run", "--lake", lake, "--format", "parquet"], 2, "--output"),
        (vec!["stats", "table", "1", "2", "3", "18446744073709551615"], 2, "1 2 3"),
        (vec!["lake", "show", "--lake", lake, "--dataset", "../.."], 3, "no snapshot"),
        (vec!["fetch", "faers", "2022Q9", "--to", "/nowhere"], 2, "2022Q9"),
    ] {
        let output = iatro(&arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
