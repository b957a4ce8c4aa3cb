//! What a data file of an instrument holds.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::criterion::Criterion;
use crate::evidence::{Citation, EvidenceStatus};

/// An instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Its id: lower case, words joined by `-`.
    pub id: String,
    /// Its name in the field.
    pub name: String,
    /// What it answers, in a sentence.
    pub purpose: String,
    /// In whom it was derived or validated.
    pub population: String,
    /// The paper that published it.
    pub citation: Citation,
    /// Public copies in which its items were read.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Whether the instrument as a whole was read in a source. An item or rule of a verified instrument may still be
    /// unverified by itself.
    #[serde(default)]
    pub evidence_status: EvidenceStatus,
    /// What a reader must know before using it.
    #[serde(default)]
    pub caveats: Vec<String>,
    /// Published performance and anchors, one a line.
    #[serde(default)]
    pub performance: Vec<String>,
    /// In whom it may be asked at all.
    pub scope: Option<Scope>,
    /// From when on values count; from the beginning of the window if left out.
    pub since: Option<Since>,
    /// What must hold for the total to mean anything, such as fever for a grade of CRS.
    pub requires: Option<Requirement>,
    /// How items make a total.
    #[serde(default)]
    pub combine: Combine,
    /// Its items, in reading order.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
    /// When it is fulfilled; `None` for an instrument that only scores.
    pub rule: Option<Rule>,
    /// What ranges of the total are called.
    #[serde(default, rename = "category")]
    pub categories: Vec<Category>,
    /// The published probability by total.
    pub probability: Option<ProbabilityTable>,
    /// Other published or disputed readings of an item or the rule, off unless asked for by id.
    #[serde(default, rename = "variant")]
    pub variants: Vec<Variant>,
}

/// In whom an instrument may be asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// In words.
    pub label: String,
    /// As a criterion.
    pub when: Criterion,
}

/// From when on values count.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// From the day of the last infusion of immune effector cells, where the case has one.
    CellInfusion,
}

/// A condition on the total: not met, the total is 0 and the instrument not fulfilled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// In words.
    pub label: String,
    /// As a criterion; `@item` may be used.
    pub when: Criterion,
}

/// How items make a total.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Their points are added.
    #[default]
    Sum,
    /// The worst item decides: grades.
    Worst,
}

/// An item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id within the instrument.
    pub id: String,
    /// In words.
    pub label: String,
    /// Its levels: the first that holds, from the top, gives the points.
    #[serde(default, rename = "level")]
    pub levels: Vec<Level>,
    /// Points if no level holds.
    #[serde(default)]
    pub otherwise: Decimal,
    /// Points that the instrument itself gives to an item that is not known (RegiSCAR); the total with these is
    /// reported as published, beside the interval over all completions.
    pub unknown: Option<Decimal>,
    /// For an item that adds a multiple of a number instead of points by levels.
    pub linear: Option<Linear>,
    /// Whether its points and cut-offs were read in a source.
    #[serde(default)]
    pub evidence_status: EvidenceStatus,
    /// What to know of it.
    pub note: Option<String>,
}

/// A level of an item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// When it holds.
    pub when: Criterion,
    /// What it gives.
    pub points: Decimal,
    /// In words, where the criterion is not plain enough.
    pub label: Option<String>,
}

/// A multiple of a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// The observable.
    pub observable: String,
    /// The unit that the coefficient goes with.
    pub unit: String,
    /// Points for one of it.
    pub coefficient: Decimal,
}

/// When an instrument is fulfilled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// In words.
    pub label: String,
    /// As a criterion over `@items` and `score`.
    pub when: Criterion,
    /// Whether it was read in a source; an unverified rule gives no verdict unless asked for.
    #[serde(default)]
    pub evidence_status: EvidenceStatus,
}

/// What a range of the total is called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in the field.
    pub label: String,
    /// The least total; none for the lowest category.
    pub from: Option<Decimal>,
}

/// The published probability by total.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbabilityTable {
    /// What it is a probability of.
    pub of: String,
    /// Its rows, by rising total. At and below the first and at and above the last, the text stands; between
    /// two rows the logit is interpolated and labelled so.
    pub row: Vec<ProbabilityRow>,
}

/// A row of a probability table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbabilityRow {
    /// The total.
    pub total: Decimal,
    /// As printed, in per cent: `54`, `<1`, `>99`.
    pub percent: String,
}

/// Another reading of an item or the rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its id within the instrument.
    pub id: String,
    /// What differs and who says so.
    pub label: String,
    /// The rule instead.
    pub rule: Option<Rule>,
    /// Items instead of those with the same id.
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
}
