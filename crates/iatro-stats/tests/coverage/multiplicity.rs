//! Many tests: false discovery rates held, calibrated p-values uniform, calibrated intervals that cover.

use iatro_stats::multiplicity::{
    Deviation, EmpiricalNull, LogEstimate, Side, SystematicErrorModel, benjamini_hochberg,
    benjamini_yekutieli, list_at_fdr, pi0_bootstrap, q_values,
};
use iatro_stats::special::normal_cdf;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::simulation::{CLAIMED, coverage};

fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}

/// An estimate of the true log ratio `x` by an analysis with systematic error N(0.3, 0.25^2).
fn estimate(rng: &mut impl Rng, x: f64) -> LogEstimate {
    let error = 0.05 + 0.4 * rng.random::<f64>();
    LogEstimate::new(x + 0.3 + 0.25 * normal(rng) + error * normal(rng), error).unwrap()
}

fn controls(rng: &mut impl Rng, number: usize) -> Vec<LogEstimate> {
    (0..number).map(|_| estimate(rng, 0.0)).collect()
}

/// The truth is taken at the mean of the systematic error. The parameters of the null distribution count
/// as known, which 100 controls make nearly true.
#[test]
fn calibrated_intervals_cover() {
    let share = coverage("calibrated interval, 100 controls", 61, 4_000, |rng| {
        let null = EmpiricalNull::fit(&controls(rng, 100)).unwrap();
        let got = null.calibrated_interval(&estimate(rng, 0.7)).unwrap();
        Some(([got.lower, got.upper], 0.7_f64.exp()))
    });
    assert!(CLAIMED.contains(&share), "{share}");
    // The Wald interval of the same estimates, for comparison.
    let share = coverage("uncalibrated interval", 61, 4_000, |rng| {
        let got = estimate(rng, 0.7);
        let half = 1.959_963_984_540_054 * got.standard_error();
        Some(([got.value() - half, got.value() + half], 0.7))
    });
    assert!(share < 0.7, "{share}");
}

#[test]
fn intervals_of_the_systematic_error_model_cover() {
    for deviation in [Deviation::Linear, Deviation::LogLinear] {
        let name = format!("calibrated interval, {deviation:?}, 120 controls");
        let share = coverage(&name, 67, 2_000, |rng| {
            let truth: Vec<f64> = (0..120).map(|i| [0.0, 0.4, 0.7, 1.4][i % 4]).collect();
            let controls: Vec<LogEstimate> = truth.iter().map(|&x| estimate(rng, x)).collect();
            let model = SystematicErrorModel::fit(&controls, &truth, deviation).ok()?;
            let got = model.calibrated_interval(&estimate(rng, 0.9))?;
            Some(([got.lower, got.upper], 0.9_f64.exp()))
        });
        assert!(CLAIMED.contains(&share), "{share}");
    }
}

