//! The cases behind a number, each tied to its row in the files.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::{
    Array, Date32Array, Float64Array, StringArray, UInt16Array, UInt32Array, UInt64Array,
};
use iatro_reports::Error;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::schema::Table;
use iatro_reports::model::codes::outcome_names;
use iatro_reports::model::date::{PartialDate, Precision};
use serde::Serialize;

use crate::columns::column;
use crate::corpus::Corpus;
use crate::count::Plan;

/// A drug of a case, as the report names it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CaseDrug {
    /// The verbatim name.
    pub verbatim: String,
    /// The role code, if the report gives one.
    pub role: Option<String>,
    /// The earliest start, as precise as reported.
    pub start: Option<String>,
    /// Why it was given.
    pub indications: Vec<String>,
}

/// A case behind a number. What the report does not say is `None` or empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseReport {
    /// The id within the snapshot.
    pub report_id: u64,
    /// The source's id of the report.
    pub native_id: String,
    /// The source's id of the case.
    pub case_id: Option<String>,
    /// The version of the case.
    pub version: Option<u32>,
    /// The quarter, year or file it came in.
    pub period: String,
    /// The line in its table.
    pub line: Option<u32>,
    /// When the source received it.
    pub received: Option<String>,
    /// When the event happened.
    pub event_date: Option<String>,
    /// Age in years.
    pub age_years: Option<f64>,
    /// F or M.
    pub sex: Option<String>,
    /// Country as the report states it.
    pub country: Option<String>,
    /// Who reported.
    pub reporter: Option<String>,
    /// Outcomes in words.
    pub outcomes: Vec<&'static str>,
    /// The first report of a cluster with the same sender and number, if there is one.
    pub duplicate_cluster: Option<u64>,
    /// The event terms that made it a case.
    pub event_terms: Vec<String>,
    /// All its other terms.
    pub other_terms: Vec<String>,
    /// All its drugs.
    pub drugs: Vec<CaseDrug>,
}

/// Loads the cases at these places of a corpus.
pub(crate) fn load(
    snapshot: &Snapshot,
    corpus: &Corpus,
    plan: &Plan,
    places: &[usize],
) -> Result<Vec<CaseReport>, Error> {
    let wanted: BTreeSet<u64> = places.iter().map(|&place| corpus.report_id(place)).collect();
    let mut cases = reports(snapshot, corpus, &wanted)?;
    for (case, &place) in cases.iter_mut().zip(places) {
        for &term in corpus.events(place) {
            let name = corpus.terms()[term as usize].name.clone();
            let is_event = plan.event_terms.binary_search(&term).is_ok();
            if is_event { &mut case.event_terms } else { &mut case.other_terms }.push(name);
        }
    }
    let mut drugs = drugs(snapshot, corpus, &wanted)?;
    for case in &mut cases {
        case.drugs = drugs.remove(&case.report_id).unwrap_or_default();
    }
    Ok(cases)
}

const REPORT_COLUMNS: [&str; 17] = [
    "report_id",
    "native_id",
    "case_id",
    "version",
    "period",
    "line",
    "received",
    "received_precision",
    "event_date",
    "event_date_precision",
    "age_years",
    "sex",
    "country",
    "reporter",
    "outcomes",
    "duplicate_cluster",
    "occurred_country",
];

fn reports(
    snapshot: &Snapshot,
    corpus: &Corpus,
    wanted: &BTreeSet<u64>,
) -> Result<Vec<CaseReport>, Error> {
    let mut cases = Vec::new();
    for batch in snapshot.read_source(Table::Report, corpus.source(), &REPORT_COLUMNS)? {
        let batch = batch?;
        let ids = column::<UInt64Array>(&batch, "report_id")?;
        let text = |name| column::<StringArray>(&batch, name);
        let number = |name| column::<UInt32Array>(&batch, name);
        let outcomes = column::<UInt16Array>(&batch, "outcomes")?;
        let ages = column::<Float64Array>(&batch, "age_years")?;
        let clusters = column::<UInt64Array>(&batch, "duplicate_cluster")?;
        for row in (0..batch.num_rows()).filter(|&row| wanted.contains(&ids.value(row))) {
            let said = |name| text(name).map(|column| known(column, row));
            let country = match said("occurred_country")? {
                Some(country) => Some(country),
                None => said("country")?,
            };
            cases.push(CaseReport {
                report_id: ids.value(row),
                native_id: said("native_id")?.unwrap_or_default(),
                case_id: said("case_id")?,
                version: number("version").map(|c| c.is_valid(row).then(|| c.value(row)))?,
                period: said("period")?.unwrap_or_default(),
                line: number("line").map(|c| c.is_valid(row).then(|| c.value(row)))?,
                received: date(&batch, "received", row)?,
                event_date: date(&batch, "event_date", row)?,
                age_years: ages.is_valid(row).then(|| ages.value(row)),
                sex: said("sex")?,
                country,
                reporter: said("reporter")?,
                outcomes: outcome_names(outcomes.value(row)),
                duplicate_cluster: clusters.is_valid(row).then(|| clusters.value(row)),
                event_terms: Vec::new(),
                other_terms: Vec::new(),
                drugs: Vec::new(),
            });
        }
    }
    Ok(cases)
}

