//! Masking ratios: a measure without the masker over the same measure with it.

use crate::Table2x2;
use crate::disproportionality::{prr, prr_point, ror_point, rrr};

/// How many times as large a measure becomes without the masker; above 1, the masker masks.
///
/// A ratio is `None` where a measure is undefined, or 0 with the masker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskingRatios {
    /// Ratio of the PRRs.
    pub prr: Option<f64>,
    /// Ratio of the lower limits of the PRR (log-normal 95 %).
    pub prr_lower: Option<f64>,
    /// Ratio of the RORs.
    pub ror: Option<f64>,
    /// Ratio of the relative reporting ratios.
    pub rrr: Option<f64>,
}

/// Returns the masking ratios of two tables of one pair, `with` and `without` the masker.
///
/// ```text
/// masking ratio = measure(without) / measure(with)
/// ```
///
/// Sources: Maignen et al. 2014, Pharmacoepidemiol Drug Saf 23:208-217 (PRR, ROR, RRR); Maignen,
/// Hauben and Dogne 2017, Ther Adv Drug Saf 8:231-244 (lower limit).
#[must_use]
pub fn masking_ratios(with: &Table2x2, without: &Table2x2) -> MaskingRatios {
    let lower = |table: &Table2x2| prr(table).map(|prr| prr.lower);
    MaskingRatios {
        prr: ratio(prr_point(with), prr_point(without)),
        prr_lower: ratio(lower(with), lower(without)),
        ror: ratio(ror_point(with), ror_point(without)),
        rrr: ratio(rrr(with), rrr(without)),
    }
}

fn ratio(with: Option<f64>, without: Option<f64>) -> Option<f64> {
    let (with, without) = (with?, without?);
    (with > 0.0).then(|| without / with).filter(|ratio| ratio.is_finite())
}

/// Returns the masking ratio of the PRR for a masker of `masker_reports` reports, `masker_events` of
/// them with the event, all without the exposure; `None` if the masker has all background reports
/// with the event, or if there are none.
///
/// ```text
/// (1 - masker_reports / (c + d)) / (1 - masker_events / c)
/// ```
///
/// The exposed reports cancel, so a masker masks an event for every other substance alike. The ratio
/// is above 1 exactly if the event is more frequent in the masker's reports than in the background.
/// Source as for [`masking_ratios`].
#[must_use]
pub fn masking_ratio_prr(pair: &Table2x2, masker_reports: u64, masker_events: u64) -> Option<f64> {
    let rest = pair.c().checked_sub(masker_events).filter(|&rest| rest > 0)?;
    let background = pair.no_exposure_total().checked_sub(masker_reports)?;
    // The masker's reports without the event must fit as well.
    let others = masker_reports.checked_sub(masker_events)?;
    if others > pair.d() {
        return None;
    }
    let share = |part: u64, whole: u64| part as f64 / whole as f64;
    Some(share(background, pair.no_exposure_total()) / share(rest, pair.c()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Axis, Removal, unmask};
    use super::*;

    #[test]
    fn the_closed_form_is_the_ratio_of_two_prrs() {
        let pair = Table2x2::new(12, 1_988, 2_400, 395_600).unwrap();
        let masker = Table2x2::from_margins(0, 0, 1_900, 6_000).unwrap();
        let without = unmask(&pair, &masker, Axis::Substance, Removal::Background).unwrap();
        let ratios = masking_ratios(&pair, &without);
        let closed = masking_ratio_prr(&pair, 6_000, 1_900).unwrap();
        assert!((ratios.prr.unwrap() / closed - 1.0).abs() < 1e-14);
        assert!((closed - (392_000.0 / 398_000.0) / (500.0 / 2_400.0)).abs() < 1e-14);
    }

    /// A masker with the event as often as the background changes nothing.
    #[test]
    fn an_ordinary_substance_does_not_mask() {
        let pair = Table2x2::new(12, 1_988, 2_400, 237_600).unwrap();
        assert_eq!(masking_ratio_prr(&pair, 10_000, 100), Some(1.0));
    }

    #[test]
    fn a_masker_of_every_report_with_the_event_leaves_nothing_to_compare_with() {
        let pair = Table2x2::new(12, 1_988, 24, 395_600).unwrap();
        assert_eq!(masking_ratio_prr(&pair, 600, 24), None);
        assert_eq!(masking_ratio_prr(&pair, 20, 30), None);
        assert_eq!(masking_ratio_prr(&pair, u64::MAX, 3), None);
        let never = Table2x2::new(0, 10, 20, 30).unwrap();
        assert_eq!(masking_ratios(&never, &never).prr, None);
    }
}
