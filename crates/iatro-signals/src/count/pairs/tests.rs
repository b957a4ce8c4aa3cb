//! Pairs against nested loops, and wrong engines against the control totals.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::corpus::Corpus;
use crate::corpus::of_ids::Report;
use crate::count::Embedded;

const SUBSTANCES: u32 = 7;
const TERMS: [&str; 6] = ["Rash", "Fever", "Histiocytosis", "Haemophagocytosis", "Fall", "Cough"];

fn corpus(reports: &[Report]) -> Corpus {
    Corpus::of_ids(reports, SUBSTANCES, &TERMS)
}

/// The counts as one would make them by hand: for every pair, which reports have both.
fn by_hand(reports: &[Report], plan: &PairPlan) -> PairCounts {
    let name_now = |term: u32| {
        let renamed = plan.renamed.iter().find(|(old, _)| *old == term);
        renamed.map_or(term, |(_, now)| *now)
    };
    let mut counts = PairCounts {
        substances: vec![0; SUBSTANCES as usize],
        terms: vec![0; TERMS.len()],
        ..PairCounts::default()
    };
    let mut pairs: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (named, reacted) in reports {
        let with: BTreeSet<u32> =
            named.iter().filter(|(_, roles)| roles & plan.roles != 0).map(|(id, _)| *id).collect();
        let terms: BTreeSet<u32> = reacted.iter().map(|&term| name_now(term)).collect();
        if with.is_empty() || terms.is_empty() {
            continue;
        }
        counts.reports += 1;
        with.iter().for_each(|&id| counts.substances[id as usize] += 1);
        terms.iter().for_each(|&id| counts.terms[id as usize] += 1);
        for &substance in &with {
            for &term in &terms {
                *pairs.entry((substance, term)).or_default() += 1;
                counts.occurrences += 1;
            }
        }
    }
    let pair = |((substance, term), n)| PairCount { substance, term, n };
    counts.pairs = pairs.into_iter().map(pair).collect();
    counts
}

fn any_reports() -> impl Strategy<Value = Vec<Report>> {
    let roles = prop::sample::select(vec![1_u8, 2, 4, 8, 16, 32, 9]);
    let exposures = prop::collection::vec((0..SUBSTANCES, roles), 0..5);
    let terms = prop::collection::vec(0..TERMS.len() as u32, 0..5);
    prop::collection::vec((exposures, terms), 0..60)
}

fn any_plan() -> impl Strategy<Value = PairPlan> {
    let renamed = prop::sample::select(vec![vec![], vec![(2, 3)], vec![(2, 3), (5, 0), (4, 3)]]);
    (prop::sample::select(vec![0_u8, 1, 7, 15]), renamed)
        .prop_map(|(roles, renamed)| PairPlan { roles, renamed })
}

proptest! {
    #[test]
    fn pairs_are_what_nested_loops_find(reports in any_reports(), plan in any_plan()) {
        let corpus = corpus(&reports);
        let counts = counted_pairs(&Embedded::new(&corpus), &plan).unwrap();
        prop_assert_eq!(counts, by_hand(&reports, &plan));
    }

    #[test]
    fn the_order_of_reports_does_not_matter(
        reports in any_reports().prop_shuffle(),
        plan in any_plan(),
    ) {
        let mut sorted = reports.clone();
        sorted.sort();
        let count = |reports: &[Report]| {
            counted_pairs(&Embedded::new(&corpus(reports)), &plan).unwrap()
        };
        prop_assert_eq!(count(&reports), count(&sorted));
    }
}

/// A corpus with more reports than a task counts, on which every number is known.
#[test]
fn many_reports_of_few_substances_are_counted_in_several_tasks() {
    let reports: Vec<Report> = (0..200_000_u32)
        .map(|at| (vec![(at % 3, 1), (3 + at % 2, 8)], vec![at % 2, 2 + at % 4]))
        .collect();
    let plan = PairPlan { roles: 1 | 8, renamed: vec![(2, 3)] };
    let corpus = corpus(&reports);
    let counts = counted_pairs(&Embedded::new(&corpus), &plan).unwrap();
    assert_eq!(counts, by_hand(&reports, &plan));
    assert_eq!(counts.reports, 200_000);
    assert_eq!(counts.occurrences, 800_000);
}

#[test]
fn no_report_is_no_pair() {
    let corpus = corpus(&[]);
    let plan = PairPlan { roles: 7, renamed: Vec::new() };
    let counts = counted_pairs(&Embedded::new(&corpus), &plan).unwrap();
    assert_eq!((counts.reports, counts.pairs, counts.occurrences), (0, vec![], 0));
    assert_eq!(counts.substances, [0; SUBSTANCES as usize]);
}

#[test]
fn a_report_with_the_old_and_the_new_name_has_the_term_once() {
    let corpus = corpus(&[(vec![(0, 1)], vec![2, 3]), (vec![(0, 1)], vec![2])]);
    let plan = PairPlan { roles: 1, renamed: vec![(2, 3)] };
    let counts = counted_pairs(&Embedded::new(&corpus), &plan).unwrap();
    assert_eq!(counts.pairs, [PairCount { substance: 0, term: 3, n: 2 }]);
    assert_eq!(counts.terms, [0, 0, 0, 2, 0, 0]);
}

