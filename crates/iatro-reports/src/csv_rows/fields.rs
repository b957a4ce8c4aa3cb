//! One record into its values: delimiters, quotes, doubled quotes.
//!
//! A value is quoted when its first character is `"`. Behind the closing quote the value goes on
//! unquoted to the next delimiter, as other readers have it, but the stray quote is kept.

use std::borrow::Cow;
use std::ops::Range;

const QUOTE: u8 = b'"';

/// The values of one record.
#[derive(Debug)]
pub(crate) struct Fields<'t> {
    text: Cow<'t, str>,
    ranges: Vec<Range<usize>>,
    /// Whether text stood behind a closing quote, as it does where quotes are not paired.
    pub(crate) stray_quote: bool,
}

impl<'t> Fields<'t> {
    /// Parts a record, which may hold line breaks in quotes.
    pub(crate) fn split(text: &'t str, delimiter: u8) -> Self {
        if memchr::memchr(QUOTE, text.as_bytes()).is_some() {
            return Self::split_quoted(text, delimiter);
        }
        let mut ranges = Vec::with_capacity(40);
        let mut start = 0;
        for at in memchr::memchr_iter(delimiter, text.as_bytes()) {
            ranges.push(start..at);
            start = at + 1;
        }
        ranges.push(start..text.len());
        Self { text: Cow::Borrowed(text), ranges, stray_quote: false }
    }

    fn split_quoted(text: &str, delimiter: u8) -> Self {
        let bytes = text.as_bytes();
        let mut out = String::with_capacity(text.len());
        let (mut ranges, mut stray_quote, mut at) = (Vec::with_capacity(40), false, 0);
        loop {
            let start = out.len();
            let quoted = bytes.get(at) == Some(&QUOTE);
            if quoted {
                at = unquote(text, at + 1, &mut out);
            }
            let end = find(bytes, delimiter, at).unwrap_or(bytes.len());
            let rest = text.get(at..end).unwrap_or_default();
            if !quoted {
                out.push_str(rest);
            } else if !rest.trim().is_empty() {
                stray_quote = true;
                out.push('"');
                out.push_str(rest);
            }
            ranges.push(start..out.len());
            if end >= bytes.len() {
                return Self { text: Cow::Owned(out), ranges, stray_quote };
            }
            at = end + 1;
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The value at a position; empty past the last.
    pub(crate) fn get(&self, at: usize) -> &str {
        let range = self.ranges.get(at).cloned();
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }
}

/// Appends the quoted text from `at` on; returns the position behind its closing quote.
fn unquote(text: &str, mut at: usize, out: &mut String) -> usize {
    let bytes = text.as_bytes();
    while let Some(quote) = find(bytes, QUOTE, at) {
        out.push_str(text.get(at..quote).unwrap_or_default());
        if bytes.get(quote + 1) != Some(&QUOTE) {
            return quote + 1;
        }
        out.push('"');
        at = quote + 2;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    bytes.len()
}

/// Whether a line ends inside quotes; `open` tells whether it begins inside them.
pub(crate) fn ends_open(line: &[u8], delimiter: u8, mut open: bool) -> bool {
    if !open && memchr::memchr(QUOTE, line).is_none() {
        return false;
    }
    let mut at = 0;
    loop {
        if !open && line.get(at) == Some(&QUOTE) {
            at += 1;
            open = true;
        }
        if open {
            match closing_quote(line, at) {
                Some(behind) => at = behind,
                None => return true,
            }
        }
        match find(line, delimiter, at) {
            Some(next) => (at, open) = (next + 1, false),
            None => return false,
        }
    }
}

/// The position behind the quote that closes the quoted text from `at` on.
fn closing_quote(line: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = find(line, QUOTE, at)?;
        if line.get(quote + 1) != Some(&QUOTE) {
            return Some(quote + 1);
        }
        at = quote + 2;
    }
}

fn find(bytes: &[u8], wanted: u8, from: usize) -> Option<usize> {
    memchr::memchr(wanted, bytes.get(from..)?).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let fields = Fields::split(text, b',');
        (0..fields.len()).map(|at| fields.get(at).to_owned()).collect()
    }

    #[test]
    fn quotes_hold_delimiters_breaks_and_quotes() {
        assert_eq!(values("a,,b"), ["a", "", "b"]);
        assert_eq!(values("\"a,b\",\"c\"\"d\",\"e\nf\""), ["a,b", "c\"d", "e\nf"]);
        assert_eq!(values("\"\",\"\"\"\","), ["", "\"", ""]);
        assert_eq!(values(""), [""]);
        assert_eq!(values("5\" tube,\"\u{e9}\""), ["5\" tube", "\u{e9}"]);
    }

    #[test]
    fn text_behind_a_closing_quote_is_kept_with_the_quote() {
        assert_eq!(values("\"a\"b,c"), ["a\"b", "c"]);
        assert_eq!(values("\"a\" ,c"), ["a", "c"]);
        assert!(Fields::split("\"a\"b,c", b',').stray_quote);
        assert!(!Fields::split("\"a\" ,c", b',').stray_quote);
    }

    #[test]
    fn an_open_line_is_told() {
        for (line, from_closed, from_open) in [
            ("a,b", false, true),
            ("a,\"b", true, false),
            ("a,\"b\"\"", true, false),
            ("a,\"b\",c", false, false),
            ("b\",c", false, false),
            ("b\",\"c", true, true),
            ("a\"b,\"c", true, true),
            ("", false, true),
        ] {
            assert_eq!(ends_open(line.as_bytes(), b',', false), from_closed, "{line}");
            assert_eq!(ends_open(line.as_bytes(), b',', true), from_open, "{line}");
        }
    }
}
