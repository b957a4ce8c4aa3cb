//! Numbers and quantities as a questionnaire has them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::observation::Comparator;

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
