//! Every way to fail, each with an error of its own.

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use iatro_engines::storage::StorageErrorKind::{
    Changed, Missing, NoBucket, Refused, Unreachable, Usage,
};
use iatro_engines::storage::{Location, Options, RemoteLake, StorageErrorKind};

use super::store::Fault;
use super::{Heard, LAKE, Scene};

#[test]
fn what_is_not_there_is_told_apart() {
    let scene = Scene::new();
    let said = |lake: &str, dataset: Option<&str>, words: &str| {
        let error = scene.error(lake, dataset);
        assert_eq!(error.kind(), Some(Missing), "{error}");
        assert!(error.to_string().contains(words), "{words}: {error}");
    };
    let error = scene.error("s3://other/lake", None);
    assert_eq!(error.kind(), Some(NoBucket), "{error}");
    assert!(error.to_string().contains("has no bucket \"other\""), "{error}");
    said("s3://bucket/nothing", None, "s3://bucket/nothing: nothing is there");
    said("s3://bucket", None, "is no lake (it has no lake.json)");
    said("s3://bucket/my lakes", None, "is no lake (it has no lake.json)");
    said(LAKE, Some("0123456789abcdef"), "no snapshot \"0123456789abcdef\"");
    let file = scene.lake().join("snapshots").join(scene.id()).join("history/drug.parquet");
    fs::remove_file(file).unwrap();
    said(LAKE, None, "history/drug.parquet: no such object");
    fs::remove_file(scene.lake().join("snapshots").join(scene.id()).join("manifest.json")).unwrap();
    said(LAKE, None, "manifest.json: no such object");
    fs::remove_file(scene.lake().join("CURRENT")).unwrap();
    said(LAKE, None, "this lake has no CURRENT");
}

#[test]
fn what_the_store_refuses_is_told_without_its_answer() {
    let scene = Scene::new();
    for (status, code, kind, words) in [
        (403, "AccessDenied", Refused, "403 AccessDenied"),
        (401, "Unauthorized", Refused, "401 Unauthorized"),
        (400, "ExpiredToken", Refused, "400 ExpiredToken"),
        (400, "AuthorizationHeaderMalformed", Usage, "AWS_REGION"),
        (301, "PermanentRedirect", Usage, "AWS_REGION"),
        (503, "SlowDown", Unreachable, "503 SlowDown"),
        (500, "<odd>", Unreachable, "it answered 500"),
    ] {
        scene.store.plan("/term.parquet", 99, Fault::Status(status, code));
        let error = scene.error(LAKE, None);
        assert_eq!(error.kind(), Some(kind), "{error}");
        let text = error.to_string();
        assert!(text.contains(words) && text.contains("/term.parquet: "), "{words}: {text}");
        let requests = scene.store.requests();
        let tries = requests.iter().filter(|line| line.ends_with("/term.parquet")).count();
        assert_eq!(tries, if kind == Unreachable { 5 } else { 1 }, "{status}");
    }
}

#[test]
fn one_without_keys_or_with_others_is_refused() {
    let scene = Scene::new();
    for (name, value) in [("AWS_ACCESS_KEY_ID", "another"), ("AWS_SKIP_SIGNATURE", "true")] {
        let mut options = scene.options();
        options.variables.retain(|(known, _)| known != name);
        options.variables.push((name.to_owned(), value.to_owned()));
        let lake = RemoteLake::new(Location::parse(LAKE).unwrap(), options).unwrap();
        let read = lake.snapshot(None, &|_| true, &scene.cache(), &mut Heard::default());
        assert_eq!(read.map(|_| ()).unwrap_err().kind(), Some(Refused), "{name}");
    }
}

#[test]
fn who_hands_out_keys_is_told_from_the_bucket() {
    let scene = Scene::new();
    let mut options = scene.options();
    options.variables.retain(|(name, _)| !name.contains("KEY") && !name.contains("TOKEN"));
    let endpoint = options.variables[0].1.clone();
    let token = scene.folder.path().join("token");
    fs::write(&token, "token").unwrap();
    let given = |name: &str, value: String| (format!("AWS_CONTAINER_{name}"), value);
    options.variables.extend([
        given("CREDENTIALS_FULL_URI", format!("{endpoint}/bucket/none")),
        given("AUTHORIZATION_TOKEN_FILE", token.display().to_string()),
    ]);
    scene.store.plan("/bucket/none", 9, Fault::Status(404, "NotFound"));
    let lake = RemoteLake::new(Location::parse(LAKE).unwrap(), options).unwrap();
    let read = lake.snapshot(None, &|_| true, &scene.cache(), &mut Heard::default());
    let error = read.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), Some(Refused), "{error}");
    assert!(error.to_string().contains("no keys are to be had"), "{error}");
    let asked = scene.store.requests();
    assert!(asked.iter().all(|line| line == "/bucket/none") && !asked.is_empty(), "{asked:?}");
}

