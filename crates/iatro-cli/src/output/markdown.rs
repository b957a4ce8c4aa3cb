//! A Markdown table.

use super::table::shown;
use crate::answer::{Kind, Rows};

pub(crate) fn render<N: AsRef<str>>(rows: &Rows<N>) -> String {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let names = rows.columns.iter().map(|(name, _)| name.as_ref().to_owned()).collect();
    let rule = rows.columns.iter().map(|(_, kind)| match kind {
        Kind::Text => "---".to_owned(),
        Kind::Count | Kind::Number => "---:".to_owned(),
    });
    let mut lines = vec![line(names), line(rule.collect())];
    for row in &rows.rows {
        lines.push(line(row.iter().map(|cell| shown(cell).replace('|', "\\|")).collect()));
    }
    if let Some(note) = &rows.note {
        lines.extend([String::new(), note.clone()]);
    }
    lines.join("\n")
}
