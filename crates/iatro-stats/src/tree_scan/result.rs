//! The answer of a scan.

use super::counts::whole;

/// What a scan says about one node.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeResult {
    /// Name of the node.
    pub node: String,
    /// Cases in the node and below it.
    pub cases: u64,
    /// Controls in the node and below it; `None` in the Poisson model.
    pub controls: Option<u64>,
    /// Cases expected without an excess: the expected count given, n p, or the total of cases times
    /// the share of the node in all expected counts or reports.
    pub expected: f64,
    /// Cases beyond the expected ones; negative for a deficit.
    pub excess: f64,
    /// Relative reporting ratio, cases / expected; `None` where nothing is expected.
    pub ratio: Option<f64>,
    /// Log likelihood ratio of an excess, 0 or above; `None` if the node was not evaluated.
    pub llr: Option<f64>,
    /// p adjusted for the search over all evaluated nodes: (1 + replicates whose largest ratio is
    /// at least this one) / (1 + replicates); `None` if the node was not evaluated.
    pub p: Option<f64>,
    /// 1 + number of nodes with a larger ratio, so nodes with the same ratio (a group and its only
    /// term with reports) share a rank and the next one is skipped; `None` if not evaluated.
    pub rank: Option<usize>,
}

/// What a scan says.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanResult {
    /// Every node of the hierarchy, by rank; the same rank by name; nodes not evaluated last, by
    /// name.
    pub nodes: Vec<NodeResult>,
    /// The largest ratio of each replicate, descending.
    pub maxima: Vec<f64>,
    /// Cases in all.
    pub cases: u64,
    /// Cases expected in all.
    pub expected: f64,
}

impl ScanResult {
    /// Returns the ratio that a node has to exceed for p <= `alpha`; `None` if no ratio gives so
    /// small a p with this number of replicates, or if any ratio does (`alpha` from 1 on).
    #[must_use]
    pub fn critical_value(&self, alpha: f64) -> Option<f64> {
        // Below the value, 1 + as_large must not exceed alpha (replicates + 1). The small share
        // keeps 0.05 x 1000 at 50.
        let allowed = (alpha * (self.maxima.len() + 1) as f64 * (1.0 + 1e-12)).floor();
        let place = (allowed >= 1.0).then(|| whole(allowed) - 1)?;
        self.maxima.get(usize::try_from(place).ok()?).copied()
    }
}

/// Ratios that differ by less than this share of themselves are the same: expected counts that are
/// equal as numbers differ in their last digit when they are sums in a different order.
const SAME: f64 = 1e-9;

/// The least ratio that counts as no smaller than `llr`.
pub(super) fn as_large_as(llr: f64) -> f64 {
    llr * (1.0 - SAME)
}

/// Nodes sorted and given their ranks.
pub(super) fn ranked(mut nodes: Vec<NodeResult>) -> Vec<NodeResult> {
    let key = |node: &NodeResult| node.llr.unwrap_or(f64::NEG_INFINITY);
    nodes.sort_by(|a, b| key(b).total_cmp(&key(a)));
    let mut last: Option<(f64, usize)> = None;
    for (place, node) in (1..).zip(&mut nodes) {
        let Some(llr) = node.llr else { break };
        let same = last.filter(|&(first, _)| llr >= as_large_as(first));
        let (first, rank) = same.unwrap_or((llr, place));
        node.rank = Some(rank);
        last = Some((first, rank));
    }
    let place = |node: &NodeResult| node.rank.unwrap_or(usize::MAX);
    nodes.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.node.cmp(&b.node)));
    nodes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn node(name: &str, llr: Option<f64>) -> NodeResult {
        NodeResult {
            node: name.to_owned(),
            cases: 0,
            controls: None,
            expected: 0.0,
            excess: 0.0,
            ratio: None,
            llr,
            p: None,
            rank: None,
        }
    }

    #[test]
    fn ties_share_a_rank_and_stand_by_name() {
        let llr = [Some(1.0), Some(3.0), None, Some(3.0), Some(0.0), Some(0.0)];
        let nodes = ["a", "b", "c", "d", "e", "f"].into_iter().zip(llr);
        let ranked = ranked(nodes.map(|(name, llr)| node(name, llr)).collect());
        let got: Vec<_> = ranked.iter().map(|n| (n.node.as_str(), n.rank)).collect();
        let expected = [("b", Some(1)), ("d", Some(1)), ("a", Some(3)), ("e", Some(4))];
        assert_eq!(got[..4], expected);
        assert_eq!(got[4..], [("f", Some(4)), ("c", None)]);
    }

    /// 19 replicates: p <= 0.05 takes a ratio above all of them, p <= 0.1 above all but one.
    #[test]
    fn critical_values() {
        let maxima = (0..19).rev().map(f64::from).collect();
        let result = ScanResult { nodes: Vec::new(), maxima, cases: 0, expected: 0.0 };
        assert_eq!(result.critical_value(0.05), Some(18.0));
        assert_eq!(result.critical_value(0.1), Some(17.0));
        assert_eq!(result.critical_value(0.95), Some(0.0));
        for alpha in [0.049, 1.0, 2.0, f64::INFINITY, f64::NAN, -1.0] {
            assert_eq!(result.critical_value(alpha), None, "{alpha}");
        }
    }
}