#[test]
fn an_object_that_is_replaced_by_a_shorter_one_is_told() {
    let scene = Scene::new();
    scene.store.plan("/manifest.json", 1, Fault::Cut(1_000));
    scene.store.plan("/manifest.json", 9, Fault::Status(416, "InvalidRange"));
    let error = scene.error(LAKE, None);
    assert_eq!(error.kind(), Some(Changed), "{error}");
    assert!(error.to_string().contains("became shorter"), "{error}");
}

#[test]
fn an_object_that_is_replaced_while_it_is_read_is_not_put_together_from_two() {
    let scene = Scene::new();
    for ending in ["/manifest.json", "/term.parquet"] {
        scene.store.plan(ending, 1, Fault::Cut(100));
        scene.store.plan(ending, 9, Fault::Wrong);
        let error = scene.error(LAKE, None);
        assert_eq!(error.kind(), Some(Changed), "{error}");
        assert!(error.to_string().contains("another object took its place"), "{error}");
        scene.store.requests();
    }
}

#[test]
fn a_lake_is_no_cache() {
    let scene = Scene::new();
    let lake = RemoteLake::new(Location::parse(LAKE).unwrap(), scene.options()).unwrap();
    let read = lake.snapshot(None, &|_| true, &scene.lake(), &mut Heard::default());
    let error = read.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("this folder is a lake") && error.contains("IATRO_CACHE"), "{error}");
}

#[test]
fn other_bytes_than_the_manifest_means_are_never_kept() {
    let scene = Scene::new();
    for (ending, fault, words) in [
        ("/exposure.u32", Fault::Wrong, "the manifest says"),
        ("/drug.parquet", Fault::Shorter(1), "bytes, expected"),
        ("/manifest.json", Fault::Shorter(9), "not the manifest"),
    ] {
        scene.store.plan(ending, 99, fault);
        let error = scene.error(LAKE, None).to_string();
        assert!(error.contains(words) && error.contains(ending), "{words}: {error}");
        scene.store.requests();
        // What came beside it was kept, if anything: the next is to come anew.
        let _ = fs::remove_dir_all(scene.cache());
    }
    let manifest = scene.original.folder().join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let file = &scene.original.manifest().parts[0].files[0].sha256;
    for (from, to) in [(&**file, "another file"), (scene.id(), "0123456789abcdef")] {
        assert!(text.contains(from));
        fs::write(&manifest, text.replace(from, to)).unwrap();
        let error = scene.error(LAKE, None);
        assert_eq!(error.kind(), Some(Changed), "{error}");
    }
}

#[test]
fn contents_that_make_no_sense_are_named() {
    let scene = Scene::new();
    let root = scene.lake();
    for (file, text, words) in [
        ("CURRENT", "../../secrets", "no dataset id: \"../../secrets\""),
        ("CURRENT", "", "no dataset id"),
        ("CURRENT", &"x".repeat(70_000), "at most 65536"),
        ("lake.json", "{}", "not the marker of a lake"),
        ("lake.json", "{\"format\":\"iatro-lake\",\"schema_version\":1}", "lake schema 1"),
    ] {
        let good = fs::read(root.join(file)).unwrap();
        fs::write(root.join(file), text).unwrap();
        let error = scene.error(LAKE, None).to_string();
        assert!(error.contains(words) && error.contains(file), "{words}: {error}");
        fs::write(root.join(file), good).unwrap();
    }
    fs::write(root.join("CURRENT"), [0xff, 0xfe]).unwrap();
    assert_eq!(scene.error(LAKE, None).kind(), Some(Changed));
}

#[test]
fn a_store_that_stands_still_is_given_up_in_time() {
    let scene = Scene::new();
    for fault in [Fault::Silent(None), Fault::Silent(Some(10)), Fault::Gone] {
        scene.store.plan("/term.parquet", 99, fault);
        let began = Instant::now();
        let error = scene.error(LAKE, None);
        let took = began.elapsed();
        assert_eq!(error.kind(), Some(Unreachable), "{error}");
        assert!(took < Duration::from_secs(8), "{fault:?}: {took:?}");
        scene.store.requests();
    }
}

#[test]
fn a_store_that_is_not_there_is_named() {
    let scene = Scene::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut options = scene.options();
    let endpoint = format!("http://127.0.0.1:{port}");
    options.variables.push(("AWS_ENDPOINT_URL_S3".to_owned(), endpoint.clone()));
    let lake = RemoteLake::new(Location::parse(LAKE).unwrap(), options).unwrap();
    let read = lake.snapshot(None, &|_| true, &scene.cache(), &mut Heard::default());
    let error = read.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), Some(Unreachable));
    let text = error.to_string();
    assert!(text.contains(&endpoint) && text.contains("refused"), "{text}");
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let scene = Scene::new();
    fs::write(scene.cache(), "a file").unwrap();
    let error = scene.error(LAKE, None);
    assert_eq!(error.kind(), None::<StorageErrorKind>);
    assert!(error.to_string().contains("cache"), "{error}");
}

#[test]
fn by_default_a_minute_without_a_byte_is_the_end() {
    let options = Options::new(Vec::new());
    assert_eq!(options.patience, Duration::from_secs(60));
    assert!(options.stall * options.attempts >= options.patience);
}
