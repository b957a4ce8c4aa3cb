//! The parameters of an address.

use super::UrlError;

/// A parameter that is understood.
pub(super) enum Parameter {
    Token(String),
    Tls(bool),
    User(String),
    Header(String, String),
}

impl Parameter {
    /// Reads a parameter whose value is decoded already.
    pub(super) fn read(name: &str, value: String) -> Result<Self, UrlError> {
        let wrong = |expected| UrlError::Value { name: name.to_owned(), expected };
        let printable = value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        if value.trim().is_empty() || !printable {
            return Err(wrong("printable ASCII characters, at least one"));
        }
        match name {
            "token" => Ok(Self::Token(value)),
            "use_ssl" => match value.as_str() {
                "true" => Ok(Self::Tls(true)),
                "false" => Ok(Self::Tls(false)),
                _ => Err(wrong("true or false")),
            },
            "user_id" => Ok(Self::User(value)),
            _ if is_header(name) => Ok(Self::Header(name.to_ascii_lowercase(), value)),
            _ => Err(UrlError::Unknown { name: name.to_owned() }),
        }
    }
}

/// `x-…`; not `…-bin`, whose values gRPC encodes.
fn is_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.len() > 2 && name.starts_with("x-") && !name.ends_with("-bin") && name.chars().all(allowed)
}

/// A value without its percent signs.
pub(super) fn decoded(name: &str, value: &str) -> Result<String, UrlError> {
    let wrong = || UrlError::Value {
        name: name.to_owned(),
        expected: "% only before two hexadecimal digits, and UTF-8 when decoded",
    };
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = rest.next().and_then(hexadecimal).ok_or_else(wrong)?;
            let low = rest.next().and_then(hexadecimal).ok_or_else(wrong)?;
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
