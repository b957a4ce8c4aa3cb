//! Likelihood ratio statistics of a 2 x 2 table.

use super::hypergeometric::{deviance, has_choice};
use crate::Table2x2;

/// Returns the likelihood ratio statistic G squared of independence, one degree of freedom; `None`
/// unless all four margins are above 0.
///
/// ```text
/// 2 sum over the cells of observed ln(observed / expected)
/// ```
///
/// Two-sided: it is as large for a pair reported less often than expected. For the tail probability
/// see [`chi_squared_1df_upper`](crate::special::chi_squared_1df_upper). Source: Wilks 1935, Ann Math
/// Stat 6:190-196.
#[must_use]
pub fn g_squared(table: &Table2x2) -> Option<f64> {
    has_choice(table).then(|| {
        let difference = difference(table);
        let [with, without] = [table.exposure_total(), table.no_exposure_total()];
        let [event, no_event] = [table.event_total(), table.no_event_total()];
        let cell = |count: u64, row: u64, column: u64, sign: f64| {
            let expected = row as f64 * (column as f64 / table.n() as f64);
            deviance(count as f64, expected, sign * difference)
        };
        // Grouped so that exchanging b and c changes no bit.
        2.0 * ((cell(table.a(), with, event, 1.0) + cell(table.d(), without, no_event, 1.0))
            + (cell(table.b(), with, no_event, -1.0) + cell(table.c(), without, event, -1.0)))
    })
}

/// Returns the logarithm of the likelihood ratio of the LRT method, one-sided; `None` unless
/// a + b > 0 and the event is in some but not all reports.
///
/// ```text
/// a ln(a / E) + b ln(b / (a + b - E)),  E = (a + b)(a + c) / n,  if a > E; else 0
/// ```
///
/// The reports of one drug are spread over its events: `a` of a + b, where E was expected. A pair
/// reported no more often than expected says nothing for a signal and gets 0, as the method keeps
/// only pairs whose reporting rate is above that of the other events. The maximum over the events of
/// the drug is the statistic whose distribution the method simulates (multinomial, a + b reports).
/// It is not symmetric: with the table transposed it is the statistic over the drugs of one event.
/// Source: Huang, Zalkikar and Tiwari 2011, J Am Stat Assoc 106:1230-1241.
#[must_use]
pub fn log_likelihood_ratio(table: &Table2x2) -> Option<f64> {
    let defined =
        table.exposure_total() > 0 && table.event_total() > 0 && table.no_event_total() > 0;
    defined.then(|| {
        let difference = difference(table);
        if difference <= 0.0 {
            return 0.0;
        }
        let share =
            |column: u64| table.exposure_total() as f64 * (column as f64 / table.n() as f64);
        // a + b is the sum of the two expectations, so the linear parts cancel.
        deviance(table.a() as f64, share(table.event_total()), difference)
            + deviance(table.b() as f64, share(table.no_event_total()), -difference)
    })
}

/// a - E = (a d - b c) / n, exact before the division.
fn difference(table: &Table2x2) -> f64 {
    let size = table.ad().abs_diff(table.bc()) as f64 / table.n() as f64;
    if table.ad() >= table.bc() { size } else { -size }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    #[test]
    fn written_out() {
        let t = table(12, 30, 7, 90);
        let e = t.expected().unwrap();
        let huang = 12.0 * (12.0 / e).ln() + 30.0 * (30.0 / (42.0 - e)).ln();
        assert!((log_likelihood_ratio(&t).unwrap() - huang).abs() < 1e-13);
        let rest = 7.0 * (7.0 / (19.0 - e)).ln() + 90.0 * (90.0 / (97.0 - 19.0 + e)).ln();
        assert!((g_squared(&t).unwrap() - 2.0 * (huang + rest)).abs() < 1e-12);
    }

    #[test]
    fn one_sided_only_where_it_says_so() {
        let less = table(1, 50, 40, 60);
        assert_eq!(log_likelihood_ratio(&less), Some(0.0));
        assert!(g_squared(&less).unwrap() > 10.0);
    }

    #[test]
    fn zero_cells_are_answers_and_empty_margins_are_not() {
        assert!(g_squared(&table(0, 5, 5, 90)).unwrap() > 0.0);
        assert!(log_likelihood_ratio(&table(5, 0, 5, 90)).unwrap() > 0.0);
        for t in [table(0, 0, 1, 1), table(0, 1, 0, 1), table(1, 0, 1, 0), table(0, 0, 0, 0)] {
            assert_eq!((g_squared(&t), log_likelihood_ratio(&t)), (None, None));
        }
        // All reports have the exposure: nothing differs from what was expected.
        assert_eq!(log_likelihood_ratio(&table(3, 4, 0, 0)), Some(0.0));
    }
}
