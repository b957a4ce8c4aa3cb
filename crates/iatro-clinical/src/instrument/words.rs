//! A criterion in words, as pages for readers have it.

use super::criterion::{Criterion, Limit};
use super::definition::Instrument;
use crate::observable;
use crate::observation::Comparator;

/// The criterion in words, on one line: `Ferritin ≥ 500 ug/L`, `at least 2 of: …`. Items are named as in `instrument`.
pub(super) fn of(when: &Criterion, instrument: &Instrument) -> String {
    let inner = |one: &Criterion| within(one, instrument);
    let list = |of: &[Criterion], word: &str| {
        of.iter().map(inner).collect::<Vec<_>>().join(&format!(" {word} "))
    };
    match when {
        Criterion::All(of) => list(of, "and"),
        Criterion::Any(of) => list(of, "or"),
        Criterion::AtLeast { count, of } => {
            let parts: Vec<String> = of.iter().map(inner).collect();
            format!("at least {count} of: {}", parts.join("; "))
        }
        Criterion::Not(one) => format!("not {}", inner(one)),
        Criterion::If { condition, then, otherwise } => {
            format!("if {}: {}; else: {}", inner(condition), inner(then), inner(otherwise))
        }
        Criterion::Compare { observable, comparator, limits } => {
            format!("{} {}", label(observable), cut_offs(*comparator, limits))
        }
        Criterion::Finding { observable, sites } if sites.is_empty() => label(observable),
        Criterion::Finding { observable, sites } => {
            format!("{} in {}", label(observable), plain(sites))
        }
        Criterion::Choice { observable, options } => {
            format!("{}: {}", label(observable), plain(options))
        }
        Criterion::Item(id) => {
            let item = instrument.items.iter().find(|item| item.id == *id);
            format!("\u{201c}{}\u{201d}", item.map_or(id.as_str(), |item| item.label.as_str()))
        }
        Criterion::Score { comparator, limit } => format!("total {} {limit}", sign(*comparator)),
    }
}

/// A part of another: in brackets, if it has parts itself.
fn within(when: &Criterion, instrument: &Instrument) -> String {
    let text = of(when, instrument);
    match when {
        Criterion::All(of) | Criterion::Any(of) if of.len() > 1 => format!("({text})"),
        Criterion::AtLeast { .. } | Criterion::If { .. } => format!("({text})"),
        _ => text,
    }
}

/// `≥ 3.0 mmol/L or ≥ 265 mg/dL, each value in its own unit`.
fn cut_offs(comparator: Comparator, limits: &[Limit]) -> String {
    let each: Vec<String> = limits
        .iter()
        .map(|limit| format!("{} {} {}", sign(comparator), limit.number, limit.unit))
        .collect();
    let own = if each.len() > 1 { " (each value against the cut-off in its own unit)" } else { "" };
    format!("{}{own}", each.join(" or "))
}

fn sign(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Less => "<",
        Comparator::AtMost => "≤",
        Comparator::Equal => "=",
        Comparator::AtLeast => "≥",
        Comparator::Greater => ">",
    }
}

fn label(id: &str) -> String {
    observable::find(id).map_or_else(|| id.to_owned(), |known| known.label.clone())
}

/// Ids as words: `marrow aspirate or spleen`.
fn plain(ids: &[String]) -> String {
    ids.iter().map(|id| id.replace('_', " ")).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::instrument::find;

    #[test]
    fn every_form_reads_as_a_clinician_would_say_it() {
        let hscore = find("hscore").unwrap();
        let words = |text: &str| of(&text.parse().unwrap(), hscore);
        assert_eq!(words("ferritin >= 500 ug/L"), "Ferritin ≥ 500 ug/L");
        assert_eq!(
            words("triglycerides > 4 mmol/L | 354 mg/dL"),
            "Triglycerides > 4 mmol/L or > 354 mg/dL (each value against the cut-off in its own unit)"
        );
        assert_eq!(
            words("hemophagocytosis in marrow_aspirate|spleen"),
            "Haemophagocytosis in marrow aspirate or spleen"
        );
        assert_eq!(words("@temperature"), "\u{201c}Temperature\u{201d}");
        assert_eq!(words("score >= 169"), "total ≥ 169");
        let list = Criterion::AtLeast {
            count: 2,
            of: vec![
                Criterion::Any(vec![
                    "splenomegaly".parse().unwrap(),
                    "hepatomegaly".parse().unwrap(),
                ]),
                Criterion::Not(Box::new("score < 3".parse().unwrap())),
            ],
        };
        assert_eq!(
            of(&list, hscore),
            "at least 2 of: (Splenomegaly or Hepatomegaly); not total < 3"
        );
    }
}
