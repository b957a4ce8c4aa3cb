//! Omega: shrunk observed-to-expected ratio for two drugs.

use super::{FourGroups, Group};
use crate::Estimate;
use crate::disproportionality::ic_observed_expected;
use crate::special::Z_95;

/// Omega with its expected count and intervals, log2 scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Omega {
    /// Reports with both drugs and the event.
    pub observed: u64,
    /// Their expected number if the drugs add and do not interact.
    pub expected: f64,
    /// Omega with the exact gamma 95 % credibility interval.
    pub gamma: Estimate,
    /// Omega with the published normal approximation of the 95 % interval; `None` if `observed` is
    /// 0, for which it does not exist.
    pub normal: Option<Estimate>,
}

/// Returns Omega, log2 scale: how much more often the event is reported with both drugs than their
/// separate reports would suggest by adding; `None` unless all four groups have reports.
///
/// With f the proportion with the event and o = f / (1 - f) its odds in the groups with neither (00),
/// only the first (10), only the second (01) and both drugs:
///
/// ```text
/// g = 1 - 1 / (max(o00, o10) + max(o00, o01) - o00 + 1)
/// E = (reports with both) g
/// Omega = log2((observed + 0.5) / (E + 0.5))
/// gamma limits: log2(gamma quantile(0.025 and 0.975; shape observed + 0.5) / (E + 0.5))
/// normal limits: Omega -+ 1.959963984540054 / (ln 2 sqrt(observed))
/// ```
///
/// Where a drug is reported with the event less often than neither, the maximum keeps it from
/// lowering the expectation. If one drug alone always comes with the event, so does E. The gamma
/// limits are exact for a Poisson count with a gamma(0.5, 0.5) prior on its ratio to E; they treat
/// E as known, as the published ones do. Source: Noren, Sundberg, Bate and Edwards 2008, Stat Med
/// 27:3057-3070.
#[must_use]
pub fn omega(groups: &FourGroups) -> Option<Omega> {
    let [neither, first, second, _] = groups.all().map(|group| odds(&group));
    let both = groups.both();
    if both.reports() == 0 {
        return None;
    }
    let (neither, first, second) = (neither?, first?, second?);
    // Infinite odds stay infinite: max(x, inf) - x is only taken where o00 is finite.
    let sum = if neither.is_finite() {
        neither.max(first) + (second - neither).max(0.0)
    } else {
        f64::INFINITY
    };
    // 1 - 1 / (s + 1) = s / (s + 1), without the cancellation.
    let proportion = if sum.is_finite() { sum / (sum + 1.0) } else { 1.0 };
    let expected = both.reports() as f64 * proportion;
    let observed = both.events();
    let gamma = ic_observed_expected(observed, expected).ok()?;
    let normal = (observed > 0).then(|| normal_limits(gamma.point, observed));
    Some(Omega { observed, expected, gamma, normal })
}

fn normal_limits(point: f64, observed: u64) -> Estimate {
    let half_width = Z_95 / (std::f64::consts::LN_2 * (observed as f64).sqrt());
    Estimate { point, lower: point - half_width, upper: point + half_width }
}

/// Odds of the event in a group, infinite if every report has it; `None` without reports.
fn odds(group: &Group) -> Option<f64> {
    (group.reports() > 0).then(|| group.events() as f64 / group.non_events() as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn groups(counts: [(u64, u64); 4]) -> FourGroups {
        let [neither, first, second, both] = counts.map(|(n, e)| Group::new(n, e).unwrap());
        FourGroups::new(neither, first, second, both).unwrap()
    }

    #[test]
    fn every_group_needs_reports() {
        let full = [(100, 5), (50, 5), (40, 3), (10, 2)];
        assert!(omega(&groups(full)).is_some());
        for empty in 0..4 {
            let mut counts = full;
            counts[empty] = (0, 0);
            assert_eq!(omega(&groups(counts)), None);
        }
    }

    #[test]
    fn a_group_in_which_all_have_the_event() {
        for full in [
            [(9, 9), (5, 1), (5, 1), (8, 3)],
            [(9, 1), (5, 5), (5, 1), (8, 3)],
            [(9, 1), (5, 1), (5, 5), (8, 3)],
            [(9, 9), (5, 5), (5, 5), (8, 3)],
        ] {
            assert_eq!(omega(&groups(full)).unwrap().expected, 8.0);
        }
    }

    /// Two drugs reported less often than neither: the expectation is that of neither.
    #[test]
    fn a_drug_never_lowers_the_expectation() {
        let got = omega(&groups([(1_000, 100), (500, 10), (400, 0), (50, 5)])).unwrap();
        assert!((got.expected - 5.0).abs() < 1e-12);
        assert!(got.gamma.point.abs() < 1e-12);
    }

    #[test]
    fn nothing_observed_has_no_normal_interval() {
        let got = omega(&groups([(1_000, 100), (500, 50), (400, 40), (50, 0)])).unwrap();
        assert_eq!(got.normal, None);
        assert!(got.gamma.lower < got.gamma.point);
    }
}
