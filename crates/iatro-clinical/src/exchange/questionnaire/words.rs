//! Criteria, numbers and quantities as a questionnaire has them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::instrument::{Criterion, Limit};
use crate::observable;
use crate::observation::Comparator;

/// A criterion in words.
pub(super) fn words(criterion: &Criterion) -> String {
    let list = |of: &[Criterion], between: &str| {
        let parts: Vec<String> = of.iter().map(words).collect();
        parts.join(between)
    };
    match criterion {
        Criterion::All(of) => list(of, " and "),
        Criterion::Any(of) => list(of, " or "),
        Criterion::AtLeast { count, of } => format!("at least {count} of: {}", list(of, "; ")),
        Criterion::Not(one) => format!("not {}", words(one)),
        Criterion::If { condition, then, otherwise } => {
            format!("if {}: {}, else {}", words(condition), words(then), words(otherwise))
        }
        Criterion::Compare { observable, comparator, limits } => {
            let limits: Vec<String> = limits.iter().map(limit).collect();
            format!("{} {} {}", label(observable), comparator.sign(), limits.join(" ("))
                + if limits.len() > 1 { ")" } else { "" }
        }
        Criterion::Finding { observable, sites } if sites.is_empty() => label(observable),
        Criterion::Finding { observable, sites } => {
            format!("{} in {}", label(observable), sites.join(", ").replace('_', " "))
        }
        Criterion::Choice { observable, options } => {
            format!("{}: {}", label(observable), options.join(" or ").replace('_', " "))
        }
        Criterion::Item(id) => format!("item {id}"),
        Criterion::Score { comparator, limit } => format!("total {} {limit}", comparator.sign()),
    }
}

fn limit(limit: &Limit) -> String {
    format!("{} {}", limit.number, limit.unit)
}

fn label(id: &str) -> String {
    observable::find(id).map_or_else(|| id.to_owned(), |known| known.label.clone())
}

/// A decimal as a JSON number.
pub(super) fn number(value: Decimal) -> Value {
    let parsed = value.normalize().to_string().parse::<serde_json::Number>();
    parsed.map_or(Value::Null, Value::Number)
}

/// Whether a unit is one of UCUM and not one of ours.
pub(super) fn is_ucum(unit: &str) -> bool {
    !matches!(unit, "xULN" | "xBASELINE")
}

/// A Quantity; with a code only where the unit is one of UCUM.
pub(super) fn quantity(value: Decimal, unit: &str, comparator: Option<Comparator>) -> Value {
    let mut quantity = json!({ "value": number(value) });
    if let Some(comparator) = comparator.filter(|sign| *sign != Comparator::Equal) {
        quantity["comparator"] = comparator.sign().into();
    }
    quantity["unit"] = unit.into();
    if is_ucum(unit) {
        quantity["system"] = "http://unitsofmeasure.org".into();
        quantity["code"] = unit.into();
    }
    quantity
}
