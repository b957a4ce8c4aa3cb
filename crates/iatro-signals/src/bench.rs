//! The bias bench: the checks that a study declares before the run, each a recount of the whole question.
//!
//! A check changes what is counted (which reports, which of their substances, against what) and counts
//! again on the [`Engine`], with control totals; none works a formula on numbers
//! that were counted for something else. The rules by which a row is judged are in [`outcome`], those of a
//! substance in [`verdict`]; `docs/methods/bias_bench.md` states both, and a test keeps page and code
//! together.

pub(crate) mod check;
mod context;
mod contrast;
pub(crate) mod facts;
mod given_for;
pub mod outcome;
pub(crate) mod restrict;
pub mod verdict;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::Serialize;

pub use check::{CHECKS, Check};
pub use contrast::ContrastResult;
pub use outcome::{FewLeft, Outcome, Reason};
pub use verdict::{Attributed, Attribution, SubstanceVerdict, Verdict};

use self::check::{Answer, Reading, Recounting, Row};
use self::context::{Bench, Subject};
use crate::corpus::Corpus;
use crate::count::{Counts, Engine, Engines, Plan, counted, counted_all};
use crate::run::{Estimates, Prepared, Question, RunError};
use crate::study::Study;
use iatro_reports::lake::Snapshot;

/// A check of the bench, carried out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRun {
    /// Its id, as studies declare it.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Why it is done, in one sentence.
    pub rationale: &'static str,
    /// The bias it guards against.
    pub bias: &'static str,
    /// Eligible reports of its count; `None` for a check that counts several times or could not be done.
    pub reports: Option<u64>,
    /// Eligible reports with the event, likewise.
    pub cases: Option<u64>,
    /// Why the whole check could not be done, with the reason in words; `None` if it was.
    pub not_assessable: Option<(Reason, String)>,
    /// A row for every substance with at least one case in the primary count, in the order of the signals.
    pub rows: Vec<CheckRow>,
}

/// One substance under one check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRow {
    /// The substance.
    pub substance: String,
    /// What was counted; `None` where nothing could be. EBGM is not fitted again.
    pub estimates: Option<Estimates>,
    /// What became of the signal.
    pub outcome: Outcome,
    /// What the row was counted against or without, or why it could not be counted.
    pub detail: Option<String>,
}

/// Everything the bench says of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BenchRun {
    /// The checks, in the order of the study.
    pub checks: Vec<CheckRun>,
    /// The named contrasts of the study.
    pub contrasts: Vec<ContrastResult>,
    /// A verdict for every substance with at least one case; none if no check was declared.
    pub verdicts: Vec<SubstanceVerdict>,
}

/// Prepares a question, counts it, and runs the study's checks; without a snapshot there is no other
/// database to look into.
///
/// # Errors
/// [`RunError`]; no number is given unless the control totals agree.
pub fn bench_on(
    corpus: &Corpus,
    snapshot: Option<&Snapshot>,
    study: &Study,
    question: &Question,
    engines: &dyn Engines,
) -> Result<BenchRun, RunError> {
    let prepared = Prepared::new(corpus, study, question)?;
    let engine = engines.over(corpus)?;
    let counts = counted(engine.as_ref(), &prepared.plan)?;
    let input = Input { corpus, snapshot, study, question, prepared: &prepared, engines };
    of_counts(&input, engine.as_ref(), &counts)
}

/// What the checks start from.
pub(crate) struct Input<'b> {
    pub(crate) corpus: &'b Corpus,
    pub(crate) snapshot: Option<&'b Snapshot>,
    pub(crate) study: &'b Study,
    pub(crate) question: &'b Question,
    pub(crate) prepared: &'b Prepared,
    pub(crate) engines: &'b dyn Engines,
}

/// Runs the study's checks after the primary count.
pub(crate) fn of_counts(
    input: &Input<'_>,
    engine: &dyn Engine,
    counts: &Counts,
) -> Result<BenchRun, RunError> {
    if input.study.checks.is_empty() && input.study.contrasts.is_empty() {
        return Ok(BenchRun::default());
    }
    let bench = Bench::new(input, engine, counts)?;
    let declared = |id: &String| CHECKS.iter().find(|check| check.id == id);
    let declared: Vec<&Check> = input.study.checks.iter().filter_map(declared).collect();
    let checks = all_checks(&bench, &declared)?;
    let contrasts = contrast::all(&bench)?;
    let verdicts = if checks.is_empty() { Vec::new() } else { verdicts(&bench, &checks) };
    Ok(BenchRun { checks, contrasts, verdicts })
}

