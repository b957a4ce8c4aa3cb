//! What tables for people show of an estimate, of a substance and of a pair alike.

use iatro_signals::run::{Estimates, FittedPrior, Shrinkage, Signal, Test};

use crate::answer::{Cell, Kind};
use crate::output::table;

/// The columns of the estimates.
pub(super) const ESTIMATES: [(&str, Kind); 7] = [
    ("expected", Kind::Number),
    ("ROR (Wald 95 %)", Kind::Number),
    ("PRR", Kind::Number),
    ("chi2 Yates", Kind::Number),
    ("IC (exact gamma 95 %)", Kind::Number),
    ("EBGM (EB05 to EB95)", Kind::Number),
    ("q (mid-P)", Kind::Number),
];

/// The estimates, a cell a column of [`ESTIMATES`].
pub(super) fn estimate_cells(e: &Estimates, shrunk: &Shrinkage, test: &Test) -> [Cell; 7] {
    [
        e.expected.into(),
        interval(e.ror, e.ror_lo, e.ror_hi),
        e.prr.into(),
        e.chi2_yates.into(),
        interval(e.ic, e.ic025, e.ic975),
        interval(shrunk.ebgm, shrunk.eb05, shrunk.eb95),
        test.q.into(),
    ]
}

pub(super) fn interval(point: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Cell {
    let Some(point) = point else { return Cell::Missing };
    let point = table::significant(point);
    Cell::Text(match lower.zip(upper) {
        Some((lower, upper)) => {
            format!("{point} ({} to {})", table::significant(lower), table::significant(upper))
        }
        None => format!("{point} (–)"),
    })
}

/// Where EBGM comes from, or why there is none.
pub(super) fn prior_text(prior: Option<&FittedPrior>, named_comparator: bool) -> String {
    let Some(prior) = prior else {
        let why = if named_comparator {
            "against a named comparator no prior is fitted"
        } else {
            "no fit of its prior converged (`iatro stats mgps` shows how far each went)"
        };
        return format!("EBGM is not given: {why}.");
    };
    let FittedPrior { alpha1, beta1, alpha2, beta2, p, .. } = *prior;
    let numbers = [alpha1, beta1, alpha2, beta2, p].map(table::significant).join(", ");
    let remark = match prior.location {
        "interior" => "",
        _ => "; at a bound or flat: the data ask for a simpler prior",
    };
    format!(
        "EBGM: prior fitted to {} pairs of the same reports (alpha1, beta1, alpha2, beta2, p: \
         {numbers}{remark}).",
        table::thousands(prior.pairs)
    )
}

/// What the study says of a substance.
pub(super) fn mark(signal: &Signal) -> Option<&'static str> {
    match (signal.therapy, signal.listed_agent) {
        (true, true) => Some("listed agent; therapy of the event"),
        (true, false) => Some("therapy of the event"),
        (false, true) => Some("listed agent"),
        (false, false) => None,
    }
}
