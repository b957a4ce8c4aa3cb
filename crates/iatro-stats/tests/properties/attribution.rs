//! Attribution among possible causes.

use iatro_stats::attribution::{
    AttributionError, Cause, Edge, Event, Options, Posterior, Reports, Stratum, chain, competitors,
    mode, pool, posterior,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn event(stratum: usize, causes: &[usize]) -> Event {
    let edges = causes.iter().map(|&cause| Edge { cause, factor: 1.0 }).collect();
    Event { stratum, weight: 1.0, edges }
}

fn cause(group: usize, exposed: f64) -> Cause {
    Cause { group, exposed }
}

fn cell(levels: &[usize], reports: f64) -> Stratum {
    Stratum { levels: levels.to_vec(), reports }
}

/// A culprit (0), a bystander that is mostly with it (1), a cause of another group (2), two that are
/// never apart (3, 4), and silent ones (5 to 9).
fn example() -> (Vec<Cause>, Vec<Stratum>, Vec<Event>) {
    let mut causes = vec![cause(0, 900.0), cause(0, 1_500.0), cause(1, 4_000.0)];
    causes.extend([cause(0, 300.0), cause(0, 500.0)]);
    causes.extend([40.0, 40.0, 700.0, 9_000.0, 40.0].map(|exposed| cause(0, exposed)));
    let strata = vec![cell(&[0, 0], 9_000.0), cell(&[0, 1], 21_000.0), cell(&[1, 1], 30_000.0)];
    let mut events = Vec::new();
    for i in 0..12 {
        events.push(event(i % 3, if i < 9 { &[0, 1] } else { &[0] }));
    }
    events.extend([event(0, &[1, 2]), event(1, &[2]), event(2, &[3, 4]), event(2, &[3, 4, 2])]);
    events.extend((0..14).map(|i| event(i % 3, &[])));
    (causes, strata, events)
}

fn reports(parts: (Vec<Cause>, Vec<Stratum>, Vec<Event>)) -> Reports {
    Reports::new(2, parts.0, vec![2, 2], parts.1, parts.2).unwrap()
}

fn few() -> Options {
    Options { sweeps: 2_500, warmup: 500, ..Options::default() }
}

fn attributed(posterior: &Posterior) -> Vec<f64> {
    posterior.causes.iter().map(|cause| cause.attributed).collect()
}

#[test]
fn attributed_cases_sum_to_the_event_reports() {
    let reports = reports(example());
    let got = posterior(&reports, &few()).unwrap();
    let sum = attributed(&got).iter().sum::<f64>() + got.background.attributed.mean;
    assert!((sum - 30.0).abs() < 1e-9, "{sum}");
    for event in &got.events {
        let sum = event.background + event.edges.iter().sum::<f64>();
        assert!((sum - 1.0).abs() < 1e-9);
    }
    for (j, cause) in got.causes.iter().enumerate() {
        assert!(cause.attributed <= cause.events + 1e-9);
        let (low, high) = cause.attributed_interval.unwrap();
        assert!(low <= high && high <= cause.events && low.fract() == 0.0, "{j}: {low} {high}");
        let lost: f64 = competitors(&got, &reports, j).iter().map(|(_, n)| n).sum();
        assert!((lost + cause.attributed - cause.events).abs() < 1e-9, "{j}");
    }
    let top = mode(&reports, &few()).unwrap();
    let sum = top.attributed.iter().sum::<f64>() + top.background.attributed;
    assert!(top.converged && (sum - 30.0).abs() < 1e-9, "{sum}");
}

#[test]
fn causes_never_apart_are_one_set() {
    let got = posterior(&reports(example()), &few()).unwrap();
    assert_eq!(got.inseparable.len(), 1);
    let set = &got.inseparable[0];
    assert_eq!((set.causes.as_slice(), set.events), (&[3, 4][..], 2.0));
    assert_eq!(set.exposed, [300.0, 500.0]);
    let sum = got.causes[3].attributed + got.causes[4].attributed;
    assert!((set.attributed - sum).abs() < 1e-12);
    assert!(set.converged && set.attributed_interval.unwrap().1 <= 2.0);
}

#[test]
fn the_same_seed_gives_the_same_bytes_in_any_order_of_chains() {
    let reports = reports(example());
    let options = few();
    let got = posterior(&reports, &options).unwrap();
    let chains = [2, 0, 3, 1].map(|number| chain(&reports, &options, number).unwrap());
    assert_eq!(
        format!("{:?}", pool(&reports, &options, chains.to_vec()).unwrap()),
        format!("{got:?}")
    );
    let other = posterior(&reports, &Options { seed: 1, ..options }).unwrap();
    assert!(attributed(&got) != attributed(&other));
    for wrong in [vec![chains[0].clone(); 4], chains[..3].to_vec()] {
        let error = pool(&reports, &options, wrong).unwrap_err();
        assert!(matches!(error, AttributionError::ForeignChain { .. }));
    }
    assert!(pool(&reports, &Options { seed: 1, ..options }, chains.to_vec()).is_err());
}

/// Numbering and order change nothing but Monte Carlo error: 0.25 cases of 12 here.
#[test]
fn numbering_and_order_of_rows_change_nothing() {
    let (causes, strata, events) = example();
    let count = causes.len();
    let first = reports((causes.clone(), strata.clone(), events.clone()));
    let turned_events: Vec<Event> = events
        .iter()
        .rev()
        .map(|event| {
            let edge = |e: &Edge| Edge { cause: count - 1 - e.cause, ..*e };
            let edges = event.edges.iter().rev().map(edge).collect();
            Event { stratum: strata.len() - 1 - event.stratum, weight: 1.0, edges }
        })
        .collect();
    let turned = reports((
        causes.into_iter().rev().collect(),
        strata.into_iter().rev().collect(),
        turned_events,
    ));
    let (a, b) = (mode(&first, &few()).unwrap(), mode(&turned, &few()).unwrap());
    for j in 0..count {
        assert!((a.attributed[j] - b.attributed[count - 1 - j]).abs() < 1e-6);
    }
    let (a, b) = (posterior(&first, &few()).unwrap(), posterior(&turned, &few()).unwrap());
    for j in 0..count {
        let (x, y) = (a.causes[j], b.causes[count - 1 - j]);
        assert!((x.attributed - y.attributed).abs() < 0.25, "{j}: {x:?} {y:?}");
    }
}

/// An event report that is there twice at weight 1/2 is the same likelihood as once; the attributed
/// cases of the two halves are drawn apart, so only their mean agrees.
#[test]
fn two_halves_are_one() {
    let (causes, strata, events) = example();
    let whole = reports((causes.clone(), strata.clone(), events.clone()));
    let halves = events
        .iter()
        .enumerate()
        .flat_map(|(r, event)| {
            let weight = if r % 3 == 0 { 0.5 } else { 1.0 };
            vec![Event { weight, ..event.clone() }; if r % 3 == 0 { 2 } else { 1 }]
        })
        .collect();
    let halved = reports((causes, strata, halves));
    let climb = Options { mode_tolerance: 1e-11, ..few() };
    let (a, b) = (mode(&whole, &climb).unwrap(), mode(&halved, &climb).unwrap());
    for (x, y) in a.lambda.iter().zip(&b.lambda) {
        assert!((x / y - 1.0).abs() < 1e-3, "{x} {y}");
    }
    let (a, b) = (posterior(&whole, &few()).unwrap(), posterior(&halved, &few()).unwrap());
    for (j, (x, y)) in a.causes.iter().zip(&b.causes).enumerate() {
        assert!((x.attributed - y.attributed).abs() < 0.3, "{j}: {x:?} {y:?}");
        assert!((x.lambda / y.lambda - 1.0).abs() < 0.15, "{j}: {x:?} {y:?}");
    }
}

#[test]
fn a_run_that_is_too_short_gives_no_interval() {
    let reports = reports(example());
    for (sweeps, warmup) in [(1, 0), (12, 4), (40, 0)] {
        let got = posterior(&reports, &Options { sweeps, warmup, ..Options::default() }).unwrap();
        for cause in &got.causes {
            assert!(!cause.converged);
            assert_eq!((cause.lambda_interval, cause.attributed_interval), (None, None));
            assert!(cause.lambda.is_finite() && cause.attributed.is_finite());
        }
        assert!(got.background.attributed.interval.is_none());
        assert!(got.inseparable.iter().all(|set| set.attributed_interval.is_none()));
    }
}

#[test]
fn wrong_input_is_refused_with_its_place() {
    let new = |causes, strata, events| Reports::new(2, causes, vec![2, 2], strata, events);
    let (causes, strata, events) = example();
    let with = |event: Event| [events.clone(), vec![event]].concat();
    let bad_events = [
        (event(9, &[]), "event 30: stratum 9 does not exist (there are 3, numbered from 0)"),
        (event(0, &[10]), "event 30: cause 10 does not exist (there are 10, numbered from 0)"),
        (event(0, &[2, 2]), "event 30: cause 2 stands on it twice; give one edge a cause"),
        (
            Event { weight: 0.0, ..event(0, &[]) },
            "event 30: weight is 0; expected a number from 0.001 to 1",
        ),
    ];
    for (bad, message) in bad_events {
        let error = new(causes.clone(), strata.clone(), with(bad)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    for exposed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let causes = vec![cause(0, exposed); 10];
        assert!(matches!(
            new(causes, strata.clone(), events.clone()),
            Err(AttributionError::Value { .. })
        ));
    }
    assert!(matches!(
        new(vec![cause(0, 5.0); 10], strata.clone(), events.clone()),
        Err(AttributionError::MoreEventsThanReports { .. })
    ));
    assert!(matches!(new(causes.clone(), strata, vec![]), Err(AttributionError::NoEvent)));
    let same = vec![cell(&[0, 0], 50.0); 3];
    assert!(matches!(new(causes, same, events), Err(AttributionError::SameStratum { .. })));
    let options = Options { warmup: 5_000, ..Options::default() };
    assert!(mode(&reports(example()), &options).is_err());
}

/// Two causes that 19 of 21 event reports name together: either may be the culprit, and the chains
/// must have been at both.
#[test]
fn causes_nearly_always_together_converge() {
    let mut events = vec![event(0, &[0, 1]); 19];
    events.extend([event(0, &[0]), event(0, &[1])]);
    events.extend(vec![event(0, &[]); 10]);
    let causes = vec![cause(0, 500.0), cause(0, 520.0)];
    let strata = vec![cell(&[0], 40_000.0)];
    let reports = Reports::new(1, causes, vec![1], strata, events).unwrap();
    let got = posterior(&reports, &Options::default()).unwrap();
    for cause in &got.causes {
        let (low, high) = cause.attributed_interval.unwrap();
        assert!(low <= 3.0 && high >= 17.0, "{cause:?}");
    }
}

/// Two causes that are never apart, and a third on nearly the same event reports: one set of three. Else the
/// two together, and the third alone, would each be acquitted for the other.
#[test]
fn what_overlaps_with_causes_never_apart_joins_them() {
    let mut events = vec![event(0, &[0, 1, 2]); 19];
    events.extend([event(0, &[0, 1]), event(0, &[2])]);
    events.extend(vec![event(0, &[]); 10]);
    let causes = vec![cause(0, 500.0), cause(0, 900.0), cause(0, 520.0)];
    let reports = Reports::new(1, causes, vec![1], vec![cell(&[0], 40_000.0)], events).unwrap();
    let got = posterior(&reports, &Options::default()).unwrap();
    assert!(got.causes[2].attributed_interval.unwrap().0 <= 1.0, "{:?}", got.causes);
    let [set] = &got.inseparable[..] else { panic!("{:?}", got.inseparable) };
    assert_eq!(
        (set.causes.as_slice(), set.same_reports, set.events),
        (&[0, 1, 2][..], false, 21.0)
    );
    assert!(set.attributed_interval.unwrap().0 > 10.0, "{set:?}");
}

/// A second way to the posterior: Metropolis steps on the likelihood as it stands, without arrivals,
/// components or conjugacy. Hyperparameters are held; two strata, two causes.
#[test]
fn a_plain_metropolis_sampler_agrees() {
    const CAUSES: [f64; 2] = [300.0, 450.0];
    const CELLS: [f64; 2] = [1_500.0, 2_500.0];
    // Stratum, causes on it, how many.
    const EVENTS: [(usize, [f64; 2], f64); 5] = [
        (0, [1.0, 1.0], 4.0),
        (0, [1.0, 0.0], 2.0),
        (1, [0.0, 1.0], 2.0),
        (0, [0.0, 0.0], 6.0),
        (1, [0.0, 0.0], 4.0),
    ];
    let events = EVENTS.iter().flat_map(|&(stratum, on, count)| {
        let causes: Vec<usize> = (0..2).filter(|&j| on[j] > 0.0).collect();
        (0..6).filter(move |&i| f64::from(i) < count).map(move |_| event(stratum, &causes))
    });
    let strata = vec![cell(&[0], CELLS[0]), cell(&[1], CELLS[1])];
    let causes = CAUSES.map(|exposed| cause(0, exposed)).to_vec();
    let reports = Reports::new(1, causes, vec![2], strata, events.collect()).unwrap();
    let held = Options {
        active_prior: (3e5, 7e5),
        active_scale_shape: 1e6,
        sweeps: 30_000,
        kept: 20_000,
        background_shape: 3.0,
        null_share: 0.02,
        ..Options::default()
    };
    let got = posterior(&reports, &held).unwrap();

    let crude = 18.0 / 4_000.0;
    let (rate, null) = (0.5 / (10.0 * crude), 50.0 / crude);
    let log = |x: &[f64; 5]| {
        let [mu, first, second, a, b] = x.map(f64::exp);
        let (theta, lambda) = ([first, second], [a, b]);
        let mut sum = 0.5 * x[0] - 0.5 * mu / crude;
        sum += theta.iter().map(|t| 3.0 * (t.ln() - t)).sum::<f64>();
        for (j, l) in lambda.iter().enumerate() {
            let active = 0.3 * (rate * l).sqrt() * (-rate * l).exp() / std::f64::consts::PI.sqrt();
            sum += (active + 0.7 * null * l * (-null * l).exp()).max(1e-300).ln();
            let events: f64 = EVENTS.iter().map(|e| e.1[j] * e.2).sum();
            sum -= l * (CAUSES[j] - events);
        }
        for c in 0..2 {
            let events: f64 = EVENTS.iter().filter(|e| e.0 == c).map(|e| e.2).sum();
            sum -= mu * theta[c] * (CELLS[c] - events);
        }
        for (c, on, count) in &EVENTS {
            let h = mu * theta[*c] + on[0] * a + on[1] * b;
            sum += count * (-(-h).exp_m1()).ln();
        }
        sum
    };
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut x = [crude.ln(), 0.0, 0.0, -6.0, -6.0];
    let (mut here, mut sums) = (log(&x), [0.0; 4]);
    const STEPS: usize = 4_000_000;
    for step in 0..STEPS {
        let mut to = x;
        let at = step % 5;
        let width = if at < 3 { 1.0 } else { [0.7, 3.0, 12.0][step / 5 % 3] };
        to[at] += width * (rng.random::<f64>() - 0.5) * 2.0;
        let there = log(&to);
        if rng.random::<f64>().ln() < there - here {
            (x, here) = (to, there);
        }
        let [mu, first, _, a, b] = x.map(f64::exp);
        let cases = 4.0 * a / (mu * first + a + b) + 2.0 * a / (mu * first + a);
        for (sum, value) in sums.iter_mut().zip([a, b, cases, mu * first]) {
            *sum += value / STEPS as f64;
        }
    }
    // Monte Carlo error of both is below 2 %.
    assert!((got.causes[0].lambda / sums[0] - 1.0).abs() < 0.06, "{got:?} {sums:?}");
    assert!((got.causes[1].lambda / sums[1] - 1.0).abs() < 0.06, "{got:?} {sums:?}");
    assert!((got.causes[0].attributed - sums[2]).abs() < 0.12, "{got:?} {sums:?}");
}

/// Any size of counts, factors and weights.
fn any_reports() -> impl Strategy<Value = Reports> {
    let shape = (1..6_usize, 1..4_usize, 1..12_usize, any::<u64>(), -4..12_i32, -3..4_i32);
    shape.prop_map(|(causes, levels, events, seed, scale, spread)| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let events: Vec<Event> = (0..events)
            .map(|_| {
                let on: Vec<usize> = (0..causes).filter(|_| rng.random::<bool>()).collect();
                let factor =
                    |rng: &mut ChaCha8Rng| 10_f64.powf(f64::from(spread) * rng.random::<f64>());
                let edges = on.into_iter().map(|cause| Edge { cause, factor: factor(&mut rng) });
                let edges = edges.collect();
                let weight = if rng.random::<bool>() { 1.0 } else { rng.random_range(0.001..1.0) };
                Event { stratum: rng.random_range(0..levels), weight, edges }
            })
            .collect();
        let room = 10_f64.powi(scale);
        let weigh = |on: &dyn Fn(&Event) -> bool| {
            events.iter().filter(|e| on(e)).map(|e| e.weight).sum::<f64>() + room
        };
        let causes = (0..causes)
            .map(|j| cause(j % 2, weigh(&|e| e.edges.iter().any(|edge| edge.cause == j))))
            .collect();
        let strata = (0..levels).map(|c| cell(&[c], weigh(&|e| e.stratum == c))).collect();
        Reports::new(2, causes, vec![levels], strata, events).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// The climb never falls, and nothing leaves the numbers.
    #[test]
    fn the_climb_rises_and_numbers_stay_numbers(reports in any_reports()) {
        let options = Options { sweeps: 40, warmup: 10, mode_tolerance: 1e-9, ..Options::default() };
        let top = mode(&reports, &options).unwrap();
        for step in top.objective.windows(2) {
            prop_assert!(step[1] >= step[0] - 1e-9 * (1.0 + step[0].abs()), "{:?}", step);
        }
        let got = posterior(&reports, &options).unwrap();
        for cause in &got.causes {
            prop_assert!(cause.lambda.is_finite() && cause.lambda > 0.0);
            prop_assert!((0.0..=1.0).contains(&cause.active));
        }
        let events: f64 = reports.events().iter().map(|event| event.weight).sum();
        for sum in [
            attributed(&got).iter().sum::<f64>() + got.background.attributed.mean,
            top.attributed.iter().sum::<f64>() + top.background.attributed,
        ] {
            prop_assert!((sum - events).abs() < 1e-9 * events, "{} {}", sum, events);
        }
    }
}
