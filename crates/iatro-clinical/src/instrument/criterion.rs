//! What an item asks, as a small language that a clinician can read in the data file.
//!
//! ```text
//! ferritin >= 500 ug/L                    a number against a published cut-off
//! triglycerides >= 1.5 mmol/L | 132.7 mg/dL   one cut-off published in two units: each value is held against the
//!                                         one in its own unit
//! ast > 5 xULN                            a multiple of the laboratory's upper limit
//! splenomegaly                            a finding
//! hemophagocytosis in marrow|spleen       a finding at one of these sites (or at none named)
//! oxygen = low_flow|mask                  a choice
//! @ferritin                               the state of another item (rules only)
//! score >= 169                            the total (rules only)
//! ```
//! Combined in TOML: `{ all = [...] }`, `{ any = [...] }`, `{ at_least = 2, of = [...] }`, `{ not = ... }`,
//! `{ if = ..., then = ..., else = ... }`.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::observable::{self, Kind};
use crate::observation::Comparator;
use crate::unit::Unit;

/// What an item or rule asks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Raw")]
pub enum Criterion {
    /// All of them.
    All(Vec<Criterion>),
    /// Any of them.
    Any(Vec<Criterion>),
    /// At least `count` of them.
    AtLeast {
        /// How many.
        count: usize,
        /// Of which.
        of: Vec<Criterion>,
    },
    /// Its opposite.
    Not(Box<Criterion>),
    /// One or the other, as a third decides.
    If {
        /// What decides.
        condition: Box<Criterion>,
        /// Asked if it holds.
        then: Box<Criterion>,
        /// Asked if it does not.
        otherwise: Box<Criterion>,
    },
    /// A number against a cut-off.
    Compare {
        /// The observable.
        observable: String,
        /// On which side.
        comparator: Comparator,
        /// The cut-off, in every unit in which it was published; the first is used for values in yet other units.
        limits: Vec<Limit>,
    },
    /// A finding.
    Finding {
        /// The observable.
        observable: String,
        /// Sites that count; empty if all do. A finding without a site counts.
        sites: Vec<String>,
    },
    /// A choice.
    Choice {
        /// The observable.
        observable: String,
        /// Options that count.
        options: Vec<String>,
    },
    /// The state of another item of the instrument.
    Item(String),
    /// The total of the instrument.
    Score {
        /// On which side.
        comparator: Comparator,
        /// The cut-off.
        limit: Decimal,
    },
}

/// A cut-off in one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The number.
    pub number: Decimal,
    /// Its unit.
    pub unit: Unit,
}

/// The text is no criterion.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("criterion \"{text}\": {problem}")]
pub struct CriterionError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub problem: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Text(String),
    All(All),
    Any(Any),
    AtLeast(AtLeast),
    Not(Not),
    If(IfThenElse),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct All {
    all: Vec<Criterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Any {
    any: Vec<Criterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtLeast {
    at_least: usize,
    of: Vec<Criterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Not {
    not: Box<Criterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IfThenElse {
    r#if: Box<Criterion>,
    then: Box<Criterion>,
    r#else: Box<Criterion>,
}

impl TryFrom<Raw> for Criterion {
    type Error = CriterionError;

    fn try_from(raw: Raw) -> Result<Self, CriterionError> {
        Ok(match raw {
            Raw::Text(text) => return text.parse(),
            Raw::All(row) => Self::All(row.all),
            Raw::Any(row) => Self::Any(row.any),
            Raw::AtLeast(row) => Self::AtLeast { count: row.at_least, of: row.of },
            Raw::Not(row) => Self::Not(row.not),
            Raw::If(row) => Self::If { condition: row.r#if, then: row.then, otherwise: row.r#else },
        })
    }
}

impl std::str::FromStr for Criterion {
    type Err = CriterionError;

    fn from_str(text: &str) -> Result<Self, CriterionError> {
        let text = text.trim();
        let wrong =
            |problem: &str| CriterionError { text: text.to_owned(), problem: problem.to_owned() };
        if let Some(item) = text.strip_prefix('@') {
            return Ok(Self::Item(item.to_owned()));
        }
        let name_end =
            text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, rest) = (&text[..name_end], text[name_end..].trim());
        if name == "score" {
            let (comparator, limit) = comparison(rest).ok_or_else(|| wrong("no comparator"))?;
            let limit = limit.parse().map_err(|_| wrong("no number"))?;
            return Ok(Self::Score { comparator, limit });
        }
        let known = observable::find(name).ok_or_else(|| wrong("no such observable"))?;
        let listed = |options: &[String], given: &str| {
            let given: Vec<String> = given.split('|').map(|one| one.trim().to_owned()).collect();
            let stray = given.iter().any(|one| !options.contains(one));
            if stray {
                Err(wrong("an option that the observable does not have"))
            } else {
                Ok(given)
            }
        };
        let observable = name.to_owned();
        match &known.kind {
            Kind::Finding { .. } if rest.is_empty() => {
                Ok(Self::Finding { observable, sites: vec![] })
            }
            Kind::Finding { sites, .. } => {
                let given = rest.strip_prefix("in ").ok_or_else(|| wrong("expected `in`"))?;
                Ok(Self::Finding { observable, sites: listed(sites, given)? })
            }
            Kind::Choice { options } => {
                let given = rest.strip_prefix('=').ok_or_else(|| wrong("expected `=`"))?;
                Ok(Self::Choice { observable, options: listed(options, given)? })
            }
            Kind::Quantity(_) => {
                let (comparator, given) = comparison(rest).ok_or_else(|| wrong("no comparator"))?;
                let limits = given.split('|').map(limit).collect::<Result<_, _>>();
                let limits = limits.map_err(|problem| wrong(&problem))?;
                Ok(Self::Compare { observable, comparator, limits })
            }
        }
    }
}

/// The comparator that a text begins with, and the rest.
fn comparison(text: &str) -> Option<(Comparator, &str)> {
    Comparator::SIGNS
        .iter()
        .find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?.trim())))
}

fn limit(text: &str) -> Result<Limit, String> {
    let (number, unit) = text.trim().split_once(' ').ok_or("no unit")?;
    let number = number.parse().map_err(|_| format!("\"{number}\" is no number"))?;
    Ok(Limit { number, unit: Unit::parse(unit).map_err(|error| error.to_string())? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_language_reads_as_written() {
        let Criterion::Compare { comparator, limits, .. } =
            "triglycerides >= 1.5 mmol/L | 132.7 mg/dL".parse().unwrap()
        else {
            unreachable!()
        };
        assert_eq!(comparator, Comparator::AtLeast);
        assert_eq!(limits[1].number, "132.7".parse().unwrap());
        let sites = "hemophagocytosis in spleen|lymph_node".parse().unwrap();
        assert!(matches!(sites, Criterion::Finding { sites, .. } if sites.len() == 2));
        assert_eq!("@fever".parse(), Ok(Criterion::Item("fever".to_owned())));
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        for text in [
            "ferritn >= 500 ug/L",
            "ferritin 500 ug/L",
            "ferritin >= 500",
            "ferritin >= many ug/L",
            "splenomegaly in attic",
            "splenomegaly >= 3 cm",
            "score 5",
        ] {
            assert!(text.parse::<Criterion>().is_err(), "{text}");
        }
    }
}
