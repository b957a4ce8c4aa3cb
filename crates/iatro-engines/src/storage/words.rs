//! What a store's failure means, in words that hold nothing of its answer's body: stores put keys and tokens there.

use std::error::Error;
use std::io;

use object_store::client::{HttpError, HttpErrorKind};

use super::client::Client;
use super::error::{StorageError, StorageErrorKind};

/// The longest cause that is told.
const LONGEST: usize = 200;

/// Why an attempt did not bring an object.
pub(super) enum Failure {
    /// Another attempt may.
    Passing(String),
    /// None will.
    Lasting(StorageError),
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Lasting(error)
    }
}

/// What a store answered instead of an object.
struct Answer {
    status: u16,
    /// Its own name for what is wrong, such as `NoSuchBucket`.
    code: String,
    /// Whether it came from the service that hands out keys, and not from the bucket.
    of_keys: bool,
}

impl Client {
    /// What a failure to read a file of the lake means.
    pub(super) fn failure(&self, file: &str, error: &object_store::Error) -> Failure {
        let said = chain(error);
        let Some(answer) = answer(error, &said) else {
            return if said.iter().any(|text| text.contains("redirect without LOCATION")) {
                Failure::Lasting(self.elsewhere(file))
            } else {
                Failure::Passing(cause(error))
            };
        };
        let told = if answer.code.is_empty() {
            answer.status.to_string()
        } else {
            format!("{} {}", answer.status, answer.code)
        };
        match answer.status {
            401 | 403 | 404 if answer.of_keys => Failure::Lasting(self.without_keys(file, &told)),
            404 => Failure::Lasting(self.missing(file, &answer.code)),
            // Only the rest of an object is asked for from a place in it.
            416 => {
                let problem = "another object took its place and became shorter while it was read";
                Failure::Lasting(self.changed(file, problem.to_owned()))
            }
            301 | 307 | 400 if is_of_region(&answer) => Failure::Lasting(self.elsewhere(file)),
            408 | 429 | 500.. => Failure::Passing(format!("it answered {told}")),
            _ => Failure::Lasting(self.refused(file, &told)),
        }
    }

    /// Given up: no byte for too long, or too many attempts.
    pub(super) fn unreachable(&self, file: &str, reason: &str) -> StorageError {
        let help = if self.is_nobody() {
            "No keys are set, and this machine seems to have no role of its own. Set AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for a bucket that anyone may read."
        } else {
            "Check AWS_ENDPOINT_URL and AWS_REGION and the network, then repeat: what has been fetched whole is kept."
        };
        let problem = format!("{} did not give it: {reason}", self.endpoint());
        StorageError::new(StorageErrorKind::Unreachable, self.location.of(file), problem, help)
    }

    fn missing(&self, file: &str, code: &str) -> StorageError {
        if code == "NoSuchBucket" {
            let bucket = self.location.bucket();
            let problem = format!("{} has no bucket \"{bucket}\"", self.endpoint());
            let help = "Check its spelling, AWS_REGION and AWS_ENDPOINT_URL.";
            return StorageError::new(StorageErrorKind::NoBucket, &self.location, problem, help);
        }
        let help = "The copy of the lake is not whole, or was replaced meanwhile. Copy the lake's folder again.";
        let place = self.location.of(file);
        StorageError::new(StorageErrorKind::Missing, place, "no such object", help)
    }

    fn refused(&self, file: &str, told: &str) -> StorageError {
        let who = if self.is_nobody() { "No keys are set. " } else { "" };
        let help = format!(
            "{who}Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, and that they may \
             read and list the bucket: without the right to list it, a store also refuses what is not there."
        );
        let problem = format!("{} does not let it be read ({told})", self.endpoint());
        StorageError::new(StorageErrorKind::Refused, self.location.of(file), problem, help)
    }

    /// It was not the bucket that said no, but whoever hands out keys on this machine.
    fn without_keys(&self, file: &str, told: &str) -> StorageError {
        let problem =
            format!("no keys are to be had from the service that hands them out ({told})");
        let help = "Check the role of this machine, container or pod, or set AWS_ACCESS_KEY_ID and \
                    AWS_SECRET_ACCESS_KEY; AWS_SKIP_SIGNATURE=true is for a bucket that anyone may read.";
        StorageError::new(StorageErrorKind::Refused, self.location.of(file), problem, help)
    }

    fn elsewhere(&self, file: &str) -> StorageError {
        let problem = format!("the bucket is not at {}", self.endpoint());
        let help = "Set AWS_REGION to the bucket's region.";
        StorageError::new(StorageErrorKind::Usage, self.location.of(file), problem, help)
    }
}

/// The error and its causes, the deepest last.
fn chain(error: &object_store::Error) -> Vec<String> {
    let mut said = Vec::new();
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        said.push(error.to_string());
        next = error.source();
    }
    said
}

/// The status and the code, if the store answered. The library keeps the type of its errors to itself, so both are
/// read from what it says.
fn answer(error: &object_store::Error, said: &[String]) -> Option<Answer> {
    use object_store::Error as E;
    let text = said.iter().find(|text| text.contains("Server returned"));
    let by_kind = match error {
        E::NotFound { .. } => Some(404),
        E::PermissionDenied { .. } => Some(403),
        E::Unauthenticated { .. } => Some(401),
        _ => None,
    };
    let in_text = |text: &String| {
        let (_, after) = text.split_once("status code: ")?;
        after.get(..3)?.parse().ok()
    };
    // An error inside of an answer that says 200.
    let status = by_kind.or_else(|| text.and_then(in_text)).or(text.map(|_| 500))?;
    let code = text.and_then(|text| code(text)).unwrap_or_default();
    // What the bucket says of an object has a kind.
    Some(Answer { status, code, of_keys: by_kind.is_none() })
}

fn code(text: &str) -> Option<String> {
    let (code, _) = text.split_once("<Code>")?.1.split_once("</Code>")?;
    let plain = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| code.to_owned())
}

fn is_of_region(answer: &Answer) -> bool {
    answer.status != 400 || answer.code == "AuthorizationHeaderMalformed"
}

/// Why a request came to nothing. What a connection says is told; what was read over it is not, for that may be part of
/// an answer.
fn cause(error: &object_store::Error) -> String {
    let mut kind = None;
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        if let Some(of_connection) = error.downcast_ref::<io::Error>() {
            let line = of_connection.to_string();
            return line.lines().next().unwrap_or_default().chars().take(LONGEST).collect();
        }
        kind = error.downcast_ref::<HttpError>().map(HttpError::kind).or(kind);
        next = error.source();
    }
    let said = match kind {
        Some(HttpErrorKind::Connect) => "no connection",
        Some(HttpErrorKind::Timeout) => "no answer in time",
        Some(HttpErrorKind::Interrupted) => "the connection was cut",
        Some(_) => "the request failed",
        None => "its answer cannot be read",
    };
    said.to_owned()
}
