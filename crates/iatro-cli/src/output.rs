//! Writes an answer in the form that was asked for.

mod csv;
mod markdown;
mod parquet;
pub(crate) mod table;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

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
    let bytes = render(answer, global.format())?;
    let Some(path) = &global.output else { return print(&bytes) };
    write_whole(path, &bytes).map_err(|error| {
        CliError::refused(format!(
            "--output {}: the answer cannot be written ({error}). What the command did stands; \
             repeat it with another --output.",
            path.display()
        ))
    })
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
        Format::Ndjson => {
            let lines: Result<Vec<String>, _> =
                answer.rows.to_objects().iter().map(serde_json::to_string).collect();
            let lines = lines.map_err(json_error)?;
            if lines.is_empty() { Vec::new() } else { with_line_end(lines.join("\n")) }
        }
        Format::Csv => csv::render(&answer.rows)?,
        Format::Markdown => with_line_end(markdown::render(&answer.rows)),
        Format::Parquet => parquet::render(&answer.rows)?,
    })
}

fn with_line_end(mut text: String) -> Vec<u8> {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.into_bytes()
}

/// Writes beside the target and renames, so that the target is never half written. What is no plain
/// file (a device, a pipe) is written to as it is; a link leads to what it names.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if path.exists() && !path.is_file() {
        return fs::OpenOptions::new().write(true).open(&path)?.write_all(bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let write_part = || fs::File::create_new(&part)?.write_all(bytes);
    let written = write_part().and_then(|()| fs::rename(&part, &path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}
