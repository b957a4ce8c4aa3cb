//! Many looks: sequential tests of accumulating reports, and the series they run on.
//!
//! A quantity looked at every quarter is tested every quarter. A limit that holds for one look (IC025
//! above 0, a lower limit of the ROR above 1, chi-squared of 4 or more) is reached by chance far more
//! often over many looks: with [`poisson_llr`] held against 1.3528, which one look exceeds with
//! probability 0.05, a pair reported exactly as expected signals within the first 10 expected reports
//! with probability 0.29 when it is looked at continuously. The tests here are the cure: the limit is
//! set so that the probability of *ever* reaching it, over all the looks planned, is `alpha`.
//!
//! | data | plan | looks | critical value |
//! |------|------|-------|----------------|
//! | observed against expected | [`PoissonPlan`] | continuous, or a list of them | exact |
//! | exposed against matched comparator | [`BinomialPlan`] | after every event, or a list | exact |
//!
//! Both are maximised sequential probability ratio tests: the statistic at a look is the log likelihood
//! ratio of the best ratio above 1 to ratio 1 ([`poisson_llr`], [`binomial_llr`]), and the surveillance
//! signals as soon as it reaches the critical value. No simulation takes part: the probability of a
//! signal is summed over the paths of the count of events, step by step. Source: Kulldorff et al. 2011,
//! Sequential Anal 30:58-78.
//!
//! What the exactness does not cover: the expected count of a Poisson plan is taken as known. Where it
//! is estimated from few reports the probability of a false signal is larger than `alpha` (Li and
//! Kulldorff 2010, Stat Med 29:284-295). Reports are not a Poisson process either: they arrive in
//! batches, late, duplicated and stimulated by publicity. A signal is a signal of disproportionate
//! reporting and no more.
//!
//! ```
//! use iatro_stats::sequential::{PoissonPlan, poisson_llr};
//!
//! // Looked at continuously until 10 reports are expected, one report enough to signal.
//! let plan = PoissonPlan::continuous(10.0, 1)?;
//! let critical = plan.critical_value(0.05)?;
//! assert!((critical.value - 3.467952).abs() < 5e-7);
//!
//! // If reports arrive at twice the expected rate:
//! let twice = plan.performance(critical.value, 2.0)?;
//! assert!((twice.power - 0.6850634).abs() < 5e-8);
//!
//! // Today: 9 reports where 3.1 were expected.
//! assert!(poisson_llr(9, 3.1)? >= critical.value);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod binomial;
mod critical;
mod crossing;
mod error;
mod llr;
mod performance;
mod poisson;
mod series;
mod walk;

pub use binomial::BinomialPlan;
pub use critical::CriticalValue;
pub use error::SequentialError;
pub use llr::{binomial_llr, poisson_llr};
pub use performance::Performance;
pub use poisson::PoissonPlan;
pub use series::{
    CumulativeCount, CumulativeTable, cumulative_counts, cumulative_tables, first_crossing,
};
