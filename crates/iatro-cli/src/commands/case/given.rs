//! The case that a command is asked about: a file, standard input, single values, or a file with values added.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use iatro_clinical::case::{self, Case, FORM};
use iatro_clinical::exchange::{self, Imported, NoteKind};
use iatro_clinical::observation::Observation;
use iatro_clinical::set;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::columns::sentence;
use crate::error::CliError;
use crate::global::Global;
use crate::output;

/// The most that is read of any file before it is looked at.
const MOST_BYTES: u64 = 1 << 28;
/// The case that has no file.
const NO_FILE: &str = "values-given";

/// The case of a file (`-` for standard input), with the values of `--set` added to it.
pub(super) fn case(file: Option<&Path>, set: &[String], global: &Global) -> Result<Case, CliError> {
    let today = today();
    let added = values(set)?;
    let mut case = match file {
        Some(path) => read(path, today, global)?,
        None if added.is_empty() => {
            return Err(CliError::usage(
                "no case: name a file (- is standard input), or give single values, such as \
                 --set 'ferritin=5200 ng/mL' --set splenomegaly=yes. `iatro case template` writes a file to start \
                 from.",
            ));
        }
        None => Case { form: FORM.to_owned(), id: NO_FILE.to_owned(), ..Case::default() },
    };
    if !added.is_empty() {
        case.observations.extend(added);
        case::check(&case, today)
            .map_err(|error| CliError::usage(sentence(&format!("--set: {error}"))))?;
    }
    Ok(case)
}

/// Whether the case has a name of its own.
pub(super) fn is_named(id: &str) -> bool {
    id != NO_FILE
}

/// The case of a file; what was not used of it is said beside the answer.
pub(super) fn read(path: &Path, today: Date, global: &Global) -> Result<Case, CliError> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().take(MOST_BYTES).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        CliError::bad_data(format!("{name}: cannot be read ({error}). Check the path."))
    })?;
    let name = if name == "-" { "standard input".to_owned() } else { name };
    let imported = exchange::read_any(&bytes, today)
        .map_err(|error| CliError::bad_data(sentence(&format!("{name}, {error}"))))?;
    say_what_was_not_used(&name, &imported, global);
    Ok(imported.case)
}

fn say_what_was_not_used(name: &str, imported: &Imported, global: &Global) {
    if imported.notes.is_empty() {
        return;
    }
    let control = imported.control;
    let opening = format!(
        "{name}: {}, {} entries: {} used, {} not used",
        imported.kind.word(),
        control.read,
        control.used,
        control.not_used
    );
    output::remark(global, &opening);
    let (cautions, rest): (Vec<_>, Vec<_>) =
        imported.notes.iter().partition(|note| note.kind == NoteKind::Caution);
    for note in cautions.iter().chain(rest.iter().take(NOTES)) {
        output::remark(global, &format!("  {note}"));
    }
    if rest.len() > NOTES {
        output::remark(global, &format!("  and {} more kinds of entries", rest.len() - NOTES));
    }
}

/// Kinds of entries that are named one by one.
const NOTES: usize = 12;

/// The observations of `--set`, each named once.
fn values(set: &[String]) -> Result<Vec<Observation>, CliError> {
    let mut rows: Vec<Observation> = Vec::new();
    for token in set {
        let row = set::parse(token)
            .map_err(|error| CliError::usage(sentence(&format!("--set {error}"))))?;
        if rows.iter().any(|earlier| earlier.id == row.id) {
            let name = row.id.trim_start_matches("set:");
            return Err(CliError::usage(format!(
                "--set {name}: given twice. Keep one; values of several days belong in a case file \
                 (`iatro case template`)."
            )));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The latest day that has begun anywhere on earth: nothing is observed after it.
pub(super) fn today() -> Date {
    let ahead = SignedDuration::from_hours(14);
    let now = Timestamp::now();
    now.checked_add(ahead).unwrap_or(now).to_zoned(TimeZone::UTC).date()
}
