//! What the exposures of the reports were given for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use iatro_reports::dictionary::term::fold_term;
use roaring::RoaringBitmap;

use super::context::Bench;
use crate::count::Plan;
use crate::run::RunError;

/// Terms that say that nobody knows what a drug was given for.
const UNKNOWN: [&str; 2] =
    ["Product used for unknown indication", "Drug use for unknown indication"];

/// The exposures of the eligible reports with what they were given for.
pub(super) struct Indications {
    /// Number of the entry and term, sorted, each once.
    given_for: Vec<(u32, u32)>,
}

impl Indications {
    /// Reads them; unknown indications and the event itself are none.
    pub(super) fn read(bench: &Bench<'_>) -> Result<Self, RunError> {
        let mut of_drug = indication_rows(bench)?;
        of_drug.sort_unstable();
        of_drug.dedup();
        let mut given_for = Vec::new();
        bench.corpus.each_drug(&mut |row| {
            let Ok(place) = u32::try_from(row.place) else { return };
            let key = (place, row.seq);
            let from = of_drug.partition_point(|(at, seq, _)| (*at, *seq) < key);
            let terms = of_drug[from..].iter().take_while(|(at, seq, _)| (*at, *seq) == key);
            let mut terms = terms.peekable();
            if row.role & bench.plan.roles == 0 || terms.peek().is_none() {
                return;
            }
            let mut entries = bench.corpus.exposures(row.place);
            let within = entries.position(|entry| entry.substance == row.substance);
            let first = bench.corpus.first_exposure(row.place);
            let number = within.and_then(|within| u32::try_from(first + within as u64).ok());
            let Some(number) = number else { return };
            if !bench.plan.selection.set_aside.contains(number)
                && bench.plan.selection.takes(row.place)
            {
                given_for.extend(terms.map(|(_, _, term)| (number, *term)));
            }
        })?;
        given_for.sort_unstable();
        given_for.dedup();
        Ok(Self { given_for })
    }

    /// For every term that is the most frequent indication of a subject, the subjects by place. Equally
    /// frequent terms are told apart by name.
    pub(super) fn most_frequent(&self, bench: &Bench<'_>) -> BTreeMap<u32, Vec<usize>> {
        let places: HashMap<u32, usize> =
            bench.subjects.iter().enumerate().map(|(at, subject)| (subject.id, at)).collect();
        let mut counts: HashMap<(usize, u32), u64> = HashMap::new();
        for (number, term) in &self.given_for {
            let entry = bench.corpus.entry(*number);
            if let Some(at) = entry.and_then(|(_, entry)| places.get(&entry.substance)) {
                *counts.entry((*at, *term)).or_default() += 1;
            }
        }
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

    /// For each of these terms, the primary plan on the exposures that were given for it.
    pub(super) fn plans(&self, bench: &Bench<'_>, terms: &BTreeSet<u32>) -> BTreeMap<u32, Plan> {
        let mut entries: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
        for (number, term) in self.given_for.iter().filter(|(_, term)| terms.contains(term)) {
            entries.entry(*term).or_default().insert(*number);
        }
        let plan = |(term, entries): (u32, RoaringBitmap)| (term, given_for(bench, &entries));
        entries.into_iter().map(plan).collect()
    }
}

/// The primary plan on some of its entries and their reports.
fn given_for(bench: &Bench<'_>, entries: &RoaringBitmap) -> Plan {
    let mut reports = RoaringBitmap::new();
    let mut others = RoaringBitmap::new();
    for (place, _) in entries.iter().filter_map(|number| bench.corpus.entry(number)) {
        if let Ok(place) = u32::try_from(place) {
            reports.insert(place);
        }
    }
    for place in &reports {
        let first = bench.corpus.first_exposure(place as usize);
        let count = bench.corpus.exposures(place as usize).len() as u64;
        let numbers = (first..first + count).filter_map(|number| u32::try_from(number).ok());
        others.extend(numbers.filter(|number| !entries.contains(*number)));
    }
    let mut plan = bench.only(&reports);
    plan.selection.set_aside |= others;
    plan
}

/// Report, drug number and term of every indication that says something.
fn indication_rows(bench: &Bench<'_>) -> Result<Vec<(u32, Option<u64>, u32)>, RunError> {
    let unknown: Vec<String> = UNKNOWN.iter().map(|term| fold_term(term)).collect();
    let says_nothing: Vec<bool> = bench
        .corpus
        .terms()
        .iter()
        .map(|term| unknown.contains(&term.folded) || bench.question.holds(&term.folded))
        .collect();
    let mut rows = Vec::new();
    bench.corpus.each_indication(&mut |row| {
        if let Ok(place) = u32::try_from(row.place)
            && !says_nothing.get(row.term as usize).copied().unwrap_or(true)
        {
            rows.push((place, row.seq, row.term));
        }
    })?;
    Ok(rows)
}
