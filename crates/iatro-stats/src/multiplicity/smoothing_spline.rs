//! A natural cubic smoothing spline through equally spaced points, with given degrees of freedom.

use crate::numeric::linear::Cholesky;
use crate::numeric::root::brent;

/// Returns the value at the last point of the natural cubic smoothing spline through `values` at equally
/// spaced points whose smoother matrix has trace `degrees`, above 2 and below the number of points;
/// `None` if there is no such spline or a value is not finite.
///
/// With K = Q R^-1 Q' (second differences Q, the Gram matrix R of the linear splines), the fit is
/// (I + a K)^-1 `values`, and a is set by the trace. Source: Green and Silverman 1994, *Nonparametric
/// Regression and Generalized Linear Models*, chapter 2.
pub(super) fn last_fitted(values: &[f64], degrees: f64) -> Option<f64> {
    let size = values.len();
    let roughness = roughness(size)?;
    let typical = (0..size).map(|i| roughness[i * size + i]).sum::<f64>() / size as f64;
    let smoother = |log_weight: f64| {
        let weight = log_weight.exp() / typical;
        let mut matrix: Vec<f64> = roughness.iter().map(|k| weight * k).collect();
        (0..size).for_each(|i| matrix[i * size + i] += 1.0);
        Cholesky::new(&matrix, size)
    };
    let trace = |log_weight: f64| {
        smoother(log_weight).map_or(f64::NAN, |factor| {
            let inverse = factor.inverse();
            (0..size).map(|i| inverse[i * size + i]).sum::<f64>()
        })
    };
    let log_weight = brent(-18.0, 18.0, 1e-12, |log_weight| trace(log_weight) - degrees)?;
    let fitted = smoother(log_weight)?.solve(values).last().copied();
    fitted.filter(|value| value.is_finite())
}

/// K for points at distance 1, row by row.
fn roughness(size: usize) -> Option<Vec<f64>> {
    let inner = size.checked_sub(2).filter(|&inner| inner > 0)?;
    let mut gram = vec![0.0; inner * inner];
    for i in 0..inner {
        gram[i * inner + i] = 2.0 / 3.0;
        if i > 0 {
            gram[i * inner + i - 1] = 1.0 / 6.0;
            gram[(i - 1) * inner + i] = 1.0 / 6.0;
        }
    }
    let inverse = Cholesky::new(&gram, inner)?.inverse();
    // Row i of Q has 1, -2, 1 in columns i - 2, i - 1, i.
    let difference = |point: usize, column: usize| match point.checked_sub(column) {
        Some(0 | 2) => 1.0,
        Some(1) => -2.0,
        _ => 0.0,
    };
    let near = |point: usize| point.saturating_sub(2)..inner.min(point + 1);
    let mut roughness = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..size {
            let terms = near(i).flat_map(|k| near(j).map(move |l| (k, l)));
            roughness[i * size + j] = terms
                .map(|(k, l)| difference(i, k) * inverse[k * inner + l] * difference(j, l))
                .sum();
        }
    }
    Some(roughness)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// A straight line is its own smoothing spline.
    #[test]
    fn a_line_stays() {
        let line: Vec<f64> = (0..19).map(|i| 3.0 - 0.1 * f64::from(i)).collect();
        assert!((last_fitted(&line, 3.0).unwrap() - 1.2).abs() < 1e-11);
    }

    /// With as many degrees of freedom as points the spline runs through them.
    #[test]
    fn many_degrees_of_freedom_follow_the_points() {
        let values = [1.0, -1.0, 2.0, 0.0, 5.0, 1.0];
        assert!((last_fitted(&values, 5.9999).unwrap() - 1.0).abs() < 1e-3);
    }

    #[test]
    fn what_has_no_spline_is_none() {
        assert_eq!(last_fitted(&[], 3.0), None);
        assert_eq!(last_fitted(&[1.0, 2.0], 3.0), None);
        assert_eq!(last_fitted(&[1.0; 19], 19.5), None);
        assert_eq!(last_fitted(&[f64::NAN; 19], 3.0), None);
    }
}
