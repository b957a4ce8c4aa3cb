//! A scripted HTTP server on 127.0.0.1: one answer a connection, in order. It records what it is
//! asked, and ends with its script, its owner, or its time, whichever comes first.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const LONGEST_LIFE: Duration = Duration::from_secs(30);
const LONGEST_REQUEST: usize = 16 * 1024;

/// What a client has asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The first byte of the range that is asked for.
    pub(crate) fn from(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// One answer of the script.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    honours_range: bool,
    declares_length: bool,
    /// How much of the body is sent, and whether the connection then stays open in silence.
    sent: Option<usize>,
    held: bool,
    /// Closes without a word.
    mute: bool,
}

impl Act {
    /// An answer with all of a body, whatever range is asked for.
    pub(crate) fn status(status: u16, body: &[u8]) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_vec(),
            honours_range: false,
            declares_length: true,
            sent: None,
            held: false,
            mute: false,
        }
    }

    /// A file whose server does as the protocol says: `Range`, `If-Range`, 206, 416.
    pub(crate) fn file(body: &[u8]) -> Self {
        Self { honours_range: true, ..Self::status(200, body) }
    }

    pub(crate) fn close_at_once() -> Self {
        Self { mute: true, ..Self::status(200, b"") }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::status(302, b"").header("Location", to)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn tagged(self, tag: &str) -> Self {
        self.header("ETag", tag)
    }

    /// Sends only so many bytes of the body and then closes.
    pub(crate) fn cut_after(mut self, bytes: usize) -> Self {
        self.sent = Some(bytes);
        self
    }

    /// Sends only so many bytes and then nothing, without closing.
    pub(crate) fn stalls_after(self, bytes: usize) -> Self {
        Self { held: true, ..self.cut_after(bytes) }
    }

    /// Says nowhere how long the body is: its end is the connection's.
    pub(crate) fn without_length(mut self) -> Self {
        self.declares_length = false;
        self
    }

    fn perform(&self, request: &Request, stream: &mut TcpStream) -> std::io::Result<()> {
        if self.mute {
            return Ok(());
        }
        let (status, range, body) = self.answer(request);
        let mut head = format!("HTTP/1.1 {status} Scripted\r\nConnection: close\r\n");
        for (name, value) in self.headers.iter().chain(&range) {
            head += &format!("{name}: {value}\r\n");
        }
        if self.declares_length {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        stream.write_all((head + "\r\n").as_bytes())?;
        stream.write_all(&body[..self.sent.unwrap_or(body.len()).min(body.len())])?;
        stream.flush()
    }

    fn answer(&self, request: &Request) -> (u16, Option<(String, String)>, &[u8]) {
        let tag = self.headers.iter().find(|(name, _)| name == "ETag").map(|(_, tag)| tag.as_str());
        let same = request.header("if-range").is_none_or(|asked| Some(asked) == tag);
        let (Some(from), true, true) = (request.from(), self.honours_range, same) else {
            return (self.status, None, &self.body);
        };
        let len = self.body.len();
        let range = |text| Some(("Content-Range".to_owned(), text));
        if from >= len {
            return (416, range(format!("bytes */{len}")), b"");
        }
        (206, range(format!("bytes {from}-{}/{len}", len - 1)), &self.body[from..])
    }
}

/// The running server.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts on a free port; further connections than the script has answers get a 500.
    pub(crate) fn start(script: Vec<Act>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let thread = {
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop));
            thread::spawn(move || serve(&listener, script, &seen, &stop))
        };
        Self { address, seen, stop, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: &TcpListener, script: Vec<Act>, seen: &Mutex<Vec<Request>>, stop: &AtomicBool) {
    let end = Instant::now() + LONGEST_LIFE;
    let mut script = script.into_iter();
    let mut stalled = Vec::new();
    while !stop.load(Ordering::Relaxed) && Instant::now() < end {
        let Ok((mut stream, _)) = listener.accept() else {
            thread::sleep(Duration::from_millis(2));
            continue;
        };
        let Some(request) = read_request(&mut stream) else {
            continue;
        };
        seen.lock().unwrap().push(request.clone());
        let act = script.next().unwrap_or_else(|| Act::status(500, b"past the script"));
        let _ = act.perform(&request, &mut stream);
        if act.held {
            stalled.push(stream);
        } else {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn read_request(stream: &mut TcpStream) -> Option<Request> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            read if head.len() + read > LONGEST_REQUEST => return None,
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let header = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned()));
    Some(Request { path, headers: lines.filter_map(header).collect() })
}
