//! What the exposures of the reports were given for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use iatro_reports::dictionary::term::fold_term;
use rayon::prelude::*;

use super::context::Bench;
use crate::corpus::indicated::IndicatedDrug;
use crate::corpus::rows::IndicationRow;
use crate::count::{Exposures, Groups};
use crate::run::RunError;

/// Exposures a task looks through.
const CHUNK: usize = 1 << 18;

/// Terms that say that nobody knows what a drug was given for.
const UNKNOWN: [&str; 2] =
    ["Product used for unknown indication", "Drug use for unknown indication"];

/// The exposures of the eligible reports with what they were given for.
pub(super) struct GivenFor {
    /// Number of the entry and term, sorted, each once.
    given_for: Vec<(u32, u32)>,
}

impl GivenFor {
    /// Reads them; unknown indications and the event itself are none.
    pub(super) fn read(bench: &Bench<'_>) -> Result<Self, RunError> {
        let (corpus, plan) = (bench.corpus, bench.plan);
        let (indications, says_nothing) = (corpus.indications()?, says_nothing(bench));
        let exposures = Exposures::new(corpus, plan);
        let with_term = |row: IndicationRow,
                         drug: IndicatedDrug<'_>,
                         found: &mut Vec<(u32, u32)>| {
            if drug.role & plan.roles == 0 || says_nothing[row.term as usize] {
                return;
            }
            let taken = drug.entry().filter(|(number, e)| exposures.takes(row.place, *number, *e));
            found.extend(taken.map(|(number, _)| (number, row.term)));
        };
        // The entries of the reports ascend as these do: sorted by report is sorted.
        let mut given_for = corpus.indicated_drugs()?.map(corpus, indications, with_term);
        given_for.dedup();
        Ok(Self { given_for })
    }

    /// For every term that is the most frequent indication of a subject, the subjects by place. Equally
    /// frequent terms are told apart by name.
    pub(super) fn most_frequent(&self, bench: &Bench<'_>) -> BTreeMap<u32, Vec<usize>> {
        let places: HashMap<u32, usize> =
            bench.subjects.iter().enumerate().map(|(at, subject)| (subject.id, at)).collect();
        let of_chunk = |chunk: &[(u32, u32)]| {
            let mut counts: HashMap<(usize, u32), u64> = HashMap::new();
            for (number, term) in chunk {
                let substance = bench.corpus.entry(*number).map(|entry| entry.substance);
                if let Some(at) = substance.and_then(|substance| places.get(&substance)) {
                    *counts.entry((*at, *term)).or_default() += 1;
                }
            }
            counts
        };
        let add = |mut all: HashMap<(usize, u32), u64>, more: HashMap<(usize, u32), u64>| {
            more.into_iter().for_each(|(key, count)| *all.entry(key).or_default() += count);
            all
        };
        let counts = self.given_for.par_chunks(CHUNK).map(of_chunk).reduce(HashMap::new, add);
        let name = |term: u32| &bench.corpus.terms()[term as usize].folded;
        let mut best: BTreeMap<usize, (u64, u32)> = BTreeMap::new();
        for ((at, term), count) in counts {
            let slot = best.entry(at).or_insert((count, term));
            if (count, std::cmp::Reverse(name(term))) > (slot.0, std::cmp::Reverse(name(slot.1))) {
                *slot = (count, term);
            }
        }
        let mut subjects: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        best.into_iter().for_each(|(at, (_, term))| subjects.entry(term).or_default().push(at));
        subjects
    }

    /// For each of these terms, the exposures that were given for it, in the order of the terms.
    pub(super) fn groups(
        &self,
        bench: &Bench<'_>,
        terms: &BTreeSet<u32>,
    ) -> Result<Groups, RunError> {
        let mut group_of = vec![None; bench.corpus.terms().len()];
        terms.iter().enumerate().for_each(|(group, term)| group_of[*term as usize] = Some(group));
        let in_group = |&(number, term): &(u32, u32)| Some((group_of[term as usize]?, number));
        let entries = self.given_for.iter().filter_map(in_group);
        Ok(Groups::new(bench.corpus, terms.len(), entries)?)
    }
}

/// By term, whether as an indication it says nothing: that it is unknown, or the event itself.
fn says_nothing(bench: &Bench<'_>) -> Vec<bool> {
    let unknown: Vec<String> = UNKNOWN.iter().map(|term| fold_term(term)).collect();
    let terms = bench.corpus.terms().iter();
    terms.map(|term| unknown.contains(&term.folded) || bench.question.holds(&term.folded)).collect()
}
