//! One run of a study: what was asked, made concrete; the counts; an estimate for every substance. And
//! the run over every pair of a substance and a term, which needs no study.

mod adjust;
mod estimates;
mod pairs;
mod settings;
mod shrinkage;
mod signal;

use iatro_reports::Error;
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::Snapshot;
use serde::Serialize;

use crate::attribution::{Attribution, AttributionSettings, attribute_counted};
use crate::bench::restrict::restrict;
use crate::bench::verdict::judge;
use crate::bench::{self, BenchRun, CheckRun, ContrastResult, Input, SubstanceVerdict};
use crate::causes::{Causes, SetAsideSubstance};
use crate::corpus::Corpus;
use crate::count::{CountError, Counter, Counts, Engines, InProcess, Plan, Selection, counted};
use crate::study::Study;
use crate::waterfall::{Waterfall, waterfall};

use adjust::adjusted;

pub use adjust::Test;
pub use estimates::{Estimates, FurtherEstimates};
pub use pairs::{
    Margin, PairQuestion, PairRun, PairSettings, PairSignal, RenamedTerm, pairs, pairs_by,
    pairs_on, pairs_within,
};
pub use settings::{Question, Settings};
pub use shrinkage::{FittedPrior, Shrinkage};
pub use signal::{Rules, Signal};

/// The name of the run without any sensitivity check.
pub const PRIMARY: &str = "primary";

