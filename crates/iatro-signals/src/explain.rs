//! From a number back to its rows: the way from the files to the cases, and the cases.

mod cases;

use iatro_reports::lake::Snapshot;
use serde::Serialize;

use crate::attribution::{AttributedCause, Group};
use crate::bench::{CheckRun, SubstanceVerdict};
use crate::causes::SetAsideSubstance;
use crate::corpus::Corpus;
use crate::count::{Engines, Exposures};
use crate::run::{Prepared, Question, RunError, Signal, run_prepared};
use crate::study::Study;
use crate::waterfall::Waterfall;

pub(crate) use cases::load as case_reports;
pub use cases::{CaseDrug, CaseReport};

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
    /// Of the substance, what was set aside; at most one entry.
    pub set_aside: Vec<SetAsideSubstance>,
    /// The study's checks, in its order, each with the row of the substance alone; empty if the question
    /// leaves them out, and without a row if no report has substance and event.
    pub checks: Vec<CheckRun>,
    /// The verdict that they lead to.
    pub verdict: Option<SubstanceVerdict>,
    /// What the attribution says of the substance; of one that is given together with others, what it says
    /// of them.
    pub attribution: Option<AttributedCause>,
    /// The cases, by report.
    pub cases: Vec<CaseReport>,
}

/// Explains the number of a substance, with what the study's checks and the attribution say of it unless
/// the question leaves them out. Each check is a count of the whole question, so with them this takes as long
/// as a run.
///
/// # Errors
/// [`RunError`], in particular when no report names the substance.
pub fn explain(
    snapshot: &Snapshot,
    study: &Study,
    question: Question,
    substance: &str,
    engines: &dyn Engines,
) -> Result<Explanation, RunError> {
    let corpus = Corpus::load(snapshot, question.source)?;
    let prepared = Prepared::new(&corpus, study, &question)?;
    let (mut run, _) = run_prepared(&corpus, snapshot, study, question, &prepared, engines)?;
    let signal = run.signal(substance).ok_or_else(|| unknown(substance))?.clone();
    let name = signal.substance.clone();
    let is_named = |id: u32| corpus.substances()[id as usize].name == name;
    let plan = prepared.plan;
    run.checks.iter_mut().for_each(|check| check.rows.retain(|row| row.substance == name));
    let verdict = run.verdict(&name).cloned();
    let attributed = run.attribution.as_ref().and_then(|a| a.cause(&name, Group::Substance));
    let attribution = attributed.cloned();
    let mut waterfall = run.waterfall;
    let exposed = signal.estimates.a + signal.estimates.b;
    waterfall.then(&format!("name {name} in these roles"), exposed, "do not name it");
    waterfall.then(
        "and report the event: the cases",
        signal.estimates.a,
        "do not report the event",
    );
    let exposures = Exposures::new(&corpus, &plan);
    let places: Vec<usize> = (0..corpus.reports())
        .filter(|&place| {
            exposures.of(place).any(|e| is_named(e.substance))
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
        set_aside: run.set_aside.into_iter().filter(|s| s.substance == signal.substance).collect(),
        signal,
        waterfall,
        checks: run.checks,
        verdict,
        attribution,
        cases,
    })
}

fn unknown(substance: &str) -> RunError {
    RunError::question(
        format!("no report of this source names \"{substance}\" in these roles"),
        "`iatro lake show --substances` lists the names; --roles chooses the roles.",
    )
}
