//! The same reports seen by penalised logistic regression, for comparison side by side.
//!
//! The columns are those that the attribution has: substances and triggers with at least
//! [`FEWEST_CASES`] cases, and the levels of age band, sex, period and region. Lambda is the one with the smallest
//! Bayesian information criterion.

use std::collections::BTreeMap;

use iatro_stats::regression::{
    CriterionLikelihood, DesignMatrix, FitOptions, Lambdas, LogisticData, Penalty, RegressionError,
    information_criterion, regularisation_path, smallest_criterion,
};
use serde::Serialize;

use super::possible::{Possible, PossibleCauses, Scan};
use super::{AttributionSettings, Group};
use crate::corpus::Corpus;
use crate::run::{Prepared, RunError};

/// The fewest cases with which a substance or trigger gets a column.
const FEWEST_CASES: usize = 3;

/// A coefficient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegressionFit {
    /// The substance or trigger.
    pub cause: String,
    /// Its kind.
    pub group: Group,
    /// Log odds ratio of reporting, given the other columns; 0 if the penalty leaves it out.
    pub coefficient: f64,
}

/// The fit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regression {
    /// The penalty.
    pub lambda: f64,
    /// Columns.
    pub columns: usize,
    /// Substances and triggers, largest coefficient first, then by name.
    pub fits: Vec<RegressionFit>,
}

impl Regression {
    /// Fits the reports that the attribution of the same settings divides, each with weight 1.
    ///
    /// # Errors
    /// [`RunError`] if the lake is damaged or no fit converges.
    pub fn fit(
        corpus: &Corpus,
        prepared: &Prepared,
        settings: &AttributionSettings,
    ) -> Result<Self, RunError> {
        let possible = PossibleCauses::read(corpus, prepared, settings)?;
        let columns = Columns::read(corpus, prepared, settings, &possible)?;
        columns
            .fit(&possible)
            .map_err(|error| no_fit(&error.to_string()))?
            .ok_or_else(|| no_fit("no penalty gives a fit of the regression"))
    }

    /// The coefficient of a substance; `None` if it has no column.
    pub fn coefficient(&self, cause: &str, group: Group) -> Option<f64> {
        let found = self.fits.iter().find(|fit| fit.group == group && fit.cause == cause);
        found.map(|fit| fit.coefficient)
    }
}

/// Reports as rows, what stands on them as columns.
struct Columns {
    causes: Vec<Possible>,
    /// By column, its rows; those of the strata's levels come last.
    rows: Vec<Vec<u32>>,
    outcome: Vec<bool>,
}

impl Columns {
    fn read(
        corpus: &Corpus,
        prepared: &Prepared,
        settings: &AttributionSettings,
        possible: &PossibleCauses,
    ) -> Result<Self, RunError> {
        let mut cases: BTreeMap<Possible, usize> = BTreeMap::new();
        for event in &possible.events {
            event.causes.iter().for_each(|cause| *cases.entry(*cause).or_default() += 1);
        }
        let causes: Vec<Possible> =
            cases.into_iter().filter(|(_, n)| *n >= FEWEST_CASES).map(|(cause, _)| cause).collect();
        let strata = &possible.strata;
        let offsets: Vec<usize> = strata
            .levels
            .iter()
            .scan(causes.len(), |next, levels| {
                let own = *next;
                *next += levels.len();
                Some(own)
            })
            .collect();
        let all = causes.len() + strata.levels.iter().map(Vec::len).sum::<usize>();
        let (mut rows, mut outcome) = (vec![Vec::new(); all], Vec::new());
        Scan::new(corpus, prepared, settings)?.each(&mut |report, is_case, _| {
            let row = u32::try_from(outcome.len()).unwrap_or(u32::MAX);
            outcome.push(is_case);
            for cause in &report.causes {
                if let Ok(column) = causes.binary_search(cause) {
                    rows[column].push(row);
                }
            }
            let cell = &strata.cells[strata.of[report.place] as usize];
            cell.iter().zip(&offsets).for_each(|(level, offset)| rows[offset + level].push(row));
        });
        Ok(Self { causes, rows, outcome })
    }

    /// `None` if there is no fit to choose from.
    fn fit(self, possible: &PossibleCauses) -> Result<Option<Regression>, RegressionError> {
        let mut design = DesignMatrix::new(self.outcome.len())?;
        for rows in self.rows {
            design.push_binary(rows)?;
        }
        let data = LogisticData::new(&design, &self.outcome)?;
        let lambdas = Lambdas::Geometric { count: 40, ratio: 0.01 };
        let path = regularisation_path(&data, &Penalty::lasso(), &lambdas, &FitOptions::default())?;
        let criteria = information_criterion(&data, &path, CriterionLikelihood::Penalised, 0.0)?;
        let best = smallest_criterion(&criteria).and_then(|at| path.fits.get(at));
        let Some(best) = best else { return Ok(None) };
        let fit = |(column, cause): (usize, &Possible)| RegressionFit {
            cause: possible
                .position(*cause)
                .map_or_else(String::new, |at| possible.names[at].clone()),
            group: cause.group(),
            coefficient: best.coefficient(column),
        };
        let mut fits: Vec<RegressionFit> = self.causes.iter().enumerate().map(fit).collect();
        fits.sort_by(|x, y| {
            let by_name = (x.group, &x.cause).cmp(&(y.group, &y.cause));
            y.coefficient.total_cmp(&x.coefficient).then(by_name)
        });
        Ok(Some(Regression { lambda: best.lambda, columns: design.columns(), fits }))
    }
}

fn no_fit(why: &str) -> RunError {
    RunError::question(why.to_owned(), "The comparison with regression is left out.")
}
