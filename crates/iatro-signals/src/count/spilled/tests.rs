#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::corpus::of_ids::Report;
use crate::count::{Memory, counted_pairs};

const TERMS: [&str; 6] = ["Rash", "Fever", "Histiocytosis", "Haemophagocytosis", "Fall", "Cough"];
const PLENTY: Memory = Memory::MAX;

struct InMemory(Corpus);

impl Blocks for InMemory {
    fn reports(&self) -> usize {
        self.0.reports()
    }

    fn block(&self, places: Range<usize>) -> Result<Corpus, iatro_reports::Error> {
        Ok(self.0.slice(places))
    }
}

fn any_reports() -> impl Strategy<Value = Vec<Report>> {
    let roles = prop::sample::select(vec![1_u8, 2, 4, 8, 16, 32, 9]);
    let exposures = prop::collection::vec((0..7_u32, roles), 0..5);
    let terms = prop::collection::vec(0..TERMS.len() as u32, 0..5);
    prop::collection::vec((exposures, terms), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn blocks_of_any_size_give_what_one_count_gives(
        reports in any_reports(),
        block in 1_usize..70,
        renamed in prop::sample::select(vec![vec![], vec![(2, 3)], vec![(0, 5), (1, 5)]]),
    ) {
        let whole = InMemory(Corpus::of_ids(&reports, 7, &TERMS));
        let plan = PairPlan { roles: 7, renamed };
        let spilling = Spilling::new(&whole, Budget::blocks_of(block, PLENTY));
        let at_once = Embedded::new(&whole.0);
        if !reports.is_empty() {
            let counts = counted_pairs(&spilling, &plan).unwrap();
            prop_assert_eq!(&counts, &counted_pairs(&at_once, &plan).unwrap());
            let sample = counts.sample();
            prop_assert_eq!(
                spilling.pair_control_totals(&plan, &sample).unwrap(),
                at_once.pair_control_totals(&plan, &sample).unwrap()
            );
        }
    }
}

#[test]
fn more_pairs_than_the_memory_holds_are_one_error() {
    let reports: Vec<Report> = (0..7).map(|id| (vec![(id, 1)], vec![0, 1, 2])).collect();
    let whole = InMemory(Corpus::of_ids(&reports, 7, &TERMS));
    let budget = Budget::blocks_of(2, Memory::of_bytes(1_000));
    let plan = PairPlan { roles: 1, renamed: Vec::new() };
    let error = Spilling::new(&whole, budget).count_pairs(&plan).unwrap_err();
    assert!(matches!(error, CountError::Memory { .. }), "{error}");
}

#[test]
fn runs_longer_than_a_buffer_are_merged_whole() {
    let pair = |at: u32, n| crate::count::PairCount { substance: at / 50, term: at % 50, n };
    let mut runs = Runs::new().unwrap();
    let even: Vec<_> = (0..20_000).map(|at| pair(at * 2, 1)).collect();
    let third: Vec<_> = (0..10_000).map(|at| pair(at * 3, 2)).collect();
    [&even, &third, &Vec::new()].into_iter().for_each(|run| runs.push(run).unwrap());
    let merged = runs.merged(Budget::blocks_of(1, PLENTY).most_pairs()).unwrap();
    let expected = (0..40_000_u32).filter_map(|at| {
        let n = u32::from(at % 2 == 0) + 2 * u32::from(at % 3 == 0 && at < 30_000);
        (n > 0).then(|| pair(at, n))
    });
    assert_eq!(merged, expected.collect::<Vec<_>>());
}
