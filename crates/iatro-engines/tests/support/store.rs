//! A store that speaks as much of S3 as reading needs, on loopback, and misbehaves when it is told to.
//!
//! Included by test binaries with `#[path = "…/support/store.rs"] mod store;`. An object of bucket B with key K is the
//! file `B/K` of a folder. Requests must be signed with [`KEY`]; how is not checked.

#![allow(dead_code)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The key that may read.
pub(crate) const KEY: &str = "AKIDFORTESTS";
/// What no message may hold.
pub(crate) const SECRETS: [&str; 3] = [KEY, "sesame-secret", "sesame-token"];

/// What a store does to a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// Answers with this status and code.
    Status(u16, &'static str),
    /// Promises the whole object and closes after so many further bytes.
    Cut(usize),
    /// Gives an object that is so many bytes shorter, and says so.
    Shorter(usize),
    /// Gives as many bytes, one of them another.
    Wrong,
    /// Says nothing more after so many bytes of the object; `None`: not even that there is one.
    Silent(Option<usize>),
    /// Gives the object in so many pieces, with a pause after each.
    Slow(usize, Duration),
    /// Closes without an answer.
    Gone,
}

struct Planned {
    ending: String,
    times: u32,
    fault: Fault,
}

struct Shared {
    folder: PathBuf,
    planned: Mutex<Vec<Planned>>,
    requests: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

/// A running store; it ends when dropped.
pub(crate) struct Store {
    port: u16,
    shared: Arc<Shared>,
}

struct Request {
    /// Whether only the head of the answer is wanted.
    head: bool,
    path: String,
    query: String,
    /// As in the header: `4-9`, `4-` or `-9`.
    range: Option<String>,
    signed: bool,
}

impl Request {
    /// The bytes of an object that are wanted.
    fn wanted(&self, whole: usize) -> Option<Range<usize>> {
        let Some(range) = &self.range else { return Some(0..whole) };
        let (from, to) = range.split_once('-')?;
        if from.is_empty() {
            return Some(whole.saturating_sub(to.parse().ok()?)..whole);
        }
        let to = to.parse().map_or(whole, |last: usize| whole.min(last + 1));
        Some(from.parse().ok()?..to)
    }
}

impl Store {
    /// Serves a folder of buckets.
    pub(crate) fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            folder: folder.to_path_buf(),
            planned: Mutex::default(),
            requests: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stopped.load(Ordering::Relaxed) {
                    return;
                }
                let serving = Arc::clone(&serving);
                thread::spawn(move || serve(&serving, &stream.unwrap()));
            }
        });
        Self { port, shared }
    }

    /// The variables of one who may read.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        [
            ("AWS_ACCESS_KEY_ID", SECRETS[0]),
            ("AWS_SECRET_ACCESS_KEY", SECRETS[1]),
            ("AWS_SESSION_TOKEN", SECRETS[2]),
            ("AWS_ENDPOINT_URL", &endpoint),
            ("AWS_ALLOW_HTTP", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// The next so many requests for an object whose key ends so meet a fault.
    pub(crate) fn plan(&self, ending: &str, times: u32, fault: Fault) {
        let planned = Planned { ending: ending.to_owned(), times, fault };
        self.shared.planned.lock().unwrap().push(planned);
    }

    /// Forgets what was planned, and returns the requests since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.planned.lock().unwrap().clear();
        std::mem::take(&mut *self.shared.requests.lock().unwrap())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn fault(&self, path: &str) -> Option<Fault> {
        let mut planned = self.planned.lock().unwrap();
        let next = planned.iter_mut().find(|p| p.times > 0 && path.ends_with(&p.ending))?;
        next.times -= 1;
        Some(next.fault)
    }
}

