//! Random samples of reports.

use rand::Rng;

/// Draws profiles: with replacement in proportion to weights, or reports without replacement.
#[derive(Debug, Clone)]
pub(super) enum Sampler {
    Weighted(Alias),
    WithoutReplacement(Reports),
}

/// Memory that a run of draws needs.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// One bit a report: drawn already.
    drawn: Vec<u64>,
    taken: Vec<u32>,
}

impl Sampler {
    /// Draws `k` times and hands each profile to `take`.
    pub(super) fn draw(
        &self,
        rng: &mut impl Rng,
        k: u64,
        scratch: &mut Scratch,
        mut take: impl FnMut(usize),
    ) {
        match self {
            Self::Weighted(alias) => (0..k).for_each(|_| take(alias.draw(rng))),
            Self::WithoutReplacement(reports) => reports.draw(rng, k, scratch, take),
        }
    }
}

/// Draws an index in proportion to its weight in constant time. Source: Walker 1977, ACM Trans Math
/// Softw 3:253-256, with the table built as by Vose 1991, IEEE Trans Softw Eng 17:972-975.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    /// Share of column i that is its own.
    own: Vec<f64>,
    /// Whose the rest of it is.
    other: Vec<usize>,
}

impl Alias {
    /// Weights are finite, 0 or above; if their sum is 0 all are alike.
    pub(super) fn new(weights: &[f64]) -> Self {
        let sum: f64 = weights.iter().sum();
        let scale = if sum > 0.0 { weights.len() as f64 / sum } else { 0.0 };
        let mut own: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        let mut other: Vec<usize> = (0..own.len()).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..own.len()).partition(|&i| own[i] < 1.0);
        while let (Some(&low), Some(&high)) = (small.last(), large.last()) {
            small.pop();
            other[low] = high;
            own[high] -= 1.0 - own[low];
            if own[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        // What is left is full, but for rounding.
        for i in small.into_iter().chain(large) {
            own[i] = 1.0;
        }
        Self { own, other }
    }

    /// The high part of one random number times the size is the column, the low part the place in
    /// it: no column is off by more than one part in 2^32.
    fn draw(&self, rng: &mut impl Rng) -> usize {
        let product = u128::from(rng.next_u64()) * self.own.len() as u128;
        let column = (product >> 64) as usize;
        let place = (product as u64 >> 11) as f64 * 2_f64.powi(-53);
        if place < self.own[column] { column } else { self.other[column] }
    }
}

/// Reports numbered through all profiles.
#[derive(Debug, Clone)]
pub(super) struct Reports {
    /// Number of the first report after each profile.
    ends: Vec<u32>,
    /// Profile of the first report of each block of 2^shift reports.
    guide: Vec<u32>,
    shift: u32,
}

impl Reports {
    /// `sizes` add up to less than 2^32.
    pub(super) fn new(sizes: impl Iterator<Item = u32>) -> Self {
        let ends: Vec<u32> = sizes
            .scan(0_u32, |end, size| {
                *end = end.saturating_add(size);
                Some(*end)
            })
            .collect();
        let total = ends.last().copied().unwrap_or(0);
        let mut shift = 0;
        while (total >> shift) as usize > 2 * ends.len() {
            shift += 1;
        }
        let guide = (0..=total >> shift)
            .map(|block| ends.partition_point(|&end| end <= block << shift) as u32)
            .collect();
        Self { ends, guide, shift }
    }

    fn total(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    fn profile_of(&self, report: u32) -> usize {
        let mut profile = self.guide[(report >> self.shift) as usize] as usize;
        while self.ends[profile] <= report {
            profile += 1;
        }
        profile
    }

    /// A sample without replacement by the method of Floyd (Bentley and Floyd 1987, Commun ACM
    /// 30:754-757): one random number for each report drawn.
    fn draw(&self, rng: &mut impl Rng, k: u64, scratch: &mut Scratch, mut take: impl FnMut(usize)) {
        let total = self.total();
        let k = u32::try_from(k).unwrap_or(u32::MAX).min(total);
        scratch.drawn.resize(total as usize / 64 + 1, 0);
        for last in total - k..total {
            let mut report = below(rng, last + 1);
            if !mark(&mut scratch.drawn, report) {
                report = last;
                mark(&mut scratch.drawn, report);
            }
            scratch.taken.push(report);
        }
        for report in scratch.taken.drain(..) {
            scratch.drawn[report as usize / 64] = 0;
            take(self.profile_of(report));
        }
    }
}

/// Sets the bit; false if it was set.
fn mark(bits: &mut [u64], place: u32) -> bool {
    let word = &mut bits[place as usize / 64];
    let bit = 1 << (place % 64);
    let fresh = *word & bit == 0;
    *word |= bit;
    fresh
}

/// A whole number below `n` (above 0), each as likely. Source: Lemire 2019, ACM Trans Model Comput
/// Simul 29:3.
fn below(rng: &mut impl Rng, n: u32) -> u32 {
    loop {
        let product = u64::from(rng.next_u32()) * u64::from(n);
        let low = product as u32;
        if low >= n || low >= n.wrapping_neg() % n {
            return (product >> 32) as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::numeric::random::stream;

    fn shares(sampler: &Sampler, k: u64, times: u64, size: usize) -> Vec<f64> {
        let mut counts = vec![0_u64; size];
        let mut scratch = Scratch::default();
        for replicate in 0..times {
            sampler.draw(&mut stream(3, replicate), k, &mut scratch, |i| counts[i] += 1);
        }
        counts.iter().map(|&count| count as f64 / (k * times) as f64).collect()
    }

    /// Shares of 300,000 draws: five standard errors are below 0.005.
    #[test]
    fn weighted_draws_follow_their_weights() {
        let weights = [0.0, 1.0, 2.0, 0.5, 6.5, 0.0];
        let got = shares(&Sampler::Weighted(Alias::new(&weights)), 300, 1_000, weights.len());
        for (share, weight) in got.iter().zip(weights) {
            assert!((share - weight / 10.0).abs() < 0.005, "{got:?}");
            assert_eq!(*share == 0.0, weight == 0.0);
        }
    }

    #[test]
    fn a_sample_without_replacement_takes_no_report_twice() {
        let sizes = [3_u32, 0, 5, 1, 11];
        let sampler = Sampler::WithoutReplacement(Reports::new(sizes.into_iter()));
        for k in [0, 1, 7, 20, 99] {
            let mut counts = [0_u32; 5];
            let mut scratch = Scratch::default();
            sampler.draw(&mut stream(1, k), k, &mut scratch, |i| counts[i] += 1);
            assert!(counts.iter().zip(sizes).all(|(&count, size)| count <= size), "{counts:?}");
            assert_eq!(u64::from(counts.iter().sum::<u32>()), k.min(20));
            assert!(scratch.drawn.iter().all(|&word| word == 0));
        }
        let got = shares(&sampler, 7, 40_000, 5);
        for (share, size) in got.iter().zip(sizes) {
            assert!((share - f64::from(size) / 20.0).abs() < 0.005, "{got:?}");
        }
    }

    #[test]
    fn below_reaches_every_number_alike() {
        let mut rng = stream(5, 0);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[below(&mut rng, 6) as usize] += 1;
        }
        // Standard deviation 91.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 460), "{counts:?}");
        assert_eq!(below(&mut rng, 1), 0);
    }
}
