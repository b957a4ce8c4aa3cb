//! Ages as ISO 8601 durations, and points in time.

use rust_decimal::Decimal;

use super::packet::Time;
use crate::case::{CaseError, short};
use crate::exchange::object::wrong;
use crate::when::When;

/// An age in one unit.
#[derive(Debug, PartialEq)]
pub(super) struct Age {
    pub(super) number: Decimal,
    /// `a`, `mo`, `wk` or `d`.
    pub(super) unit: &'static str,
    /// Whether nothing was left out.
    pub(super) exact: bool,
}

/// An age such as `P2Y6M`, in the largest unit that keeps it whole: days beyond months are left out, since months have
/// no fixed number of them.
pub(super) fn duration(text: &str, path: &str) -> Result<Age, CaseError> {
    parse(text).ok_or_else(|| {
        let problem = format!(
            "\"{}\" is no age; expected an ISO 8601 duration such as P2Y6M or P10D",
            short(text)
        );
        wrong(path, &problem)
    })
}

fn parse(text: &str) -> Option<Age> {
    let body = text.trim().strip_prefix('P')?;
    // Hours of a newborn are less than the day that ages are told in.
    let (dates, clock) = body.split_once('T').map_or((body, ""), |(dates, clock)| (dates, clock));
    let mut parts: [Option<Decimal>; 4] = [None; 4];
    let mut rest = dates;
    let mut next = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: Decimal = rest.get(..end)?.parse().ok()?;
        let at = "YMWD".find(rest.get(end..=end)?)?;
        if at < next {
            return None;
        }
        *parts.get_mut(at)? = Some(number);
        next = at + 1;
        rest = rest.get(end + 1..)?;
    }
    let [years, months, weeks, days] = parts;
    let zero = Decimal::ZERO;
    let small =
        weeks.unwrap_or(zero).checked_mul(Decimal::from(7))?.checked_add(days.unwrap_or(zero))?;
    let exact = clock.is_empty();
    Some(match (years, months) {
        (None, None) if weeks.is_some() && days.is_none() => {
            Age { number: weeks?, unit: "wk", exact }
        }
        (None, None) if days.is_some() => Age { number: small, unit: "d", exact },
        (None, None) if !exact => Age { number: zero, unit: "d", exact },
        (None, None) => return None,
        (Some(years), None) if small == zero => Age { number: years, unit: "a", exact },
        (years, months) => {
            let whole = years.unwrap_or(zero).checked_mul(Decimal::from(12))?;
            let number = whole.checked_add(months.unwrap_or(zero))?;
            Age { number, unit: "mo", exact: exact && small == zero }
        }
    })
}

/// A timestamp, if there is one.
pub(super) fn timestamp(text: Option<&str>, path: &str) -> Result<Option<When>, CaseError> {
    let read =
        |text: &str| text.parse().map_err(|e: crate::when::WhenError| wrong(path, &e.to_string()));
    text.map(read).transpose()
}

/// A time as a day, where it is one.
pub(super) fn day(time: Option<&Time>, path: &str) -> Result<Option<When>, CaseError> {
    let Some(time) = time else { return Ok(None) };
    let exact = timestamp(time.timestamp.as_deref(), &format!("{path}.timestamp"))?;
    let start = time.interval.as_ref().and_then(|interval| interval.start.as_deref());
    let start = timestamp(start, &format!("{path}.interval.start"))?;
    Ok(exact.or(start))
}

/// A time in words, where it is an age or a term.
pub(super) fn words(time: Option<&Time>) -> Option<String> {
    let time = time?;
    let age = time.age.as_ref().and_then(|age| age.iso8601duration.clone());
    age.or_else(|| time.ontology_class.as_ref()?.label.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ages_keep_what_decides() {
        for (text, number, unit, exact) in [
            ("P2Y6M", "30", "mo", true),
            ("P16Y", "16", "a", true),
            ("P10D", "10", "d", true),
            ("P3W", "3", "wk", true),
            ("P3W2D", "23", "d", true),
            ("P1M20D", "1", "mo", false),
            ("PT5H", "0", "d", false),
        ] {
            let expected = Age { number: number.parse().unwrap(), unit, exact };
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in ["", "P", "2Y", "P6M2Y", "PY", "P2", "P1X", "P99999999999999999999999999999Y"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
