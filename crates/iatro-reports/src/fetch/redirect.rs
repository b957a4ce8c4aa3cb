//! Where a redirect leads (RFC 3986, section 5): only to `http` and `https`, whatever is asked.

use ureq::http::StatusCode;

/// Whether a status sends the client elsewhere.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The address that `location` means in an answer from `base`; `None` if it is not a web address.
pub(super) fn target(base: &str, location: &str) -> Option<String> {
    let location = before(location.trim(), '#');
    if let Some(scheme) = scheme(location) {
        let web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        return web.then(|| location.to_owned());
    }
    let (scheme, rest) = base.split_once("://")?;
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let path = before(before(path, '#'), '?');
    Some(match location.as_bytes() {
        [] => before(base, '#').to_owned(),
        [b'/', b'/', ..] => format!("{scheme}:{location}"),
        [b'/', ..] => format!("{scheme}://{host}{}", without_dots(location)),
        [b'?', ..] => format!("{scheme}://{host}{path}{location}"),
        _ => {
            let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
            format!("{scheme}://{host}{}", without_dots(&format!("{folder}{location}")))
        }
    })
}

/// What stands before a character, or all.
fn before(text: &str, stop: char) -> &str {
    text.split(stop).next().unwrap_or(text)
}

/// The scheme of an absolute address.
fn scheme(location: &str) -> Option<&str> {
    let (scheme, _) = location.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    fits.then_some(scheme)
}

/// Resolves `.` and `..` in a path that begins with a slash; a query stays as it is.
fn without_dots(path: &str) -> String {
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        kept.push("");
    }
    format!("/{}{query}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_every_form() {
        let base = "https://host:8443/a/b/c.zip?x=1#y";
        for (location, expected) in [
            ("http://other/d.zip#part", "http://other/d.zip"),
            ("HTTPS://other/d.zip", "HTTPS://other/d.zip"),
            ("//other/d.zip", "https://other/d.zip"),
            ("/d.zip?e=/../f", "https://host:8443/d.zip?e=/../f"),
            ("d.zip", "https://host:8443/a/b/d.zip"),
            ("./../d.zip", "https://host:8443/a/d.zip"),
            ("../../../../d.zip", "https://host:8443/d.zip"),
            ("..", "https://host:8443/a/"),
            ("?z=2", "https://host:8443/a/b/c.zip?z=2"),
            ("", "https://host:8443/a/b/c.zip?x=1"),
        ] {
            assert_eq!(target(base, location).as_deref(), Some(expected), "{location}");
        }
        assert_eq!(target("http://host", "d.zip").as_deref(), Some("http://host/d.zip"));
    }

    #[test]
    fn leads_only_to_the_web() {
        for location in ["ftp://host/d.zip", "file:///etc/hostname", "javascript:1", "data:,x"] {
            assert_eq!(target("https://host/c.zip", location), None, "{location}");
        }
    }
}
