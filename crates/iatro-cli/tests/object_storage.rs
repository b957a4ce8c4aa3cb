//! `--lake s3://…` as a user calls it: every command says what it says of the folder; and without the feature, how to
//! get it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{iatro, stderr, stdout};

#[test]
fn nothing_is_written_or_listed_there() {
    for arguments in [
        &["ingest", "csv", "list.csv", "--lake", "s3://bucket/lake"][..],
        &["ingest", "csv", "list.csv", "--lake", "s3a://bucket/lake"],
        &["lake", "ls", "--lake", "S3://bucket/lake"],
        &["lake", "show", "--lake", "gs://bucket/lake"],
        &["review", "build", "--lake", "lake", "--out", "s3://bucket/page"],
        &["demo", "--out", "s3://bucket/lake"],
    ] {
        let output = iatro(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("only reads snapshots on object storage"));
    }
    assert!(!std::path::Path::new("s3:").exists());
}

#[cfg(not(feature = "s3"))]
#[test]
fn without_the_feature_it_says_how_to_build_it() {
    let output = iatro(&["signal", "pairs", "--lake", "s3://bucket/lake"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    assert!(
        text.contains("--features sql,spark,s3") && text.contains("s3://bucket/lake"),
        "{text}"
    );
    assert_eq!((text.lines().count(), stdout(&output)), (1, String::new()));
}

#[cfg(feature = "s3")]
#[path = "../../iatro-engines/tests/support/store.rs"]
mod store;

#[cfg(feature = "s3")]
mod with_the_feature {
    use std::path::{Path, PathBuf};
    use std::process::Output;

    use tempfile::TempDir;

    use super::common::{files, ingest_faers, quarter};
    use super::store::{Fault, SECRETS, Store};
    use super::*;

    const LAKE: &str = "s3://bucket/lake";
    const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/lamotrigine.json");

    struct Scene {
        folder: TempDir,
        store: Store,
    }

    impl Scene {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let lake = folder.path().join("store/bucket/lake");
            assert!(ingest_faers(&quarter(folder.path(), "q"), &lake).status.success());
            let store = Store::start(&folder.path().join("store"));
            Self { folder, store }
        }

        fn folder(&self) -> PathBuf {
            self.folder.path().join("store/bucket/lake")
        }

        fn cache(&self) -> PathBuf {
            self.folder.path().join("cache")
        }

        fn run(&self, arguments: &[&str]) -> Output {
            let mut command = super::common::without_aws();
            let command = command.args(arguments).env("IATRO_CACHE", self.cache());
            command.envs(self.store.variables()).output().unwrap()
        }

        /// Fails if a command says another thing of the lake there than of the folder.
        fn compare(&self, arguments: &[&str]) {
            let of = |lake: &str| self.run(&[arguments, &["--lake", lake]].concat());
            let [here, there] = [self.folder().to_str().unwrap(), LAKE].map(of);
            assert!(here.status.success(), "{arguments:?}: {}", stderr(&here));
            assert!(there.status.success(), "{arguments:?}: {}", stderr(&there));
            assert_eq!(stdout(&there), stdout(&here), "{arguments:?}");
        }

        /// Names of the cached files that end so.
        fn cached(&self, ending: &str) -> usize {
            let there = files(&self.cache());
            there.iter().filter(|file| file.to_string_lossy().ends_with(ending)).count()
        }
    }

    #[test]
    fn every_command_says_what_it_says_of_the_folder() {
        let term = "Haemophagocytic lymphohistiocytosis";
        for arguments in [
            &["lake", "show", "--format", "json"][..],
            &["lake", "show", "--substances"],
            &["lake", "verify"],
            &["study", "explain", "hlh", "--format", "csv"],
            &["signal", "run", "--format", "json"],
            &["signal", "run", "--term", term, "--format", "csv"],
            &["signal", "explain", "lamotrigine"],
            &["signal", "pairs", "--format", "csv"],
            &["signal", "pairs", "--memory", "64MiB", "--format", "csv"],
            &["case", "causality", CASE, "--format", "json"],
            &["signal", "attribute", "--sweeps", "200", "--cases", "--format", "csv"],
        ] {
            // Each with a cache of its own: it must find what it needs there.
            Scene::new().compare(arguments);
        }
    }

    #[test]
    fn a_page_is_written_from_there() {
        let scene = Scene::new();
        let page = |lake: &str, name: &str| {
            let out = scene.folder.path().join(name);
            let out = out.to_str().unwrap();
            let output = scene.run(&["review", "build", "--lake", lake, "--out", out]);
            assert!(output.status.success(), "{}", stderr(&output));
            std::fs::read_to_string(Path::new(out).join("index.html")).unwrap()
        };
        assert!(page(LAKE, "there") == page(scene.folder().to_str().unwrap(), "here"));
        assert_eq!(scene.cached("history/report.parquet"), 0);
    }

    #[test]
    fn no_more_is_fetched_than_a_command_reads_and_nothing_twice() {
        let scene = Scene::new();
        assert!(scene.run(&["lake", "show", "--lake", LAKE]).status.success());
        assert_eq!((scene.cached("manifest.json"), scene.cached(".parquet")), (1, 0));
        let counted = scene.run(&["signal", "pairs", "--lake", LAKE]);
        assert!(stderr(&counted).contains("files ("), "{}", stderr(&counted));
        assert_eq!((scene.cached(".u32"), scene.cached(".parquet")), (4, 6));
        let again = scene.run(&["signal", "pairs", "--lake", LAKE]);
        assert_eq!(stderr(&again), "");
        assert_eq!(stdout(&again), stdout(&counted));
        assert!(scene.run(&["lake", "verify", "--lake", LAKE]).status.success());
        assert!(scene.cached("history/report.parquet") == 1);
    }

    #[cfg(feature = "sql")]
    #[test]
    fn tables_are_asked_in_sql() {
        let query = "select substance, count(*) as n from exposure join substance using (substance_id) \
            group by substance order by substance";
        Scene::new().compare(&["sql", query, "--format", "csv"]);
    }

    #[test]
    fn failures_have_their_exit_codes_and_no_secret() {
        let scene = Scene::new();
        for (lake, ending, fault, code) in [
            ("s3://bucket/a//b", "", None, 2),
            ("s3://bucket/none", "", None, 3),
            ("s3://sesame-secret@bucket/lake", "", None, 2),
            ("s3://none/lake", "", None, 3),
            (LAKE, "/exposure.u32", Some(Fault::Wrong), 3),
            (LAKE, "/CURRENT", Some(Fault::Status(403, "AccessDenied")), 4),
        ] {
            if let Some(fault) = fault {
                scene.store.plan(ending, 9, fault);
            }
            let output = scene.run(&["signal", "run", "--lake", lake]);
            let text = stderr(&output);
            assert_eq!(output.status.code(), Some(code), "{text}");
            assert!(text.lines().count() == 1 && text.contains("s3://"), "{text}");
            assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{text}");
            assert_eq!(stdout(&output), "");
            scene.store.requests();
        }
        let output = scene.run(&["case", "causality", CASE, "--lake", "s3://bucket/none"]);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        assert!(stderr(&output).contains("nothing is there"), "{}", stderr(&output));
    }
}