#[test]
fn a_plan_that_renames_to_nothing_is_refused() {
    let corpus = corpus(&[(vec![(0, 1)], vec![2])]);
    for renamed in [
        vec![(2, 6)],
        vec![(6, 2)],
        vec![(2, 3), (3, 4)],
        vec![(2, 3), (2, 4)],
        vec![(2, 2)],
        vec![(u32::MAX, u32::MAX)],
    ] {
        let plan = PairPlan { roles: 1, renamed };
        let engine = Embedded::new(&corpus);
        let refused = |error| matches!(error, CountError::CountedAs { .. });
        assert!(refused(engine.count_pairs(&plan).unwrap_err()), "{plan:?}");
        assert!(refused(engine.pair_control_totals(&plan, &[]).unwrap_err()), "{plan:?}");
    }
}

/// What a wrong engine does to its answer.
type Spoil = fn(&mut PairCounts);

/// An engine that counts as it should and then changes its answer.
struct Wrong<'c> {
    right: Embedded<'c>,
    spoil: Spoil,
}

impl PairEngine for Wrong<'_> {
    fn count_pairs(&self, plan: &PairPlan) -> Result<PairCounts, CountError> {
        let mut counts = self.right.count_pairs(plan)?;
        (self.spoil)(&mut counts);
        Ok(counts)
    }

    fn pair_control_totals(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<PairControlTotals, CountError> {
        self.right.pair_control_totals(plan, sample)
    }
}

/// Substances 0 and 1, terms 0 and 1, every pair on several reports; term 2 beside substance 2.
fn square() -> Corpus {
    let report = |substance, term| (vec![(substance, 1)], vec![term]);
    let times = [(0, 0, 3), (0, 1, 4), (1, 0, 5), (1, 1, 6), (2, 2, 1)];
    let reports: Vec<Report> =
        times.iter().flat_map(|&(substance, term, n)| vec![report(substance, term); n]).collect();
    corpus(&reports)
}

#[test]
fn every_control_catches_the_error_that_only_it_can_see() {
    let errors: [(&str, Spoil); 13] = [
        ("eligible reports", |c| c.reports += 1),
        ("substance 1, reports", |c| c.substances[1] -= 1),
        ("term 2, reports", |c| c.terms[2] += 1),
        ("substances", |c| c.substances.push(0)),
        ("terms", |c| c.terms.truncate(3)),
        ("pairs in order", |c| c.pairs.swap(0, 1)),
        ("pairs in order", |c| {
            // One pair in two rows: every sum still holds.
            c.pairs[0].n -= 1;
            c.pairs.insert(0, PairCount { n: 1, ..c.pairs[0] });
        }),
        ("pairs with a report", |c| c.pairs.push(PairCount { substance: 6, term: 5, n: 0 })),
        ("the number of pair occurrences", |c| c.occurrences += 1),
        ("the sum over all pairs", |c| c.pairs.truncate(4)),
        // A report moved to another term of the same substance, and the other way round.
        ("substance 0, sum over its pairs", |c| {
            c.pairs[0].n += 1;
            c.pairs[2].n -= 1;
        }),
        ("term 0, sum over its pairs", |c| {
            c.pairs[0].n += 1;
            c.pairs[1].n -= 1;
        }),
        // Every margin and every sum still holds.
        ("the pair of substance 0 and term 0", |c| {
            c.pairs[0].n += 1;
            c.pairs[1].n -= 1;
            c.pairs[2].n -= 1;
            c.pairs[3].n += 1;
        }),
    ];
    let corpus = square();
    let plan = PairPlan { roles: 1, renamed: Vec::new() };
    for (what, spoil) in errors {
        let right = Embedded::new(&corpus);
        let error = counted_pairs(&Wrong { right, spoil }, &plan).unwrap_err();
        let CountError::Control(control) = error else { panic!("{what}: {error}") };
        assert_eq!(control.what, what);
        assert_ne!(control.counted, control.control);
    }
    let harmless = Wrong { right: Embedded::new(&corpus), spoil: |_| {} };
    assert!(counted_pairs(&harmless, &plan).is_ok());
}

#[test]
fn a_pair_of_ids_that_do_not_exist_is_caught() {
    let corpus = square();
    let plan = PairPlan { roles: 1, renamed: Vec::new() };
    let spoil: Spoil = |c| {
        let last = c.pairs.len() - 1;
        c.pairs[last].substance = u32::MAX;
    };
    let wrong = Wrong { right: Embedded::new(&corpus), spoil };
    let error = counted_pairs(&wrong, &plan).unwrap_err().to_string();
    assert!(error.contains("substance 2, sum over its pairs"), "{error}");
}

#[test]
fn about_two_thousand_pairs_and_the_largest_are_counted_again() {
    let pair = |at: u32| PairCount { substance: at / 100, term: at % 100, n: 1 + at % 7 };
    let mut counts = PairCounts { pairs: (0..9_999).map(pair).collect(), ..PairCounts::default() };
    counts.pairs[7_001].n = 50;
    let sample = counts.sample();
    assert_eq!(sample.len(), 2_001);
    assert!(sample.contains(&(0, 0)) && sample.contains(&(70, 1)));
    assert!(sample.is_sorted());
    assert!(PairCounts::default().sample().is_empty());
}
