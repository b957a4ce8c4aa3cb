//! Text for a note: columns that wrap, and paragraphs, all within 80 characters, so that the text can be pasted into a
//! record as it is.

use crate::commands::signal::lines::in_lines;

/// Width of everything.
pub(super) const WIDTH: usize = 80;
/// Blanks between columns.
const GAP: usize = 2;

/// One column of a row.
pub(super) struct Column<'a> {
    text: &'a str,
    width: usize,
    to_the_right: bool,
}

/// A column of this width.
pub(super) fn left(text: &str, width: usize) -> Column<'_> {
    Column { text, width, to_the_right: false }
}

/// A column of numbers.
pub(super) fn right(text: &str, width: usize) -> Column<'_> {
    Column { text, width, to_the_right: true }
}

/// A row of columns, each wrapped within its width, after so many blanks.
pub(super) fn row(indent: usize, columns: &[Column<'_>]) -> String {
    let wrapped: Vec<Vec<String>> =
        columns.iter().map(|column| in_lines(column.text, column.width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut text = String::new();
    for line in 0..height {
        let mut whole = " ".repeat(indent);
        for (at, (column, lines)) in columns.iter().zip(&wrapped).enumerate() {
            let part = lines.get(line).map_or("", String::as_str);
            let blank = " ".repeat(column.width.saturating_sub(part.chars().count()));
            if at > 0 {
                whole.push_str(&" ".repeat(GAP));
            }
            whole.push_str(&if column.to_the_right { blank + part } else { part.to_owned() + &blank });
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

/// A rule over the whole width.
pub(super) fn rule() -> String {
    format!("{}\n", "─".repeat(WIDTH))
}

/// The title of a part, underlined.
pub(super) fn title(text: &str) -> String {
    format!("{text}\n{}", rule())
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
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
