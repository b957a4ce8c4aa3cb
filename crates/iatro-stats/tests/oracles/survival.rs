//! Survival and outcome.
//!
//! The data are classic public ones and a set drawn by a generator that runs the same in R
//! (`survival/data.rs`).

mod cox;
mod curves;
mod data;
mod tests_of_groups;

use crate::row::Family;

const R: &str = "R 4.2.2, survival 3.5.3";
const ETM: &str = "R 4.2.2, etm 1.1.1";
const CMPRSK: &str = "R 4.2.2, cmprsk 2.2.11";

/// A list of numbers that R prints to ten figures, held to a relative error of 1e-7: `coxph` and
/// `uniroot` stop short of their last digits.
fn numbers(family: &mut Family, name: &str, source: &'static str, expected: &[&str], got: &[f64]) {
    assert_eq!(expected.len(), got.len(), "{name}");
    let count = got.len();
    for (place, (expected, got)) in expected.iter().zip(got).enumerate() {
        let size = expected.parse::<f64>().unwrap().abs();
        let name = format!("{name} ({} of {})", place + 1, count);
        family.within(name, source, expected, *got, 1e-7 * size.max(1e-6));
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    curves::rows(family);
    tests_of_groups::rows(family);
    cox::rows(family);
}
