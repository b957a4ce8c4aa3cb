//! One request and the head of its answer. Nothing here knows files or attempts.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::time::Duration;

use ureq::http::header::{
    CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, LOCATION, TRANSFER_ENCODING,
};
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body, BodyReader, Timeout};

use super::{Options, redirect, retry};

const USER_AGENT: &str = concat!("iatro/", env!("CARGO_PKG_VERSION"));
const REDIRECTS: u32 = 10;

/// Sends requests with the timeouts and the proxy of the options.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    connect_timeout: Duration,
    stall_timeout: Duration,
}

/// The head of an answer and its body, not yet read.
pub(super) struct Answer {
    /// The status code, after redirects.
    pub(super) status: u16,
    /// What `Content-Range` says, if it says it well.
    pub(super) range: Option<ContentRange>,
    /// The entity tag, if it is a strong one.
    pub(super) tag: Option<String>,
    /// The wait the server asks for.
    pub(super) retry_after: Option<Duration>,
    /// The end of the body is marked (by a length or by chunks) and not just the connection's end.
    pub(super) end_is_marked: bool,
    /// What the body is if it cannot be an archive as it was published.
    pub(super) not_an_archive: Option<&'static str>,
    body: BodyReader<'static>,
}

/// `bytes START-END/TOTAL`: both ends included; the total may be unknown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ContentRange {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) total: Option<u64>,
}

/// Why there is no answer, or no more of it.
#[derive(Debug)]
pub(super) struct NoAnswer {
    /// One clause, lower case.
    pub(super) reason: String,
    /// Another attempt cannot go better.
    pub(super) lasting: bool,
}

impl Client {
    /// A client that keeps connections open from file to file.
    pub(super) fn new(options: &Options) -> Self {
        let (connect, stall) = (Some(options.connect_timeout), Some(options.stall_timeout));
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .accept_encoding("identity")
            .timeout_resolve(connect)
            .timeout_connect(connect)
            .timeout_send_request(stall)
            .timeout_recv_response(stall)
            .timeout_per_read(stall)
            .timeout_per_write(stall);
        if !options.environment_proxy {
            config = config.proxy(None);
        }
        Self {
            agent: Agent::new_with_config(config.build()),
            connect_timeout: options.connect_timeout,
            stall_timeout: options.stall_timeout,
        }
    }

    /// Asks for a file from byte `from` on, wherever redirects lead; the tag makes sure that it is
    /// still the same content.
    pub(super) fn get(&self, url: &str, from: u64, tag: Option<&str>) -> Result<Answer, NoAnswer> {
        let mut url = url.to_owned();
        for _ in 0..=REDIRECTS {
            let response = self.send(&url, from, tag)?;
            let location = text(response.headers(), LOCATION);
            let Some(location) = location.filter(|_| redirect::is_redirect(response.status()))
            else {
                return Ok(Answer::new(response));
            };
            url = redirect::target(&url, location).ok_or_else(|| {
                NoAnswer::lasting(format!("sent on to {location}, not an http or https address"))
            })?;
        }
        Err(NoAnswer::lasting(format!("more than {REDIRECTS} redirects")))
    }

    fn send(&self, url: &str, from: u64, tag: Option<&str>) -> Result<Response<Body>, NoAnswer> {
        let mut request = self.agent.get(url);
        if from > 0 {
            request = request.header("Range", format!("bytes={from}-"));
            if let Some(tag) = tag {
                request = request.header("If-Range", tag);
            }
        }
        request.call().map_err(|error| self.no_answer(&error))
    }

    /// Reads on in a body; 0 is its end.
    pub(super) fn read(&self, answer: &mut Answer, buffer: &mut [u8]) -> Result<usize, NoAnswer> {
        loop {
            match answer.body.read(buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(|error| self.no_answer(&error.into())),
            }
        }
    }

    fn no_answer(&self, error: &ureq::Error) -> NoAnswer {
        use ureq::Error as E;
        let lasting = matches!(error, E::BadUri(_) | E::Http(_) | E::TlsRequired);
        let reason = match error {
            E::Timeout(Timeout::Resolve | Timeout::Connect) => {
                format!("no connection within {}", seconds(self.connect_timeout))
            }
            E::Timeout(_) => format!("no bytes for {}", seconds(self.stall_timeout)),
            E::HostNotFound => "the host's name is not known on this network".to_owned(),
            E::BadUri(uri) => format!("not an http or https address ({uri})"),
            E::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                "the connection was closed too early".to_owned()
            }
            E::Io(e) => format!("the connection broke ({e})"),
            other => format!("no usable answer ({other})"),
        };
        NoAnswer { reason, lasting }
    }
}