/// Answers the requests of a connection, one after another.
fn serve(shared: &Shared, stream: &TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let line = match &request.range {
            Some(range) => format!("{} from {}", request.path, range.trim_end_matches('-')),
            None => format!("{}{}", request.path, if request.query.is_empty() { "" } else { "?" }),
        };
        shared.requests.lock().unwrap().push(line);
        if answer(shared, &request, stream).is_none() {
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&read| read > 0)?;
    let (head, target) = (line.starts_with("HEAD "), line.split(' ').nth(1)?.to_owned());
    let (mut range, mut signed) = (None, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|&read| read > 0)?;
        let header = header.trim();
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "range" => range = value.trim().strip_prefix("bytes=").map(str::to_owned),
            "authorization" => signed = value.contains(&format!("Credential={KEY}/")),
            _ => {}
        }
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request { head, path: decoded(path), query: query.to_owned(), range, signed })
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Answers; `None` if the connection is to be closed.
fn answer(shared: &Shared, request: &Request, mut stream: &TcpStream) -> Option<()> {
    let fault = shared.fault(&request.path);
    if let Some(Fault::Status(status, code)) = fault {
        return refuse(stream, status, code);
    }
    if !request.signed {
        return refuse(stream, 403, "InvalidAccessKeyId");
    }
    let bucket = request.path.trim_start_matches('/').split('/').next()?;
    if !shared.folder.join(bucket).is_dir() {
        return refuse(stream, 404, "NoSuchBucket");
    }
    if request.query.contains("list-type=2") {
        return list(&shared.folder.join(bucket), &request.query, stream);
    }
    let Ok(mut object) = fs::read(shared.folder.join(request.path.trim_start_matches('/'))) else {
        if request.head {
            return stream.write_all(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n").ok();
        }
        return refuse(stream, 404, "NoSuchKey");
    };
    match fault {
        Some(Fault::Gone | Fault::Silent(None)) => return silent(fault),
        Some(Fault::Wrong) => object[0] ^= 1,
        Some(Fault::Shorter(by)) => object.truncate(object.len() - by),
        _ => {}
    }
    let (whole, wanted) = (object.len(), request.wanted(object.len())?);
    let (status, from) = (if request.range.is_some() { 206 } else { 200 }, wanted.start);
    let last = wanted.end.max(1) - 1;
    let body = object.get(wanted)?;
    let head = format!(
        "HTTP/1.1 {status} OK\r\nContent-Length: {}\r\nContent-Range: bytes {from}-{last}/{whole}\r\n\
         ETag: {}\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n",
        body.len(),
        mark(&object),
    );
    stream.write_all(head.as_bytes()).ok()?;
    if request.head {
        return Some(());
    }
    match fault {
        Some(Fault::Cut(more)) => {
            stream.write_all(&body[..more.min(body.len())]).ok()?;
            silent(fault)
        }
        Some(Fault::Silent(Some(at))) => {
            stream.write_all(&body[..at.saturating_sub(from).min(body.len())]).ok()?;
            silent(fault)
        }
        Some(Fault::Slow(pieces, pause)) => {
            body.chunks(body.len().div_ceil(pieces)).try_for_each(|piece| {
                thread::sleep(pause);
                stream.write_all(piece).ok()
            })
        }
        _ => stream.write_all(body).ok(),
    }
}

/// What changes with the bytes of an object.
fn mark(object: &[u8]) -> String {
    let sum = object.iter().fold(0_u32, |sum, byte| sum.rotate_left(1) ^ u32::from(*byte));
    format!("\"{sum}\"")
}

/// Closes, at once or after having said nothing for a while.
fn silent(fault: Option<Fault>) -> Option<()> {
    if matches!(fault, Some(Fault::Silent(_))) {
        thread::sleep(Duration::from_secs(5));
    }
    None
}

/// An error as stores word it: with what must not be shown.
fn refuse(mut stream: &TcpStream, status: u16, code: &str) -> Option<()> {
    let [key, secret, token] = SECRETS;
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message><AWSAccessKeyId>{key}\
         </AWSAccessKeyId><StringToSign>{secret} x-amz-security-token:{token}</StringToSign></Error>"
    );
    let head = format!("HTTP/1.1 {status} No\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(head.as_bytes()).ok()
}

/// The objects whose keys begin with a prefix, all at once, folders or not.
fn list(bucket: &Path, query: &str, mut stream: &TcpStream) -> Option<()> {
    let prefix = query.split('&').find_map(|part| part.strip_prefix("prefix=")).unwrap_or("");
    let prefix = decoded(&prefix.replace('+', " "));
    let (mut open, mut contents) = (vec![bucket.to_owned()], String::new());
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path()) {
            let key = path.strip_prefix(bucket).unwrap().display().to_string();
            if path.is_dir() {
                open.push(path);
            } else if key.starts_with(&prefix) {
                let object = fs::read(&path).ok()?;
                let (mark, size) = (mark(&object), object.len());
                contents += &format!(
                    "<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
                     <ETag>{mark}</ETag><Size>{size}</Size></Contents>"
                );
            }
        }
    }
    let body = format!(
        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
    );
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(head.as_bytes()).ok()
}
