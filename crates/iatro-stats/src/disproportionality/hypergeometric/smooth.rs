//! The same sums where the distribution is hundreds of tables wide: an integral, with Euler and
//! Maclaurin's correction from the integral to the sum.
//!
//! With s = +1, -1, -1, +1 for the cells x = a, b, c, d, the weight k steps up against the table is
//! exp of
//!
//! ```text
//! k t - sum D(x + s k, x) - 1/2 sum ln((x + s k) / x) - 1/12 sum (1/(x + s k) - 1/x),
//! D(y, x) = y ln(y / x) - y + x,
//! ```
//!
//! t being the logarithm of the odds ratio over that of the table; the next term of Stirling's
//! series is below 1e-19 here.

use super::factorial::deviance;
use super::noncentral::Sums;

/// Standard deviation from which on the integral serves.
const WIDE: f64 = 512.0;

/// With a steeper slope the terms vanish within some thousand steps, and the sum serves.
const FLAT: f64 = 0.011;

const SIGNS: [f64; 4] = [1.0, -1.0, -1.0, 1.0];

/// Positive nodes and weights of Gauss and Legendre's rule with 8 points; `mpmath` 1.3, 40 digits.
#[allow(clippy::excessive_precision)]
const GAUSS: [(f64, f64); 4] = [
    (0.18343464249564980494, 0.36268378337836198297),
    (0.52553240991632898582, 0.31370664587788728734),
    (0.79666647741362673959, 0.22238103445337447054),
    (0.96028985649753623168, 0.10122853629037625915),
];

/// True if the sums are better found here: a wide distribution, seen where it is flat. `slope` is
/// the t of the module.
pub(super) fn fits(cells: [f64; 4], slope: f64) -> bool {
    slope.abs() < FLAT && variance(cells) > WIDE * WIDE
}

/// Variance of the distribution whose peak is at the table, to the first order.
fn variance(cells: [f64; 4]) -> f64 {
    1.0 / cells.iter().map(|x| 1.0 / x).sum::<f64>()
}

/// Returns the sums above the table; relative error below 1e-12.
pub(super) fn sums_above(cells: [f64; 4], slope: f64) -> Sums {
    let variance = variance(cells);
    let integral = integrals(cells, slope, variance);
    // Derivatives of the exponent at the table.
    let first = slope - 0.5 * cells.iter().zip(SIGNS).map(|(x, s)| s / x).sum::<f64>();
    let second = -1.0 / variance;
    // sum over k >= 1 of f(k) = integral - f(0)/2 - f'(0)/12 + f'''(0)/720.
    let cube = first * first * first + 3.0 * first * second;
    Sums {
        mass: integral.mass - 0.5 - first / 12.0 + cube / 720.0,
        first: integral.first - 1.0 / 12.0 + (first * first + second) / 240.0,
        second: integral.second + first / 120.0,
    }
}

/// Integrals of the weight, and of k and k squared times the weight, from 0 up.
fn integrals(cells: [f64; 4], slope: f64, variance: f64) -> Sums {
    let deviation = variance.sqrt();
    let steepness = slope * deviation / 4.0;
    let width = deviation / (1.0 + steepness * steepness).sqrt();
    let peak = slope * variance;
    let mut sums = Sums::default();
    for panel in 0..MOST_PANELS {
        let middle = (f64::from(panel) + 0.5) * width;
        let mut mass = 0.0;
        for (node, share) in GAUSS {
            for k in [middle - 0.5 * width * node, middle + 0.5 * width * node] {
                let part = 0.5 * width * share * weight(cells, slope, k);
                mass += part;
                sums.first += k * part;
                sums.second += k * k * part;
            }
        }
        sums.mass += mass;
        if middle > peak && mass < 1e-20 * sums.mass {
            break;
        }
    }
    sums
}

/// More than 40 standard deviations need.
const MOST_PANELS: u32 = 2_000;

fn weight(cells: [f64; 4], slope: f64, k: f64) -> f64 {
    let mut exponent = k * slope;
    let mut product = 1.0;
    for (x, sign) in cells.into_iter().zip(SIGNS) {
        let moved = x + sign * k;
        if moved <= 0.0 {
            return 0.0;
        }
        exponent -= deviance(moved, x, sign * k) + (1.0 / moved - 1.0 / x) / 12.0;
        product *= moved / x;
    }
    exponent.exp() / product.sqrt()
}
