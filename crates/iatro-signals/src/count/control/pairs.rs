//! Control totals of pairs: sets of reports for every substance and every term, their sizes and, for a
//! sample, their intersections; and sums that need no pairs at all.

use roaring::RoaringBitmap;

use super::{ControlError, index, union};
use crate::corpus::Corpus;
use crate::count::{CountError, PairCount, PairCounts, PairPlan};

/// Totals that the counts of all pairs must agree with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PairControlTotals {
    /// Eligible reports.
    pub reports: u64,
    /// Sum over eligible reports of distinct substances in the roles times distinct terms.
    pub occurrences: u64,
    /// Size of the set of reports of every substance, by id.
    pub substances: Vec<u64>,
    /// Size of the set of reports of every term, by id.
    pub terms: Vec<u64>,
    /// For every substance, the sum over its reports of their distinct terms.
    pub substance_occurrences: Vec<u64>,
    /// For every term, the sum over its reports of their distinct substances in the roles.
    pub term_occurrences: Vec<u64>,
    /// The sampled pairs, with the size of the intersection of the two sets.
    pub pairs: Vec<(u32, u32, u64)>,
}

/// Computes the totals of a plan over a corpus.
pub(in crate::count) fn control_totals(
    corpus: &Corpus,
    plan: &PairPlan,
    sample: &[(u32, u32)],
) -> Result<PairControlTotals, CountError> {
    let counted_as = plan.counted_as(corpus.terms().len())?;
    let (sets, sums) = rayon::join(
        || Sets::new(corpus, plan.roles, &counted_as),
        || Sums::new(corpus, plan.roles, &counted_as),
    );
    let none = RoaringBitmap::new();
    let intersection = |&(substance, term): &(u32, u32)| {
        let with = sets.substances.get(substance as usize).unwrap_or(&none);
        let reacted = sets.terms.get(term as usize).unwrap_or(&none);
        (substance, term, with.intersection_len(reacted))
    };
    Ok(PairControlTotals {
        reports: sets.eligible.len(),
        occurrences: sums.all,
        substances: sets.substances.iter().map(RoaringBitmap::len).collect(),
        terms: sets.terms.iter().map(RoaringBitmap::len).collect(),
        substance_occurrences: sums.substances,
        term_occurrences: sums.terms,
        pairs: sample.iter().map(intersection).collect(),
    })
}

/// The eligible reports of every substance and every term.
struct Sets {
    eligible: RoaringBitmap,
    substances: Vec<RoaringBitmap>,
    terms: Vec<RoaringBitmap>,
}

impl Sets {
    fn new(corpus: &Corpus, roles: u8, counted_as: &[u32]) -> Self {
        let (mut substances, mut terms) = rayon::join(
            || {
                sets(corpus, corpus.substances().len(), |place| {
                    let exposures = corpus.exposures(place).iter();
                    exposures.filter(|e| e.roles & roles != 0).map(|e| e.substance)
                })
            },
            || sets(corpus, counted_as.len(), |place| corpus.events(place).iter().copied()),
        );
        for (id, &name_now) in counted_as.iter().enumerate() {
            if id != name_now as usize {
                let reports = std::mem::take(&mut terms[id]);
                terms[name_now as usize] |= reports;
            }
        }
        let eligible = union(substances.iter()) & union(terms.iter());
        substances.iter_mut().chain(&mut terms).for_each(|set| *set &= &eligible);
        Self { eligible, substances, terms }
    }
}

/// For every id, the set of the reports that list it.
fn sets<I: Iterator<Item = u32>>(
    corpus: &Corpus,
    ids: usize,
    of_report: impl Fn(usize) -> I,
) -> Vec<RoaringBitmap> {
    let mut sets = vec![RoaringBitmap::new(); ids];
    for place in 0..corpus.reports() {
        for id in of_report(place) {
            sets[id as usize].insert(index(place));
        }
    }
    sets
}

/// Sums over reports that pairs must add up to. A report that is not eligible adds nothing: it lacks
/// substances or terms, and one is multiplied with the other.
struct Sums {
    all: u64,
    substances: Vec<u64>,
    terms: Vec<u64>,
}

