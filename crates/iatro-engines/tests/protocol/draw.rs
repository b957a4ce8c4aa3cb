//! Small random corpora, and what is asked of them.

use iatro_reports::model::codes::Role;
use iatro_signals::corpus::Corpus;
use iatro_signals::corpus::facts::Fact;
use iatro_signals::corpus::memory::{MemoryDrug, MemoryReport};
use iatro_signals::count::{Plan, Selection};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

const SUBSTANCES: u8 = 9;
const TERMS: u8 = 7;

/// Puts a random question to `ask` so many times, always the same ones.
pub(crate) fn check<S: Strategy>(count: u32, strategy: &S, ask: impl Fn(S::Value)) {
    let config = Config { cases: count, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let asked = runner.run(strategy, |question| {
        ask(question);
        Ok(())
    });
    if let Err(error) = asked {
        panic!("{error}");
    }
}

/// Up to 200 reports: more than three words of a set, some without substances, some without terms.
pub(crate) fn corpus() -> impl Strategy<Value = Corpus> {
    vec(report(), 0..200).prop_map(|reports| Corpus::of_reports(&reports))
}

fn report() -> impl Strategy<Value = MemoryReport> {
    let drugs = vec(drug(), 0..5);
    let events = vec((0..TERMS).prop_map(|term| format!("Term {term}")), 0..5);
    (drugs, events).prop_map(|(drugs, events)| MemoryReport { fact: Fact::UNKNOWN, drugs, events })
}

fn drug() -> impl Strategy<Value = MemoryDrug> {
    let roles: Vec<Option<Role>> = Role::ALL.into_iter().map(Some).chain([None]).collect();
    // Few names are frequent, as in life.
    let name = (0..SUBSTANCES, 0..SUBSTANCES).prop_map(|(x, y)| format!("substance {}", x.min(y)));
    (name, select(roles)).prop_map(|(name, role)| MemoryDrug {
        substances: vec![name],
        role,
        start: None,
        indications: Vec::new(),
    })
}

/// Ids of a plan: some may be in no corpus.
fn ids(below: u8, most: usize) -> impl Strategy<Value = Vec<u32>> {
    vec(0..u32::from(below), 0..=most).prop_map(|mut ids| {
        ids.sort_unstable();
        ids.dedup();
        ids
    })
}

/// Everything a plan can say: roles, terms, a comparator, reports that count, entries set aside.
pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let reports = prop_oneof![
        2 => Just(None),
        // None at all, a few, or most.
        1 => vec(0_u32..220, 0..12).prop_map(Some),
        1 => vec(0_u32..220, 150..300).prop_map(Some),
    ];
    let set_aside = prop_oneof![1 => Just(Vec::new()), 1 => vec(0_u32..400, 0..60)];
    (0_u8..64, ids(TERMS, 4), ids(SUBSTANCES, 3), reports, set_aside).prop_map(
        |(roles, event_terms, comparator, reports, set_aside)| Plan {
            roles,
            event_terms,
            comparator,
            selection: Selection {
                reports: reports.map(|places| places.into_iter().collect()),
                set_aside: set_aside.into_iter().collect(),
            },
        },
    )
}

/// A number below `strata` for each of up to so many reports.
pub(crate) fn strata() -> impl Strategy<Value = (usize, Vec<u32>)> {
    (1_usize..70).prop_flat_map(|strata| {
        let last = u32::try_from(strata).unwrap() - 1;
        (Just(strata), vec(0..=last, 200))
    })
}
