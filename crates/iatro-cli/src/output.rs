//! Writes an answer in the form that was asked for.

pub(crate) mod csv;
pub(crate) mod markdown;
mod ndjson;
pub(crate) mod parquet;
mod staged;
mod stream;
pub(crate) mod table;

use std::io::{self, Write};
use std::path::Path;

pub(crate) use staged::write_whole;
#[cfg(feature = "sql")]
pub(crate) use stream::to_target;
pub(crate) use stream::{Block, Form, Interrupted, stream};

use crate::answer::Answer;
use crate::error::CliError;
use crate::global::{Format, Global};

/// Fails if the answer could not be written where the caller wants it: asked before any work.
pub(crate) fn check(global: &Global) -> Result<(), CliError> {
    let Some(path) = &global.output else {
        if global.format() == Format::Parquet {
            return Err(CliError::usage(
                "--format parquet: Parquet is not written to a terminal. Name a file with --output.",
            ));
        }
        return Ok(());
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if path.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(CliError::usage(format!(
            "--output {}: not a file in a folder that exists. Name another, or make the folder.",
            path.display()
        )));
    }
    Ok(())
}

/// Writes the answer to the file or standard output.
pub(crate) fn write(answer: &Answer, global: &Global) -> Result<(), CliError> {
    write_bytes(&render(answer, global.format())?, global)
}

/// Writes what has a form of its own to the file or standard output.
pub(crate) fn write_bytes(bytes: &[u8], global: &Global) -> Result<(), CliError> {
    let Some(path) = &global.output else { return print(bytes) };
    write_whole(path, bytes).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> CliError {
    CliError::refused(format!(
        "--output {}: the answer cannot be written ({error}). What the command did stands; repeat it \
         with another --output.",
        path.display()
    ))
}

/// Prints to standard output; a reader that has seen enough is no failure.
pub(crate) fn print(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// A remark for people, beside the answer: not when quiet, and never on standard output.
pub(crate) fn remark(global: &Global, text: &str) {
    if !global.quiet {
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}

fn render(answer: &Answer, format: Format) -> Result<Vec<u8>, CliError> {
    let json_error = |error: serde_json::Error| CliError::failed(format!("JSON: {error}"));
    Ok(match format {
        Format::Table => with_line_end(answer.text.clone()),
        Format::Json => {
            with_line_end(serde_json::to_string_pretty(&answer.document).map_err(json_error)?)
        }
        Format::Markdown => with_line_end(markdown::render(&answer.rows)),
        Format::Csv | Format::Ndjson | Format::Parquet => {
            let mut bytes = Vec::new();
            let rows = &answer.rows;
            let written = stream::write_rows(format, &rows.columns, &mut bytes, |form, sink| {
                Ok(sink.write(form.block(rows)?)?)
            });
            written.map_err(|error| match error {
                Interrupted::Rows(error) => error,
                Interrupted::Target(error) => CliError::failed(format!("rows: {error}")),
            })?;
            bytes
        }
    })
}

fn with_line_end(mut text: String) -> Vec<u8> {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.into_bytes()
}
