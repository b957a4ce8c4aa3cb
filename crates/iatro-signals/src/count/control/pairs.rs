//! Control totals of pairs: sets of reports for every substance and every term, their sizes and, for a
//! sample, their intersections; and sums that need no pairs at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::ControlError;
use super::sets::{RoleSets, Sets as Shared};
use crate::corpus::Corpus;
use crate::count::bits::{Bits, Places, Postings};
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
    shared: &Shared,
) -> Result<PairControlTotals, CountError> {
    let counted_as = plan.counted_as(corpus.terms().len())?;
    let (sets, sums) = rayon::join(
        || Sets::new(corpus, plan.roles, shared),
        || Sums::new(corpus, plan.roles, &counted_as),
    );
    Ok(PairControlTotals {
        reports: sets.eligible.len(),
        occurrences: sums.all,
        substances: sets.sizes(&sets.substances.lists),
        terms: sets.term_sizes(&counted_as),
        substance_occurrences: sums.substances,
        term_occurrences: sums.terms,
        pairs: sets.intersections(&counted_as, sample),
    })
}

/// The reports of every substance and every term, and the eligible ones.
struct Sets {
    eligible: Bits,
    substances: Arc<RoleSets>,
    /// By the term of the files.
    terms: Postings,
}

impl Sets {
    fn new(corpus: &Corpus, roles: u8, shared: &Shared) -> Self {
        let reports = corpus.reports();
        let terms = |place| corpus.events(place).iter().copied();
        let (substances, terms) = rayon::join(
            || shared.of_roles(corpus, roles),
            || Postings::new(Places::Below(reports), corpus.terms().len(), terms),
        );
        let (mut eligible, reacted) = (substances.union.clone(), terms.union(reports));
        eligible.keep(&reacted);
        Self { eligible, substances, terms }
    }

    fn eligible_in<'s>(&'s self, lists: &'s Postings, id: usize) -> impl Iterator<Item = u32> + 's {
        lists.of(id).filter(|place| self.eligible.contains(*place as usize))
    }

    fn sizes(&self, lists: &Postings) -> Vec<u64> {
        let size = |id: usize| self.eligible_in(lists, id).count() as u64;
        (0..lists.ids()).into_par_iter().map(size).collect()
    }

    /// Of a term that others are counted under, the reports with any of them.
    fn term_sizes(&self, counted_as: &[u32]) -> Vec<u64> {
        let mut sizes = self.sizes(&self.terms);
        for (term, names) in names_of(counted_as) {
            names.iter().for_each(|name| sizes[*name as usize] = 0);
            sizes[term as usize] = self.with_any(&names).len();
        }
        sizes
    }

    /// The eligible reports with any of these terms.
    fn with_any(&self, terms: &[u32]) -> Bits {
        let mut with = Bits::sized(&self.eligible);
        terms.iter().for_each(|term| {
            self.eligible_in(&self.terms, *term as usize).for_each(|place| with.insert(place));
        });
        with
    }

    /// The sampled pairs with the size of the intersection of their sets.
    fn intersections(&self, counted_as: &[u32], sample: &[(u32, u32)]) -> Vec<(u32, u32, u64)> {
        let renamed = names_of(counted_as);
        let mut by_term: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        sample
            .iter()
            .for_each(|&(substance, term)| by_term.entry(term).or_default().push(substance));
        let of_term = |(&term, substances): (&u32, &Vec<u32>)| {
            let own = [term];
            let names = renamed.get(&term).map_or(&own[..], Vec::as_slice);
            let is_counted = counted_as.get(term as usize) == Some(&term);
            let with = self.with_any(if is_counted { names } else { &[] });
            let size = |&substance: &u32| {
                let known = (substance as usize) < self.substances.lists.ids();
                let both = known.then(|| {
                    let places = self.eligible_in(&self.substances.lists, substance as usize);
                    places.filter(|place| with.contains(*place as usize)).count() as u64
                });
                (substance, term, both.unwrap_or(0))
            };
            substances.iter().map(size).collect::<Vec<_>>()
        };
        let terms: Vec<_> = by_term.iter().collect();
        let found: Vec<Vec<_>> = terms.into_par_iter().map(of_term).collect();
        let mut found: Vec<_> = found.into_iter().flatten().collect();
        found.sort_unstable();
        found
    }
}

/// The terms that others are counted under, with all the names of each, its own among them.
fn names_of(counted_as: &[u32]) -> BTreeMap<u32, Vec<u32>> {
    let renamed = (0..).zip(counted_as).filter(|(id, name_now)| id != *name_now);
    let mut names: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (id, &name_now) in renamed {
        names.entry(name_now).or_insert_with(|| vec![name_now]).push(id);
    }
    names
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
        let size = corpus.reports().div_ceil(rayon::current_num_threads().max(1)).max(1);
        let pieces: Vec<usize> = (0..corpus.reports()).step_by(size).collect();
        let piece = |from: usize| {
            let mut sums = Self::empty(corpus, counted_as);
            (from..corpus.reports().min(from + size))
                .for_each(|place| sums.add(corpus, place, roles, counted_as));
            sums
        };
        let sums = pieces.into_par_iter().map(piece);
        sums.reduce_with(Self::merged).unwrap_or_else(|| Self::empty(corpus, counted_as))
    }

    fn empty(corpus: &Corpus, counted_as: &[u32]) -> Self {
        let substances = vec![0; corpus.substances().len()];
        Self { all: 0, substances, terms: vec![0; counted_as.len()] }
    }

    fn add(&mut self, corpus: &Corpus, place: usize, roles: u8, counted_as: &[u32]) {
        let exposures = corpus.exposures(place).filter(|e| e.roles & roles != 0);
        let with = exposures.clone().count() as u64;
        let mut terms: Vec<u32> = Vec::new();
        let own = corpus.events(place);
        let renamed = own.iter().any(|&id| counted_as[id as usize] != id);
        if renamed {
            terms.extend(own.iter().map(|&id| counted_as[id as usize]));
            terms.sort_unstable();
            terms.dedup();
        }
        let terms = if renamed { &terms } else { own };
        let reacted = terms.len() as u64;
        self.all += with * reacted;
        exposures.for_each(|e| self.substances[e.substance as usize] += reacted);
        terms.iter().for_each(|&id| self.terms[id as usize] += with);
    }

    fn merged(mut self, other: Self) -> Self {
        self.all += other.all;
        self.substances.iter_mut().zip(other.substances).for_each(|(sum, more)| *sum += more);
        self.terms.iter_mut().zip(other.terms).for_each(|(sum, more)| *sum += more);
        self
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
