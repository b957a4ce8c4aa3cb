//! Masking: which substance or event hides others.

// Shares of counts and Poisson draws are not negative.
#![allow(clippy::cast_sign_loss)]

use iatro_stats::Table2x2;
use iatro_stats::masking::{Axis, Removal, masking_ratio_prr, masking_ratios, rank, unmask};
use iatro_stats::thresholds::{self, Assessment};
use proptest::prelude::*;

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0_u64), 4 => 0..60_u64, 4 => 0..100_000_u64, 1 => 0..u64::MAX / 8]
}

/// A pair, and candidates whose reports are among its reports.
fn pairs() -> impl Strategy<Value = (Table2x2, Vec<Table2x2>)> {
    let share = || prop_oneof![1 => Just(0.0), 1 => Just(1.0), 8 => 0.0..1.0_f64];
    let shares = [share(), share(), share(), share()];
    ([count(), count(), count(), count()], prop::collection::vec(shares, 0..8)).prop_map(
        |(cells, candidates)| {
            let [a, b, c, d] = cells;
            let part = |shares: [f64; 4]| {
                let mut parts = [0; 4];
                for k in 0..4 {
                    parts[k] = ((cells[k] as f64 * shares[k]) as u64).min(cells[k]);
                }
                Table2x2::new(parts[0], parts[1], parts[2], parts[3]).unwrap()
            };
            (Table2x2::new(a, b, c, d).unwrap(), candidates.into_iter().map(part).collect())
        },
    )
}

const WAYS: [(Axis, Removal); 4] = [
    (Axis::Substance, Removal::Background),
    (Axis::Substance, Removal::Everywhere),
    (Axis::Event, Removal::Background),
    (Axis::Event, Removal::Everywhere),
];

fn ratios(with: &Table2x2, without: &Table2x2) -> [Option<f64>; 4] {
    let ratios = masking_ratios(with, without);
    [ratios.prr, ratios.prr_lower, ratios.ror, ratios.rrr]
}

proptest! {
    #[test]
    fn every_candidate_is_ranked_once_and_numbers_are_finite((pair, candidates) in pairs()) {
        for (axis, removal) in WAYS {
            let ranked = rank(&pair, &candidates, axis, removal, thresholds::ic025).unwrap();
            let mut seen: Vec<usize> = ranked.iter().map(|masker| masker.candidate).collect();
            seen.sort_unstable();
            prop_assert!(seen.into_iter().eq(0..candidates.len()));
            for masker in &ranked {
                let own = &candidates[masker.candidate];
                prop_assert_eq!(masker.table, unmask(&pair, own, axis, removal).unwrap());
                for ratio in ratios(&pair, &masker.table).into_iter().flatten() {
                    prop_assert!(ratio.is_finite() && ratio >= 0.0);
                }
                prop_assert_eq!(masker.before, thresholds::ic025(&pair));
                prop_assert_eq!(masker.after, thresholds::ic025(&masker.table));
                prop_assert_eq!(
                    masker.appears,
                    masker.after == Assessment::Met && masker.before != Assessment::Met
                );
            }
            for two in ranked.windows(2) {
                let [x, y] = [two[0].ratios.prr, two[1].ratios.prr];
                prop_assert!(x >= y, "None is below every ratio: {x:?} {y:?}");
            }
        }
    }

    #[test]
    fn a_candidate_without_reports_changes_nothing((pair, _) in pairs()) {
        let none = Table2x2::new(0, 0, 0, 0).unwrap();
        for (axis, removal) in WAYS {
            let without = unmask(&pair, &none, axis, removal).unwrap();
            prop_assert_eq!(without, pair);
            for ratio in ratios(&pair, &without).into_iter().flatten() {
                prop_assert_eq!(ratio, 1.0);
            }
        }
    }

    /// Substances of a table are events of the transposed one.
    #[test]
    fn the_axes_are_transposed((pair, candidates) in pairs()) {
        for candidate in &candidates {
            for removal in [Removal::Background, Removal::Everywhere] {
                let x = unmask(&pair, candidate, Axis::Substance, removal).unwrap();
                let y = unmask(&pair.transposed(), &candidate.transposed(), Axis::Event, removal);
                prop_assert_eq!(x.transposed(), y.unwrap());
            }
        }
    }

    /// The background holds neither the pair's own reports nor, for a substance, other exposed ones.
    #[test]
    fn the_background_leaves_the_pair_alone((pair, candidates) in pairs()) {
        for candidate in &candidates {
            let without = unmask(&pair, candidate, Axis::Substance, Removal::Background).unwrap();
            prop_assert_eq!((without.a(), without.b()), (pair.a(), pair.b()));
            prop_assert_eq!(without.c() + candidate.c(), pair.c());
            let without = unmask(&pair, candidate, Axis::Event, Removal::Background).unwrap();
            prop_assert_eq!((without.a(), without.c()), (pair.a(), pair.c()));
        }
    }

    /// The closed form is the ratio of the PRRs, and above 1 exactly if the masker reports the event
    /// more often than the background.
    #[test]
    fn the_closed_form((pair, candidates) in pairs()) {
        prop_assume!(pair.a() > 0);
        for candidate in &candidates {
            let (reports, events) = (candidate.no_exposure_total(), candidate.c());
            let without = unmask(&pair, candidate, Axis::Substance, Removal::Background).unwrap();
            let ratio = masking_ratios(&pair, &without).prr;
            let closed = masking_ratio_prr(&pair, reports, events);
            prop_assert_eq!(ratio.is_some(), closed.is_some());
            if let (Some(ratio), Some(closed)) = (ratio, closed) {
                prop_assert!((ratio - closed).abs() <= 1e-12 * ratio);
                let masker = u128::from(events) * u128::from(pair.no_exposure_total());
                let background = u128::from(pair.c()) * u128::from(reports);
                if masker > background {
                    prop_assert!(closed >= 1.0 - 1e-15);
                } else if masker < background {
                    prop_assert!(closed <= 1.0 + 1e-15);
                }
            }
        }
    }
}
