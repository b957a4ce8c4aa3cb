//! One instrument: what it says, and each item with what it rests on.

use iatro_clinical::Decimal;
use iatro_clinical::assess::{Assessment, Evidence, ItemResult, Report, Verdict};
use iatro_clinical::evidence::EvidenceStatus;
use iatro_clinical::logic::Ternary;
use iatro_clinical::observable;
use iatro_clinical::when::When;

use super::super::super::columns::{
    WIDTH, clause, left, lines, paragraph, right, row, stacked, title,
};
use super::words;

const STATE: usize = 7;
const POINTS: usize = 6;
const DATE: usize = 10;

pub(super) fn of(one: &Assessment, most: &Report) -> String {
    let unverified = one.evidence_status == EvidenceStatus::Unverified;
    let label = if unverified { " [rests on unverified facts]" } else { "" };
    let mut text = title(&format!("{} ({}){label}", one.name, one.id));
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
    match (one.verdict, rule) {
        (Verdict::None, None) => {}
        (Verdict::None, Some(rule)) => line("Verdict", &format!("none{rule}")),
        (verdict, rule) => {
            line("Verdict", &format!("{}{}", words::verdict(verdict), rule.unwrap_or_default()));
        }
    }
    let published = one.as_published.map(|total| format!("; as published, {total}"));
    line("Total", &format!("{}{}", words::score(one, most), published.unwrap_or_default()));
    if !one.categories.is_empty() {
        line("Category", &one.categories.join(" or "));
    }
    if let Some(probability) = &one.probability {
        let between = probability.min.interpolated || probability.max.interpolated;
        let how = if between { ", interpolated between rows of the published table" } else { "" };
        line(
            "Probability",
            &format!("{} of {}{how}", words::probability(probability), probability.of),
        );
    }
    let applies = match one.applicability.state {
        Ternary::Met => String::new(),
        Ternary::NotMet => format!("no; only for: {}", one.applicability.label),
        Ternary::Unknown => format!("not known; only for: {}", one.applicability.label),
    };
    line("Population", &format!("{}; {}", clause(&one.population), one.not_validated));
    if !applies.is_empty() {
        line("Applies", &applies);
    }
    text
}

/// Items with points only where not every item counts one.
fn items(one: &Assessment) -> String {
    let one_each = one
        .items
        .iter()
        .all(|item| item.points.max <= Decimal::ONE && item.points.min >= Decimal::ZERO);
    let mut text = String::from("\n");
    for item in &one.items {
        text.push_str(&item_rows(item, !one_each));
    }
    text.push('\n');
    text
}

fn item_rows(item: &ItemResult, with_points: bool) -> String {
    let unverified = item.evidence_status == EvidenceStatus::Unverified;
    let label =
        if unverified { format!("{} [unverified]", item.label) } else { item.label.clone() };
    let rest = WIDTH - 2 - STATE - DATE - 6 - if with_points { POINTS + 2 } else { 0 };
    let (name, why) = (rest / 2, rest - rest / 2);
    let (mut reasons, mut dates) = (Vec::new(), Vec::new());
    for (reason, date) in grounds(item) {
        let wrapped = lines(&reason, why);
        dates.push(date);
        dates.extend(wrapped.iter().skip(1).map(|_| String::new()));
        reasons.extend(wrapped);
    }
    let mut columns = vec![left(item.state.word(), STATE), left(&label, name)];
    if with_points {
        columns.push(right(&words::interval(item.points), POINTS));
    }
    columns.extend([stacked(reasons, why), stacked(dates, DATE)]);
    let mut text = row(2, &columns);
    for flag in &item.flags {
        text.push_str(&paragraph("           ! ", &flag.effect));
    }
    text
}

/// What an item rests on, with its day: each observation; what was not observed in one line.
fn grounds(item: &ItemResult) -> Vec<(String, String)> {
    let first = item.evidence.first().map(|one| &one.observable);
    let several = item.evidence.iter().any(|one| Some(&one.observable) != first);
    let named = |one: &Evidence| match observable::find(&one.observable) {
        Some(known) if several => format!("{}: ", known.label),
        _ => String::new(),
    };
    let (missing, found): (Vec<&Evidence>, Vec<&Evidence>) =
        item.evidence.iter().partition(|one| one.observation.is_none() && one.reason == NOTHING);
    let mut grounds: Vec<(String, String)> = found
        .iter()
        .map(|one| {
            let date = one.time.map(day).unwrap_or_default();
            (format!("{}{}", named(one), said(one)), date)
        })
        .collect();
    let labels: Vec<&str> = missing
        .iter()
        .filter_map(|one| observable::find(&one.observable))
        .map(|known| known.label.as_str())
        .collect();
    match labels.as_slice() {
        [] if missing.is_empty() => {}
        _ if !several => grounds.push((NOTHING.to_owned(), String::new())),
        labels => grounds.push((format!("{NOTHING}: {}", labels.join("; ")), String::new())),
    }
    grounds
}

/// As the engine says it of an observable that the window does not have.
const NOTHING: &str = "not observed";

/// The day, month or year of a time; the hour matters to nobody here.
fn day(time: When) -> String {
    let text = time.to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

/// The reason, with the value before it where the reason lacks it.
fn said(one: &Evidence) -> String {
    let begins = |word: &str| one.reason.starts_with(word);
    let words = match &one.value {
        Some(value) if begins("is ") || begins("leaves ") => format!("{value} {}", one.reason),
        _ => shortened(&one.reason),
    };
    // Ids of choices and the remarks that stand for a unit are no words.
    words.replace('_', " ").replace(" {score}", "")
}

/// `39 Cel is not > 39.4 Cel; 39 Cel is >= 38.4 Cel` says its value once.
fn shortened(reason: &str) -> String {
    let mut parts = reason.split("; ");
    let first = parts.next().unwrap_or_default();
    let value = first.split(" is ").next().unwrap_or_default();
    let mut text = first.to_owned();
    for part in parts.filter(|part| *part != value) {
        let again = part.strip_prefix(value).filter(|rest| rest.starts_with(" is "));
        text.push_str(&again.map_or_else(|| format!("; {part}"), |rest| format!(",{rest}")));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_said_once_and_nothing_is_lost() {
        assert_eq!(
            shortened("39 Cel is not > 39.4 Cel; 39 Cel is >= 38.4 Cel"),
            "39 Cel is not > 39.4 Cel, is >= 38.4 Cel"
        );
        assert_eq!(shortened("brief is not prolonged; brief"), "brief is not prolonged");
        for as_it_is in ["not observed; 5 U/L of 2026 lies outside of the window", "present", ""] {
            assert_eq!(shortened(as_it_is), as_it_is);
        }
    }

    #[test]
    fn a_sentence_begins_small_inside_another_and_an_abbreviation_does_not() {
        assert_eq!(lower("At least five"), "at least five");
        assert_eq!(lower("HLH disease"), "HLH disease");
        assert_eq!(lower("A score"), "a score");
    }
}
