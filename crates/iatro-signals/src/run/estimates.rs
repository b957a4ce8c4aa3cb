//! The estimates of one 2 x 2 table, as every run gives them.

use iatro_stats::disproportionality::{chi2_yates, ic, prr, prr_point, ror, ror_point};
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
        let lower = |estimate: Option<Estimate>| estimate.map(|e| e.lower);
        let upper = |estimate: Option<Estimate>| estimate.map(|e| e.upper);
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
