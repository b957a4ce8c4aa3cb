//! Text in lines of a width.

/// Width of words below a table.
const WIDTH: usize = 116;

/// Lines of at most so many characters, broken at blanks; a word that is longer is broken inside.
pub(in crate::commands) fn in_lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        if !line.is_empty() && count(&line) + 1 + count(&word) > width {
            lines.push(std::mem::take(&mut line));
        }
        while count(&word) > width {
            let rest: String = word.chars().skip(width).collect();
            lines.push(word.chars().take(width).collect());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A paragraph of which the first line begins with `first`, the others with as many blanks.
pub(super) fn hanging(first: &str, text: &str) -> String {
    let blank = " ".repeat(count(first));
    let lines = in_lines(text, WIDTH - count(first));
    let lines = lines.iter().enumerate().map(|(at, line)| {
        let begin = if at == 0 { first } else { &blank };
        format!("{begin}{line}\n")
    });
    lines.collect()
}

fn count(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_and_lose_nothing() {
        let text = "a substance with a verylongnamethatdoesnotfitintoanylineofitsown and more";
        let lines = in_lines(text, 14);
        assert!(lines.iter().all(|line| count(line) <= 14 && !line.is_empty()), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert!(in_lines("  ", 5).is_empty());
        assert_eq!(hanging("- ", "x"), "- x\n");
    }
}
