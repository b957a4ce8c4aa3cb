//! The demo as a new user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{iatro, json, stderr};

#[test]
fn the_demo_finds_what_was_planted_and_says_what_else_is_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo");
    let arguments = ["demo", "--out", out.to_str().unwrap(), "--format", "json"];
    let answer = json(&iatro(&arguments));
    assert_eq!(answer["totals_agree"], true);
    let planted = answer["planted"].as_array().unwrap();
    let flagged = |role: &str| -> Vec<bool> {
        let of_role = planted.iter().filter(|row| row["planted_as"] == role);
        of_role.map(|row| row["flagged"] == "yes").collect()
    };
    let culprits = flagged("culprit");
    assert!(culprits.len() >= 6 && culprits.iter().all(|found| *found), "{planted:?}");
    assert!(flagged("bystander").contains(&true), "{planted:?}");
    let with = |role: &str, key: &str, value: &str| {
        planted.iter().filter(|row| row["planted_as"] == role && row[key] == value).count()
    };
    assert_eq!(with("culprit", "called", "yes"), culprits.len(), "{planted:?}");
    assert!(with("bystander", "verdict", "explained") >= 2, "{planted:?}");
    assert_eq!(with("channelled", "verdict", "explained"), flagged("channelled").len());
    assert_eq!(with("channelled", "called", "yes"), 0);
    let aside = |row: &serde_json::Value| row["set_aside"].as_u64().unwrap();
    assert!(
        planted.iter().filter(|row| row["planted_as"] == "therapy").map(aside).sum::<u64>() > 50
    );
    let page = std::fs::read_to_string(answer["page"].as_str().unwrap()).unwrap();
    for row in planted {
        assert!(page.contains(row["substance"].as_str().unwrap()), "{row}");
    }
    // Again into the same folder: the same bytes.
    let again = json(&iatro(&arguments));
    assert_eq!(again, answer);
    assert_eq!(std::fs::read_to_string(answer["page"].as_str().unwrap()).unwrap(), page);
}

#[test]
fn a_folder_with_other_things_in_it_is_not_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("corpus");
    std::fs::create_dir(&mine).unwrap();
    let output = iatro(&["demo", "--out", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(mine.exists());
}
