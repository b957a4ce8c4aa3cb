//! Attribution of reports among the possible causes that stand on them.

mod error;
mod options;
mod reports;
mod result;

pub use error::AttributionError;
pub use options::Options;
pub use reports::{Cause, Edge, Event, Reports, Stratum};
pub use result::{
    BackgroundPosterior, CausePosterior, EventPosterior, GroupPosterior, Inseparable, Mode,
    ModeBackground, ModeGroup, Posterior, Summary,
};

/// One chain: kept draws and running means.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    number: usize,
}

/// The mode of the posterior.
///
/// # Errors
/// [`AttributionError`].
pub fn mode(reports: &Reports, options: &Options) -> Result<Mode, AttributionError> {
    let _ = reports;
    options.check()?;
    Err(AttributionError::NoEvent)
}

/// One chain, number `number`.
///
/// # Errors
/// [`AttributionError`].
pub fn chain(
    reports: &Reports,
    options: &Options,
    number: usize,
) -> Result<Chain, AttributionError> {
    let _ = reports;
    options.check()?;
    Err(AttributionError::ForeignChain { number })
}

/// Pools chains.
///
/// # Errors
/// [`AttributionError`].
pub fn pool(
    reports: &Reports,
    options: &Options,
    chains: Vec<Chain>,
) -> Result<Posterior, AttributionError> {
    let _ = (reports, options);
    Err(AttributionError::ForeignChain { number: chains.first().map_or(0, |c| c.number) })
}

/// All chains one after another, pooled.
///
/// # Errors
/// [`AttributionError`].
pub fn posterior(reports: &Reports, options: &Options) -> Result<Posterior, AttributionError> {
    let chains =
        (0..options.chains).map(|i| chain(reports, options, i)).collect::<Result<_, _>>()?;
    pool(reports, options, chains)
}

/// Who takes the cases of `cause` that it loses: expected cases of each other cause (`None`: the
/// background) on its event reports, largest first.
#[must_use]
pub fn competitors(
    posterior: &Posterior,
    reports: &Reports,
    cause: usize,
) -> Vec<(Option<usize>, f64)> {
    let mut sums = std::collections::BTreeMap::new();
    for (event, shares) in reports.events().iter().zip(&posterior.events) {
        if !event.edges.iter().any(|edge| edge.cause == cause) {
            continue;
        }
        *sums.entry(None).or_insert(0.0) += event.weight * shares.background;
        for (edge, share) in event.edges.iter().zip(&shares.edges) {
            if edge.cause != cause {
                *sums.entry(Some(edge.cause)).or_insert(0.0) += event.weight * share;
            }
        }
    }
    let mut competitors: Vec<_> = sums.into_iter().collect();
    competitors.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    competitors
}
