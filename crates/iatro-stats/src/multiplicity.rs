//! Many tests: false discovery rates, and calibration against controls.
//!
//! A database screens hundreds of thousands of pairs; at a level of 0.05 for each, one in twenty of the
//! pairs without any association stands out. What lives here:
//!
//! | question | functions |
//! |----------|-----------|
//! | p-values adjusted for their number | [`bonferroni`], [`holm`], [`benjamini_hochberg`], [`benjamini_yekutieli`] |
//! | share of pairs without association, q-values | [`pi0_at`], [`pi0_bootstrap`], [`pi0_smoother`], [`q_values`] |
//! | from the probability of each pair to a list | [`fdr_of_lists`], [`list_at_fdr`] |
//! | that probability from z-values | [`local_fdr`] |
//! | systematic error learnt from controls | [`EmpiricalNull`], [`SystematicErrorModel`], [`leave_one_out`] |
//!
//! Which one: with p-values from tests of few reports, [`benjamini_yekutieli`] holds its level whatever
//! the dependence between pairs and [`benjamini_hochberg`] under positive dependence; with the posterior
//! of the gamma-Poisson model, the probability that the ratio is 1 or below is a local false discovery
//! rate, and [`list_at_fdr`] makes the list.
//!
//! **p-values of counts are discrete.** An exact test of 3 reports has few attainable p-values, larger
//! than a uniform variable under no association. Adjusted p-values stay valid and lose power; estimates
//! of the share without association ([`pi0_bootstrap`] and the others), which read that share off the
//! density of large p-values, come out too high, often at 1, and q-values with them. Of p-values piled
//! up at exactly 1 they say nothing at all. They are for p-values that are near to continuous.
//!
//! An empty list of p-values gives an empty list. The order of the input does not matter: equal p-values
//! get equal answers.
//!
//! ```
//! use iatro_stats::multiplicity::{benjamini_hochberg, list_at_fdr};
//!
//! let q = benjamini_hochberg(&[0.01, 0.02, 0.03, 0.5])?;
//! assert!((q[0] - 0.04).abs() < 1e-15 && (q[3] - 0.5).abs() < 1e-15);
//!
//! // Posterior probabilities that a pair's ratio is 1 or below: 2 pairs form a list whose share of
//! // false discoveries is expected to be (0.01 + 0.04) / 2 = 0.025.
//! let list = list_at_fdr(&[0.30, 0.01, 0.90, 0.04], 0.05)?;
//! assert_eq!(list.members, [1, 3]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod adjust;
mod empirical_null;
mod error;
mod leave_one_out;
mod local_fdr;
mod log_estimate;
mod pi0;
mod q_value;
mod smoothing_spline;
mod systematic_error;
mod z_values;

pub use adjust::{benjamini_hochberg, benjamini_yekutieli, bonferroni, holm};
pub use empirical_null::EmpiricalNull;
pub use error::MultiplicityError;
pub use leave_one_out::{LeaveOneOut, leave_one_out};
pub use local_fdr::{FdrList, OperatingCharacteristics, fdr_of_lists, list_at_fdr};
pub use log_estimate::{LogEstimate, Side};
pub use pi0::{pi0_at, pi0_bootstrap, pi0_smoother};
pub use q_value::q_values;
pub use systematic_error::{Deviation, SystematicErrorModel};
pub use z_values::{LocalFdr, Null, local_fdr};
