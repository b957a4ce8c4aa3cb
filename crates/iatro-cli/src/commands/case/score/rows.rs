//! A report as rows: one an item and instrument.

use iatro_clinical::Decimal;
use iatro_clinical::assess::{Assessment, Evidence, ItemResult, Probability, Report};

use super::text::words;
use crate::answer::{Cell, Kind, Rows};

const COLUMNS: [(&str, Kind); 26] = [
    ("case", Kind::Text),
    ("window_from", Kind::Text),
    ("window_to", Kind::Text),
    ("instrument", Kind::Text),
    ("verdict", Kind::Text),
    ("score_min", Kind::Number),
    ("score_max", Kind::Number),
    ("as_published", Kind::Number),
    ("categories", Kind::Text),
    ("probability_min", Kind::Text),
    ("probability_max", Kind::Text),
    ("applies", Kind::Text),
    ("instrument_status", Kind::Text),
    ("not_validated", Kind::Text),
    ("item", Kind::Text),
    ("label", Kind::Text),
    ("state", Kind::Text),
    ("points_min", Kind::Number),
    ("points_max", Kind::Number),
    ("observations", Kind::Text),
    ("times", Kind::Text),
    ("values", Kind::Text),
    ("sources", Kind::Text),
    ("reasons", Kind::Text),
    ("flags", Kind::Text),
    ("item_status", Kind::Text),
];

pub(super) fn of(report: &Report) -> Rows {
    let mut rows = Rows::new(&COLUMNS);
    for one in &report.instruments {
        for item in &one.items {
            let mut row = instrument_cells(report, one);
            row.extend(item_cells(item));
            rows.push(row);
        }
    }
    let left_out = (!report.left_out.is_empty()).then(|| words::left_out(&report.left_out));
    let said = [Some(words::NOT_VALIDATED.to_owned()), left_out, Some(report.notice.to_owned())];
    rows.note = Some(said.into_iter().flatten().collect::<Vec<_>>().join(" "));
    rows
}

fn instrument_cells(report: &Report, one: &Assessment) -> Vec<Cell> {
    let day = |day: Option<jiff::civil::Date>| Cell::from(day.map(|day| day.to_string()));
    let probability = |of: fn(&Probability) -> &str| Cell::from(one.probability.as_ref().map(of));
    vec![
        report.case.as_str().into(),
        day(report.window.from),
        day(report.window.to),
        one.id.as_str().into(),
        words::verdict_id(one.verdict).into(),
        number(one.score.min),
        number(one.score.max),
        one.as_published.map_or(Cell::Missing, number),
        some(one.categories.join(" | ")),
        probability(|probability| &probability.min.text),
        probability(|probability| &probability.max.text),
        one.applicability.state.word().into(),
        one.evidence_status.word().into(),
        one.not_validated.into(),
    ]
}

fn item_cells(item: &ItemResult) -> Vec<Cell> {
    let all = |of: fn(&Evidence) -> Option<String>| {
        some(item.evidence.iter().filter_map(of).collect::<Vec<_>>().join("; "))
    };
    let flags: Vec<&str> = item.flags.iter().map(|flag| flag.effect.as_str()).collect();
    vec![
        item.id.as_str().into(),
        item.label.as_str().into(),
        item.state.word().into(),
        number(item.points.min),
        number(item.points.max),
        all(|one| one.observation.clone()),
        all(|one| one.time.map(|time| time.to_string())),
        all(|one| one.value.clone()),
        all(|one| one.source.clone()),
        all(|one| Some(one.reason.clone())),
        some(flags.join("; ")),
        item.evidence_status.word().into(),
    ]
}

/// A text, or nothing where it is empty.
fn some(text: String) -> Cell {
    if text.is_empty() { Cell::Missing } else { Cell::Text(text) }
}

/// Points are short decimals: they are the same number in binary to every digit that is shown.
fn number(decimal: Decimal) -> Cell {
    f64::try_from(decimal).map_or(Cell::Missing, Cell::from)
}
