//! Where a server is and how to be let in: `sc://host:port/;token=…;use_ssl=true;user_id=…`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

mod error;
mod parameter;

pub use error::UrlError;
use parameter::{Parameter, decoded};

/// The port of a Spark Connect server, where the address names none.
pub const DEFAULT_PORT: u16 = 15002;

/// The parsed address of a Spark Connect server. Printing it never prints the token.
#[derive(Clone, Eq, PartialEq)]
pub struct ConnectUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: bool,
    pub(super) token: Option<String>,
    pub(super) user_id: Option<String>,
    /// Further headers, such as `x-databricks-cluster-id`.
    pub(super) headers: Vec<(String, String)>,
}

impl ConnectUrl {
    /// Reads an address as Spark writes it. Known parameters: `token` (which asks for TLS, as in Spark), `use_ssl`,
    /// `user_id`, and any name that begins with `x-`, which is sent as a header.
    ///
    /// # Errors
    /// What is wrong with the address: another scheme, no host, a port that is none, a parameter that is unknown,
    /// repeated or not understood, a token that would travel without TLS to another machine.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let rest = text.strip_prefix("sc://").ok_or(UrlError::Scheme)?;
        let (place, parameters) = match rest.split_once('/') {
            None if rest.contains(';') => return Err(UrlError::NoSlash),
            None => (rest, ""),
            Some((place, "")) => (place, ""),
            Some((place, parameters)) => {
                (place, parameters.strip_prefix(';').ok_or(UrlError::Path)?)
            }
        };
        let (host, port) = host_and_port(place)?;
        let mut url =
            Self { host, port, tls: false, token: None, user_id: None, headers: Vec::new() };
        let asked = url.read_parameters(parameters)?;
        url.tls = asked.unwrap_or(url.token.is_some());
        if url.token.is_some() && !url.tls && !url.is_loopback() {
            return Err(UrlError::TokenInTheOpen { host: url.host });
        }
        Ok(url)
    }

    /// Reads the parameters; returns what they say about TLS.
    fn read_parameters(&mut self, text: &str) -> Result<Option<bool>, UrlError> {
        let mut tls = None;
        let mut seen: Vec<String> = Vec::new();
        for (index, pair) in text.split(';').enumerate().filter(|(_, pair)| !pair.is_empty()) {
            let (name, value) =
                pair.split_once('=').ok_or(UrlError::NoValue { number: index + 1 })?;
            let value = decoded(name, value)?;
            let parameter = Parameter::read(name, value)?;
            let name = name.to_ascii_lowercase();
            if seen.contains(&name) {
                return Err(UrlError::Repeated { name });
            }
            seen.push(name);
            match parameter {
                Parameter::Token(token) => self.token = Some(token),
                Parameter::Tls(asked) => tls = Some(asked),
                Parameter::User(user) => self.user_id = Some(user),
                Parameter::Header(name, value) => self.headers.push((name, value)),
            }
        }
        Ok(tls)
    }

    fn is_loopback(&self) -> bool {
        let name = self.host.trim_start_matches('[').trim_end_matches(']');
        name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Host and port, as in `127.0.0.1:15002`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl FromStr for ConnectUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl fmt::Debug for ConnectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_ref().map(|_| "…");
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ConnectUrl")
            .field("place", &self.place())
            .field("tls", &self.tls)
            .field("token", &token)
            .field("user_id", &self.user_id)
            .field("headers", &headers)
            .finish()
    }
}

/// Splits `host`, `host:port` or `[::1]:port`.
fn host_and_port(place: &str) -> Result<(String, u16), UrlError> {
    let after_bracket = place.rfind(']').map_or(0, |at| at + 1);
    let colon = place.get(after_bracket..).and_then(|rest| rest.rfind(':'));
    let (host, port) = match colon {
        None => (place, DEFAULT_PORT),
        Some(at) => {
            let (host, port) = place.split_at(after_bracket + at);
            let port = port.trim_start_matches(':');
            let number = port.parse().ok().filter(|&number| number > 0);
            (host, number.ok_or_else(|| UrlError::Port { port: port.to_owned() })?)
        }
    };
    if is_host(host) {
        Ok((host.to_owned(), port))
    } else {
        Err(UrlError::Host { host: host.to_owned() })
    }
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !host.is_empty() && host.chars().all(allowed)
}

#[cfg(test)]
mod tests;
