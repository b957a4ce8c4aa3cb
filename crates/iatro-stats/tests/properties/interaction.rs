//! Interactions of two drugs.

// Shares of counts and Poisson draws are not negative.
#![allow(clippy::cast_sign_loss)]

use iatro_stats::Estimate;
use iatro_stats::interaction::{
    FourGroups, Group, Scale, additive, interaction_contrast, multiplicative, omega,
};
use proptest::prelude::*;

fn group() -> impl Strategy<Value = Group> {
    let reports = prop_oneof![1 => Just(0_u64), 3 => 0..30_u64, 3 => 0..5_000_u64,
        2 => 0..20_000_000_u64, 1 => Just(u64::MAX / 8)];
    let share = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 6 => 0.0..1.0_f64, 6 => 0.0..0.01_f64];
    (reports, share).prop_map(|(reports, share)| {
        let events = ((reports as f64 * share) as u64).min(reports);
        Group::new(reports, events).unwrap()
    })
}

fn groups() -> impl Strategy<Value = FourGroups> {
    [group(), group(), group(), group()].prop_map(|[neither, first, second, both]| {
        FourGroups::new(neither, first, second, both).unwrap()
    })
}

fn all(groups: &FourGroups) -> [Group; 4] {
    [groups.neither(), groups.first(), groups.second(), groups.both()]
}

fn estimates(groups: &FourGroups) -> Vec<Estimate> {
    let mut estimates: Vec<Estimate> = interaction_contrast(groups).into_iter().collect();
    for scale in [Scale::Prr, Scale::Ror] {
        estimates.extend(multiplicative(groups, scale));
        if let Some(additive) = additive(groups, scale) {
            estimates.extend([additive.reri, additive.attributable_proportion]);
            estimates.extend(additive.synergy_index);
        }
    }
    if let Some(omega) = omega(groups) {
        estimates.push(omega.gamma);
        estimates.extend(omega.normal);
    }
    estimates
}

/// Slope of f at x, numerically.
fn slope(f: impl Fn(f64) -> f64) -> f64 {
    let h = 1e-5;
    (f(h) - f(-h)) / (2.0 * h)
}

proptest! {
    #[test]
    fn intervals_are_finite_and_hold_their_point(groups in groups()) {
        for estimate in estimates(&groups) {
            prop_assert!([estimate.lower, estimate.point, estimate.upper].iter().all(|x| x.is_finite()));
            prop_assert!(estimate.lower <= estimate.point && estimate.point <= estimate.upper);
        }
    }

    #[test]
    fn estimates_exist_when_documented(groups in groups()) {
        let filled = all(&groups).iter().all(|group| group.reports() > 0);
        prop_assert_eq!(omega(&groups).is_some(), filled);
        let events = all(&groups).iter().all(|group| group.events() > 0);
        let mixed = events && all(&groups).iter().all(|group| group.non_events() > 0);
        let constant = all(&groups).iter().all(|g| g.events() == g.reports());
        prop_assert_eq!(multiplicative(&groups, Scale::Ror).is_some(), mixed);
        prop_assert_eq!(multiplicative(&groups, Scale::Prr).is_some(), events && !constant);
    }

    /// The drugs are interchangeable: to the last bit but for sums of three terms.
    #[test]
    fn exchanging_the_drugs_changes_nothing(groups in groups()) {
        let other = groups.exchanged();
        let (x, y) = (estimates(&groups), estimates(&other));
        prop_assert_eq!(x.len(), y.len());
        for (x, y) in x.iter().zip(&y) {
            let scale = x.upper - x.lower + x.point.abs();
            prop_assert!((x.point - y.point).abs() <= 1e-12 * scale);
            prop_assert!((x.lower - y.lower).abs() <= 1e-12 * scale);
        }
        prop_assert_eq!(groups.exchanged().exchanged(), groups);
    }

    /// One more report with both drugs and the event, instead of one without it, raises everything.
    #[test]
    fn more_events_with_both_is_more(groups in groups()) {
        let both = groups.both();
        // Among more reports than 1e9, one more is lost in rounding.
        if both.non_events() == 0 || both.reports() > 1_000_000_000 {
            return Ok(());
        }
        let more = FourGroups::new(
            groups.neither(),
            groups.first(),
            groups.second(),
            Group::new(both.reports(), both.events() + 1).unwrap(),
        ).unwrap();
        if let (Some(x), Some(y)) = (omega(&groups), omega(&more)) {
            prop_assert_eq!(x.expected, y.expected);
            prop_assert!(y.gamma.point > x.gamma.point && y.gamma.lower > x.gamma.lower);
        }
        for scale in [Scale::Prr, Scale::Ror] {
            if let (Some(x), Some(y)) = (additive(&groups, scale), additive(&more, scale)) {
                prop_assert!(y.reri.point > x.reri.point);
                prop_assert!(y.both > x.both && y.first == x.first);
            }
        }
    }

    /// The expectation of Omega is between the proportion of the single drugs and all reports.
    #[test]
    fn the_expectation_is_a_count_of_the_reports_with_both(groups in groups()) {
        if let Some(omega) = omega(&groups) {
            let both = groups.both().reports() as f64;
            prop_assert!(0.0 <= omega.expected && omega.expected <= both);
            for single in [groups.first(), groups.second()] {
                let least = single.proportion().unwrap() * both;
                prop_assert!(omega.expected >= least * (1.0 - 1e-12));
            }
        }
    }

    /// The delta method by numerical slopes.
    #[test]
    fn standard_errors_agree_with_numerical_slopes(
        counts in prop::array::uniform4((50..5_000_u64, 0.02..0.9_f64)),
    ) {
        let made = counts.map(|(n, share)| {
            let events = ((n as f64 * share) as u64).max(1);
            Group::new(n, events).unwrap()
        });
        let groups = FourGroups::new(made[0], made[1], made[2], made[3]).unwrap();
        for scale in [Scale::Prr, Scale::Ror] {
            let Some(got) = additive(&groups, scale) else { continue };
            let ratio = |shift: [f64; 4]| {
                [got.first * (shift[1] - shift[0]).exp(), got.second * (shift[2] - shift[0]).exp(),
                    got.both * (shift[3] - shift[0]).exp()]
            };
            let reri = |[r10, r01, r11]: [f64; 3]| r11 - r10 - r01 + 1.0;
            let ap = move |r: [f64; 3]| reri(r) / r[2];
            let variance = made.map(|g| {
                let (e, n) = (g.events() as f64, g.reports() as f64);
                match scale {
                    Scale::Prr => 1.0 / e - 1.0 / n,
                    Scale::Ror => 1.0 / e + 1.0 / (n - e),
                }
            });
            let error = |f: &dyn Fn([f64; 3]) -> f64| -> f64 {
                (0..4).map(|k| {
                    let along = |h: f64| {
                        let mut shift = [0.0; 4];
                        shift[k] = h;
                        f(ratio(shift))
                    };
                    slope(along).powi(2) * variance[k]
                }).sum::<f64>().sqrt()
            };
            for (estimate, slow) in
                [(got.reri, error(&reri)), (got.attributable_proportion, error(&ap))]
            {
                let fast = (estimate.upper - estimate.point) / 1.959963984540054;
                prop_assert!((fast - slow).abs() < 1e-6 * slow + 1e-9, "{fast} {slow}");
            }
        }
    }
}