impl Sums {
    fn new(corpus: &Corpus, roles: u8, counted_as: &[u32]) -> Self {
        let mut sums = Self {
            all: 0,
            substances: vec![0; corpus.substances().len()],
            terms: vec![0; counted_as.len()],
        };
        let (mut substances, mut terms) = (Vec::new(), Vec::new());
        for place in 0..corpus.reports() {
            let exposures = corpus.exposures(place).iter();
            substances.clear();
            substances.extend(exposures.filter(|e| e.roles & roles != 0).map(|e| e.substance));
            terms.clear();
            terms.extend(corpus.events(place).iter().map(|&id| counted_as[id as usize]));
            terms.sort_unstable();
            terms.dedup();
            let (with, reacted) = (substances.len() as u64, terms.len() as u64);
            sums.all += with * reacted;
            substances.iter().for_each(|&id| sums.substances[id as usize] += reacted);
            terms.iter().for_each(|&id| sums.terms[id as usize] += with);
        }
        sums
    }
}

impl PairControlTotals {
    /// Compares counts with these totals.
    pub(in crate::count) fn check(&self, counts: &PairCounts) -> Result<(), ControlError> {
        agree("eligible reports", counts.reports, self.reports)?;
        self.check_margins(counts)?;
        check_order(&counts.pairs)?;
        self.check_sums(counts)?;
        self.check_sample(&counts.pairs)
    }

    fn check_margins(&self, counts: &PairCounts) -> Result<(), ControlError> {
        agree_all("substance", "reports", &counts.substances, &self.substances)?;
        agree_all("term", "reports", &counts.terms, &self.terms)
    }

    fn check_sums(&self, counts: &PairCounts) -> Result<(), ControlError> {
        let mut all = 0;
        let mut substances = vec![0; self.substances.len()];
        let mut terms = vec![0; self.terms.len()];
        for pair in &counts.pairs {
            let n = u64::from(pair.n);
            all += n;
            // A pair of an unknown id is missing in one of the sums.
            substances.get_mut(pair.substance as usize).into_iter().for_each(|sum| *sum += n);
            terms.get_mut(pair.term as usize).into_iter().for_each(|sum| *sum += n);
        }
        agree("the number of pair occurrences", counts.occurrences, self.occurrences)?;
        agree("the sum over all pairs", all, self.occurrences)?;
        let what = "sum over its pairs";
        agree_all("substance", what, &substances, &self.substance_occurrences)?;
        agree_all("term", what, &terms, &self.term_occurrences)
    }

    fn check_sample(&self, pairs: &[PairCount]) -> Result<(), ControlError> {
        for &(substance, term, control) in &self.pairs {
            let found = pairs.binary_search_by_key(&(substance, term), PairCount::key);
            let counted = found.ok().and_then(|at| pairs.get(at)).map_or(0, |pair| pair.n);
            let what = || format!("the pair of substance {substance} and term {term}");
            agree_in(what, u64::from(counted), control)?;
        }
        Ok(())
    }
}

impl PairCount {
    fn key(&self) -> (u32, u32) {
        (self.substance, self.term)
    }
}

/// Every pair once, in order, with at least one report.
fn check_order(pairs: &[PairCount]) -> Result<(), ControlError> {
    let in_order = pairs.windows(2).filter(|two| two[0].key() < two[1].key()).count();
    agree("pairs in order", in_order as u64, pairs.len().saturating_sub(1) as u64)?;
    let with_report = pairs.iter().filter(|pair| pair.n > 0).count();
    agree("pairs with a report", with_report as u64, pairs.len() as u64)
}

fn agree(what: &str, counted: u64, control: u64) -> Result<(), ControlError> {
    agree_in(|| what.to_owned(), counted, control)
}

fn agree_in(what: impl FnOnce() -> String, counted: u64, control: u64) -> Result<(), ControlError> {
    if counted == control { Ok(()) } else { Err(ControlError { what: what(), counted, control }) }
}

/// Compares totals by id.
fn agree_all(kind: &str, what: &str, counted: &[u64], control: &[u64]) -> Result<(), ControlError> {
    agree_in(|| format!("{kind}s"), counted.len() as u64, control.len() as u64)?;
    for (id, (&counted, &control)) in counted.iter().zip(control).enumerate() {
        agree_in(|| format!("{kind} {id}, {what}"), counted, control)?;
    }
    Ok(())
}