/// Why a run gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The lake, or the question put to it.
    #[error(transparent)]
    Lake(#[from] Error),
    /// The count.
    #[error(transparent)]
    Count(#[from] CountError),
    /// A question that this study or lake cannot answer.
    #[error("{problem}. {help}")]
    Question {
        /// What is wrong.
        problem: String,
        /// What to do.
        help: String,
    },
}

impl RunError {
    pub(crate) fn question(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Question { problem: problem.into(), help: help.into() }
    }
}

/// The result of a run.
#[derive(Clone, Debug, Serialize)]
pub struct SignalRun {
    /// The snapshot counted.
    pub dataset_id: String,
    /// Hash of snapshot, study and settings: the same run has the same id.
    pub run_id: String,
    /// What was asked.
    pub question: Question,
    /// From the files to the eligible reports.
    pub waterfall: Waterfall,
    /// Eligible reports: at least one exposure and at least one event term.
    pub reports: u64,
    /// Eligible reports with the event.
    pub cases: u64,
    /// Suspect substances that are no exposures on some reports, because the event was there first.
    pub set_aside: Vec<SetAsideSubstance>,
    /// The prior behind EBGM, fitted to every pair of a substance and a preferred term on the eligible
    /// reports; `None` against a named comparator, or if no fit converged.
    pub prior: Option<FittedPrior>,
    /// A signal for every substance of the source, by cases, then by name.
    pub signals: Vec<Signal>,
    /// The study's checks, in its order; empty if none is declared or the run leaves them out.
    pub checks: Vec<CheckRun>,
    /// The study's named contrasts.
    pub contrasts: Vec<ContrastResult>,
    /// A verdict for every substance with at least one case, in the order of the signals; empty without
    /// checks.
    pub verdicts: Vec<SubstanceVerdict>,
    /// The event reports divided among what stands on them; `None` without checks, without an event
    /// report, or against a named comparator.
    pub attribution: Option<Attribution>,
}

impl SignalRun {
    /// Judges every substance again, with what attribution says of it.
    fn hear(&mut self, attribution: Attribution, minimum_cases: u64) {
        let signals = self.signals.iter().filter(|signal| signal.estimates.a > 0);
        let judged = signals.zip(&self.verdicts).enumerate().map(|(at, (signal, _))| {
            let rows = self.checks.iter().filter_map(|c| Some((c.id, c.rows.get(at)?.outcome)));
            let rows: Vec<_> = rows.collect();
            let name = &signal.substance;
            let attributed = attribution.of_substance(name);
            judge(name, &signal.estimates, minimum_cases, &rows, attributed)
        });
        self.verdicts = judged.collect();
        self.attribution = Some(attribution);
    }

    /// The verdict on a substance, by its name as the run prints it.
    pub fn verdict(&self, substance: &str) -> Option<&SubstanceVerdict> {
        self.verdicts.iter().find(|verdict| verdict.substance == substance)
    }

    /// The signal of a substance, by name in any case.
    pub fn signal(&self, substance: &str) -> Option<&Signal> {
        let exact = self.signals.iter().find(|signal| signal.substance == substance);
        let folded = fold_term(substance);
        exact.or_else(|| self.signals.iter().find(|s| fold_term(&s.substance) == folded))
    }
}

/// Runs a study on a snapshot.
///
/// # Errors
/// [`RunError`]; no number is given unless the control totals agree.
pub fn run(snapshot: &Snapshot, study: &Study, settings: &Settings) -> Result<SignalRun, RunError> {
    let question = Question::resolve(snapshot.manifest(), study, settings)?;
    let corpus = Corpus::load(snapshot, question.source)?;
    run_on(&corpus, snapshot, study, question, &InProcess)
}

/// The same on a corpus that is loaded already, counted by these engines.
///
/// # Errors
/// As for [`run`].
pub fn run_on(
    corpus: &Corpus,
    snapshot: &Snapshot,
    study: &Study,
    question: Question,
    engines: &dyn Engines,
) -> Result<SignalRun, RunError> {
    let prepared = Prepared::new(corpus, study, &question)?;
    run_prepared(corpus, snapshot, study, question, &prepared, engines).map(|(run, _)| run)
}

/// The same for a question that is made ready already, with the counts of the question itself.
pub(crate) fn run_prepared(
    corpus: &Corpus,
    snapshot: &Snapshot,
    study: &Study,
    question: Question,
    prepared: &Prepared,
    engines: &dyn Engines,
) -> Result<(SignalRun, Counts), RunError> {
    let engine = engines.over(corpus)?;
    let engine = engine.as_ref();
    let counts = counted(engine, &prepared.plan)?;
    check_comparators(corpus, &question, &counts)?;
    let BenchRun { checks, contrasts, verdicts } = if question.checks {
        let (snapshot, question) = (Some(snapshot), &question);
        let input = Input { corpus, snapshot, study, question, prepared, engines };
        bench::of_counts(&input, engine, &counts)?
    } else {
        BenchRun::default()
    };
    let divisible = question.checks && question.comparator.is_empty() && counts.cases > 0;
    let attribution = if divisible {
        let settings = AttributionSettings::default();
        Some(attribute_counted(corpus, study, prepared, &settings, &counts, engines)?)
    } else {
        None
    };
    let Prepared { plan, causes } = prepared;
    let dataset_id = snapshot.manifest().dataset_id.clone();
    let prior = prior(corpus, &question, engine)?;
    let mut run = SignalRun {
        run_id: question.run_id(&dataset_id, study),
        waterfall: waterfall(snapshot.manifest(), corpus, &question.roles, plan),
        dataset_id,
        reports: counts.reports,
        cases: counts.cases,
        set_aside: causes.set_aside.substances.clone(),
        signals: signals(corpus, study, &counts, prior.as_ref())?,
        prior,
        checks,
        contrasts,
        verdicts,
        attribution: None,
        question,
    };
    if let Some(attribution) = attribution {
        run.hear(attribution, study.minimum_cases);
    }
    Ok((run, counts))
}

/// A question made ready for counting.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is counted; what is set aside is no exposure in it.
    pub plan: Plan,
    /// What stands on the reports beside the event.
    pub causes: Causes,
}

impl Prepared {
    /// Puts a question into ids of the corpus, and reads what its reports name beside the event.
    ///
    /// # Errors
    /// [`RunError`] if the question names what the corpus does not have, or the lake is damaged.
    pub fn new(corpus: &Corpus, study: &Study, question: &Question) -> Result<Self, RunError> {
        let mut plan = plan(corpus, question)?;
        // The checks will ask for the facts of every report: they are read beside what is read first.
        let are_asked_for = question.checks && !study.checks.is_empty();
        let facts = || if are_asked_for { corpus.facts().map(|_| ()) } else { Ok(()) };
        let (causes, facts) =
            rayon::join(|| Causes::read(corpus, study, question, &mut plan), facts);
        let causes = causes?;
        facts?;
        restrict(corpus, study, &causes, &mut plan)?;
        Ok(Self { plan, causes })
    }
}

