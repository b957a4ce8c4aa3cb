//! Drawing from weighted lists, and the small distributions that reports need.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal};

/// The only source of randomness: ChaCha8, one stream a quarter.
pub(crate) type Rng = ChaCha8Rng;

/// A list of positions with weights.
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    cumulative: Vec<f64>,
}

impl Weighted {
    /// Positions 0.. with these weights; negative weights count as 0.
    pub(crate) fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut total = 0.0;
        let cumulative = weights.into_iter().map(|weight| {
            total += weight.max(0.0);
            total
        });
        Self { cumulative: cumulative.collect() }
    }

    /// Zipf-Mandelbrot weights, rank 0 the most popular: `1 / (rank + shift)^exponent`.
    pub(crate) fn zipf(n: usize, shift: f64, exponent: f64) -> Self {
        Self::new((0..n).map(|rank| (rank as f64 + shift).powf(-exponent)))
    }

    /// The same with a tail that dies away: `exp(-rank / fall) / (rank + shift)^exponent`.
    pub(crate) fn falling(n: usize, shift: f64, exponent: f64, fall: f64) -> Self {
        let weight = |rank: f64| (rank + shift).powf(-exponent) * (-rank / fall).exp();
        Self::new((0..n).map(|rank| weight(rank as f64)))
    }

    /// The weight of a position.
    pub(crate) fn weight(&self, position: usize) -> f64 {
        let up_to = |end: usize| match end.checked_sub(1) {
            Some(last) => self.cumulative.get(last).copied().unwrap_or(0.0),
            None => 0.0,
        };
        (up_to(position + 1) - up_to(position)).max(0.0)
    }

    /// One position; 0 where the list is empty.
    pub(crate) fn draw(&self, rng: &mut Rng) -> usize {
        let Some(total) = self.cumulative.last() else { return 0 };
        let at = rng.random::<f64>() * total;
        self.cumulative.partition_point(|c| *c <= at).min(self.cumulative.len() - 1)
    }
}

/// `true` with this probability; out of range counts as 0 or 1.
pub(crate) fn chance(rng: &mut Rng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

/// One of a list's members, each as likely; `None` from an empty list.
pub(crate) fn pick<'a, T>(rng: &mut Rng, list: &'a [T]) -> Option<&'a T> {
    if list.is_empty() { None } else { list.get(rng.random_range(0..list.len())) }
}

/// One of a fixed list's members by weight.
pub(crate) fn choose<T: Copy, const N: usize>(rng: &mut Rng, list: [(T, f64); N]) -> T {
    const { assert!(N > 0) };
    let total: f64 = list.iter().map(|(_, weight)| weight).sum();
    let mut at = rng.random::<f64>() * total;
    for (value, weight) in list {
        if at < weight {
            return value;
        }
        at -= weight;
    }
    list[N - 1].0
}

/// A length of time in whole days, at least 0: log-normal by its median.
pub(crate) fn days(rng: &mut Rng, median: f64, sigma: f64) -> i32 {
    let drawn = LogNormal::new(median.max(0.1).ln(), sigma).map_or(median, |d| d.sample(rng));
    // Bounded to a century, so that the conversion is exact.
    drawn.clamp(0.0, 36_525.0).round() as i32
}

/// A count of at least 1 with a long tail: 1 to 4 by `head`, then 5 plus a geometric count.
pub(crate) fn long_tailed(rng: &mut Rng, head: [f64; 4], tail_step: f64) -> usize {
    let mut at = rng.random::<f64>();
    for (index, probability) in head.into_iter().enumerate() {
        if at < probability {
            return index + 1;
        }
        at -= probability;
    }
    let mut n = 5;
    while n < 60 && chance(rng, tail_step) {
        n += 1;
    }
    n
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn weights_are_respected() {
        let mut rng = Rng::seed_from_u64(1);
        let list = Weighted::new([1.0, 0.0, 3.0]);
        let mut seen = [0; 3];
        for _ in 0..40_000 {
            seen[list.draw(&mut rng)] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((9_500..10_500).contains(&seen[0]), "{seen:?}");
    }
}
