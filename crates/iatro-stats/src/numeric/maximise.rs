//! The maximum of a smooth function of a few parameters, by Newton's method made safe.

use super::linear::Cholesky;

/// A function at a point: value, gradient, Hessian (row by row).
#[derive(Debug, Clone)]
pub(crate) struct Local {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) hessian: Vec<f64>,
}

/// Where the search ended.
#[derive(Debug, Clone)]
pub(crate) struct Maximum {
    pub(crate) at: Vec<f64>,
    pub(crate) local: Local,
    /// Whether the expected gain of another step fell below the tolerance.
    pub(crate) converged: bool,
    pub(crate) steps: u32,
}

/// Climbs from `start` until half the Newton decrement (the gain that one more step promises) is
/// below `tolerance`, an absolute amount of f; at most `max_steps` steps. `None` if f is not finite
/// at the start.
///
/// A step solves (-H + ridge) s = gradient; the ridge grows until the matrix is positive definite
/// and the step does not lower f (Levenberg 1944; Nocedal and Wright 2006, section 3.4), and shrinks
/// after a good step. A point where f is not finite counts as lower.
pub(crate) fn newton(
    start: &[f64],
    tolerance: f64,
    max_steps: u32,
    mut f: impl FnMut(&[f64]) -> Local,
) -> Option<Maximum> {
    let mut at = start.to_vec();
    let mut local = f(&at);
    if !is_finite(&local) {
        return None;
    }
    let mut ridge = 0.0_f64;
    for steps in 0..max_steps {
        let Some((step, used)) = direction(&local, ridge) else {
            return Some(Maximum { at, local, converged: false, steps });
        };
        let gain: f64 = 0.5 * step.iter().zip(&local.gradient).map(|(s, g)| s * g).sum::<f64>();
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + s).collect();
        if gain < tolerance && used <= RIDGE_FREE * scale(&local) {
            return Some(Maximum { at, local, converged: true, steps });
        }
        let there = f(&next);
        if is_finite(&there) && there.value >= local.value - 1e-14 * local.value.abs() {
            (at, local) = (next, there);
            ridge = if used < RIDGE_FREE * scale(&local) { 0.0 } else { used * 0.1 };
        } else {
            ridge = (used * 10.0).max(1e-3 * scale(&local));
            if ridge > 1e12 * scale(&local) {
                // No step goes up: the maximum to working precision, if the gradient agrees.
                return Some(Maximum { at, local, converged: gain < tolerance, steps });
            }
        }
    }
    Some(Maximum { at, local, converged: false, steps: max_steps })
}

/// A ridge below this share of the largest curvature no longer shortens a step.
const RIDGE_FREE: f64 = 1e-9;

fn is_finite(local: &Local) -> bool {
    local.value.is_finite() && local.gradient.iter().chain(&local.hessian).all(|v| v.is_finite())
}

/// The largest curvature, or 1 for a flat function.
fn scale(local: &Local) -> f64 {
    let size = local.gradient.len();
    let largest = (0..size).map(|i| local.hessian[i * size + i].abs()).fold(0.0, f64::max);
    if largest > 0.0 { largest } else { 1.0 }
}

/// The step with the smallest ridge, from `ridge` up, for which the matrix is positive definite.
fn direction(local: &Local, mut ridge: f64) -> Option<(Vec<f64>, f64)> {
    let size = local.gradient.len();
    for _ in 0..60 {
        let mut matrix: Vec<f64> = local.hessian.iter().map(|h| -h).collect();
        for i in 0..size {
            matrix[i * size + i] += ridge;
        }
        if let Some(factor) = Cholesky::new(&matrix, size) {
            return Some((factor.solve(&local.gradient), ridge));
        }
        ridge = (ridge * 10.0).max(1e-6 * scale(local));
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Minus the banana function of Rosenbrock 1960; maximum 0 at (1, 1).
    fn banana(x: &[f64]) -> Local {
        let (a, b) = (x[0], x[1]);
        let r = b - a * a;
        Local {
            value: -(100.0 * r * r + (1.0 - a) * (1.0 - a)),
            gradient: vec![400.0 * a * r + 2.0 * (1.0 - a), -200.0 * r],
            hessian: vec![400.0 * r - 800.0 * a * a - 2.0, 400.0 * a, 400.0 * a, -200.0],
        }
    }

    #[test]
    fn climbs_a_curved_ridge() {
        let top = newton(&[-1.2, 1.0], 1e-20, 200, banana).unwrap();
        assert!(top.converged && top.steps < 60, "{top:?}");
        assert!((top.at[0] - 1.0).abs() < 1e-9 && (top.at[1] - 1.0).abs() < 1e-9);
        assert!(top.local.value.abs() < 1e-18);
    }

    #[test]
    fn a_start_where_the_function_is_not_finite_is_none() {
        assert!(newton(&[f64::NAN, 0.0], 1e-10, 10, banana).is_none());
    }

    #[test]
    fn too_few_steps_are_not_called_converged() {
        assert!(!newton(&[-1.2, 1.0], 1e-20, 3, banana).unwrap().converged);
    }
}
