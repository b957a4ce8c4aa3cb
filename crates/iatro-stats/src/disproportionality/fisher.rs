//! Fisher's exact test, and its mid-P version.

use super::hypergeometric::{columns_exchanged, has_choice, ln_probability, mass_above};
use crate::Table2x2;

/// Smallest p value told apart from 0.
const LEAST: f64 = f64::MIN_POSITIVE;

/// Tables this much more probable than the observed one still count as no more probable, as in
/// `fisher.test` of R: rounding must not decide.
const TIES: f64 = 1e-7;

/// Returns the one-sided p value of Fisher's exact test against "reported more often": the
/// probability of `a` or more given the margins, if exposure and event are reported independently;
/// `None` unless all four margins are above 0.
///
/// Relative error below 1e-12, absolute error below 1e-12 where the result is near 1. Below 2.2e-308
/// that number is returned, never 0. Source: Fisher 1935, J R Stat Soc 98:39-54.
#[must_use]
pub fn fisher_greater(table: &Table2x2) -> Option<f64> {
    fisher_greater_and_mid_p(table).map(|p| p.exact)
}

/// Returns the one-sided p value of Fisher's exact test against "reported less often": the
/// probability of `a` or fewer given the margins. Otherwise as [`fisher_greater`].
#[must_use]
pub fn fisher_less(table: &Table2x2) -> Option<f64> {
    fisher_greater(&columns_exchanged(table))
}

/// Returns the two-sided p value of Fisher's exact test: the probability of all tables with the same
/// margins that are no more probable than the observed one; `None` unless all four margins are above
/// 0.
///
/// A table counts as no more probable up to a factor of 1 + 1e-7, as in `fisher.test` of R and in
/// scipy (there 1e-14). Accuracy as for [`fisher_greater`].
#[must_use]
pub fn fisher_two_sided(table: &Table2x2) -> Option<f64> {
    has_choice(table).then(|| {
        // Seen so that the table lies at or above the peak: one step up does not gain.
        let table = if steps_up_gain(table) { columns_exchanged(table) } else { *table };
        let own = ln_probability(&table);
        let near = own.exp() * (1.0 + mass_above(&table));
        match opposite(&table, own) {
            Opposite::Everything => 1.0,
            Opposite::Nothing => near.clamp(LEAST, 1.0),
            Opposite::From(other) => {
                let mirrored = columns_exchanged(&other);
                let far = ln_probability(&other).exp() * (1.0 + mass_above(&mirrored));
                (near + far).clamp(LEAST, 1.0)
            }
        }
    })
}

/// Returns the one-sided mid-P value against "reported more often": the probability of more than `a`
/// plus half the probability of `a`; `None` unless all four margins are above 0.
///
/// Half the observed table undoes the conservatism of the exact test; the type I error may then
/// exceed its nominal level a little. The reporting Fisher's exact test of signal detection uses
/// this number. Accuracy as for [`fisher_greater`]. Sources: Lancaster 1961, J Am Stat Assoc
/// 56:223-234; Ahmed et al. 2010, Biometrics 66:301-309.
#[must_use]
pub fn fisher_mid_p(table: &Table2x2) -> Option<f64> {
    fisher_greater_and_mid_p(table).map(|p| p.mid_p)
}

/// The one-sided p values of a table against "reported more often".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherGreater {
    /// That of [`fisher_greater`].
    pub exact: f64,
    /// That of [`fisher_mid_p`].
    pub mid_p: f64,
}

/// Returns [`fisher_greater`] and [`fisher_mid_p`] of a table, for the work of one of them.
#[must_use]
pub fn fisher_greater_and_mid_p(table: &Table2x2) -> Option<FisherGreater> {
    has_choice(table).then(|| {
        let own = ln_probability(table).exp();
        if table.ad() > table.bc() {
            let above = mass_above(table);
            let p = |share: f64| (own * (share + above)).clamp(LEAST, 1.0);
            FisherGreater { exact: p(1.0), mid_p: p(0.5) }
        } else {
            let below = mass_above(&columns_exchanged(table));
            let p = |share: f64| (1.0 - own * (1.0 - share + below)).clamp(LEAST, 1.0);
            FisherGreater { exact: p(1.0), mid_p: p(0.5) }
        }
    })
}

