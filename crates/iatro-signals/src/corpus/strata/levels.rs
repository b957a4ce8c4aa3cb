//! The levels of one factor on every report, from the table of facts.

use std::ops::Range;

use iatro_reports::Error;
use rayon::prelude::*;

use super::{Factor, NONE, period_level, year_level};
use crate::columns::defect;
use crate::corpus::facts::FactTable;
use crate::corpus::region::region_of;
use crate::count::bits::Bits;

/// Reports a task looks at.
const CHUNK: usize = 1 << 18;

/// A number for a level, in the order of the levels.
fn number(level: i16) -> u16 {
    level.cast_unsigned() ^ 1 << 15
}

/// The level of a number.
fn level(number: u16) -> i16 {
    (number ^ 1 << 15).cast_signed()
}

/// The levels of one factor.
pub(super) struct LevelsOf<'f> {
    factor: Factor,
    facts: &'f FactTable,
    /// By country as stated, its region.
    regions: Vec<i16>,
}

impl<'f> LevelsOf<'f> {
    pub(super) fn new(factor: Factor, facts: &'f FactTable) -> Self {
        let region = |country: &String| i16::from(region_of(Some(country)));
        Self { factor, facts, regions: facts.stated_countries().iter().map(region).collect() }
    }

    /// The level of a report.
    fn of(&self, place: usize) -> i16 {
        let year = || self.facts.years()[place];
        match self.factor {
            Factor::AgeGroup => self.facts.ages()[place] as i16,
            Factor::Sex => self.facts.sexes()[place] as i16,
            Factor::Year => year_level(year()),
            Factor::Period => period_level(year()),
            Factor::Region => match self.facts.country(place) {
                Some(country) => self.regions[country],
                None => i16::from(region_of(None)),
            },
        }
    }

    /// The levels that occur, in their order.
    pub(super) fn occurring(&self) -> Vec<i16> {
        let of_chunk = |places: Range<usize>| {
            let levels = places.map(|place| u32::from(number(self.of(place))));
            Bits::new(levels, Some(u32::from(u16::MAX)))
        };
        let reports = self.facts.ages().len();
        let chunks: Vec<usize> = (0..reports).step_by(CHUNK).collect();
        let found = chunks.into_par_iter().map(|at| of_chunk(at..reports.min(at + CHUNK)));
        let all = found.reduce(Bits::default, |one, two| one.with(&two));
        all.iter().filter_map(|number| u16::try_from(number).ok().map(level)).collect()
    }

    /// Takes the level of every report into its code, as the last digit.
    ///
    /// # Errors
    /// If a report has none of these levels.
    pub(super) fn append_to(&self, codes: &mut [u32], levels: &[i16]) -> Result<(), Error> {
        let count = u32::try_from(levels.len()).unwrap_or(u32::MAX);
        let mut digits = vec![NONE; usize::from(u16::MAX) + 1];
        for (digit, level) in (0_u32..).zip(levels) {
            digits[usize::from(number(*level))] = digit;
        }
        codes.par_chunks_mut(CHUNK).enumerate().try_for_each(|(chunk, codes)| {
            for (place, code) in (chunk * CHUNK..).zip(codes) {
                let digit = digits[usize::from(number(self.of(place)))];
                if digit == NONE {
                    return Err(defect("a report changed its stratum"));
                }
                *code = *code * count + digit;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::corpus::Corpus;
    use crate::corpus::facts::{AgeBand, Fact, Reporter, Sex};
    use crate::corpus::memory::MemoryReport;

    #[test]
    fn the_level_of_a_report_is_that_of_its_facts() {
        let countries = [Some("US"), None, Some("France"), Some("Utopia"), Some("JP")];
        let days = [None, Some(9_000), Some(13_200), Some(-400)];
        let report = |at: usize| MemoryReport {
            fact: Fact {
                age: AgeBand::ALL[at % AgeBand::ALL.len()],
                sex: Sex::ALL[at % Sex::ALL.len()],
                received: days[at % days.len()],
                event_date: None,
                country: countries[at % countries.len()].map(Into::into),
                reporter: Reporter::Unknown,
                outcomes: 0,
                duplicate_cluster: None,
            },
            drugs: Vec::new(),
            events: Vec::new(),
        };
        let reports: Vec<MemoryReport> = (0..40).map(report).collect();
        let corpus = Corpus::of_reports(&reports);
        for factor in Factor::ALL {
            let levels = LevelsOf::new(factor, corpus.facts().unwrap());
            let expected: Vec<i16> = reports.iter().map(|r| factor.level(&r.fact)).collect();
            let found: Vec<i16> = (0..reports.len()).map(|place| levels.of(place)).collect();
            assert_eq!(found, expected, "{factor:?}");
            let mut occurring = expected;
            occurring.sort_unstable();
            occurring.dedup();
            assert_eq!(levels.occurring(), occurring, "{factor:?}");
        }
    }
}
