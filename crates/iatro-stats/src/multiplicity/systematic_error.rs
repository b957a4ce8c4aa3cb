//! Systematic error as a function of the true ratio, learnt from negative and positive controls.

use super::{LogEstimate, MultiplicityError};
use crate::Estimate;
use crate::numeric::linear::Cholesky;
use crate::numeric::maximise::{Local, Maximum, newton};
use crate::numeric::root::brent;
use crate::special::{Z_95, in_range};

const FIT: &str = "SystematicErrorModel::fit";

/// How the standard deviation of the systematic error depends on the true log ratio x.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deviation {
    /// |c + d |x||: the default of the R package EmpiricalCalibration from 2.0 on.
    Linear,
    /// exp(c + d x): `legacy = TRUE` there. It cannot reach 0, and it tells ratios below 1 from ratios
    /// above.
    LogLinear,
}

/// How estimates spread around what the true ratio would give, for every true ratio.
///
/// ```text
/// log estimate ~ N(a + b x, deviation(x)^2 + standard error^2),   x the true log ratio
/// ```
///
/// a and b, and the c and d of the [`Deviation`], by maximum likelihood from controls whose true ratio is
/// known: negative controls (x = 0) and positive ones, found or made by adding events to negative
/// controls. Natural logarithms. Source: Schuemie et al. 2018, Proc Natl Acad Sci 115:2571-2577.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SystematicErrorModel {
    deviation: Deviation,
    parameters: [f64; 4],
    standard_errors: Option<[f64; 4]>,
}

impl SystematicErrorModel {
    /// Fits the model to controls (5 or more) with true log ratios `truth` (-700 to 700, at least two
    /// different ones).
    ///
    /// Newton's method with exact derivatives from several starts; the highest maximum counts. Where the
    /// controls scatter no more than their standard errors say, the deviation is 0 (log-linear: c runs
    /// towards minus infinity, and is returned as far as it still matters); the standard errors are then
    /// `None`.
    ///
    /// # Errors
    /// [`MultiplicityError::Lengths`], [`MultiplicityError::TooFew`], [`MultiplicityError::NoSpread`],
    /// [`MultiplicityError::Domain`] if a true value is out of range,
    /// [`MultiplicityError::NotConverged`] if no maximum is found.
    pub fn fit(
        controls: &[LogEstimate],
        truth: &[f64],
        deviation: Deviation,
    ) -> Result<Self, MultiplicityError> {
        let points = checked(controls, truth)?;
        let starts = starts(&points, deviation);
        let climbed = starts.iter().filter_map(|start| {
            let climbed = newton(start, 1e-18, 500, |at| log_likelihood(&points, at, deviation));
            climbed.filter(|top| top.converged)
        });
        let top = climbed.max_by(|a, b| a.local.value.total_cmp(&b.local.value));
        let top = top.ok_or(MultiplicityError::NotConverged { function: FIT })?;
        let [a, b, c, d] = top.at[..] else {
            return Err(MultiplicityError::NotConverged { function: FIT });
        };
        let smallest = points.iter().map(|p| deviation.at(c, d, p[0])).fold(f64::MAX, f64::min);
        let standard_errors = standard_errors(&top).filter(|_| smallest > 1e-6);
        Ok(Self { deviation, parameters: [a, b, c, d], standard_errors })
    }

    /// The parameters [a, b, c, d].
    #[must_use]
    pub fn parameters(&self) -> [f64; 4] {
        self.parameters
    }

    /// The standard errors of [a, b, c, d], from the curvature of the likelihood; `None` where it is flat.
    #[must_use]
    pub fn standard_errors(&self) -> Option<[f64; 4]> {
        self.standard_errors
    }

    /// The ratio with its calibrated 95 % interval, ratio scale.
    ///
    /// The point is the ratio x at which a + b x is the log estimate. The limits are the ratios at which
    /// the log estimate lies 1.96 standard deviations, sqrt(deviation(x)^2 + standard error^2), above and
    /// below a + b x, the nearest on either side. `None` if b is not above 0, or if a limit does not
    /// exist within 50 of the point on the log scale: where the standard deviation grows faster with the
    /// ratio than the mean does, every large ratio is compatible with the estimate.
    #[must_use]
    pub fn calibrated_interval(&self, estimate: &LogEstimate) -> Option<Estimate> {
        let [a, b, _, _] = self.parameters;
        let point = (estimate.value() - a) / b;
        if b <= 0.0 || !point.is_finite() {
            return None;
        }
        let lower = self.limit(estimate, point, -1.0)?;
        let upper = self.limit(estimate, point, 1.0)?;
        let [point, lower, upper] = [point, lower, upper].map(f64::exp);
        let sound = lower > 0.0 && upper.is_finite() && lower <= point && point <= upper;
        sound.then_some(Estimate { point, lower, upper })
    }

