//! Candidates in the order in which they mask.

use super::removal::without;
use super::{Axis, MaskingError, MaskingRatios, Removal, masking_ratios};
use crate::Table2x2;
use crate::thresholds::Assessment;

/// What happens to a pair without the reports of one candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Masker {
    /// Index of the candidate in the list given.
    pub candidate: usize,
    /// The pair without its reports.
    pub table: Table2x2,
    /// How much the measures rise.
    pub ratios: MaskingRatios,
    /// The rule, with the candidate's reports.
    pub before: Assessment,
    /// The rule, without them.
    pub after: Assessment,
    /// The rule is met without the candidate and was not met with it.
    pub appears: bool,
}

/// Returns one entry a candidate, the strongest masker first.
///
/// The order is by the masking ratio of the PRR, largest first; candidates for which it is undefined
/// come last, and equal ones in the order given. `candidates` are the reports of each candidate by
/// the exposure and the event of `pair`, see [the module](super); `axis` says what they are, and with
/// `removal` which of their reports are taken out. `rule` is a decision rule such as those of
/// [`thresholds`](crate::thresholds). Sources: [`masking_ratios`] for the ratio, [`unmask`](super::unmask)
/// for the strategy.
///
/// # Errors
/// [`MaskingError::MoreThanPair`] if a candidate has more reports in a cell than the pair.
pub fn rank(
    pair: &Table2x2,
    candidates: &[Table2x2],
    axis: Axis,
    removal: Removal,
    rule: impl Fn(&Table2x2) -> Assessment,
) -> Result<Vec<Masker>, MaskingError> {
    let before = rule(pair);
    let mut maskers = candidates
        .iter()
        .enumerate()
        .map(|(candidate, reports)| {
            let table = without(pair, reports, axis, removal, candidate)?;
            let after = rule(&table);
            let appears = after == Assessment::Met && before != Assessment::Met;
            let ratios = masking_ratios(pair, &table);
            Ok(Masker { candidate, table, ratios, before, after, appears })
        })
        .collect::<Result<Vec<Masker>, MaskingError>>()?;
    // Ratios are never below 0, so -1 stands behind all of them.
    let key = |masker: &Masker| masker.ratios.prr.unwrap_or(-1.0);
    maskers.sort_by(|x, y| key(y).total_cmp(&key(x)));
    Ok(maskers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::thresholds;

    #[test]
    fn the_strongest_comes_first_and_the_undefined_last() {
        let pair = Table2x2::new(12, 1_988, 2_400, 395_600).unwrap();
        let candidates = [
            Table2x2::from_margins(0, 0, 2_400, 3_000).unwrap(),
            Table2x2::from_margins(0, 0, 24, 4_000).unwrap(),
            Table2x2::from_margins(0, 0, 1_900, 6_000).unwrap(),
        ];
        let ranked = rank(
            &pair,
            &candidates,
            Axis::Substance,
            Removal::Background,
            thresholds::prr_evans2001,
        )
        .unwrap();
        let order: Vec<usize> = ranked.iter().map(|masker| masker.candidate).collect();
        assert_eq!(order, [2, 1, 0]);
        assert!(ranked[0].appears);
        assert_eq!(ranked[2].after, Assessment::NotAssessable);
        assert!(!ranked[2].appears);
    }

    #[test]
    fn a_pair_that_shows_anyway_does_not_appear() {
        let pair = Table2x2::new(120, 1_880, 2_400, 395_600).unwrap();
        let masker = Table2x2::from_margins(0, 0, 1_900, 6_000).unwrap();
        let ranked =
            rank(&pair, &[masker], Axis::Substance, Removal::Background, thresholds::ic025);
        let first = ranked.unwrap()[0];
        assert_eq!((first.before, first.after), (Assessment::Met, Assessment::Met));
        assert!(!first.appears);
    }

    #[test]
    fn the_error_names_the_candidate() {
        let pair = Table2x2::new(1, 2, 3, 4).unwrap();
        let fine = Table2x2::new(0, 0, 0, 0).unwrap();
        let error = rank(
            &pair,
            &[fine, Table2x2::new(0, 0, 4, 0).unwrap()],
            Axis::Event,
            Removal::Everywhere,
            thresholds::ic025,
        )
        .unwrap_err();
        let MaskingError::MoreThanPair { candidate, removed, available, .. } = error;
        assert_eq!((candidate, removed, available), (1, 4, 3));
    }
}
