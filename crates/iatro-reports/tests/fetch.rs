//! Downloads against a server that misbehaves as real ones do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "fetch_server/server.rs"]
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use iatro_reports::faers::catalogue::CatalogueEntry;
use iatro_reports::fetch::{Fetched, Options, Outcome, Progress, Retry, Silent, fetch};
use iatro_reports::{Error, ErrorKind};
use server::{Act, Request, Server};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const NAME: &str = "faers_ascii_2022q4.zip";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that differ at every place, so that a wrong offset shows.
fn archive(len: usize) -> Vec<u8> {
    (0..len as u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(len).collect()
}

fn entry(quarter: &str, name: &str, content: &[u8]) -> CatalogueEntry {
    CatalogueEntry {
        quarter: quarter.parse().unwrap(),
        file_name: name.to_owned(),
        url: format!("http://127.0.0.1:9/{name}"),
        bytes: content.len() as u64,
        sha256: sha256(content),
        tables: Default::default(),
    }
}

/// A folder, a server with a script, and an archive that the catalogue knows.
struct Bench {
    content: Vec<u8>,
    folder: TempDir,
    server: Server,
    options: Options,
    retries: Vec<Retry>,
}

#[derive(Default)]
struct Notes {
    retries: Vec<Retry>,
    started: Vec<u64>,
    have: u64,
    finished: usize,
}

impl Progress for Notes {
    fn started(&mut self, _: &CatalogueEntry, have: u64) {
        self.started.push(have);
    }
    fn bytes(&mut self, _: &CatalogueEntry, have: u64) {
        self.have = have;
    }
    fn retry(&mut self, _: &CatalogueEntry, retry: &Retry) {
        self.retries.push(retry.clone());
    }
    fn finished(&mut self, _: &Fetched) {
        self.finished += 1;
    }
}

impl Bench {
    fn new(script: impl FnOnce(&[u8]) -> Vec<Act>) -> Self {
        let content = archive(300_000);
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(script(&content));
        let options = options(folder.path(), &server);
        Self { content, folder, server, options, retries: Vec::new() }
    }

    fn run(&mut self) -> Fetched {
        let entry = entry("2022Q4", NAME, &self.content);
        let mut notes = Notes::default();
        let mut all = fetch(&[&entry], &self.options, &mut notes).unwrap();
        assert_eq!((all.len(), notes.finished), (1, 1));
        self.retries = notes.retries;
        let fetched = all.remove(0);
        let accepted = matches!(fetched.outcome, Outcome::ChangedKept { .. });
        if self.here(NAME) && !accepted && fetched.is_here() {
            assert_eq!(sha256(&fs::read(&fetched.path).unwrap()), entry.sha256);
        }
        assert_eq!(fetched.is_here(), self.here(NAME));
        fetched
    }

    /// Runs to a complete download and looks that nothing else is left.
    fn downloads(&mut self) -> (u64, u32) {
        let fetched = self.run();
        let Outcome::Downloaded { resumed_from, attempts } = fetched.outcome else {
            panic!("{:?}", fetched.outcome)
        };
        assert_eq!(self.files(), [NAME]);
        assert_eq!(self.requests().len(), attempts as usize);
        (resumed_from, attempts)
    }

    fn fails(&mut self) -> Error {
        match self.run().outcome {
            Outcome::Failed(error) => error,
            other => panic!("{other:?}"),
        }
    }

    fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }

    /// From which byte each request asked.
    fn asked_from(&self) -> Vec<Option<usize>> {
        self.requests().iter().map(Request::from).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn here(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            names.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn leave_part(&self, bytes: &[u8], tag: Option<&str>) {
        fs::write(self.path(&format!("{NAME}.part")), bytes).unwrap();
        if let Some(tag) = tag {
            fs::write(self.path(&format!("{NAME}.part.etag")), tag).unwrap();
        }
    }
}

/// Options for a test: quick, and straight to the server.
fn options(folder: &Path, server: &Server) -> Options {
    Options {
        mirror: Some(format!("{}/data/", server.url())),
        retries: 3,
        backoff: Duration::from_millis(1),
        longest_wait: Duration::from_millis(50),
        connect_timeout: Duration::from_secs(10),
        stall_timeout: Duration::from_secs(10),
        environment_proxy: false,
        ..Options::new(folder)
    }
}

#[test]
fn downloads_verifies_and_then_skips() {
    let mut bench = Bench::new(|content| vec![Act::file(content)]);
    assert_eq!(bench.downloads(), (0, 1));
    let request = &bench.requests()[0];
    assert_eq!(request.path, format!("/data/{NAME}"));
    assert_eq!(request.from(), None);
    let agent = concat!("iatro/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(agent));
    assert!(matches!(bench.run().outcome, Outcome::AlreadyHere));
    assert_eq!(bench.requests().len(), 1, "what is here is not asked for");
}

#[test]
fn a_cut_body_is_resumed_where_it_ended() {
    let mut bench = Bench::new(|content| {
        let file = Act::file(content).tagged("\"v1\"");
        vec![file.clone().cut_after(100_001), file.clone().cut_after(7), file]
    });
    assert_eq!(bench.downloads(), (0, 3));
    assert_eq!(bench.asked_from(), [None, Some(100_001), Some(100_008)]);
    assert_eq!(bench.requests()[1].header("if-range"), Some("\"v1\""));
    assert!(bench.retries[0].reason.contains("closed too early"), "{:?}", bench.retries);
    assert_eq!((bench.retries[1].attempt, bench.retries[1].attempts), (2, 4));
}

#[test]
fn a_body_without_a_length_is_measured_against_the_catalogue() {
    let mut bench = Bench::new(|content| {
        vec![
            Act::file(content).without_length().cut_after(5_000),
            Act::file(content).without_length(),
        ]
    });
    assert_eq!(bench.downloads(), (0, 2));
    assert_eq!(bench.asked_from(), [None, Some(5_000)]);
    assert_eq!(bench.retries[0].reason, "the answer ended after 5,000 of 300,000 bytes");
}

#[test]
fn chunks_are_joined() {
    let mut bench = Bench::new(|content| {
        let mut body = Vec::new();
        for chunk in content.chunks(99_999) {
            body.extend(format!("{:x}\r\n", chunk.len()).bytes());
            body.extend(chunk);
            body.extend(b"\r\n");
        }
        body.extend(b"0\r\n\r\n");
        let chunked = |body: &[u8]| Act::status(200, body).header("Transfer-Encoding", "chunked");
        vec![chunked(&body).without_length().cut_after(200_000), chunked(&body).without_length()]
    });
    assert_eq!(bench.downloads(), (0, 2));
}

#[test]
fn chunks_that_lack_only_their_end_are_enough() {
    let mut bench = Bench::new(|content| {
        let mut body = format!("{:x}\r\n", content.len()).into_bytes();
        body.extend(content);
        body.extend(b"\r\n0\r\n\r\n");
        let all = body.len() - 7;
        let chunked = Act::status(200, &body).header("Transfer-Encoding", "chunked");
        vec![chunked.without_length().cut_after(all)]
    });
    assert_eq!(bench.downloads(), (0, 1));
}

#[test]
fn an_interrupted_run_is_resumed_by_the_next() {
    let mut bench = Bench::new(|content| {
        let file = Act::file(content).tagged("\"v1\"");
        vec![file.clone().cut_after(123_456), file]
    });
    bench.options.retries = 0;
    let error = bench.fails();
    assert_eq!(bench.files(), [format!("{NAME}.part"), format!("{NAME}.part.etag")]);
    assert!(error.problem().contains("not complete after 1 attempt;"), "{error}");
    assert!(error.help().contains("123,456 of 300,000 bytes are kept"), "{error}");
    let fetched = bench.run();
    assert!(
        matches!(fetched.outcome, Outcome::Downloaded { resumed_from: 123_456, attempts: 1 }),
        "{fetched:?}"
    );
    assert_eq!(bench.asked_from(), [None, Some(123_456)]);
    assert_eq!(bench.requests()[1].header("if-range"), Some("\"v1\""));
    assert_eq!(bench.files(), [NAME]);
}

#[test]
fn a_file_that_lacks_only_its_name_is_not_asked_for() {
    let mut bench = Bench::new(|_| Vec::new());
    bench.leave_part(&bench.content, Some("\"v1\""));
    assert_eq!(bench.downloads(), (300_000, 0));
}

#[test]
fn left_over_bytes_of_something_else_do_not_get_through() {
    // As long as the catalogued file, longer, and shorter: the last one shows only when joined.
    for (len, asked) in [(300_000, vec![None]), (400_000, vec![None]), (10, vec![Some(10), None])] {
        let mut bench = Bench::new(|content| vec![Act::file(content), Act::file(content)]);
        bench.leave_part(&vec![b'x'; len], None);
        let (resumed_from, _) = bench.downloads();
        assert_eq!((resumed_from, bench.asked_from()), (0, asked), "{len}");
    }
}

#[test]
fn a_stall_is_left_and_resumed() {
    let mut bench =
        Bench::new(|content| vec![Act::file(content).stalls_after(50_000), Act::file(content)]);
    bench.options.stall_timeout = Duration::from_millis(250);
    assert_eq!(bench.downloads(), (0, 2));
    assert_eq!(bench.asked_from(), [None, Some(50_000)]);
    assert_eq!(bench.retries[0].reason, "no bytes for 0.2 s");
}

#[test]
fn a_line_that_breaks_often_but_brings_megabytes_is_not_given_up() {
    let mut bench = Bench::new(|_| {
        let file = Act::file(&archive(5_000_000));
        let cut = file.clone().cut_after(1_200_000);
        vec![cut.clone(), cut.clone(), cut.clone(), cut, file]
    });
    bench.content = archive(5_000_000);
    bench.options.retries = 1;
    assert_eq!(bench.downloads(), (0, 5));
    assert!(bench.retries.iter().all(|retry| retry.attempt == 1), "{:?}", bench.retries);
}

#[test]
fn a_server_that_speaks_no_tls_is_an_error() {
    let mut bench = Bench::new(|_| Vec::new());
    bench.options.mirror = Some(bench.server.url().replace("http:", "https:"));
    bench.options.connect_timeout = Duration::from_millis(200);
    bench.options.retries = 0;
    assert!(bench.fails().problem().contains("after 1 attempt"));
    assert!(bench.files().is_empty());
}

#[test]
fn a_server_that_ignores_ranges_begins_anew() {
    let mut bench = Bench::new(|content| {
        vec![Act::status(200, content).cut_after(9_000), Act::status(200, content)]
    });
    assert_eq!(bench.downloads(), (0, 2));
    assert_eq!(bench.asked_from(), [None, Some(9_000)]);
}

#[test]
fn a_changed_tag_begins_anew_in_the_same_request() {
    let mut bench = Bench::new(|content| vec![Act::file(content).tagged("\"v2\"")]);
    bench.leave_part(&[b'x'; 1_000], Some("\"v1\""));
    assert_eq!(bench.downloads(), (0, 1));
    assert_eq!(bench.asked_from(), [Some(1_000)]);
}

#[test]
fn a_partial_answer_that_does_not_fit_begins_anew() {
    let ranges = [
        (Some("bytes 0-299999/300000"), "asked for the bytes from 1,000 on, got them from 0 on"),
        (Some("bytes 1000-299999/300001"), "the published file has 300,001 bytes, the catalogued"),
        (Some("bytes ?"), "did not say which part"),
        (None, "did not say which part"),
    ];
    for (range, reason) in ranges {
        let mut bench = Bench::new(|content| {
            let partial = Act::status(206, &content[1_000..]);
            vec![
                range.iter().fold(partial, |act, r| act.header("Content-Range", r)),
                Act::file(content),
            ]
        });
        bench.leave_part(&bench.content[..1_000], None);
        assert_eq!(bench.downloads(), (0, 2), "{range:?}");
        assert_eq!(bench.asked_from(), [Some(1_000), None], "{range:?}");
        assert!(bench.retries[0].reason.contains(reason), "{:?}", bench.retries);
    }
}

#[test]
fn a_partial_answer_with_another_tag_begins_anew() {
    let mut bench = Bench::new(|content| {
        let partial = Act::status(206, &content[1_000..]).tagged("\"v2\"");
        vec![partial.header("Content-Range", "bytes 1000-299999/300000"), Act::file(content)]
    });
    bench.leave_part(&bench.content[..1_000], Some("\"v1\""));
    assert_eq!(bench.downloads(), (0, 2));
    assert!(bench.retries[0].reason.contains("has changed since"), "{:?}", bench.retries);
}

#[test]
fn a_range_that_the_server_does_not_have_begins_anew() {
    let mut bench = Bench::new(|content| vec![Act::status(416, b""), Act::file(content)]);
    bench.leave_part(&bench.content[..1_000], None);
    assert_eq!(bench.downloads(), (0, 2));
    assert_eq!(bench.asked_from(), [Some(1_000), None]);
}

#[test]
fn server_errors_pass() {
    let mut bench = Bench::new(|content| {
        vec![
            Act::status(500, b"no"),
            Act::close_at_once(),
            Act::status(502, b"<html>").header("Content-Type", "text/html"),
            Act::file(content),
        ]
    });
    assert_eq!(bench.downloads(), (0, 4));
    let waits: Vec<u128> = bench.retries.iter().map(|retry| retry.wait.as_millis()).collect();
    assert_eq!(waits, [1, 2, 4]);
    assert_eq!(bench.retries[0].reason, "the server answers 500");
}

#[test]
fn a_lasting_server_error_names_address_status_and_attempts() {
    let mut bench = Bench::new(|_| vec![Act::status(503, b""); 9]);
    let error = bench.fails();
    assert_eq!(error.kind(), ErrorKind::BadData);
    assert_eq!(error.place().file, format!("{}/data/{NAME}", bench.server.url()));
    assert_eq!(
        error.problem(),
        "not complete after 4 attempts; the last one ended so: the server answers 503"
    );
    assert_eq!(bench.requests().len(), 4);
    assert!(bench.files().is_empty());
}

#[test]
fn a_requested_wait_is_kept_up_to_the_longest() {
    for (status, asked, waited) in [(429, "1", 1_000), (503, "86400", 1_100), (500, "1", 1)] {
        let mut bench = Bench::new(|content| {
            vec![Act::status(status, b"").header("Retry-After", asked), Act::file(content)]
        });
        bench.options.longest_wait = Duration::from_millis(1_100);
        let begin = Instant::now();
        assert_eq!(bench.downloads(), (0, 2));
        let wait = Duration::from_millis(waited);
        assert_eq!(bench.retries[0].wait, wait, "{status}");
        assert!(begin.elapsed() >= wait, "{status}");
    }
}

#[test]
fn a_moved_file_is_asked_for_once() {
    for status in [404, 410, 403] {
        let mut bench = Bench::new(|_| vec![Act::status(status, b"<html>gone</html>")]);
        let error = bench.fails().to_string();
        assert_eq!(bench.requests().len(), 1);
        assert!(error.contains(&format!("the server answers {status}")), "{error}");
        assert!(
            error.contains(&format!("download {NAME} by hand from https://fis.fda.gov")),
            "{error}"
        );
        assert!(bench.files().is_empty());
    }
}

#[test]
fn without_a_mirror_the_catalogued_address_is_asked() {
    let mut bench = Bench::new(|content| vec![Act::status(404, b""), Act::file(content)]);
    let mut entry = entry("2022Q4", NAME, &bench.content);
    entry.url = format!("{}/content/Exports/{NAME}", bench.server.url());
    bench.options.mirror = None;
    let all = fetch(&[&entry], &bench.options, &mut Silent).unwrap();
    let Outcome::Failed(error) = &all[0].outcome else { panic!("{all:?}") };
    assert!(error.help().starts_with("FDA may have moved it: look at the quarterly"), "{error}");
    assert!(fetch(&[&entry], &bench.options, &mut Silent).unwrap()[0].is_here());
    assert_eq!(bench.requests()[1].path, format!("/content/Exports/{NAME}"));
}

#[test]
fn a_page_is_not_taken_for_an_archive() {
    for (name, value) in
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")]
    {
        let mut bench = Bench::new(|content| vec![Act::status(200, content).header(name, value)]);
        let error = bench.fails();
        assert!(error.problem().contains("in place of the archive"), "{error}");
        assert_eq!(bench.requests().len(), 1);
        assert!(bench.files().is_empty());
    }
}

#[test]
fn redirects_are_followed_with_their_range() {
    let mut bench = Bench::new(|content| vec![Act::redirect("/elsewhere"), Act::file(content)]);
    bench.leave_part(&bench.content[..1_000], None);
    let fetched = bench.run();
    assert!(matches!(fetched.outcome, Outcome::Downloaded { resumed_from: 1_000, attempts: 1 }));
    assert_eq!(bench.requests()[1].path, "/elsewhere");
    assert_eq!(bench.asked_from(), [Some(1_000), Some(1_000)]);
}

#[test]
fn redirects_without_end_or_away_from_the_web_are_errors() {
    for (to, reason, asked) in [
        ("/again", "more than 10 redirects", 11),
        ("ftp://127.0.0.1/file", "not an http or https address", 1),
        ("file:///etc/hostname", "not an http or https address", 1),
    ] {
        let mut bench = Bench::new(|_| vec![Act::redirect(to); 20]);
        let error = bench.fails();
        assert!(error.problem().contains(reason), "{error}");
        assert_eq!(bench.requests().len(), asked, "{to}");
        assert!(bench.files().is_empty());
    }
}

#[test]
fn a_redirect_to_nowhere_is_an_error() {
    for act in [Act::status(302, b"x"), Act::status(300, b""), Act::status(304, b"")] {
        let mut bench = Bench::new(|_| vec![act; 4]);
        bench.fails();
        assert!(bench.files().is_empty());
    }
}

#[test]
fn a_changed_file_is_set_aside() {
    // Longer, shorter, and as long as before.
    for changed in [archive(300_100), archive(200_000), vec![7; 300_000]] {
        let mut bench = Bench::new(|_| vec![Act::file(&changed)]);
        let message = bench.fails().to_string();
        assert_eq!(bench.files(), [format!("{NAME}.changed")]);
        assert_eq!(fs::read(bench.path(&format!("{NAME}.changed"))).unwrap(), changed);
        assert_eq!(bench.requests().len(), 1);
        for part in
            [&sha256(&changed), &sha256(&bench.content), "300,000 bytes", "--accept-changed"]
        {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[test]
fn a_changed_file_is_kept_where_that_is_accepted() {
    let changed = archive(300_100);
    let mut bench = Bench::new(|_| {
        vec![Act::file(&changed).cut_after(5), Act::file(&changed), Act::file(&changed)]
    });
    bench.options.accept_changed = true;
    for _ in 0..2 {
        let fetched = bench.run();
        let Outcome::ChangedKept { bytes, sha256: hash } = fetched.outcome else {
            panic!("{:?}", fetched.outcome)
        };
        assert_eq!((bytes, hash), (300_100, sha256(&changed)));
        assert_eq!(bench.files(), [NAME]);
    }
    assert_eq!(bench.requests().len(), 3, "the second run asks for nothing");
}

#[test]
fn a_file_far_too_long_is_left() {
    let mut bench = Bench::new(|_| vec![Act::file(&vec![0; 20_000_000])]);
    let error = bench.fails();
    assert!(error.problem().contains("more than twice"), "{error}");
    assert!(bench.files().is_empty());
}

#[test]
fn another_file_under_the_final_name_is_never_overwritten() {
    let mut bench = Bench::new(|content| vec![Act::file(content)]);
    fs::write(bench.path(NAME), b"mine").unwrap();
    let entry = entry("2022Q4", NAME, &bench.content);
    let all = fetch(&[&entry], &bench.options, &mut Silent).unwrap();
    let Outcome::Failed(error) = &all[0].outcome else { panic!("{all:?}") };
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.problem().contains("4 bytes, SHA-256"), "{error}");
    assert!(!all[0].is_here());
    assert_eq!(fs::read(bench.path(NAME)).unwrap(), b"mine");
    assert!(bench.requests().is_empty());
    bench.options.accept_changed = true;
    let all = fetch(&[&entry], &bench.options, &mut Silent).unwrap();
    assert!(matches!(all[0].outcome, Outcome::ChangedKept { bytes: 4, .. }));
}

#[test]
fn one_bad_quarter_does_not_stop_the_others() {
    let (first, second, third) = (archive(10), archive(2_000), archive(30));
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::file(&first), Act::status(404, b""), Act::file(&third)]);
    let entries = [
        entry("2004Q1", "a.zip", &first),
        entry("2004Q2", "b.zip", &second),
        entry("2004Q3", "c.zip", &third),
    ];
    let options = options(&folder.path().join("new/folder"), &server);
    let mut notes = Notes::default();
    let all = fetch(&entries.each_ref(), &options, &mut notes).unwrap();
    let summary: Vec<_> = all.iter().map(|f| (f.quarter.to_string(), f.is_here())).collect();
    let expected = [("2004Q1", true), ("2004Q2", false), ("2004Q3", true)];
    assert_eq!(summary, expected.map(|(quarter, here)| (quarter.to_owned(), here)));
    assert_eq!((notes.finished, notes.started, notes.have), (3, vec![0, 0, 0], 30));
    assert_eq!(fs::read(&all[2].path).unwrap(), third);
}

#[test]
fn a_dead_server_is_not_tried_for_every_quarter() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::close_at_once(); 20]);
    let options = Options { retries: 1, ..options(folder.path(), &server) };
    let content = archive(10);
    let entries =
        ["a.zip", "b.zip", "c.zip", "d.zip", "e.zip"].map(|name| entry("2004Q1", name, &content));
    let all = fetch(&entries.each_ref(), &options, &mut Silent).unwrap();
    assert_eq!(server.requests().len(), 6);
    for (at, fetched) in all.iter().enumerate() {
        match &fetched.outcome {
            Outcome::Failed(error) => {
                assert!(at < 3 && error.problem().contains("after 2 attempts"), "{error}");
            }
            Outcome::NotTried { reason } => assert!(at >= 3 && reason.contains("reached")),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_work() {
    let mut bench = Bench::new(|content| vec![Act::file(content)]);
    std::os::unix::fs::symlink("/dev/full", bench.path(&format!("{NAME}.part"))).unwrap();
    let entry = entry("2022Q4", NAME, &bench.content);
    bench.options.retries = 0;
    let all = fetch(&[&entry, &entry], &bench.options, &mut Silent).unwrap();
    let Outcome::Failed(error) = &all[0].outcome else { panic!("{all:?}") };
    assert_eq!((error.kind(), error.problem()), (ErrorKind::Refused, "the disk is full"));
    assert!(matches!(all[1].outcome, Outcome::NotTried { reason: "the disk is full" }));
    assert!(!bench.here(NAME));
}

#[test]
fn what_cannot_be_tried_at_all_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let content = archive(10);
    let entry = entry("2004Q1", "a.zip", &content);
    let mut options = Options::new(folder.path().join("to"));
    options.mirror = Some("ftp://mirror.example".to_owned());
    assert_eq!(fetch(&[&entry], &options, &mut Silent).unwrap_err().kind(), ErrorKind::Usage);
    fs::write(folder.path().join("file"), b"").unwrap();
    let options = Options::new(folder.path().join("file"));
    assert_eq!(fetch(&[&entry], &options, &mut Silent).unwrap_err().kind(), ErrorKind::Refused);
}
