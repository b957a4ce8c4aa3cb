//! Rows written as they come, so that they are never all in memory.

use std::io::{self, BufWriter, Write};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use iatro_signals::run::RunError;

use super::staged::Staged;
use super::{csv, ndjson, parquet, unwritable};
use crate::answer::{Kind, Rows};
use crate::error::CliError;
use crate::global::{Format, Global};

/// A form that is made of rows.
pub(crate) enum Form {
    Csv,
    Ndjson,
    Parquet(SchemaRef),
}

/// Rows in a form: made side by side, to be written one after another.
pub(crate) enum Block {
    Text(Vec<u8>),
    Columns(RecordBatch),
}

/// Takes blocks of one form, again and again.
pub(crate) enum Sink<'o> {
    Text(&'o mut (dyn Write + Send)),
    Parquet(Box<parquet::Parquet<&'o mut (dyn Write + Send)>>),
}

impl Form {
    /// # Errors
    /// If the format is not made of rows.
    fn new(format: Format, columns: &[(&'static str, Kind)]) -> Result<Self, CliError> {
        match format {
            Format::Csv => Ok(Self::Csv),
            Format::Ndjson => Ok(Self::Ndjson),
            Format::Parquet => Ok(Self::Parquet(parquet::schema(columns))),
            Format::Table | Format::Json | Format::Markdown => {
                Err(CliError::failed("only CSV, NDJSON and Parquet are written row by row"))
            }
        }
    }

    /// Rows in this form.
    pub(crate) fn block(&self, rows: &Rows) -> Result<Block, CliError> {
        let made = match self {
            Self::Csv => csv::text(rows).map(Block::Text),
            Self::Ndjson => ndjson::text(rows).map(Block::Text),
            Self::Parquet(schema) => parquet::columns(schema, rows).map(Block::Columns),
        };
        made.map_err(|error| CliError::failed(format!("rows: {error}")))
    }

    /// Where its blocks go: `out`, below the header if the form has one.
    fn sink<'o>(
        &self,
        columns: &[(&'static str, Kind)],
        out: &'o mut (dyn Write + Send),
    ) -> io::Result<Sink<'o>> {
        Ok(match self {
            Self::Csv => {
                csv::Csv::new(columns, &mut *out)?.flush()?;
                Sink::Text(out)
            }
            Self::Ndjson => Sink::Text(out),
            Self::Parquet(schema) => {
                Sink::Parquet(Box::new(parquet::Parquet::new(schema, columns, out)?))
            }
        })
    }
}

impl Sink<'_> {
    /// Writes a block.
    pub(crate) fn write(&mut self, block: Block) -> io::Result<()> {
        match (self, block) {
            (Self::Text(out), Block::Text(text)) => out.write_all(&text),
            (Self::Parquet(writer), Block::Columns(columns)) => writer.write(&columns),
            _ => Err(io::Error::other("rows of another form; this is a defect of iatro")),
        }
    }

    /// Writes what belongs behind the last row.
    fn finish(self) -> io::Result<()> {
        match self {
            Self::Text(out) => out.flush(),
            Self::Parquet(writer) => writer.finish(),
        }
    }
}

/// Why rows ended before the last one.
#[derive(Debug)]
pub(crate) enum Interrupted {
    /// They could not be made.
    Rows(CliError),
    /// They could not be written.
    Target(io::Error),
}

impl From<CliError> for Interrupted {
    fn from(error: CliError) -> Self {
        Self::Rows(error)
    }
}

impl From<RunError> for Interrupted {
    fn from(error: RunError) -> Self {
        Self::Rows(error.into())
    }
}

impl From<io::Error> for Interrupted {
    fn from(error: io::Error) -> Self {
        Self::Target(error)
    }
}

/// Writes blocks, as `make` makes them, to the file or standard output. A file appears when all rows are
/// written, or not at all.
pub(crate) fn stream(
    global: &Global,
    columns: &[(&'static str, Kind)],
    make: impl FnOnce(&Form, &mut Sink<'_>) -> Result<(), Interrupted>,
) -> Result<(), CliError> {
    to_target(global, |out| write_rows(global.format(), columns, out, make))
}

/// Writes whatever `write` writes, to the file or standard output, as [`stream`] does.
pub(crate) fn to_target(
    global: &Global,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), Interrupted>,
) -> Result<(), CliError> {
    let Some(path) = &global.output else {
        let mut out = BufWriter::new(anstream::stdout());
        return match write(&mut out) {
            // A reader that has seen enough is no failure.
            Err(Interrupted::Target(e)) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(Interrupted::Target(error)) => Err(error.into()),
            Err(Interrupted::Rows(error)) => Err(error),
            Ok(()) => Ok(()),
        };
    };
    let mut file = Staged::create(path).map_err(|error| unwritable(path, &error))?;
    match write(&mut file) {
        Err(Interrupted::Rows(error)) => Err(error),
        Err(Interrupted::Target(error)) => Err(unwritable(path, &error)),
        Ok(()) => file.publish().map_err(|error| unwritable(path, &error)),
    }
}

/// Writes rows in a form that is made of rows.
pub(super) fn write_rows(
    format: Format,
    columns: &[(&'static str, Kind)],
    out: &mut (dyn Write + Send),
    make: impl FnOnce(&Form, &mut Sink<'_>) -> Result<(), Interrupted>,
) -> Result<(), Interrupted> {
    let form = Form::new(format, columns).map_err(Interrupted::Rows)?;
    let mut sink = form.sink(columns, &mut *out)?;
    make(&form, &mut sink)?;
    sink.finish()?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::answer::Cell;

    const COLUMNS: [(&str, Kind); 3] =
        [("substance", Kind::Text), ("a", Kind::Count), ("ror", Kind::Number)];

    fn rows(from: u64, to: u64) -> Rows {
        let mut rows = Rows::new(&COLUMNS);
        for at in from..to {
            let ror = (at % 3 > 0).then_some(1.0 / (1 + at) as f64);
            rows.push(vec![format!("s{at}").into(), at.into(), Cell::from(ror)]);
        }
        rows
    }

    fn written(format: Format, parts: &[Rows]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_rows(format, &COLUMNS, &mut bytes, |form, sink| {
            parts.iter().try_for_each(|part| Ok(sink.write(form.block(part)?)?))
        })
        .unwrap();
        bytes
    }

    #[test]
    fn text_does_not_depend_on_how_rows_are_parted() {
        for format in [Format::Csv, Format::Ndjson] {
            let whole = written(format, &[rows(0, 50)]);
            let parts = written(format, &[rows(0, 1), rows(1, 1), rows(1, 33), rows(33, 50)]);
            assert_eq!(whole, parts);
            let lines = 50 + usize::from(format == Format::Csv);
            assert_eq!(whole.iter().filter(|byte| **byte == b'\n').count(), lines);
        }
        assert_eq!(written(Format::Csv, &[]), b"substance,a,ror\n");
        assert_eq!(written(Format::Ndjson, &[]), b"");
    }

    #[test]
    fn parquet_has_every_row_of_every_part() {
        use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
        use arrow_array::{Array, Float64Array, StringArray};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        for parts in [vec![], vec![rows(0, 7), rows(7, 20)]] {
            std::fs::write(&path, written(Format::Parquet, &parts)).unwrap();
            let file = std::fs::File::open(&path).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
            let mut at = 0_u64;
            for batch in reader {
                let batch = batch.unwrap();
                let names = batch.column(0).as_any().downcast_ref::<StringArray>().unwrap();
                let rors = batch.column(2).as_any().downcast_ref::<Float64Array>().unwrap();
                for row in 0..batch.num_rows() {
                    assert_eq!(names.value(row), format!("s{at}"));
                    assert_eq!(rors.is_null(row), at.is_multiple_of(3));
                    at += 1;
                }
            }
            assert_eq!(at, if parts.is_empty() { 0 } else { 20 });
        }
    }

    /// A row group that is just full, one row more, and blocks that lie across its end.
    #[test]
    fn row_groups_are_full_but_for_the_last() {
        use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
        use arrow_array::cast::AsArray;
        use arrow_array::types::UInt64Type;
        const FULL: u64 = 1 << 17;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        for (ends, groups) in [
            (vec![FULL], vec![FULL]),
            (vec![FULL - 1, FULL + 1], vec![FULL, 1]),
            (vec![100, FULL, FULL + 50], vec![FULL, 50]),
        ] {
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let parts: Vec<Rows> = starts.zip(&ends).map(|(from, to)| rows(from, *to)).collect();
            std::fs::write(&path, written(Format::Parquet, &parts)).unwrap();
            let file = std::fs::File::open(&path).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            let sizes =
                reader.metadata().row_groups().iter().map(|group| group.num_rows().unsigned_abs());
            assert_eq!(sizes.collect::<Vec<_>>(), groups);
            let counts = reader.build().unwrap().flat_map(|batch| {
                batch.unwrap().column(1).as_primitive::<UInt64Type>().values().to_vec()
            });
            assert!(counts.eq(0..*ends.last().unwrap()));
        }
    }

    #[test]
    fn rows_that_cannot_be_made_or_written_end_the_stream() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in [Format::Csv, Format::Ndjson, Format::Parquet] {
            let some = rows(0, 1_000);
            let full = write_rows(format, &COLUMNS, &mut Full, |form, sink| {
                Ok(sink.write(form.block(&some)?)?)
            });
            let Err(Interrupted::Target(error)) = full else { panic!("{full:?}") };
            assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
            let mut bytes = Vec::new();
            let stopped = write_rows(format, &COLUMNS, &mut bytes, |_, _| {
                Err(Interrupted::Rows(CliError::failed("no")))
            });
            assert!(matches!(stopped, Err(Interrupted::Rows(_))));
        }
    }
}
