//! Until when a count of events signals: the curve that the log likelihood ratio draws.

/// The expected count t < `events` at which [`poisson_llr`](super::poisson_llr) of `events` falls to
/// `critical`: `events` signal up to t and not after. `events` above 0, `critical` above 0.
///
/// With t = n e^-u the equation is u - 1 + e^-u = critical / n, convex in u, solved by Newton's method
/// from above (t = -n W0(-e^(-1 - critical/n)) with Lambert's function).
pub(super) fn crossing_time(events: u64, critical: f64) -> f64 {
    let n = events as f64;
    let level = critical / n;
    let mut u = level + (2.0 * level).sqrt();
    for _ in 0..60 {
        let step = (u + (-u).exp_m1() - level) / -(-u).exp_m1();
        u -= step;
        if step.abs() <= 2.0 * f64::EPSILON * u {
            break;
        }
    }
    n * (-u).exp()
}

#[cfg(test)]
mod tests {
    use super::super::llr::poisson_unchecked;
    use super::*;

    #[test]
    fn the_ratio_at_the_crossing_is_the_critical_value() {
        for critical in [1e-6, 0.01, 1.0, 2.85, 3.467952, 8.6, 60.0] {
            for events in [1, 2, 3, 10, 100, 1_300, 100_000] {
                let t = crossing_time(events, critical);
                let back = poisson_unchecked(events, t);
                // A rounding of t moves the ratio by (events / t - 1) t eps.
                let tolerance = 1e-15 * (events as f64 + critical) * 4.0;
                assert!((back - critical).abs() < tolerance, "{critical} {events}: {back}");
            }
        }
    }

    #[test]
    fn times_rise_with_the_count_and_fall_with_the_critical_value() {
        for events in 1..400 {
            assert!(crossing_time(events, 3.0) < crossing_time(events + 1, 3.0));
            assert!(crossing_time(events, 3.0) > crossing_time(events, 3.1));
        }
    }
}
