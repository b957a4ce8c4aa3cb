//! The scan.

use std::ops::Range;

use super::counts::{BernoulliRow, Counts, PoissonRow, whole};
use super::likelihood::{BernoulliNull, Likelihood, Model, PoissonNull};
use super::replicates::Null;
use super::result::{NodeResult, ScanResult, as_large_as, ranked};
use super::{ScanError, Tree};
use crate::special::{in_range, probability};

/// What a scan looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOptions {
    /// Names of nodes that are not evaluated, neither in the data nor in the replicates. Their
    /// reports still count in their ancestors and in the totals.
    pub excluded: Vec<String>,
    /// Nodes with fewer cases are not evaluated, neither in the data nor in the replicates; 2 unless
    /// stated, as one case makes no cluster.
    pub minimum_cases: u64,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { excluded: Vec::new(), minimum_cases: 2 }
    }
}

/// Counts on a hierarchy, ready to be scanned.
#[derive(Debug, Clone)]
pub struct TreeScan {
    names: Vec<String>,
    counts: Counts,
    likelihood: Likelihood,
    null: Null,
    /// Not excluded.
    included: Vec<bool>,
    minimum_cases: u64,
}

impl TreeScan {
    /// Prepares a scan of cases among reports.
    ///
    /// With c cases among the n reports of a branch, C among N in all:
    /// ```text
    /// probability p      LLR = c ln(c / (n p)) + (n - c) ln((n - c) / (n (1 - p)))
    /// given the total    LLR = c ln(c / n) + (n - c) ln((n - c) / n)
    ///                        + (C - c) ln((C - c) / (N - n)) + (N - n - C + c) ln((N - n - C + c) / (N - n))
    ///                        - C ln(C / N) - (N - C) ln((N - C) / N)
    /// ```
    /// and 0 unless c is above its expected value, n p or n C / N. Source: Kulldorff et al. 2003,
    /// Biometrics 59:323-331.
    ///
    /// Memory: one bit a report while replicates run. Time of a replicate: in proportion to the
    /// number of cases times the length of their branches.
    ///
    /// # Errors
    /// [`ScanError`]: a row without a node, an unknown node, more than 2,147,483,647 reports in all,
    /// a probability out of range, an unknown excluded node.
    pub fn bernoulli(
        tree: &Tree,
        rows: &[BernoulliRow<'_>],
        null: BernoulliNull,
        options: &ScanOptions,
    ) -> Result<Self, ScanError> {
        if let BernoulliNull::Probability(p) = null {
            probability("TreeScan::bernoulli", "probability", p)?;
        }
        Self::new(tree, Counts::bernoulli(tree, rows)?, Model::Bernoulli(null), options)
    }

    /// Prepares a scan of cases against expected counts.
    ///
    /// With c cases in a branch, n expected, C cases and N expected in all:
    /// ```text
    /// expected counts    LLR = c ln(c / n) - (c - n)
    /// given the total    LLR = c ln(c / E) + (C - c) ln((C - c) / (C - E)),  E = C n / N
    /// ```
    /// and 0 unless c is above n or E. Source: Kulldorff et al. 2003, Biometrics 59:323-331.
    ///
    /// # Errors
    /// [`ScanError`]: a row without a node, an unknown node, an expected count that is negative or
    /// not finite, a node with cases where none is expected, more than 2,147,483,647 cases or
    /// expected in all, an unknown excluded node.
    pub fn poisson(
        tree: &Tree,
        rows: &[PoissonRow<'_>],
        null: PoissonNull,
        options: &ScanOptions,
    ) -> Result<Self, ScanError> {
        Self::new(tree, Counts::poisson(tree, rows)?, Model::Poisson(null), options)
    }

    fn new(
        tree: &Tree,
        counts: Counts,
        model: Model,
        options: &ScanOptions,
    ) -> Result<Self, ScanError> {
        let mut included = vec![true; tree.len()];
        for name in &options.excluded {
            let unknown = || ScanError::UnknownExcluded { node: name.clone() };
            included[tree.find(name).ok_or_else(unknown)?] = false;
        }
        let likelihood =
            Likelihood { model, cases: counts.all_cases as f64, base: counts.all_base };
        let null = Null::new(likelihood, &counts, &included, options.minimum_cases);
        let (names, minimum_cases) = (tree.names().to_vec(), options.minimum_cases);
        Ok(Self { names, counts, likelihood, null, included, minimum_cases })
    }

    /// Scans the hierarchy, with `replicates` Monte Carlo replicates (1 or more; 999 and 9,999 make
    /// p values round numbers) from `seed`.
    ///
    /// # Errors
    /// [`ScanError::Domain`] if `replicates` is 0.
    pub fn run(&self, replicates: u32, seed: u64) -> Result<ScanResult, ScanError> {
        let value = f64::from(replicates);
        in_range(replicates > 0, "TreeScan::run", "replicates", value, "1 or more (999, 9,999)")?;
        Ok(self.result(self.maxima(0..replicates, seed)))
    }

    /// Returns the largest log likelihood ratio under no excess of each replicate in `range`.
    ///
    /// A replicate has a stream of random numbers of its own, so a range may be split among threads:
    /// the parts, put together, are what one call gives.
    #[must_use]
    pub fn maxima(&self, range: Range<u32>, seed: u64) -> Vec<f64> {
        self.null.maxima(range, seed)
    }

    /// Returns the answer of the scan, given the largest ratios of replicates ([`TreeScan::maxima`])
    /// in any order. Without replicates every p is 1.
    #[must_use]
    pub fn result(&self, mut maxima: Vec<f64>) -> ScanResult {
        maxima.sort_unstable_by(|a, b| b.total_cmp(a));
        let nodes = (0..self.names.len()).map(|node| self.node(node, &maxima)).collect();
        ScanResult {
            nodes: ranked(nodes),
            maxima,
            cases: self.counts.all_cases,
            expected: self.likelihood.expected(self.counts.all_base),
        }
    }

    fn node(&self, node: usize, maxima: &[f64]) -> NodeResult {
        let (cases, base) = (self.counts.cases[node], self.counts.base[node]);
        let expected = self.likelihood.expected(base);
        let observed = cases as f64;
        let evaluated = self.included[node] && cases >= self.minimum_cases;
        let llr = evaluated.then(|| self.likelihood.ratio(observed, base));
        let as_large = |llr: f64| maxima.partition_point(|&maximum| maximum >= as_large_as(llr));
        NodeResult {
            node: self.names[node].clone(),
            cases,
            controls: match self.likelihood.model {
                Model::Bernoulli(_) => Some(whole(base) - cases),
                Model::Poisson(_) => None,
            },
            expected,
            excess: observed - expected,
            ratio: Some(observed / expected).filter(|ratio| ratio.is_finite()),
            llr,
            p: llr.map(|llr| (1 + as_large(llr)) as f64 / (1 + maxima.len()) as f64),
            rank: None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn tree() -> Tree {
        Tree::parse("all,\nA,all\nB,all\na1,A\na2,A\nb1,B\nc,A\nc,B\n").unwrap()
    }

    fn row<'a>(nodes: &'a [&'a str], cases: u64, controls: u64) -> BernoulliRow<'a> {
        BernoulliRow { nodes, cases, controls }
    }

    fn scan(rows: &[BernoulliRow<'_>], options: &ScanOptions) -> ScanResult {
        let scan = TreeScan::bernoulli(&tree(), rows, BernoulliNull::Total, options).unwrap();
        scan.run(99, 1).unwrap()
    }

    fn find<'a>(result: &'a ScanResult, name: &str) -> &'a NodeResult {
        result.nodes.iter().find(|node| node.node == name).unwrap()
    }

    /// `c` stands under A and B, the report of `a1` and `b1` in both: each once in `all`.
    #[test]
    fn a_report_counts_once_in_each_ancestor() {
        let rows = [row(&["a1"], 4, 3), row(&["c"], 3, 5), row(&["a1", "b1"], 2, 0)];
        let result = scan(&rows, &ScanOptions::default());
        let counts = |name| (find(&result, name).cases, find(&result, name).controls.unwrap());
        assert_eq!(counts("all"), (9, 8));
        assert_eq!((counts("A"), counts("B")), ((9, 8), (5, 5)));
        assert_eq!((counts("a1"), counts("b1"), counts("a2")), ((6, 3), (2, 0), (0, 0)));
    }

    /// Three terms of 0.1 expected, and one of 0.3: a sum that is not 0.3 to the last digit.
    #[test]
    fn equal_nodes_are_equal_however_their_sums_are_rounded() {
        let row = |nodes, cases, expected| PoissonRow { nodes, cases, expected };
        let rows: [PoissonRow<'_>; 4] = [
            row(&["a1"], 1, 0.1),
            row(&["a2"], 1, 0.1),
            row(&["c2"], 1, 0.1),
            row(&["b1"], 3, 0.3),
        ];
        let tree = Tree::parse("all,\nA,all\nB,all\na1,A\na2,A\nc2,A\nb1,B\n").unwrap();
        let options = ScanOptions::default();
        let scan = TreeScan::poisson(&tree, &rows, PoissonNull::Expected, &options).unwrap();
        let result = scan.run(999, 1).unwrap();
        let ranks: Vec<_> = result.nodes.iter().map(|n| (n.node.as_str(), n.rank)).collect();
        assert_eq!(ranks[..4], [("all", Some(1)), ("A", Some(2)), ("B", Some(2)), ("b1", Some(2))]);
        assert_eq!(find(&result, "A").p, find(&result, "b1").p);
    }

    /// No infinity where next to nothing is expected.
    #[test]
    fn tiny_expected_counts_give_numbers() {
        let tree = tree();
        let options = ScanOptions { minimum_cases: 1, ..Default::default() };
        let finite = |result: &ScanResult| {
            let numbers = result.nodes.iter().flat_map(|n| [n.llr, n.ratio]).flatten();
            assert!(numbers.chain(result.maxima.iter().copied()).all(f64::is_finite), "{result:?}");
        };
        for expected in [5e-324, 1e-310, 1e-300] {
            let row = |nodes, cases, expected| PoissonRow { nodes, cases, expected };
            let rows: [PoissonRow<'_>; 2] = [row(&["a1"], 1, expected), row(&["b1"], 3, 0.3)];
            for null in [PoissonNull::Expected, PoissonNull::Total] {
                let scan = TreeScan::poisson(&tree, &rows, null, &options).unwrap();
                finite(&scan.run(19, 1).unwrap());
            }
            let null = BernoulliNull::Probability(expected);
            let rows = [BernoulliRow { nodes: &["a1"], cases: 3, controls: 4 }];
            finite(&TreeScan::bernoulli(&tree, &rows, null, &options).unwrap().run(19, 1).unwrap());
        }
    }

    /// Reports may stand at an inner node.
    #[test]
    fn inner_nodes_have_reports_of_their_own() {
        let result = scan(&[row(&["A"], 4, 1), row(&["a1"], 3, 2)], &ScanOptions::default());
        assert_eq!((find(&result, "A").cases, find(&result, "a1").cases), (7, 3));
    }

    #[test]
    fn what_is_not_evaluated_has_no_ratio_and_no_rank() {
        let rows = [row(&["a1"], 9, 3), row(&["a2"], 1, 5), row(&["b1"], 2, 90)];
        let options = ScanOptions { excluded: vec!["a1".to_owned()], minimum_cases: 2 };
        let result = scan(&rows, &options);
        for name in ["a1", "a2", "c"] {
            let node = find(&result, name);
            assert_eq!((node.llr, node.p, node.rank), (None, None, None), "{name}");
        }
        assert_eq!(find(&result, "A").rank, Some(1));
        assert_eq!((find(&result, "a1").cases, find(&result, "A").cases), (9, 10));
        // In the replicates neither.
        let all = scan(&rows, &ScanOptions::default());
        assert!(result.maxima.iter().zip(&all.maxima).all(|(few, many)| few <= many));
        assert!(result.maxima != all.maxima);
    }

    #[test]
    fn the_whole_hierarchy_given_its_total_shows_nothing() {
        let result = scan(&[row(&["a1"], 9, 3), row(&["b1"], 2, 9)], &ScanOptions::default());
        let all = find(&result, "all");
        assert_eq!((all.llr, all.p, all.expected, all.excess), (Some(0.0), Some(1.0), 11.0, 0.0));
    }

    #[test]
    fn no_reports_at_all_show_nothing() {
        let null = [PoissonNull::Expected, PoissonNull::Total];
        for null in null {
            let scan = TreeScan::poisson(
                &tree(),
                &[],
                null,
                &ScanOptions { minimum_cases: 0, ..Default::default() },
            );
            let result = scan.unwrap().run(9, 1).unwrap();
            assert!(result.nodes.iter().all(|node| node.p == Some(1.0) && node.ratio.is_none()));
        }
        assert_eq!(scan(&[], &ScanOptions::default()).maxima, [0.0; 99]);
    }

    #[test]
    fn bad_counts_are_refused() {
        let tree = tree();
        let options = ScanOptions::default();
        let bernoulli = |rows: &[BernoulliRow<'_>], null| {
            TreeScan::bernoulli(&tree, rows, null, &options).unwrap_err().to_string()
        };
        let total = BernoulliNull::Total;
        assert!(bernoulli(&[row(&[], 1, 1)], total).starts_with("row 0: no node;"));
        let unknown = bernoulli(&[row(&["c"], 1, 1), row(&["d"], 1, 1)], total);
        assert!(unknown.starts_with("row 1: \"d\" is not a node of the hierarchy;"), "{unknown}");
        let many = bernoulli(&[row(&["c"], u64::MAX, u64::MAX)], total);
        assert!(many.starts_with("the number of reports is 3689"), "{many}");
        for p in [0.0, 1.0, f64::NAN] {
            let error = bernoulli(&[], BernoulliNull::Probability(p));
            assert!(error.starts_with("TreeScan::bernoulli: probability is "), "{error}");
        }
        let poisson = |cases, expected| {
            let rows = [PoissonRow { nodes: &["c"], cases, expected }];
            TreeScan::poisson(&tree, &rows, PoissonNull::Total, &options).unwrap_err().to_string()
        };
        assert!(poisson(1, -1.0).starts_with("row 0: expected is -1;"));
        assert!(poisson(1, f64::NAN).starts_with("row 0: expected is NaN;"));
        assert!(poisson(2, 0.0).starts_with("\"A\" has 2 case(s) but its expected count is 0;"));
        assert!(poisson(2, 1e10).starts_with("the sum of expected counts is 10000000000;"));
        let excluded = ScanOptions { excluded: vec!["d".to_owned()], minimum_cases: 2 };
        assert!(TreeScan::bernoulli(&tree, &[], total, &excluded).is_err());
        let scan = TreeScan::bernoulli(&tree, &[], total, &options).unwrap();
        assert!(scan.run(0, 1).unwrap_err().to_string().contains("replicates is 0"));
    }
}
