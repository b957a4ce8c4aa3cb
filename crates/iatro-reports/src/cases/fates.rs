//! The fates of all reports, two bits each.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Fate;

/// Reports in a word.
const IN_WORD: usize = 32;

/// The fate of every report of every part; [`Fate::Superseded`] until it is set.
#[derive(Debug, Default)]
pub(crate) struct Fates {
    parts: Vec<Packed>,
}

#[derive(Debug)]
struct Packed {
    reports: usize,
    words: Vec<AtomicU64>,
}

impl Fates {
    /// The fates of parts with so many reports.
    pub(super) fn new(reports: impl Iterator<Item = usize>) -> Self {
        let packed = |reports: usize| Packed {
            reports,
            words: (0..reports.div_ceil(IN_WORD)).map(|_| AtomicU64::new(0)).collect(),
        };
        Self { parts: reports.map(packed).collect() }
    }

    /// Sets the fate of a report, once; `None` if there is no such report.
    pub(super) fn set(&self, part: usize, report: usize, fate: Fate) -> Option<()> {
        let packed = self.parts.get(part).filter(|packed| report < packed.reports)?;
        let word = packed.words.get(report / IN_WORD)?;
        // Threads set bits of the same word; each report is set by one of them.
        word.fetch_or(code(fate) << (2 * (report % IN_WORD)), Ordering::Relaxed);
        Some(())
    }

    /// The fates of the reports of a part, in their order.
    pub(crate) fn of_part(&self, part: usize) -> Vec<Fate> {
        let Some(packed) = self.parts.get(part) else { return Vec::new() };
        let of_word = |word: &AtomicU64| {
            let bits = word.load(Ordering::Relaxed);
            (0..IN_WORD).map(move |at| fate(bits >> (2 * at) & 3))
        };
        packed.words.iter().flat_map(of_word).take(packed.reports).collect()
    }
}

fn code(fate: Fate) -> u64 {
    match fate {
        Fate::Superseded => 0,
        Fate::Current => 1,
        Fate::Withdrawn => 2,
    }
}

fn fate(code: u64) -> Fate {
    match code {
        0 => Fate::Superseded,
        1 => Fate::Current,
        _ => Fate::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_comes_back_at_its_place() {
        let fates = Fates::new([0, 1, 32, 77].into_iter());
        let of = |part: usize, report: usize| match (part + report * report) % 3 {
            0 => Fate::Current,
            1 => Fate::Withdrawn,
            _ => Fate::Superseded,
        };
        for (part, reports) in [0, 1, 32, 77].into_iter().enumerate() {
            for report in (0..reports).rev() {
                assert_eq!(fates.set(part, report, of(part, report)), Some(()));
            }
            assert_eq!(fates.set(part, reports, Fate::Current), None);
        }
        for (part, reports) in [0, 1, 32, 77].into_iter().enumerate() {
            let expected: Vec<Fate> = (0..reports).map(|report| of(part, report)).collect();
            assert_eq!(fates.of_part(part), expected);
        }
        assert_eq!(fates.set(4, 0, Fate::Current), None);
        assert!(fates.of_part(4).is_empty());
    }
}
