//! The gamma-Poisson shrinker (MGPS): a prior for the relative reporting ratios of all drug-event
//! pairs, its fit, and the posterior of one pair, with EBGM, EB05 and EB95.
//!
//! N, the number of reports of a pair, is Poisson with mean lambda E, E being the expected count;
//! lambda, the relative reporting ratio, comes from a mixture of two gamma distributions ([`Prior`]).
//! The prior is estimated from all pairs ([`fit`]); the posterior of a pair ([`Posterior`]) pulls
//! N / E towards what is usual, the more the smaller E is. Sources: DuMouchel 1999, Am Stat
//! 53:177-190; DuMouchel and Pregibon 2001, KDD '01:67-76.
//!
//! EBGM, EB05 and EB95 describe reporting. Expected counts may be stratified; a [`Pair`] takes them as
//! they are.
//!
//! ```
//! use iatro_stats::gamma_poisson::{FitOptions, Pair, fit, score};
//!
//! # let table = [
//! #     (1, 1.4), (1, 1.6), (1, 5.0), (2, 1.6), (2, 3.0), (2, 3.2), (2, 4.0), (2, 4.5), (2, 5.9),
//! #     (2, 9.0), (3, 1.5), (3, 4.4), (3, 5.4), (3, 8.3), (4, 3.3), (4, 6.2), (4, 6.9), (4, 12.0),
//! #     (4, 12.0), (5, 10.0), (5, 19.0), (6, 3.7), (6, 7.0), (7, 0.43), (7, 9.5), (8, 2.7), (9, 3.1),
//! #     (9, 8.0), (9, 30.0), (11, 2.0), (11, 2.0), (13, 2.5), (14, 1.1), (18, 9.0), (20, 2.0),
//! #     (21, 1.6), (21, 2.9), (22, 11.0), (22, 14.0), (29, 2.2), (37, 3.4), (48, 11.0), (49, 6.2),
//! #     (51, 6.6), (73, 3.5), (80, 5.7), (83, 5.5), (112, 6.3), (141, 19.0), (242, 22.0),
//! #     (258, 23.0), (299, 20.0),
//! # ];
//! // (N, E) of every pair with a report; here 52.
//! let pairs = table.map(|(observed, expected)| Pair { observed, expected });
//! let fit = fit(&pairs, &FitOptions::default())?;
//! assert!(fit.best.converged);
//! // The likelihood may have several maxima; all that the starting points led to are there.
//! assert!(fit.optima().any(|optimum| (optimum.prior.alpha1() - 5.72141).abs() < 1e-5));
//! assert!(fit.others.iter().all(|o| o.log_likelihood - fit.best.log_likelihood < 1.92));
//!
//! let scores = score(fit.prior(), &pairs)?;
//! let last = scores.last().ok_or("no pair")?; // N 299, E 20
//! assert!(last.eb05 < last.ebgm && last.ebgm < last.eb95);
//! assert!(last.ebgm < 299.0 / 20.0);
//!
//! // One pair, any quantile, and the probability that it is reported no more often than expected.
//! let posterior = fit.prior().posterior(&Pair { observed: 7, expected: 0.43 })?;
//! assert!(posterior.quantile(0.025)? > 2.0);
//! assert!(posterior.probability_below(1.0)? < 0.01);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bulk;
mod climb;
mod climbs;
mod fit;
mod likelihood;
mod mixture_quantile;
mod negative_binomial;
mod nodes;
mod options;
mod pair;
mod panel;
mod posterior;
mod prior;
mod squash;
mod tail;

pub use bulk::{QuantileError, Score, quantiles, score};
pub use fit::{Fit, FittedOn, Location, Optimum, StandardErrors, StartReport, fit};
pub use likelihood::Likelihood;
pub use options::{DEFAULT_STARTS, FitError, FitOptions, Squashing};
pub use pair::{Pair, PairError, WeightedPair};
pub use posterior::Posterior;
pub use prior::Prior;
pub use squash::{SquashError, SquashOptions, squash};
