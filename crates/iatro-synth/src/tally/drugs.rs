//! How many distinct drugs current cases name.

use crate::report::Report;
use crate::truth::DrugSpread;

/// The number of cases by their number of drugs.
#[derive(Debug, Default)]
pub(crate) struct DrugCounts {
    cases: Vec<u64>,
    seen: Vec<usize>,
}

impl DrugCounts {
    pub(super) fn add(&mut self, report: &Report, without_drug: bool) {
        self.seen.clear();
        if !without_drug {
            let given = report.drugs.iter().filter(|drug| drug.role != "DN");
            self.seen.extend(given.map(|drug| drug.substance));
            self.seen.sort_unstable();
            self.seen.dedup();
        }
        let drugs = self.seen.len();
        if self.cases.len() <= drugs {
            self.cases.resize(drugs + 1, 0);
        }
        self.cases[drugs] += 1;
    }

    pub(crate) fn spread(&self) -> DrugSpread {
        let all: u64 = self.cases.iter().sum();
        let numbered = || (0u64..).zip(&self.cases);
        let total: u64 = numbered().map(|(drugs, cases)| drugs * cases).sum();
        let mut passed = 0;
        let median = numbered().find(|(_, cases)| {
            passed += **cases;
            passed * 2 >= all
        });
        DrugSpread {
            total,
            mean: (total as f64 / all.max(1) as f64 * 1e6).round() / 1e6,
            median: median.map_or(0, |(drugs, _)| drugs),
            most: numbered().map(|(drugs, _)| drugs).last().unwrap_or(0),
        }
    }
}
