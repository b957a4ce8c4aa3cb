//! Substances that a report lists because the event was there first: no exposures by default.
//!
//! An entry is set aside if every row of the substance on that report, in the roles that count, was given
//! for the event (its indication is one of the event's terms), or is a listed therapy of the event on a
//! report of the event and was started on or after the onset. A therapy without both dates stays an exposure;
//! the bench has a check that leaves it out.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::Error;
use iatro_reports::model::date::{PartialDate, Precision};
use roaring::RoaringBitmap;
use serde::Serialize;

use super::substance_ids;
use crate::columns::defect;
use crate::corpus::Corpus;
use crate::corpus::facts::Fact;
use crate::corpus::rows::{IndicationRow, Wanted};
use crate::count::Plan;
use crate::count::bits::Bits;

/// Why an entry is no exposure.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The report says that it was given for the event.
    EventAsIndication,
    /// It is a therapy of the event, and was started on or after the onset.
    TherapyAfterOnset,
}

/// The entries set aside of one substance.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SetAsideSubstance {
    /// The substance.
    pub substance: String,
    /// Reports on which it was given for the event.
    pub event_as_indication: u64,
    /// Reports on which it is a therapy that was started on or after the onset; a report that also says
    /// that it was given for the event counts there.
    pub therapy_after_onset: u64,
    /// Of both, reports with the event.
    pub cases: u64,
}

/// What was set aside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetAside {
    /// The entries, by number.
    pub entries: RoaringBitmap,
    /// Reports on which the event is an indication of any drug, whatever its role.
    pub event_indicated: RoaringBitmap,
    /// By substance, most entries first, then by name.
    pub substances: Vec<SetAsideSubstance>,
}

/// What speaks for setting an entry aside: over all rows of the substance on the report.
#[derive(Clone, Copy)]
struct Entry {
    reason: Option<Reason>,
    /// A row of it stands for another use or an earlier start.
    kept: bool,
}

/// Reports of which a row may come to be set aside for an event: those with one of its terms, as an event or as an
/// indication.
pub(crate) fn places_with(corpus: &Corpus, terms: &Bits) -> Result<Bits, Error> {
    let mut places = Bits::where_holds(corpus.reports(), |place| corpus.has_any(place, terms));
    let given = |row: IndicationRow, found: &mut Vec<usize>| {
        found.extend(terms.contains(row.term as usize).then_some(row.place));
    };
    let indicated = corpus.indications()?.map(given);
    indicated.into_iter().filter_map(index).for_each(|place| places.insert(place));
    Ok(places)
}

impl SetAside {
    /// Reads what is set aside for a plan. The study's therapies are those of its own event: for any other,
    /// give none.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn read<'n>(
        corpus: &Corpus,
        therapies: impl IntoIterator<Item = &'n str>,
        plan: &Plan,
    ) -> Result<Self, Error> {
        let indicated = drugs_given_for_event(corpus, plan)?;
        let onsets = onsets(corpus, plan)?;
        let therapies = substance_ids(corpus, therapies);
        let mut found: BTreeMap<(usize, u32), Entry> = BTreeMap::new();
        // Of these reports alone a row can come to be set aside, so of them every row is kept in mind.
        let mut places: BTreeSet<usize> = indicated.iter().map(|(place, _)| *place).collect();
        if !therapies.is_empty() {
            places.extend(onsets.keys());
        }
        let last = places.last().and_then(|place| index(*place));
        let places = Bits::new(places.into_iter().filter_map(index), last);
        let drugs = corpus.dated_drugs(&places)?;
        for row in drugs.of(&places).filter(|row| row.role & plan.roles != 0) {
            let for_event = indicated.contains(&(row.place, row.seq));
            let late = therapies.binary_search(&row.substance).is_ok()
                && starts_after(row.start, onsets.get(&row.place).copied());
            let reason = if for_event {
                Some(Reason::EventAsIndication)
            } else {
                late.then_some(Reason::TherapyAfterOnset)
            };
            let entry = found
                .entry((row.place, row.substance))
                .or_insert(Entry { reason: None, kept: false });
            entry.kept |= reason.is_none();
            entry.reason = match (entry.reason, reason) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            };
        }
        let event_indicated = indicated.iter().filter_map(|(place, _)| index(*place)).collect();
        Self::of(corpus, plan, &found, event_indicated)
    }

    fn of(
        corpus: &Corpus,
        plan: &Plan,
        found: &BTreeMap<(usize, u32), Entry>,
        event_indicated: RoaringBitmap,
    ) -> Result<Self, Error> {
        let of_event = plan.terms_of_event();
        let mut set_aside = Self { event_indicated, ..Self::default() };
        let mut by_substance: BTreeMap<u32, SetAsideSubstance> = BTreeMap::new();
        for (&(place, substance), entry) in found {
            let Some(reason) = entry.reason.filter(|_| !entry.kept) else { continue };
            let entry = corpus.entry_of(place, substance);
            let missing = || defect("a drug row is not among the entries of its report");
            set_aside.entries.insert(entry.ok_or_else(missing)?);
            let counted = by_substance.entry(substance).or_insert_with(|| SetAsideSubstance {
                substance: corpus.substances()[substance as usize].name.clone(),
                event_as_indication: 0,
                therapy_after_onset: 0,
                cases: 0,
            });
            match reason {
                Reason::EventAsIndication => counted.event_as_indication += 1,
                Reason::TherapyAfterOnset => counted.therapy_after_onset += 1,
            }
            counted.cases += u64::from(corpus.has_any(place, &of_event));
        }
        set_aside.substances = by_substance.into_values().collect();
        let size = |s: &SetAsideSubstance| s.event_as_indication + s.therapy_after_onset;
        set_aside
            .substances
            .sort_by(|x, y| size(y).cmp(&size(x)).then_with(|| x.substance.cmp(&y.substance)));
        Ok(set_aside)
    }
}

