//! The prior that maximises the likelihood of all pairs.

use super::climbs::Climbs;
use super::likelihood::Data;
use super::nodes::at_nodes;
use super::options::{FitError, FitOptions, Squashing};
use super::pair::{self, Pair};
use super::prior::Prior;
use super::squash::squashed;

/// The result of [`fit`].
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The optimum to use: that with the highest likelihood; but if the first starting point leads to
    /// a proper maximum ([`Location::Interior`]) whose ln L is less than 1.92 lower (half the 95 %
    /// point of chi-squared), so that the data do not tell the two apart, that of the first starting
    /// point.
    pub best: Optimum,
    /// The other optima, from the highest likelihood to the lowest; the first may be higher than
    /// `best`, by less than 1.92.
    pub others: Vec<Optimum>,
    /// What became of each starting point, in the order of the options.
    pub starts: Vec<StartReport>,
    /// The data to which all this refers.
    pub data: FittedOn,
    /// Pairs that took part: those from the truncation point on.
    pub pairs: u64,
    /// Points they make: distinct (observed, expected), or bins.
    pub points: usize,
}

impl Fit {
    /// The best prior.
    #[must_use]
    pub fn prior(&self) -> &Prior {
        &self.best.prior
    }

    /// All optima: the best, then the others.
    pub fn optima(&self) -> impl Iterator<Item = &Optimum> {
        std::iter::once(&self.best).chain(&self.others)
    }
}

/// A maximum of the likelihood, the highest or another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    /// Where it is; the component with the larger mean first ([`Prior::ordered`]).
    pub prior: Prior,
    /// ln L there.
    pub log_likelihood: f64,
    /// How many starting points led to it.
    pub starts: usize,
    /// Inside or at a limit.
    pub location: Location,
    /// False only if no climb converged: then this is the highest point that was reached.
    pub converged: bool,
    /// Length of the gradient of ln L in ln alpha1, ln beta1, ln alpha2, ln beta2 and logit p,
    /// without unknowns held by a bound.
    pub gradient_norm: f64,
    /// Standard errors from the observed information; `None` unless `location` is
    /// [`Location::Interior`].
    pub standard_errors: Option<StandardErrors>,
}

/// What kind of maximum it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// A proper maximum: all five numbers inside their bounds, the observed information positive
    /// definite.
    Interior,
    /// A number stands at its bound: shapes and rates 1e-5 and 1e4, p 1e-6 and 1 - 1e-6. The data ask
    /// for a simpler prior (one component, or one without spread); the number itself means nothing.
    Boundary,
    /// Inside the bounds, but the observed information is not positive definite: some change of the
    /// numbers leaves the likelihood as it is, or (a saddle, to which two equal components lead) a
    /// long one raises it.
    Flat,
}

/// Standard errors of the five numbers of a prior.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardErrors {
    /// Of alpha1.
    pub alpha1: f64,
    /// Of beta1.
    pub beta1: f64,
    /// Of alpha2.
    pub alpha2: f64,
    /// Of beta2.
    pub beta2: f64,
    /// Of p.
    pub p: f64,
}

/// What became of a starting point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartReport {
    /// Where it started.
    pub start: Prior,
    /// Steps taken, on squashed data if the starts were.
    pub steps: u32,
    /// Whether it converged within the steps allowed.
    pub converged: bool,
    /// ln L where it ended, on the data on which it climbed.
    pub log_likelihood: f64,
    /// Index in [`Fit::optima`] of the optimum it led to; `None` if it did not converge (or if it is
    /// not the best where none did).
    pub optimum: Option<usize>,
}

/// The data to which likelihood and optima refer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FittedOn {
    /// All pairs.
    Full,
    /// All pairs; the starts climbed on squashed data first.
    FullAfterSquashedStarts,
    /// Squashed data only: an approximation, and possibly another optimum.
    Squashed,
}

/// Returns the prior that maximises the likelihood of `pairs`, with every other optimum that the
/// starting points lead to.
///
/// The likelihood is [`FitOptions::likelihood`]; pairs below its truncation point take no part. It
/// is climbed in ln alpha1, ln beta1, ln alpha2, ln beta2 and logit p by Newton's method with
/// analytic gradient and Hessian, inside wide bounds ([`Location::Boundary`]), until a step promises
/// to raise ln L by less than 1e-10, or 20 steps together raised it by less than 0.001. The likelihood of a mixture has several maxima as a rule, and a
/// published fit need not be at the highest. Of optima that the data do not tell apart the one that the
/// first starting point leads to is `best` ([`Fit::best`] has the rule): by default the starting point of
/// DuMouchel 1999, from which other packages start too, so that numbers compare. Look at
/// [`Fit::others`].
///
/// The pairs are ordered and equal ones joined first: the result does not depend on the order of the
/// rows. Standard errors come from the inverse of minus the Hessian, by the delta method.
///
/// # Errors
/// [`FitError`] if an expected count or an option is out of range, or if no pair takes part.
pub fn fit(pairs: &[Pair], options: &FitOptions) -> Result<Fit, FitError> {
    pair::check(pairs)?;
    options.check()?;
    let (likelihood, minimum) = (options.likelihood, options.likelihood.minimum());
    let mut points = pair::aggregated(pairs);
    points.retain(|point| point.observed >= minimum);
    if points.is_empty() {
        return Err(FitError::NoPairs { rows: pairs.len(), minimum });
    }
    let fit = match options.squashing {
        Squashing::Never => on_all(&Data::new(likelihood, points), options),
        Squashing::Only(o) => {
            let data = Data::new(likelihood, squashed(&points, &o));
            Climbs::from_starts(&data, options).fit(&data, FittedOn::Squashed)
        }
        Squashing::Starts(o) => {
            let data = Data::new(likelihood, squashed(&points, &o));
            let halves = |data: &Data| data.len() * 2 <= points.len();
            if halves(&data) {
                let between = Some(Data::of(likelihood, at_nodes(&points))).filter(halves);
                let full = Data::new(likelihood, points);
                from_squashed(&data, between.as_ref(), &full, options)
            } else {
                on_all(&Data::new(likelihood, points), options)
            }
        }
    };
    fit.ok_or(FitError::NoStarts)
}

/// Climbs from the starts over all pairs.
fn on_all(full: &Data, options: &FitOptions) -> Option<Fit> {
    Climbs::from_starts(full, options).fit(full, FittedOn::Full)
}

/// Climbs from the starts on squashed data, goes on over the nodes of the pairs, and to the end over all pairs.
fn from_squashed(
    data: &Data,
    between: Option<&Data>,
    full: &Data,
    options: &FitOptions,
) -> Option<Fit> {
    let mut climbs = Climbs::from_starts(data, options);
    if let Some(between) = between {
        climbs = climbs.nearer(between, full, options);
    }
    let fit = climbs.polished(full, options).fit(full, FittedOn::FullAfterSquashedStarts);
    // Squashed data may lead to a place from which the full data lead nowhere.
    let lost = fit.as_ref().is_some_and(|fit| !fit.best.converged);
    if lost { on_all(full, options) } else { fit }
}
