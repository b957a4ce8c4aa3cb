//! Which store, with which keys, and how patiently.

use std::time::Duration;

/// The variables that are heard. Others of that name would send a request elsewhere, or let anybody answer it.
pub(super) const KNOWN: [&str; 17] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ALLOW_HTTP",
    "AWS_SKIP_SIGNATURE",
    "AWS_REQUEST_PAYER",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// Settings and patience. It holds keys, so it has no form in which it could be printed.
#[derive(Clone)]
pub struct Options {
    /// The usual variables with their values: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION,
    /// AWS_ENDPOINT_URL, AWS_ALLOW_HTTP and those by which machines, containers and pods have their roles. Others, and
    /// those that are set to nothing, are passed over.
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
    pub fn new(mut variables: Vec<(String, String)>) -> Self {
        variables.retain(|(name, value)| KNOWN.contains(&&**name) && !value.trim().is_empty());
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
        Self::new(all.collect())
    }

    /// A variable that is set to something.
    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        let of = |name: &&str| self.variables.iter().find(|(known, _)| known == name);
        names.iter().find_map(of).map(|(_, value)| value.trim())
    }
}
