//! The way from the files to the reports that are counted, step by step.

use iatro_reports::SourceKind;
use iatro_reports::lake::Manifest;
use serde::Serialize;

use crate::corpus::Corpus;
use crate::count::bits::Bits;
use crate::count::{Exposures, Plan};

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

/// The way from the files to the eligible reports of a plan; `roles` are its role codes.
pub(crate) fn waterfall(
    manifest: &Manifest,
    corpus: &Corpus,
    roles: &[&str],
    plan: &Plan,
) -> Waterfall {
    let mut waterfall = from_files(manifest, corpus.source());
    let reports = corpus.reports();
    let with_event = Bits::where_holds(reports, |place| !corpus.events(place).is_empty());
    waterfall.then("with at least one event term", with_event.len(), "have no event term");
    let mut left = Bits::where_holds(reports, |place| {
        let mut exposures = corpus.exposures(place);
        with_event.contains(place) && exposures.any(|exposure| exposure.roles & plan.roles != 0)
    });
    let roles = roles.join(", ");
    let label = format!("with a substance as {roles}");
    waterfall.then(&label, left.len(), "have no substance in these roles");
    if let Some(taken) = &plan.selection.reports {
        left.keep(&Bits::of(taken));
        let why = "are left out by the restrictions of the study";
        waterfall.then("within the restrictions", left.len(), why);
    }
    let exposures = Exposures::new(corpus, plan);
    let exposed = Bits::where_holds(reports, |place| left.contains(place) && exposures.any(place));
    waterfall.then(
        "with an exposure: eligible reports",
        exposed.len(),
        "name only substances that are set aside: given for the event, or therapies of it that were started later",
    );
    waterfall
}

impl Waterfall {
    pub(crate) fn then(&mut self, label: &str, left: u64, why: &str) {
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
