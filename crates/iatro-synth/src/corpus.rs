//! The settings of a corpus.

use crate::error::SynthError;
use crate::model::EventModel;
use crate::quarter::{Era, Quarter};
use crate::quirk::QuirkRates;
use crate::volume::{Rows, Volume};

/// What to generate. The same settings give the same bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Corpus {
    /// The seed of every random draw.
    pub seed: u64,
    /// The quarters, in the order of time; gaps are allowed.
    pub quarters: Vec<Quarter>,
    /// DEMO rows a quarter (exceeded by one or two where a follow-up comes last). Of no effect with
    /// a scale.
    pub reports_per_quarter: usize,
    /// The share of the published volume, above 0 and at most 1: every quarter has the rows of the
    /// published one in each table, times this, and there are thousands of substances and terms.
    /// `None`: every quarter has as many reports.
    pub scale: Option<f64>,
    /// The chance that a report version is followed by another one, 0 to 0.5. With the default a
    /// sixth of all rows is superseded by the end.
    pub follow_up: f64,
    /// The rates of planted flaws.
    pub quirks: QuirkRates,
    /// The planted truth about the event.
    pub model: EventModel,
}

/// The quarters of the demonstration: both eras, every change of columns and of the event's
/// preferred term, deletion lists, and the quarters that brought role DN.
const DEMO_QUARTERS: [Quarter; 12] = [
    Quarter::fixed(2011, 3),
    Quarter::fixed(2012, 3),
    Quarter::fixed(2012, 4),
    Quarter::fixed(2013, 1),
    Quarter::fixed(2014, 3),
    Quarter::fixed(2016, 1),
    Quarter::fixed(2018, 1),
    Quarter::fixed(2018, 3),
    Quarter::fixed(2019, 1),
    Quarter::fixed(2022, 3),
    Quarter::fixed(2024, 4),
    Quarter::fixed(2025, 1),
];

/// The most reports a quarter whose case ids do not run into those of the next.
const MOST_LEGACY: usize = 90_000;
const MOST_FAERS: usize = 400_000;

impl Default for Corpus {
    fn default() -> Self {
        Self {
            seed: 20_120_828,
            quarters: DEMO_QUARTERS.to_vec(),
            reports_per_quarter: 12_000,
            scale: None,
            follow_up: 0.19,
            quirks: QuirkRates::default(),
            model: EventModel::default(),
        }
    }
}

impl Corpus {
    /// A small corpus for tests: the quarters of the demonstration with `reports_per_quarter`
    /// reports each, and flaws dense enough to meet them.
    pub fn small(seed: u64, reports_per_quarter: usize) -> Self {
        Self { seed, reports_per_quarter, quirks: QuirkRates::dense(), ..Self::default() }
    }

    /// A corpus in the shape of the published quarters, all of them, at a scale above 0 and at most
    /// 1, with the event as rare and deletion lists as long as in the published files.
    pub fn scaled(seed: u64, scale: f64) -> Self {
        Self {
            seed,
            quarters: Self::span(Quarter::fixed(2004, 1), Quarter::fixed(2026, 2)),
            scale: Some(scale),
            follow_up: 0.169,
            quirks: QuirkRates::published(),
            model: EventModel::rare(),
            ..Self::default()
        }
    }

    /// The rows that each quarter is to have, where it follows the published one.
    pub(crate) fn rows(&self) -> Result<Option<Vec<Rows>>, SynthError> {
        let Some(scale) = self.scale else { return Ok(None) };
        let volume = Volume::load()?;
        let rows = |quarter: &Quarter| {
            volume.scaled(*quarter, scale).ok_or_else(|| {
                let known = volume.quarters();
                let ends = known.first().zip(known.last());
                let ends = ends.map(|(first, last)| format!("quarters from {first} to {last}"));
                let problem = format!("the rows of {quarter} are unknown");
                SynthError::setting("quarters", problem, ends.unwrap_or_default())
            })
        };
        self.quarters.iter().map(rows).collect::<Result<_, _>>().map(Some)
    }

    /// Every quarter from one to another, both included.
    pub fn span(from: Quarter, to: Quarter) -> Vec<Quarter> {
        let years = from.year()..=to.year();
        let all = years.flat_map(|year| (1..=4).filter_map(move |n| Quarter::new(year, n)));
        all.filter(|quarter| (from..=to).contains(quarter)).collect()
    }

    pub(crate) fn check(&self) -> Result<(), SynthError> {
        if self.quarters.is_empty() || !self.quarters.is_sorted_by(|a, b| a < b) {
            return Err(SynthError::setting(
                "quarters",
                "empty, repeated or out of order",
                "at least one quarter, each later than the one before",
            ));
        }
        if let Some(scale) = self.scale
            && !(scale > 0.0 && scale <= 1.0)
        {
            let expected = "a number above 0 and at most 1, the published volume";
            return Err(SynthError::setting("scale", format!("{scale} is out of range"), expected));
        }
        let legacy = self.quarters[0].era() == Era::Legacy;
        let most = if legacy { MOST_LEGACY } else { MOST_FAERS };
        if self.scale.is_none() && !(1..=most).contains(&self.reports_per_quarter) {
            return Err(SynthError::setting(
                "reports_per_quarter",
                format!("{} is out of range", self.reports_per_quarter),
                format!("1 to {most} with these quarters"),
            ));
        }
        share("follow_up", self.follow_up, 0.5)?;
        for (quirk, rate) in self.quirks.iter() {
            share(&format!("quirks, {quirk:?}"), rate, 0.5)?;
        }
        Ok(())
    }
}

/// Checks that a number is from 0 to `most`.
pub(crate) fn share(setting: &str, value: f64, most: f64) -> Result<(), SynthError> {
    if (0.0..=most).contains(&value) {
        return Ok(());
    }
    Err(SynthError::setting(
        setting,
        format!("{value} is out of range"),
        format!("a number from 0 to {most}"),
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::quirk::Quirk;

    #[test]
    fn the_default_is_accepted_and_nonsense_is_not() {
        let good = Corpus::default();
        good.check().unwrap();
        let bad = [
            Corpus { quarters: Vec::new(), ..good.clone() },
            Corpus { quarters: vec![DEMO_QUARTERS[1], DEMO_QUARTERS[0]], ..good.clone() },
            Corpus { reports_per_quarter: 0, ..good.clone() },
            Corpus::scaled(1, 0.0),
            Corpus::scaled(1, 1.01),
            Corpus::scaled(1, f64::NAN),
            Corpus { follow_up: f64::NAN, ..good.clone() },
            Corpus { quirks: QuirkRates::none().with(Quirk::GluedRow, 0.6), ..good },
        ];
        for corpus in bad {
            assert!(corpus.check().is_err(), "{corpus:?}");
        }
    }

    #[test]
    fn a_span_has_both_ends() {
        let span = Corpus::span("2011Q4".parse().unwrap(), "2012Q2".parse().unwrap());
        assert_eq!(
            span.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["2011Q4", "2012Q1", "2012Q2"]
        );
    }
}
