//! The one place where text becomes HTML or SVG.
//!
//! Tags, attribute names and raw pieces are `'static`; everything else goes through [`escaped`]. So no
//! name from a report can become markup, and every tag that is opened is closed.

use std::fmt::{Display, Write};

use crate::figure::Svg;

/// An attribute.
pub(crate) type Attr = (&'static str, String);

/// An attribute of any value that can be written.
pub(crate) fn at(name: &'static str, value: impl Display) -> Attr {
    (name, value.to_string())
}

/// A coordinate or length with at most two decimals: `12`, `0.5`, `-3.25`; 0 if it is not finite.
pub(crate) fn px(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "-0" | "") { "0".to_owned() } else { text.to_owned() }
}

/// Markup under construction: well-formed XML that is also HTML.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    out: String,
}

impl Markup {
    /// An element with what `fill` puts into it.
    pub(crate) fn within(
        &mut self,
        tag: &'static str,
        attrs: &[Attr],
        fill: impl FnOnce(&mut Self),
    ) {
        self.start(tag, attrs);
        self.out.push('>');
        fill(self);
        self.end(tag);
    }

    /// An element with text.
    pub(crate) fn leaf(&mut self, tag: &'static str, attrs: &[Attr], text: &str) {
        self.within(tag, attrs, |m| m.text(text));
    }

    /// An element without content.
    pub(crate) fn void(&mut self, tag: &'static str, attrs: &[Attr]) {
        self.start(tag, attrs);
        self.out.push_str("/>");
        self.line_after(tag);
    }

    /// Text.
    pub(crate) fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(text));
    }

    /// A name from the data: kept apart from the direction of the text around it.
    pub(crate) fn name(&mut self, name: &str) {
        self.leaf("bdi", &[], name);
    }

    /// Markup that is part of this program.
    pub(crate) fn raw(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// A finished figure.
    pub(crate) fn figure(&mut self, figure: &Svg) {
        self.out.push_str(figure.as_str());
    }

    /// Markup made before.
    pub(crate) fn append(&mut self, markup: &Self) {
        self.out.push_str(&markup.out);
    }

    pub(crate) fn into_string(self) -> String {
        self.out
    }

    fn start(&mut self, tag: &'static str, attrs: &[Attr]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attrs {
            // Writing to a string cannot fail.
            let _ = write!(self.out, " {name}=\"{}\"", escaped(value));
        }
    }

    fn end(&mut self, tag: &'static str) {
        let _ = write!(self.out, "</{tag}>");
        self.line_after(tag);
    }

    /// Inline elements stay on their line, where white space would show.
    fn line_after(&mut self, tag: &str) {
        const INLINE: [&str; 13] = [
            "a", "abbr", "bdi", "button", "code", "em", "small", "span", "strong", "sub", "sup",
            "td", "tspan",
        ];
        if !INLINE.contains(&tag) {
            self.out.push('\n');
        }
    }
}

/// Returns text that is safe as content and as a quoted attribute of HTML and XML.
///
/// Control characters, and those that turn the direction of the text behind them, become U+FFFD: the
/// first are not XML, the second could make a name look like another.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if is_hidden(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
        || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        let mut m = Markup::default();
        m.within("p", &[at("title", "\"><script>")], |m| m.name("<script>alert('x')</script>"));
        assert_eq!(
            m.into_string(),
            "<p title=\"&quot;&gt;&lt;script&gt;\"><bdi>&lt;script&gt;alert(&#39;x&#39;)\
             &lt;/script&gt;</bdi></p>\n"
        );
    }

    #[test]
    fn hidden_characters_show() {
        assert_eq!(escaped("a\u{0}b\u{202e}c\td"), "a\u{fffd}b\u{fffd}c d");
        assert_eq!(escaped("דוגמה 💉"), "דוגמה 💉");
    }

    #[test]
    fn coordinates_are_short() {
        for (value, text) in [
            (12.0, "12"),
            (100.0, "100"),
            (0.125, "0.12"),
            (-0.001, "0"),
            (-3.25, "-3.25"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(px(value), text);
        }
    }
}
