//! Which version of a case is current, which are superseded, which cases are withdrawn.
//!
//! Of the versions of a case the one with the greatest [`VersionRank`](crate::part::VersionRank) is
//! current. A withdrawal counts if its period is not before the last sighting of the case; a later
//! sighting revives it.
//!
//! Which version is current depends on periods to come, so the sightings of all parts are collected
//! first. They are parted by case and each group is decided by itself.

mod buckets;
mod fates;
mod resolver;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::error::Result;
use crate::lake::build::defect;
use crate::part::{Sighting, SourceKind, Withdrawal};
use buckets::{Bucket, Buckets};
pub(crate) use fates::Fates;
use resolver::{PartOrder, Resolver, Withdrawn, record};

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

/// Collects sightings and withdrawals, and then says what becomes of every report.
///
/// Sightings lie in memory while they are few, and in files when they are many; what stays in memory
/// is two bits a report, some bytes a withdrawn case and the keys of suspected duplicates.
pub(crate) struct Cases {
    parts: Vec<Option<PartOrder>>,
    sightings: Buckets<6>,
    duplicates: Buckets<1>,
    withdrawn: Withdrawn,
}

/// What was found out about all reports.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// Of every report, part by part.
    pub(crate) fates: Fates,
    /// The keys that two or more current reports share, in no particular order.
    pub(crate) shared_keys: Vec<u64>,
}

impl Cases {
    /// For so many parts; files, if any are needed, are made in `folder`.
    pub(crate) fn new(folder: &Path, parts: usize) -> Self {
        Self {
            parts: vec![None; parts],
            sightings: Buckets::new(folder, "case"),
            duplicates: Buckets::new(folder, "duplicate"),
            withdrawn: Withdrawn::default(),
        }
    }

    #[cfg(test)]
    fn with_limit(folder: &Path, parts: usize, bytes: usize) -> Self {
        Self {
            sightings: Buckets::with_limit(folder, "case", bytes),
            duplicates: Buckets::with_limit(folder, "duplicate", bytes),
            ..Self::new(folder, parts)
        }
    }

    /// Adds a part, once; parts may come in any order.
    ///
    /// `part`: its place in the lake. `period`: its order within its source.
    pub(crate) fn add(
        &mut self,
        part: usize,
        (source, period): (SourceKind, u16),
        sightings: &[Sighting],
        withdrawals: &[Withdrawal],
    ) -> Result<()> {
        let order = PartOrder { source, period, reports: sightings.len() };
        let unseen = self.parts.get_mut(part).filter(|known| known.is_none());
        *unseen.ok_or_else(|| defect(&format!("part {part} was sighted twice")))? = Some(order);
        for (report, sighting) in (0..).zip(sightings) {
            self.sightings.push(sighting.case, record(source, sighting, part as u64, report))?;
        }
        for withdrawal in withdrawals {
            let last = self.withdrawn.entry((source, withdrawal.case)).or_insert(period);
            *last = period.max(*last);
        }
        Ok(())
    }

    /// The fate of every report, and the suspected duplicates among the current ones.
    pub(crate) fn resolve(self) -> Result<Resolved> {
        let missing = || defect("a part was not sighted");
        let parts: Vec<PartOrder> =
            self.parts.into_iter().collect::<Option<_>>().ok_or_else(missing)?;
        let fates = Fates::new(parts.iter().map(|part| part.reports));
        let resolver = Resolver { parts, withdrawn: self.withdrawn, fates };
        let duplicates = Mutex::new(self.duplicates);
        let buckets = self.sightings.into_buckets();
        let resolved: Vec<Result<u64>> = buckets
            .into_par_iter()
            .map(|bucket| resolver.resolve(&bucket.read()?, &duplicates))
            .collect();
        let seen: u64 = resolved.into_iter().sum::<Result<u64>>()?;
        let reports: usize = resolver.parts.iter().map(|part| part.reports).sum();
        if seen != reports as u64 {
            return Err(defect(&format!("{reports} reports were sighted, {seen} have a fate")));
        }
        let duplicates = duplicates.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Resolved { fates: resolver.fates, shared_keys: shared(duplicates)? })
    }
}

