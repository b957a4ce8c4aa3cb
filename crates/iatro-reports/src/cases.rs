//! Which version of a case is current, which are superseded, which cases are withdrawn.
//!
//! Of the versions of a case the one with the greatest [`VersionRank`](crate::part::VersionRank) is
//! current. A withdrawal counts if its period is not before the last sighting of the case; a later
//! sighting revives it.

use hashbrown::HashMap;

use crate::part::{Sighting, VersionRank};

/// What becomes of a report.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Fate {
    /// The report stands for its case.
    Current,
    /// A later version stands for the case.
    Superseded,
    /// The source has withdrawn the case.
    Withdrawn,
}

impl Fate {
    /// What stands in `history/report.parquet`; a current report has none.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Current => None,
            Self::Superseded => Some("superseded"),
            Self::Withdrawn => Some("deleted"),
        }
    }
}

/// What decides the fates of one part.
#[derive(Debug, Default)]
pub(crate) struct PartSightings {
    /// In the order of the part's reports.
    pub(crate) sightings: Vec<Sighting>,
    /// Withdrawn cases.
    pub(crate) withdrawn: Vec<u64>,
    /// Order of the part's period within its source.
    pub(crate) period: u16,
}

/// A sighting with its place, small enough to sort tens of millions of them.
#[derive(Clone, Copy)]
struct Placed {
    sighting: Sighting,
    part: u32,
    row: u32,
}

impl Placed {
    /// By case, then rank; of equal ranks the later row stands.
    fn order(&self) -> (u64, VersionRank, u32, u32) {
        (self.sighting.case, self.sighting.rank, self.part, self.row)
    }
}

/// The fate of every report of every part of one source.
pub(crate) fn resolve(parts: &[PartSightings]) -> Vec<Vec<Fate>> {
    let mut fates: Vec<Vec<Fate>> =
        parts.iter().map(|part| vec![Fate::Superseded; part.sightings.len()]).collect();
    let withdrawn = last_withdrawals(parts);
    let mut placed = place(parts);
    placed.sort_unstable_by_key(Placed::order);
    for versions in placed.chunk_by(|a, b| a.sighting.case == b.sighting.case) {
        let Some(best) = versions.last() else { continue };
        let period = |seen: &Placed| parts[seen.part as usize].period;
        let last_seen = versions.iter().map(period).max().unwrap_or_default();
        let gone = withdrawn.get(&best.sighting.case).is_some_and(|&period| period >= last_seen);
        let fate = if gone { Fate::Withdrawn } else { Fate::Current };
        fates[best.part as usize][best.row as usize] = fate;
    }
    fates
}

fn last_withdrawals(parts: &[PartSightings]) -> HashMap<u64, u16, foldhash::fast::FixedState> {
    let mut last: HashMap<u64, u16, foldhash::fast::FixedState> = HashMap::default();
    for part in parts {
        for &case in &part.withdrawn {
            let period = last.entry(case).or_insert(part.period);
            *period = part.period.max(*period);
        }
    }
    last
}

