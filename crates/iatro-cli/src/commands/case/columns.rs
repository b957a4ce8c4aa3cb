//! Text for a note: columns that wrap, and paragraphs, all within 80 characters, so that the text can be pasted into a
//! record as it is.

use crate::commands::signal::lines::in_lines;

/// Width of everything.
pub(super) const WIDTH: usize = 80;
/// Blanks between columns.
const GAP: usize = 2;

/// One column of a row.
pub(super) struct Column {
    lines: Vec<String>,
    width: usize,
    to_the_right: bool,
}

/// A column of this width.
pub(super) fn left(text: &str, width: usize) -> Column {
    Column { lines: in_lines(text, width), width, to_the_right: false }
}

/// A column of lines that stand as they are.
pub(super) fn stacked(lines: Vec<String>, width: usize) -> Column {
    Column { lines, width, to_the_right: false }
}

/// A column of numbers.
pub(super) fn right(text: &str, width: usize) -> Column {
    Column { lines: in_lines(text, width), width, to_the_right: true }
}

/// A row of columns, each within its width, after so many blanks.
pub(super) fn row(indent: usize, columns: &[Column]) -> String {
    let height = columns.iter().map(|column| column.lines.len()).max().unwrap_or(0).max(1);
    let mut text = String::new();
    for line in 0..height {
        let mut whole = " ".repeat(indent);
        for (at, column) in columns.iter().enumerate() {
            let part = column.lines.get(line).map_or("", String::as_str);
            let blank = " ".repeat(column.width.saturating_sub(part.chars().count()));
            if at > 0 {
                whole.push_str(&" ".repeat(GAP));
            }
            whole.push_str(&if column.to_the_right {
                blank + part
            } else {
                part.to_owned() + &blank
            });
        }
        text.push_str(whole.trim_end());
        text.push('\n');
    }
    text
}

/// A paragraph: its first line begins with `first`, the others with as many blanks.
pub(super) fn paragraph(first: &str, text: &str) -> String {
    let indent = first.chars().count();
    let blank = " ".repeat(indent);
    let lines = in_lines(text, WIDTH.saturating_sub(indent).max(20));
    let lines = lines.iter().enumerate();
    lines.map(|(at, line)| format!("{}{line}\n", if at == 0 { first } else { &blank })).collect()
}

/// Text in lines of a width.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    in_lines(text, width)
}

/// A sentence: what is a question or ends already stays as it is.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}

/// Words after a question or a name: a question mark needs no colon.
pub(super) fn after(text: &str, words: &str) -> String {
    let colon = if text.ends_with('?') { "" } else { ":" };
    format!("{}{colon} {words}", clause(text))
}

/// A rule over the whole width.
pub(super) fn rule() -> String {
    format!("{}\n", "─".repeat(WIDTH))
}

/// The title of a part, underlined.
pub(super) fn title(text: &str) -> String {
    paragraph("", text) + &rule()
}

/// A sentence without its full stop, to be put into another.
pub(super) fn clause(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_wrap_within_their_width_and_numbers_stand_to_the_right() {
        let text = row(2, &[left("a name of words", 8), right("12", 4), left("end", 5)]);
        assert_eq!(text, "  a name      12  end\n  of words\n");
        assert_eq!(row(0, &[left("", 3)]), "\n");
        assert_eq!(row(0, &[left("abcdef", 4), right("1", 1)]), "abcd  1\nef\n");
    }

    #[test]
    fn no_line_of_a_paragraph_is_wider_than_the_page() {
        let text = paragraph("  - ", &"word ".repeat(60));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("    word")));
    }
}
