//! DRUG, REAC, INDI, OUTC, RPSR and THER: rows that belong to a report of the same quarter.

use hashbrown::HashMap;

use super::header::Header;
use super::layout::{CASE, ID};
use super::places::ReportPlaces;
use super::rows::{Row, RowSink};
use super::values;
use crate::model::codes::{self, Role};
use crate::part::{
    Coding, DrugRow, Drugs, EventRow, Events, IndicationRow, Indications, NameRef, Symbols,
    Therapies, TherapyRow,
};
use crate::quarantine::{Reason, TableLog};
use crate::text::tidy;
use crate::values::identifier;

/// Finds the report of a child row.
pub(crate) struct Owner<'p> {
    id: Option<usize>,
    case: Option<usize>,
    places: &'p ReportPlaces,
    /// The report found last.
    last: u32,
}

impl<'p> Owner<'p> {
    fn new(header: &Header, places: &'p ReportPlaces) -> Self {
        Self { id: header.column(ID), case: header.column(CASE), places, last: 0 }
    }

    fn of(&mut self, row: &Row<'_>) -> Result<u32, Reason> {
        let id = identifier(row.get(self.id))?;
        let case = || identifier(row.get(self.case)).ok();
        self.last = self.places.find(id, self.last, case)?;
        Ok(self.last)
    }
}

fn required(text: &str) -> Result<&str, Reason> {
    if text.is_empty() { Err(Reason::Blank) } else { Ok(text) }
}

fn sequence(text: &str) -> Result<Option<u64>, Reason> {
    if text.is_empty() { Ok(None) } else { identifier(text).map(Some) }
}

/// Reads DRUG.
pub(crate) struct DrugSink<'p> {
    owner: Owner<'p>,
    seq: Option<usize>,
    role: Option<usize>,
    name: Option<usize>,
    ingredients: Option<usize>,
    route: Option<usize>,
    dose: Option<usize>,
    lot: Option<usize>,
    dechallenge: Option<usize>,
    rechallenge: Option<usize>,
    pub(crate) drugs: Drugs,
    /// The names of the drugs.
    pub(crate) symbols: Symbols,
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
            route: column("route"),
            dose: column("dose_vbm"),
            lot: header.column(&["lot_num", "lot_nbr"]),
            dechallenge: column("dechal"),
            rechallenge: column("rechal"),
            drugs: Drugs::default(),
            symbols: Symbols::default(),
        }
    }
}

impl RowSink for DrugSink<'_> {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let stated = tidy(row.get(self.ingredients));
        let verbatim = tidy(row.get(self.name));
        // A row that names its ingredient but not its product is still a drug.
        let verbatim: &str = if verbatim.is_empty() { &stated } else { &verbatim };
        required(verbatim)?;
        let seq = sequence(row.get(self.seq))?;
        let code = row.get(self.role);
        let role = Role::from_code(code);
        if role.is_none() && !code.is_empty() {
            log.issue(row.line, "role_cod", Reason::UnknownCode, code.as_bytes());
        }
        let coding = if stated.is_empty() { Coding::NameOnly } else { Coding::Ingredients };
        let drug = DrugRow {
            seq,
            role,
            name: self.symbols.name_ref(NameRef { verbatim, stated: &stated, coding }),
            manufacturer: "",
            route: row.get(self.route),
            dose: row.get(self.dose),
            lot: row.get(self.lot),
            dechallenge: row.get(self.dechallenge),
            rechallenge: row.get(self.rechallenge),
        };
        self.drugs.push(owner, &drug);
        Ok(())
    }
}

/// Distinct spellings of one table.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    list: Vec<String>,
    ids: HashMap<String, u32, foldhash::fast::FixedState>,
}

impl Terms {
    /// The symbols of the spellings, in their order.
    pub(crate) fn symbols(&self, symbols: &mut Symbols) -> Vec<u32> {
        self.list.iter().map(|spelling| symbols.term(spelling)).collect()
    }

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

/// Reads REAC.
pub(crate) struct ReactionSink<'p> {
    owner: Owner<'p>,
    term: Option<usize>,
    recurred: Option<usize>,
    /// With places in `terms` for symbols.
    pub(crate) events: Events,
    pub(crate) terms: Terms,
}

impl<'p> ReactionSink<'p> {
    pub(crate) fn new(header: &Header, places: &'p ReportPlaces) -> Self {
        Self {
            owner: Owner::new(header, places),
            term: header.column(&["pt"]),
            recurred: header.column(&["drug_rec_act"]),
            events: Events::default(),
            terms: Terms::default(),
        }
    }
}

impl RowSink for ReactionSink<'_> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let term = self.terms.id(required(&tidy(row.get(self.term)))?);
        let recurred = tidy(row.get(self.recurred));
        self.events.push(owner, &EventRow { term, dictionary_version: "", recurred: &recurred });
        Ok(())
    }
}

/// Reads INDI.
pub(crate) struct IndicationSink<'p> {
    owner: Owner<'p>,
    term: Option<usize>,
    seq: Option<usize>,
    /// With places in `terms` for symbols.
    pub(crate) indications: Indications,
    pub(crate) terms: Terms,
}

impl<'p> IndicationSink<'p> {
    pub(crate) fn new(header: &Header, places: &'p ReportPlaces) -> Self {
        Self {
            owner: Owner::new(header, places),
            term: header.column(&["indi_pt"]),
            seq: header.column(&["indi_drug_seq", "drug_seq"]),
            indications: Indications::default(),
            terms: Terms::default(),
        }
    }
}

impl RowSink for IndicationSink<'_> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let owner = self.owner.of(row)?;
        let text = tidy(row.get(self.term));
        let text = required(&text)?;
        let drug_seq = sequence(row.get(self.seq))?;
        self.indications.push(owner, IndicationRow { drug_seq, term: self.terms.id(text) });
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

/// Reads THER.
pub(crate) struct CourseSink<'p> {
    owner: Owner<'p>,
    seq: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    duration: Option<usize>,
    unit: Option<usize>,
    last_year: u16,
    pub(crate) therapies: Therapies,
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
            therapies: Therapies::default(),
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
        let duration_unit = row.get(self.unit);
        let course = TherapyRow { drug_seq: seq, start, end, duration, duration_unit };
        self.therapies.push(owner, &course);
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
    fn a_blank_sequence_is_unknown_and_another_text_is_not_one() {
        assert_eq!(sequence(""), Ok(None));
        assert_eq!(sequence("1004492716"), Ok(Some(1_004_492_716)));
        assert_eq!(sequence("one"), Err(Reason::BadIdentifier));
    }
}
