//! One bucket of a store, made ready from the usual variables.

use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{ClientOptions, RetryConfig};
use url::Url;

use super::error::{Result, StorageError, StorageErrorKind};
use super::location::Location;
use super::options::Options;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

const ENDPOINT: [&str; 2] = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

/// Variables that say who is asking: all of one group.
const IDENTITIES: [&[&str]; 5] = [
    &["AWS_ACCESS_KEY_ID"],
    &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
    &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
    &["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
    &["AWS_SKIP_SIGNATURE"],
];

/// Reads from one bucket.
pub(super) struct Client {
    pub(super) store: AmazonS3,
    pub(super) location: Location,
    pub(super) options: Options,
}

impl Client {
    /// Makes a client ready; asks nothing yet.
    pub(super) fn new(location: Location, options: Options) -> Result<Self> {
        check(&options)?;
        // Attempts, waits and time limits are counted in one place, which is not there.
        let patient = ClientOptions::new().with_timeout_disabled().with_connect_timeout(CONNECT);
        let once = RetryConfig { max_retries: 0, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new().with_client_options(patient).with_retry(once);
        for (name, value) in &options.variables {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value.trim());
            }
        }
        let built = builder.with_bucket_name(location.bucket()).build();
        let store = built.map_err(|error| {
            let help = "Check the variables AWS_… in the environment.";
            StorageError::new(StorageErrorKind::Usage, &location, one_line(&error), help)
        })?;
        Ok(Self { store, location, options })
    }

    /// Where the store is, for people.
    pub(super) fn endpoint(&self) -> String {
        let region = || self.options.value(&["AWS_REGION", "AWS_DEFAULT_REGION"]);
        let own = || format!("S3 in {}", region().unwrap_or("us-east-1"));
        self.options.value(&ENDPOINT).map_or_else(own, str::to_owned)
    }

    /// Whether no variable says who is asking.
    pub(super) fn is_nobody(&self) -> bool {
        let is_set = |name: &&str| self.options.value(&[*name]).is_some();
        !IDENTITIES.iter().any(|group| group.iter().all(is_set))
    }
}

/// Refuses values that cannot be sent, or would be sent elsewhere than a reader of them thinks. Names the variable, and
/// its value only where it is no secret.
fn check(options: &Options) -> Result<()> {
    let usage = |name: &str, problem: String, help: &str| {
        Err(StorageError::new(StorageErrorKind::Usage, name, problem, help))
    };
    let visible = |value: &str| value.trim().bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let sent = || options.variables.iter().filter(|(name, _)| !name.ends_with("_FILE"));
    if let Some((name, _)) = sent().find(|(_, value)| !visible(value)) {
        let problem = "its value holds a control character or one outside ASCII".to_owned();
        return usage(name, problem, "Set it anew.");
    }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        let plain = |value: &str| value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let Some(value) = options.value(&[name]).filter(|value| !plain(value)) {
            return usage(
                name,
                format!("\"{value}\" is no region"),
                "Expected one such as eu-west-1.",
            );
        }
    }
    let Some(endpoint) = options.value(&ENDPOINT) else { return Ok(()) };
    let name = ENDPOINT[usize::from(options.value(&ENDPOINT[..1]).is_none())];
    let Some(url) = address(endpoint) else {
        let problem = "its value is no web address of a store";
        return usage(
            name,
            problem.into(),
            "Expected https://host or https://host:port, without a user.",
        );
    };
    let allowed = options.value(&["AWS_ALLOW_HTTP"]);
    let allowed =
        allowed.is_some_and(|value| ["true", "1", "yes"].contains(&&*value.to_lowercase()));
    if url.scheme() == "http" && !allowed {
        let problem = format!("{url} is not encrypted");
        return usage(name, problem, "Set AWS_ALLOW_HTTP=true if that is meant.");
    }
    Ok(())
}

/// An address that every reader takes alike: a scheme, a host, perhaps a port and a path.
fn address(endpoint: &str) -> Option<Url> {
    let url = Url::parse(endpoint).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url)
}

/// The first line of an error about settings.
fn one_line(error: &object_store::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn made(variables: &[(&str, &str)]) -> Result<Client> {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Client::new(Location::parse("s3://b/lake").unwrap(), Options::new(variables.collect()))
    }

    #[test]
    fn settings_that_do_not_make_sense_are_named_and_secrets_are_not() {
        let secret = "Sesame\u{7f}Open";
        for (variables, named) in [
            (&[("AWS_SECRET_ACCESS_KEY", secret)][..], "AWS_SECRET_ACCESS_KEY"),
            (&[("AWS_SESSION_TOKEN", "Sesame\nOpen")], "AWS_SESSION_TOKEN"),
            (&[("AWS_ACCESS_KEY_ID", "Sesame")], "SecretAccessKey"),
            (&[("AWS_REGION", "eu/west")], "eu/west"),
            (&[("AWS_ENDPOINT_URL", "ftp://h")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL", "https://me:Sesame@h")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL", "https:// h")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL", "https://h:99999")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL", "https://1.2.3.999")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL", "https://[::zz]")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL", "https://h?x=1")], "AWS_ENDPOINT_URL"),
            (&[("AWS_ENDPOINT_URL_S3", "http://h")], "AWS_ALLOW_HTTP=true"),
            (&[("AWS_ENDPOINT_URL", "http://h"), ("AWS_ALLOW_HTTP", "no")], "AWS_ALLOW_HTTP=true"),
        ] {
            let error = made(variables).err().unwrap();
            let text = error.to_string();
            assert_eq!(error.kind(), Some(StorageErrorKind::Usage), "{text}");
            assert!(text.contains(named) && !text.contains("Sesame"), "{named}: {text}");
        }
    }

    #[test]
    fn variables_that_mean_nothing_here_are_passed_over() {
        let client = made(&[
            ("AWS_PAGER", "less"),
            ("AWS_BUCKET", "another"),
            ("AWS_CONFIG_FILE", "/etc/überall/aws"),
            ("AWS_ENDPOINT", "https://elsewhere"),
            ("AWS_ALLOW_INVALID_CERTIFICATES", "true"),
            ("AWS_SESSION_TOKEN", ""),
            ("AWS_ENDPOINT_URL_S3", " "),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"),
            ("AWS_ALLOW_HTTP", "true"),
        ]);
        let client = client.unwrap();
        assert!(client.is_nobody());
        assert_eq!(client.options.variables.len(), 2);
        assert_eq!(client.endpoint(), "http://127.0.0.1:9000");
        assert!(client.store.to_string().ends_with("(b)"), "{}", client.store);
    }
}
