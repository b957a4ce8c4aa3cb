//! CSV: full precision, empty for missing, and no text that a spreadsheet would run as a formula.

use crate::answer::{Cell, Rows};
use crate::error::CliError;

pub(super) fn render(rows: &Rows) -> Result<Vec<u8>, CliError> {
    let failed = |error: csv::Error| CliError::failed(format!("CSV: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(rows.columns.iter().map(|(name, _)| *name)).map_err(failed)?;
    for row in &rows.rows {
        writer.write_record(row.iter().map(field)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| CliError::failed(format!("CSV: {error}")))
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::answer::Kind;

    #[test]
    fn missing_is_empty_and_formulas_are_disarmed() {
        let mut rows =
            Rows::new(&[("substance", Kind::Text), ("a", Kind::Count), ("ror", Kind::Number)]);
        rows.push(vec!["=cmd()".into(), 3_u64.into(), Cell::Missing]);
        rows.push(vec!["a, \"b\"".into(), 0_u64.into(), 7.602_803_939_319_938.into()]);
        let text = String::from_utf8(render(&rows).unwrap()).unwrap();
        assert_eq!(text, "substance,a,ror\n'=cmd(),3,\n\"a, \"\"b\"\"\",0,7.602803939319938\n");
    }
}
