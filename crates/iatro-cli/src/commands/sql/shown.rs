//! The first rows of an answer, for people.

use arrow_array::RecordBatch;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use iatro_reports::lake::manifest::RESEARCH_USE;

use super::ask::{self, failed};
use crate::answer::{Cell, Kind, Rows};
use crate::error::CliError;
use crate::global::Format;
use crate::output::{markdown, table};

/// The columns of an answer; numbers stand to the right.
pub(super) fn columns(schema: &SchemaRef) -> Vec<(String, Kind)> {
    let kind = |numeric: bool| if numeric { Kind::Count } else { Kind::Text };
    let column = |field: &arrow_schema::FieldRef| {
        (field.name().clone(), kind(field.data_type().is_numeric()))
    };
    schema.fields().iter().map(column).collect()
}

/// Up to `top` rows as a table; the query ends when they are there.
pub(super) fn text(rows: ask::Rows<'_>, top: usize, format: Format) -> Result<String, CliError> {
    let columns = columns(&rows.schema());
    let mut shown = Rows { columns, rows: Vec::new(), note: None };
    for batch in rows {
        let batch = batch.map_err(|error| failed(&error))?;
        let more = texts(&batch).map_err(|error| CliError::failed(format!("rows: {error}")))?;
        shown.rows.extend(more);
        if shown.rows.len() > top {
            break;
        }
    }
    let hidden = shown.rows.len() > top;
    shown.rows.truncate(top);
    let more = if hidden { "There are more rows (--top, or --format csv for all). " } else { "" };
    let note = format!("{more}{RESEARCH_USE}");
    Ok(if format == Format::Markdown {
        shown.note = Some(note);
        format!("{}\n", markdown::render(&shown))
    } else {
        format!("{}\n\n{note}\n", table::render(&shown))
    })
}

/// Every value as text.
fn texts(batch: &RecordBatch) -> Result<Vec<Vec<Cell>>, ArrowError> {
    let options = FormatOptions::default();
    let formatters = batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options));
    let formatters = formatters.collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::with_capacity(batch.num_rows());
    for at in 0..batch.num_rows() {
        let cell = |(column, formatter): (&arrow_array::ArrayRef, &ArrayFormatter<'_>)| {
            // A column of nothing but missing values has no place where it could mark them.
            if column.is_null(at) || *column.data_type() == DataType::Null {
                return Ok(Cell::Missing);
            }
            formatter.value(at).try_to_string().map(Cell::Text)
        };
        rows.push(batch.columns().iter().zip(&formatters).map(cell).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}
