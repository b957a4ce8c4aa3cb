//! DRUG, REAC, INDI, OUTC, RPSR and THER: rows that belong to a report of the same quarter.

use hashbrown::HashMap;

use super::demo::ReportPlaces;
use super::header::Header;
use super::layout::{CASE, ID};
use super::rows::{Row, RowSink};
use super::values;
use crate::model::codes::{self, Role};
use crate::model::date::PartialDate;
use crate::part::{Coding, Name};
use crate::quarantine::{Reason, TableLog};
use crate::text::tidy;
use crate::values::identifier;

/// Finds the report of a child row.
pub(crate) struct Owner<'p> {
    id: Option<usize>,
    case: Option<usize>,
    places: &'p ReportPlaces,
}

impl<'p> Owner<'p> {
    fn new(header: &Header, places: &'p ReportPlaces) -> Self {
        Self { id: header.column(ID), case: header.column(CASE), places }
    }

    fn of(&self, row: &Row<'_>) -> Result<u32, Reason> {
        let id = identifier(row.get(self.id))?;
        let case = identifier(row.get(self.case)).ok();
        self.places.get(&id).ok_or(Reason::NoReport)?.find(case)
    }
}

fn required(text: &str) -> Result<&str, Reason> {
    if text.is_empty() { Err(Reason::Blank) } else { Ok(text) }
}

fn sequence(text: &str) -> Result<Option<u64>, Reason> {
    if text.is_empty() { Ok(None) } else { identifier(text).map(Some) }
}

/// A drug row, owned, so that tables can be read side by side before they join the part.
#[derive(Debug)]
pub(crate) struct Drug {
    pub(crate) owner: u32,
    pub(crate) seq: Option<u64>,
    pub(crate) role: Option<Role>,
    pub(crate) name: u32,
    /// Route, dose, lot, dechallenge, rechallenge: spans of the sink's text.
    pub(crate) texts: [(u32, u32); 5],
}

/// Reads DRUG.
pub(crate) struct DrugSink<'p> {
    owner: Owner<'p>,
    seq: Option<usize>,
    role: Option<usize>,
    name: Option<usize>,
    ingredients: Option<usize>,
    texts: [Option<usize>; 5],
    pub(crate) rows: Vec<Drug>,
    pub(crate) names: Names,
    pub(crate) text: String,
}

/// Distinct names of one DRUG table.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) list: Vec<Name>,
    ids: HashMap<(String, String), u32, foldhash::fast::FixedState>,
}

impl Names {
    fn id(&mut self, verbatim: &str, stated: &str) -> u32 {
        let key = (verbatim, stated);
        if let Some(&id) = self.ids.get(&Pair(key)) {
            return id;
        }
        let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let coding = if stated.is_empty() { Coding::NameOnly } else { Coding::Ingredients };
        self.list.push(Name { verbatim: verbatim.to_owned(), stated: stated.to_owned(), coding });
        self.ids.insert((verbatim.to_owned(), stated.to_owned()), id);
        id
    }
}

/// A borrowed key that hashes and compares like the owned pair.
#[derive(Hash)]
struct Pair<'a>((&'a str, &'a str));

impl hashbrown::Equivalent<(String, String)> for Pair<'_> {
    fn equivalent(&self, key: &(String, String)) -> bool {
        self.0.0 == key.0 && self.0.1 == key.1
    }
}

impl<'p> DrugSink<'p> {
    pub(crate) fn new(header: &Header, places: &'p ReportPlaces) -> Self {
        let column = |name: &str| header.column(&[name]);
        Self {
            owner: Owner::new(header, places),
            seq: column("drug_seq"),
            role: column("role_cod"),
            name: column("drugname"),
            ingredients: column("prod_ai"),
            texts: [
                column("route"),
                column("dose_vbm"),
                header.column(&["lot_num", "lot_nbr"]),
                column("dechal"),
                column("rechal"),
            ],
            rows: Vec::new(),
            names: Names::default(),
            text: String::new(),
        }
    }

    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        (start, u32::try_from(self.text.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn text(&self, (start, end): (u32, u32)) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl RowSink for DrugSink<'_> {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let stated = tidy(row.get(self.ingredients));
        let verbatim = tidy(row.get(self.name));
        // A row that names its ingredient but not its product is still a drug.
        let verbatim = if verbatim.is_empty() { stated.clone() } else { verbatim };
        required(&verbatim)?;
        let seq = sequence(row.get(self.seq))?;
        let code = row.get(self.role);
        let role = Role::from_code(code);
        if role.is_none() && !code.is_empty() {
            log.issue(row.line, "role_cod", Reason::UnknownCode, code.as_bytes());
        }
        let name = self.names.id(&verbatim, &stated);
        let texts = self.texts.map(|column| self.keep(row.get(column)));
        self.rows.push(Drug { owner, seq, role, name, texts });
        Ok(())
    }
}

/// Rows of REAC or INDI: a term, and the drug it belongs to or what came back.
pub(crate) struct TermSink<'p> {
    owner: Owner<'p>,
    term: Option<usize>,
    seq: Option<usize>,
    recurred: Option<usize>,
    pub(crate) rows: Vec<TermRow>,
    pub(crate) terms: Terms,
}

/// A term of a report.
#[derive(Debug)]
pub(crate) struct TermRow {
    pub(crate) owner: u32,
    pub(crate) term: u32,
    pub(crate) seq: Option<u64>,
    /// Index into the recurrence texts, which share the term list; `None` when blank.
    pub(crate) recurred: Option<u32>,
}

/// Distinct spellings of one table.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    pub(crate) list: Vec<String>,
    ids: HashMap<String, u32, foldhash::fast::FixedState>,
}

