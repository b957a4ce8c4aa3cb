//! Lists and paragraphs.

/// Width of prose for the terminal.
const WIDTH: usize = 96;

/// `a`, `a and b`, `a, b and c`, with the last word between the last two.
pub(crate) fn listed<S: AsRef<str>>(items: &[S], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., end] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", most.join(", "), end.as_ref())
        }
    }
}

/// Lines of at most [`WIDTH`] characters: the first begins with `first`, the others with as many blanks.
pub(super) fn paragraph(first: &str, text: &str) -> String {
    let blank = " ".repeat(first.chars().count());
    let mut text = wrapped(text, first, &blank, WIDTH).join("\n");
    text.push('\n');
    text
}

/// Words in lines of at most `width` characters (a longer word has a line of its own): the first line begins with
/// `first`, the others with `others`.
pub fn wrapped(text: &str, first: &str, others: &str, width: usize) -> Vec<String> {
    let count = |text: &str| text.chars().count();
    let (mut lines, mut line, mut fresh) = (Vec::new(), first.to_owned(), true);
    for word in text.split_whitespace() {
        if !fresh && count(&line) + 1 + count(word) > width {
            lines.push(std::mem::replace(&mut line, others.to_owned()));
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        line.push_str(word);
        fresh = false;
    }
    lines.push(line);
    lines
}

/// A text that ends like a sentence.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?']) {
        return text.to_owned();
    }
    format!("{text}.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn lists_are_joined() {
        assert_eq!(listed::<&str>(&[], "and"), "");
        assert_eq!(listed(&["a"], "and"), "a");
        assert_eq!(listed(&["a", "b", "c"], "or"), "a, b or c");
    }

    #[test]
    fn paragraphs_hang() {
        let text = paragraph("- ", &"word ".repeat(40));
        assert!(text.starts_with("- word word"));
        assert!(text.lines().skip(1).all(|line| line.starts_with("  word")));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(paragraph("", ""), "\n");
        let long = "x".repeat(200);
        assert_eq!(paragraph("- ", &long), format!("- {long}\n"));
    }
}
