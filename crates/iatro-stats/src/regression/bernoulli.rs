//! The Bernoulli log-likelihood of one class of rows and its derivatives in the linear predictor.

/// What a class contributes at a linear predictor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contribution {
    pub(super) log_likelihood: f64,
    /// events - total p: the first derivative.
    pub(super) residual: f64,
    /// total p (1 - p): minus the second derivative.
    pub(super) weight: f64,
}

/// The contribution of `events` among `total` at linear predictor `eta`, exact in both tails.
#[inline]
pub(super) fn contribution(events: f64, total: f64, eta: f64) -> Contribution {
    let tail = (-eta.abs()).exp();
    let larger = 1.0 / (1.0 + tail);
    let smaller = tail * larger;
    let (p, q) = if eta >= 0.0 { (larger, smaller) } else { (smaller, larger) };
    let log = tail.ln_1p();
    let others = total - events;
    Contribution {
        log_likelihood: events * (eta.min(0.0) - log) - others * (eta.max(0.0) + log),
        residual: events * q - others * p,
        weight: total * p * q,
    }
}

/// The probability at a linear predictor: 1 / (1 + exp(-eta)).
pub(super) fn probability(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_log_likelihood() {
        for eta in [-3.0, -0.5, 0.0, 0.7, 4.0] {
            let h = 1e-5;
            let at = |eta| contribution(2.0, 5.0, eta);
            let slope = (at(eta + h).log_likelihood - at(eta - h).log_likelihood) / (2.0 * h);
            assert!((slope - at(eta).residual).abs() < 1e-8);
            let bend = (at(eta + h).residual - at(eta - h).residual) / (2.0 * h);
            assert!((bend + at(eta).weight).abs() < 1e-8);
        }
    }

    #[test]
    fn tails_keep_their_digits() {
        let far = contribution(3.0, 3.0, 60.0);
        assert!((far.residual / (3.0 * (-60.0_f64).exp()) - 1.0).abs() < 1e-15);
        assert!((far.log_likelihood / (-3.0 * (-60.0_f64).exp()) - 1.0).abs() < 1e-15);
        assert_eq!(contribution(0.0, 0.0, 800.0).log_likelihood, 0.0);
        assert!(contribution(1.0, 2.0, -800.0).log_likelihood == -800.0);
        assert_eq!(probability(-1e6), 0.0);
    }
}
