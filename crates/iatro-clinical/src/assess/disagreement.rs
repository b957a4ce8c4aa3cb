//! Where one instrument is fulfilled and another is not: what each counts, and in whom each was made.

use super::assessment::Answered;
use super::result::{Disagreement, Verdict};
use crate::logic::Ternary;

/// Every such pair among the instruments that may be asked of this patient.
pub(super) fn find(asked: &[&Answered<'_>]) -> Vec<Disagreement> {
    let with = |verdict: Verdict| {
        asked.iter().filter(move |one| one.outcome.verdict == verdict).collect::<Vec<_>>()
    };
    let not_fulfilled = with(Verdict::NotFulfilled);
    let pair = |a: &&&Answered<'_>| not_fulfilled.iter().map(|b| of(a, b)).collect::<Vec<_>>();
    with(Verdict::Fulfilled).iter().flat_map(pair).collect()
}

fn of(a: &Answered<'_>, b: &Answered<'_>) -> Disagreement {
    let (yes, no) = (a.plan.instrument, b.plan.instrument);
    let mut text = format!("{} is fulfilled: {}.", yes.name, list(&labels(a, Ternary::Met)));
    text.push_str(&format!(" {} is not: without {}.", no.name, list(&labels(b, Ternary::NotMet))));
    let (stricter, not_asked) = difference(a, b);
    if !stricter.is_empty() {
        text.push_str(&format!(
            " What {} counts is not enough for {}: {}.",
            yes.name,
            no.name,
            list(&stricter)
        ));
    }
    if !not_asked.is_empty() {
        text.push_str(&format!(" {} does not ask: {}.", no.name, list(&not_asked)));
    }
    text.push_str(&format!(
        " {}: {} {}: {}",
        yes.name,
        sentence(&yes.population),
        no.name,
        sentence(&no.population)
    ));
    Disagreement { fulfilled: yes.id.clone(), not_fulfilled: no.id.clone(), text }
}

fn labels(answered: &Answered<'_>, state: Ternary) -> Vec<String> {
    let rows = answered.plan.definitions.iter().zip(&answered.outcome.items);
    rows.filter(|(_, item)| item.state == state).map(|(item, _)| item.label.clone()).collect()
}

/// Of the items that the first has met: those of which the second holds the same observables not met, and those of
/// which it asks nothing.
fn difference(a: &Answered<'_>, b: &Answered<'_>) -> (Vec<String>, Vec<String>) {
    let (mut stricter, mut not_asked) = (Vec::new(), Vec::new());
    for (at, outcome) in a.outcome.items.iter().enumerate() {
        let Some(definition) = a.plan.definitions.get(at).filter(|_| outcome.state == Ternary::Met)
        else {
            continue;
        };
        let own = a.met_observables(at);
        let shared: Vec<Ternary> = (0..b.plan.items.len())
            .filter(|other| b.plan.observables(*other).iter().any(|name| own.contains(name)))
            .filter_map(|other| Some(b.outcome.items.get(other)?.state))
            .collect();
        if shared.is_empty() {
            not_asked.push(definition.label.clone());
        } else if shared.iter().all(|state| *state == Ternary::NotMet) {
            stricter.push(definition.label.clone());
        }
    }
    (stricter, not_asked)
}

fn list(labels: &[String]) -> String {
    if labels.is_empty() { "no item by itself".to_owned() } else { labels.join(", ") }
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
