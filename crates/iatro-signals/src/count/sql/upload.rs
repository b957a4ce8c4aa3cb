//! What goes to the engine beside the text: sets of reports as words of 64 bits, strata as planes of such words, and
//! entries that are no exposures as pairs of ids. All in pieces of bounded size.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use roaring::RoaringBitmap;

use super::engine::SqlEngine;
use super::error::{SessionError, SessionErrorKind};
use super::text::{WORD, union_of};
use crate::count::{CountError, Selection, StratumOf};

/// What a plan asks for beyond the tables, as the text refers to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Uploaded {
    /// Reports that count, as (word, bits); `None` for all.
    pub(super) words: Option<Set>,
    /// Entries that are no exposures, as (r, s); `None` if there are none.
    pub(super) set_aside: Option<String>,
}

/// A set of reports on the engine.
#[derive(Clone, Debug)]
pub(super) enum Set {
    /// No report at all.
    Empty,
    /// A query for its words.
    Words(String),
}

impl SqlEngine<'_> {
    /// Sends what a selection consists of.
    pub(super) fn send(&self, selection: &Selection) -> Result<Uploaded, CountError> {
        let words = match &selection.reports {
            None => None,
            Some(reports) => Some(self.send_set(reports)?),
        };
        Ok(Uploaded { words, set_aside: self.send_set_aside(&selection.set_aside)? })
    }

    fn send_set(&self, reports: &RoaringBitmap) -> Result<Set, CountError> {
        let mut words: BTreeMap<i64, u64> = BTreeMap::new();
        for place in reports {
            *words.entry(i64::from(place) >> 6).or_default() |= 1 << (place & 63);
        }
        if words.is_empty() {
            return Ok(Set::Empty);
        }
        let numbers: Vec<i64> = words.keys().copied().collect();
        let bits: Vec<i64> = words.values().map(|bits| bits.cast_signed()).collect();
        Ok(Set::Words(self.put("words", &[("word", numbers), ("bits", bits)])?))
    }

    fn send_set_aside(&self, entries: &RoaringBitmap) -> Result<Option<String>, CountError> {
        if entries.is_empty() {
            return Ok(None);
        }
        let corpus = self.corpus.ok_or(CountError::SetAside { entries: entries.len() })?;
        let (mut reports, mut substances) = (Vec::new(), Vec::new());
        for (_, place, entry) in corpus.entries(entries.iter()) {
            reports.push(corpus.report_id(place).cast_signed());
            substances.push(i64::from(entry.substance));
        }
        if reports.is_empty() {
            return Ok(None);
        }
        self.put("set_aside", &[("r", reports), ("s", substances)]).map(Some)
    }

    /// Sends the stratum of every report as planes: a column for each of its bits. `None` where the one stratum
    /// there is needs none.
    pub(super) fn send_strata(&self, strata: StratumOf<'_>) -> Result<Option<Planes>, CountError> {
        let planes = bits_of(strata.strata);
        if planes == 0 || strata.of.is_empty() {
            return Ok(None);
        }
        let words = strata.of.chunks(WORD as usize);
        let plane = |bit: u32| words.clone().map(|word| plane_of(word, bit)).collect();
        let names: Vec<String> = (0..planes).map(|bit| format!("b{bit}")).collect();
        let mut columns: Vec<(&str, Vec<i64>)> = vec![("word", (0..).take(words.len()).collect())];
        columns.extend(names.iter().zip(0..planes).map(|(name, bit)| (name.as_str(), plane(bit))));
        Ok(Some(Planes { query: self.put("strata", &columns)?, planes }))
    }

    /// Sends columns of equal length in pieces; returns the query for their rows.
    pub(super) fn put(
        &self,
        table: &str,
        columns: &[(&str, Vec<i64>)],
    ) -> Result<String, CountError> {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        let step = (self.piece / columns.len().max(1)).max(1);
        let mut pieces = Vec::new();
        for (number, from) in (0..rows).step_by(step).enumerate() {
            let part = |(name, values): &(&str, Vec<i64>)| {
                let values = values.iter().skip(from).take(step).copied();
                ((*name).to_owned(), Arc::new(Int64Array::from_iter_values(values)) as ArrayRef)
            };
            let name = self.tables.name(&format!("{table}_{number}"));
            let batch = RecordBatch::try_from_iter(columns.iter().map(part)).map_err(|error| {
                SessionError::new(
                    SessionErrorKind::Query,
                    self.session.name(),
                    "sending rows",
                    error,
                )
            })?;
            self.session.put(&name, &batch)?;
            pieces.push(name);
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        Ok(union_of(&pieces, &names.join(", ")))
    }
}

/// Strata on the engine.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    /// A query for the rows: a word's number and its planes.
    pub(super) query: String,
    planes: u32,
}

impl Planes {
    /// The stratum of a report; `bit` gives the text of its bit in a column.
    pub(super) fn stratum(&self, bit: impl Fn(&str) -> String) -> String {
        let weighed = |plane: u32| format!("{} * {}", bit(&format!("p.b{plane}")), 1_u64 << plane);
        (0..self.planes).map(weighed).collect::<Vec<_>>().join(" + ")
    }
}

/// Bits that tell so many strata apart.
fn bits_of(strata: usize) -> u32 {
    strata.checked_sub(1).map_or(0, |largest| usize::BITS - largest.leading_zeros())
}

/// One bit of up to 64 strata.
fn plane_of(word: &[u32], bit: u32) -> i64 {
    let bits = word.iter().zip(0..).fold(0_u64, |bits, (stratum, at): (&u32, u32)| {
        bits | (u64::from(stratum >> bit & 1) << at)
    });
    bits.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_are_told_apart_by_as_few_planes_as_do() {
        let bits = [0, 1, 2, 3, 4, 5, 64, 65].map(bits_of);
        assert_eq!(bits, [0, 0, 1, 2, 2, 3, 6, 7]);
    }

    #[test]
    fn a_plane_has_a_bit_for_every_report_of_its_word() {
        assert_eq!(plane_of(&[1, 2, 3, 0, 1], 0), 0b10101);
        assert_eq!(plane_of(&[1, 2, 3, 0, 1], 1), 0b00110);
        assert_eq!(plane_of(&[1; 64], 0), -1);
    }
}
