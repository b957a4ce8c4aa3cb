//! Whether chains agree: split R-hat and effective sample size. And what a series of draws says.
//!
//! Sources: Gelman and Rubin 1992, Stat Sci 7:457-472; Vehtari and others 2021, Bayesian Anal
//! 16:667-718 (split chains, effective sample size over several chains); Geyer 1992, Stat Sci 7:473-483
//! (where the sum of autocorrelations ends).

use super::options::Options;
use super::result::Summary;

/// Draws of one number: one list a chain, all of one length.
pub(super) type Series = Vec<Vec<f64>>;

/// How well the chains agree about one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Agreement {
    pub(super) r_hat: Option<f64>,
    pub(super) ess: Option<f64>,
    pub(super) converged: bool,
}

/// A chain with fewer draws says nothing.
const FEWEST: usize = 8;

impl Agreement {
    pub(super) fn of(series: &Series, options: &Options) -> Self {
        let none = |converged| Self { r_hat: None, ess: None, converged };
        let length = series.first().map_or(0, Vec::len);
        if length < FEWEST {
            return none(false);
        }
        let halves: Vec<&[f64]> = series
            .iter()
            .flat_map(|chain| [&chain[..length / 2], &chain[length - length / 2..]])
            .collect();
        let moments = Moments::of(&halves);
        if moments.within <= 0.0 {
            // All draws are one number: enough of them are an answer. Or every chain stands still at
            // a place of its own.
            let enough = (length * series.len()) as f64 >= options.ess_limit;
            return none(moments.between <= 0.0 && enough);
        }
        let r_hat = (moments.total / moments.within).sqrt();
        let ess = ess(&halves, &moments);
        let converged = r_hat <= options.r_hat_limit && ess >= options.ess_limit;
        Self { r_hat: Some(r_hat), ess: Some(ess), converged }
    }

    /// The worse of the two.
    pub(super) fn and(self, other: Self) -> Self {
        let pick = |a: Option<f64>, b: Option<f64>, f: fn(f64, f64) -> f64| match (a, b) {
            (Some(a), Some(b)) => Some(f(a, b)),
            (a, b) => a.or(b),
        };
        Self {
            r_hat: pick(self.r_hat, other.r_hat, f64::max),
            ess: pick(self.ess, other.ess, f64::min),
            converged: self.converged && other.converged,
        }
    }
}

struct Moments {
    means: Vec<f64>,
    /// Mean variance within chains.
    within: f64,
    /// Variance of the means of chains.
    between: f64,
    /// What both together say the variance is.
    total: f64,
}

impl Moments {
    fn of(chains: &[&[f64]]) -> Self {
        let n = chains[0].len() as f64;
        let means: Vec<f64> = chains.iter().map(|chain| chain.iter().sum::<f64>() / n).collect();
        let squares = |(chain, mean): (&&[f64], &f64)| -> f64 {
            chain.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)
        };
        let m = chains.len() as f64;
        let within = chains.iter().zip(&means).map(squares).sum::<f64>() / m;
        let centre = means.iter().sum::<f64>() / m;
        let between = means.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (m - 1.0);
        Self { means, within, between, total: within * (n - 1.0) / n + between }
    }
}

/// Effective sample size of all (half) chains together: Geyer's initial monotone sequence.
fn ess(chains: &[&[f64]], moments: &Moments) -> f64 {
    let length = chains[0].len();
    let correlation = |lag: usize| {
        let covariance: f64 = chains
            .iter()
            .zip(&moments.means)
            .map(|(chain, mean)| {
                let pairs = chain.iter().zip(&chain[lag..]);
                pairs.map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>() / (length - 1) as f64
            })
            .sum::<f64>()
            / chains.len() as f64;
        1.0 - (moments.within - covariance) / moments.total
    };
    let (mut sum, mut last, mut lag) = (0.0, f64::INFINITY, 0);
    while lag + 1 < length {
        let pair = (correlation(lag) + correlation(lag + 1)).min(last);
        if pair <= 0.0 {
            break;
        }
        sum += pair;
        last = pair;
        lag += 2;
    }
    let draws = (length * chains.len()) as f64;
    // Never more than there are draws, though some series would allow it.
    draws / (2.0 * sum - 1.0).max(1.0)
}

