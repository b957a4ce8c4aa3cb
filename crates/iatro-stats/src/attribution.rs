//! Attribution of reports among the possible causes that stand on them: an additive hazard
//! (noisy-OR) over causes and a stratified background.

mod allocate;
mod background;
mod chain;
mod competitors;
mod component;
mod diagnostics;
mod draw;
mod error;
mod jump;
mod layout;
mod mode;
mod options;
mod pool;
mod prior;
mod reports;
mod result;
mod state;

pub use chain::{Chain, chain};
pub use competitors::competitors;
pub use error::AttributionError;
pub use mode::mode;
pub use options::Options;
pub use pool::pool;
pub use reports::{Cause, Edge, Event, Reports, Stratum};
pub use result::{
    BackgroundPosterior, CausePosterior, EventPosterior, GroupPosterior, Inseparable, Mode,
    ModeBackground, ModeGroup, Posterior, Summary,
};

/// All chains one after another, pooled. Where there are cores to spare, run [`chain`] for every
/// number on one each, then [`pool`]: the result is the same.
///
/// # Errors
/// [`AttributionError`] if an option is out of its range.
pub fn posterior(reports: &Reports, options: &Options) -> Result<Posterior, AttributionError> {
    options.check()?;
    let chains = (0..options.chains).map(|number| chain(reports, options, number));
    pool(reports, options, chains.collect::<Result<_, _>>()?)
}
