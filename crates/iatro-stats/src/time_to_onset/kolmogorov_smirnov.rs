//! The two-sample test of Kolmogorov and Smirnov, for times with ties.

use std::f64::consts::{PI, TAU};

use super::pooled::{ComparisonError, Pooled};

/// The answer of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KolmogorovSmirnov {
    /// D: the largest distance between the two empirical distribution functions, 0 to 1.
    pub statistic: f64,
    /// Asymptotic p-value, for samples without ties; too large with them.
    pub p_asymptotic: f64,
    /// Exact p-value given the ties; `None` if the product of the sample sizes exceeds
    /// [`EXACT_UP_TO`].
    pub p_exact: Option<f64>,
}

impl KolmogorovSmirnov {
    /// The exact p-value where there is one, else the asymptotic.
    #[must_use]
    pub fn p(&self) -> f64 {
        self.p_exact.unwrap_or(self.p_asymptotic)
    }
}

/// Largest product of the two sample sizes for which the exact p-value is computed (up to 0.1 s).
pub const EXACT_UP_TO: u64 = 10_000_000;

/// Tests whether two samples of times come from one distribution, two-sided.
///
/// ```text
/// D = max |F1(t) - F2(t)| over the distinct times t
/// p asymptotic = 2 sum over k of (-1)^(k-1) exp(-2 k^2 n m D^2 / (n + m))
/// p exact = P(D of a random division of the pooled times >= D)
/// ```
///
/// Times are days and tie. The exact p-value is that of all divisions of the pooled, tied times into
/// samples of these sizes: what a permutation test approaches, but by counting lattice paths whose
/// distance is looked at only after the last of equal times. Sources: Smirnov 1939, Bull Math Univ
/// Moscou 2:3-14; Schröer and Trenkler 1995, Comput Stat Data Anal 20:185-202 (ties). `first` and
/// `second` are in one unit, at least one value each.
///
/// # Errors
/// [`ComparisonError`] for an empty sample or a value that is not finite.
pub fn kolmogorov_smirnov(
    first: &[f64],
    second: &[f64],
) -> Result<KolmogorovSmirnov, ComparisonError> {
    let pooled = Pooled::new(first, second)?;
    let distance = distance(&pooled.blocks, pooled.sizes);
    let [m, n] = pooled.sizes.map(|size| size as f64);
    let statistic = distance as f64 / (m * n);
    let p_asymptotic = kolmogorov_upper(statistic * (m * n / (m + n)).sqrt());
    let small = u128::from(pooled.sizes[0]) * u128::from(pooled.sizes[1]);
    let p_exact = (small <= u128::from(EXACT_UP_TO)).then(|| exact(&pooled, distance));
    Ok(KolmogorovSmirnov { statistic, p_asymptotic, p_exact })
}

/// max |i n - j m|: D times both sizes, a whole number.
pub(super) fn distance(blocks: &[[u64; 2]], [m, n]: [u64; 2]) -> u128 {
    let (mut i, mut j, mut largest) = (0_u64, 0_u64, 0_u128);
    for [a, b] in blocks {
        i += a;
        j += b;
        let one = u128::from(i) * u128::from(n);
        let two = u128::from(j) * u128::from(m);
        largest = largest.max(one.abs_diff(two));
    }
    largest
}

