//! The methods compared, and what each says of a substance.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// A method.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Method {
    /// Reporting odds ratio.
    Ror,
    /// Information component.
    Ic,
    /// Empirical Bayes geometric mean.
    Ebgm,
    /// Logistic regression with an L1 penalty.
    Lasso,
    /// The attribution model, as it is by default.
    Attribution,
    /// The same with the interacting pair named.
    PairNamed,
    /// The same where reports of a cluster of duplicates share one weight.
    Weighed,
}

impl Method {
    /// The methods that every sample is given to, in the order of the tables.
    pub const COMPARED: [Self; 5] =
        [Self::Ror, Self::Ic, Self::Ebgm, Self::Lasso, Self::Attribution];
    /// All, with the options of the attribution that some scenarios ask for.
    pub const ALL: [Self; 7] = [
        Self::Ror,
        Self::Ic,
        Self::Ebgm,
        Self::Lasso,
        Self::Attribution,
        Self::PairNamed,
        Self::Weighed,
    ];

    /// Its name in tables and figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ror => "ROR",
            Self::Ic => "IC",
            Self::Ebgm => "EBGM",
            Self::Lasso => "L1 regression",
            Self::Attribution => "attribution",
            Self::PairNamed => "attribution, pair named",
            Self::Weighed => "attribution, duplicates weighed",
        }
    }

    /// By what it ranks substances, and which it calls.
    pub fn rule(self) -> (&'static str, &'static str) {
        match self {
            Self::Ror => ("lower limit of the ROR (Wald 95 %)", "lower limit > 1 and n ≥ 3"),
            Self::Ic => ("IC025 (exact gamma 95 %)", "IC025 > 0"),
            Self::Ebgm => ("EB05 (prior fitted to every pair)", "EB05 ≥ 2"),
            Self::Lasso => ("coefficient", "coefficient > 0"),
            Self::Attribution | Self::PairNamed | Self::Weighed => {
                ("lower limit of the attributed cases (95 %), then their mean", "lower limit > 1")
            }
        }
    }
}

/// What a method says of a substance.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Verdict {
    /// What it is ranked by, then what ties are broken by.
    pub score: (f64, f64),
    /// Whether the method calls it.
    pub called: bool,
}

impl Verdict {
    /// A verdict with a score of one number; what has no score stands last and is not called.
    pub fn of(score: Option<f64>, called: bool) -> Self {
        let known = score.filter(|score| !score.is_nan());
        Self { score: (known.unwrap_or(f64::MIN), 0.0), called: called && known.is_some() }
    }

    /// The order of the ranking, highest last.
    pub fn order(&self, other: &Self) -> Ordering {
        self.score.0.total_cmp(&other.score.0).then(self.score.1.total_cmp(&other.score.1))
    }
}
