//! Reporting odds ratio with its Wald interval.

use crate::{Estimate, Table2x2};

/// Returns the reporting odds ratio with its 95 % Wald interval; `None` unless all four cells are
/// above 0.
///
/// ```text
/// ROR = a d / (b c)
/// limits = ROR exp(-+ 1.959963984540054 sqrt(1/a + 1/b + 1/c + 1/d))
/// ```
///
/// This is the sample (unconditional) odds ratio. The conditional maximum likelihood estimate, the
/// estimate with 0.5 added to each cell and the stratified one are other numbers under the same
/// name. Sources: Woolf 1955, Ann Hum Genet 19:251-253; Rothman, Lanes and Sacks 2004,
/// Pharmacoepidemiol Drug Saf 13:519-523.
#[must_use]
pub fn ror(table: &Table2x2) -> Option<Estimate> {
    let [a, b, c, d] = [table.a(), table.b(), table.c(), table.d()].map(|cell| cell as f64);
    let all_positive = [a, b, c, d].iter().all(|&cell| cell > 0.0);
    // Grouped so that exchanging b and c changes no bit.
    let log_variance = (1.0 / a + 1.0 / d) + (1.0 / b + 1.0 / c);
    let point = ror_point(table).filter(|_| all_positive)?;
    Some(Estimate::log_normal(point, log_variance.sqrt()))
}

/// Returns the point a d / (b c); `None` unless b and c are above 0. It is 0 if a or d is 0.
#[must_use]
pub fn ror_point(table: &Table2x2) -> Option<f64> {
    (table.bc() > 0).then(|| table.ad() as f64 / table.bc() as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    #[test]
    fn a_zero_cell_leaves_no_interval() {
        for t in [table(0, 1, 1, 1), table(1, 0, 1, 1), table(1, 1, 0, 1), table(1, 1, 1, 0)] {
            assert_eq!(ror(&t), None);
        }
        assert_eq!(ror(&table(0, 0, 0, 0)), None);
    }

    #[test]
    fn the_point_needs_only_its_denominator() {
        assert_eq!(ror_point(&table(0, 2, 3, 4)), Some(0.0));
        assert_eq!(ror_point(&table(1, 2, 3, 0)), Some(0.0));
        assert_eq!(ror_point(&table(1, 0, 3, 4)), None);
        assert_eq!(ror_point(&table(1, 2, 0, 4)), None);
        assert_eq!(ror_point(&table(6, 2, 3, 4)), Some(4.0));
    }

    #[test]
    fn independence_gives_one() {
        assert_eq!(ror(&table(2, 4, 8, 16)).unwrap().point, 1.0);
    }
}