/// The share of divisions with a distance of at least `distance`.
///
/// Row j of the table holds, for each i, the share of paths to (i, j) that have been that far away at
/// the end of a block; a path comes from (i - 1, j) with probability i / (i + j). Sums of positive
/// numbers only, so that small p-values keep their digits.
fn exact(pooled: &Pooled, distance: u128) -> f64 {
    let [m, n] = pooled.sizes;
    if distance == 0 {
        return 1.0;
    }
    let mut is_end = vec![false; usize::try_from(m + n).unwrap_or(usize::MAX) + 1];
    let mut position = 0;
    for [a, b] in &pooled.blocks {
        position += usize::try_from(a + b).unwrap_or(usize::MAX);
        if let Some(end) = is_end.get_mut(position) {
            *end = true;
        }
    }
    // The product of the sizes fits, so these do.
    let far = |i: u64, j: u64| u128::from((i * n).abs_diff(j * m)) >= distance;
    let mut row = vec![0.0_f64; usize::try_from(m).unwrap_or(usize::MAX) + 1];
    for j in 0..=n {
        let mut left = 0.0;
        for (i, cell) in (0..=m).zip(row.iter_mut()) {
            let position = usize::try_from(i + j).unwrap_or(usize::MAX);
            let ends = is_end.get(position).copied().unwrap_or(false);
            *cell = if ends && far(i, j) {
                1.0
            } else if i + j == 0 {
                0.0
            } else {
                (left * i as f64 + *cell * j as f64) / (i + j) as f64
            };
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(1.0).min(1.0)
}

/// P(K >= x) of Kolmogorov's limiting distribution, by whichever of its two series converges fast
/// (Kolmogorov 1933; Marsaglia, Tsang and Wang 2003, J Stat Softw 8:18).
fn kolmogorov_upper(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x < 1.0 {
        let exponent = -PI * PI / (8.0 * x * x);
        let terms = (1..=9).step_by(2).map(|k| (exponent * f64::from(k * k)).exp());
        return 1.0 - TAU.sqrt() / x * terms.sum::<f64>();
    }
    let terms = (1..=8).map(|k| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * (-2.0 * f64::from(k * k) * x * x).exp()
    });
    terms.sum::<f64>().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_two_series_meet() {
        let (below, above) = (kolmogorov_upper(1.0 - 1e-12), kolmogorov_upper(1.0));
        assert!((below - above).abs() < 1e-11);
    }

    /// Every division of seven tied values into three and four, counted.
    #[test]
    fn exact_is_the_share_of_divisions() {
        let pooled = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0];
        let division = |set: u32| -> (Vec<f64>, Vec<f64>) {
            let tagged = pooled.iter().enumerate().map(|(k, &v)| (v, set >> k & 1 == 1));
            let (a, b): (Vec<_>, Vec<_>) = tagged.partition(|t| t.1);
            let plain = |v: Vec<(f64, bool)>| v.into_iter().map(|t| t.0).collect();
            (plain(a), plain(b))
        };
        let sets: Vec<u32> = (0..128_u32).filter(|s| s.count_ones() == 3).collect();
        let all: Vec<KolmogorovSmirnov> = sets
            .iter()
            .map(|&s| division(s))
            .map(|(a, b)| kolmogorov_smirnov(&a, &b).unwrap())
            .collect();
        for one in &all {
            let reached = all.iter().filter(|o| o.statistic >= one.statistic - 1e-12).count();
            let expected = reached as f64 / all.len() as f64;
            assert!((one.p_exact.unwrap() - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn equal_samples_and_disjoint_samples() {
        let same = kolmogorov_smirnov(&[1.0, 2.0], &[2.0, 1.0]).unwrap();
        assert_eq!((same.statistic, same.p_asymptotic, same.p_exact), (0.0, 1.0, Some(1.0)));
        let apart = kolmogorov_smirnov(&[1.0, 2.0, 3.0], &[7.0, 8.0, 9.0]).unwrap();
        assert_eq!(apart.statistic, 1.0);
        // 2 of the 20 divisions.
        assert!((apart.p() - 0.1).abs() < 1e-15);
    }

    #[test]
    fn large_samples_have_the_asymptotic_value_only() {
        let values: Vec<f64> = (0..4_000).map(f64::from).collect();
        let got = kolmogorov_smirnov(&values, &values).unwrap();
        assert_eq!((got.p_exact, got.p()), (None, 1.0));
    }

    #[test]
    fn bad_samples_are_refused() {
        assert_eq!(
            kolmogorov_smirnov(&[], &[1.0]),
            Err(ComparisonError::Empty { sample: "first" })
        );
        assert!(matches!(
            kolmogorov_smirnov(&[1.0], &[0.0, f64::INFINITY]),
            Err(ComparisonError::NotFinite { sample: "second", index: 1, .. })
        ));
    }
}
