//! The two-sample test of Anderson and Darling, midrank version for ties.

use super::pooled::{ComparisonError, Pooled};

/// The answer of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AndersonDarling {
    /// A²: the midrank statistic, 0 or above; 1 on average under one distribution.
    pub a_squared: f64,
    /// T = (A² - 1) / its standard deviation: the statistic that tables and packages print.
    pub standardised: f64,
    /// p-value interpolated in the published percentage points, 0.001 to 0.25.
    pub p: InterpolatedP,
}

/// A p-value from a table that ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InterpolatedP {
    /// Within the table.
    Value(f64),
    /// Below its smallest level, 0.001.
    Below(f64),
    /// Above its largest level, 0.25.
    Above(f64),
}

impl InterpolatedP {
    /// True if p is certainly at most `level`, for levels from 0.001 to 0.25; outside the table no
    /// level is.
    #[must_use]
    pub fn is_at_most(&self, level: f64) -> bool {
        match *self {
            Self::Value(p) | Self::Below(p) => p <= level,
            Self::Above(_) => false,
        }
    }
}

/// Tests whether two samples of times come from one distribution, with weight on the tails.
///
/// With the distinct pooled values in order, l of them tied at each, M the number of a sample below
/// plus half of those at it, and B the same of the pooled sample:
///
/// ```text
/// A² = (N - 1)/N  sum over samples  1/n  sum over values  l/N (N M - n B)² / (B (N - B) - N l / 4)
/// T  = (A² - 1) / sd(A²), sd exact for samples without ties
/// ```
///
/// The p-value interpolates ln p by a parabola in T fitted to the published percentage points for k =
/// 2 (0.25 to 0.001), as scipy does; outside it says only on which side. For times with many ties or
/// in small samples take the permutation p-value
/// ([`permutation_test`](super::permutation_test)). Source: Scholz and Stephens 1987, J Am Stat Assoc
/// 82:918-924, equation 7 (midranks) and table 2. Used on times to onset of spontaneous reports by
/// Scholl and van Puijenbroek 2016, doi 10.1002/pds.4115.
///
/// `None` if the pooled sample has fewer than 4 values, or one distinct value only.
///
/// # Errors
/// [`ComparisonError`] for an empty sample or a value that is not finite.
pub fn anderson_darling(
    first: &[f64],
    second: &[f64],
) -> Result<Option<AndersonDarling>, ComparisonError> {
    let pooled = Pooled::new(first, second)?;
    if pooled.total() < 4 || pooled.blocks.len() < 2 {
        return Ok(None);
    }
    let a_squared = a_squared(&pooled.blocks, pooled.sizes);
    let standardised = (a_squared - 1.0) / variance(pooled.sizes).sqrt();
    Ok(Some(AndersonDarling { a_squared, standardised, p: interpolated(standardised) }))
}

/// A² of counts at distinct values, at least two of them.
pub(super) fn a_squared(blocks: &[[u64; 2]], sizes: [u64; 2]) -> f64 {
    let [m, n] = sizes.map(|size| size as f64);
    let total = m + n;
    let (mut seen, mut before) = (0.0, 0.0);
    let mut sum = 0.0;
    for &[a, b] in blocks {
        let (in_first, tied) = (a as f64, (a + b) as f64);
        let middle = before + 0.5 * tied;
        let excess = total * (seen + 0.5 * in_first) - m * middle;
        sum += tied * excess * excess / (middle * (total - middle) - 0.25 * total * tied);
        seen += in_first;
        before += tied;
    }
    // With two samples the excess of one is minus that of the other.
    (total - 1.0) / (total * total) * sum * (1.0 / m + 1.0 / n)
}

