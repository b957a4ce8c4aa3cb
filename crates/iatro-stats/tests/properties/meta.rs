//! Pooling of proportions and ratios over studies or databases.

use iatro_stats::meta::{
    Effect, IntervalMethod, PredictionDf, ProportionScale, RandomEffects, RandomOptions,
    Tau2Method, fixed_effect, freeman_tukey_inverse, leave_one_out, pool_proportions,
    random_effects,
};
use proptest::prelude::*;

const METHODS: [Tau2Method; 3] =
    [Tau2Method::DerSimonianLaird, Tau2Method::PauleMandel, Tau2Method::Reml];
const INTERVALS: [IntervalMethod; 3] =
    [IntervalMethod::Wald, IntervalMethod::HartungKnapp, IntervalMethod::HartungKnappAdHoc];

fn studies() -> impl Strategy<Value = Vec<Effect>> {
    let study =
        (-4.0..4.0_f64, 0.001..3.0_f64).prop_map(|(effect, variance)| Effect { effect, variance });
    proptest::collection::vec(study, 2..15)
}

fn pooled(studies: &[Effect], tau2: Tau2Method, interval: IntervalMethod) -> RandomEffects {
    let options = RandomOptions { tau2, interval, ..RandomOptions::default() };
    random_effects(studies, &options).unwrap().unwrap()
}

