//! The reports of one source in memory, in the form in which they are counted: for every report its
//! substances with their roles, and its terms.

pub mod blocks;
pub mod facts;
pub(crate) mod indicated;
pub(crate) mod indications;
mod kept;
pub mod memory;
#[cfg(test)]
pub(crate) mod of_ids;
pub mod region;
pub mod rows;
pub mod strata;

#[cfg(test)]
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ListArray, StringArray, UInt32Array, UInt64Array};
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::incidence::{Entries, pack, unpack};
use iatro_reports::lake::schema::Table;
use iatro_reports::{Error, SourceKind};
use rayon::prelude::*;

use self::kept::Kept;
use self::rows::Rows;
use crate::columns::{column, defect};
use crate::count::bits::Bits;

/// The bit of a drug row without a role.
pub use iatro_reports::lake::incidence::NO_ROLE as ROLE_UNKNOWN;

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
    /// The roles, as bits of [`Role::bit`](iatro_reports::model::codes::Role::bit).
    pub roles: u8,
}

impl Exposure {
    /// From the form in which it is kept and in which the lake has it.
    fn unpacked(entry: u32) -> Self {
        let (substance, roles) = unpack(entry);
        Self { substance, roles }
    }
}

/// Lists of unequal length behind one another: `of(i)` is the list of report `i`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn start(&self, at: usize) -> u32 {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    pub(crate) fn of(&self, at: usize) -> &[u32] {
        &self.items[self.start(at) as usize..self.ends[at] as usize]
    }

    /// The lists of a range of reports alone.
    #[cfg(test)]
    fn slice(&self, range: Range<usize>) -> Self {
        let first = self.start(range.start);
        let ends: Vec<u32> = self.ends[range].iter().map(|end| end - first).collect();
        let length = ends.last().copied().unwrap_or(0);
        Self { ends, items: self.items[first as usize..(first + length) as usize].to_vec() }
    }

    fn close(&mut self) -> Result<(), Error> {
        let end =
            u32::try_from(self.items.len()).map_err(|_| too_many(self.len(), self.items.len()))?;
        self.ends.push(end);
        Ok(())
    }
}

impl From<Entries> for Lists {
    fn from(Entries { ends, items }: Entries) -> Self {
        Self { ends, items }
    }
}

/// The reports of one source.
#[derive(Clone, Debug)]
pub struct Corpus {
    source: SourceKind,
    first_report: u64,
    /// Packed.
    exposures: Lists,
    events: Lists,
    substances: Arc<[Substance]>,
    terms: Arc<[Term]>,
    rows: Rows,
    kept: Arc<Kept>,
}

impl Corpus {
    /// Loads the reports of a source from a snapshot.
    ///
    /// # Errors
    /// A usage error if the snapshot has no reports of it; what the lake says if it is damaged.
    pub fn load(snapshot: &Snapshot, source: SourceKind) -> Result<Self, Error> {
        let Dictionaries { substances, terms } = dictionaries(snapshot)?;
        let reports = snapshot.manifest().extent_of(source, Table::Report.name());
        if reports.rows == 0 {
            return Err(Error::usage(
                iatro_reports::Place::from(snapshot.folder()),
                format!("no {} reports in this lake", source.title()),
                "`iatro lake show` lists what it holds.",
            ));
        }
        let (exposures, events) = rayon::join(
            || snapshot.entries(Table::Exposure, source),
            || snapshot.entries(Table::Reaction, source),
        );
        let corpus = Self {
            source,
            first_report: reports.offset,
            exposures: exposures?.into(),
            events: events?.into(),
            substances,
            terms,
            rows: Rows::Lake(Box::new(snapshot.clone())),
            kept: Arc::default(),
        };
        corpus.with_known_ids()
    }

    /// Some of the reports alone, without the rows behind them.
    #[cfg(test)]
    pub(crate) fn slice(&self, places: Range<usize>) -> Self {
        Self {
            first_report: self.report_id(places.start),
            exposures: self.exposures.slice(places.clone()),
            events: self.events.slice(places),
            rows: Rows::Memory(Box::default()),
            kept: Arc::default(),
            ..self.clone()
        }
    }

