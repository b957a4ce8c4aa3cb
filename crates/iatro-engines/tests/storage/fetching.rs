//! What is fetched, what is kept, and how a fetch goes on after trouble.

use std::fs;
use std::time::Duration;

use iatro_engines::storage::Fetched;
use iatro_reports::lake::schema::Table;

use super::store::Fault;
use super::{LAKE, Scene, grow};

#[test]
fn a_lake_is_fetched_once_and_is_the_same() {
    let scene = Scene::new();
    let (snapshot, fetched) = scene.whole().unwrap();
    let manifest = scene.original.manifest();
    assert_eq!(snapshot.manifest(), manifest);
    assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
    let files: Vec<_> = manifest.files().collect();
    let bytes = files.iter().map(|(_, file)| file.bytes).sum();
    assert_eq!(fetched, Fetched { files: files.len() as u64, bytes, kept: 0 });
    for (name, _) in &files {
        let [here, there] = [&snapshot, &scene.original].map(|s| s.folder().join(name));
        assert!(fs::read(here).unwrap() == fs::read(there).unwrap(), "{name}");
    }
    let first = scene.store.requests().len();
    assert_eq!(first, files.len() + 3);
    let (_, again) = scene.whole().unwrap();
    assert_eq!(again, Fetched { files: 0, bytes: 0, kept: files.len() as u64 });
    let asked = scene.store.requests();
    assert!(asked.len() == 3 && asked[2].ends_with("/manifest.json"), "{asked:?}");
}

#[test]
fn only_what_is_wanted_is_fetched_and_the_rest_is_missed_by_name() {
    let scene = Scene::new();
    let few = |name: &str| ["term.parquet", "reaction.u32"].contains(&name);
    let (snapshot, fetched) = scene.ask(LAKE, None, &few).unwrap();
    assert_eq!(fetched.files, 2);
    assert!(snapshot.read(Table::Term, &["term"]).is_ok());
    for table in [Table::Report, Table::Event] {
        let error = snapshot.read(table, &["report_id"]).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!("{}.parquet: missing", table.name())), "{error}");
    }
    let missing = snapshot.manifest().files().count() - 2;
    assert_eq!(snapshot.verify().unwrap().problems.len(), missing);
    let (snapshot, fetched) = scene.whole().unwrap();
    assert_eq!((fetched.files, fetched.kept), (missing as u64, 2));
    assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn what_was_damaged_in_the_cache_is_fetched_again() {
    let scene = Scene::new();
    let (snapshot, _) = scene.whole().unwrap();
    let [term, report] = ["term", "report"].map(|name| snapshot.table_path(name));
    let mut bytes = fs::read(&term).unwrap();
    bytes[10] ^= 1;
    fs::write(&term, bytes).unwrap();
    fs::write(&report, "cut").unwrap();
    fs::write(snapshot.folder().join("manifest.json"), "{").unwrap();
    let (snapshot, fetched) = scene.whole().unwrap();
    assert_eq!(fetched.files, 2);
    assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn trouble_that_passes_is_overcome_and_no_byte_comes_twice() {
    let scene = Scene::new();
    let pause = Duration::from_millis(150);
    for (ending, times, fault) in [
        ("lake.json", 2, Fault::Status(503, "SlowDown")),
        ("CURRENT", 1, Fault::Gone),
        ("manifest.json", 1, Fault::Cut(100)),
        ("/term.parquet", 3, Fault::Cut(70)),
        ("/report.parquet", 1, Fault::Silent(Some(50))),
        ("/drug.parquet", 1, Fault::Silent(None)),
        ("/event.parquet", 2, Fault::Status(500, "InternalError")),
        // Longer than patience, but never without a byte for as long.
        ("/reaction.u32", 1, Fault::Slow(24, pause)),
    ] {
        scene.store.plan(ending, times, fault);
    }
    let (snapshot, _) = scene.whole().unwrap();
    assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
    let asked = scene.store.requests();
    for from in ["/term.parquet from 70", "/term.parquet from 140", "/term.parquet from 210"] {
        assert!(asked.iter().any(|line| line.ends_with(from)), "{from}: {asked:?}");
    }
    assert!(asked.iter().any(|line| line.ends_with("/report.parquet from 50")), "{asked:?}");
}

#[test]
fn a_snapshot_stays_readable_when_another_becomes_current() {
    let scene = Scene::new();
    let later = grow(scene.folder.path(), &scene.lake(), "b.csv");
    assert_ne!(later.manifest().dataset_id, scene.id());
    let (snapshot, _) = scene.ask(LAKE, Some(scene.id()), &|_| true).unwrap();
    assert_eq!(snapshot.manifest(), scene.original.manifest());
    let (current, _) = scene.whole().unwrap();
    assert_eq!(current.manifest(), later.manifest());
}

#[test]
fn runs_side_by_side_do_not_harm_each_other() {
    let scene = Scene::new();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| scene.whole().unwrap().0)).collect();
        for run in runs {
            assert_eq!(run.join().unwrap().verify().unwrap().problems, Vec::<String>::new());
        }
    });
    assert!(fs::read_dir(scene.cache().join("partial")).unwrap().next().is_none());
}