/// The drugs that were given for the event, by report and number. An indication without a drug number says
/// nothing about which drug it belongs to, unless drugs have no numbers there.
fn drugs_given_for_event(
    corpus: &Corpus,
    plan: &Plan,
) -> Result<BTreeSet<(usize, Option<u64>)>, Error> {
    let of_event = plan.terms_of_event();
    let given = |row: IndicationRow, found: &mut Vec<(usize, Option<u64>)>| {
        let is_of_event = of_event.contains(row.term as usize);
        found.extend(is_of_event.then_some((row.place, row.seq)));
    };
    Ok(corpus.indications()?.map(given).into_iter().collect())
}

/// When the event began, on the reports of the event that say so.
fn onsets(corpus: &Corpus, plan: &Plan) -> Result<BTreeMap<usize, PartialDate>, Error> {
    let of_event = plan.terms_of_event();
    let mut onsets = BTreeMap::new();
    // Both ways lead to the same dates.
    if let Some(facts) = corpus.facts_at_hand() {
        let dates = facts.event_dates();
        let is_dated = |place: usize| dates[place].is_some() && corpus.has_any(place, &of_event);
        let dated = Bits::where_holds(dates.len(), is_dated);
        let onset = |place: u32| Some((place as usize, dates[place as usize]?));
        return Ok(dated.iter().filter_map(onset).collect());
    }
    let dated = |place, fact: Fact<'_>, found: &mut Vec<(usize, PartialDate)>| {
        found.extend(fact.event_date.map(|date| (place, date)));
    };
    let wanted = |place| corpus.has_any(place, &of_event);
    corpus.map_facts(Wanted::Few(&wanted), &dated, &mut |found| onsets.extend(found.drain(..)))?;
    Ok(onsets)
}

/// Whether the start is certainly on or after the onset. Of a month or year only its first day is known not
/// to be later, so the onset must be over by the first day on which the start can lie; dates that name the
/// same month and no day leave it open.
fn starts_after(start: Option<PartialDate>, onset: Option<PartialDate>) -> bool {
    match (start, onset) {
        (Some(start), Some(onset)) if onset.precision() == Precision::Day => {
            start.first_day() >= onset.first_day()
        }
        (Some(start), Some(onset)) => start.first_day() > onset.last_day(),
        _ => false,
    }
}

fn index(place: usize) -> Option<u32> {
    u32::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn date(text: &str) -> Option<PartialDate> {
        Some(PartialDate::from_digits(text, 2030).unwrap())
    }

    #[test]
    fn a_start_counts_as_later_only_if_it_certainly_is() {
        for (start, onset, expected) in [
            ("20240110", "20240110", true),
            ("20240111", "20240110", true),
            ("20240109", "20240110", false),
            ("202401", "20240110", false),
            ("202402", "20240110", true),
            ("2024", "20240110", false),
            ("20240131", "202401", false),
            ("20240201", "202401", true),
            ("20230228", "202302", false),
            ("20230301", "202302", true),
            ("20231231", "2023", false),
            ("20240101", "2023", true),
            ("2024", "2023", true),
            ("202401", "202401", false),
        ] {
            assert_eq!(starts_after(date(start), date(onset)), expected, "{start} {onset}");
        }
        assert!(!starts_after(None, date("2024")) && !starts_after(date("2024"), None));
    }
}
