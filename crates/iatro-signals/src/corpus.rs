//! The reports of one source in memory, in the form in which they are counted: for every report its
//! substances with their roles, and its terms.

pub mod facts;
pub mod memory;
#[cfg(test)]
pub(crate) mod of_ids;
pub mod region;
pub mod rows;
pub mod strata;

use std::ops::Range;

use arrow_array::{Array, ListArray, StringArray, UInt32Array, UInt64Array};
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::schema::Table;
use iatro_reports::model::codes::Role;
use iatro_reports::{Error, SourceKind};

use self::rows::Rows;
use crate::columns::{column, defect};

/// The bit of a drug row without a role.
pub const ROLE_UNKNOWN: u8 = 32;

/// A substance of the lake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Substance {
    /// Its name, as results print it.
    pub name: String,
    /// Its class, if the seed table has one.
    pub class: Option<String>,
}

/// A term of the lake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Term {
    /// Its preferred spelling.
    pub name: String,
    /// How it is compared.
    pub folded: String,
    /// Rows of current reports with it as an event.
    pub event_rows: u64,
    /// First and last dictionary version seen with it.
    pub versions: Option<(String, String)>,
}

/// A substance of a report with the roles it has there.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Exposure {
    /// Its id.
    pub substance: u32,
    /// The roles, as bits of [`Role::bit`].
    pub roles: u8,
}

/// Lists of unequal length behind one another: `of(i)` is the list of report `i`.
#[derive(Clone, Debug)]
pub(crate) struct Lists<T> {
    ends: Vec<u64>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), items: Vec::new() }
    }
}

impl<T> Lists<T> {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn start(&self, at: usize) -> u64 {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    pub(crate) fn of(&self, at: usize) -> &[T] {
        &self.items[to_usize(self.start(at))..to_usize(self.ends[at])]
    }

    fn close(&mut self) {
        self.ends.push(self.items.len() as u64);
    }
}

/// The reports of one source.
#[derive(Clone, Debug)]
pub struct Corpus {
    source: SourceKind,
    first_report: u64,
    exposures: Lists<Exposure>,
    events: Lists<u32>,
    substances: Vec<Substance>,
    terms: Vec<Term>,
    rows: Rows,
}

impl Corpus {
    /// Loads the reports of a source from a snapshot.
    ///
    /// # Errors
    /// A usage error if the snapshot has no reports of it; what the lake says if it is damaged.
    pub fn load(snapshot: &Snapshot, source: SourceKind) -> Result<Self, Error> {
        if !snapshot.manifest().is_consistent() {
            return Err(defect("the manifest does not give its dataset id"));
        }
        let reports = snapshot.manifest().extent_of(source, Table::Report.name());
        if reports.rows == 0 {
            return Err(Error::usage(
                iatro_reports::Place::from(snapshot.folder()),
                format!("no {} reports in this lake", source.title()),
                "`iatro lake show` lists what it holds.",
            ));
        }
        let range = reports.offset..reports.offset + reports.rows;
        let names = substances_of_names(snapshot)?;
        let corpus = Self {
            source,
            first_report: reports.offset,
            exposures: load_exposures(snapshot, source, range.clone(), &names)?,
            events: load_events(snapshot, source, range)?,
            substances: load_substances(snapshot)?,
            terms: load_terms(snapshot)?,
            rows: Rows::Lake(Box::new(snapshot.clone())),
        };
        corpus.with_known_ids()
    }

    /// The corpus, if reports and entries can be numbered, and every id that its reports name is in its
    /// dictionaries.
    fn with_known_ids(self) -> Result<Self, Error> {
        check_numbers(self.exposures.ends.len(), self.exposures.items.len())?;
        let substance = self.exposures.items.iter().map(|exposure| exposure.substance).max();
        if substance.is_some_and(|id| id as usize >= self.substances.len()) {
            return Err(defect("a report names a substance that is not in the dictionary"));
        }
        let term = self.events.items.iter().max();
        if term.is_some_and(|&id| id as usize >= self.terms.len()) {
            return Err(defect("a report names a term that is not in the dictionary"));
        }
        Ok(self)
    }

    /// Where the reports come from.
    pub fn source(&self) -> SourceKind {
        self.source
    }

    /// How many reports there are.
    pub fn reports(&self) -> usize {
        self.exposures.len()
    }

    /// The report_id of the report at a place.
    pub fn report_id(&self, place: usize) -> u64 {
        self.first_report + place as u64
    }

    /// Distinct substances of a report, by id, whatever their roles.
    pub fn exposures(&self, place: usize) -> &[Exposure] {
        self.exposures.of(place)
    }

