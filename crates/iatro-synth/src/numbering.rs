//! Which numbers the cases, reports and rows of a quarter get. Ranges of quarters do not overlap:
//! legacy cases and ISRs stay below 9.2 million, FAERS cases begin at 10 million.

use crate::corpus::Corpus;
use crate::error::SynthError;
use crate::quarter::{Era, Quarter};
use crate::volume::Rows;

/// Reports that no DEMO table has begin here; far above every case id and ISR in use.
const NOWHERE: u64 = 99_700_000;
const NOWHERE_STEP: u64 = 2_000;
/// Numbers set aside beyond a quarter's reports: duplicates that are sent in the next one.
const SPARE_SHARE: u64 = 50;
const SPARE: u64 = 200;

/// The first numbers of a quarter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Numbers {
    pub(crate) case: u64,
    /// The case id after the last one.
    pub(crate) end: u64,
    /// The ISR before the first one.
    pub(crate) report: u64,
    /// The case id before the first one that no DEMO table has.
    pub(crate) nowhere: u64,
}

impl Numbers {
    /// The numbers of a quarter of a corpus in which every quarter has as many reports.
    pub(crate) fn even(quarter: Quarter) -> Self {
        let since = quarter.index();
        let nowhere = 99_800_000 + since * 1_000;
        match quarter.era() {
            Era::Legacy => Self {
                case: 4_000_000 + since * 130_000,
                end: 4_000_000 + (since + 1) * 130_000,
                report: 4_200_000 + since * 130_000,
                nowhere,
            },
            Era::Early | Era::Modern => {
                let case = 10_000_000 + (since - 35) * 500_000;
                Self { case, end: case + 500_000, report: 0, nowhere }
            }
        }
    }

    /// The numbers of each quarter of a corpus of true size, given its rows: as many as it has
    /// reports, and some to spare.
    pub(crate) fn following(quarters: &[Quarter], rows: &[Rows]) -> Vec<Self> {
        let (mut legacy, mut faers) = (0, 0);
        let place = |(quarter, rows): (&Quarter, &Rows)| {
            let size = rows[0] + rows[0] / SPARE_SHARE + SPARE;
            let nowhere = NOWHERE + quarter.index() * NOWHERE_STEP;
            let (first, used) = match quarter.era() {
                Era::Legacy => (4_000_000, &mut legacy),
                Era::Early | Era::Modern => (10_000_000, &mut faers),
            };
            let case = first + *used;
            *used += size;
            let report = if quarter.era() == Era::Legacy { case + 200_000 } else { 0 };
            Self { case, end: case + size, report, nowhere }
        };
        quarters.iter().zip(rows).map(place).collect()
    }

    /// Checks that the case ids of a finished quarter did not run into the next one's.
    pub(crate) fn check(&self, quarter: Quarter, next: u64) -> Result<(), SynthError> {
        if next <= self.end {
            return Ok(());
        }
        let problem = format!("{} new cases in {quarter}", next - self.case);
        let expected = format!("at most {}, as many as have a case id", self.end - self.case);
        Err(SynthError::setting("corpus", problem, expected))
    }
}

/// The numbers of every quarter of a corpus.
pub(crate) fn numbers(corpus: &Corpus, rows: Option<&[Rows]>) -> Vec<Numbers> {
    match rows {
        Some(rows) => Numbers::following(&corpus.quarters, rows),
        None => corpus.quarters.iter().map(|quarter| Numbers::even(*quarter)).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::volume::Volume;

    #[test]
    fn ranges_of_the_full_corpus_do_not_meet() {
        let volume = Volume::load().unwrap();
        let quarters = volume.quarters();
        let rows: Vec<Rows> =
            quarters.iter().map(|quarter| volume.scaled(*quarter, 1.0).unwrap()).collect();
        let all = Numbers::following(&quarters, &rows);
        for (pair, rows) in all.windows(2).zip(&rows) {
            assert!(pair[0].end <= pair[1].case && pair[0].end - pair[0].case > rows[0]);
            assert!(pair[0].nowhere + NOWHERE_STEP <= pair[1].nowhere);
        }
        let legacy = quarters.iter().filter(|quarter| quarter.era() == Era::Legacy).count();
        assert!(all[legacy - 1].end + 200_000 < 9_200_000, "{:?}", all[legacy - 1]);
        assert!(all.iter().all(|numbers| numbers.end < 99_000_000));
        let busiest = quarters.iter().position(|q| q.to_string() == "2021Q3").unwrap();
        assert!(all[busiest].check(quarters[busiest], all[busiest].case + 504_160).is_ok());
        assert!(all[busiest].check(quarters[busiest], all[busiest + 1].case + 1).is_err());
    }
}