fn close(x: f64, y: f64, tolerance: f64) -> bool {
    (x - y).abs() <= tolerance * (1.0 + x.abs().max(y.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn limits_hold_the_mean_and_it_lies_among_the_effects(studies in studies()) {
        let low = studies.iter().map(|s| s.effect).fold(f64::INFINITY, f64::min);
        let high = studies.iter().map(|s| s.effect).fold(f64::NEG_INFINITY, f64::max);
        for tau2 in METHODS {
            for interval in INTERVALS {
                let got = pooled(&studies, tau2, interval);
                prop_assert!(low - 1e-12 <= got.point && got.point <= high + 1e-12);
                prop_assert!(got.lower <= got.point && got.point <= got.upper);
                let parts = got.heterogeneity;
                prop_assert!((0.0..1.0).contains(&parts.i2) && parts.h2 >= 1.0);
                prop_assert!(close(parts.h2, 1.0 / (1.0 - parts.i2), 1e-9));
                prop_assert!((0.0..=1.0).contains(&parts.p));
                prop_assert!(got.tau2_interval[0] <= got.tau2_interval[1]);
                prop_assert!(close(got.weights.iter().sum::<f64>(), 1.0, 1e-14));
                if let Some([lower, upper]) = got.prediction {
                    prop_assert!(lower <= got.lower + 1e-12 && got.upper <= upper + 1e-12);
                }
            }
        }
    }

    /// To the last bit.
    #[test]
    fn the_order_of_the_studies_does_not_matter(studies in studies()) {
        let mut other = studies.clone();
        other.reverse();
        for tau2 in METHODS {
            let one = pooled(&studies, tau2, IntervalMethod::HartungKnapp);
            let mut two = pooled(&other, tau2, IntervalMethod::HartungKnapp);
            two.weights.reverse();
            prop_assert_eq!(one, two);
        }
        let (one, two) = (fixed_effect(&studies, 0.9), fixed_effect(&other, 0.9));
        prop_assert_eq!(one.unwrap().unwrap().point, two.unwrap().unwrap().point);
    }

    /// Moving all effects by a, or stretching the scale by c, moves and stretches the answer.
    #[test]
    fn location_and_scale(studies in studies(), a in -3.0..3.0_f64, c in 0.2..5.0_f64) {
        let moved: Vec<Effect> = studies
            .iter()
            .map(|s| Effect { effect: c * (s.effect + a), variance: c * c * s.variance })
            .collect();
        // Not REML, which may jump between two maxima that are alike but for rounding.
        for tau2 in [Tau2Method::DerSimonianLaird, Tau2Method::PauleMandel] {
            let one = pooled(&studies, tau2, IntervalMethod::HartungKnapp);
            let two = pooled(&moved, tau2, IntervalMethod::HartungKnapp);
            prop_assert!(close(c * (one.point + a), two.point, 1e-9));
            prop_assert!(close(c * c * one.tau2, two.tau2, 1e-9));
            prop_assert!(close(c * one.se, two.se, 1e-9));
            prop_assert!(close(one.heterogeneity.q, two.heterogeneity.q, 1e-9));
        }
    }

    /// Changing the sign of all effects mirrors the answer.
    #[test]
    fn turning_the_ratio_round_mirrors(studies in studies()) {
        let turned: Vec<Effect> =
            studies.iter().map(|s| Effect { effect: -s.effect, ..*s }).collect();
        for tau2 in METHODS {
            let one = pooled(&studies, tau2, IntervalMethod::HartungKnapp);
            let two = pooled(&turned, tau2, IntervalMethod::HartungKnapp);
            prop_assert!(close(one.point, -two.point, 1e-8), "{one:?} {two:?}");
            prop_assert!(close(one.upper, -two.lower, 1e-8));
        }
    }

    /// Q with the Paule-Mandel weights is k - 1, or below it where tau^2 is 0.
    #[test]
    fn paule_and_mandel_solve_their_equation(studies in studies()) {
        let got = pooled(&studies, Tau2Method::PauleMandel, IntervalMethod::Wald);
        let q: f64 = studies
            .iter()
            .map(|s| (s.effect - got.point).powi(2) / (s.variance + got.tau2))
            .sum();
        let df = (studies.len() - 1) as f64;
        let solved = if got.tau2 > 0.0 { close(q, df, 1e-9) } else { q <= df + 1e-9 };
        prop_assert!(solved, "{q} {df} {got:?}");
    }

    /// Where tau^2 is 0 both means are one.
    #[test]
    fn without_heterogeneity_the_two_models_agree(studies in studies()) {
        let common = fixed_effect(&studies, 0.95).unwrap().unwrap();
        let random = pooled(&studies, Tau2Method::DerSimonianLaird, IntervalMethod::Wald);
        if random.tau2 == 0.0 {
            prop_assert_eq!(common.point, random.point);
            prop_assert!(close(common.lower, random.lower, 1e-14));
        } else {
            prop_assert!(random.se > common.se);
        }
    }

    #[test]
    fn leaving_out_is_pooling_the_rest(studies in studies(), at in 0..15_usize) {
        let options = RandomOptions::default();
        let without = leave_one_out(&studies, &options).unwrap();
        prop_assert_eq!(without.len(), studies.len());
        let at = at % studies.len();
        let mut rest = studies.clone();
        rest.remove(at);
        prop_assert_eq!(&without[at], &random_effects(&rest, &options).unwrap());
    }

    #[test]
    fn proportions_stay_in_range(studies in proptest::collection::vec((0..500_u64, 1..500_u64), 2..12)) {
        let studies: Vec<(u64, u64)> = studies.into_iter().map(|(x, n)| (x % (n + 1), n)).collect();
        for scale in [ProportionScale::Logit, ProportionScale::FreemanTukey] {
            let got = pool_proportions(&studies, scale, &RandomOptions::default()).unwrap().unwrap();
            prop_assert!(0.0 <= got.lower && got.lower <= got.point, "{got:?}");
            prop_assert!(got.point <= got.upper && got.upper <= 1.0, "{got:?}");
        }
    }

    /// The way back from the double arcsine never falls.
    #[test]
    fn the_inverse_rises(value in -0.5..2.0_f64, step in 0.0..0.3_f64, n in 1.0..1e4_f64) {
        let (low, high) = (freeman_tukey_inverse(value, n), freeman_tukey_inverse(value + step, n));
        prop_assert!(low.unwrap() <= high.unwrap() + 1e-12);
    }

    /// Any numbers: an answer that is finite, none, or an error.
    #[test]
    fn nothing_panics(studies in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..5), level in any::<f64>()) {
        let any: Vec<Effect> =
            studies.iter().map(|&(effect, variance)| Effect { effect, variance }).collect();
        let clamped: Vec<Effect> = studies
            .iter()
            .filter(|(effect, variance)| !effect.is_nan() && !variance.is_nan())
            .map(|&(effect, variance)| Effect {
                effect: effect.clamp(-1e50, 1e50),
                variance: variance.abs().clamp(1e-50, 1e50),
            })
            .collect();
        for tau2 in METHODS {
            for prediction in [PredictionDf::KMinusOne, PredictionDf::KMinusTwo] {
                let options = RandomOptions { tau2, prediction, ..RandomOptions::default() };
                let _ = random_effects(&any, &RandomOptions { level, ..options });
                if let Some(got) = random_effects(&clamped, &options).unwrap() {
                    let numbers = [got.point, got.se, got.lower, got.upper, got.tau2];
                    prop_assert!(numbers.iter().all(|x| x.is_finite()), "{clamped:?} {got:?}");
                    prop_assert!(got.heterogeneity.h2.is_finite(), "{clamped:?} {got:?}");
                }
            }
        }
        if let Some(got) = fixed_effect(&clamped, 0.95).unwrap() {
            prop_assert!(got.point.is_finite() && got.se > 0.0);
        }
    }
}
