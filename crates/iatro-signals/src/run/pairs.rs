//! Every pair of a substance and a preferred term: what was asked, the counts, an estimate for each.
//!
//! There may be millions of pairs, so a [`PairRun`] holds their counts (12 bytes each) and computes the
//! estimates when they are asked for, chunk by chunk.

mod question;

use iatro_reports::dictionary::term::{Rename, fold_term, known_renames};
use iatro_reports::lake::Snapshot;
use iatro_stats::Table2x2;
use iatro_stats::disproportionality::{fisher_greater_and_mid_p, fisher_mid_p};
use iatro_stats::gamma_poisson::Score;
use rayon::prelude::*;
use serde::Serialize;

use super::RunError;
use super::adjust::{Test, adjusted};
use super::estimates::{Estimates, FurtherEstimates};
use super::shrinkage::{FittedPrior, Shrinkage, observed_expected};
use crate::corpus::blocks::LakeBlocks;
use crate::corpus::{Corpus, Dictionaries, Substance, Term, dictionaries};
use crate::count::{
    Budget, Engines, InProcess, Memory, PairCount, PairCounts, PairEngine, PairPlan, Spilling,
    counted_pairs,
};

pub use question::{PairQuestion, PairSettings};

/// Pairs whose estimates are in memory at once.
const CHUNK: usize = 1 << 16;

/// A substance or a term with its margin.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Margin {
    /// Its name.
    pub name: String,
    /// Eligible reports with it.
    pub reports: u64,
}

/// A term that was counted under the name it has now.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RenamedTerm {
    /// Its name in the files.
    pub term: String,
    /// The name it was counted under.
    pub counted_as: String,
}

/// The result of a run over every pair.
#[derive(Clone, Debug)]
pub struct PairRun {
    /// The snapshot counted.
    pub dataset_id: String,
    /// Hash of snapshot and question: the same run has the same id.
    pub run_id: String,
    /// What was asked.
    pub question: PairQuestion,
    /// Eligible reports: at least one substance in the roles and at least one event term.
    pub reports: u64,
    /// Sum of the pairs' counts: how often a pair stands on a report.
    pub occurrences: u64,
    /// The substances of the lake, by id; those of other sources have no report.
    pub substances: Vec<Margin>,
    /// The terms of the lake, by id; those of other sources, and those counted under another name,
    /// have no report.
    pub terms: Vec<Margin>,
    /// The terms counted under another name.
    pub renamed: Vec<RenamedTerm>,
    /// The prior behind EBGM, fitted to all these pairs; `None` if no fit converged.
    pub prior: Option<FittedPrior>,
    /// Every pair that stands on an eligible report, by the substance's name, then by the term's.
    pub pairs: Vec<PairCount>,
    /// EBGM of every pair; empty if there is no prior.
    scores: Vec<Score>,
    /// Benjamini-Hochberg q of every pair that has a p.
    q: Vec<Option<f64>>,
}

/// One pair with its estimates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PairSignal<'r> {
    /// The substance.
    pub substance: &'r str,
    /// The preferred term.
    pub term: &'r str,
    /// The cells and what is computed from them; the event is the term.
    #[serde(flatten)]
    pub estimates: Estimates,
    /// EBGM with its limits.
    #[serde(flatten)]
    pub shrinkage: Shrinkage,
    /// Mid-P, and its q among all pairs of the run.
    #[serde(flatten)]
    pub test: Test,
    /// Further estimates of the same table.
    #[serde(flatten)]
    pub further: FurtherEstimates,
}

/// Counts every pair of a snapshot.
///
/// # Errors
/// [`RunError`]; no number is given unless the control totals agree.
pub fn pairs(snapshot: &Snapshot, settings: &PairSettings) -> Result<PairRun, RunError> {
    let question = PairQuestion::resolve(snapshot.manifest(), settings)?;
    let corpus = Corpus::load(snapshot, question.source)?;
    pairs_on(&corpus, snapshot, question, &InProcess)
}

/// The same on a corpus that is loaded already, counted by these engines.
///
/// # Errors
/// As for [`pairs`].
pub fn pairs_on(
    corpus: &Corpus,
    snapshot: &Snapshot,
    question: PairQuestion,
    engines: &dyn Engines,
) -> Result<PairRun, RunError> {
    let engine = engines.over(corpus)?;
    let (plan, counts) = count(corpus.terms(), engine.as_ref(), question.role_bits())?;
    drop(engine);
    of_counts(corpus.substances(), corpus.terms(), snapshot, question, &plan, counts)
}

