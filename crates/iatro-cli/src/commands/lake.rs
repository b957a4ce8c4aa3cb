//! `iatro lake`: what a lake holds, and whether it is whole.

use clap::Subcommand;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::dictionary::{NameUse, names, substances};
use serde_json::json;

use super::ingest::table_rows;
use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::lake::{At, Wanted};
use crate::output::{self, table};

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the snapshots.
    #[command(after_help = "Example: iatro lake ls --lake lake")]
    Ls {
        #[command(flatten)]
        lake: At,
    },
    /// Show a snapshot: parts, tables, reasons; or its substances.
    #[command(after_help = "Example: iatro lake show --lake lake --substances")]
    Show {
        #[command(flatten)]
        lake: At,
        /// Show how names were mapped to substances, and the most frequent unmapped names.
        #[arg(long)]
        substances: bool,
        /// How many substances and unmapped names to show to people.
        #[arg(long, default_value_t = 30, value_name = "N")]
        top: usize,
    },
    /// Read every table again, hash it again, count it again.
    #[command(after_help = "Example: iatro lake verify --lake lake")]
    Verify {
        #[command(flatten)]
        lake: At,
    },
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    match command {
        Command::Ls { lake } => output::write(&list(lake)?, global)?,
        Command::Show { lake, substances: true, top } => {
            let snapshot = lake.snapshot(Wanted::Dictionaries, global)?;
            output::write(&show_substances(&snapshot, *top)?, global)?;
        }
        Command::Show { lake, .. } => {
            output::write(&show(&lake.snapshot(Wanted::Manifest, global)?)?, global)?;
        }
        Command::Verify { lake } => {
            return verify(&lake.snapshot(Wanted::Everything, global)?, global);
        }
    }
    Ok(Status::Fine)
}

fn list(at: &At) -> Result<Answer, CliError> {
    let lake = at.folder()?;
    let current = lake.current()?;
    let mut rows = Rows::new(&[
        ("dataset_id", Kind::Text),
        ("current", Kind::Text),
        ("parts", Kind::Count),
        ("reports", Kind::Count),
    ]);
    for id in lake.snapshots()? {
        let snapshot = lake.snapshot(&id)?;
        let manifest = snapshot.manifest();
        let is_current = manifest.dataset_id == current.manifest().dataset_id;
        rows.push(vec![
            id.into(),
            if is_current { "yes" } else { "no" }.into(),
            (manifest.parts.len() as u64).into(),
            manifest.reports().into(),
        ]);
    }
    let text = table::render(&rows);
    Ok(Answer::of_rows(rows, text))
}

fn show(snapshot: &Snapshot) -> Result<Answer, CliError> {
    let manifest = snapshot.manifest();
    let mut rows = Rows::new(&[
        ("part", Kind::Text),
        ("reports", Kind::Count),
        ("superseded", Kind::Count),
        ("deleted", Kind::Count),
        ("quarantined", Kind::Count),
    ]);
    for part in &manifest.parts {
        rows.push(vec![
            part.key.to_string().into(),
            part.reports.into(),
            part.superseded.into(),
            part.deleted.into(),
            part.tables.values().map(|totals| totals.quarantined).sum::<u64>().into(),
        ]);
    }
    let document = serde_json::to_value(manifest)
        .map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    let text = format!(
        "dataset {} (written by {})\n\n{}\n\n{}\n\n{}",
        manifest.dataset_id,
        manifest.tool,
        table::render(&rows),
        table::render(&table_rows(manifest)),
        manifest.notice,
    );
    Ok(Answer { rows, document, text })
}

fn show_substances(snapshot: &Snapshot, top: usize) -> Result<Answer, CliError> {
    let substances = substances(snapshot)?;
    let unmapped: Vec<NameUse> =
        names(snapshot)?.into_iter().filter(|name| name.mapped_by == "unmapped").collect();
    let mut rows =
        Rows::new(&[("substance", Kind::Text), ("class", Kind::Text), ("rows", Kind::Count)]);
    for substance in &substances {
        rows.push(vec![
            substance.substance.as_str().into(),
            substance.class.clone().into(),
            substance.rows.into(),
        ]);
    }
    let coverage = &snapshot.manifest().dictionary;
    let document = json!({
        "dataset_id": snapshot.manifest().dataset_id,
        "coverage": coverage,
        "substances": rows.to_objects(),
        "unmapped": unmapped,
    });
    let text = substances_text(snapshot, &rows, &unmapped, top);
    Ok(Answer { rows, document, text })
}

fn substances_text(snapshot: &Snapshot, rows: &Rows, unmapped: &[NameUse], top: usize) -> String {
    let dictionary = &snapshot.manifest().dictionary;
    let all: u64 = dictionary.rows_by_mapping.values().sum();
    let mut text = format!(
        "{} names, {} substances; drug rows of current reports by how their name was mapped:\n\n",
        table::thousands(dictionary.names),
        table::thousands(dictionary.substances),
    );
    let mut by =
        Rows::new(&[("mapped by", Kind::Text), ("rows", Kind::Count), ("percent", Kind::Text)]);
    for (mapping, count) in &dictionary.rows_by_mapping {
        // Exact enough for a table: rows are far below 2^53.
        let share = if all == 0 { 0.0 } else { *count as f64 * 100.0 / all as f64 };
        by.push(vec![mapping.as_str().into(), (*count).into(), format!("{share:>6.2}").into()]);
    }
    text.push_str(&table::render(&by));
    let shorter = |rows: &Rows| Rows {
        columns: rows.columns.clone(),
        rows: rows.rows.iter().take(top).cloned().collect(),
        note: None,
    };
    text.push_str("\n\nmost frequent substances\n\n");
    text.push_str(&table::render(&shorter(rows)));
    let mut names = Rows::new(&[("unmapped name", Kind::Text), ("rows", Kind::Count)]);
    for name in unmapped {
        names.push(vec![name.verbatim.as_str().into(), name.rows.into()]);
    }
    text.push_str("\n\nmost frequent unmapped names\n\n");
    text.push_str(&table::render(&shorter(&names)));
    text
}

fn verify(snapshot: &Snapshot, global: &Global) -> Result<Status, CliError> {
    let verified = snapshot.verify()?;
    let mut rows = Rows::new(&[("problem", Kind::Text)]);
    verified.problems.iter().for_each(|problem| rows.push(vec![problem.as_str().into()]));
    let document = serde_json::to_value(&verified)
        .map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    let mut text = format!(
        "dataset {}: {} tables, {} rows read again",
        verified.dataset_id,
        verified.tables,
        table::thousands(verified.rows)
    );
    text.push_str(if verified.problems.is_empty() {
        "; hashes, rows and control totals agree"
    } else {
        "; the snapshot is damaged:\n"
    });
    verified.problems.iter().for_each(|problem| text.push_str(&format!("\n  {problem}")));
    output::write(&Answer { rows, document, text }, global)?;
    Ok(if verified.problems.is_empty() { Status::Fine } else { Status::CheckFailed })
}