fn place(parts: &[PartSightings]) -> Vec<Placed> {
    let rows = parts.iter().map(|part| part.sightings.len()).sum();
    let mut placed = Vec::with_capacity(rows);
    for (part, sightings) in (0_u32..).zip(parts) {
        let with_place = (0_u32..).zip(&sightings.sightings);
        placed.extend(with_place.map(|(row, &sighting)| Placed { sighting, part, row }));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(case: u64, rank: VersionRank) -> Sighting {
        Sighting { case, rank, duplicate_key: 0 }
    }

    fn modern(version: u32, received: i32, period: u16, native: u64) -> VersionRank {
        VersionRank { modern: true, version, received, period, native }
    }

    fn legacy(received: i32, native: u64) -> VersionRank {
        VersionRank { modern: false, version: 0, received, period: 0, native }
    }

    fn part(period: u16, sightings: &[Sighting], withdrawn: &[u64]) -> PartSightings {
        PartSightings { sightings: sightings.to_vec(), withdrawn: withdrawn.to_vec(), period }
    }

    #[test]
    fn version_ten_beats_version_nine() {
        let parts =
            [part(40, &[seen(7, modern(10, 5, 40, 710)), seen(7, modern(9, 6, 40, 79))], &[])];
        assert_eq!(resolve(&parts), [[Fate::Current, Fate::Superseded]]);
    }

    #[test]
    fn ties_go_by_receipt_then_period_then_id() {
        let by_receipt =
            [part(40, &[seen(7, modern(2, 9, 40, 1)), seen(7, modern(2, 8, 40, 2))], &[])];
        assert_eq!(resolve(&by_receipt), [[Fate::Current, Fate::Superseded]]);
        let by_period = [
            part(40, &[seen(7, modern(2, 9, 40, 72))], &[]),
            part(41, &[seen(7, modern(2, 9, 41, 72))], &[]),
        ];
        assert_eq!(resolve(&by_period), [[Fate::Superseded], [Fate::Current]]);
        let by_id = [part(40, &[seen(7, modern(2, 9, 40, 1)), seen(7, modern(2, 9, 40, 2))], &[])];
        assert_eq!(resolve(&by_id), [[Fate::Superseded, Fate::Current]]);
    }

    #[test]
    fn what_senders_number_alike_decides_nothing() {
        for keys in [[1, 2], [2, 1], [0, 0]] {
            let seen = |key| Sighting { duplicate_key: key, ..seen(7, modern(2, 9, 40, 72)) };
            let parts = [part(40, &keys.map(seen), &[])];
            assert_eq!(resolve(&parts), [[Fate::Superseded, Fate::Current]]);
        }
    }

    #[test]
    fn any_modern_sighting_beats_legacy() {
        let parts = [
            part(34, &[seen(7, legacy(900, 999_999_999))], &[]),
            part(36, &[seen(7, modern(1, 100, 36, 71))], &[]),
        ];
        assert_eq!(resolve(&parts), [[Fate::Superseded], [Fate::Current]]);
    }

    #[test]
    fn legacy_goes_by_receipt_then_isr() {
        let parts = [part(
            3,
            &[seen(7, legacy(10, 5)), seen(7, legacy(10, 6)), seen(7, legacy(9, 7))],
            &[],
        )];
        assert_eq!(resolve(&parts), [[Fate::Superseded, Fate::Current, Fate::Superseded]]);
    }

    #[test]
    fn a_higher_isr_beats_a_later_legacy_quarter_of_the_same_receipt() {
        let earlier = part(3, &[seen(7, legacy(10, 6))], &[]);
        let parts = [earlier, part(4, &[seen(7, legacy(10, 5))], &[])];
        assert_eq!(resolve(&parts), [[Fate::Current], [Fate::Superseded]]);
        let [earlier, later] = parts;
        // It was last seen in the later quarter: an older withdrawal is over.
        let withdrawn = |period| part(period, &[], &[7]);
        let fates = |at: u16| {
            let again = |p: &PartSightings| part(p.period, &p.sightings, &[]);
            resolve(&[again(&earlier), again(&later), withdrawn(at)])[0][0]
        };
        assert_eq!((fates(3), fates(4)), (Fate::Current, Fate::Withdrawn));
    }

    #[test]
    fn a_withdrawal_wins_until_the_case_is_seen_again() {
        let first = part(60, &[seen(7, modern(1, 1, 60, 71))], &[]);
        let same_quarter = [part(60, &[seen(7, modern(1, 1, 60, 71))], &[7])];
        assert_eq!(resolve(&same_quarter), [[Fate::Withdrawn]]);
        let later = [first, part(61, &[], &[7])];
        assert_eq!(resolve(&later)[0], [Fate::Withdrawn]);
        let [first, withdrawal] = later;
        let revived = [first, withdrawal, part(62, &[seen(7, modern(2, 2, 62, 72))], &[])];
        assert_eq!(resolve(&revived), [vec![Fate::Superseded], vec![], vec![Fate::Current]]);
    }
}
