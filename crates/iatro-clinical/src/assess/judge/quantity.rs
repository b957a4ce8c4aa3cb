//! A number against a cut-off: in the unit in which the cut-off was published, if there is one in its dimension.

use rust_decimal::Decimal;

use super::{Said, evidence, not_observed, verb};
use crate::assess::age;
use crate::assess::frame::Frame;
use crate::assess::range::Range;
use crate::assess::result::Evidence;
use crate::instrument::{Limit, Linear};
use crate::logic::Ternary;
use crate::observable::{self, Kind, QuantityKind};
use crate::observation::{Comparator, Observation, Reading};
use crate::unit::Unit;
use crate::when::{Precision, When};

/// What one observation says of a cut-off.
pub(super) fn against(row: &Observation, comparator: Comparator, limits: &[Limit]) -> Said {
    let (reading, unit, kind) = measured(row)?;
    let same = limits.iter().find(|limit| limit.unit.dimension() == unit.dimension());
    if let Some(limit) = same {
        let ages = age::is_age(&row.observable);
        let (range, number) = if ages {
            age::recorded(reading, &unit, limit).ok_or_else(beyond)?
        } else {
            let range = Range::of(reading).map(|value| unit.convert(value, &limit.unit));
            (range.ok_or_else(beyond)?, limit.number)
        };
        let as_limit = unit.convert(reading.number, &limit.unit).ok_or_else(beyond)?;
        let what = equal(&reading, &unit, as_limit, limit);
        return Ok(decided(range, comparator, number, limit, &what));
    }
    if let Some((range, limit, as_limit)) = by_equivalent(reading, &unit, kind, limits) {
        let words = format!(
            "{}, converted since no cut-off is published in that unit:",
            equal(&reading, &unit, as_limit, limit)
        );
        return Ok(decided(range, comparator, limit.number, limit, &words));
    }
    by_multiple(row, reading, comparator, limits, &unit)
}

/// The value with its unit and what is known of the observable.
fn measured(row: &Observation) -> Result<(Reading, Unit, &'static QuantityKind), String> {
    let reading = row.value.ok_or_else(|| "no number".to_owned())?;
    let text = row.unit.as_deref().ok_or_else(|| "a number without a unit".to_owned())?;
    let unit = Unit::parse(text).map_err(|error| error.to_string())?;
    match observable::find(&row.observable).map(|known| &known.kind) {
        Some(Kind::Quantity(kind)) => Ok((reading, unit, kind)),
        _ => Err("not measured as a number".to_owned()),
    }
}

fn beyond() -> String {
    "beyond the numbers that can be computed".to_owned()
}

/// `5200 ng/mL`, or `5.2 mg/L = 5200 ng/mL` if the units differ.
fn equal(reading: &Reading, unit: &Unit, as_limit: Decimal, limit: &Limit) -> String {
    if unit.text() == limit.unit.text() {
        return format!("{reading} {unit}");
    }
    let shown = Reading { number: as_limit.round_dp(4).normalize(), ..*reading };
    format!("{reading} {unit} = {shown} {}", limit.unit)
}

fn decided(
    range: Range,
    comparator: Comparator,
    number: Decimal,
    limit: &Limit,
    what: &str,
) -> (Ternary, String) {
    let state = range.decide(comparator, number);
    let words =
        format!("{what} {} {} {} {}", verb(state), comparator.sign(), limit.number, limit.unit);
    (state, words)
}

/// Held against the first cut-off that the published factor of the substance leads to.
fn by_equivalent<'a>(
    reading: Reading,
    unit: &Unit,
    kind: &QuantityKind,
    limits: &'a [Limit],
) -> Option<(Range, &'a Limit, Decimal)> {
    limits.iter().find_map(|limit| {
        let convert = |value| kind.convert(value, unit, &limit.unit);
        Some((Range::of(reading).map(convert)?, limit, convert(reading.number)?))
    })
}

/// Held against a multiple of the laboratory's upper limit, or of the patient's own baseline.
fn by_multiple(
    row: &Observation,
    reading: Reading,
    comparator: Comparator,
    limits: &[Limit],
    unit: &Unit,
) -> Said {
    let mut reason = None;
    for limit in limits {
        let dimension = limit.unit.dimension();
        let (reference, name) = match (dimension.upper_limits, dimension.baselines) {
            (1, 0) => (row.upper_limit, "upper limit of the laboratory"),
            (0, 1) => (row.baseline, "baseline of the patient"),
            _ => continue,
        };
        let Some(reference) = reference.filter(|reference| *reference > Decimal::ZERO) else {
            reason.get_or_insert(format!("no {name} is recorded with {reading} {unit}"));
            continue;
        };
        let number = reference.checked_mul(limit.number).ok_or_else(beyond)?;
        let what = format!("{reading} {unit} ({name}: {reference})");
        return Ok(decided(Range::of(reading), comparator, number, limit, &what));
    }
    let published = limits.first().map(|limit| limit.unit.to_string()).unwrap_or_default();
    Err(reason.unwrap_or_else(|| format!("{unit} cannot be held against {published}")))
}

