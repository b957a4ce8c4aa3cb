//! Gamma, beta and truncated Poisson draws.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, Open01, Poisson, StandardNormal};

use super::layout::{HUGE, TINY};

/// Gamma(shape, rate 1), kept within floating-point bounds.
///
/// Source: Marsaglia and Tsang 2000, ACM Trans Math Softw 26:363-372; below shape 1 by
/// Gamma(shape + 1) U^(1 / shape).
pub(super) fn gamma(shape: f64, rng: &mut impl Rng) -> f64 {
    let draw = if shape == 1.0 {
        rng.sample::<f64, _>(Exp1)
    } else if shape == 0.5 {
        let normal: f64 = rng.sample(StandardNormal);
        0.5 * normal * normal
    } else if shape > 1.0 {
        above_one(shape, rng)
    } else {
        let u: f64 = rng.sample(Open01);
        above_one(shape + 1.0, rng) * u.powf(1.0 / shape)
    };
    draw.clamp(TINY, HUGE)
}

fn above_one(shape: f64, rng: &mut impl Rng) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x: f64 = rng.sample(StandardNormal);
        let t = 1.0 + c * x;
        if t <= 0.0 {
            continue;
        }
        let v = t * t * t;
        let u: f64 = rng.sample(Open01);
        let square = x * x;
        if u < 1.0 - 0.0331 * square * square || u.ln() < 0.5 * square + d * (1.0 - v + v.ln()) {
            return d * v;
        }
    }
}

/// Beta(a, b), strictly between 0 and 1.
pub(super) fn beta(a: f64, b: f64, rng: &mut impl Rng) -> f64 {
    let (x, y) = (gamma(a, rng), gamma(b, rng));
    (x / (x + y)).clamp(1e-12, 1.0 - 1e-12)
}

/// 1 - h / (e^h - 1): the probability of a second arrival given a first.
pub(super) fn second(h: f64) -> f64 {
    if h < 1e-4 { h * (0.5 - h / 12.0) } else { 1.0 - h / h.exp_m1() }
}

/// Arrivals beyond the first, given that there are at least two: Poisson(h) truncated, less 1.
pub(super) fn further(h: f64, rng: &mut impl Rng) -> f64 {
    if h < 4.0 {
        // P(K = k) in proportion to h^k / k!, k >= 2, by inversion.
        let rest: f64 = rng.random::<f64>() * (h.exp_m1() - h).max(0.5 * h * h);
        let (mut k, mut term) = (2.0, 0.5 * h * h);
        let mut sum = term;
        while sum < rest && k < 100.0 {
            k += 1.0;
            term *= h / k;
            sum += term;
        }
        return k - 1.0;
    }
    loop {
        let k = poisson(h, rng);
        if k >= 2.0 {
            return k - 1.0;
        }
    }
}

/// Poisson(mean); the mean itself where it is so large that the difference is lost.
pub(super) fn poisson(mean: f64, rng: &mut impl Rng) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    if mean > 1e15 {
        return mean;
    }
    Poisson::new(mean).map_or(mean, |poisson| poisson.sample(rng))
}

/// Time of the first arrival on an event report of weight `w` below 1.
///
/// (1 - e^-h)^w is the integral over t > 0 of h e^(-h t) S(t), S(t) the probability that a Sibuya(w)
/// number exceeds the whole part m of t. Given h, m is negative binomial, that is Poisson with a
/// Gamma(1 - w) mean over e^h - 1, and the rest of t is exponential on (0, 1).
pub(super) fn first_arrival(h: f64, w: f64, rng: &mut impl Rng) -> f64 {
    let mean = gamma(1.0 - w, rng) / h.exp_m1();
    let u: f64 = rng.random();
    let rest = if h < 1e-8 { u } else { -(-u * -(-h).exp_m1()).ln_1p() / h };
    poisson(mean.min(HUGE), rng) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::stream;

    fn mean_and_variance(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..200_000).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / 200_000.0;
        (mean, draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 200_000.0)
    }

    #[test]
    fn gamma_has_its_mean_and_variance() {
        let mut rng = stream(1, 0);
        for shape in [0.1, 0.5, 0.7, 1.0, 1.5, 3.0, 40.0] {
            let (mean, variance) = mean_and_variance(|| gamma(shape, &mut rng));
            assert!((mean - shape).abs() < 4.0 * (shape / 200_000.0).sqrt(), "{shape}: {mean}");
            assert!((variance / shape - 1.0).abs() < 0.05, "{shape}: {variance}");
        }
    }

    #[test]
    fn further_arrivals_have_the_truncated_mean() {
        let mut rng = stream(2, 0);
        for h in [0.01_f64, 0.5, 3.0, 6.0] {
            let (mean, variance) = mean_and_variance(|| further(h, &mut rng));
            // E[K; K >= 2] / P(K >= 2) - 1
            let expected = h * h.exp_m1() / (h.exp_m1() - h) - 1.0;
            let error = 4.0 * (variance / 200_000.0).sqrt() + 1e-9;
            assert!((mean - expected).abs() < error, "{h}: {mean} {expected}");
        }
    }

    #[test]
    fn the_second_arrival_is_continuous_where_its_formula_changes() {
        let (below, above) = (second(1e-4 * (1.0 - 1e-9)), second(1e-4));
        assert!((below / above - 1.0).abs() < 1e-8);
    }

    /// The share of first arrivals within 1 is (1 - e^-h)^(1 - w).
    #[test]
    fn first_arrivals_within_one_unit() {
        let mut rng = stream(3, 0);
        for (h, w) in [(0.3_f64, 0.5), (1.0, 0.9), (0.01, 0.2), (2.0, 0.99)] {
            let (share, _) =
                mean_and_variance(|| f64::from(u8::from(first_arrival(h, w, &mut rng) < 1.0)));
            let expected = (-(-h).exp_m1()).powf(1.0 - w);
            assert!((share - expected).abs() < 0.005, "{h} {w}: {share} {expected}");
        }
    }
}
