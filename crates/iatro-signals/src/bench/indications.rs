//! What the exposures of the reports were given for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use iatro_reports::dictionary::term::fold_term;
use rayon::prelude::*;

use super::context::Bench;
use crate::corpus::rows::{Dates, DrugRow, IndicationRow};
use crate::count::Plan;
use crate::count::bits::{Bits, set_of_sorted};
use crate::run::RunError;

/// Exposures a task looks through.
const CHUNK: usize = 1 << 18;

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
        let of_drug = indication_rows(bench)?;
        let (corpus, plan) = (bench.corpus, bench.plan);
        let with_term = |row: DrugRow, found: &mut Vec<(u32, u32)>| {
            let Ok(place) = u32::try_from(row.place) else { return };
            let key = (place, row.seq);
            let terms = of_drug.of(key);
            if row.role & plan.roles == 0 || terms.is_empty() {
                return;
            }
            let within = corpus.exposures(row.place).position(|e| e.substance == row.substance);
            let first = corpus.first_exposure(row.place);
            let number = within.and_then(|within| u32::try_from(first + within as u64).ok());
            let Some(number) = number else { return };
            if !plan.selection.set_aside.contains(number) && plan.selection.takes(row.place) {
                found.extend(terms.iter().map(|(_, _, term)| (number, *term)));
            }
        };
        let mut given_for: Vec<(u32, u32)> = Vec::new();
        let wanted = |place: usize| of_drug.places.contains(place);
        corpus.map_drugs(Dates::Left, &wanted, &with_term, &mut |found| given_for.push(found))?;
        given_for.par_sort_unstable();
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
            let entries = bench.corpus.entries(chunk.iter().map(|(number, _)| *number));
            for ((_, _, entry), (_, term)) in entries.zip(chunk) {
                if let Some(at) = places.get(&entry.substance) {
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

    /// For each of these terms, the primary plan on the exposures that were given for it.
    pub(super) fn plans(&self, bench: &Bench<'_>, terms: &BTreeSet<u32>) -> BTreeMap<u32, Plan> {
        let wanted = |pair: &&(u32, u32)| terms.contains(&pair.1);
        let mut pairs: Vec<(u32, u32)> =
            self.given_for.iter().filter(wanted).map(|(number, term)| (*term, *number)).collect();
        pairs.par_sort_unstable();
        let of_term = |pairs: &[(u32, u32)]| {
            let numbers = pairs.iter().map(|(_, number)| *number);
            Some((pairs.first()?.0, given_for(bench, numbers)))
        };
        pairs.par_chunk_by(|one, two| one.0 == two.0).filter_map(of_term).collect()
    }
}

/// The primary plan on some of its entries, by number, ascending; and on their reports.
fn given_for(bench: &Bench<'_>, entries: impl Iterator<Item = u32> + Clone) -> Plan {
    let mut places: Vec<u32> =
        bench.corpus.entries(entries.clone()).map(|(_, place, _)| place as u32).collect();
    places.dedup();
    let mut kept = entries.peekable();
    let mut others = Vec::new();
    for &place in &places {
        let first = bench.corpus.first_exposure(place as usize);
        let count = bench.corpus.exposures(place as usize).len() as u64;
        let numbers = (first..first + count).filter_map(|number| u32::try_from(number).ok());
        others.extend(numbers.filter(|number| kept.next_if_eq(number).is_none()));
    }
    let mut plan = bench.only(&set_of_sorted(places.iter().copied()));
    // What the primary plan sets aside on these reports is among the others; elsewhere nothing counts.
    plan.selection.set_aside = set_of_sorted(others.iter().copied());
    plan
}

/// Report, drug number and term.
type GivenFor = (u32, Option<u64>, u32);

/// Indications that say something.
struct OfDrugs {
    /// Sorted, each once.
    rows: Vec<GivenFor>,
    /// Their reports.
    places: Bits,
    /// By report, where its rows end; reports after the last have none.
    ends: Vec<u32>,
}

impl OfDrugs {
    fn new(mut rows: Vec<GivenFor>, reports: usize) -> Self {
        rows.par_sort_unstable();
        rows.dedup();
        let places = Bits::new(rows.iter().map(|row| row.0), rows.last().map(|row| row.0));
        let mut ends = Vec::with_capacity(reports);
        let mut end = 0;
        for place in 0..reports {
            end += rows[end..].iter().take_while(|row| row.0 as usize == place).count();
            ends.push(u32::try_from(end).unwrap_or(u32::MAX));
        }
        Self { rows, places, ends }
    }

    /// The rows of a drug.
    fn of(&self, (place, seq): (u32, Option<u64>)) -> &[GivenFor] {
        let at = place as usize;
        let from =
            at.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or(0));
        let to = self.ends.get(at).copied().unwrap_or(from);
        let of_report = self.rows.get(from as usize..to as usize).unwrap_or_default();
        let first = of_report.partition_point(|row| row.1 < seq);
        let count = of_report[first..].partition_point(|row| row.1 == seq);
        &of_report[first..first + count]
    }
}

/// Every indication that says something: unknown indications and the event itself are none.
fn indication_rows(bench: &Bench<'_>) -> Result<OfDrugs, RunError> {
    let unknown: Vec<String> = UNKNOWN.iter().map(|term| fold_term(term)).collect();
    let says_nothing: Vec<bool> = bench
        .corpus
        .terms()
        .iter()
        .map(|term| unknown.contains(&term.folded) || bench.question.holds(&term.folded))
        .collect();
    let mut rows = Vec::new();
    let telling = |row: IndicationRow, found: &mut Vec<GivenFor>| {
        if let Ok(place) = u32::try_from(row.place)
            && !says_nothing.get(row.term as usize).copied().unwrap_or(true)
        {
            found.push((place, row.seq, row.term));
        }
    };
    bench.corpus.map_indications(&telling, &mut |row| rows.push(row))?;
    Ok(OfDrugs::new(rows, bench.corpus.reports()))
}
