//! Quantiles that depend on the count of a pair alone. Millions of pairs share a few hundred counts, so those of
//! small counts are found once.

use std::sync::OnceLock;

use crate::special::quantile;

/// Counts whose quantiles are kept.
const KEPT: usize = 1 << 10;

type Kept<T> = [OnceLock<T>; KEPT];

/// Quantiles 0.025 and 0.975 of a gamma of shape count + 1/2 and unit rate.
pub(super) fn half_more(count: u64) -> [f64; 2] {
    static SMALL: Kept<[f64; 2]> = [const { OnceLock::new() }; KEPT];
    kept(&SMALL, count, |count| [0.025, 0.975].map(|p| quantile(p, count + 0.5)))
}

/// Means of the Poisson variables whose 0.025 tails begin at the count: that of the upper tail, `None` for a count of
/// 0, and that of the lower tail.
pub(super) fn poisson_means(count: u64) -> [Option<f64>; 2] {
    static SMALL: Kept<[Option<f64>; 2]> = [const { OnceLock::new() }; KEPT];
    // P(Poisson(m) >= k) = P(Gamma(k) <= m).
    kept(&SMALL, count, |count| {
        [(count > 0.0).then(|| quantile(0.025, count)), Some(quantile(0.975, count + 1.0))]
    })
}

fn kept<T: Copy>(small: &Kept<T>, count: u64, of: impl Fn(f64) -> T) -> T {
    let known = usize::try_from(count).ok().and_then(|count| small.get(count));
    known.map_or_else(|| of(count as f64), |known| *known.get_or_init(|| of(count as f64)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::special::{gamma_lower, gamma_upper};

    /// Asked for once or twice, below the limit and beyond it.
    #[test]
    fn tails_at_the_quantiles_are_what_they_should_be() {
        let close = |tail: f64| assert!((tail / 0.025 - 1.0).abs() < 1e-11, "{tail}");
        for count in [0, 1, 7, 1_023, 1_024, 1_000_000, 1, 1_024] {
            let shape = count as f64;
            let [lower, upper] = half_more(count);
            close(gamma_lower(shape + 0.5, lower).unwrap());
            close(gamma_upper(shape + 0.5, upper).unwrap());
            let [least, most] = poisson_means(count);
            assert_eq!(least.is_some(), count > 0);
            least.into_iter().for_each(|mean| close(gamma_lower(shape, mean).unwrap()));
            close(gamma_upper(shape + 1.0, most.unwrap()).unwrap());
        }
    }
}
