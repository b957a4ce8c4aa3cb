//! A tiny checker: is a text well-formed, and which elements does it have.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// An element, in the order of the text.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) tag: String,
    pub(crate) attrs: Vec<(String, String)>,
    /// Its own text, that of its children left out.
    pub(crate) text: String,
    /// The place of its parent.
    pub(crate) parent: Option<usize>,
}

impl Element {
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document; panics with the place if it is not well-formed.
pub(crate) fn elements(markup: &str) -> Vec<Element> {
    let markup = markup.strip_prefix("<!DOCTYPE html>").unwrap_or(markup);
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        add_text(&mut found, &open, text);
        let end = tag.find('>').unwrap_or_else(|| panic!("no end of tag: {}", head(tag)));
        let inside = &tag[1..end];
        rest = &tag[end + 1..];
        if inside.starts_with('?') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            let last = open.pop().unwrap_or_else(|| panic!("</{name}> closes nothing"));
            assert_eq!(found[last].tag, name, "wrong end tag before: {}", head(rest));
            continue;
        }
        let (inside, is_void) =
            inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        found.push(element(inside, open.last().copied()));
        if is_void {
            continue;
        }
        open.push(found.len() - 1);
        let name = found[found.len() - 1].tag.clone();
        if matches!(name.as_str(), "script" | "style") {
            let close = rest.find(&format!("</{name}")).expect("an end of the script or style");
            rest = &rest[close..];
        }
    }
    add_text(&mut found, &open, rest);
    assert!(open.is_empty(), "{} elements are not closed", open.len());
    found
}

fn element(inside: &str, parent: Option<usize>) -> Element {
    let (tag, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    assert!(!tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric()), "tag {tag:?}");
    let mut attrs: Vec<(String, String)> = Vec::new();
    while !rest.trim().is_empty() {
        let (name, after) = rest.trim_start().split_once("=\"").expect("an attribute with a value");
        let (value, after) = after.split_once('"').expect("an attribute that ends");
        check_text(value);
        assert!(attrs.iter().all(|(n, _)| n != name), "{name} stands twice in <{inside}>");
        attrs.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    Element { tag: tag.to_owned(), attrs, text: String::new(), parent }
}

fn add_text(found: &mut [Element], open: &[usize], text: &str) {
    check_text(text);
    match open.last() {
        Some(last) => found[*last].text.push_str(text),
        None => assert!(text.trim().is_empty(), "text outside: {}", head(text)),
    }
}

/// Text must be escaped, and hold no character that XML forbids.
fn check_text(text: &str) {
    assert!(!text.contains(['<', '>']), "not escaped: {}", head(text));
    assert!(
        !text.chars().any(|c| c.is_control() && c != '\n'),
        "control character: {}",
        head(text)
    );
    for part in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(known.iter().any(|entity| part.starts_with(entity)), "bare &: {}", head(part));
    }
}

fn head(text: &str) -> String {
    text.chars().take(60).collect()
}