const DRUG_COLUMNS: [&str; 6] = ["report_id", "seq", "role", "name_id", "start", "start_precision"];

fn drugs(
    snapshot: &Snapshot,
    corpus: &Corpus,
    wanted: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Vec<CaseDrug>>, Error> {
    let names = names(snapshot)?;
    let mut indications = indications(snapshot, corpus, wanted)?;
    let mut drugs: BTreeMap<u64, Vec<CaseDrug>> = BTreeMap::new();
    for batch in snapshot.read_source(Table::Drug, corpus.source(), &DRUG_COLUMNS)? {
        let batch = batch?;
        let ids = column::<UInt64Array>(&batch, "report_id")?;
        let seqs = column::<UInt64Array>(&batch, "seq")?;
        let roles = column::<StringArray>(&batch, "role")?;
        let name_ids = column::<UInt32Array>(&batch, "name_id")?;
        for row in (0..batch.num_rows()).filter(|&row| wanted.contains(&ids.value(row))) {
            let key = (ids.value(row), seqs.is_valid(row).then(|| seqs.value(row)));
            drugs.entry(ids.value(row)).or_default().push(CaseDrug {
                verbatim: names.get(name_ids.value(row) as usize).cloned().unwrap_or_default(),
                role: known(roles, row),
                start: date(&batch, "start", row)?,
                indications: indications.remove(&key).unwrap_or_default(),
            });
        }
    }
    Ok(drugs)
}

type Indications = BTreeMap<(u64, Option<u64>), Vec<String>>;

fn indications(
    snapshot: &Snapshot,
    corpus: &Corpus,
    wanted: &BTreeSet<u64>,
) -> Result<Indications, Error> {
    let mut found = Indications::new();
    let columns = ["report_id", "drug_seq", "term_id"];
    for batch in snapshot.read_source(Table::Indication, corpus.source(), &columns)? {
        let batch = batch?;
        let ids = column::<UInt64Array>(&batch, "report_id")?;
        let seqs = column::<UInt64Array>(&batch, "drug_seq")?;
        let terms = column::<UInt32Array>(&batch, "term_id")?;
        for row in (0..batch.num_rows()).filter(|&row| wanted.contains(&ids.value(row))) {
            let key = (ids.value(row), seqs.is_valid(row).then(|| seqs.value(row)));
            let term = corpus.terms()[terms.value(row) as usize].name.clone();
            found.entry(key).or_default().push(term);
        }
    }
    Ok(found)
}

fn names(snapshot: &Snapshot) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for batch in snapshot.read(Table::Name, &["verbatim"])? {
        let batch = batch?;
        let verbatim = column::<StringArray>(&batch, "verbatim")?;
        names.extend(verbatim.iter().map(|name| name.unwrap_or_default().to_owned()));
    }
    Ok(names)
}

fn known(column: &StringArray, row: usize) -> Option<String> {
    column.is_valid(row).then(|| column.value(row).to_owned())
}

fn date(batch: &arrow_array::RecordBatch, name: &str, row: usize) -> Result<Option<String>, Error> {
    let days = column::<Date32Array>(batch, name)?;
    let precision = column::<StringArray>(batch, &format!("{name}_precision"))?;
    let precision = known(precision, row).and_then(|name| Precision::from_name(&name));
    let date = precision
        .filter(|_| days.is_valid(row))
        .and_then(|precision| PartialDate::from_first_day(days.value(row), precision));
    Ok(date.map(|date| date.to_string()))
}
