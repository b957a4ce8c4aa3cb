//! Attribution: the mode, one chain and its pooling, against a plain sampler.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use iatro_stats::attribution::{Cause, Edge, Event, Options, Reports, Stratum, chain, mode, pool};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

const EVENTS: usize = 25_000;
const CAUSES: usize = 2_000;
const ON_A_REPORT: usize = 6;
const FACTORS: [usize; 4] = [7, 3, 8, 10];

/// 25,000 event reports of 6 causes each. Popularity is skewed (the first cause is on a third of the
/// reports, the last on a handful), 1 cause in 20 is a culprit, the reports stand in 1,680 strata.
fn reports() -> Reports {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let cells = FACTORS.iter().product::<usize>();
    let mut exposed = vec![0.0; CAUSES];
    let mut events = Vec::with_capacity(EVENTS);
    for _ in 0..EVENTS {
        let mut edges: Vec<Edge> = Vec::with_capacity(ON_A_REPORT);
        while edges.len() < ON_A_REPORT {
            let u: f64 = rng.random();
            let cause = ((CAUSES as f64).powf(u) - 1.0).floor().min(CAUSES as f64 - 1.0);
            #[allow(clippy::cast_sign_loss)]
            let cause = cause as usize;
            if edges.iter().all(|edge| edge.cause != cause) {
                exposed[cause] += 1.0;
                edges.push(Edge { cause, factor: 1.0 });
            }
        }
        events.push(Event { stratum: rng.random_range(0..cells), weight: 1.0, edges });
    }
    let causes = exposed.into_iter().enumerate().map(|(j, events): (usize, f64)| {
        let enriched = if j % 20 == 7 { 50.0 } else { 1_000.0 };
        Cause { group: usize::from(j % 10 == 0), exposed: (events + 1.0) * enriched }
    });
    let strata = (0..cells).map(|c| {
        let mut rest = c;
        let levels = FACTORS.iter().map(|levels| {
            let level = rest % levels;
            rest /= levels;
            level
        });
        Stratum { levels: levels.collect(), reports: 15_000.0 }
    });
    Reports::new(2, causes.collect(), FACTORS.to_vec(), strata.collect(), events).unwrap()
}

#[divan::bench]
fn mode_of_25_000_events(bencher: Bencher) {
    let reports = reports();
    bencher.bench(|| mode(black_box(&reports), &Options::default()).unwrap());
}

/// One of the four chains of a run.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn chain_of_5_000_sweeps(bencher: Bencher) {
    let reports = reports();
    bencher.bench(|| chain(black_box(&reports), &Options::default(), 1).unwrap());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn pool_of_4_chains(bencher: Bencher) {
    let reports = reports();
    let options = Options { sweeps: 1_200, warmup: 200, ..Options::default() };
    let chains: Vec<_> = (0..4).map(|i| chain(&reports, &options, i).unwrap()).collect();
    bencher
        .with_inputs(|| chains.clone())
        .bench_values(|chains| pool(black_box(&reports), &options, chains).unwrap());
}

/// 100 sweeps of a chain (setting up included), to be held against the plain ones.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn chain_of_100_sweeps(bencher: Bencher) {
    let reports = reports();
    let options = Options { sweeps: 100, warmup: 99, ..Options::default() };
    bencher.bench(|| chain(black_box(&reports), &options, 1).unwrap());
}

/// Only the allocation of 100 plain sweeps: for every report an exponential first-arrival time for
/// the background and each cause, truncated to one unit, the earliest being the cause.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn plain_allocation_of_100_sweeps(bencher: Bencher) {
    let reports = reports();
    let lambda: Vec<f64> = reports.causes().iter().map(|c| 20.0 / c.exposed).collect();
    bencher.bench(|| {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut first = vec![0_u32; CAUSES + 1];
        for _ in 0..100 {
            for event in reports.events() {
                let hazards: Vec<f64> = std::iter::once(1e-3)
                    .chain(event.edges.iter().map(|e| e.factor * lambda[e.cause]))
                    .collect();
                let total: f64 = hazards.iter().sum();
                let u: f64 = rng.random();
                let until = -(1.0 - u * (1.0 - (-total).exp())).ln() / total;
                let times = hazards.iter().map(|h| -rng.random::<f64>().ln() / (h * until));
                let least = times.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
                let cause = least.0.checked_sub(1).map_or(CAUSES, |e| event.edges[e].cause);
                first[cause] += 1;
            }
        }
        first
    });
}
