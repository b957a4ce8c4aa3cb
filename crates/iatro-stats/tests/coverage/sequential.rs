//! Many looks: the exact probabilities against simulated surveillance.

use iatro_stats::sequential::{BinomialPlan, PoissonPlan, binomial_llr, poisson_llr};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const REPLICATES: u32 = 40_000;

fn rng(seed: u64, stream: u32) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::from(stream));
    rng
}

/// A uniform number above 0.
fn uniform(rng: &mut impl Rng) -> f64 {
    1.0 - rng.random::<f64>()
}

/// When a process of arrivals at `ratio` times the expected rate first reaches `critical`. The ratio
/// falls between arrivals, so it is enough to look at each.
fn signal_time(
    rng: &mut impl Rng,
    end: f64,
    minimum: u64,
    critical: f64,
    ratio: f64,
) -> Option<f64> {
    let mut now = 0.0;
    for events in 1.. {
        now -= uniform(rng).ln() / ratio;
        if now > end {
            return None;
        }
        if events >= minimum && poisson_llr(events, now).unwrap() >= critical {
            return Some(now);
        }
    }
    None
}

/// Share of replicates that signal, mean time of the signal, mean length.
fn simulated(end: f64, mut replicate: impl FnMut(u32) -> Option<f64>) -> [f64; 3] {
    let (mut signals, mut to_signal, mut length) = (0.0, 0.0, 0.0);
    for stream in 0..REPLICATES {
        if let Some(time) = replicate(stream) {
            signals += 1.0;
            to_signal += time;
            length += time;
        } else {
            length += end;
        }
    }
    let n = f64::from(REPLICATES);
    [signals / n, to_signal / signals, length / n]
}

/// Five standard errors of a share; a seed that passes once passes always.
fn near(share: f64, exact: f64) -> bool {
    (share - exact).abs() < 5.0 * (exact * (1.0 - exact) / f64::from(REPLICATES)).sqrt()
}

#[test]
fn poisson_plans_signal_as_often_as_they_say() {
    for (end, minimum, ratio) in [(1.0, 1, 1.0), (10.0, 1, 1.0), (10.0, 4, 1.0), (10.0, 1, 2.0)] {
        let plan = PoissonPlan::continuous(end, minimum).unwrap();
        let critical = plan.critical_value(0.05).unwrap().value;
        let exact = plan.performance(critical, ratio).unwrap();
        let [share, time, length] = simulated(end, |stream| {
            signal_time(&mut rng(41, stream), end, minimum, critical, ratio)
        });
        println!(
            "T {end}, M {minimum}, ratio {ratio}: {share:.4} signal, exact {:.4}",
            exact.power
        );
        assert!(near(share, exact.power), "{share} {exact:?}");
        // The standard deviation of a time is at most half its range.
        let error = 5.0 * 0.5 * end / f64::from(REPLICATES).sqrt();
        assert!((length - exact.length).abs() < error, "{length} {exact:?}");
        let error = error / exact.power.sqrt();
        assert!((time - exact.time_to_signal.unwrap()).abs() < error, "{time} {exact:?}");
    }
}

/// What the critical value is for: the limit of one look, held against a pair reported as expected.
#[test]
fn the_limit_of_one_look_is_reached_far_too_often() {
    let one_look = 1.352_771_727_05;
    let exact = PoissonPlan::continuous(10.0, 1).unwrap().performance(one_look, 1.0).unwrap();
    let [share, ..] =
        simulated(10.0, |stream| signal_time(&mut rng(43, stream), 10.0, 1, one_look, 1.0));
    println!("limit of one look at 5 %, T 10: reached by {share:.4}, exact {:.4}", exact.power);
    assert!(near(share, exact.power) && share > 0.25);
}

#[test]
fn a_binomial_plan_signals_as_often_as_it_says() {
    let (events, z, minimum) = (60_u64, 2.0, 3);
    let plan = BinomialPlan::every_event(events, z, minimum).unwrap();
    let critical = plan.critical_value(0.05).unwrap().value;
    for rate in [1.0, 2.0] {
        let exact = plan.performance(critical, rate).unwrap();
        let [share, _, length] = simulated(events as f64, |stream| {
            let (mut rng, mut cases) = (rng(47, stream), 0);
            (1..=events)
                .find(|&n| {
                    cases += u64::from(rng.random::<f64>() < rate / (rate + z));
                    cases >= minimum && binomial_llr(cases, n, z).unwrap() >= critical
                })
                .map(|n| n as f64)
        });
        println!("binomial, rate ratio {rate}: {share:.4} signal, exact {:.4}", exact.power);
        assert!(near(share, exact.power), "{share} {exact:?}");
        let error = 5.0 * 0.5 * events as f64 / f64::from(REPLICATES).sqrt();
        assert!((length - exact.length).abs() < error, "{length} {exact:?}");
    }
}
