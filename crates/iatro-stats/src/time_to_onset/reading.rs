//! What the Weibull shape says about the hazard.

use super::fit::WeibullFit;

/// Fewest cases with a dated onset for which the shape is read.
///
/// In simulated samples with a constant hazard (true shape 1, dates with and without the day), the 95
/// % profile interval misses the 1 in about 7.5 % of samples of 10 cases, 6 % of 20, 5.7 % of 50. Of 5
/// cases it is 10 %, of 3 15 %, nearly all of them read as wear-out.
pub const MINIMUM_CASES: f64 = 10.0;

/// The reading of a Weibull shape by its 95 % profile likelihood interval.
///
/// | reading | rule | hazard of onset after the start |
/// |---|---|---|
/// | early failure | upper limit < 1 | falls |
/// | constant | the interval holds 1 | not shown to change |
/// | wear-out | lower limit > 1 | rises |
/// | not assessable | no fit, or fewer than [`MINIMUM_CASES`] dated onsets | |
///
/// A missing limit bounds nothing: without an upper limit the shape is never read as early failure.
/// "Constant" is not evidence of constancy: a wide interval holds 1 whatever the truth. In
/// spontaneous reports without truncation a falling hazard may be an artefact of reporting alone.
/// Source: Cornelius et al. 2012, Drug Saf 35:599-610 and Sauzet et al. 2013, Drug Saf 36:995-1006
/// (a shape that differs from 1); the three names are those of reliability analysis, in use for
/// reports of the Japanese database JADER (early failure, random failure, wear-out failure).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShapeReading {
    /// The hazard falls.
    EarlyFailure,
    /// The hazard is not shown to change ("random failure").
    Constant,
    /// The hazard rises.
    WearOut,
    /// No fit, or too few cases.
    NotAssessable,
}

impl ShapeReading {
    /// The name to print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EarlyFailure => "early failure",
            Self::Constant => "constant (random failure)",
            Self::WearOut => "wear-out",
            Self::NotAssessable => "not assessable",
        }
    }
}

/// Reads the shape of a fit; the rule is that of [`ShapeReading`].
#[must_use]
pub fn read_shape(fit: &WeibullFit) -> ShapeReading {
    let interval = fit.shape.profile;
    if fit.summary.onsets < MINIMUM_CASES {
        ShapeReading::NotAssessable
    } else if interval.upper.is_some_and(|upper| upper < 1.0) {
        ShapeReading::EarlyFailure
    } else if interval.lower.is_some_and(|lower| lower > 1.0) {
        ShapeReading::WearOut
    } else {
        ShapeReading::Constant
    }
}