/// The same without reports in this process: counted by an engine that has them.
///
/// # Errors
/// As for [`pairs`].
pub fn pairs_by(
    engine: &dyn PairEngine,
    snapshot: &Snapshot,
    question: PairQuestion,
) -> Result<PairRun, RunError> {
    let Dictionaries { substances, terms } = dictionaries(snapshot)?;
    let (plan, counts) = count(&terms, engine, question.role_bits())?;
    of_counts(&substances, &terms, snapshot, question, &plan, counts)
}

/// The same in this process within an amount of memory: reports are counted block by block if they do not fit,
/// and their pairs kept in a temporary file.
///
/// # Errors
/// As for [`pairs`]; [`CountError::Memory`](crate::count::CountError::Memory) if a block of reports or the pairs of
/// the result do not fit.
pub fn pairs_within(
    snapshot: &Snapshot,
    question: PairQuestion,
    memory: Memory,
) -> Result<PairRun, RunError> {
    let blocks = LakeBlocks::new(snapshot, question.source)?;
    let (size, roles) = (blocks.size(), question.role_bits());
    let (plan, counts) = match Budget::new(memory, size)? {
        Some(budget) => count(blocks.terms(), &Spilling::new(&blocks, budget), roles)?,
        None => {
            let corpus = Corpus::load(snapshot, question.source)?;
            count(corpus.terms(), InProcess.over(&corpus)?.as_ref(), roles)?
        }
    };
    Budget::check_pairs(memory, size, counts.pairs.len() as u64)?;
    of_counts(blocks.substances(), blocks.terms(), snapshot, question, &plan, counts)
}

/// The run that counts make.
fn of_counts(
    substances: &[Substance],
    terms: &[Term],
    snapshot: &Snapshot,
    question: PairQuestion,
    plan: &PairPlan,
    counts: PairCounts,
) -> Result<PairRun, RunError> {
    if counts.reports == 0 {
        return Err(RunError::question(
            format!(
                "no {} report has both a substance in the roles {} and an event term",
                question.source.title(),
                question.roles.join(", ")
            ),
            "Choose other roles with --roles.",
        ));
    }
    let dataset_id = snapshot.manifest().dataset_id.clone();
    PairRun::new(substances, terms, question, dataset_id, plan, counts)
}

/// Counts every pair of the reports that have a substance in these roles and an event term.
pub(super) fn count(
    terms: &[Term],
    engine: &dyn PairEngine,
    roles: u8,
) -> Result<(PairPlan, PairCounts), RunError> {
    let plan = PairPlan { roles, renamed: renamed(terms, known_renames()) };
    let counts = counted_pairs(engine, &plan)?;
    Ok((plan, counts))
}

/// The terms that the corpus has under an earlier name, with the term of the name now. A term whose
/// name now no file has keeps its own.
fn renamed(terms: &[Term], renames: &[Rename]) -> Vec<(u32, u32)> {
    let id_of = |name: &str| {
        let folded = fold_term(name);
        (0..).zip(terms).find(|(_, term)| term.folded == folded).map(|(id, _)| id)
    };
    let mut renamed = Vec::new();
    for rename in renames {
        let Some(id) = id_of(rename.old) else { continue };
        let mut name_now = None;
        let mut next = Some(rename);
        // A name may change more than once; no chain is longer than the table.
        for _ in renames {
            let Some(step) = next else { break };
            name_now = id_of(step.new).or(name_now);
            next = renames.iter().find(|r| fold_term(r.old) == fold_term(step.new));
        }
        renamed.extend(name_now.filter(|&now| now != id).map(|now| (id, now)));
    }
    renamed
}

