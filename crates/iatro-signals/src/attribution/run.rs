//! One run of a study with attribution: the counts, the model, and the methods it is compared with.

use std::collections::BTreeMap;

use iatro_reports::input::hash::sha256_text;
use iatro_reports::lake::Snapshot;
use serde::Serialize;

use super::agreement::{StandsOn, agree};
use super::{Attribution, AttributionSettings, Group, Regression, attribute_counted};
use crate::corpus::Corpus;
use crate::count::Engines;
use crate::explain::{CaseReport, case_reports};
use crate::run::{Prepared, Question, RunError, Settings, SignalRun, run_prepared};
use crate::study::Study;

/// The result of a run with attribution.
#[derive(Clone, Debug, Serialize)]
pub struct AttributionRun {
    /// Hash of snapshot, study, settings and those of the attribution: the same run has the same id.
    pub run_id: String,
    /// The counts of the same reports, one signal a substance.
    pub run: SignalRun,
    /// The model's answer.
    pub attribution: Attribution,
    /// Penalised logistic regression of the same reports; `None` if no fit was found.
    pub regression: Option<Regression>,
    /// The event reports, in the order of [`Attribution::case_shares`]; empty unless asked for.
    #[serde(skip)]
    pub cases: Vec<CaseReport>,
}

/// Runs a study on a snapshot with attribution.
///
/// # Errors
/// [`RunError`]: as for [`run`](crate::run::run) and [`attribute`](super::attribute); a question with a named comparator
/// is refused, because the model compares with all reports.
pub fn run(
    snapshot: &Snapshot,
    study: &Study,
    settings: &Settings,
    chosen: &AttributionSettings,
    with_cases: bool,
    engines: &dyn Engines,
) -> Result<AttributionRun, RunError> {
    let mut question = Question::resolve(snapshot.manifest(), study, settings)?;
    question.checks = false;
    if !question.comparator.is_empty() {
        return Err(RunError::question(
            "attribution does not compare with named substances",
            "It divides the event reports among everything that stands on them. Leave the comparator out.",
        ));
    }
    let corpus = Corpus::load(snapshot, question.source)?;
    let prepared = Prepared::new(&corpus, study, &question)?;
    let (run, counts) = run_prepared(&corpus, snapshot, study, question, &prepared, engines)?;
    let attribution = attribute_counted(&corpus, study, &prepared, chosen, &counts, engines)?;
    check_totals(&run, &attribution, chosen, engines)?;
    let regression = match Regression::fit(&corpus, &prepared, chosen) {
        Ok(fit) => Some(fit),
        // No fit: the comparison is left out. A damaged lake is no answer.
        Err(RunError::Question { .. }) => None,
        Err(error) => return Err(error),
    };
    let places: Vec<usize> = attribution.case_shares.iter().map(|case| case.place).collect();
    let cases = if with_cases {
        case_reports(snapshot, &corpus, &prepared.plan, &places)?
    } else {
        Vec::new()
    };
    let run_id = sha256_text(&format!("{}\n{chosen:?}\n", run.run_id)).chars().take(16).collect();
    Ok(AttributionRun { run_id, run, attribution, regression, cases })
}

/// The attributed cases must add up to the cases, and a substance must have the counts that the run has.
fn check_totals(
    run: &SignalRun,
    attribution: &Attribution,
    chosen: &AttributionSettings,
    engines: &dyn Engines,
) -> Result<(), RunError> {
    let cases: f64 = attribution.case_shares.iter().map(|case| case.weight).sum();
    let attributed: f64 = attribution.causes.iter().filter_map(|row| row.attributed).sum();
    if (attributed - cases).abs() > 1e-6 * cases.max(1.0) {
        return Err(RunError::question(
            format!("{attributed} cases attributed of {cases}"),
            "This is a defect of iatro; no number is given.",
        ));
    }
    if chosen.weigh_duplicates {
        return Ok(());
    }
    let counted: BTreeMap<&str, (u64, u64)> = run
        .signals
        .iter()
        .map(|s| (s.substance.as_str(), (s.estimates.a, s.estimates.a + s.estimates.b)))
        .collect();
    let substances = attribution.causes.iter().filter(|row| row.group == Group::Substance);
    for row in substances.filter(|row| row.members.is_empty()) {
        let (a, exposed) = counted.get(row.cause.as_str()).copied().unwrap_or_default();
        let of_model = StandsOn { events: row.n, reports: row.exposed };
        agree(&row.cause, of_model, StandsOn::counted(a, exposed), engines)?;
    }
    Ok(())
}
