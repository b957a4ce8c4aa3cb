//! The options of an item: its levels and "none of these". Levels of equal points are one option, since an answer is known
//! by its points.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::BASE;
use super::words::words;
use crate::assess::{ItemResult, Verdict};
use crate::instrument::{Instrument, Item};
use crate::logic::Ternary;

/// An option of an item.
pub(super) struct AnswerOption {
    pub(super) points: Decimal,
    /// Whether a level of the item holds.
    pub(super) level: bool,
    pub(super) coding: Value,
}

/// The verdicts, with code and words.
pub(super) const VERDICTS: [(Verdict, &str, &str); 3] = [
    (Verdict::Fulfilled, "fulfilled", "Fulfilled"),
    (Verdict::NotFulfilled, "not_fulfilled", "Not fulfilled"),
    (Verdict::Indeterminate, "indeterminate", "Indeterminate: it depends on what is not known"),
];

/// The coding of a verdict.
pub(super) fn verdict(code: &str, display: &str) -> Value {
    json!({ "system": format!("{BASE}/CodeSystem/verdict"), "code": code, "display": display })
}

/// The options of an item, in the order of its levels.
pub(super) fn options(instrument: &Instrument, item: &Item) -> Vec<AnswerOption> {
    let mut groups: Vec<(Decimal, Vec<String>)> = Vec::new();
    for level in &item.levels {
        let text = level.label.clone().unwrap_or_else(|| words(&level.when));
        match groups.iter_mut().find(|(points, _)| *points == level.points) {
            Some((_, texts)) => texts.push(text),
            None => groups.push((level.points, vec![text])),
        }
    }
    let system = format!("{BASE}/CodeSystem/{}", instrument.id);
    let coding = |code: String, display: String| json!({ "system": system, "code": code, "display": display });
    let mut options: Vec<AnswerOption> = groups
        .into_iter()
        .enumerate()
        .map(|(at, (points, texts))| AnswerOption {
            points,
            level: true,
            coding: coding(format!("{}.{}", item.id, at + 1), texts.join(" or ")),
        })
        .collect();
    options.push(AnswerOption {
        points: item.otherwise,
        level: false,
        coding: coding(format!("{}.none", item.id), "None of these".to_owned()),
    });
    options
}

/// The option that a result stands for; none while it is open.
pub(super) fn chosen(options: &[AnswerOption], result: &ItemResult) -> Option<Value> {
    let settled = result.points.min == result.points.max && result.state != Ternary::Unknown;
    let of_points = |level: bool| {
        options.iter().find(|one| one.level == level && one.points == result.points.min)
    };
    let met = result.state == Ternary::Met;
    let found = of_points(met).or_else(|| of_points(!met)).filter(|_| settled)?;
    Some(found.coding.clone())
}
