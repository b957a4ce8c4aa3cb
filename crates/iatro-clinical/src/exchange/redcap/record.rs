//! A case as a record with repeating instruments.

use serde::Serialize;

use super::field::{ANSWER, COURSE, DRUG, OBSERVATION, TRIGGER, fields, value_field};
use crate::case::{Case, Drug, Trigger};
use crate::observable::{self, Kind};
use crate::observation::{Comparator, Observation, Reading};
use crate::when::{Precision, When};

/// A record, and whether all of it was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordCsv {
    /// The CSV, with a header.
    pub text: String,
    /// Rows that the case asks for: one, and one for each observation, trigger, drug, course and answer.
    pub expected: usize,
    /// Rows that a reader of the CSV counts; another number than `expected` means that the export is not whole.
    pub written: usize,
}

/// What a row holds besides the record id: its form and cells.
struct Row {
    form: &'static str,
    instance: usize,
    cells: Vec<(String, String)>,
}

/// Writes a case as one record.
pub fn record(case: &Case) -> RecordCsv {
    let mut rows = vec![patient(case)];
    let each = |form, cells: Vec<Vec<(String, String)>>| {
        cells.into_iter().enumerate().map(move |(at, cells)| Row { form, instance: at + 1, cells })
    };
    rows.extend(each(OBSERVATION, case.observations.iter().map(observation).collect()));
    rows.extend(each(TRIGGER, case.triggers.iter().map(trigger).collect()));
    rows.extend(each(DRUG, case.drugs.iter().map(drug).collect()));
    rows.extend(each(COURSE, case.drugs.iter().flat_map(courses).collect()));
    rows.extend(each(ANSWER, case.drugs.iter().flat_map(answers).collect()));
    let text = csv_text(table(&case.id, &rows).into_iter());
    RecordCsv { expected: expected(case), written: count(&text), text }
}

fn expected(case: &Case) -> usize {
    let per_drug =
        |drug: &Drug| 1 + drug.courses.len() + drug.answers.values().map(Vec::len).sum::<usize>();
    1 + case.observations.len()
        + case.triggers.len()
        + case.drugs.iter().map(per_drug).sum::<usize>()
}

fn count(text: &str) -> usize {
    csv::Reader::from_reader(text.as_bytes()).records().filter(Result::is_ok).count()
}