    /// The corpus, if reports and entries can be numbered, and every id that its reports name is in its
    /// dictionaries.
    fn with_known_ids(self) -> Result<Self, Error> {
        if self.reports() > MOST || self.reports() != self.events.len() {
            return Err(too_many(self.reports(), self.exposures.items.len()));
        }
        let largest =
            |items: &[u32]| items.par_chunks(1 << 20).filter_map(|c| c.iter().max()).max().copied();
        let substance =
            largest(&self.exposures.items).map(|entry| Exposure::unpacked(entry).substance);
        if substance.is_some_and(|id| id as usize >= self.substances.len()) {
            return Err(defect("a report names a substance that is not in the dictionary"));
        }
        if largest(&self.events.items).is_some_and(|id| id as usize >= self.terms.len()) {
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
    pub fn exposures(
        &self,
        place: usize,
    ) -> impl ExactSizeIterator<Item = Exposure> + Clone + use<'_> {
        self.exposures.of(place).iter().map(|entry| Exposure::unpacked(*entry))
    }

    /// The number of the first entry of a report among the entries of all reports; the others of the
    /// report follow it. What is set aside is named by this number.
    pub fn first_exposure(&self, place: usize) -> u64 {
        u64::from(self.exposures.start(place))
    }

    /// The number of the entry of a substance on a report.
    pub(crate) fn entry_of(&self, place: usize, substance: u32) -> Option<u32> {
        let within = self.exposures(place).position(|entry| entry.substance == substance)?;
        u32::try_from(self.first_exposure(place) + within as u64).ok()
    }

    /// The entry with a number.
    pub(crate) fn entry(&self, number: u32) -> Option<Exposure> {
        self.exposures.items.get(number as usize).copied().map(Exposure::unpacked)
    }

    /// The entries with these numbers, ascending, with the places of their reports; a number beyond the last is of none.
    pub(crate) fn entries<'c>(
        &'c self,
        numbers: impl Iterator<Item = u32> + 'c,
    ) -> impl Iterator<Item = (u32, usize, Exposure)> + 'c {
        let ends = &self.exposures.ends;
        let mut place = 0;
        numbers.map_while(move |number| {
            let entry = self.exposures.items.get(number as usize)?;
            // The report is near that of the number before: looked for in steps that grow.
            let mut step = 1;
            while ends.get(place + step).is_some_and(|end| *end <= number) {
                place += step;
                step *= 2;
            }
            let upper = ends.len().min(place + step);
            place += ends.get(place..upper)?.partition_point(|end| *end <= number);
            Some((number, place, Exposure::unpacked(*entry)))
        })
    }

    /// Distinct event terms of a report, by id.
    pub fn events(&self, place: usize) -> &[u32] {
        self.events.of(place)
    }

    /// Whether a report has one of these terms.
    pub(crate) fn has_any(&self, place: usize, terms: &Bits) -> bool {
        self.events(place).iter().any(|term| terms.contains(*term as usize))
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

/// What can be numbered: sets of whole words of 64 bits have numbers of 32 bits.
const MOST: usize = u32::MAX as usize - 64;

/// Reports that count and entries that are set aside are sets of numbers of 32 bits; a number beyond them would
/// be in none.
fn too_many(reports: usize, entries: usize) -> Error {
    Error::usage(
        iatro_reports::Place::from(std::path::Path::new("corpus")),
        format!(
            "{reports} reports with {entries} substances or terms; at most {MOST} of each can be counted"
        ),
        "Make a lake of fewer reports.",
    )
}

/// Substance ids of every name id.
fn substances_of_names(snapshot: &Snapshot) -> Result<Lists, Error> {
    let mut lists = Lists::default();
    for batch in snapshot.read(Table::Name, &["substance_ids"])? {
        let batch = batch?;
        let ids = column::<ListArray>(&batch, "substance_ids")?;
        for row in 0..ids.len() {
            let of_name = ids.value(row);
            let wrong = || defect("substance_ids has another type");
            let of_name = of_name.as_any().downcast_ref::<UInt32Array>().ok_or_else(wrong)?;
            lists.items.extend_from_slice(of_name.values());
            lists.close()?;
        }
    }
    Ok(lists)
}

/// The entries of a report in memory, packed; a substance beyond those that can be packed is given none.
fn packed(mut pending: Vec<Exposure>) -> impl Iterator<Item = u32> {
    merge_exposures(&mut pending);
    pending.into_iter().filter_map(|entry| pack(entry.substance, entry.roles))
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

/// The substances and the terms of a lake; the id is the place.
pub(crate) struct Dictionaries {
    pub(crate) substances: Arc<[Substance]>,
    pub(crate) terms: Arc<[Term]>,
}

/// The dictionaries of a snapshot.
pub(crate) fn dictionaries(snapshot: &Snapshot) -> Result<Dictionaries, Error> {
    if !snapshot.manifest().is_consistent() {
        return Err(defect("the manifest does not give its dataset id"));
    }
    Ok(Dictionaries {
        substances: load_substances(snapshot)?.into(),
        terms: load_terms(snapshot)?.into(),
    })
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
}
