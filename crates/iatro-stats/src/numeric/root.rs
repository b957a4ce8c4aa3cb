//! A root of a continuous function inside a bracket.

/// Returns x in [`low`, `high`] with f(x) = 0, to within `tolerance` (absolute, in x) or the last
/// digit of x; `None` if f does not change sign over the bracket or is NaN there.
///
/// Method: Brent 1973, *Algorithms for Minimization without Derivatives*, chapter 4: inverse
/// quadratic interpolation, secant or bisection, whichever is safe.
pub(crate) fn brent(
    low: f64,
    high: f64,
    tolerance: f64,
    mut f: impl FnMut(f64) -> f64,
) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 {
        return Some(a);
    }
    if fb == 0.0 {
        return Some(b);
    }
    if fa.is_nan() || fb.is_nan() || (fa > 0.0) == (fb > 0.0) {
        return None;
    }
    let (mut c, mut fc) = (a, fa);
    let mut step = b - a;
    let mut before = step;
    for _ in 0..MAX_STEPS {
        if (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            step = b - a;
            before = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let enough = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let half = 0.5 * (c - b);
        if half.abs() <= enough || fb == 0.0 {
            return Some(b);
        }
        let guess = interpolated([a, b, c], [fa, fb, fc]);
        let safe = before.abs() >= enough
            && fa.abs() > fb.abs()
            && guess.abs() < (1.5 * half.abs() - 0.5 * enough).min(0.5 * before.abs())
            && guess * half > 0.0;
        (before, step) = if safe { (step, guess) } else { (half, half) };
        (a, fa) = (b, fb);
        b += if step.abs() > enough { step } else { enough.copysign(half) };
        fb = f(b);
        if fb.is_nan() {
            return None;
        }
    }
    Some(b)
}

const MAX_STEPS: u32 = 300;

/// The step from the best point by inverse quadratic interpolation, or by the secant where two of
/// the three points are one.
fn interpolated([a, b, c]: [f64; 3], [fa, fb, fc]: [f64; 3]) -> f64 {
    let s = fb / fa;
    let half = 0.5 * (c - b);
    let (p, q) = if a == c {
        (2.0 * half * s, 1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        let p = s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0));
        (p, (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    p / -q
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn known_roots() {
        assert!((brent(0.0, 2.0, 0.0, |x| x * x - 2.0).unwrap() - 2_f64.sqrt()).abs() < 1e-15);
        assert!((brent(-10.0, 10.0, 0.0, |x| x.exp() - 3.0).unwrap() - 3_f64.ln()).abs() < 1e-15);
        assert!((brent(0.0, 1e9, 0.0, |x| 1.0 - 5.0 / x.max(1e-9)).unwrap() - 5.0).abs() < 1e-14);
        // A flat cube: bisection has to do most of the work.
        assert!((brent(-1.0, 4.0, 1e-12, |x| (x - 1.0).powi(3)).unwrap() - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_root_at_an_end_counts_and_no_change_of_sign_is_none() {
        assert_eq!(brent(1.0, 2.0, 0.0, |x| x - 1.0), Some(1.0));
        assert_eq!(brent(1.0, 2.0, 0.0, |x| x - 2.0), Some(2.0));
        assert_eq!(brent(1.0, 2.0, 0.0, |x| x), None);
        assert_eq!(brent(1.0, 2.0, 0.0, |_| f64::NAN), None);
    }
}