/// What a linear item rests on.
pub(in crate::assess) struct Span {
    /// The least and the most the number can be, in the unit of the coefficient.
    pub(in crate::assess) ends: (Decimal, Decimal),
    /// Why.
    pub(in crate::assess) evidence: Vec<Evidence>,
}

/// The number that a coefficient goes with: that of the last observation in the window. Where the record does not
/// say which is last, every one of them is possible; where there is none, everything that a patient can have.
pub(in crate::assess) fn span(frame: &Frame<'_>, linear: &Linear) -> Option<Span> {
    let Some(Kind::Quantity(kind)) = observable::find(&linear.observable).map(|known| &known.kind)
    else {
        return None;
    };
    let target = Unit::parse(&linear.unit).ok()?;
    let convert = |value, unit: &Unit| kind.convert(value, unit, &target);
    let least = convert(kind.least, &kind.unit)?;
    let most = convert(kind.most, &kind.unit)?;
    let rows = last_rows(frame, &linear.observable);
    if rows.is_empty() {
        let evidence = vec![not_observed(frame, &linear.observable, false)];
        return Some(Span { ends: (least, most), evidence });
    }
    let mut ends: Option<(Decimal, Decimal)> = None;
    let mut told = Vec::new();
    for row in rows {
        let found = measured(row).and_then(|(reading, unit, _)| {
            let range = Range::of(reading).map(|value| convert(value, &unit));
            let range = range.ok_or_else(|| format!("{unit} cannot be read as {target}"))?;
            Ok((range.within(least, most), format!("{reading} {unit} as {target}")))
        });
        let (own, words) = found.unwrap_or_else(|reason| ((least, most), reason));
        ends = Some(ends.map_or(own, |(low, high)| (low.min(own.0), high.max(own.1))));
        told.push(evidence(row, words));
    }
    let ends = ends.unwrap_or((least, most));
    Some(Span { ends, evidence: told })
}

/// The last observation; with it those that may be later.
fn last_rows<'a>(frame: &Frame<'a>, observable: &str) -> Vec<&'a Observation> {
    let rows = frame.rows(observable);
    let latest = rows.iter().filter_map(|row| row.time).map(When::sort_key).max();
    let day = latest.map(|(first, _)| first);
    let may_be_last = |row: &&Observation| match (row.time, day) {
        (Some(time), Some(first)) => {
            let partial = time.precision() > Precision::Minute && time.latest() >= first.date();
            partial || time.sort_key().0 == first
        }
        _ => true,
    };
    rows.into_iter().filter(may_be_last).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::instrument::Criterion;

    fn said(
        value: &str,
        upper: Option<u32>,
        baseline: Option<u32>,
        asked: &str,
    ) -> Result<Ternary, String> {
        let row = Observation {
            observable: "ast".to_owned(),
            value: Some(value.parse().unwrap()),
            unit: Some("U/L".to_owned()),
            upper_limit: upper.map(Decimal::from),
            baseline: baseline.map(Decimal::from),
            ..Observation::default()
        };
        let Ok(Criterion::Compare { comparator, limits, .. }) = asked.parse() else {
            unreachable!()
        };
        against(&row, comparator, &limits).map(|(state, _)| state)
    }

    #[test]
    fn multiples_are_of_the_limit_that_the_laboratory_gave() {
        use Ternary::{Met, NotMet, Unknown};
        let asked = "ast > 5 xULN";
        assert_eq!(said("200", Some(40), None, asked), Ok(NotMet));
        assert_eq!(said("201", Some(40), None, asked), Ok(Met));
        assert_eq!(said("> 150", Some(40), None, asked), Ok(Unknown));
        assert_eq!(said("> 200", Some(40), None, asked), Ok(Met));
        assert_eq!(said("200", Some(40), Some(60), "ast > 3 xBASELINE"), Ok(Met));
        assert_eq!(said("180", Some(40), Some(60), "ast > 3 xBASELINE"), Ok(NotMet));
        for upper in [None, Some(0)] {
            let reason = said("200", upper, Some(60), asked).unwrap_err();
            assert_eq!(reason, "no upper limit of the laboratory is recorded with 200 U/L");
        }
        let reason = said("200", Some(40), None, "ast > 3 xBASELINE").unwrap_err();
        assert_eq!(reason, "no baseline of the patient is recorded with 200 U/L");
    }
}
