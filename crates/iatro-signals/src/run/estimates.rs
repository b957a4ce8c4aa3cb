//! The estimates of one 2 x 2 table, as every run gives them.

use iatro_stats::disproportionality::{
    chi2_pearson, chi2_yates, ic, ic_noren2013, log_likelihood_ratio, prr, prr_point, ror,
    ror_conditional, ror_point, rrr,
};
use iatro_stats::{Estimate, Table2x2};
use serde::Serialize;

/// The cells of a table and its estimates. An estimate that is not defined for the table is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimates {
    /// Reports with substance and event.
    pub a: u64,
    /// Reports with the substance, without the event.
    pub b: u64,
    /// Reports with the event, without the substance.
    pub c: u64,
    /// Reports with neither.
    pub d: u64,
    /// Expected a, `(a+b)(a+c)/n`.
    pub expected: Option<f64>,
    /// ROR, point.
    pub ror: Option<f64>,
    /// ROR, lower Wald 95 % limit.
    pub ror_lo: Option<f64>,
    /// ROR, upper Wald 95 % limit.
    pub ror_hi: Option<f64>,
    /// PRR, point.
    pub prr: Option<f64>,
    /// PRR, lower 95 % limit.
    pub prr_lo: Option<f64>,
    /// PRR, upper 95 % limit.
    pub prr_hi: Option<f64>,
    /// Chi-squared with the correction of Yates.
    pub chi2_yates: Option<f64>,
    /// IC, point.
    pub ic: Option<f64>,
    /// IC, lower exact gamma 95 % limit.
    pub ic025: Option<f64>,
    /// IC, upper exact gamma 95 % limit.
    pub ic975: Option<f64>,
}

impl Estimates {
    /// Computes the estimates of a table.
    pub fn of(table: &Table2x2) -> Self {
        let ror_interval = ror(table);
        let prr_interval = prr(table);
        let ic = ic(table);
        Self {
            a: table.a(),
            b: table.b(),
            c: table.c(),
            d: table.d(),
            expected: table.expected(),
            ror: ror_point(table),
            ror_lo: lower(ror_interval),
            ror_hi: upper(ror_interval),
            prr: prr_point(table),
            prr_lo: lower(prr_interval),
            prr_hi: upper(prr_interval),
            chi2_yates: chi2_yates(table),
            ic: ic.map(|e| e.point),
            ic025: lower(ic),
            ic975: upper(ic),
        }
    }
}

/// Estimates that a run over every pair gives beside [`Estimates`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FurtherEstimates {
    /// Relative reporting ratio, a / expected.
    pub rrr: Option<f64>,
    /// ROR by conditional maximum likelihood, point.
    pub ror_conditional: Option<f64>,
    /// The same, lower exact 95 % limit.
    pub ror_conditional_lo: Option<f64>,
    /// The same, upper exact 95 % limit; `None` where there is no upper limit.
    pub ror_conditional_hi: Option<f64>,
    /// Chi-squared of Pearson.
    pub chi2: Option<f64>,
    /// Log likelihood ratio; 0 where fewer cases were reported than expected.
    pub llr: Option<f64>,
    /// Fisher's exact test, one-sided: more cases than expected.
    pub fisher_p: Option<f64>,
    /// IC, lower 95 % limit by the approximation of Noren 2013.
    pub ic_noren025: Option<f64>,
    /// IC, upper 95 % limit by the approximation of Noren 2013.
    pub ic_noren975: Option<f64>,
}

impl FurtherEstimates {
    /// Computes the estimates of a table whose one-sided p of Fisher's exact test is known.
    pub fn of(table: &Table2x2, fisher_p: Option<f64>) -> Self {
        let conditional = ror_conditional(table);
        let noren = ic_noren2013(table);
        Self {
            rrr: rrr(table),
            ror_conditional: conditional.and_then(|ror| ror.point),
            ror_conditional_lo: conditional.and_then(|ror| ror.lower),
            ror_conditional_hi: conditional.and_then(|ror| ror.upper),
            chi2: chi2_pearson(table),
            llr: log_likelihood_ratio(table),
            fisher_p,
            ic_noren025: lower(noren),
            ic_noren975: upper(noren),
        }
    }
}

fn lower(estimate: Option<Estimate>) -> Option<f64> {
    estimate.map(|e| e.lower)
}

fn upper(estimate: Option<Estimate>) -> Option<f64> {
    estimate.map(|e| e.upper)
}
