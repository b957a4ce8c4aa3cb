//! Proportional reporting ratio with its log-normal interval.

use crate::{Estimate, Table2x2};

/// Returns the proportional reporting ratio with its 95 % log-normal interval; `None` unless a > 0,
/// c > 0 and b + d > 0.
///
/// ```text
/// PRR = (a / (a + b)) / (c / (c + d))
/// limits = PRR exp(-+ 1.959963984540054 sqrt(1/a - 1/(a + b) + 1/c - 1/(c + d)))
/// ```
///
/// With b + d = 0 every report has the event: the ratio is 1, its estimated variance is 0, and no
/// interval follows. With b = 0 alone the exposed reports add nothing to the estimated variance, so
/// the interval is too narrow. Sources: Evans, Waller and Davis 2001, Pharmacoepidemiol Drug Saf
/// 10:483-486; interval: Katz et al. 1978, Biometrics 34:469-474.
#[must_use]
pub fn prr(table: &Table2x2) -> Option<Estimate> {
    let variance = log_variance(table)?;
    prr_point(table).map(|point| Estimate::log_normal(point, variance.sqrt()))
}

/// Returns the point; `None` unless a + b and c are above 0. It is 0 if a is 0.
#[must_use]
pub fn prr_point(table: &Table2x2) -> Option<f64> {
    if table.exposure_total() == 0 || table.c() == 0 {
        return None;
    }
    let numerator = u128::from(table.a()) * u128::from(table.no_exposure_total());
    let denominator = u128::from(table.c()) * u128::from(table.exposure_total());
    Some(numerator as f64 / denominator as f64)
}

/// `1/a - 1/(a + b)` written as `b / (a (a + b))`, so that nothing cancels; likewise c and d.
fn log_variance(table: &Table2x2) -> Option<f64> {
    let part = |with: u64, without: u64, total: u64| {
        (with > 0).then(|| without as f64 / (with as f64 * total as f64))
    };
    let exposed = part(table.a(), table.b(), table.exposure_total())?;
    let unexposed = part(table.c(), table.d(), table.no_exposure_total())?;
    Some(exposed + unexposed).filter(|&variance| variance > 0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    #[test]
    fn undefined_without_a_or_c() {
        assert_eq!(prr(&table(0, 2, 3, 4)), None);
        assert_eq!(prr(&table(1, 2, 0, 4)), None);
        assert_eq!(prr(&table(0, 0, 0, 0)), None);
    }

    #[test]
    fn the_point_needs_only_its_denominator() {
        assert_eq!(prr_point(&table(0, 2, 3, 4)), Some(0.0));
        assert_eq!(prr_point(&table(0, 0, 3, 4)), None);
        assert_eq!(prr_point(&table(1, 2, 0, 4)), None);
        assert_eq!(prr_point(&table(1, 1, 1, 3)), Some(2.0));
    }

    #[test]
    fn b_or_d_may_be_zero_but_not_both() {
        assert!(prr(&table(3, 0, 3, 4)).is_some());
        assert!(prr(&table(3, 4, 3, 0)).is_some());
        assert_eq!(prr(&table(3, 0, 3, 0)), None);
        assert_eq!(prr_point(&table(3, 0, 3, 0)), Some(1.0));
    }
}
