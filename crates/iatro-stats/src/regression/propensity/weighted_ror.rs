//! The reporting odds ratio of weighted reports.

use super::RegressionError;
use crate::Estimate;
use crate::regression::error::same_length;
use crate::special::in_range;

/// Returns the reporting odds ratio of weighted reports, with a robust 95 % interval; `None` unless
/// each of the four weighted cells is above 0.
///
/// ```text
/// ROR = p1 (1 - p0) / ((1 - p1) p0),   pg = sum of w y / sum of w in group g
/// Var ln ROR = sum over groups of  sum of w^2 (y - pg)^2 / (sum of w)^2 / (pg (1 - pg))^2
/// limits = ROR exp(-+ 1.959963984540054 sqrt(Var ln ROR))
/// ```
///
/// It is the logistic regression of the event on the exposure alone, weighted, with the sandwich
/// variance (White 1982, Econometrica 50:1-25; HC0 of statsmodels). The weights (0 or above, at most
/// 1e15, up to a constant) are taken as known; where they come from a fitted propensity score, the
/// interval is, if anything, too wide (Lunceford and Davidian 2004, Stat Med 23:2937-2960). With
/// weights of 1 it is the plain ROR with its Wald interval.
///
/// # Errors
/// [`RegressionError::Length`] unless the three slices have one value for each report,
/// [`RegressionError::Domain`] if a weight is out of range.
pub fn weighted_ror(
    exposed: &[bool],
    events: &[bool],
    weights: &[f64],
) -> Result<Option<Estimate>, RegressionError> {
    let function = "weighted_ror";
    same_length(function, "events", events.len(), exposed.len(), "report")?;
    same_length(function, "weights", weights.len(), exposed.len(), "report")?;
    let mut groups = [Group::default(), Group::default()];
    for ((&exposed, &event), &weight) in exposed.iter().zip(events).zip(weights) {
        let expected = "a number from 0 to 1e15";
        in_range((0.0..=1e15).contains(&weight), function, "weights", weight, expected)?;
        groups[usize::from(exposed)].add(event, weight);
    }
    let [without, with] = groups;
    let log_odds = with.log_odds().zip(without.log_odds());
    Ok(log_odds.and_then(|((with, v1), (without, v0))| {
        let estimate = Estimate::log_normal((with - without).exp(), (v1 + v0).sqrt());
        (estimate.lower > 0.0 && estimate.upper.is_finite()).then_some(estimate)
    }))
}

/// Sums of weights and of their squares, among events and others.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    events: [f64; 2],
    others: [f64; 2],
}

impl Group {
    fn add(&mut self, event: bool, weight: f64) {
        let cell = if event { &mut self.events } else { &mut self.others };
        cell[0] += weight;
        cell[1] += weight * weight;
    }

    /// The log odds with their variance: with `E` and `O` the weights of events and others,
    /// (O^2 sum of w^2 in events + E^2 sum of w^2 in others) / (E O)^2.
    fn log_odds(&self) -> Option<(f64, f64)> {
        let ([events, events_square], [others, others_square]) = (self.events, self.others);
        let variance = events_square / events / events + others_square / others / others;
        let odds = events / others;
        (events > 0.0 && others > 0.0 && odds > 0.0 && variance.is_finite())
            .then(|| (odds.ln(), variance))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::Table2x2;
    use crate::disproportionality::ror;

    #[test]
    fn equal_weights_give_the_plain_ror() {
        let cells = [4_usize, 30, 11, 200];
        let (mut exposed, mut events) = (Vec::new(), Vec::new());
        for (cell, count) in cells.into_iter().enumerate() {
            exposed.extend(vec![cell < 2; count]);
            events.extend(vec![cell % 2 == 0; count]);
        }
        let plain = ror(&Table2x2::new(4, 30, 11, 200).unwrap()).unwrap();
        for weight in [1.0, 0.3] {
            let got = weighted_ror(&exposed, &events, &vec![weight; exposed.len()]).unwrap();
            let got = got.unwrap();
            assert!((got.point / plain.point - 1.0).abs() < 1e-13);
            assert!((got.lower / plain.lower - 1.0).abs() < 1e-13);
        }
        let none = weighted_ror(&exposed, &vec![false; exposed.len()], &vec![1.0; exposed.len()]);
        assert_eq!(none, Ok(None));
        assert!(weighted_ror(&exposed, &events, &[1.0]).is_err());
        assert!(weighted_ror(&[true], &[true], &[-1.0]).is_err());
        assert_eq!(weighted_ror(&[], &[], &[]), Ok(None));
    }
}
