//! How many reports a block may have, and how many pairs a result.

use crate::count::{CountError, Memory};

/// What the program needs whatever it counts, in bytes.
const PROGRAM: u64 = 48 << 20;

/// Of every substance and term: its name, and a counter in each of the arrays that have one an id.
const AN_ID: u64 = 256;

/// Of every pair of the result: its count, what is expected, its score and its q.
const A_PAIR: u64 = 104;

/// Fewer reports are not worth a block.
const FEWEST: u64 = 1_024;

/// How much is to be counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Size {
    /// Reports.
    pub reports: u64,
    /// Substances on reports.
    pub exposures: u64,
    /// Terms on reports.
    pub reactions: u64,
    /// Substances and terms of the dictionaries.
    pub ids: u64,
}

impl Size {
    fn fixed(self) -> u64 {
        AN_ID.saturating_mul(self.ids).saturating_add(PROGRAM)
    }

    /// What the reports take in memory with the lists that are made of them: twice the entries.
    fn loaded(self) -> u64 {
        let numbers = self.reports.saturating_add(self.exposures).saturating_add(self.reactions);
        numbers.saturating_mul(8)
    }

    /// The same of one report, with the pairs of its block, which are there twice while blocks are joined.
    fn of_a_report(self) -> u64 {
        let reports = self.reports.max(1);
        let pairs = u128::from(self.exposures) * u128::from(self.reactions);
        let pairs = u64::try_from(pairs / u128::from(reports) / u128::from(reports));
        let pairs = pairs.unwrap_or(u64::MAX).saturating_add(1);
        (self.loaded() / reports).saturating_add(pairs.saturating_mul(24)).saturating_add(1)
    }
}

/// An amount of memory, divided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Budget {
    memory: Memory,
    fixed: u64,
    block: usize,
}

impl Budget {
    /// Divides an amount of memory: `None` if all reports can be in memory at once.
    ///
    /// # Errors
    /// [`CountError::Memory`] if not even one block of reports could.
    pub fn new(memory: Memory, size: Size) -> Result<Option<Self>, CountError> {
        let given = memory.bytes().saturating_sub(size.fixed()) / 2;
        if size.loaded() <= given {
            return Ok(None);
        }
        let block = given / size.of_a_report();
        if block < FEWEST {
            let needed = size.of_a_report().saturating_mul(2 * FEWEST);
            let needed = needed.saturating_add(size.fixed());
            let needed = Memory::of_bytes(needed);
            return Err(CountError::Memory { given: memory, needed, what: "a block of reports" });
        }
        let block = usize::try_from(block).unwrap_or(usize::MAX);
        Ok(Some(Self { memory, fixed: size.fixed(), block }))
    }

    /// Reports a block.
    pub(super) fn block(self) -> usize {
        self.block
    }

    /// How many pairs the result may have.
    pub(super) fn most_pairs(self) -> MostPairs {
        MostPairs { memory: self.memory, fixed: self.fixed }
    }

    /// Checks that so many pairs fit.
    ///
    /// # Errors
    /// [`CountError::Memory`] if they do not.
    pub fn check_pairs(memory: Memory, size: Size, pairs: u64) -> Result<(), CountError> {
        MostPairs { memory, fixed: size.fixed() }.check(pairs)
    }

    /// Blocks of so many reports, whatever memory they take.
    #[cfg(test)]
    pub(super) fn blocks_of(block: usize, memory: Memory) -> Self {
        Self { memory, fixed: 0, block }
    }
}

/// The most pairs that fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct MostPairs {
    memory: Memory,
    fixed: u64,
}

impl MostPairs {
    pub(super) fn check(self, pairs: u64) -> Result<(), CountError> {
        let needed = self.fixed.saturating_add(pairs.saturating_mul(A_PAIR));
        if needed <= self.memory.bytes() {
            return Ok(());
        }
        let (given, needed) = (self.memory, Memory::of_bytes(needed));
        Err(CountError::Memory { given, needed, what: "the pairs of the result" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SIZE: Size =
        Size { reports: 1_000_000, exposures: 4_000_000, reactions: 3_000_000, ids: 20_000 };

    #[test]
    fn much_memory_needs_no_blocks_and_less_gives_smaller_ones() {
        let budget = |mib: u64| Budget::new(Memory::of_bytes(mib << 20), SIZE);
        assert_eq!(budget(1_024).unwrap(), None);
        let block = |mib| budget(mib).unwrap().unwrap().block();
        assert!(block(80) < block(100) && block(100) < 1_000_000);
        let error = budget(52).unwrap_err().to_string();
        assert!(
            error.starts_with("52 MiB of memory are too little for a block of reports"),
            "{error}"
        );
        let enough = Size::fixed(SIZE) + 2 * FEWEST * SIZE.of_a_report();
        assert!(Budget::new(Memory::of_bytes(enough), SIZE).unwrap().is_some());
    }

    #[test]
    fn more_pairs_than_fit_are_refused() {
        let memory = Memory::of_bytes(SIZE.fixed() + 10 * A_PAIR);
        assert!(Budget::check_pairs(memory, SIZE, 10).is_ok());
        let error = Budget::check_pairs(memory, SIZE, 11).unwrap_err().to_string();
        assert!(error.contains("too little for the pairs of the result"), "{error}");
    }
}