    /// The number of the first entry of a report among the entries of all reports; the others of the
    /// report follow it. What is set aside is named by this number.
    pub fn first_exposure(&self, place: usize) -> u64 {
        self.exposures.start(place)
    }

    /// The entry with a number, and the place of its report.
    pub(crate) fn entry(&self, number: u32) -> Option<(usize, Exposure)> {
        let entry = self.exposures.items.get(number as usize)?;
        Some((self.exposures.ends.partition_point(|end| *end <= u64::from(number)), *entry))
    }

    /// Distinct event terms of a report, by id.
    pub fn events(&self, place: usize) -> &[u32] {
        self.events.of(place)
    }

    /// The substances; the id is the place.
    pub fn substances(&self) -> &[Substance] {
        &self.substances
    }

    /// The terms; the id is the place.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The ids of a substance by name in any case. There may be several: the dictionary serves every
    /// source of the lake, and a line list keeps its own spelling.
    pub fn find_substances(&self, name: &str) -> Vec<u32> {
        let folded = fold_term(name);
        let named = self.substances.iter().zip(0..);
        named.filter(|(s, _)| fold_term(&s.name) == folded).map(|(_, id)| id).collect()
    }
}

/// Reports that count and entries that are set aside are sets of numbers of 32 bits; a number beyond them would
/// be in none.
fn check_numbers(reports: usize, entries: usize) -> Result<(), Error> {
    let limit = u32::MAX as usize;
    if reports <= limit && entries <= limit {
        return Ok(());
    }
    Err(Error::usage(
        iatro_reports::Place::from(std::path::Path::new("corpus")),
        format!(
            "{reports} reports with {entries} substances; at most {limit} of each can be counted"
        ),
        "Make a lake of fewer reports.",
    ))
}

/// Substance ids of every name id.
fn substances_of_names(snapshot: &Snapshot) -> Result<Lists<u32>, Error> {
    let mut lists = Lists::default();
    for batch in snapshot.read(Table::Name, &["substance_ids"])? {
        let batch = batch?;
        let ids = column::<ListArray>(&batch, "substance_ids")?;
        for row in 0..ids.len() {
            let of_name = ids.value(row);
            let wrong = || defect("substance_ids has another type");
            let of_name = of_name.as_any().downcast_ref::<UInt32Array>().ok_or_else(wrong)?;
            lists.items.extend_from_slice(of_name.values());
            lists.close();
        }
    }
    Ok(lists)
}

fn load_exposures(
    snapshot: &Snapshot,
    source: SourceKind,
    range: Range<u64>,
    names: &Lists<u32>,
) -> Result<Lists<Exposure>, Error> {
    let mut filler = Filler::new(range);
    for batch in snapshot.read_source(Table::Drug, source, &["report_id", "role", "name_id"])? {
        let batch = batch?;
        let reports = column::<UInt64Array>(&batch, "report_id")?;
        let roles = column::<StringArray>(&batch, "role")?;
        let name_ids = column::<UInt32Array>(&batch, "name_id")?;
        for row in 0..batch.num_rows() {
            filler.move_to(reports.value(row), merge_exposures)?;
            let bit = role_bit(roles, row)?;
            let name = name_ids.value(row) as usize;
            if name >= names.len() {
                return Err(defect(&format!("name {name} is not in the dictionary")));
            }
            for &substance in names.of(name) {
                filler.pending.push(Exposure { substance, roles: bit });
            }
        }
    }
    filler.finish(merge_exposures)
}

fn role_bit(roles: &StringArray, row: usize) -> Result<u8, Error> {
    if roles.is_null(row) {
        return Ok(ROLE_UNKNOWN);
    }
    let code = roles.value(row);
    Role::from_code(code).map(Role::bit).ok_or_else(|| defect(&format!("role \"{code}\"")))
}

/// One entry a substance, with the roles of all its rows.
fn merge_exposures(pending: &mut Vec<Exposure>) {
    pending.sort_unstable();
    pending.dedup_by(|next, kept| {
        let same = next.substance == kept.substance;
        if same {
            kept.roles |= next.roles;
        }
        same
    });
}

fn load_events(
    snapshot: &Snapshot,
    source: SourceKind,
    range: Range<u64>,
) -> Result<Lists<u32>, Error> {
    let distinct = |pending: &mut Vec<u32>| {
        pending.sort_unstable();
        pending.dedup();
    };
    let mut filler = Filler::new(range);
    for batch in snapshot.read_source(Table::Event, source, &["report_id", "term_id"])? {
        let batch = batch?;
        let reports = column::<UInt64Array>(&batch, "report_id")?;
        let terms = column::<UInt32Array>(&batch, "term_id")?;
        for (report, term) in reports.values().iter().zip(terms.values()) {
            filler.move_to(*report, distinct)?;
            filler.pending.push(*term);
        }
    }
    filler.finish(distinct)
}

/// Fills lists from rows that are sorted by report; reports without a row get an empty list.
struct Filler<T> {
    range: Range<u64>,
    lists: Lists<T>,
    pending: Vec<T>,
}

impl<T: Copy> Filler<T> {
    fn new(range: Range<u64>) -> Self {
        Self { range, lists: Lists::default(), pending: Vec::new() }
    }

