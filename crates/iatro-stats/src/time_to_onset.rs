//! Time to onset: how long after the start of a drug its event begins, among reported cases.
//!
//! What lives here: onsets as intervals of days, with right truncation ([`Onset`]); Weibull and
//! log-normal fits by maximum likelihood under both ([`weibull`], [`log_normal`]) and the reading of
//! the Weibull shape ([`ShapeReading`]); the sample median with its distribution-free interval
//! ([`sample_summary`]); Turnbull's estimate and probability plots ([`turnbull`],
//! [`probability_plot`]); comparison with other drugs or events ([`kolmogorov_smirnov`],
//! [`anderson_darling`], [`permutation_test`], [`onset_signal`]). [`describe`] gives all of it for
//! one group of cases.
//!
//! Every number is of reported cases. None of it says how many who take a drug have the event, nor
//! that the drug brought it about; the log-rank test and censored follow-up are in
//! [`survival`](crate::survival).

mod anderson_darling;
mod describe;
mod distribution;
mod fit;
mod kolmogorov_smirnov;
mod likelihood;
mod limits;
mod npmle;
mod onset;
mod permutation;
mod plot;
mod pooled;
mod profile;
mod reading;
mod sample_summary;
mod signal;
mod standard;

pub use anderson_darling::{AndersonDarling, InterpolatedP, anderson_darling};
pub use describe::{Description, describe};
pub use distribution::{Distribution, Family};
pub use fit::{
    FitError, FitSummary, LogNormalFit, WeibullFit, log_normal, log_normal_weighted, weibull,
    weibull_weighted,
};
pub use kolmogorov_smirnov::{EXACT_UP_TO, KolmogorovSmirnov, kolmogorov_smirnov};
pub use limits::Limit;
pub use npmle::{Turnbull, TurnbullStep, turnbull};
pub use onset::{ColumnError, MAX_DAYS, Onset, OnsetError};
pub use permutation::{PermutationTest, permutation_test};
pub use plot::{PlotBasis, PlotPoint, ProbabilityPlot, probability_plot};
pub use pooled::ComparisonError;
pub use profile::{Parameter, ProfileInterval};
pub use reading::{MINIMUM_CASES, ShapeReading, read_shape};
pub use sample_summary::{MedianInterval, SampleSummary, ValueError, sample_summary};
pub use signal::{Comparison, OnsetSignal, SignalError, compare, onset_signal};
