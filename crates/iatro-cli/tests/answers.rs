//! Where answers go: checked before the work, never half written, never in the place of a device.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::fs;

use common::{iatro, quarter, stderr, stdout};

#[test]
fn a_target_that_cannot_be_is_said_before_the_lake_changes() {
    let folder = tempfile::tempdir().unwrap();
    let quarter = quarter(folder.path(), "q");
    let lake = folder.path().join("lake");
    let target = folder.path().join("no/such/answer.json");
    let (quarter, lake_path) = (quarter.to_str().unwrap(), lake.to_str().unwrap());
    let ingest = ["ingest", "faers", quarter, "--lake", lake_path];
    for more in [vec!["--output", target.to_str().unwrap()], vec!["--format", "parquet"]] {
        let output = iatro(&[&ingest[..], &more].concat());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(!lake.exists());
    }
}

#[test]
fn an_answer_replaces_a_file_follows_a_link_and_leaves_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.json");
    let neighbour = folder.path().join("answer.json.part");
    fs::write(&file, "old").unwrap();
    fs::write(&neighbour, "mine").unwrap();
    let calculate = |target: &std::path::Path| {
        let target = target.to_str().unwrap();
        let output =
            iatro(&["stats", "table", "1", "2", "3", "4", "--format", "json", "-o", target]);
        assert!(output.status.success() && stdout(&output).is_empty(), "{}", stderr(&output));
    };
    calculate(&file);
    let answer = fs::read_to_string(&file).unwrap();
    assert!(answer.starts_with('{'));
    assert_eq!(fs::read_to_string(&neighbour).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    #[cfg(unix)]
    {
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        fs::write(&file, "old").unwrap();
        calculate(&link);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), answer);
        calculate(std::path::Path::new("/dev/null"));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

#[test]
fn a_filter_holds_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let quarter = quarter(folder.path(), "q");
    let lake = folder.path().join("lake");
    let lake = lake.to_str().unwrap();
    assert!(
        iatro(&["ingest", "faers", quarter.to_str().unwrap(), "--lake", lake]).status.success()
    );
    let run = |format| {
        let arguments = ["signal", "run", "--lake", lake, "--min-cases", "1", "--format", format];
        stdout(&iatro(&arguments))
    };
    // One substance has a case: its primary row and those of its 20 checks.
    assert_eq!(run("csv").lines().count(), 1 + 1 + 20);
    let document: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(document["signals"].as_array().unwrap().len(), 1);
    let unknown = iatro(&["signal", "run", "--lake", lake, "--term", "Hemophagocytosis"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("no report of this lake has the term"));
}
