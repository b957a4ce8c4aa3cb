//! A liver injury beside the event: whether there is one, of which type, and when it began.

use rust_decimal::Decimal;

use super::definition::Liver;
use crate::case::Case;
use crate::logic::Ternary;
use crate::observation::{Comparator, Observation, Reading};
use crate::when::When;

/// What the case says of a liver injury.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Injury {
    pub(crate) present: Ternary,
    /// `hepatocellular`, `cholestatic`, `mixed`; `None` if that cannot be told.
    pub(crate) kind: Option<&'static str>,
    pub(crate) reason: String,
    pub(crate) row: String,
    /// The first day on which a value was above the limit.
    pub(crate) began: Option<When>,
}

impl Default for Injury {
    fn default() -> Self {
        Self {
            present: Ternary::Unknown,
            kind: None,
            reason: String::new(),
            row: String::new(),
            began: None,
        }
    }
}

/// A value as a multiple of its upper limit.
#[derive(Clone, Copy)]
struct Multiple<'a> {
    times: Reading,
    seen: &'a Observation,
}

/// Reads it from ALT and alkaline phosphatase with their upper limits.
pub(crate) fn injury(case: &Case, limits: &Liver, edition: &str) -> Injury {
    let alt = multiples(case, "alt");
    let alp = multiples(case, "alkaline_phosphatase");
    let (high_alt, high_alp) =
        (first_above(&alt, limits.alt_above), first_above(&alp, limits.alp_above));
    let highs = [high_alt, high_alp].into_iter().flatten();
    let Some(began) =
        highs.min_by_key(|row| (row.seen.time.is_none(), row.seen.time.map(When::sort_key)))
    else {
        return without(&alt, &alp, limits);
    };
    if returns(&alt, limits.alt_above) || returns(&alp, limits.alp_above) {
        let reason = "raised, back to normal and raised again: which liver injury is meant, a person must state";
        let row = format!("observations.{}", began.seen.id);
        return Injury { reason: reason.to_owned(), row, ..Injury::default() };
    }
    let day = |row: &&Multiple<'_>| {
        row.seen.time.map(When::earliest) == began.seen.time.map(When::earliest)
    };
    let pair = alt.iter().find(day).zip(alp.iter().find(day));
    let mut found = Injury {
        present: Ternary::Met,
        kind: None,
        reason: format!(
            "{} {} times its upper limit",
            began.seen.observable,
            began.times.number.round_dp(2).normalize()
        ),
        row: format!("observations.{}", began.seen.id),
        began: began.seen.time,
    };
    match pair.and_then(|(alt, alp)| ratio(alt.times, alp.times)) {
        Some(r) => {
            found.kind = kind(limits, edition, r);
            let shown = r.round_dp(2).normalize();
            let edge = on_an_edge(limits, r).then_some("; copies disagree on this boundary");
            let kind = found.kind.unwrap_or("of no known type");
            found.reason =
                format!("{}, R = {shown}, {kind}{}", found.reason, edge.unwrap_or_default());
        }
        None => found.reason.push_str(
            ", but R needs ALT and alkaline phosphatase of the same day with their upper limits",
        ),
    }
    found
}

/// The earliest value that is surely above.
fn first_above<'a>(rows: &[Multiple<'a>], above: Decimal) -> Option<Multiple<'a>> {
    let over = rows.iter().filter(|row| surely_above(row.times, above)).copied();
    over.min_by_key(|row| (row.seen.time.is_none(), row.seen.time.map(When::sort_key)))
}

/// Whether values in order of time are above the limit, then normal, then above it again.
fn returns(rows: &[Multiple<'_>], above: Decimal) -> bool {
    let raised = |row: &Multiple<'_>| row.seen.time.is_some() && surely_above(row.times, above);
    let normal = |row: &Multiple<'_>| surely_not_above(row.times, Decimal::ONE);
    let mut rest = rows.iter().skip_while(|row| !raised(row));
    rest.any(normal) && rest.any(raised)
}

fn without(alt: &[Multiple<'_>], alp: &[Multiple<'_>], limits: &Liver) -> Injury {
    let below = |rows: &[Multiple<'_>], above: Decimal| {
        !rows.is_empty() && rows.iter().all(|row| surely_not_above(row.times, above))
    };
    let no = below(alt, limits.alt_above) && below(alp, limits.alp_above);
    let reason = if no {
        format!(
            "ALT not above {} times and alkaline phosphatase not above {} times the upper limit",
            limits.alt_above, limits.alp_above
        )
    } else {
        "no liver injury is recorded: ALT and alkaline phosphatase with their upper limits, or a stated \
         type of injury, would tell"
            .to_owned()
    };
    let present = if no { Ternary::NotMet } else { Ternary::Unknown };
    Injury { present, kind: None, reason, row: "observations".to_owned(), began: None }
}

fn multiples<'a>(case: &'a Case, observable: &str) -> Vec<Multiple<'a>> {
    let rows = case.observations.iter().filter(|seen| seen.observable == observable);
    let mut found: Vec<Multiple<'a>> = rows
        .filter_map(|seen| {
            let (value, limit) = (seen.value?, seen.upper_limit.filter(|limit| !limit.is_zero())?);
            let number = value.number.checked_div(limit)?;
            Some(Multiple { times: Reading { comparator: value.comparator, number }, seen })
        })
        .collect();
    found.sort_by_key(|row| (row.seen.time.is_none(), row.seen.time.map(When::sort_key)));
    found
}

fn surely_above(times: Reading, limit: Decimal) -> bool {
    match times.comparator {
        Comparator::Equal | Comparator::AtLeast => times.number > limit,
        Comparator::Greater => times.number >= limit,
        Comparator::Less | Comparator::AtMost => false,
    }
}

fn surely_not_above(times: Reading, limit: Decimal) -> bool {
    match times.comparator {
        Comparator::Equal | Comparator::AtMost | Comparator::Less => times.number <= limit,
        Comparator::AtLeast | Comparator::Greater => false,
    }
}

/// R, where both are exact.
fn ratio(alt: Reading, alp: Reading) -> Option<Decimal> {
    let exact = |reading: Reading| reading.comparator == Comparator::Equal;
    (exact(alt) && exact(alp)).then(|| alt.number.checked_div(alp.number)).flatten()
}

/// The type by R.
pub(crate) fn kind(limits: &Liver, edition: &str, r: Decimal) -> Option<&'static str> {
    let parts = limits.parts.iter().find(|parts| parts.edition == edition)?;
    let holds = |limit: Reading| limit.comparator.holds(r, limit.number);
    Some(if holds(parts.hepatocellular) {
        "hepatocellular"
    } else if holds(parts.cholestatic) {
        "cholestatic"
    } else {
        "mixed"
    })
}

fn on_an_edge(limits: &Liver, r: Decimal) -> bool {
    let edges = limits.parts.iter().flat_map(|parts| [parts.hepatocellular, parts.cholestatic]);
    edges.into_iter().any(|edge| edge.number == r)
}
