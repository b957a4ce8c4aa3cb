//! From a number back to its rows: the waterfall from the files to the cases, and the cases.

mod cases;

use iatro_reports::SourceKind;
use iatro_reports::lake::{Manifest, Snapshot};
use serde::Serialize;

use crate::corpus::{Corpus, Exposure};
use crate::run::{Question, RunError, Signal, plan, run_on};
use crate::study::Study;

pub use cases::{CaseDrug, CaseReport};

/// One step from the files to the number.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Step {
    /// What is left after this step.
    pub label: String,
    /// How many rows or reports are left.
    pub left: u64,
    /// How many this step took away.
    pub removed: u64,
    /// Why they went, or where the number comes from.
    pub why: String,
}

/// The way from the files to the reports that are counted, for one source.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Waterfall {
    /// Steps in order; each starts from what the one before it left.
    pub steps: Vec<Step>,
}

/// Everything behind one substance's number.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The snapshot.
    pub dataset_id: String,
    /// The run the number belongs to.
    pub run_id: String,
    /// What was asked.
    pub question: Question,
    /// The substance's estimates.
    pub signal: Signal,
    /// From the files to the cases.
    pub waterfall: Waterfall,
    /// The cases, by report.
    pub cases: Vec<CaseReport>,
}

/// Explains the number of a substance.
///
/// # Errors
/// [`RunError`], in particular when no report names the substance.
pub fn explain(
    snapshot: &Snapshot,
    study: &Study,
    question: Question,
    substance: &str,
) -> Result<Explanation, RunError> {
    let corpus = Corpus::load(snapshot, question.source)?;
    let run = run_on(&corpus, snapshot, study, question)?;
    let signal = run.signal(substance).ok_or_else(|| unknown(substance))?.clone();
    let name = signal.substance.clone();
    let is_named = |id: u32| corpus.substances()[id as usize].name == name;
    let plan = plan(&corpus, &run.question)?;
    let mut waterfall = waterfall(snapshot.manifest(), &corpus, &run.question)?;
    let exposed = signal.estimates.a + signal.estimates.b;
    waterfall.then(&format!("name {name} in these roles"), exposed, "do not name it");
    waterfall.then(
        "and report the event: the cases",
        signal.estimates.a,
        "do not report the event",
    );
    let places: Vec<usize> = (0..corpus.reports())
        .filter(|&place| {
            let named = |e: &Exposure| e.roles & plan.roles != 0 && is_named(e.substance);
            corpus.exposures(place).iter().any(named)
                && corpus.events(place).iter().any(|t| plan.event_terms.binary_search(t).is_ok())
        })
        .collect();
    let cases = cases::load(snapshot, &corpus, &plan, &places)?;
    if cases.len() as u64 != signal.estimates.a {
        return Err(RunError::question(
            format!("{} cases listed, {} counted", cases.len(), signal.estimates.a),
            "This is a defect of iatro; no number is given.",
        ));
    }
    Ok(Explanation {
        dataset_id: run.dataset_id,
        run_id: run.run_id,
        question: run.question,
        signal,
        waterfall,
        cases,
    })
}

fn unknown(substance: &str) -> RunError {
    RunError::question(
        format!("no report of this source names \"{substance}\" in these roles"),
        "`iatro lake show --substances` lists the names; --roles chooses the roles.",
    )
}

/// The way from the files to the eligible reports of a question.
///
/// # Errors
/// [`RunError`] if the question names a comparator that no report has.
pub fn waterfall(
    manifest: &Manifest,
    corpus: &Corpus,
    question: &Question,
) -> Result<Waterfall, RunError> {
    let plan = plan(corpus, question)?;
    let mut waterfall = from_files(manifest, question.source);
    let with_event = (0..corpus.reports()).filter(|&place| !corpus.events(place).is_empty());
    let with_event: Vec<usize> = with_event.collect();
    waterfall.then("with at least one event term", with_event.len() as u64, "have no event term");
    let exposed = |place: &&usize| {
        corpus.exposures(**place).iter().any(|exposure| exposure.roles & plan.roles != 0)
    };
    let eligible = with_event.iter().filter(exposed).count() as u64;
    let roles = question.roles.join(", ");
    waterfall.then(
        &format!("with a substance as {roles}: eligible reports"),
        eligible,
        "have no substance in these roles",
    );
    Ok(waterfall)
}

impl Waterfall {
    fn then(&mut self, label: &str, left: u64, why: &str) {
        let before = self.steps.last().map_or(left, |step| step.left);
        let removed = before.saturating_sub(left);
        let step = Step { label: label.to_owned(), left, removed, why: why.to_owned() };
        self.steps.push(step);
    }
}

/// The table whose rows are reports, where a source has one.
fn report_table(source: SourceKind) -> Option<&'static str> {
    match source {
        SourceKind::Faers => Some("demo"),
        SourceKind::Vaers => Some("data"),
        SourceKind::Csv => None,
    }
}

fn from_files(manifest: &Manifest, source: SourceKind) -> Waterfall {
    let parts: Vec<_> = manifest.parts_of(source).collect();
    let sum = |of: fn(&iatro_reports::lake::manifest::PartSummary) -> u64| -> u64 {
        parts.iter().map(|part| of(part)).sum()
    };
    let (current, superseded, deleted) =
        (sum(|p| p.reports), sum(|p| p.superseded), sum(|p| p.deleted));
    let stored = current + superseded + deleted;
    let in_table = |part: &iatro_reports::lake::manifest::PartSummary| {
        report_table(source).and_then(|table| part.tables.get(table)).map(|totals| totals.rows)
    };
    // A part without its report table has as many report rows as its other tables name reports.
    let rows: u64 =
        parts.iter().map(|p| in_table(p).unwrap_or(p.reports + p.superseded + p.deleted)).sum();
    let files = parts.iter().map(|part| part.files.len()).sum::<usize>();
    let mut waterfall = Waterfall { steps: Vec::new() };
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    waterfall.then(&format!("report rows in {files}"), rows, "read from the files");
    waterfall.then("readable report rows", stored, "set aside in the quarantine, with reasons");
    waterfall.then(
        "latest version of each case",
        current + deleted,
        "superseded by a later version",
    );
    waterfall.then("current reports", current, "withdrawn by the source");
    waterfall
}
