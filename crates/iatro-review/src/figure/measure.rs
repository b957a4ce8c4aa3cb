//! How wide a text is, without a font: the widths of Helvetica with room for wider fonts.

/// Widths of the printable ASCII characters in Helvetica, in thousandths of the font size.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278,
    278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// Room for fonts wider than Helvetica: DejaVu Sans is about this much wider in running text.
const ROOM: f64 = 1.17;
const BOLD: f64 = 1.08;

/// A size in pixels, and whether the text is bold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) bold: bool,
}

impl Font {
    pub(super) const fn plain(size: f64) -> Self {
        Self { size, bold: false }
    }

    pub(super) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    /// The most that a text is wide, in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        let sum: f64 = text.chars().map(char_width).sum();
        sum * self.size * ROOM * if self.bold { BOLD } else { 1.0 }
    }

    /// The distance between two lines.
    pub(super) fn line(self) -> f64 {
        (self.size * 1.3).round()
    }

    /// Lines no wider than `width`, broken at blanks, after hyphens and slashes, and inside a word only
    /// where it is wider than a line. More than `most` lines end in an ellipsis.
    pub(super) fn wrap(self, text: &str, width: f64, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for piece in pieces(text) {
            let fits = self.width(&line) + self.width(piece.trim_end()) <= width;
            if !line.is_empty() && !fits {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            for c in piece.chars() {
                let is_full = self.width(&line) + self.width(c.encode_utf8(&mut [0; 4])) > width;
                if !line.is_empty() && is_full && !c.is_whitespace() {
                    lines.push(std::mem::take(&mut line).trim_end().to_owned());
                }
                line.push(c);
            }
        }
        lines.push(line.trim_end().to_owned());
        lines.retain(|line| !line.is_empty());
        self.shortened(lines, width, most)
    }

    fn shortened(self, mut lines: Vec<String>, width: f64, most: usize) -> Vec<String> {
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && self.width(&format!("{last}…")) > width {
                    last.pop();
                }
                last.push('…');
            }
        }
        lines
    }
}

/// A text in pieces that stay together, each with the blank or hyphen behind it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | ','))
}

fn char_width(c: char) -> f64 {
    let thousandths = match c {
        ' '..='~' => f64::from(HELVETICA[c as usize - 32]),
        // Marks that stand on the letter before.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '⁰'..='⁹' | '⁺' | '⁻' | '¹' | '²' | '³' => 360.0,
        '–' | '−' | '×' => 584.0,
        // Latin with accents, Greek, Cyrillic, Hebrew, Arabic and other scripts of letters.
        '\u{a0}'..='\u{10ff}' | '\u{1e00}'..='\u{22ff}' => 640.0,
        // Chinese, Japanese, Korean, emoji.
        _ => 1200.0,
    };
    thousandths / 1000.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const FONT: Font = Font::plain(13.0);

    #[test]
    fn wider_texts_measure_more() {
        assert!(FONT.width("iiii") < FONT.width("mmmm"));
        assert!(FONT.width("a") < Font::bold(13.0).width("a"));
        assert!(FONT.width("药品") > FONT.width("ab"));
        assert!(FONT.width("").abs() < f64::EPSILON);
    }

    #[test]
    fn lines_fit_and_nothing_is_lost() {
        let name = "axicabtagene ciloleucel, autologous anti-CD19-transduced CD3+ cells";
        let lines = FONT.wrap(name, 180.0, 9);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| FONT.width(line) <= 180.0));
        assert_eq!(lines.concat().replace(' ', ""), name.replace(' ', ""));
        let solid = "x".repeat(100);
        let lines = FONT.wrap(&solid, 100.0, 99);
        assert!(lines.iter().all(|line| FONT.width(line) <= 100.0));
        assert_eq!(lines.concat(), solid);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let lines = FONT.wrap(&"word ".repeat(50), 100.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && FONT.width(&lines[1]) <= 100.0);
        assert!(FONT.wrap("   ", 100.0, 2).is_empty());
    }
}