/// The checks, in their order: each comes to its plans, or to its answer, and what is planned is counted together.
fn all_checks<'b>(bench: &'b Bench<'b>, checks: &[&Check]) -> Result<Vec<CheckRun>, RunError> {
    let begun = all_begun(bench, checks);
    let mut plans: Vec<Plan> = Vec::new();
    let mut answers = Vec::new();
    for begun in begun {
        let mut begun = begun?;
        answers.push((begun.plans.len(), begun.answer));
        plans.append(&mut begun.plans);
    }
    let mut counts = counted_all(bench.engine, &plans)?.into_iter();
    let end = |(check, (own, answer)): (&&Check, (usize, Reading<'b>))| {
        let own: Vec<Counts> = counts.by_ref().take(own).collect();
        Ok(carried_out(bench, check, &answer(&own)?))
    };
    checks.iter().zip(answers).map(end).collect()
}

/// What every check begins with, in their order; once one fails, no other is begun. In this process two are at work at
/// once, because parts of each keep one thread waiting; not more, because some have tables or a corpus of their own in
/// memory. An engine elsewhere is asked one thing at a time.
fn all_begun<'b>(bench: &'b Bench<'b>, checks: &[&Check]) -> Vec<Result<Recounting<'b>, RunError>> {
    let at_once = if bench.engine.elsewhere().is_some() { 1 } else { 2 };
    let next = AtomicUsize::new(0);
    let in_turn = |_| {
        let mut begun = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(check) = checks.get(at) else { return begun };
            let recounting = (check.recount)(bench);
            if recounting.is_err() {
                next.store(checks.len(), Ordering::Relaxed);
            }
            begun.push((at, recounting));
        }
    };
    let mut begun: Vec<_> = (0..at_once).into_par_iter().flat_map_iter(in_turn).collect();
    begun.sort_unstable_by_key(|(at, _)| *at);
    begun.into_iter().map(|(_, begun)| begun).collect()
}

fn carried_out(bench: &Bench<'_>, check: &Check, answer: &Answer) -> CheckRun {
    let (mut reports, mut cases, mut not_assessable) = (None, None, None);
    if let Answer::Counted(recounts) = answer
        && let [only] = recounts.as_slice()
    {
        (reports, cases) = (only.reports, only.cases);
    }
    if let Answer::NotAssessable(reason, text) = answer {
        not_assessable = Some((*reason, text.clone()));
    }
    let row = |(at, subject): (usize, &Subject)| judged(bench, check, answer, at, subject);
    let rows = bench.subjects.iter().enumerate().map(row).collect();
    let Check { id, title, rationale, bias, .. } = *check;
    CheckRun { id, title, rationale, bias, reports, cases, not_assessable, rows }
}

/// The row of a subject: of several recounts, the one that speaks most against the primary result.
fn judged(
    bench: &Bench<'_>,
    check: &Check,
    answer: &Answer,
    at: usize,
    subject: &Subject,
) -> CheckRow {
    let substance = subject.name.clone();
    let recounts = match answer {
        Answer::NotAssessable(reason, _) => {
            let outcome = Outcome::NotAssessable(*reason);
            return CheckRow { substance, estimates: None, outcome, detail: None };
        }
        Answer::Counted(recounts) => recounts,
    };
    let minimum = bench.study.minimum_cases;
    let judge = |row: &Row| outcome::outcome(&subject.estimates, row, check.few_left, minimum);
    let rows = recounts.iter().filter_map(|recount| recount.rows.get(at));
    let weakest = rows.map(|row| (judge(row), row)).min_by(|(x, one), (y, two)| {
        let limit = |row: &Row| row.estimates.as_ref().ok().and_then(|e| e.ic025);
        let limits =
            limit(one).unwrap_or(f64::INFINITY).total_cmp(&limit(two).unwrap_or(f64::INFINITY));
        x.rank(check.few_left).cmp(&y.rank(check.few_left)).then(limits)
    });
    match weakest {
        None => {
            let outcome = Outcome::NotAssessable(Reason::NotApplicable);
            CheckRow { substance, estimates: None, outcome, detail: None }
        }
        Some((outcome, row)) => {
            let missing = row.estimates.as_ref().err().map(|(_, text)| text.clone());
            let estimates = row.estimates.as_ref().ok().copied();
            CheckRow {
                substance,
                estimates,
                outcome,
                detail: missing.or_else(|| row.detail.clone()),
            }
        }
    }
}

fn verdicts(bench: &Bench<'_>, checks: &[CheckRun]) -> Vec<SubstanceVerdict> {
    let of = |(at, subject): (usize, &Subject)| {
        let rows = checks.iter().filter_map(|check| Some((check.id, check.rows.get(at)?.outcome)));
        let rows: Vec<_> = rows.collect();
        let minimum = bench.study.minimum_cases;
        verdict::judge(&subject.name, &subject.estimates, minimum, &rows, None)
    };
    bench.subjects.iter().enumerate().map(of).collect()
}