#[test]
fn intervals_of_the_parameters_cover() {
    let interval = |value: f64, error: f64| {
        let half = 1.959_963_984_540_054 * error;
        [value - half, value + half]
    };
    let share = coverage("mean of the null distribution, 50 controls", 71, 4_000, |rng| {
        let null = EmpiricalNull::fit(&controls(rng, 50)).unwrap();
        Some((interval(null.mean(), null.mean_standard_error()?), 0.3))
    });
    assert!(CLAIMED.contains(&share), "{share}");
    let share = coverage("sd of the null distribution, 200 controls", 73, 2_000, |rng| {
        let null = EmpiricalNull::fit(&controls(rng, 200)).unwrap();
        Some((interval(null.sd(), null.sd_standard_error()?), 0.25))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// The limits of a calibrated p-value hold the p-value that the true null distribution gives.
#[test]
fn limits_of_calibrated_p_values_cover() {
    let truth = EmpiricalNull::known(0.3, 0.25).unwrap();
    let share = coverage("calibrated p, upper side, 100 controls", 79, 4_000, |rng| {
        let null = EmpiricalNull::fit(&controls(rng, 100)).unwrap();
        let target = estimate(rng, 0.4);
        let limits = null.calibrated_p_limits(&target, Side::Upper)?;
        Some(([limits.lower, limits.upper], truth.calibrated_p(&target, Side::Upper)))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// Kolmogorov's distance of `values` to the uniform distribution, times the root of their number.
fn distance_to_uniform(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let gap = |(i, p): (usize, &f64)| (p - i as f64 / n).max((i as f64 + 1.0) / n - p);
    values.iter().enumerate().map(gap).fold(0.0, f64::max) * n.sqrt()
}

/// With known parameters the calibrated p-values of controls are uniform; without calibration most are
/// small. 1.63 is the 1 % point of Kolmogorov's distribution.
#[test]
fn calibrated_p_values_of_controls_are_uniform() {
    let null = EmpiricalNull::known(0.3, 0.25).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(83);
    let controls = controls(&mut rng, 20_000);
    for side in [Side::Two, Side::Upper, Side::Lower] {
        let p: Vec<f64> = controls.iter().map(|c| null.calibrated_p(c, side)).collect();
        let distance = distance_to_uniform(p);
        println!("calibrated p ({side:?}): Kolmogorov distance {distance:.3}");
        assert!(distance < 1.63);
    }
    let below = controls.iter().filter(|c| c.p(Side::Two) < 0.05).count() as f64 / 20_000.0;
    println!("uncalibrated p below 0.05: {below:.3}");
    assert!(below > 0.3);
}

/// 200 tests, 40 with an effect: mean share of false discoveries among discoveries.
fn mean_fdp(seed: u64, dependence: f64, discoveries: impl Fn(&[f64]) -> Vec<bool>) -> (f64, f64) {
    const REPLICATES: u32 = 2_000;
    let (mut fdp, mut found) = (0.0, 0.0);
    for stream in 0..REPLICATES {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(stream));
        let common = normal(&mut rng);
        let p: Vec<f64> = (0..200)
            .map(|i| {
                let own = normal(&mut rng);
                let z = dependence.sqrt() * common + (1.0 - dependence).sqrt() * own;
                normal_cdf(-(z + if i < 40 { 3.0 } else { 0.0 })).unwrap()
            })
            .collect();
        let hits = discoveries(&p);
        let all = hits.iter().filter(|hit| **hit).count();
        let wrong = hits.iter().skip(40).filter(|hit| **hit).count();
        fdp += wrong as f64 / all.max(1) as f64;
        found += (all - wrong) as f64 / 40.0;
    }
    (fdp / f64::from(REPLICATES), found / f64::from(REPLICATES))
}

/// Benjamini and Hochberg hold exactly pi0 = 0.8 times the level when tests are independent; q-values
/// win the rest back.
#[test]
fn false_discovery_rates_are_held() {
    let below = |level: f64, q: Vec<f64>| -> Vec<bool> { q.iter().map(|q| *q <= level).collect() };
    let hochberg = |p: &[f64]| below(0.1, benjamini_hochberg(p).unwrap());
    let yekutieli = |p: &[f64]| below(0.1, benjamini_yekutieli(p).unwrap());
    let storey = |p: &[f64]| {
        let pi0 = pi0_bootstrap(p).unwrap().unwrap_or(1.0);
        below(0.1, q_values(p, pi0).unwrap())
    };
    // The share varies by 0.05 between replicates: standard error 0.001.
    let (fdr, found) = mean_fdp(89, 0.0, hochberg);
    println!("Benjamini-Hochberg at 0.1, independent: FDR {fdr:.4}, found {found:.3}");
    assert!((fdr - 0.08).abs() < 0.005);
    let (storey_fdr, storey_found) = mean_fdp(89, 0.0, storey);
    println!("q-values at 0.1, independent: FDR {storey_fdr:.4}, found {storey_found:.3}");
    assert!(storey_fdr < 0.11 && storey_found > found);
    for (name, dependence, method) in [
        ("Benjamini-Hochberg", 0.5, &hochberg as &dyn Fn(&[f64]) -> Vec<bool>),
        ("Benjamini-Yekutieli", 0.5, &yekutieli),
    ] {
        let (fdr, found) = mean_fdp(97, dependence, method);
        println!("{name} at 0.1, correlation {dependence}: FDR {fdr:.4}, found {found:.3}");
        assert!(fdr <= 0.1);
    }
}

/// Lists from true local rates hold their level: the two-group model with its own posterior.
#[test]
fn lists_from_local_rates_hold_their_level() {
    let (mut wrong, mut all) = (0.0, 0.0);
    for stream in 0..200 {
        let mut rng = ChaCha8Rng::seed_from_u64(101);
        rng.set_stream(stream);
        let tests: Vec<(bool, f64)> = (0..500)
            .map(|_| {
                let null = rng.random::<f64>() < 0.9;
                (null, normal(&mut rng) + if null { 0.0 } else { 2.5 })
            })
            .collect();
        // phi(z - 2.5) / phi(z) = exp(2.5 z - 3.125).
        let posterior = |z: f64| 0.9 / (0.9 + 0.1 * (2.5 * z - 3.125).exp());
        let local: Vec<f64> = tests.iter().map(|&(_, z)| posterior(z)).collect();
        let list = list_at_fdr(&local, 0.1).unwrap();
        all += list.members.len() as f64;
        wrong += list.members.iter().filter(|&&i| tests[i].0).count() as f64;
    }
    println!("lists at 0.1 from local rates: {:.4} of {all} are false", wrong / all);
    // About 5,000 discoveries: standard error 0.004.
    assert!((wrong / all - 0.1).abs() < 0.02);
}