impl PairRun {
    fn new(
        substances: &[Substance],
        terms: &[Term],
        question: PairQuestion,
        dataset_id: String,
        plan: &PairPlan,
        counts: PairCounts,
    ) -> Result<Self, RunError> {
        let name = |term: u32| terms.get(term as usize).map(|term| term.name.clone());
        let renamed = plan.renamed.iter().filter_map(|&(term, name_now)| {
            Some(RenamedTerm { term: name(term)?, counted_as: name(name_now)? })
        });
        let margin = |(name, reports): (&String, u64)| Margin { name: name.clone(), reports };
        let substances = substances.iter().map(|substance| &substance.name);
        let terms = terms.iter().map(|term| &term.name);
        let mut run = Self {
            run_id: question.run_id(&dataset_id),
            dataset_id,
            question,
            reports: counts.reports,
            occurrences: counts.occurrences,
            substances: substances.zip(counts.substances).map(margin).collect(),
            terms: terms.zip(counts.terms).map(margin).collect(),
            renamed: renamed.collect(),
            prior: None,
            pairs: counts.pairs,
            scores: Vec::new(),
            q: Vec::new(),
        };
        run.sort_by_name();
        run.shrink()?;
        run.adjust()?;
        Ok(run)
    }

    /// Fits the prior and scores every pair.
    fn shrink(&mut self) -> Result<(), RunError> {
        let margin =
            |margins: &[Margin], at: u32| margins.get(at as usize).map_or(0, |m| m.reports);
        let pairs = observed_expected(
            &self.pairs,
            self.reports,
            |substance| margin(&self.substances, substance),
            |term| margin(&self.terms, term),
        );
        self.prior = FittedPrior::of(&pairs).map_err(|error| defect(&error.to_string()))?;
        if let Some(prior) = &self.prior {
            self.scores = prior.scores(&pairs).map_err(|error| defect(&error.to_string()))?;
        }
        Ok(())
    }

    /// The q of every pair, from the mid-P of all.
    fn adjust(&mut self) -> Result<(), RunError> {
        let places = (0..self.pairs.len()).into_par_iter();
        let p = places.map(|place| Ok(fisher_mid_p(&self.named(place)?.2)));
        let p = p.collect::<Result<Vec<_>, RunError>>()?;
        self.q = adjusted(&p).map_err(|error| defect(&error.to_string()))?;
        Ok(())
    }

    /// Ids depend on which file came first; names do not.
    fn sort_by_name(&mut self) {
        let (substances, terms) = (ranks(&self.substances), ranks(&self.terms));
        self.pairs.par_sort_unstable_by_key(|pair| {
            (substances.get(pair.substance as usize), terms.get(pair.term as usize))
        });
    }

    /// How many pairs have at least so many reports.
    pub fn listed(&self, min_count: u64) -> usize {
        self.places(min_count).count()
    }