/// The keys that stand more than once.
fn shared(keys: Buckets<1>) -> Result<Vec<u64>> {
    let of_bucket = |bucket: Bucket<1>| -> Result<Vec<u64>> {
        let keys = bucket.read()?;
        let shared = keys.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        Ok(shared.filter_map(|same| same.first()).map(|[key]| *key).collect())
    };
    let found: Vec<Result<Vec<u64>>> = keys.into_buckets().into_par_iter().map(of_bucket).collect();
    Ok(found.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::lake::store::Staging;
    use crate::part::VersionRank;
    use proptest::prelude::*;

    /// What decides the fates of one part.
    #[derive(Clone, Debug)]
    struct PartSightings {
        sightings: Vec<Sighting>,
        withdrawn: Vec<u64>,
        period: u16,
    }

    fn resolved(parts: &[PartSightings], limit: usize) -> (Vec<Vec<Fate>>, Vec<u64>) {
        let folder = tempfile::tempdir().unwrap();
        let mut cases = Cases::with_limit(folder.path(), parts.len(), limit);
        for (at, part) in parts.iter().enumerate().rev() {
            let withdrawal = |&case: &u64| Withdrawal { case, line: 1 };
            let withdrawals: Vec<_> = part.withdrawn.iter().map(withdrawal).collect();
            let key = (SourceKind::Faers, part.period);
            cases.add(at, key, &part.sightings, &withdrawals).unwrap();
        }
        let Resolved { fates, mut shared_keys } = cases.resolve().unwrap();
        shared_keys.sort_unstable();
        ((0..parts.len()).map(|part| fates.of_part(part)).collect(), shared_keys)
    }

    fn resolve(parts: &[PartSightings]) -> Vec<Vec<Fate>> {
        resolved(parts, usize::MAX).0
    }

    /// The rule as it is written, report by report.
    fn by_the_rule(parts: &[PartSightings]) -> Vec<Vec<Fate>> {
        let all = || {
            let placed = |(at, part): (usize, &'_ PartSightings)| {
                let period = part.period;
                let seen = part.sightings.clone().into_iter().enumerate();
                seen.map(move |(row, seen)| (seen, (at, row), period)).collect::<Vec<_>>()
            };
            parts.iter().enumerate().flat_map(placed)
        };
        let fate = |seen: &Sighting, place: (usize, usize)| {
            let versions: Vec<_> = all().filter(|(other, ..)| other.case == seen.case).collect();
            if versions.iter().any(|(other, at, _)| (other.rank, *at) > (seen.rank, place)) {
                return Fate::Superseded;
            }
            let last_seen = versions.iter().map(|(.., period)| *period).max();
            let lists = parts.iter().filter(|part| part.withdrawn.contains(&seen.case));
            let withdrawn = lists.map(|part| part.period).max();
            if withdrawn.is_some() && withdrawn >= last_seen {
                Fate::Withdrawn
            } else {
                Fate::Current
            }
        };
        let of_part = |(at, part): (usize, &PartSightings)| {
            part.sightings.iter().enumerate().map(|(row, seen)| fate(seen, (at, row))).collect()
        };
        parts.iter().enumerate().map(of_part).collect()
    }

    fn any_part() -> impl Strategy<Value = PartSightings> {
        let sighting = (1..6_u64, any::<bool>(), 0..3_u32, -1..2_i32, 0..2_u16, 0..2_u64, 0..4_u64);
        let sighting =
            sighting.prop_map(|(case, modern, version, received, period, native, key)| {
                let rank = VersionRank { modern, version, received, period, native };
                Sighting { case, rank, duplicate_key: key }
            });
        let withdrawn = prop::collection::vec(1..6_u64, 0..3);
        (prop::collection::vec(sighting, 0..12), withdrawn, 0..4_u16).prop_map(
            |(sightings, withdrawn, period)| PartSightings { sightings, withdrawn, period },
        )
    }

    proptest! {
        #[test]
        fn fates_are_those_of_the_rule_in_memory_and_from_files(
            parts in prop::collection::vec(any_part(), 0..5),
        ) {
            let expected = by_the_rule(&parts);
            let mut keys: Vec<u64> = parts.iter().zip(&expected)
                .flat_map(|(part, fates)| part.sightings.iter().zip(fates))
                .filter(|(_, fate)| **fate == Fate::Current)
                .map(|(seen, _)| seen.duplicate_key)
                .filter(|&key| key != 0)
                .collect();
            keys.sort_unstable();
            let shared = keys.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
            let shared: Vec<u64> = shared.map(|same| same[0]).collect();
            for limit in [0, 200, usize::MAX] {
                prop_assert_eq!(resolved(&parts, limit), (expected.clone(), shared.clone()));
            }
        }
    }

    #[test]
    fn cases_of_two_sources_are_two_cases() {
        let folder = tempfile::tempdir().unwrap();
        let mut cases = Cases::new(folder.path(), 2);
        let withdrawal = Withdrawal { case: 7, line: 1 };
        cases.add(0, (SourceKind::Faers, 9), &[seen(7, modern(1, 5, 9, 71))], &[]).unwrap();
        let later = [seen(7, modern(2, 6, 9, 72))];
        cases.add(1, (SourceKind::Vaers, 9), &later, &[withdrawal]).unwrap();
        let fates = cases.resolve().unwrap().fates;
        assert_eq!(
            (fates.of_part(0), fates.of_part(1)),
            (vec![Fate::Current], vec![Fate::Withdrawn])
        );
    }

    #[test]
    fn a_part_that_is_missing_or_comes_twice_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut cases = Cases::new(folder.path(), 2);
        cases.add(1, (SourceKind::Faers, 0), &[], &[]).unwrap();
        assert!(cases.add(1, (SourceKind::Faers, 0), &[], &[]).is_err());
        assert!(cases.add(2, (SourceKind::Faers, 0), &[], &[]).is_err());
        assert!(cases.resolve().is_err());
    }

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

    #[test]
    fn files_of_a_killed_run_go_with_its_staging() {
        let folder = tempfile::tempdir().unwrap();
        let staging = folder.path().join("staging");
        let spilled = staging.join("spilled");
        std::fs::create_dir_all(&spilled).unwrap();
        let files = || std::fs::read_dir(&spilled).unwrap().count();
        let mut killed = Cases::with_limit(&spilled, 1, 0);
        let sightings = [seen(7, modern(1, 1, 0, 71)), seen(8, modern(1, 1, 0, 81))];
        killed.add(0, (SourceKind::Faers, 0), &sightings, &[]).unwrap();
        drop(killed);
        assert!(files() > 0);
        let next = Staging::begin(folder.path()).unwrap();
        assert_eq!(next.spill_folder(), spilled);
        assert_eq!(files(), 0);
        let mut cases = Cases::with_limit(&spilled, 1, 0);
        cases.add(0, (SourceKind::Faers, 0), &sightings, &[]).unwrap();
        drop(next);
        assert!(!staging.exists());
        assert!(cases.resolve().is_err(), "no fate is told from files that are gone");
    }
}
