//! `iatro ingest`: report files into a lake.

use std::path::PathBuf;

use clap::Subcommand;
use iatro_reports::ingest::{Ingested, Input, Options, ingest};
use iatro_reports::lake::Manifest;
use serde_json::json;

use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::lake::on_disk;
use crate::output::{self, table};
use crate::progress::Steps;

/// What to read.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// FAERS/AEMS quarterly ASCII files: zips or unpacked folders, any mix, 2004Q1 to now.
    #[command(after_help = "Example: iatro ingest faers faers_ascii_2024Q*.zip --lake lake")]
    Faers {
        /// Quarterly zips or unpacked folders.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        into: Into,
    },
    /// VAERS: yearly zips, folders or CSV files.
    #[command(after_help = "Example: iatro ingest vaers NonDomesticVAERSData.zip --lake lake")]
    Vaers {
        /// Yearly zips, folders or CSV files.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Keep the free texts, which may identify people.
        #[arg(long)]
        with_narratives: bool,
        #[command(flatten)]
        into: Into,
    },
    /// A line list: columns report_id, drug, event; optional role, group, date.
    #[command(after_help = "Example: iatro ingest csv my_reports.csv --lake lake")]
    Csv {
        /// Files with a header line.
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        into: Into,
    },
}

/// Where to.
#[derive(clap::Args, Debug)]
pub(crate) struct Into {
    /// The lake's folder; made if there is none.
    #[arg(long, value_name = "DIR")]
    lake: PathBuf,
    /// Put these files in the place of what the lake holds for the same period.
    #[arg(long)]
    replace: bool,
    /// RxNorm's RXNCONSO.RRF, to map names that the corpus does not teach.
    #[arg(long, value_name = "RXNCONSO.RRF")]
    rxnorm: Option<PathBuf>,
}

pub(crate) fn run(command: Command, global: &Global) -> Result<Status, CliError> {
    let (input, into) = match command {
        Command::Faers { paths, into } => (Input::Faers(paths), into),
        Command::Vaers { paths, with_narratives, into } => {
            (Input::Vaers { paths, with_narratives }, into)
        }
        Command::Csv { paths, into } => (Input::Csv(paths), into),
    };
    on_disk("--lake", &into.lake, "nothing is ingested there")?;
    let options = Options { lake: into.lake, replace: into.replace, rxnorm: into.rxnorm };
    let mut progress = Steps::new(global);
    let done = ingest(&input, &options, &mut progress);
    progress.finish();
    output::write(&answer(&done?), global)?;
    Ok(Status::Fine)
}

/// The summary of an ingest.
pub(crate) fn answer(done: &Ingested) -> Answer {
    let manifest = done.snapshot.manifest();
    let rows = file_rows(manifest);
    let keys = |keys: &[iatro_reports::PartKey]| -> Vec<String> {
        keys.iter().map(ToString::to_string).collect()
    };
    let document = json!({
        "dataset_id": manifest.dataset_id,
        "reports": manifest.reports(),
        "superseded": manifest.superseded(),
        "deleted": manifest.deleted(),
        "quarantined": manifest.quarantined(),
        "tables": manifest.row_totals(),
        "files": manifest.parts.iter().flat_map(|part| &part.files).collect::<Vec<_>>(),
        "parts": manifest.parts,
        "dictionary": manifest.dictionary,
        "added": keys(&done.added),
        "already_there": keys(&done.already_there),
        "notice": manifest.notice,
    });
    Answer { text: summary(done, &rows), rows, document }
}

fn file_rows(manifest: &Manifest) -> Rows {
    let mut rows = Rows::new(&[
        ("file", Kind::Text),
        ("period", Kind::Text),
        ("rows", Kind::Count),
        ("quarantined", Kind::Count),
        ("warnings", Kind::Count),
        ("sha256", Kind::Text),
    ]);
    for part in &manifest.parts {
        for file in &part.files {
            rows.push(vec![
                file.name.as_str().into(),
                part.key.period.as_str().into(),
                file.rows.into(),
                file.quarantined.into(),
                (file.warnings.len() as u64).into(),
                file.sha256.as_str().into(),
            ]);
        }
    }
    rows
}

/// The input tables and their totals.
pub(crate) fn table_rows(manifest: &Manifest) -> Rows {
    let mut rows = Rows::new(&[
        ("table", Kind::Text),
        ("rows", Kind::Count),
        ("stored", Kind::Count),
        ("quarantined", Kind::Count),
    ]);
    for (name, totals) in manifest.row_totals() {
        rows.push(vec![
            name.into(),
            totals.rows.into(),
            totals.stored.into(),
            totals.quarantined.into(),
        ]);
    }
    rows
}

fn summary(done: &Ingested, files: &Rows) -> String {
    let manifest = done.snapshot.manifest();
    let count = table::thousands;
    let mut text = format!(
        "dataset {}\n{} reports; {} superseded, {} deleted, {} rows quarantined\n\n",
        manifest.dataset_id,
        count(manifest.reports()),
        count(manifest.superseded()),
        count(manifest.deleted()),
        count(manifest.quarantined()),
    );
    for key in &done.already_there {
        text.push_str(&format!("{key}: in the lake already, unchanged\n"));
    }
    text.push_str(&table::render(&table_rows(manifest)));
    text.push_str("\n\n");
    text.push_str(&table::render(&without_hash(files)));
    text.push('\n');
    for file in manifest.parts.iter().flat_map(|part| &part.files) {
        for warning in &file.warnings {
            text.push_str(&format!("\n{}: {warning}", file.name));
        }
    }
    text.push_str("\n\nEvery row is stored or quarantined with a reason. ");
    text.push_str(&manifest.notice);
    text
}

/// The hash is too wide for a terminal; it is in every other format.
fn without_hash(files: &Rows) -> Rows {
    let mut rows = files.clone();
    rows.columns.pop();
    rows.rows.iter_mut().for_each(|row| {
        row.pop();
    });
    rows
}