    /// The nearest log ratio on one side of `point` at which the estimate is `Z_95` deviations away.
    fn limit(&self, estimate: &LogEstimate, point: f64, side: f64) -> Option<f64> {
        const FURTHEST: f64 = 50.0;
        let [a, b, c, d] = self.parameters;
        let excess = |distance: f64| {
            let x = point + side * distance;
            let deviation = self.deviation.at(c, d, x).hypot(estimate.standard_error());
            side * (a + b * x - estimate.value()) / deviation - Z_95
        };
        // Steps short enough not to pass over a root and its mirror image.
        let step = (0.05 * estimate.standard_error() / b).clamp(1e-3, 0.05);
        let mut near = 0.0;
        while near < FURTHEST {
            let far = near + step;
            if excess(far) >= 0.0 {
                return brent(near, far, 0.0, excess).map(|distance| point + side * distance);
            }
            near = far;
        }
        None
    }
}

impl Deviation {
    fn at(self, c: f64, d: f64, x: f64) -> f64 {
        match self {
            Self::Linear => (c + d * x.abs()).abs(),
            Self::LogLinear => (c + d * x).exp(),
        }
    }

    /// What d multiplies.
    fn slope(self, x: f64) -> f64 {
        match self {
            Self::Linear => x.abs(),
            Self::LogLinear => x,
        }
    }

    /// The squared deviation and its first two derivatives by h = c + d slope(x).
    fn variance(self, h: f64) -> [f64; 3] {
        match self {
            Self::Linear => [h * h, 2.0 * h, 2.0],
            Self::LogLinear => {
                let v = (2.0 * h).exp();
                [v, 2.0 * v, 4.0 * v]
            }
        }
    }
}

/// A control: true log ratio, log estimate, squared standard error.
type Point = [f64; 3];

fn checked(controls: &[LogEstimate], truth: &[f64]) -> Result<Vec<Point>, MultiplicityError> {
    let (estimates, truths) = (controls.len(), truth.len());
    if estimates != truths {
        return Err(MultiplicityError::Lengths { function: FIT, estimates, truths });
    }
    if estimates < 5 {
        return Err(MultiplicityError::TooFew { function: FIT, given: estimates, needed: 5 });
    }
    for &x in truth {
        let expected = "the natural logarithm of a ratio, from -700 to 700";
        in_range(x.abs() <= 700.0, FIT, "truth", x, expected)?;
    }
    let point = |(control, &x): (&LogEstimate, &f64)| {
        [x, control.value(), control.standard_error().powi(2)]
    };
    let mut points: Vec<Point> = controls.iter().zip(truth).map(point).collect();
    // One order, so that the order of the input changes no bit.
    points.sort_by(|p, q| {
        p[0].total_cmp(&q[0]).then(p[1].total_cmp(&q[1])).then(p[2].total_cmp(&q[2]))
    });
    match (points.first(), points.last()) {
        (Some(first), Some(last)) if first[0] < last[0] => Ok(points),
        (first, _) => {
            let value = first.map_or(0.0, |first| first[0]);
            Err(MultiplicityError::NoSpread { function: FIT, value })
        }
    }
}

/// The line by least squares, and around it several standard deviations and slopes.
fn starts(points: &[Point], deviation: Deviation) -> Vec<[f64; 4]> {
    let n = points.len() as f64;
    let mean = |f: &dyn Fn(&Point) -> f64| points.iter().map(f).sum::<f64>() / n;
    let (x, y) = (mean(&|p| p[0]), mean(&|p| p[1]));
    let slope = mean(&|p| (p[0] - x) * (p[1] - y)) / mean(&|p| (p[0] - x).powi(2));
    let intercept = y - slope * x;
    let residual = mean(&|p| (p[1] - intercept - slope * p[0]).powi(2)).max(1e-12);
    let error = (residual - mean(&|p| p[2])).max(0.05 * residual);
    let widest = points.iter().map(|p| p[0].abs()).fold(0.0, f64::max).max(1e-3);
    let mut starts = Vec::new();
    for factor in [1.0, 0.2, 3.0] {
        for growth in [0.0, 0.5 / widest, -0.5 / widest] {
            let sd = factor * error.sqrt();
            let (c, d) = match deviation {
                Deviation::Linear => (sd, sd * growth),
                Deviation::LogLinear => (sd.ln(), growth),
            };
            starts.push([intercept, slope, c, d]);
        }
    }
    starts
}

