//! Where a file is, as DataFusion reads it: a URL, because a plain path with `*`, `?` or `[` would be a pattern.

use std::fmt::Write;
use std::path::Path;

/// The URL of a file of this machine that exists; another URL as it is.
pub(super) fn url(location: &str) -> Result<String, String> {
    if location.contains("://") {
        return Ok(location.to_owned());
    }
    let path = std::path::absolute(location).map_err(|error| format!("{location}: {error}"))?;
    if !path.is_file() {
        return Err(format!("{}: no such file", path.display()));
    }
    of_path(&path).ok_or_else(|| format!("{}: a name that is not UTF-8", path.display()))
}

fn of_path(path: &Path) -> Option<String> {
    let mut url = "file://".to_owned();
    for byte in path.to_str()?.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        let written = if plain { url.write_char(byte.into()) } else { write!(url, "%{byte:02X}") };
        written.ok()?;
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn signs_of_patterns_are_part_of_a_name() {
        assert_eq!(
            of_path(Path::new("/a b/ä[1]*?%.x")).unwrap(),
            "file:///a%20b/%C3%A4%5B1%5D%2A%3F%25.x"
        );
        assert_eq!(url("s3://bucket/a*").unwrap(), "s3://bucket/a*");
        assert!(url("/no/such/file").unwrap_err().contains("/no/such/file"));
    }
}
