//! An ingest that is killed leaves the previous snapshot readable, shows no half snapshot, and the next
//! run puts everything in order.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{files, iatro, json};
use iatro_synth::{Corpus, generate};

fn dataset(lake: &Path) -> String {
    let lake = lake.to_str().unwrap();
    let verified = json(&iatro(&["lake", "verify", "--lake", lake, "--format", "json"]));
    assert_eq!(verified["problems"].as_array().unwrap().len(), 0, "{verified}");
    verified["dataset_id"].as_str().unwrap().to_owned()
}

#[test]
fn killed_at_many_moments() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    generate(&Corpus::small(3, 600), &corpus).unwrap();
    let mut zips: Vec<_> =
        files(&corpus).into_iter().filter(|path| path.extension().unwrap() == "zip").collect();
    zips.sort();
    let (first, rest) = zips.split_first().unwrap();
    let lake = folder.path().join("lake");
    let whole = folder.path().join("whole");
    let ingest = |paths: &[std::path::PathBuf], lake: &Path| {
        let mut arguments = vec!["ingest".into(), "faers".into()];
        arguments.extend(paths.iter().map(|path| path.clone().into_os_string()));
        arguments.extend(["--lake".into(), lake.as_os_str().to_owned()]);
        arguments
    };
    assert!(iatro(&ingest(std::slice::from_ref(first), &lake)).status.success());
    let before = dataset(&lake);
    let started = std::time::Instant::now();
    assert!(iatro(&ingest(&zips, &whole)).status.success());
    let after = dataset(&whole);
    let lasts = started.elapsed();

    let mut killed = 0;
    for moment in 1..=20 {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("iatro"))
            .args(ingest(rest, &lake))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(lasts * moment / 24);
        let running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        let now = dataset(&lake);
        assert!(now == before || now == after, "{now}");
        if now == after {
            break;
        }
        killed += u32::from(running);
    }
    assert!(killed > 3, "only {killed} runs were killed while they ran");
    assert!(iatro(&ingest(rest, &lake)).status.success());
    assert_eq!(dataset(&lake), after);
    assert!(!lake.join("staging").exists());
}