/// The exact variance of A² without ties, k = 2 (Scholz and Stephens 1987, equation 4).
fn variance(sizes: [u64; 2]) -> f64 {
    let [m, n] = sizes.map(|size| size as f64);
    let total = m + n;
    let h_sizes = 1.0 / m + 1.0 / n;
    let (mut h, mut g) = (0.0, 0.0);
    // h = sum of 1/i for i < N; g = sum over i of (sum of 1/j for j > i) / i beyond, in one pass.
    let last = sizes[0] + sizes[1] - 1;
    let mut tail = 0.0;
    for i in (2..=last).rev() {
        tail += 1.0 / i as f64;
        g += tail / (last + 2 - i) as f64;
        h = tail;
    }
    h += 1.0;
    let k = 2.0;
    let a = (4.0 * g - 6.0) * (k - 1.0) + (10.0 - 6.0 * g) * h_sizes;
    let b = (2.0 * g - 4.0) * k * k + 8.0 * h * k + (2.0 * g - 14.0 * h - 4.0) * h_sizes - 8.0 * h
        + 4.0 * g
        - 6.0;
    let c = (6.0 * h + 2.0 * g - 2.0) * k * k
        + (4.0 * h - 4.0 * g + 6.0) * k
        + (2.0 * h - 6.0) * h_sizes
        + 4.0 * h;
    let d = (2.0 * h + 6.0) * k * k - 4.0 * h * k;
    let polynomial = ((a * total + b) * total + c) * total + d;
    polynomial / ((total - 1.0) * (total - 2.0) * (total - 3.0))
}

/// Table 2 of Scholz and Stephens 1987: b0, b1, b2 of the percentage point b0 + b1 / sqrt(k - 1) + b2 /
/// (k - 1), and its level.
const TABLE: [([f64; 3], f64); 7] = [
    ([0.675, -0.245, -0.105], 0.25),
    ([1.281, 0.25, -0.305], 0.1),
    ([1.645, 0.678, -0.362], 0.05),
    ([1.96, 1.149, -0.391], 0.025),
    ([2.326, 1.822, -0.396], 0.01),
    ([2.573, 2.364, -0.345], 0.005),
    ([3.085, 3.615, -0.154], 0.001),
];

/// Percentage points of T for k = 2, and ln of their levels.
fn points() -> [(f64, f64); 7] {
    TABLE.map(|([b0, b1, b2], level)| (b0 + b1 + b2, f64::ln(level)))
}

fn interpolated(t: f64) -> InterpolatedP {
    let points = points();
    let [(first, _), .., (last, _)] = points;
    if t < first {
        return InterpolatedP::Above(TABLE[0].1);
    }
    if t > last {
        return InterpolatedP::Below(TABLE[6].1);
    }
    let [c0, c1, c2] = parabola(&points);
    InterpolatedP::Value((c0 + t * (c1 + t * c2)).exp())
}

/// The least squares parabola through points, by normal equations about the mean.
fn parabola(points: &[(f64, f64)]) -> [f64; 3] {
    let n = points.len() as f64;
    let mean = points.iter().map(|p| p.0).sum::<f64>() / n;
    let sum = |power: i32| points.iter().map(|p| (p.0 - mean).powi(power)).sum::<f64>();
    let with = |power: i32| points.iter().map(|p| (p.0 - mean).powi(power) * p.1).sum::<f64>();
    let [s2, s3, s4] = [sum(2), sum(3), sum(4)];
    let [y0, y1, y2] = [with(0), with(1), with(2)];
    // The sum of the deviations is 0: two equations for slope and curvature without the constant.
    let centred = s4 - s2 * s2 / n;
    let right = y2 - s2 * y0 / n;
    let determinant = s2 * centred - s3 * s3;
    let slope = (y1 * centred - s3 * right) / determinant;
    let curve = (s2 * right - s3 * y1) / determinant;
    let constant = (y0 - s2 * curve) / n;
    [constant - slope * mean + curve * mean * mean, slope - 2.0 * curve * mean, curve]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn undefined_without_a_difference() {
        assert_eq!(anderson_darling(&[2.0, 2.0], &[2.0, 2.0]), Ok(None));
        assert_eq!(anderson_darling(&[1.0], &[2.0, 3.0]), Ok(None));
        assert!(anderson_darling(&[1.0, 1.0], &[2.0, 2.0]).unwrap().is_some());
    }

    #[test]
    fn levels_are_near_their_points() {
        for (point, log_level) in points() {
            let InterpolatedP::Value(p) = interpolated(point) else { panic!("{point}") };
            assert!((p / log_level.exp() - 1.0).abs() < 0.06, "{point}: {p}");
        }
        assert_eq!(interpolated(-1.0), InterpolatedP::Above(0.25));
        assert_eq!(interpolated(9.0), InterpolatedP::Below(0.001));
        assert!(InterpolatedP::Below(0.001).is_at_most(0.01));
        assert!(!InterpolatedP::Above(0.25).is_at_most(0.3));
    }
}
