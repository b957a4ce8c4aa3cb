//! When the drug was given, held against the onset.

use super::{DrugFacts, Fact};
use crate::causality::dates::{Order, between, exposure_order, in_words};
use crate::causality::result::DayInterval;
use crate::logic::Ternary;
use crate::when::When;

/// Days after the last dose within which an onset counts as near it: the span of the published definition for cell
/// therapy, used for all, since no other is published.
const NEAR_DAYS: i64 = 30;

impl DrugFacts<'_> {
    /// The first start that is known.
    pub(in crate::causality) fn first_start(&self) -> Option<When> {
        self.drug
            .courses
            .iter()
            .filter_map(|course| course.start)
            .min_by_key(|when| when.sort_key())
    }

    /// The last stop, if every course has one; what is given once stops when it starts.
    pub(in crate::causality) fn last_stop(&self) -> Option<When> {
        let stop = |course: &crate::case::Course| {
            course.stop.or(course.start.filter(|_| self.is_given_once()))
        };
        let stops: Option<Vec<When>> = self.drug.courses.iter().map(stop).collect();
        stops?.into_iter().max_by_key(|when| (when.latest(), when.sort_key()))
    }

    /// Days from the first start to the onset.
    pub(in crate::causality) fn since_start(&self) -> Option<DayInterval> {
        Some(between(self.first_start()?, self.case.event.onset?))
    }

    /// Days from the last stop to the onset; below 0 if the drug went on beyond it.
    pub(in crate::causality) fn since_stop(&self) -> Option<DayInterval> {
        Some(between(self.last_stop()?, self.case.event.onset?))
    }

    /// Whether it was given before the event.
    pub(in crate::causality) fn precedes(&self) -> Fact {
        let fact = |state, reason: String| Fact::new(state, reason, Some(&self.row("courses")));
        let Some(onset) = self.case.event.onset else {
            return Fact::new(
                Ternary::Unknown,
                "the onset of the event is not known",
                Some("event.onset"),
            );
        };
        let Some(first) = self.first_start() else {
            return fact(Ternary::Unknown, "no start of the drug is known".to_owned());
        };
        let reason = format!("first given {first}, onset {onset}");
        match exposure_order(self.drug, onset) {
            Some(Order::Before) => fact(Ternary::Met, reason),
            Some(Order::After) => fact(Ternary::NotMet, reason),
            _ => fact(Ternary::Unknown, format!("{reason}: which came first is open")),
        }
    }

    /// Whether the onset lies while it was given, or within a month of the last dose.
    pub(in crate::causality) fn near(&self) -> Fact {
        let before = self.precedes();
        if before.state != Ternary::Met {
            return before;
        }
        let fact = |state, reason: String| Fact::new(state, reason, Some(&self.row("courses")));
        match self.since_stop() {
            None if self.drug.courses.iter().any(|course| course.stop.is_none()) => fact(
                Ternary::Met,
                format!("{}; no stop before the onset is recorded", before.reason),
            ),
            None => {
                fact(Ternary::Unknown, format!("{}; the last dose is not known", before.reason))
            }
            Some(DayInterval { max, .. }) if max <= 0 => {
                fact(Ternary::Met, format!("{}; still given at the onset", before.reason))
            }
            Some(DayInterval { max, .. }) if max <= NEAR_DAYS => fact(
                Ternary::Met,
                format!("{}; last dose at most {max} days before the onset", before.reason),
            ),
            Some(DayInterval { min, .. }) => fact(
                Ternary::Unknown,
                format!(
                    "{}; last dose {} before the onset, and whether that is plausible is for a person to state",
                    before.reason,
                    in_words(DayInterval { min, max: min })
                ),
            ),
        }
    }

    /// The latency in words.
    pub(in crate::causality) fn latency_text(&self) -> String {
        let Some(from_start) = self.since_start() else {
            return self.precedes().reason;
        };
        let start = match from_start {
            DayInterval { max, .. } if max < 0 => {
                format!("begun {} after the onset", in_words(negated(from_start)))
            }
            DayInterval { min: 0, max: 0 } => "begun on the day of the onset".to_owned(),
            DayInterval { min, .. } if min < 0 => {
                format!(
                    "begun {} before to {} after the onset",
                    in_words(DayInterval { min: from_start.max, max: from_start.max }),
                    in_words(DayInterval { min: -min, max: -min })
                )
            }
            _ => format!("onset {} after the first dose", in_words(from_start)),
        };
        match self.since_stop() {
            Some(stop) if stop.min > 0 && !self.is_given_once() => {
                format!("{start}, {} after the last", in_words(stop))
            }
            _ => start,
        }
    }
}

fn negated(range: DayInterval) -> DayInterval {
    DayInterval { min: -range.max, max: -range.min }
}
