//! A table that fits 110 columns: two lines of header, a name that may take a line of its own, and lines
//! of words below a row.

/// The width that the table fits, if the numbers let it.
pub(super) const WIDTH: usize = 110;
/// The least width of the names.
const LEAST: usize = 16;

/// A row: a name, its numbers, and words below it.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
    pub(super) below: Option<String>,
    /// Whether it stands below a rule of its own.
    pub(super) is_last: bool,
}

/// A table with these columns; each has two lines of header. The first column is that of names.
pub(super) fn render(header: &[[&str; 2]], rows: &[Row]) -> String {
    let widths: Vec<usize> = (1..header.len())
        .map(|at| {
            let cells = rows.iter().filter_map(|row| row.cells.get(at - 1)).map(|cell| count(cell));
            let titles = header[at].iter().map(|title| count(title));
            cells.chain(titles).max().unwrap_or(0)
        })
        .collect();
    let longest = rows.iter().map(|row| count(&row.name)).max().unwrap_or(0).max(LEAST);
    let numbers: usize = widths.iter().sum();
    let left = |gap: usize| WIDTH.saturating_sub(numbers + gap * widths.len()).max(LEAST);
    let gap = if left(2) >= longest.min(20) { 2 } else { 1 };
    let layout = Layout { names: longest.min(left(gap)), widths, gap };
    let mut lines: Vec<String> = (0..2)
        .map(|line| {
            let titles: Vec<&str> = header.iter().skip(1).map(|titles| titles[line]).collect();
            layout.line(header.first().map_or("", |titles| titles[line]), &titles)
        })
        .collect();
    lines.push("─".repeat(layout.width()));
    for row in rows {
        if row.is_last {
            lines.push("─".repeat(layout.width()));
        }
        lines.extend(layout.row(row));
    }
    lines.join("\n")
}

struct Layout {
    names: usize,
    widths: Vec<usize>,
    gap: usize,
}

impl Layout {
    fn width(&self) -> usize {
        self.names + self.widths.iter().map(|width| width + self.gap).sum::<usize>()
    }

    fn line<S: AsRef<str>>(&self, name: &str, cells: &[S]) -> String {
        let mut line = format!("{name:<width$}", width = self.names);
        for (cell, width) in cells.iter().zip(&self.widths) {
            line.push_str(&format!("{:gap$}{:>width$}", "", cell.as_ref(), gap = self.gap));
        }
        line.trim_end().to_owned()
    }

    fn row(&self, row: &Row) -> Vec<String> {
        let mut lines = Vec::new();
        if count(&row.name) > self.names {
            lines.extend(wrapped(&row.name, "", "  "));
            lines.push(self.line("", &row.cells));
        } else {
            lines.push(self.line(&row.name, &row.cells));
        }
        lines.extend(row.below.iter().flat_map(|below| wrapped(below, "    ", "    ")));
        lines
    }
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// Words in lines of at most [`WIDTH`] characters.
pub(super) fn wrapped(text: &str, first: &str, others: &str) -> Vec<String> {
    iatro_review::prose::wrapped(text, first, others, WIDTH)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(name: &str, cells: &[&str], below: Option<&str>) -> Row {
        let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
        Row {
            name: name.to_owned(),
            cells,
            below: below.map(str::to_owned),
            is_last: name == "two",
        }
    }

    #[test]
    fn columns_stand_under_their_titles_and_words_below_their_row() {
        let header = [["", "name"], ["reports", "(all)"], ["", "n"]];
        let rows = [row("one", &["1,200", "3"], Some("words")), row("two", &["7", "–"], None)];
        assert_eq!(
            render(&header, &rows).lines().collect::<Vec<_>>(),
            [
                "                  reports",
                "name                (all)  n",
                "────────────────────────────",
                "one                 1,200  3",
                "    words",
                "────────────────────────────",
                "two                     7  –",
            ]
        );
    }

    #[test]
    fn no_line_is_wider_than_the_page_and_a_long_name_has_its_own() {
        let header = [["", "name"]].into_iter().chain([["a", "b"]; 9]).collect::<Vec<_>>();
        let cells = ["123456"; 9];
        let name =
            "a name that is far too long for the column in which the others of its kind stand";
        let rows = [row(name, &cells, Some(&"word ".repeat(60))), row("short", &cells, None)];
        let text = render(&header, &rows);
        assert!(text.lines().all(|line| count(line) <= WIDTH), "{text}");
        assert_eq!(text.lines().nth(3), Some(name));
        assert!(text.lines().any(|line| line.starts_with("short ") && line.ends_with("123456")));
    }
}
