//! Information component of the full Dirichlet model (BCPNN), limits by sampling.

use rand_distr::{Distribution, Gamma};

use crate::numeric::random::stream;
use crate::special::{digamma_unchecked, in_range};
use crate::{DomainError, Estimate, Table2x2};

/// The information component of the Dirichlet model with its sampled limits, log2 scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BcpnnIc {
    /// Point as published (log2 of the ratio of posterior means; exact), with the 95 % percentile
    /// limits of the draws.
    pub estimate: Estimate,
    /// Posterior mean of the IC, exact. It is below the point, far below where a = 0.
    pub posterior_mean: f64,
    /// Monte Carlo standard error of the lower limit.
    pub lower_error: f64,
    /// Monte Carlo standard error of the upper limit.
    pub upper_error: f64,
}

/// Fewest draws from which limits are taken.
const FEWEST: u32 = 1_000;
/// Most draws: 80 megabytes.
const MOST: u32 = 10_000_000;

/// Returns the information component of a table under the full Dirichlet model of the BCPNN, log2
/// scale; `None` if there are no reports.
///
/// The four cell probabilities have a Dirichlet prior whose mean is independence and whose weight is
/// such that the exposed reports with the event get half a report:
///
/// ```text
/// q1 = (a + b + 0.5) / (n + 1), q0 = 1 - q1;  r1 = (a + c + 0.5) / (n + 1), r0 = 1 - r1
/// prior: 0.5 / (q1 r1) times (q1 r1, q1 r0, q0 r1, q0 r0), so that its first entry is 0.5
/// posterior: g11 = a + 0.5, g10 = b + prior, g01 = c + prior, g00 = d + prior; g their sum
/// IC = log2(p11 / (p1. p.1))
/// point = log2(g11 g / ((g11 + g10)(g11 + g01)))
/// mean  = (psi(g11) - psi(g11 + g10) - psi(g11 + g01) + psi(g)) / ln 2
/// limits: quantiles 0.025 and 0.975 of `draws` draws of the IC
/// ```
///
/// The point is that of Noren's table III and of the packages; the mean, also exact, is given beside
/// it. Only the limits are sampled: their Monte Carlo errors are half the distance between the order
/// statistics one binomial standard deviation to both sides, at 100,000 draws some 0.003 for a = 25
/// and 0.06 for the lower limit at a = 0. `draws` is 1,000 to 10,000,000; the same `seed` gives the
/// same numbers. Source: Noren, Bate, Orre and Edwards 2006, Stat Med 25:3740-3757, equations 2-5.
///
/// # Errors
/// [`DomainError`] if `draws` is out of range.
pub fn ic_bcpnn(table: &Table2x2, draws: u32, seed: u64) -> Result<Option<BcpnnIc>, DomainError> {
    let allowed = (FEWEST..=MOST).contains(&draws);
    let expected = "a number of draws from 1,000 to 10,000,000";
    in_range(allowed, "ic_bcpnn", "draws", f64::from(draws), expected)?;
    if table.n() == 0 {
        return Ok(None);
    }
    let posterior = posterior(table);
    let sorted = sorted_draws(posterior, draws, seed);
    let [g11, g10, g01, g00] = posterior;
    let (exposed, event, all) = (g11 + g10, g11 + g01, g11 + g10 + g01 + g00);
    let point = (g11 / exposed * (all / event)).log2();
    let mean = digamma_unchecked(g11) - digamma_unchecked(exposed) - digamma_unchecked(event)
        + digamma_unchecked(all);
    let (lower, lower_error) = percentile(&sorted, 0.025);
    let (upper, upper_error) = percentile(&sorted, 0.975);
    // The point is not sampled; a limit that chance put past it is moved to it.
    let estimate = Estimate { point, lower: lower.min(point), upper: upper.max(point) };
    let posterior_mean = mean / std::f64::consts::LN_2;
    Ok(Some(BcpnnIc { estimate, posterior_mean, lower_error, upper_error }))
}

/// Parameters of the posterior: g11, g10, g01, g00.
fn posterior(table: &Table2x2) -> [f64; 4] {
    let share = |total: u64| (total as f64 + 0.5) / (table.n() as f64 + 1.0);
    let [q1, q0] = [share(table.exposure_total()), share(table.no_exposure_total())];
    let [r1, r0] = [share(table.event_total()), share(table.no_event_total())];
    [
        table.a() as f64 + 0.5,
        table.b() as f64 + 0.5 * r0 / r1,
        table.c() as f64 + 0.5 * q0 / q1,
        table.d() as f64 + 0.5 * (q0 / q1) * (r0 / r1),
    ]
}

/// Draws of the IC, in rising order. A Dirichlet vector is four gamma variables over their sum.
fn sorted_draws(posterior: [f64; 4], draws: u32, seed: u64) -> Vec<f64> {
    let mut rng = stream(seed, 0);
    let gammas = posterior.map(|shape| Gamma::new(shape, 1.0).ok());
    let mut draw = |k: usize| {
        let value = gammas[k].as_ref().map_or(posterior[k], |gamma| gamma.sample(&mut rng));
        value.max(f64::MIN_POSITIVE)
    };
    let mut values: Vec<f64> = (0..draws)
        .map(|_| {
            let [p11, p10, p01, p00] = [draw(0), draw(1), draw(2), draw(3)];
            (p11 / (p11 + p10) * ((p11 + p10 + p01 + p00) / (p11 + p01))).log2()
        })
        .collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The quantile, interpolated between order statistics, and its Monte Carlo standard error.
fn percentile(sorted: &[f64], p: f64) -> (f64, f64) {
    let last = sorted.len().saturating_sub(1);
    let pick = |k: f64| {
        let k = usize::try_from(k as i64).unwrap_or(0).min(last);
        sorted.get(k).copied().unwrap_or(0.0)
    };
    let at = |position: f64| {
        let below = position.clamp(0.0, last as f64).floor();
        let share = position.clamp(0.0, last as f64) - below;
        pick(below) + share * (pick(below + 1.0) - pick(below))
    };
    let position = p * last as f64;
    let spread = (sorted.len() as f64 * p * (1.0 - p)).sqrt();
    (at(position), 0.5 * (at(position + spread) - at(position - spread)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    #[test]
    fn the_mean_of_the_draws_is_the_exact_mean() {
        for t in [table(3, 97, 47, 19_853), table(0, 10, 5, 900), table(40, 60, 200, 9_700)] {
            let draws = sorted_draws(posterior(&t), 200_000, 11);
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            let square = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
            let error = square.sqrt() / draws.len() as f64;
            let exact = ic_bcpnn(&t, 1_000, 1).unwrap().unwrap().posterior_mean;
            assert!((mean - exact).abs() < 4.0 * error, "{t:?}: {mean} {exact} {error}");
        }
    }

    #[test]
    fn the_seed_decides() {
        let t = table(3, 97, 47, 19_853);
        assert_eq!(ic_bcpnn(&t, 1_000, 5), ic_bcpnn(&t, 1_000, 5));
        assert_ne!(ic_bcpnn(&t, 1_000, 5), ic_bcpnn(&t, 1_000, 6));
    }

    #[test]
    fn the_number_of_draws_is_checked_and_no_reports_is_none() {
        let t = table(3, 97, 47, 19_853);
        assert_eq!(ic_bcpnn(&t, 999, 5).unwrap_err().argument, "draws");
        assert!(ic_bcpnn(&t, 10_000_001, 5).is_err());
        assert_eq!(ic_bcpnn(&table(0, 0, 0, 0), 1_000, 5), Ok(None));
    }
}
