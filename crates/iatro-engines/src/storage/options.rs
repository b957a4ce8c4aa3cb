//! Which store, with which keys, and how patiently.

use std::time::Duration;

/// What the settings of a store begin with.
const PREFIX: &str = "AWS_";

/// Settings and patience. It holds keys, so it has no form in which it could be printed.
#[derive(Clone)]
pub struct Options {
    /// The usual variables with their values: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION,
    /// AWS_ENDPOINT_URL, AWS_ALLOW_HTTP and the others that begin so. Those that are not known are passed over.
    pub variables: Vec<(String, String)>,
    /// How long a fetch may go on without a byte arriving before it is given up.
    pub patience: Duration,
    /// How long one request may carry no bytes before another one takes its place.
    pub stall: Duration,
    /// The wait before the second attempt; it doubles with every further one.
    pub backoff: Duration,
    /// Attempts in a row that bring no byte.
    pub attempts: u32,
}

impl Options {
    /// With these variables: 60 s of patience, five attempts in a row.
    pub fn new(variables: Vec<(String, String)>) -> Self {
        Self {
            variables,
            patience: Duration::from_secs(60),
            stall: Duration::from_secs(15),
            backoff: Duration::from_millis(500),
            attempts: 5,
        }
    }

    /// With the variables of this process. A value that is not UTF-8 is passed over.
    pub fn from_environment() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let all = std::env::vars_os().filter_map(text);
        Self::new(all.filter(|(name, _)| name.starts_with(PREFIX)).collect())
    }

    /// A variable that is set to something.
    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        let of = |name: &&str| self.variables.iter().find(|(known, _)| known == name);
        names.iter().find_map(of).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}
