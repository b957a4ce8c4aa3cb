//! The estimate of one study.

use super::MetaError;
use crate::special::{in_range, normal_quantile, positive, probability};
use crate::{DomainError, Table2x2};

/// The estimate of one study on a scale where it is about normal, and its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Estimate: a log ratio, a logit, a transformed proportion.
    pub effect: f64,
    /// Its variance, the square of the standard error; above 0.
    pub variance: f64,
}

impl Effect {
    /// Returns the log of a ratio with a log-normal interval (`lower`, `upper`) at `level`: variance
    /// ((ln upper - ln lower) / (2 z))^2.
    ///
    /// Serves reporting odds ratios and proportional reporting ratios as they are published.
    ///
    /// # Errors
    /// [`DomainError`] unless 0 < lower < upper, lower <= point <= upper, and `level` is strictly
    /// between 0 and 1, and not so near 0 that the variance is no number.
    pub fn of_ratio(point: f64, lower: f64, upper: f64, level: f64) -> Result<Self, DomainError> {
        const NAME: &str = "Effect::of_ratio";
        let lower = positive(NAME, "lower", lower)?;
        let upper = positive(NAME, "upper", upper)?;
        let expected = "a number above the lower limit";
        let upper = in_range(upper > lower, NAME, "upper", upper, expected)?;
        let inside = point >= lower && point <= upper;
        let point = in_range(inside, NAME, "point", point, "a number within its interval")?;
        let z = -normal_quantile(0.5 * (1.0 - probability(NAME, "level", level)?))?;
        let se = (upper.ln() - lower.ln()) / (2.0 * z);
        let expected = "a level above 1e-16: below, its interval tells nothing of the variance";
        in_range(se.is_finite(), NAME, "level", level, expected)?;
        Ok(Self { effect: point.ln(), variance: se * se })
    }

    /// Returns the log of the odds ratio of a table, variance 1/a + 1/b + 1/c + 1/d; `None` unless all
    /// cells are above 0.
    #[must_use]
    pub fn log_odds_ratio(table: &Table2x2) -> Option<Self> {
        let [a, b, c, d] = [table.a(), table.b(), table.c(), table.d()].map(|cell| cell as f64);
        let defined = [a, b, c, d].iter().all(|&cell| cell > 0.0);
        let variance = (1.0 / a + 1.0 / d) + (1.0 / b + 1.0 / c);
        defined.then(|| Self { effect: (a / b).ln() - (c / d).ln(), variance })
    }

    /// Returns the log of the ratio of proportions (a / (a + b)) / (c / (c + d)) of a table, variance
    /// 1/a - 1/(a + b) + 1/c - 1/(c + d); `None` unless a, c and one of b and d are above 0.
    #[must_use]
    pub fn log_proportion_ratio(table: &Table2x2) -> Option<Self> {
        let [a, b, c, d] = [table.a(), table.b(), table.c(), table.d()].map(|cell| cell as f64);
        // 1/a - 1/(a + b) without cancellation.
        let variance = b / a / (a + b) + d / c / (c + d);
        let defined = a > 0.0 && c > 0.0 && variance > 0.0;
        defined.then(|| Self { effect: (a / (a + b)).ln() - (c / (c + d)).ln(), variance })
    }

    /// Returns the logit of a proportion, ln(x / (n - x)), variance 1/x + 1/(n - x); where x is 0 or n,
    /// 1/2 is added to both counts. `None` if n is 0 or `events` above n.
    #[must_use]
    pub fn logit(events: u64, n: u64) -> Option<Self> {
        let others = n.checked_sub(events).filter(|_| n > 0)?;
        let add = if events == 0 || others == 0 { 0.5 } else { 0.0 };
        let (x, y) = (events as f64 + add, others as f64 + add);
        Some(Self { effect: (x / y).ln(), variance: 1.0 / x + 1.0 / y })
    }

    /// Returns the double arcsine of a proportion,
    /// (asin sqrt(x / (n + 1)) + asin sqrt((x + 1) / (n + 1))) / 2, variance 1 / (4 n + 2). `None` if n
    /// is 0 or `events` above n.
    ///
    /// Source: Freeman and Tukey 1950, Ann Math Stat 21:607-611, halved.
    #[must_use]
    pub fn freeman_tukey(events: u64, n: u64) -> Option<Self> {
        if n == 0 || events > n {
            return None;
        }
        let (x, n) = (events as f64, n as f64);
        Some(Self { effect: double_arcsine(x, n), variance: 1.0 / (4.0 * n + 2.0) })
    }
}

/// The halved double arcsine of x of n.
pub(super) fn double_arcsine(x: f64, n: f64) -> f64 {
    let arcsine = |x: f64| (x / (n + 1.0)).sqrt().min(1.0).asin();
    0.5 * (arcsine(x) + arcsine(x + 1.0))
}

/// Checks all effects.
pub(super) fn check(effects: &[Effect]) -> Result<(), MetaError> {
    for (study, &Effect { effect, variance }) in effects.iter().enumerate() {
        if !(-1e50..=1e50).contains(&effect) {
            return Err(MetaError::Effect { study, value: effect });
        }
        if !(1e-50..=1e50).contains(&variance) {
            return Err(MetaError::Variance { study, value: variance });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::disproportionality::{prr, ror};

    #[test]
    fn a_ratio_and_its_table_give_the_same_effect() {
        let table = Table2x2::new(122, 1_320, 381, 31_341).unwrap();
        for (estimate, effect) in [
            (ror(&table).unwrap(), Effect::log_odds_ratio(&table).unwrap()),
            (prr(&table).unwrap(), Effect::log_proportion_ratio(&table).unwrap()),
        ] {
            let got = Effect::of_ratio(estimate.point, estimate.lower, estimate.upper, 0.95);
            let got = got.unwrap();
            assert!((got.effect - effect.effect).abs() < 1e-13);
            assert!((got.variance / effect.variance - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn undefined_without_the_counts() {
        let table = |a, b, c, d| Table2x2::new(a, b, c, d).unwrap();
        assert_eq!(Effect::log_odds_ratio(&table(1, 0, 1, 1)), None);
        assert_eq!(Effect::log_proportion_ratio(&table(0, 1, 1, 1)), None);
        assert_eq!(Effect::log_proportion_ratio(&table(1, 0, 1, 0)), None);
        for effect in [Effect::logit, Effect::freeman_tukey] {
            assert_eq!(effect(0, 0), None);
            assert_eq!(effect(2, 1), None);
            assert!(effect(0, 1).is_some() && effect(1, 1).is_some());
        }
    }

    #[test]
    fn impossible_intervals_are_refused() {
        for (point, lower, upper, argument) in [
            (1.0, 0.0, 2.0, "lower"),
            (1.0, 1.0, 1.0, "upper"),
            (3.0, 1.0, 2.0, "point"),
            (f64::NAN, 1.0, 2.0, "point"),
            (1.0, 0.5, f64::INFINITY, "upper"),
        ] {
            let error = Effect::of_ratio(point, lower, upper, 0.95).unwrap_err();
            assert_eq!(error.argument, argument);
        }
        assert!(Effect::of_ratio(1.0, 0.5, 2.0, 95.0).is_err());
        assert_eq!(Effect::of_ratio(1.0, 0.5, 2.0, 1e-17).unwrap_err().argument, "level");
    }
}
