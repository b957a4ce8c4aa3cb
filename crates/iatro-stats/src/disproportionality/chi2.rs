//! Chi-squared statistics of a 2 x 2 table, one degree of freedom.

use crate::Table2x2;

/// Returns Pearson's chi-squared without correction; `None` unless all four margins are above 0.
///
/// ```text
/// n (a d - b c)^2 / ((a + b)(c + d)(a + c)(b + d))
/// ```
///
/// Source: Pearson 1900, Phil Mag 50:157-175. For the tail probability, see
/// [`chi_squared_1df_upper`](crate::special::chi_squared_1df_upper).
#[must_use]
pub fn chi2_pearson(table: &Table2x2) -> Option<f64> {
    statistic(table, table.ad().abs_diff(table.bc()) as f64)
}

/// Returns chi-squared with Yates's continuity correction; `None` unless all four margins are
/// above 0.
///
/// ```text
/// n max(|a d - b c| - n / 2, 0)^2 / ((a + b)(c + d)(a + c)(b + d))
/// ```
///
/// The correction never takes the difference below 0. Source: Yates 1934, Suppl J R Stat Soc
/// 1:217-235.
#[must_use]
pub fn chi2_yates(table: &Table2x2) -> Option<f64> {
    let (difference, n) = (table.ad().abs_diff(table.bc()), u128::from(table.n()));
    // The half that an odd n leaves: |ad - bc| - n/2 = |ad - bc| - (n + n % 2)/2 + (n % 2)/2.
    let odd_half = if n % 2 == 1 { 0.5 } else { 0.0 };
    let corrected = match difference.checked_sub(n.div_ceil(2)) {
        Some(rest) => rest as f64 + odd_half,
        None => 0.0,
    };
    statistic(table, corrected)
}

fn statistic(table: &Table2x2, difference: f64) -> Option<f64> {
    let margins = [
        table.exposure_total(),
        table.no_exposure_total(),
        table.event_total(),
        table.no_event_total(),
    ];
    let product: f64 = margins.iter().map(|&margin| margin as f64).product();
    (product > 0.0).then(|| table.n() as f64 * (difference / product) * difference)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    /// The sum over the cells of (observed - expected)^2 / expected, written out.
    #[test]
    fn pearson_is_the_sum_over_cells() {
        let t = table(12, 30, 7, 90);
        let n = t.n() as f64;
        let rows = [t.exposure_total() as f64, t.no_exposure_total() as f64];
        let columns = [t.event_total() as f64, t.no_event_total() as f64];
        let cells = [[12.0, 30.0], [7.0, 90.0]];
        let mut sum = 0.0;
        for (row, &row_total) in rows.iter().enumerate() {
            for (column, &column_total) in columns.iter().enumerate() {
                let expected = row_total * column_total / n;
                sum += f64::powi(cells[row][column] - expected, 2) / expected;
            }
        }
        assert!((chi2_pearson(&t).unwrap() / sum - 1.0).abs() < 1e-13);
    }

    /// Without the floor, a difference below n / 2 would come back as a positive square.
    #[test]
    fn yates_stops_at_zero() {
        let t = table(2, 2, 2, 3);
        assert_eq!((t.ad().abs_diff(t.bc()), t.n()), (2, 9));
        assert_eq!(chi2_yates(&t), Some(0.0));
        assert!(chi2_pearson(&t).unwrap() > 0.0);
    }

    #[test]
    fn yates_keeps_the_half_of_an_odd_total() {
        // |ad - bc| = 36, n = 13, margins 7, 6, 6, 7.
        let t = table(6, 1, 0, 6);
        let expected = 13.0 * (36.0 - 6.5) * (36.0 - 6.5) / (7.0 * 6.0 * 6.0 * 7.0);
        assert!((chi2_yates(&t).unwrap() / expected - 1.0).abs() < 1e-14);
    }

    #[test]
    fn an_empty_margin_leaves_it_undefined() {
        for t in [table(0, 0, 1, 1), table(1, 1, 0, 0), table(0, 1, 0, 1), table(1, 0, 1, 0)] {
            assert_eq!((chi2_pearson(&t), chi2_yates(&t)), (None, None));
        }
    }
}
