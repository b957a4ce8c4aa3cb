//! An attribution as rows: a row a cause, or a row a cause of every event report.

use super::Shown;
use crate::answer::{Cell, Kind, Rows};

const CAUSES: [(&str, Kind); 12] = [
    ("cause", Kind::Text),
    ("group", Kind::Text),
    ("n", Kind::Number),
    ("exposed", Kind::Number),
    ("lambda", Kind::Number),
    ("lambda_lo", Kind::Number),
    ("lambda_hi", Kind::Number),
    ("attributed", Kind::Number),
    ("attributed_lo", Kind::Number),
    ("attributed_hi", Kind::Number),
    ("fraction", Kind::Number),
    ("run_id", Kind::Text),
];

const CASES: [(&str, Kind); 8] = [
    ("report", Kind::Text),
    ("case", Kind::Text),
    ("period", Kind::Text),
    ("line", Kind::Count),
    ("cause", Kind::Text),
    ("group", Kind::Text),
    ("probability", Kind::Number),
    ("run_id", Kind::Text),
];

/// What stands on event reports, then the background. What is given with others has no estimate of its
/// own; the set has a row.
pub(super) fn of_causes(shown: &Shown<'_>) -> Rows {
    let mut rows = Rows::new(&CAUSES);
    for row in shown.causes() {
        let (lambda_lo, lambda_hi) = limits(row.lambda_interval);
        let (attributed_lo, attributed_hi) = limits(row.attributed_interval);
        rows.push(vec![
            row.cause.as_str().into(),
            row.group.name().into(),
            row.n.into(),
            row.exposed.into(),
            row.lambda.into(),
            lambda_lo,
            lambda_hi,
            row.attributed.into(),
            attributed_lo,
            attributed_hi,
            row.fraction.into(),
            shown.run.run_id.as_str().into(),
        ]);
    }
    rows.note = shown.not_converged();
    rows
}

fn limits(interval: Option<(f64, f64)>) -> (Cell, Cell) {
    (interval.map(|limits| limits.0).into(), interval.map(|limits| limits.1).into())
}

/// Every event report with the probability of everything on it.
pub(super) fn of_cases(shown: &Shown<'_>) -> Rows {
    let mut rows = Rows::new(&CASES);
    let shares = &shown.run.attribution.case_shares;
    for (case, attributed) in shown.run.cases.iter().zip(shares) {
        for share in &attributed.shares {
            rows.push(vec![
                case.native_id.as_str().into(),
                case.case_id.clone().into(),
                case.period.as_str().into(),
                case.line.map(u64::from).into(),
                share.cause.as_str().into(),
                share.group.name().into(),
                share.probability.into(),
                shown.run.run_id.as_str().into(),
            ]);
        }
    }
    rows
}