fn table(id: &str, rows: &[Row]) -> Vec<Vec<String>> {
    let names: Vec<String> = fields().into_iter().map(|field| field.name).collect();
    let mut header = vec![names.first().cloned().unwrap_or_default()];
    header.extend(["redcap_repeat_instrument".to_owned(), "redcap_repeat_instance".to_owned()]);
    header.extend(names.iter().skip(1).cloned());
    let mut table = vec![header];
    for row in rows {
        let cell = |name: &String| {
            let found = row.cells.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let instance = if row.form.is_empty() { String::new() } else { row.instance.to_string() };
        let mut line = vec![id.to_owned(), row.form.to_owned(), instance];
        line.extend(names.iter().skip(1).map(cell));
        table.push(line);
    }
    table
}

/// Rows as CSV; writing into memory has nothing to fail on.
pub(super) fn csv_text(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        if writer.write_record(&row).is_err() {
            return String::new();
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Cells of a row.
#[derive(Default)]
struct Cells(Vec<(String, String)>);

impl Cells {
    fn text(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) {
        self.text(name, value.unwrap_or_default());
    }

    fn number(&mut self, name: &str, value: Option<impl ToString>) {
        self.text(name, &value.map(|value| value.to_string()).unwrap_or_default());
    }

    /// A word of the case's own JSON, such as `tested_negative`.
    fn word(&mut self, name: &str, value: &impl Serialize) {
        let json = serde_json::to_value(value).unwrap_or_default();
        self.text(name, json.as_str().unwrap_or_default());
    }

    fn time(&mut self, name: &str, when: Option<When>) {
        let Some(when) = when else { return };
        let suffix = if when.precision() == Precision::Day { "date" } else { "time" };
        self.text(&format!("{name}_{suffix}"), &when.to_string());
    }
}

fn patient(case: &Case) -> Row {
    let mut cells = Cells::default();
    let (patient, event) = (&case.patient, &case.event);
    cells.time("birth", patient.birth_date);
    cells.number("age", patient.age);
    cells.maybe("age_unit", patient.age_unit.as_deref());
    cells.word("sex", &patient.sex);
    cells.maybe("country", patient.country.as_deref());
    cells.text("event_term", &event.term);
    cells.time("onset", event.onset);
    cells.word("outcome", &event.outcome);
    cells.time("outcome", event.outcome_time);
    cells.maybe("reporter", event.reporter.as_deref());
    cells.maybe("report_type", event.report_type.as_deref());
    cells.maybe("narrative", event.narrative.as_deref());
    Row { form: "", instance: 0, cells: cells.0 }
}

fn observation(row: &Observation) -> Vec<(String, String)> {
    let mut cells = Cells::default();
    cells.text("obs_id", &row.id);
    cells.text("obs_observable", &row.observable);
    cells.time("obs", row.time);
    match row.value {
        Some(reading) if in_catalogue_unit(row, reading) => {
            cells.text(&value_field(&row.observable), &reading.number.to_string());
        }
        reading => {
            cells.number("obs_value", reading);
            cells.maybe("obs_unit", row.unit.as_deref());
        }
    }
    cells.word("obs_present", &row.present);
    cells.maybe("obs_choice", row.choice.as_deref());
    cells.maybe("obs_site", row.site.as_deref());
    cells.number("obs_upper_limit", row.upper_limit);
    cells.number("obs_baseline", row.baseline);
    cells.maybe("obs_assay", row.assay.as_deref());
    cells.maybe("obs_source", row.source.as_deref());
    cells.0
}

/// Whether a number stands in the very unit of its field, letter by letter.
fn in_catalogue_unit(row: &Observation, reading: Reading) -> bool {
    let known = observable::find(&row.observable);
    let unit = known.and_then(|known| match &known.kind {
        Kind::Quantity(kind) => Some(kind.unit.text()),
        _ => None,
    });
    reading.comparator == Comparator::Equal && unit.is_some() && unit == row.unit.as_deref()
}

fn trigger(row: &Trigger) -> Vec<(String, String)> {
    let mut cells = Cells::default();
    cells.text("trig_id", &row.id);
    cells.text("trig_name", &row.name);
    cells.word("trig_status", &row.status);
    cells.word("trig_role", &row.role);
    if !row.mediator_of.is_empty() {
        let list = serde_json::Value::from(row.mediator_of.clone());
        cells.text("trig_mediator_of", &list.to_string());
    }
    cells.time("trig", row.time);
    cells.maybe("trig_source", row.source.as_deref());
    cells.0
}

fn drug(row: &Drug) -> Vec<(String, String)> {
    let mut cells = Cells::default();
    cells.text("drug_id", &row.id);
    cells.text("drug_name", &row.name);
    cells.word("drug_kind", &row.kind);
    cells.word("drug_role", &row.role);
    cells.maybe("drug_indication", row.indication.as_deref());
    if let Some(stopped) = &row.dechallenge {
        cells.word("de_abated", &stopped.abated);
        cells.time("de", stopped.time);
        cells.number("de_days", stopped.days_to_abate);
        cells.word("de_treated", &stopped.with_treatment);
        cells.maybe("de_source", stopped.source.as_deref());
    }
    if let Some(again) = &row.rechallenge {
        cells.word("re_recurred", &again.recurred);
        cells.time("re", again.time);
        cells.maybe("re_source", again.source.as_deref());
    }
    cells.maybe("drug_source", row.source.as_deref());
    cells.0
}

fn courses(drug: &Drug) -> Vec<Vec<(String, String)>> {
    let one = |course: &crate::case::Course| {
        let mut cells = Cells::default();
        cells.text("course_drug", &drug.id);
        cells.time("start", course.start);
        cells.time("stop", course.stop);
        cells.maybe("course_dose", course.dose.as_deref());
        cells.maybe("course_route", course.route.as_deref());
        cells.0
    };
    drug.courses.iter().map(one).collect()
}

fn answers(drug: &Drug) -> Vec<Vec<(String, String)>> {
    let rows = drug.answers.iter().flat_map(|(id, rows)| rows.iter().map(move |row| (id, row)));
    let one = |(instrument, answer): (&String, &crate::case::Answer)| {
        let mut cells = Cells::default();
        cells.text("ans_drug", &drug.id);
        cells.text("ans_instrument", instrument);
        cells.text("ans_question", &answer.question);
        cells.text("ans_answer", &answer.answer);
        cells.maybe("ans_reason", answer.reason.as_deref());
        cells.maybe("ans_source", answer.source.as_deref());
        cells.0
    };
    rows.map(one).collect()
}