/// The log likelihood and its derivatives by a, b, c, d.
///
/// With m = a + b x, v = deviation^2 as a function of h = c + d slope(x), w = 1 / (v + s^2), r = y - m:
/// l = (ln w - w r^2) / 2.
fn log_likelihood(points: &[Point], at: &[f64], deviation: Deviation) -> Local {
    let mut local = Local { value: 0.0, gradient: vec![0.0; 4], hessian: vec![0.0; 16] };
    let &[a, b, c, d] = at else {
        return Local { value: f64::NAN, ..local };
    };
    for &[x, y, noise] in points {
        let [v, v_h, v_hh] = deviation.variance(c + d * deviation.slope(x));
        let (w, r) = (1.0 / (v + noise), y - a - b * x);
        local.value += 0.5 * (w.ln() - w * r * r);
        let by_v = 0.5 * (w * w * r * r - w);
        let by_vv = 0.5 * (w * w - 2.0 * w * w * w * r * r);
        let (by_m, by_h) = (w * r, v_h * by_v);
        let (mm, mh) = (-w, -v_h * w * w * r);
        let hh = v_h * v_h * by_vv + v_hh * by_v;
        // What m and h change by with each of their two parameters.
        let slopes = [1.0, x, 1.0, deviation.slope(x)];
        let first = [by_m, by_m, by_h, by_h];
        for i in 0..4 {
            local.gradient[i] += first[i] * slopes[i];
            for j in 0..4 {
                let second = if i < 2 && j < 2 {
                    mm
                } else if i < 2 || j < 2 {
                    mh
                } else {
                    hh
                };
                local.hessian[i * 4 + j] += second * slopes[i] * slopes[j];
            }
        }
    }
    local
}

fn standard_errors(top: &Maximum) -> Option<[f64; 4]> {
    let information: Vec<f64> = top.local.hessian.iter().map(|h| -h).collect();
    let inverse = Cholesky::new(&information, 4)?.inverse();
    let errors = [0, 1, 2, 3].map(|i| inverse[i * 5].sqrt());
    // A standard error of 1e3 for a log ratio or a log deviation says that nothing was learnt.
    errors.iter().all(|error| error.is_finite() && *error < 1e3).then_some(errors)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn points() -> Vec<Point> {
        let point = |i: u32| {
            let x = f64::from(i % 3) * 0.7;
            [x, 0.2 + 0.9 * x + 0.3 * (f64::from(i) * 1.7).sin(), 0.01 * f64::from(i % 5 + 1)]
        };
        (0..24).map(point).collect()
    }

    #[test]
    fn derivatives_agree_with_differences() {
        for deviation in [Deviation::Linear, Deviation::LogLinear] {
            derivatives_of(deviation);
        }
    }

    fn derivatives_of(deviation: Deviation) {
        let (points, at) = (points(), [0.1, 0.8, -1.1, 0.2]);
        let here = log_likelihood(&points, &at, deviation);
        for i in 0..4 {
            let moved = |h: f64| {
                let mut at = at;
                at[i] += h;
                log_likelihood(&points, &at, deviation)
            };
            let (up, down) = (moved(1e-5), moved(-1e-5));
            let slope = (up.value - down.value) / 2e-5;
            assert!((slope - here.gradient[i]).abs() < 1e-6, "{i}");
            for j in 0..4 {
                let curve = (up.gradient[j] - down.gradient[j]) / 2e-5;
                assert!((curve - here.hessian[i * 4 + j]).abs() < 1e-5, "{i} {j}");
            }
        }
    }

    #[test]
    fn controls_without_scatter_leave_the_deviation_near_zero() {
        let truth = [0.0, 0.0, 0.7, 0.7, 1.4, 1.4];
        let control = |x: &f64| LogEstimate::new(0.1 + x, 0.2).unwrap();
        let controls: Vec<LogEstimate> = truth.iter().map(control).collect();
        for deviation in [Deviation::Linear, Deviation::LogLinear] {
            no_deviation(&controls, &truth, deviation);
        }
    }

    fn no_deviation(controls: &[LogEstimate], truth: &[f64], deviation: Deviation) {
        let model = SystematicErrorModel::fit(controls, truth, deviation).unwrap();
        let [a, b, c, d] = model.parameters();
        assert!((a - 0.1).abs() < 1e-6 && (b - 1.0).abs() < 1e-6, "{model:?}");
        let widest = deviation.at(c, d, 0.0).max(deviation.at(c, d, 1.4));
        assert!(widest < 1e-3, "{model:?}");
        assert_eq!(model.standard_errors(), None);
        let got = model.calibrated_interval(&LogEstimate::new(0.6, 0.2).unwrap()).unwrap();
        assert!((got.upper / (0.5 + Z_95 * 0.2_f64).exp() - 1.0).abs() < 1e-5, "{got:?}");
    }

    #[test]
    fn what_cannot_be_fitted_is_named() {
        let control = LogEstimate::new(0.1, 0.2).unwrap();
        let five = [control; 5];
        let fit = |c: &[LogEstimate], x: &[f64]| SystematicErrorModel::fit(c, x, Deviation::Linear);
        assert!(matches!(fit(&five, &[0.0; 4]), Err(MultiplicityError::Lengths { .. })));
        assert!(matches!(fit(&five[..4], &[0.0; 4]), Err(MultiplicityError::TooFew { .. })));
        assert!(matches!(fit(&five, &[0.0; 5]), Err(MultiplicityError::NoSpread { .. })));
        let nan = [0.0, f64::NAN, 0.0, 0.0, 1.0];
        assert!(matches!(fit(&five, &nan), Err(MultiplicityError::Domain(_))));
    }
}
