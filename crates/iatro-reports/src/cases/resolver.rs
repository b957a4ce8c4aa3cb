//! From the sightings of a case to the fates of its reports.

use std::sync::{Mutex, PoisonError};

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::buckets::Buckets;
use super::{Fate, Fates};
use crate::error::{Error, Result};
use crate::lake::build::defect;
use crate::part::{Sighting, SourceKind, VersionRank};

/// The last period in which a case of a source was withdrawn.
pub(super) type Withdrawn = HashMap<(SourceKind, u64), u16, FixedState>;

/// The place of a part in the order of the lake, and what of it decides fates.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartOrder {
    pub(super) source: SourceKind,
    /// Order of the part's period within its source.
    pub(super) period: u16,
    pub(super) reports: usize,
}

/// Words of a stored sighting: what orders the versions of a case stands first, so that sorting the
/// words sorts by case, source, rank, part and report.
pub(super) type Record = [u64; 6];

pub(super) fn record(source: SourceKind, sighting: &Sighting, part: u64, report: u32) -> Record {
    let VersionRank { modern, version, received, period, native } = sighting.rank;
    // Days before 1970 sort before those after it.
    let received = u64::from(received.cast_unsigned() ^ (1 << 31));
    [
        sighting.case,
        (source as u64) << 40 | u64::from(modern) << 32 | u64::from(version),
        received << 16 | u64::from(period),
        native,
        part << 32 | u64::from(report),
        sighting.duplicate_key,
    ]
}

/// The part and the place in it.
fn place([_, _, _, _, place, _]: &Record) -> (usize, usize) {
    let [part, report] = [place >> 32, place & u64::from(u32::MAX)];
    (usize::try_from(part).unwrap_or(usize::MAX), usize::try_from(report).unwrap_or(usize::MAX))
}

/// Decides the fates of reports, case by case.
pub(super) struct Resolver {
    /// The parts, in the order of the lake.
    pub(super) parts: Vec<PartOrder>,
    pub(super) withdrawn: Withdrawn,
    pub(super) fates: Fates,
}

impl Resolver {
    /// Sets the fates of the last versions among sorted sightings, and collects the keys of the
    /// current ones; returns how many sightings there were.
    pub(super) fn resolve(
        &self,
        sightings: &[Record],
        duplicates: &Mutex<Buckets<1>>,
    ) -> Result<u64> {
        let mut keys = Vec::new();
        let source = |seen: &Record| seen[1] >> 40;
        for versions in sightings.chunk_by(|a, b| (a[0], source(a)) == (b[0], source(b))) {
            let Some(last) = versions.last() else { continue };
            let fate = self.fate_of_last(versions, last)?;
            let (part, report) = place(last);
            self.fates.set(part, report, fate).ok_or_else(no_such_report)?;
            if fate == Fate::Current && last[5] != 0 {
                keys.push(last[5]);
            }
        }
        let mut duplicates = duplicates.lock().unwrap_or_else(PoisonError::into_inner);
        keys.into_iter().try_for_each(|key| duplicates.push(key, [key]))?;
        Ok(sightings.len() as u64)
    }

    fn fate_of_last(&self, versions: &[Record], last: &Record) -> Result<Fate> {
        let part = |seen: &Record| self.parts.get(place(seen).0);
        let last_seen = versions.iter().filter_map(part).map(|part| part.period).max();
        let source = part(last).ok_or_else(no_such_report)?.source;
        let withdrawn = self.withdrawn.get(&(source, last[0])).copied();
        let gone = withdrawn.is_some() && withdrawn >= last_seen;
        Ok(if gone { Fate::Withdrawn } else { Fate::Current })
    }
}

fn no_such_report() -> Error {
    defect("a sighting of no report")
}