/// Returns the two-sided mid-P value: twice the smaller of the two one-sided mid-P values, which sum
/// to 1; `None` unless all four margins are above 0.
///
/// So it is in `epitools`; a version that takes half the observed table from the minimum-likelihood
/// p value is another number. Accuracy as for [`fisher_greater`].
#[must_use]
pub fn fisher_mid_p_two_sided(table: &Table2x2) -> Option<f64> {
    let above = fisher_mid_p(table)?;
    let below = fisher_mid_p(&columns_exchanged(table))?;
    Some((2.0 * above.min(below)).clamp(LEAST, 1.0))
}

/// True if the table one step up is more probable: b c > (a + 1)(d + 1).
fn steps_up_gain(table: &Table2x2) -> bool {
    let [a, d] = [table.a(), table.d()].map(|cell| u128::from(cell) + 1);
    table.bc() > a * d
}

/// The tables on the other side of the peak that are no more probable than the observed one.
enum Opposite {
    /// Not one.
    Nothing,
    /// This one and all below.
    From(Table2x2),
    /// All tables there are: the observed one is the most probable.
    Everything,
}

fn opposite(table: &Table2x2, own: f64) -> Opposite {
    let lowest = table.a() - table.a().min(table.d());
    let threshold = own + TIES;
    let probable = |a: u64| at(table, a).map(|other| ln_probability(&other));
    let enough = |a: u64| probable(a).is_some_and(|p| p <= threshold);
    let peak = peak(table);
    if peak >= table.a() || enough(peak) {
        return Opposite::Everything;
    }
    if !enough(lowest) {
        return Opposite::Nothing;
    }
    // Probable enough at `low`, too probable at `high`.
    let (mut low, mut high) = (lowest, peak);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(table, low).map_or(Opposite::Nothing, Opposite::From)
}

/// The most probable count: the whole part of (a + b + 1)(a + c + 1) / (n + 2).
fn peak(table: &Table2x2) -> u64 {
    let plus_one = |margin: u64| u128::from(margin) + 1;
    let (with, event) = (plus_one(table.exposure_total()), plus_one(table.event_total()));
    let peak = with.saturating_mul(event) / (u128::from(table.n()) + 2);
    u64::try_from(peak).unwrap_or(u64::MAX)
}

/// The table with the same margins and another count.
fn at(table: &Table2x2, a: u64) -> Option<Table2x2> {
    Table2x2::from_margins(a, table.exposure_total(), table.event_total(), table.n()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    /// The lady tasting tea: 1, 16, 36, 16, 1 of 70.
    #[test]
    fn eight_cups() {
        let tea = table(3, 1, 1, 3);
        let close = |got: Option<f64>, expected: f64| (got.unwrap() - expected).abs() < 1e-15;
        assert!(close(fisher_greater(&tea), 17.0 / 70.0));
        assert!(close(fisher_less(&tea), 69.0 / 70.0));
        assert!(close(fisher_two_sided(&tea), 34.0 / 70.0));
        assert!(close(fisher_mid_p(&tea), 9.0 / 70.0));
        assert!(close(fisher_mid_p_two_sided(&tea), 18.0 / 70.0));
        assert_eq!(fisher_two_sided(&table(2, 2, 2, 2)), Some(1.0));
    }

    #[test]
    fn an_empty_margin_leaves_nothing_to_test() {
        for t in [table(0, 0, 1, 1), table(1, 1, 0, 0), table(0, 1, 0, 1), table(1, 0, 1, 0)] {
            assert_eq!(fisher_greater(&t), None);
            assert_eq!(fisher_less(&t), None);
            assert_eq!(fisher_two_sided(&t), None);
            assert_eq!(fisher_mid_p(&t), None);
            assert_eq!(fisher_mid_p_two_sided(&t), None);
        }
    }

    #[test]
    fn a_p_value_is_never_zero() {
        let extreme = table(1_000_000, 0, 0, 1_000_000);
        assert_eq!(fisher_greater(&extreme), Some(f64::MIN_POSITIVE));
        assert_eq!(fisher_two_sided(&extreme), Some(f64::MIN_POSITIVE));
        assert_eq!(fisher_less(&extreme), Some(1.0));
    }
}
