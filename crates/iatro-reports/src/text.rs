//! Bytes to text: physical lines, their encoding, and characters that do not belong in a value.

pub(crate) mod lines;

use std::borrow::Cow;

/// A line as text: UTF-8 if it is, else Windows-1252, in which every byte means something.
///
/// The flag tells whether the second was needed.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, true),
    }
}

/// The text without control characters; tabs and line breaks become a space.
pub(crate) fn without_control(text: &str) -> String {
    let visible = |c: char| match c {
        '\t' | '\n' | '\r' => Some(' '),
        c if c.is_ascii_control() => None,
        c => Some(c),
    };
    text.chars().filter_map(visible).collect()
}

/// The text without white space at its ends: `str::trim`, quick where there is none.
pub(crate) fn trimmed(text: &str) -> &str {
    let visible = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if visible(bytes.first()) && visible(bytes.last()) { text } else { text.trim() }
}

/// Trims a value and folds runs of white space in it to one space; borrows when nothing changes.
pub(crate) fn tidy(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    let mut before = 0;
    let plain = text.bytes().all(|b| {
        let single = b.is_ascii_graphic() || (b == b' ' && before != b' ');
        before = b;
        single
    });
    if plain {
        return Cow::Borrowed(text);
    }
    let untidy = text.contains("  ") || text.chars().any(|c| c.is_whitespace() && c != ' ');
    if !untidy {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_is_lost() {
        let every: Vec<u8> = (0x80..=0xff).collect();
        let (text, fallback) = decode(&every);
        assert!(fallback);
        assert_eq!(text.chars().count(), every.len());
        assert!(!text.contains('\u{fffd}'));
        assert_eq!(decode("Sjögren".as_bytes()), (Cow::Borrowed("Sjögren"), false));
        assert_eq!(decode(b"Sj\xf6gren").0, "Sjögren");
    }

    #[test]
    fn control_characters_go_and_spaces_fold() {
        assert_eq!(without_control("AS\x08PIR\x7fIN\t81"), "ASPIRIN 81");
        assert_eq!(tidy("  ACETYLSALICYLIC   ACID "), "ACETYLSALICYLIC ACID");
        for (text, expected) in [
            ("", ""),
            (" ", ""),
            ("a b", "a b"),
            ("\u{a0}é b\u{2003}", "é b"),
            ("a\u{2003}b", "a b"),
            ("é  b", "é b"),
        ] {
            assert_eq!(tidy(text), expected);
            assert_eq!(trimmed(text), text.trim());
        }
    }
}
