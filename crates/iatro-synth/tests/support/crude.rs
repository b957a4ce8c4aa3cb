//! Plain counts over a sample, as a first look at a report file gives them.

#![allow(dead_code, reason = "each test binary uses its part of this")]
#![allow(missing_docs, unreachable_pub)]

use iatro_synth::SampledReport;

/// Reports by exposure and event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fourfold {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
}

impl Fourfold {
    pub fn of<'a>(
        reports: impl IntoIterator<Item = &'a SampledReport>,
        exposed: impl Fn(&SampledReport) -> bool,
    ) -> Self {
        let mut counts = Self::default();
        for report in reports {
            *match (exposed(report), report.is_event()) {
                (true, true) => &mut counts.a,
                (true, false) => &mut counts.b,
                (false, true) => &mut counts.c,
                (false, false) => &mut counts.d,
            } += 1.0;
        }
        counts
    }

    pub fn exposed(self) -> f64 {
        self.a + self.b
    }

    pub fn ror(self) -> f64 {
        self.a * self.d / (self.b * self.c).max(0.5)
    }
}

/// Whether a count is what a share of `n` gives, within 4.5 standard deviations.
pub fn near(count: f64, share: f64, n: f64) -> bool {
    (count - n * share).abs() < 4.5 * (n * share * (1.0 - share)).sqrt() + 1.0
}