impl NoAnswer {
    fn lasting(reason: String) -> Self {
        Self { reason, lasting: true }
    }
}

impl Answer {
    fn new(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let text = |name| text(&head.headers, name);
        Self {
            status: head.status.as_u16(),
            range: text(CONTENT_RANGE).and_then(content_range),
            tag: text(ETAG).and_then(strong_etag).map(str::to_owned),
            retry_after: retry::retry_after(&head.headers),
            end_is_marked: body.content_length().is_some()
                || text(TRANSFER_ENCODING)
                    .is_some_and(|v| v.to_ascii_lowercase().contains("chunked")),
            not_an_archive: not_an_archive(&head.headers),
            body: body.into_reader(),
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What a body is that is surely not the archive: a page for people, or a re-packed transfer.
fn not_an_archive(headers: &HeaderMap) -> Option<&'static str> {
    let begins = |name, what: &str| {
        text(headers, name).is_some_and(|v| v.trim().to_ascii_lowercase().starts_with(what))
    };
    let encoded =
        text(headers, CONTENT_ENCODING).is_some() && !begins(CONTENT_ENCODING, "identity");
    match () {
        () if begins(CONTENT_TYPE, "text/html") => Some("a web page"),
        () if encoded => Some("a transfer compressed once more"),
        () => None,
    }
}

/// Reads `bytes 5-9/10` or `bytes 5-9/*`.
fn content_range(value: &str) -> Option<ContentRange> {
    let (ends, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = ends.trim().split_once('-')?;
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    let range = ContentRange { start: start.parse().ok()?, end: end.parse().ok()?, total };
    let fits = range.start <= range.end && range.total.is_none_or(|total| range.end < total);
    fits.then_some(range)
}

/// An entity tag that stands for these very bytes: quoted, not weak, printable.
pub(super) fn strong_etag(value: &str) -> Option<&str> {
    let inner = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    let fits = inner.len() <= 256 && inner.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    fits.then(|| value.trim())
}

/// A duration for people, such as `30 s` or `0.2 s`.
pub(super) fn seconds(duration: Duration) -> String {
    let mut text = format!("{}", duration.as_secs());
    let tenths = duration.subsec_millis() / 100;
    if tenths > 0 {
        let _ = write!(text, ".{tenths}");
    }
    text + " s"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_content_ranges() {
        let range = |start, end, total| Some(ContentRange { start, end, total });
        assert_eq!(content_range("bytes 5-9/10"), range(5, 9, Some(10)));
        assert_eq!(content_range("bytes 5-9/*"), range(5, 9, None));
        for value in [
            "",
            "bytes */10",
            "bytes 9-5/10",
            "bytes 5-10/10",
            "items 5-9/10",
            "bytes -5/10",
            "bytes 5-9",
        ] {
            assert_eq!(content_range(value), None, "{value}");
        }
    }

    #[test]
    fn only_strong_tags_count() {
        assert_eq!(strong_etag(" \"abc-1:2\" "), Some("\"abc-1:2\""));
        for value in ["", "\"", "abc", "W/\"abc\"", "\"a\"b\"", "\"a\nb\""] {
            assert_eq!(strong_etag(value), None, "{value}");
        }
    }

    #[test]
    fn knows_what_is_no_archive() {
        let headers =
            |name: HeaderName, value: &str| HeaderMap::from_iter([(name, value.parse().unwrap())]);
        assert_eq!(
            not_an_archive(&headers(CONTENT_TYPE, "Text/HTML; charset=utf-8")),
            Some("a web page")
        );
        assert!(not_an_archive(&headers(CONTENT_ENCODING, "gzip")).is_some());
        assert_eq!(not_an_archive(&headers(CONTENT_ENCODING, "identity")), None);
        assert_eq!(not_an_archive(&headers(CONTENT_TYPE, "application/zip")), None);
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(seconds(Duration::from_secs(30)), "30 s");
        assert_eq!(seconds(Duration::from_millis(250)), "0.2 s");
        assert_eq!(seconds(Duration::from_millis(20)), "0 s");
    }
}