/// All draws, ascending.
fn sorted(series: &Series) -> Vec<f64> {
    let mut all: Vec<f64> = series.iter().flatten().copied().collect();
    all.sort_unstable_by(f64::total_cmp);
    all
}

/// 95 % equal-tailed limits; each is one of the draws, so that limits of counts are counts.
pub(super) fn limits(series: &Series) -> Option<(f64, f64)> {
    let all = sorted(series);
    let at = |p: f64| {
        #[allow(clippy::cast_sign_loss)] // 0 or above.
        let rank = (p * all.len() as f64).ceil() as usize;
        all.get(rank.max(1) - 1).copied()
    };
    at(0.025).zip(at(0.975))
}

/// The mean of all draws.
pub(super) fn mean(series: &Series) -> f64 {
    let count: usize = series.iter().map(Vec::len).sum();
    series.iter().flatten().sum::<f64>() / count.max(1) as f64
}

/// Mean, limits and agreement of a number; above 0, agreement is judged on its logarithm.
pub(super) fn summary(series: &Series, logarithm: bool, options: &Options) -> Summary {
    let agreement = if logarithm {
        let logs = series.iter().map(|chain| chain.iter().map(|x| x.ln()).collect()).collect();
        Agreement::of(&logs, options)
    } else {
        Agreement::of(series, options)
    };
    let Agreement { r_hat, ess, converged } = agreement;
    let interval = if converged { limits(series) } else { None };
    Summary { mean: mean(series), interval, r_hat, ess, converged }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::numeric::random::stream;
    use rand::RngExt;
    use rand_distr::StandardNormal;

    /// Four chains of an autoregression with correlation `rho`, chain i shifted by `shift * i`.
    fn chains(rho: f64, shift: f64) -> Series {
        let chain = |i: u64| {
            let mut rng = stream(11, i);
            let (mut x, scale) = (0.0, (1.0 - rho * rho).sqrt());
            let draw = |_| {
                x = rho * x + scale * rng.sample::<f64, _>(StandardNormal);
                x + shift * i as f64
            };
            (0..5_000).map(draw).collect()
        };
        (0..4).map(chain).collect()
    }

    #[test]
    fn the_effective_size_of_an_autoregression() {
        for rho in [0.0, 0.5, 0.9] {
            let got = Agreement::of(&chains(rho, 0.0), &Options::default());
            let expected = 20_000.0 * (1.0 - rho) / (1.0 + rho);
            assert!((got.ess.unwrap() / expected - 1.0).abs() < 0.15, "{rho}: {got:?}");
            assert!(got.r_hat.unwrap() < 1.01 && got.converged);
        }
    }

    /// Means 0, 1, 2, 3 with variance 1 within: the variance of eight half-chain means is 10 / 7.
    #[test]
    fn chains_apart_are_seen() {
        let got = Agreement::of(&chains(0.0, 1.0), &Options::default());
        let expected = (1.0_f64 + 10.0 / 7.0).sqrt();
        assert!((got.r_hat.unwrap() - expected).abs() < 0.02, "{got:?}");
        assert!(!got.converged);
    }

    #[test]
    fn standing_still_is_an_answer_only_at_one_place() {
        let options = Options::default();
        let still = |places: [f64; 2]| places.map(|x| vec![x; 1_000]).to_vec();
        assert!(Agreement::of(&still([3.0, 3.0]), &options).converged);
        assert!(!Agreement::of(&still([3.0, 4.0]), &options).converged);
        assert!(!Agreement::of(&vec![vec![3.0; 7]; 4], &options).converged);
        assert!(!Agreement::of(&vec![vec![3.0; 20]; 4], &options).converged);
    }

    #[test]
    fn limits_are_draws() {
        let series = vec![(1..=100).map(f64::from).collect()];
        assert_eq!(limits(&series), Some((3.0, 98.0)));
    }
}
