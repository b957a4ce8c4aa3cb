//! Every method on the same eligible reports; what is set aside is no exposure for any of them.

use std::collections::BTreeMap;

use iatro_signals::attribution::{Attribution, AttributionSettings, Group, Regression};
use iatro_signals::corpus::Corpus;
use iatro_signals::count::{Embedded, PairCounts, PairPlan, counted, counted_pairs};
use iatro_signals::run::{Estimates, Prepared, RunError};
use iatro_stats::Table2x2;
use iatro_stats::gamma_poisson::{FitOptions, Pair, Prior, fit, score};

use crate::method::{Method, Verdict};

/// A substance with its 2 x 2 table.
#[derive(Clone, Debug)]
pub struct Crude {
    /// Its name, as reports list it.
    pub name: String,
    /// The table and what is computed from it alone.
    pub estimates: Estimates,
}

/// The tables of all substances on eligible reports.
///
/// # Errors
/// [`RunError`] if the control totals do not agree.
pub fn crude(corpus: &Corpus, prepared: &Prepared) -> Result<Vec<Crude>, RunError> {
    let counts = counted(&Embedded::new(corpus), &prepared.plan)?;
    let rows = corpus.substances().iter().zip(&counts.cells).filter(|(_, cell)| cell.exposed > 0);
    let row =
        |(substance, cell): (&iatro_signals::corpus::Substance, &iatro_signals::count::Cell)| {
            let table =
                Table2x2::from_margins(cell.cases, cell.exposed, cell.all_cases, cell.reports)
                    .ok()?;
            Some(Crude { name: substance.name.clone(), estimates: Estimates::of(&table) })
        };
    Ok(rows.filter_map(row).collect())
}

/// EB05 of every substance with a case, by name; `None` if no prior could be fitted. The prior is fitted
/// to every pair of a substance and a preferred term.
///
/// # Errors
/// [`RunError`] if the control totals do not agree.
pub fn shrunk(
    corpus: &Corpus,
    prepared: &Prepared,
    crude: &[Crude],
) -> Result<Option<BTreeMap<String, f64>>, RunError> {
    let plan = PairPlan { roles: prepared.plan.roles, renamed: Vec::new() };
    let counts = counted_pairs(&Embedded::new(corpus), &plan)?;
    let Some(prior) = prior(&counts) else { return Ok(None) };
    let eb05 = |signal: &Crude| {
        let expected = signal.estimates.expected.filter(|expected| *expected > 0.0)?;
        let scores = score(&prior, &[Pair { observed: signal.estimates.a, expected }]).ok()?;
        Some((signal.name.clone(), scores.first()?.eb05))
    };
    Ok(Some(crude.iter().filter(|signal| signal.estimates.a > 0).filter_map(eb05).collect()))
}

fn prior(counts: &PairCounts) -> Option<Prior> {
    let margin = |margins: &[u64], at: u32| margins.get(at as usize).copied().unwrap_or(0) as f64;
    let pair = |pair: &iatro_signals::count::PairCount| Pair {
        observed: u64::from(pair.n),
        expected: margin(&counts.substances, pair.substance) * margin(&counts.terms, pair.term)
            / counts.reports as f64,
    };
    let pairs: Vec<Pair> = counts.pairs.iter().map(pair).collect();
    let fitted = fit(&pairs, &FitOptions::default()).ok()?;
    fitted.best.converged.then(|| *fitted.prior())
}

/// Penalised regression of the same reports; `None` if no fit converged.
pub fn regression(
    corpus: &Corpus,
    prepared: &Prepared,
    settings: &AttributionSettings,
) -> Option<Regression> {
    Regression::fit(corpus, prepared, settings).ok()
}

/// What the methods of one table say of a substance.
pub fn verdicts_of_tables(
    signal: &Crude,
    eb05: Option<&BTreeMap<String, f64>>,
) -> BTreeMap<Method, Verdict> {
    let Crude { name, estimates } = signal;
    let above = |value: Option<f64>, limit: f64| value.is_some_and(|value| value > limit);
    let ror = Verdict::of(estimates.ror_lo, above(estimates.ror_lo, 1.0) && estimates.a >= 3);
    let eb05 = eb05.and_then(|known| known.get(name).copied());
    BTreeMap::from([
        (Method::Ror, ror),
        (Method::Ic, Verdict::of(estimates.ic025, above(estimates.ic025, 0.0))),
        (Method::Ebgm, Verdict::of(eb05, eb05.is_some_and(|limit| limit >= 2.0))),
    ])
}

/// What the regression says of a substance. One without a column has too few cases; it is left out like
/// one whose coefficient is 0.
pub fn lasso(regression: Option<&Regression>, name: &str) -> Verdict {
    let found = regression.and_then(|fit| fit.coefficient(name, Group::Substance)).unwrap_or(0.0);
    Verdict::of(Some(found), found > 0.0)
}

/// What the attribution says of a substance; of several given together, each is judged by what is said
/// of all. A member of a named pair is judged by the pair, if that has more. Without an interval it is not
/// called, and stands below those that have cases for certain.
pub fn attributed(attribution: &Attribution, name: &str, pairs: &[String]) -> Verdict {
    let own = attribution.cause(name, Group::Substance);
    let joint = pairs.iter().filter_map(|pair| attribution.cause(pair, Group::Interaction));
    let verdict = |row: &iatro_signals::attribution::AttributedCause| {
        let lower = row.attributed_interval.map_or(0.0, |(lower, _)| lower);
        Verdict { score: (lower, row.attributed.unwrap_or(0.0)), called: lower > 1.0 }
    };
    let all = own.into_iter().chain(joint).map(verdict);
    all.max_by(Verdict::order).unwrap_or_else(|| Verdict::of(None, false))
}
