//! Agreement between raters: kappa.

use iatro_stats::agreement::{
    Weights, cohen_kappa, counts_by_subject, fleiss_kappa, table_of_ratings,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::simulation::{CLAIMED, coverage};

/// Uneven categories: what a rater gives when it does not give the true one.
const PREVALENCE: [f64; 3] = [0.5, 0.3, 0.2];

fn category(rng: &mut ChaCha8Rng) -> usize {
    let at: f64 = rng.random();
    PREVALENCE.iter().scan(0.0, |sum, p| Some((*sum += p, *sum).1)).filter(|&sum| sum <= at).count()
}

/// A subject with a true category, which each rater gives with probability `a` and else one by
/// chance: then both kappas are a^2.
fn subject(rng: &mut ChaCha8Rng, a: f64, raters: usize) -> Vec<usize> {
    let truth = category(rng);
    let mut rate = || if rng.random::<f64>() < a { truth } else { category(rng) };
    (0..raters).map(|_| rate()).collect()
}

/// The interval of kappa from one study.
fn interval(study: &[Vec<usize>]) -> Option<[f64; 2]> {
    if study[0].len() > 2 {
        return fleiss_kappa(&counts_by_subject(study, 3).unwrap(), 3, 0.95).unwrap()?.interval;
    }
    let rater = |i: usize| study.iter().map(|ratings| ratings[i]).collect::<Vec<_>>();
    let table = table_of_ratings(&rater(0), &rater(1), 3).unwrap();
    cohen_kappa(&table, 3, Weights::Unweighted, 0.95).unwrap()?.interval
}

#[test]
fn intervals_hold_the_true_kappa() {
    for (seed, subjects, raters, a) in
        [(1, 200, 2, 0.8), (2, 200, 2, 0.5), (3, 80, 2, 0.7), (4, 60, 4, 0.7), (5, 100, 6, 0.5)]
    {
        let name = format!("kappa {:.2}, {subjects} subjects, {raters} raters", a * a);
        let share = coverage(&name, seed, 4_000, |rng| {
            let study: Vec<_> = (0..subjects).map(|_| subject(rng, a, raters)).collect();
            Some((interval(&study)?, a * a))
        });
        assert!(CLAIMED.contains(&share), "{name}: {share}");
    }
}