    fn move_to(&mut self, report: u64, tidy: impl Fn(&mut Vec<T>)) -> Result<(), Error> {
        let at = self.range.start + self.lists.len() as u64;
        if report < at || report >= self.range.end {
            return Err(defect(&format!("report {report} is out of order")));
        }
        if report > at {
            self.close_until(report, tidy);
        }
        Ok(())
    }

    fn close_until(&mut self, report: u64, tidy: impl Fn(&mut Vec<T>)) {
        while self.range.start + (self.lists.len() as u64) < report {
            tidy(&mut self.pending);
            self.lists.items.append(&mut self.pending);
            self.lists.close();
        }
    }

    fn finish(mut self, tidy: impl Fn(&mut Vec<T>)) -> Result<Lists<T>, Error> {
        self.close_until(self.range.end, tidy);
        Ok(self.lists)
    }
}

fn load_substances(snapshot: &Snapshot) -> Result<Vec<Substance>, Error> {
    let mut substances = Vec::new();
    for batch in snapshot.read(Table::Substance, &["substance", "class"])? {
        let batch = batch?;
        let names = column::<StringArray>(&batch, "substance")?;
        let classes = column::<StringArray>(&batch, "class")?;
        for (name, class) in names.iter().zip(classes) {
            let name = name.unwrap_or_default().to_owned();
            substances.push(Substance { name, class: class.map(str::to_owned) });
        }
    }
    Ok(substances)
}

fn load_terms(snapshot: &Snapshot) -> Result<Vec<Term>, Error> {
    let columns = ["term", "folded", "event_rows", "first_version", "last_version"];
    let mut terms = Vec::new();
    for batch in snapshot.read(Table::Term, &columns)? {
        let batch = batch?;
        let [names, folded, first, last] = ["term", "folded", "first_version", "last_version"]
            .map(|name| column::<StringArray>(&batch, name));
        let (names, folded, first, last) = (names?, folded?, first?, last?);
        let rows = column::<UInt64Array>(&batch, "event_rows")?;
        for row in 0..batch.num_rows() {
            let known = first.is_valid(row) && last.is_valid(row);
            terms.push(Term {
                name: names.value(row).to_owned(),
                folded: folded.value(row).to_owned(),
                event_rows: rows.value(row),
                versions: known.then(|| (first.value(row).to_owned(), last.value(row).to_owned())),
            });
        }
    }
    Ok(terms)
}

fn to_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_outside_the_dictionaries_is_refused() {
        let corpus = |substance, term| {
            let reports = [(vec![(substance, 1)], vec![term])];
            Corpus::of_ids(&reports, 2, &["Rash", "Fever"]).with_known_ids()
        };
        assert!(corpus(1, 1).is_ok());
        assert!(corpus(2, 1).unwrap_err().to_string().contains("substance"));
        assert!(corpus(1, 2).unwrap_err().to_string().contains("term"));
    }

    #[test]
    fn more_than_can_be_numbered_is_refused() {
        let limit = u32::MAX as usize;
        assert!(check_numbers(limit, limit).is_ok());
        assert!(check_numbers(limit + 1, 0).is_err() && check_numbers(1, limit + 1).is_err());
    }

    #[test]
    fn reports_without_rows_get_empty_lists() {
        let mut filler = Filler::new(10..14);
        let keep = |_: &mut Vec<u32>| {};
        filler.move_to(11, keep).unwrap();
        filler.pending.push(7);
        filler.move_to(13, keep).unwrap();
        filler.pending.push(8);
        assert!(filler.move_to(12, keep).is_err());
        assert!(filler.move_to(14, keep).is_err());
        let lists = filler.finish(keep).unwrap();
        let all: Vec<&[u32]> = (0..lists.len()).map(|at| lists.of(at)).collect();
        assert_eq!(all, [&[][..], &[7], &[], &[8]]);
    }

    #[test]
    fn a_substance_twice_on_a_report_is_one_with_both_roles() {
        let mut rows = vec![
            Exposure { substance: 2, roles: 8 },
            Exposure { substance: 1, roles: 1 },
            Exposure { substance: 2, roles: 1 },
        ];
        merge_exposures(&mut rows);
        assert_eq!(
            rows,
            [Exposure { substance: 1, roles: 1 }, Exposure { substance: 2, roles: 9 }]
        );
    }
}
