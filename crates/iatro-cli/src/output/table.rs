//! Tables for people.

use comfy_table::{
    CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle,
};

use crate::answer::{Cell, Kind, Rows};

/// The table in plain characters: a rule under the header, none elsewhere.
pub(crate) fn render<N: AsRef<str>>(rows: &Rows<N>) -> String {
    let mut table = Table::new();
    let style = TableStyle::new()
        .header_lines(ContentLineStyle::none().junction(' '))
        .header_separator(LineStyle::none().fill('─').junction(' '))
        .content_lines(ContentLineStyle::none().junction(' '));
    table.load_style(style).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    table.set_header(rows.columns.iter().map(|(name, _)| name.as_ref()));
    for row in &rows.rows {
        table.add_row(row.iter().map(shown));
    }
    for (at, (_, kind)) in rows.columns.iter().enumerate() {
        if let (Some(column), Kind::Count | Kind::Number) = (table.column_mut(at), kind) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// A value as people read it: counts with thousands parted, numbers to three significant digits.
pub(crate) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Missing => "–".to_owned(),
        Cell::Text(text) | Cell::Decimal(text) => text.clone(),
        Cell::Count(count) => thousands(*count),
        Cell::Integer(integer) => integer.to_string(),
        Cell::Number(number) => significant(*number),
    }
}

/// `1,234,567`.
pub(crate) fn thousands(count: u64) -> String {
    iatro_review::number::thousands(count)
}

/// Three significant digits, at least the whole part: `0.0123`, `7.60`, `486.6`, `12345`.
pub(crate) fn significant(number: f64) -> String {
    iatro_review::number::significant(number)
}
