//! To whom a cause loses its cases.

use std::collections::BTreeMap;

use super::reports::Reports;
use super::result::Posterior;

/// Returns, of the event reports that name `cause`, the expected (weighted) cases that go to each
/// other cause on them, `None` being the background, largest first. Empty if no event report names it.
#[must_use]
pub fn competitors(
    posterior: &Posterior,
    reports: &Reports,
    cause: usize,
) -> Vec<(Option<usize>, f64)> {
    let mut sums: BTreeMap<Option<usize>, f64> = BTreeMap::new();
    for (event, shares) in reports.events().iter().zip(&posterior.events) {
        if !event.edges.iter().any(|edge| edge.cause == cause) {
            continue;
        }
        *sums.entry(None).or_default() += event.weight * shares.background;
        for (edge, share) in event.edges.iter().zip(&shares.edges) {
            if edge.cause != cause {
                *sums.entry(Some(edge.cause)).or_default() += event.weight * share;
            }
        }
    }
    let mut competitors: Vec<_> = sums.into_iter().collect();
    competitors.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    competitors
}
