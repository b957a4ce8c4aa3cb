//! Options of every command: how an answer is written, where, and what is said beside it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// How the answer is written; without it, as the ending of --output says, else as a table.
    #[arg(long, global = true, value_enum)]
    pub(crate) format: Option<Format>,
    /// Write the answer to this file instead of standard output.
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// No progress, no remarks: only the answer and errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Global {
    /// The form of the answer: as asked, else as the ending of the output file says, else a table.
    pub(crate) fn format(&self) -> Format {
        let by_ending = || Format::of_file(self.output.as_deref()?);
        self.format.or_else(by_ending).unwrap_or(Format::Table)
    }

    /// The options for a second answer, printed where the first goes to a file; Parquet, which no
    /// terminal takes, becomes a table.
    pub(crate) fn to_standard_output(&self) -> Self {
        let format = self.format.filter(|&format| format != Format::Parquet);
        Self { format, output: None, quiet: self.quiet }
    }
}

/// The forms an answer can have.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people, in a terminal.
    Table,
    /// Comma-separated values, with a header; empty means undefined or unknown.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object a line, one line a row.
    Ndjson,
    /// A Markdown table.
    Markdown,
    /// Parquet.
    Parquet,
}

impl Format {
    /// The form that a file's ending names.
    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "md" => Some(Self::Markdown),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides_where_nothing_was_asked() {
        let form = |format, output: &str| {
            Global { format, output: Some(PathBuf::from(output)), quiet: false }.format()
        };
        assert_eq!(form(None, "a/b.csv"), Format::Csv);
        assert_eq!(form(None, "b.PARQUET"), Format::Parquet);
        assert_eq!(form(None, "b.txt"), Format::Table);
        assert_eq!(form(Some(Format::Json), "b.csv"), Format::Json);
        assert_eq!(Global { format: None, output: None, quiet: false }.format(), Format::Table);
    }
}
