//! A case laid out as rows: one a drug, instrument and question; a drug that is not assessed has one row with the reason.

use iatro_clinical::Decimal;
use iatro_clinical::causality::{
    AnswerRow, Basis, CaseCausality, DayInterval, DrugCausality, InstrumentAnswer,
};

use super::{category, completeness};
use crate::answer::{Cell, Kind, Rows};

const COLUMNS: [(&str, Kind); 28] = [
    ("case", Kind::Text),
    ("event", Kind::Text),
    ("drug", Kind::Text),
    ("name", Kind::Text),
    ("assessed", Kind::Text),
    ("reason_assessed", Kind::Text),
    ("days_from_first_start_min", Kind::Number),
    ("days_from_first_start_max", Kind::Number),
    ("completeness", Kind::Number),
    ("instrument", Kind::Text),
    ("variant", Kind::Text),
    ("applicable", Kind::Text),
    ("category", Kind::Text),
    ("reachable", Kind::Text),
    ("points_as_published", Kind::Number),
    ("points_min", Kind::Number),
    ("points_max", Kind::Number),
    ("points_ceiling", Kind::Number),
    ("not_validated", Kind::Text),
    ("instrument_status", Kind::Text),
    ("question", Kind::Text),
    ("text", Kind::Text),
    ("answer", Kind::Text),
    ("basis", Kind::Text),
    ("points", Kind::Number),
    ("reason", Kind::Text),
    ("row", Kind::Text),
    ("source", Kind::Text),
];

/// Cells of a question; as many are missing where there is none.
const OF_QUESTION: usize = 8;
/// Cells of an instrument.
const OF_INSTRUMENT: usize = 11;

pub(super) fn of(causality: &CaseCausality) -> Rows {
    let mut rows = Rows::new(&COLUMNS);
    for drug in &causality.drugs {
        let own = drug_cells(causality, drug);
        if drug.instruments.is_empty() {
            rows.push([own.clone(), vec![Cell::Missing; OF_INSTRUMENT + OF_QUESTION]].concat());
        }
        for answer in &drug.instruments {
            let instrument = [own.clone(), instrument_cells(answer)].concat();
            if answer.questions.is_empty() {
                rows.push([instrument.clone(), vec![Cell::Missing; OF_QUESTION]].concat());
            }
            for question in &answer.questions {
                rows.push([instrument.clone(), question_cells(question)].concat());
            }
        }
    }
    rows.note = Some(format!("{} {}", causality.rule, causality.notice));
    rows
}

fn drug_cells(causality: &CaseCausality, drug: &DrugCausality) -> Vec<Cell> {
    let days = drug.latency.from_first_start;
    let cell = |of: fn(DayInterval) -> i64| {
        days.map_or(Cell::Missing, |days| number(Decimal::from(of(days))))
    };
    vec![
        causality.case.as_str().into(),
        causality.event.as_str().into(),
        drug.id.as_str().into(),
        drug.name.as_str().into(),
        if drug.standing.assessed { "yes" } else { "no" }.into(),
        drug.standing.reason.as_str().into(),
        cell(|days| days.min),
        cell(|days| days.max),
        completeness::score(&drug.completeness).into(),
    ]
}

fn instrument_cells(answer: &InstrumentAnswer) -> Vec<Cell> {
    let reachable: Vec<&str> = answer.reachable.iter().map(|one| one.label.as_str()).collect();
    let points = |of: fn(&iatro_clinical::causality::Points) -> Decimal| {
        answer.points.as_ref().map_or(Cell::Missing, |points| number(of(points)))
    };
    vec![
        answer.id.as_str().into(),
        answer.variant.clone().into(),
        answer.applicable.word().into(),
        category(answer).into(),
        if reachable.is_empty() { Cell::Missing } else { reachable.join(" | ").into() },
        answer.points.as_ref().and_then(|points| points.as_published).map(number).into(),
        points(|points| points.min),
        points(|points| points.max),
        points(|points| points.ceiling),
        answer.not_validated.into(),
        answer.evidence_status.word().into(),
    ]
}

fn question_cells(question: &AnswerRow) -> Vec<Cell> {
    let basis = match question.basis {
        Basis::Stated => "stated",
        Basis::Derived => "derived",
        Basis::Unknown => "unknown",
    };
    let row = Some(question.row.as_str()).filter(|row| !row.is_empty());
    vec![
        question.id.as_str().into(),
        question.text.as_str().into(),
        question.answer.as_str().into(),
        basis.into(),
        question.points.map_or(Cell::Missing, number),
        question.reason.as_str().into(),
        row.into(),
        question.source.clone().into(),
    ]
}

/// Points and days are short decimals: the same numbers in binary to every digit that is shown.
fn number(decimal: Decimal) -> Cell {
    f64::try_from(decimal).map_or(Cell::Missing, Cell::from)
}
