//! Regression on sparse report data, propensity scores, the E-value.
//!
//! A report names a handful of thousands of substances; the outcome is rare. The table of reports by
//! substances is a [`DesignMatrix`] in compressed sparse columns, and with an outcome it is
//! [`LogisticData`]. From there:
//!
//! | question | function |
//! |----------|----------|
//! | which substances go with the event, all others in the model | [`regularisation_path`], then [`cross_validate`] or [`information_criterion`] |
//! | one penalised fit | [`penalised_logistic`] |
//! | estimates and Wald intervals on few columns | [`maximum_likelihood`] |
//! | an interval that holds in sparse data | [`profile_interval`] |
//! | reports with an exposure against comparable ones | [`propensity`] |
//! | how strong unmeasured confounding would have to be | [`e_value`] |
//!
//! A coefficient is a log odds ratio **of reporting** per unit of its column, given the other columns.
//! An infinite estimate (separation) is said to be one; it is never a large number.
//!
//! ```
//! use iatro_stats::regression::{
//!     DesignMatrix, FitOptions, Lambdas, LogisticData, Penalty, regularisation_path,
//! };
//!
//! // Six reports naming substances 0, 1 and 2; the event is in the first, second and fifth.
//! let reports: [&[u32]; 6] = [&[0, 1], &[0], &[1, 2], &[2], &[0, 2], &[0, 1, 2]];
//! let design = DesignMatrix::from_reports(3, reports)?;
//! let data = LogisticData::new(&design, &[true, true, false, false, true, false])?;
//!
//! let lambdas = Lambdas::Geometric { count: 20, ratio: 0.1 };
//! let path = regularisation_path(&data, &Penalty::lasso(), &lambdas, &FitOptions::default())?;
//! assert!(path.fits[0].coefficients.is_empty());
//! // Substance 0 enters first, and with a positive coefficient.
//! assert_eq!(path.fits[1].coefficients[0].0, 0);
//! assert!(path.fits[1].coefficient(0) > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bernoulli;
mod classes;
mod cross_validation;
mod data;
mod design;
mod e_value;
mod error;
mod information_criterion;
mod maximum_likelihood;
mod newton;
mod path;
mod penalty;
mod profile;
pub mod propensity;
mod proximal_newton;
mod quadratic;
mod working_set;

pub use cross_validation::{CrossValidation, cross_validate, cross_validate_folds};
pub use data::LogisticData;
pub use design::DesignMatrix;
pub use e_value::{EValue, e_value, e_value_of_estimate};
pub use error::RegressionError;
pub use information_criterion::{
    CriterionLikelihood, InformationCriterion, information_criterion, smallest_criterion,
};
pub use maximum_likelihood::{MaximumLikelihood, Separation, maximum_likelihood};
pub use path::{
    FitOptions, Lambdas, PenalisedFit, RegularisationPath, penalised_logistic, regularisation_path,
};
pub use penalty::{Penalty, lambda_of_laplace_variance, laplace_variance, normal_variance};
pub use profile::{Nuisance, ProfileInterval, profile_interval};
