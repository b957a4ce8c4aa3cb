//! Counts on a hierarchy, added up to every ancestor.

use super::{ScanError, Tree};

/// Reports of one kind for the Bernoulli model: cases and controls.
///
/// Cases are the reports of interest (exposed, or with the event), controls all others. `nodes`
/// says where the reports stand: usually one node, inner nodes included. Reports that stand under
/// several nodes at once (two terms on the same report) give them all, and count once in each
/// common ancestor. Several rows may name the same nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BernoulliRow<'a> {
    /// Names of the nodes; at least one.
    pub nodes: &'a [&'a str],
    /// Cases.
    pub cases: u64,
    /// Controls.
    pub controls: u64,
}

/// Reports of one kind for the Poisson model: cases and the count expected; nodes as in
/// [`BernoulliRow`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoissonRow<'a> {
    /// Names of the nodes; at least one.
    pub nodes: &'a [&'a str],
    /// Cases.
    pub cases: u64,
    /// Count expected, finite, 0 or above; above 0 wherever there are cases.
    pub expected: f64,
}

/// More than this cannot be drawn in one replicate.
const LIMIT: f64 = u32::MAX as f64 / 2.0;

/// Rows that count in the same nodes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Profile {
    /// The nodes and all their ancestors, ascending.
    pub(super) nodes: Vec<usize>,
    pub(super) cases: u64,
    /// Expected count, or reports.
    pub(super) base: f64,
}

/// All profiles in a fixed order, and the sums by node.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    pub(super) profiles: Vec<Profile>,
    pub(super) cases: Vec<u64>,
    pub(super) base: Vec<f64>,
    pub(super) all_cases: u64,
    pub(super) all_base: f64,
}

impl Counts {
    pub(super) fn bernoulli(tree: &Tree, rows: &[BernoulliRow<'_>]) -> Result<Self, ScanError> {
        let profile = |(row, content): (usize, &BernoulliRow<'_>)| {
            let nodes = nodes(tree, row, content.nodes)?;
            let base = content.cases as f64 + content.controls as f64;
            Ok(Profile { nodes, cases: content.cases, base })
        };
        Self::new(tree, rows.iter().enumerate().map(profile), "the number of reports")
    }

    pub(super) fn poisson(tree: &Tree, rows: &[PoissonRow<'_>]) -> Result<Self, ScanError> {
        let profile = |(row, content): (usize, &PoissonRow<'_>)| {
            let value = content.expected;
            if !value.is_finite() || value < 0.0 {
                return Err(ScanError::Expected { row, value });
            }
            // Adding 0 turns -0 into 0.
            let nodes = nodes(tree, row, content.nodes)?;
            Ok(Profile { nodes, cases: content.cases, base: value + 0.0 })
        };
        let counts =
            Self::new(tree, rows.iter().enumerate().map(profile), "the sum of expected counts")?;
        let nothing = |&node: &usize| counts.cases[node] > 0 && counts.base[node] <= 0.0;
        match (0..tree.len()).find(nothing) {
            Some(node) => Err(ScanError::NothingExpected {
                node: tree.names()[node].clone(),
                cases: counts.cases[node],
            }),
            None => Ok(counts),
        }
    }

    fn new(
        tree: &Tree,
        profiles: impl Iterator<Item = Result<Profile, ScanError>>,
        what: &'static str,
    ) -> Result<Self, ScanError> {
        let profiles = joined(profiles.collect::<Result<_, _>>()?);
        let total = profiles.iter().map(|profile| profile.base).sum::<f64>();
        let cases = profiles.iter().map(|profile| profile.cases as f64).sum::<f64>();
        for (what, total) in [(what, total), ("the number of cases", cases)] {
            if total > LIMIT {
                return Err(ScanError::TooMany { what, total });
            }
        }
        let mut counts = Self {
            cases: vec![0; tree.len()],
            base: vec![0.0; tree.len()],
            all_cases: profiles.iter().map(|profile| profile.cases).sum(),
            all_base: total,
            profiles,
        };
        for profile in &counts.profiles {
            for &node in &profile.nodes {
                counts.cases[node] += profile.cases;
                counts.base[node] += profile.base;
            }
        }
        Ok(counts)
    }
}

/// Numbers of the named nodes and of all their ancestors.
fn nodes(tree: &Tree, row: usize, names: &[&str]) -> Result<Vec<usize>, ScanError> {
    if names.is_empty() {
        return Err(ScanError::NoNodes { row });
    }
    let find = |name: &&str| {
        tree.find(name).ok_or_else(|| ScanError::UnknownNode { row, node: (*name).to_owned() })
    };
    let own: Vec<usize> = names.iter().map(find).collect::<Result<_, _>>()?;
    Ok(tree.with_ancestors(&own))
}

/// Profiles of the same nodes made one, sorted: the order of the rows no longer shows, not even in
/// the last digit of a sum.
fn joined(mut profiles: Vec<Profile>) -> Vec<Profile> {
    profiles.sort_by(|a, b| {
        a.nodes.cmp(&b.nodes).then(a.base.total_cmp(&b.base)).then(a.cases.cmp(&b.cases))
    });
    profiles.dedup_by(|next, kept| {
        let same = next.nodes == kept.nodes;
        if same {
            kept.cases = kept.cases.saturating_add(next.cases);
            kept.base += next.base;
        }
        same
    });
    profiles
}

/// A count held as an f64.
#[expect(clippy::cast_sign_loss, reason = "counts are 0 or above, and whole numbers below 2^53")]
pub(super) fn whole(count: f64) -> u64 {
    count as u64
}
