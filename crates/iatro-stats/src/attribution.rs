//! Attribution of reports among the possible causes that stand on them: an additive hazard
//! (noisy-OR) over causes and a stratified background.
//!
//! ```text
//! P(event report) = 1 - exp(-h),   h = b + sum of g lambda over the causes on the report
//! ```
//!
//! b, the background, is mu times a theta for each stratifying level. A cause is active or null
//! (nearly without effect); how often, and how strong active ones are, is learned by group. Reports
//! without the event enter as counts, event reports one by one. [`mode`] climbs to the mode,
//! [`chain`] runs one chain of a Gibbs sampler, [`pool`] joins chains; what has not converged gets no
//! interval; [`combination`] asks them of a report that need not be there. It is attribution of reporting under a stated model, which
//! `docs/methods/attribution.md` states. Source: Pearl 1988, Probabilistic Reasoning in Intelligent
//! Systems, chapter 4 (noisy-OR).
//!
//! ```
//! use iatro_stats::attribution::{Cause, Edge, Event, Options, Reports, Stratum, posterior};
//!
//! let on = |causes: &[usize]| Event {
//!     stratum: 0,
//!     weight: 1.0,
//!     edges: causes.iter().map(|&cause| Edge { cause, factor: 1.0 }).collect(),
//! };
//! // 12 event reports name cause 0, 8 of them cause 1 too; 5 name neither.
//! let events = [vec![on(&[0, 1]); 8], vec![on(&[0]); 4], vec![on(&[]); 5]].concat();
//! let causes = vec![Cause { group: 0, exposed: 400.0 }, Cause { group: 0, exposed: 900.0 }];
//! let strata = vec![Stratum { levels: vec![], reports: 50_000.0 }];
//! let reports = Reports::new(1, causes, vec![], strata, events)?;
//!
//! let posterior = posterior(&reports, &Options::default())?;
//! let [culprit, bystander] = [posterior.causes[0], posterior.causes[1]];
//! assert!(culprit.attributed > 9.0 && bystander.attributed < 2.0);
//! # Ok::<(), iatro_stats::attribution::AttributionError>(())
//! ```

mod allocate;
mod background;
mod chain;
mod combination;
mod competitors;
mod component;
mod diagnostics;
mod draw;
mod error;
mod jump;
mod layout;
mod mode;
mod options;
mod overlap;
mod pool;
mod prior;
mod reports;
mod result;
mod state;

pub use chain::{Chain, chain};
pub use combination::{CombinationPosterior, combination};
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
