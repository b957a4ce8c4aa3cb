//! Quantiles that depend on the count of a pair alone. Millions of pairs share a few hundred counts, so those of
//! small counts are found once.

use std::sync::OnceLock;

use crate::special::quantile;

/// Counts whose quantiles are kept.
const KEPT: usize = 1 << 10;

/// Quantiles of gammas of unit rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct LimitsOfCount {
    /// 0.025 and 0.975 of the shape count + 1/2.
    pub(super) half: [f64; 2],
    /// Means of the Poisson variables whose 0.025 tails begin at the count: that of the upper tail, `None` for a
    /// count of 0, and that of the lower tail.
    pub(super) poisson: [Option<f64>; 2],
}

/// The quantiles of a count.
pub(super) fn limits_of_count(count: u64) -> LimitsOfCount {
    static SMALL: [OnceLock<LimitsOfCount>; KEPT] = [const { OnceLock::new() }; KEPT];
    let kept = usize::try_from(count).ok().and_then(|count| SMALL.get(count));
    kept.map_or_else(
        || LimitsOfCount::of(count),
        |kept| *kept.get_or_init(|| LimitsOfCount::of(count)),
    )
}

impl LimitsOfCount {
    fn of(count: u64) -> Self {
        let count = count as f64;
        Self {
            half: [quantile(0.025, count + 0.5), quantile(0.975, count + 0.5)],
            // P(Poisson(m) >= k) = P(Gamma(k) <= m).
            poisson: [
                (count > 0.0).then(|| quantile(0.025, count)),
                Some(quantile(0.975, count + 1.0)),
            ],
        }
    }
}