    /// The places in [`pairs`](Self::pairs) of those with at least so many reports.
    fn places(&self, min_count: u64) -> impl Iterator<Item = usize> + '_ {
        let listed = move |(_, pair): &(usize, &PairCount)| u64::from(pair.n) >= min_count;
        self.pairs.iter().enumerate().filter(listed).map(|(place, _)| place)
    }

    /// The pair at a place in [`pairs`](Self::pairs), with its estimates: the substance against all
    /// other reports, the term against all other terms.
    ///
    /// # Errors
    /// [`RunError::Question`] if the run has no such pair or its counts are impossible.
    pub fn signal(&self, place: usize) -> Result<PairSignal<'_>, RunError> {
        let (substance, term, table) = self.named(place)?;
        let fisher = fisher_greater_and_mid_p(&table);
        Ok(PairSignal {
            substance,
            term,
            estimates: Estimates::of(&table),
            shrinkage: self.scores.get(place).copied().map(Into::into).unwrap_or_default(),
            test: Test {
                fisher_mid_p: fisher.map(|p| p.mid_p),
                q: self.q.get(place).copied().flatten(),
            },
            further: FurtherEstimates::of(&table, fisher.map(|p| p.exact)),
        })
    }

    /// The names and the table of a pair.
    fn named(&self, place: usize) -> Result<(&str, &str, Table2x2), RunError> {
        let pair = self.pairs.get(place);
        let substance = pair.and_then(|pair| self.substances.get(pair.substance as usize));
        let term = pair.and_then(|pair| self.terms.get(pair.term as usize));
        let (Some(pair), Some(substance), Some(term)) = (pair, substance, term) else {
            return Err(RunError::question(
                format!("there is no pair {place}; the run has {}", self.pairs.len()),
                "Take the places from the run itself.",
            ));
        };
        let n = u64::from(pair.n);
        let table = Table2x2::from_margins(n, substance.reports, term.reports, self.reports);
        let table = table.map_err(|error| {
            defect(&format!(
                "the cells of {} and {} are impossible: {error}",
                substance.name, term.name
            ))
        })?;
        Ok((&substance.name, &term.name, table))
    }

    /// The pairs with at least so many reports, in order, with their estimates, in chunks of up to
    /// 65,536: no more are in memory at once. An error takes the place of its chunk.
    ///
    /// # Errors
    /// As for [`signal`](Self::signal).
    pub fn chunks(
        &self,
        min_count: u64,
    ) -> impl Iterator<Item = Result<Vec<PairSignal<'_>>, RunError>> + '_ {
        let mut places = self.places(min_count);
        std::iter::from_fn(move || {
            let chunk: Vec<usize> = places.by_ref().take(CHUNK).collect();
            let signals = || chunk.par_iter().map(|&place| self.signal(place)).collect();
            (!chunk.is_empty()).then(signals)
        })
    }

    /// The pairs with at least so many reports whose IC has the highest lower limits, highest first;
    /// of equal ones, that with more reports, then by name.
    ///
    /// # Errors
    /// As for [`signal`](Self::signal).
    pub fn top(&self, min_count: u64, most: usize) -> Result<Vec<PairSignal<'_>>, RunError> {
        let mut top: Vec<PairSignal<'_>> = Vec::new();
        if most == 0 {
            return Ok(top);
        }
        let limit = |s: &PairSignal<'_>| s.estimates.ic025.unwrap_or(f64::NEG_INFINITY);
        for chunk in self.chunks(min_count) {
            top.extend(chunk?);
            // The sort is stable, and chunks come in the order of names.
            top.sort_by(|x, y| {
                limit(y).total_cmp(&limit(x)).then_with(|| y.estimates.a.cmp(&x.estimates.a))
            });
            top.truncate(most);
        }
        Ok(top)
    }
}

/// A run that contradicts itself.
fn defect(what: &str) -> RunError {
    RunError::question(
        format!("the pairs do not fit together ({what})"),
        "This is a defect of iatro; no number is given.",
    )
}

/// For every place, its rank by name, then by place.
fn ranks(margins: &[Margin]) -> Vec<u32> {
    let mut places: Vec<u32> = (0..).take(margins.len()).collect();
    places.sort_by_key(|&place| margins.get(place as usize).map(|margin| &margin.name));
    let mut ranks = vec![0; margins.len()];
    for (rank, place) in (0..).zip(places) {
        ranks[place as usize] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed_of(names: &[&str], renames: &[(&'static str, &'static str)]) -> Vec<(u32, u32)> {
        let term = |name: &&str| Term {
            name: (*name).to_owned(),
            folded: fold_term(name),
            event_rows: 1,
            versions: None,
        };
        let terms: Vec<Term> = names.iter().map(term).collect();
        let rename =
            |&(old, new): &(&'static str, &'static str)| Rename { old, new, version: "1.0" };
        let renames: Vec<Rename> = renames.iter().map(rename).collect();
        renamed(&terms, &renames)
    }

    #[test]
    fn a_term_is_counted_under_the_last_name_that_the_files_have() {
        let chain = [("A", "B"), ("B", "C"), ("X", "Y")];
        assert_eq!(renamed_of(&["a", "c", "b"], &chain), [(0, 1), (2, 1)]);
        assert_eq!(renamed_of(&["C", "A"], &chain), [(1, 0)]);
        assert_eq!(renamed_of(&["B", "A"], &chain), [(1, 0)]);
        assert_eq!(renamed_of(&["A", "X"], &chain), []);
        assert_eq!(renamed_of(&["C", "Y"], &chain), []);
        assert_eq!(renamed_of(&["A", "B"], &[("A", "B"), ("B", "A")]), []);
    }

    #[test]
    fn ranks_are_by_name_then_by_place() {
        let margin = |name: &str| Margin { name: name.to_owned(), reports: 1 };
        assert_eq!(ranks(&["b", "a", "c", "a"].map(margin)), [2, 0, 3, 1]);
        assert!(ranks(&[]).is_empty());
    }
}