/// The question in ids of the corpus, with nothing set aside.
pub(crate) fn plan(corpus: &Corpus, question: &Question) -> Result<Plan, RunError> {
    let mut comparator = Vec::new();
    for name in &question.comparator {
        let ids = corpus.find_substances(name);
        if ids.is_empty() {
            return Err(no_comparator(name));
        }
        comparator.extend(ids);
    }
    comparator.sort_unstable();
    comparator.dedup();
    let exists = |folded: &str| corpus.terms().iter().any(|term| term.folded == folded);
    if let Some(term) = question.unknown_term(exists) {
        return Err(RunError::question(
            format!("no report of this lake has the term \"{term}\""),
            "Terms are spelled as the files spell them (British spelling), in any case.",
        ));
    }
    let terms = corpus.terms().iter().zip(0..);
    let event_terms: Vec<u32> =
        terms.filter(|(term, _)| question.holds(&term.folded)).map(|(_, id)| id).collect();
    let selection = Selection::default();
    Ok(Plan { roles: question.role_bits(), event_terms, comparator, selection })
}

/// A comparator that no eligible report has would leave c and d at 0 without a word.
fn check_comparators(
    corpus: &Corpus,
    question: &Question,
    counts: &Counts,
) -> Result<(), RunError> {
    let exposed = |name: &String| -> u64 {
        let ids = corpus.find_substances(name);
        ids.iter().filter_map(|id| counts.cells.get(*id as usize)).map(|cell| cell.exposed).sum()
    };
    match question.comparator.iter().find(|name| exposed(name) == 0) {
        Some(name) => Err(no_comparator(name)),
        None => Ok(()),
    }
}

fn no_comparator(name: &str) -> RunError {
    RunError::question(
        format!("no report of this source names the comparator \"{name}\" in these roles"),
        "`iatro lake show --substances` lists the names; --roles chooses the roles.",
    )
}

/// The prior of the shrinker, from every pair of the eligible reports. The comparator of a named
/// substance is another population than that of the pairs, so there it has none.
fn prior(
    corpus: &Corpus,
    question: &Question,
    engine: &dyn Counter,
) -> Result<Option<FittedPrior>, RunError> {
    if !question.comparator.is_empty() {
        return Ok(None);
    }
    let (_, counts) = pairs::count(corpus.terms(), engine, question.role_bits())?;
    FittedPrior::of_counts(&counts).map_err(|error| {
        RunError::question(error.to_string(), "This is a defect of iatro; no number is given.")
    })
}

fn signals(
    corpus: &Corpus,
    study: &Study,
    counts: &Counts,
    prior: Option<&FittedPrior>,
) -> Result<Vec<Signal>, RunError> {
    let mut signals = Vec::new();
    for (substance, cell) in corpus.substances().iter().zip(&counts.cells) {
        // The dictionary serves every source; a substance no eligible report has is not of this one.
        if cell.exposed > 0 {
            let mut signal = Signal::new(substance, *cell, study)?;
            if let Some(prior) = prior {
                let Estimates { a, expected, .. } = signal.estimates;
                signal.shrinkage = prior.shrinkage(a, expected);
            }
            signals.push(signal);
        }
    }
    let p: Vec<_> = signals.iter().map(|signal| signal.test.fisher_mid_p).collect();
    let q = adjusted(&p).map_err(|error| {
        RunError::question(error.to_string(), "This is a defect of iatro; no number is given.")
    })?;
    signals.iter_mut().zip(q).for_each(|(signal, q)| signal.test.q = q);
    // Stable, so that substances of one name keep the order of their ids.
    signals.sort_by(|x, y| (y.estimates.a, &x.substance).cmp(&(x.estimates.a, &y.substance)));
    Ok(signals)
}
