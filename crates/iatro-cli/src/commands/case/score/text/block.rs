//! One instrument: what it says, and each item with what it rests on.

use iatro_clinical::assess::{Assessment, Evidence, ItemResult, Report, Verdict};
use iatro_clinical::evidence::EvidenceStatus;
use iatro_clinical::logic::Ternary;
use iatro_clinical::Decimal;

use super::super::super::columns::{WIDTH, clause, left, paragraph, right, row, title};
use super::words;

const STATE: usize = 7;
const POINTS: usize = 6;
const DATE: usize = 10;

pub(super) fn of(one: &Assessment, most: &Report) -> String {
    let unverified = one.evidence_status == EvidenceStatus::Unverified;
    let label = if unverified { " [rests on unverified facts]" } else { "" };
    let mut text = title(&format!("{}{label}", one.name));
    text.push_str(&head(one, most));
    text.push_str(&items(one));
    for caveat in &one.caveats {
        text.push_str(&paragraph("  * ", caveat));
    }
    text.push_str(&paragraph("  ", &citation(one)));
    text
}

/// Verdict, total, category, probability, population.
fn head(one: &Assessment, most: &Report) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        text.push_str(&paragraph(&format!("  {name:<12}"), value));
    };
    let rule = one.rule.as_ref().map(|rule| format!(" ({})", lower(clause(rule))));
    if one.verdict != Verdict::None || rule.is_some() {
        line("Verdict", &format!("{}{}", words::verdict(one.verdict), rule.unwrap_or_default()));
    }
    let published = one.as_published.map(|total| format!("; as published, {total}"));
    line("Total", &format!("{}{}", words::score(one, most), published.unwrap_or_default()));
    if !one.categories.is_empty() {
        line("Category", &one.categories.join(" or "));
    }
    if let Some(probability) = &one.probability {
        let between = probability.min.interpolated || probability.max.interpolated;
        let how = if between { ", interpolated between rows of the published table" } else { "" };
        line("Probability", &format!("{} of {}{how}", words::probability(probability), probability.of));
    }
    let applies = match one.applicability.state {
        Ternary::Met => String::new(),
        Ternary::NotMet => format!("this patient does not: {}", one.applicability.label),
        Ternary::Unknown => format!("not known of this patient: {}", one.applicability.label),
    };
    line("Made in", &format!("{}; {}", clause(&one.population), one.not_validated));
    if !applies.is_empty() {
        line("Belongs", &applies);
    }
    text
}

/// Items with points only where not every item counts one.
fn items(one: &Assessment) -> String {
    let one_each = one.items.iter().all(|item| {
        item.points.max <= Decimal::ONE && item.points.min >= Decimal::ZERO
    });
    let mut text = String::from("\n");
    for item in &one.items {
        text.push_str(&item_rows(item, !one_each));
    }
    text.push('\n');
    text
}

fn item_rows(item: &ItemResult, with_points: bool) -> String {
    let unverified = item.evidence_status == EvidenceStatus::Unverified;
    let label = if unverified { format!("{} [unverified]", item.label) } else { item.label.clone() };
    let points = words::interval(item.points);
    let reasons: Vec<&Evidence> = item.evidence.iter().collect();
    let mut text = String::new();
    for at in 0..reasons.len().max(1) {
        let (state, label, points) = if at == 0 {
            (item.state.word(), label.as_str(), points.as_str())
        } else {
            ("", "", "")
        };
        let reason = reasons.get(at).map_or("", |one| one.reason.as_str());
        let date = reasons.get(at).and_then(|one| one.time).map(|time| time.earliest().to_string());
        let date = date.unwrap_or_default();
        let rest = WIDTH - 2 - STATE - DATE - 6 - if with_points { POINTS + 2 } else { 0 };
        let (name, why) = (rest / 2, rest - rest / 2);
        let mut columns = vec![left(state, STATE), left(label, name)];
        if with_points {
            columns.push(right(points, POINTS));
        }
        columns.extend([left(reason, why), left(&date, DATE)]);
        text.push_str(&row(2, &columns));
    }
    for flag in &item.flags {
        text.push_str(&paragraph("           ! ", &flag.effect));
    }
    text
}

fn citation(one: &Assessment) -> String {
    let doi = one.citation.doi.as_ref().map(|doi| format!(", doi {doi}"));
    format!("{}{}", one.citation.text, doi.unwrap_or_default())
}

/// A sentence as part of another: its first letter small, unless the word is an abbreviation.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