impl Terms {
    fn id(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.to_owned());
        self.ids.insert(text.to_owned(), id);
        id
    }
}

impl<'p> TermSink<'p> {
    pub(crate) fn new(header: &Header, places: &'p ReportPlaces) -> Self {
        Self {
            owner: Owner::new(header, places),
            term: header.column(&["pt", "indi_pt"]),
            seq: header.column(&["indi_drug_seq", "drug_seq"]),
            recurred: header.column(&["drug_rec_act"]),
            rows: Vec::new(),
            terms: Terms::default(),
        }
    }
}

impl RowSink for TermSink<'_> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let text = tidy(row.get(self.term));
        let term = self.terms.id(required(&text)?);
        let seq = sequence(row.get(self.seq))?;
        let recurred = tidy(row.get(self.recurred));
        let recurred = (!recurred.is_empty()).then(|| self.terms.id(&recurred));
        self.rows.push(TermRow { owner, term, seq, recurred });
        Ok(())
    }
}

/// Reads OUTC or RPSR: a code that becomes a bit of its report.
pub(crate) struct CodeSink<'p> {
    owner: Owner<'p>,
    code: Option<usize>,
    read: fn(&str) -> Option<u16>,
    pub(crate) rows: Vec<(u32, u16)>,
}

impl<'p> CodeSink<'p> {
    pub(crate) fn outcomes(header: &Header, places: &'p ReportPlaces) -> Self {
        Self {
            owner: Owner::new(header, places),
            code: header.column(&["outc_cod", "outc_code"]),
            read: codes::outcome_bit,
            rows: Vec::new(),
        }
    }

    pub(crate) fn report_sources(header: &Header, places: &'p ReportPlaces) -> Self {
        Self {
            owner: Owner::new(header, places),
            code: header.column(&["rpsr_cod"]),
            read: codes::report_source_bit,
            rows: Vec::new(),
        }
    }
}

impl RowSink for CodeSink<'_> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let code = required(row.get(self.code))?;
        let bit = (self.read)(code).ok_or(Reason::UnknownCode)?;
        self.rows.push((owner, bit));
        Ok(())
    }
}

/// A course of a drug.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) owner: u32,
    pub(crate) seq: Option<u64>,
    pub(crate) start: Option<PartialDate>,
    pub(crate) end: Option<PartialDate>,
    pub(crate) duration: Option<f64>,
    pub(crate) unit: String,
}

/// Reads THER.
pub(crate) struct CourseSink<'p> {
    owner: Owner<'p>,
    seq: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    duration: Option<usize>,
    unit: Option<usize>,
    last_year: u16,
    pub(crate) rows: Vec<Course>,
}

impl<'p> CourseSink<'p> {
    pub(crate) fn new(header: &Header, places: &'p ReportPlaces, last_year: u16) -> Self {
        let column = |name: &str| header.column(&[name]);
        Self {
            owner: Owner::new(header, places),
            seq: header.column(&["dsg_drug_seq", "drug_seq"]),
            start: column("start_dt"),
            end: column("end_dt"),
            duration: column("dur"),
            unit: column("dur_cod"),
            last_year,
            rows: Vec::new(),
        }
    }
}

impl RowSink for CourseSink<'_> {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let seq = sequence(row.get(self.seq))?;
        let start = values::date(row, self.start, "start_dt", self.last_year, log);
        let end = values::date(row, self.end, "end_dt", self.last_year, log);
        let text = row.get(self.duration);
        let duration = text.parse().ok().filter(|d: &f64| d.is_finite() && *d >= 0.0);
        if duration.is_none() && !text.is_empty() {
            log.issue(row.line, "dur", Reason::BadNumber, text.as_bytes());
        }
        let unit = row.get(self.unit).to_owned();
        self.rows.push(Course { owner, seq, start, end, duration, unit });
        Ok(())
    }
}

/// Columns of the child tables that are known but not kept.
pub(crate) const NOT_KEPT: &[&str] = &[
    "val_vbm",
    "cum_dose_chr",
    "cum_dose_unit",
    "exp_dt",
    "nda_num",
    "dose_amt",
    "dose_unit",
    "dose_form",
    "dose_freq",
];

/// Columns of the child tables that are read.
pub(crate) const READ: &[&str] = &[
    "primaryid",
    "isr",
    "caseid",
    "case",
    "drug_seq",
    "dsg_drug_seq",
    "indi_drug_seq",
    "role_cod",
    "drugname",
    "prod_ai",
    "route",
    "dose_vbm",
    "lot_num",
    "lot_nbr",
    "dechal",
    "rechal",
    "pt",
    "indi_pt",
    "drug_rec_act",
    "outc_cod",
    "outc_code",
    "rpsr_cod",
    "start_dt",
    "end_dt",
    "dur",
    "dur_cod",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_another_ingredient_is_another_name() {
        let mut names = Names::default();
        assert_eq!(names.id("SEPTRA", ""), 0);
        assert_eq!(names.id("SEPTRA", "TRIMETHOPRIM"), 1);
        assert_eq!(names.id("SEPTRA", ""), 0);
        assert_eq!(names.list[0].coding, Coding::NameOnly);
        assert_eq!(names.list[1].coding, Coding::Ingredients);
    }

    #[test]
    fn a_blank_sequence_is_unknown_and_another_text_is_not_one() {
        assert_eq!(sequence(""), Ok(None));
        assert_eq!(sequence("1004492716"), Ok(Some(1_004_492_716)));
        assert_eq!(sequence("one"), Err(Reason::BadIdentifier));
    }
}
