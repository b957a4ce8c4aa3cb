//! RUCAM, where there is a liver injury: which of its two tables, and what the fields answer.

use rust_decimal::Decimal;

use super::Derived;
use crate::case::Case;
use crate::causality::facts::DrugFacts;
use crate::observation::{Comparator, Observation};

/// The pattern of a liver injury.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::causality) enum Pattern {
    /// By the table for hepatocellular injury; with the ratio in words.
    Hepatocellular(String),
    /// By the table for cholestatic and mixed injury.
    Cholestatic(String),
    /// No injury that reaches the entry of the table, or not enough known; with the reason.
    Unknown(String),
}

/// R at the first day on which ALT and ALP have an upper limit: (ALT/ULN)/(ALP/ULN). Copies of the tool disagree on whether
/// 5 and 2 themselves belong to the outer classes, so exactly there the pattern is not known.
pub(in crate::causality) fn pattern(case: &Case) -> Pattern {
    let first = |name: &str| {
        let rows = case.observations.iter().filter(|row| row.observable == name);
        let times = rows.filter_map(|row| Some((times_upper(row)?, row)));
        times.min_by_key(|(_, row)| (row.time.is_none(), row.time.map(crate::when::When::sort_key)))
    };
    let (Some((alt, _)), Some((alp, _))) = (first("alt"), first("alkaline_phosphatase")) else {
        return Pattern::Unknown(
            "no ALT and alkaline phosphatase with an upper limit: for liver injury only".to_owned(),
        );
    };
    if alt < Decimal::from(5) && alp < Decimal::from(2) {
        return Pattern::Unknown(format!(
            "ALT {alt} and alkaline phosphatase {alp} times the upper limit: no liver injury as the tool has it (5 or 2 times)"
        ));
    }
    let Some(ratio) = alt.checked_div(alp) else {
        return Pattern::Unknown("alkaline phosphatase of 0".to_owned());
    };
    let said = format!("R = {}", ratio.round_dp(2).normalize());
    if ratio == Decimal::from(5) || ratio == Decimal::from(2) {
        Pattern::Unknown(format!(
            "{said}: published copies disagree on the class of exactly this ratio"
        ))
    } else if ratio > Decimal::from(5) {
        Pattern::Hepatocellular(said)
    } else {
        Pattern::Cholestatic(said)
    }
}

fn times_upper(row: &Observation) -> Option<Decimal> {
    let reading = row.value.filter(|reading| reading.comparator == Comparator::Equal)?;
    let times = reading.number.checked_div(row.upper_limit?)?;
    Some(times.round_dp(3).normalize())
}

/// The age alone can be read off; the onset that is asked for is that of the liver injury, not of HLH.
pub(super) fn derive(question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    if question != "age" {
        return None;
    }
    let patient = &facts.case.patient;
    let years = match (patient.birth_date, facts.case.event.onset) {
        (Some(birth), Some(onset)) => {
            let whole = |from: jiff::civil::Date, to: jiff::civil::Date| {
                let span = from.until((jiff::Unit::Year, to)).ok()?;
                Some(i64::from(span.get_years()))
            };
            (whole(birth.latest(), onset.earliest())?, whole(birth.earliest(), onset.latest())?)
        }
        _ if patient.age_unit.as_deref().is_none_or(|unit| unit == "a") => {
            let age = i64::try_from(patient.age?.trunc()).ok()?;
            (age, age)
        }
        _ => return None,
    };
    match years {
        (least, _) if least >= 55 => Some(Derived::new("yes", format!("{least} years"))),
        (_, most) if most < 55 => Some(Derived::new("no", format!("{most} years"))),
        _ => None,
    }
}
