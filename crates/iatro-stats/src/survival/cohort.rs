//! Subjects checked and sorted once, and the times at which something happens to them.

use std::cmp::Ordering;
use std::ops::Range;

use super::error::same_length;
use super::subject::MIN_WEIGHT;
use super::{State, Subject, SurvivalError};

/// Subjects checked and sorted by time: what every estimator of this module reads.
///
/// Sorting costs O(n log n) once; the estimators then run in O(n).
#[derive(Debug, Clone)]
pub struct Cohort {
    /// By time, then by everything else, so that sums do not depend on the order of the input.
    pub(super) rows: Vec<Row>,
    /// Late entries by time; empty if everyone is followed from the start.
    pub(super) entries: Vec<Entry>,
    /// How many subjects the input had.
    input: usize,
}

/// A subject in its place by time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) time: f64,
    pub(super) weight: f64,
    /// Cause of the event; 0: censored.
    pub(super) cause: u32,
    /// Place in the input.
    pub(super) index: u32,
}

/// A subject that comes under observation late.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) time: f64,
    pub(super) weight: f64,
    pub(super) index: u32,
}

/// A time at which follow-up of someone ends, with what it takes to walk the times backwards: those
/// in `entries` were not yet under observation, then those in `rows` come in.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) time: f64,
    /// Weight at risk just before.
    pub(super) at_risk: f64,
    /// Weight of events, of any cause.
    pub(super) events: f64,
    pub(super) censored: f64,
    /// At risk less events: exactly 0 if the events took everyone.
    pub(super) spared: f64,
    /// Places in `rows`.
    pub(super) rows: Range<usize>,
    /// Places in `entries` of those who enter from this time until before the next.
    pub(super) entries: Range<usize>,
}

impl Row {
    pub(super) fn is_event(&self) -> bool {
        self.cause != 0
    }
}

impl Cohort {
    /// Returns the cohort of `subjects`, at least one.
    ///
    /// # Errors
    /// [`SurvivalError`] naming the first subject out of range.
    pub fn new(subjects: &[Subject]) -> Result<Self, SurvivalError> {
        check_count(subjects.len())?;
        for (index, subject) in subjects.iter().enumerate() {
            subject.check(index)?;
        }
        let mut rows: Vec<Row> = (0_u32..).zip(subjects).map(|(i, s)| row(i, s)).collect();
        let entry = |i: u32| subjects.get(i as usize).and_then(|s| s.entry);
        rows.sort_unstable_by_key(by_time);
        for tied in rows.chunk_by_mut(|a, b| by_time(a) == by_time(b)) {
            if tied.iter().any(|row| row.weight != 1.0 || entry(row.index).is_some()) {
                tied.sort_unstable_by(|a, b| {
                    let by_entry = entry(a.index).partial_cmp(&entry(b.index));
                    let by_weight = a.weight.total_cmp(&b.weight);
                    by_weight.then(by_entry.unwrap_or(Ordering::Equal))
                });
            }
        }
        let mut entries: Vec<Entry> =
            (0_u32..).zip(subjects).filter_map(|(i, s)| late_entry(i, s)).collect();
        entries.sort_unstable_by(|a, b| {
            a.time.total_cmp(&b.time).then_with(|| a.weight.total_cmp(&b.weight))
        });
        Ok(Self { rows, entries, input: subjects.len() })
    }

    /// Returns the cohort of subjects followed from the start until `times`, each with or without
    /// the event.
    ///
    /// # Errors
    /// [`SurvivalError`] naming the first subject out of range, or if the lists differ in length.
    pub fn right_censored(times: &[f64], events: &[bool]) -> Result<Self, SurvivalError> {
        same_length("events", events.len(), times.len())?;
        check_count(times.len())?;
        let subject = |(&time, &event): (&f64, &bool)| {
            if event { Subject::event(time) } else { Subject::censored(time) }
        };
        for (index, pair) in times.iter().zip(events).enumerate() {
            subject(pair).check(index)?;
        }
        let pairs = times.iter().zip(events);
        let mut rows: Vec<Row> = (0_u32..).zip(pairs).map(|(i, p)| row(i, &subject(p))).collect();
        rows.sort_unstable_by_key(by_time);
        Ok(Self { rows, entries: Vec::new(), input: times.len() })
    }

    /// Returns how many subjects (rows) there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns false: a cohort has at least one subject.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the weight of all subjects: their number, unless they are weighted.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.rows.iter().map(|row| row.weight).sum()
    }

    /// Returns the largest time to which anyone was followed.
    #[must_use]
    pub fn follow_up(&self) -> Option<f64> {
        self.rows.last().map(|row| row.time)
    }

    /// Returns the causes of the events, in rising order.
    #[must_use]
    pub fn causes(&self) -> Vec<u32> {
        let mut causes: Vec<u32> = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_event()) {
            if let Err(place) = causes.binary_search(&row.cause) {
                causes.insert(place, row.cause);
            }
        }
        causes
    }

    /// Returns the cohort in which only events of `cause` are events and the others are censored:
    /// what a cause-specific hazard is estimated from.
    ///
    /// A Kaplan-Meier curve of it does not estimate the probability of the cause where causes
    /// compete; [`aalen_johansen`](super::aalen_johansen) does.
    #[must_use]
    pub fn cause_specific(&self, cause: u32) -> Self {
        let mut cohort = self.clone();
        for row in cohort.rows.iter_mut().filter(|row| row.cause != cause) {
            row.cause = 0;
        }
        cohort
    }

    /// Returns the cohorts of each group of subjects (`groups` in the order of the input), with the
    /// label of each, in rising order of label.
    ///
    /// Lists that go with the subjects of a group (covariates, labels) remain those of the whole
    /// input, in its order.
    ///
    /// # Errors
    /// [`SurvivalError::Length`] unless `groups` has one label for each subject of the input.
    pub fn by_group(&self, groups: &[usize]) -> Result<Vec<(usize, Self)>, SurvivalError> {
        self.split("groups", groups)
    }

    /// [`by_group`](Self::by_group) for a list of another name.
    pub(super) fn split(
        &self,
        list: &'static str,
        groups: &[usize],
    ) -> Result<Vec<(usize, Self)>, SurvivalError> {
        let (labels, of) = self.labelled(list, groups)?;
        let empty = Self { rows: Vec::new(), entries: Vec::new(), input: self.input };
        let mut cohorts: Vec<(usize, Self)> =
            labels.into_iter().map(|label| (label, empty.clone())).collect();
        let place = |index: u32| of.get(index as usize).copied().unwrap_or(0);
        for row in &self.rows {
            if let Some((_, cohort)) = cohorts.get_mut(place(row.index)) {
                cohort.rows.push(*row);
            }
        }
        for entry in &self.entries {
            if let Some((_, cohort)) = cohorts.get_mut(place(entry.index)) {
                cohort.entries.push(*entry);
            }
        }
        cohorts.retain(|(_, cohort)| !cohort.is_empty());
        Ok(cohorts)
    }

    /// How many subjects the input had: what a list that goes with them has to match.
    pub(super) fn input(&self) -> usize {
        self.input
    }

    /// The labels that occur, rising, and for each place in the input the place of its label among
    /// them.
    pub(super) fn labelled(
        &self,
        list: &'static str,
        labels: &[usize],
    ) -> Result<(Vec<usize>, Vec<usize>), SurvivalError> {
        same_length(list, labels.len(), self.input)?;
        let mut distinct = labels.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let of = labels.iter().map(|label| distinct.binary_search(label).unwrap_or(0)).collect();
        Ok((distinct, of))
    }

    /// Every distinct time at which follow-up of someone ends, rising.
    pub(super) fn moments(&self) -> Vec<Moment> {
        let mut moments = Vec::new();
        let (mut row_end, mut entry_end) = (self.rows.len(), self.entries.len());
        let mut staying = Staying::default();
        while let Some(last) = row_end.checked_sub(1).and_then(|i| self.rows.get(i)) {
            let time = last.time;
            let rows = run_back(&self.rows, row_end, |row| row.time == time);
            let entries = run_back(&self.entries, entry_end, |entry| entry.time >= time);
            (row_end, entry_end) = (rows.start, entries.start);
            staying.leave(self.entries.get(entries.clone()).unwrap_or_default());
            let (events, censored) = self.tally(&rows);
            let spared = staying.weight + censored;
            let at_risk = spared + events;
            moments.push(Moment { time, at_risk, events, censored, spared, rows, entries });
            staying.join(last_len(&moments), at_risk);
        }
        moments.reverse();
        moments
    }

    /// Weight of events and of censored subjects among `rows`.
    fn tally(&self, rows: &Range<usize>) -> (f64, f64) {
        let rows = self.rows.get(rows.clone()).unwrap_or_default();
        rows.iter().fold((0.0, 0.0), |(events, censored), row| {
            if row.is_event() {
                (events + row.weight, censored)
            } else {
                (events, censored + row.weight)
            }
        })
    }
}

/// Those at risk at a time whose follow-up goes on beyond it, while time runs backwards.
#[derive(Default)]
struct Staying {
    weight: f64,
    count: usize,
}

impl Staying {
    /// Takes out those who had not yet entered.
    fn leave(&mut self, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        self.count = self.count.saturating_sub(entries.len());
        let left = self.weight - entries.iter().map(|entry| entry.weight).sum::<f64>();
        // What rounding leaves of fractional weights is not a subject, nor takes one away.
        self.weight = left.max(self.count as f64 * MIN_WEIGHT);
        if self.count == 0 {
            self.weight = 0.0;
        }
    }

    fn join(&mut self, joining: usize, weight: f64) {
        self.count += joining;
        self.weight = weight;
    }
}

fn last_len(moments: &[Moment]) -> usize {
    moments.last().map_or(0, |moment| moment.rows.len())
}

/// The run of items that ends before place `end` and satisfies `belongs`.
fn run_back<T>(items: &[T], end: usize, belongs: impl Fn(&T) -> bool) -> Range<usize> {
    let before = items.get(..end).unwrap_or_default();
    let run = before.iter().rev().take_while(|item| belongs(item)).count();
    end - run..end
}

fn check_count(subjects: usize) -> Result<(), SurvivalError> {
    match u32::try_from(subjects) {
        Ok(0) => Err(SurvivalError::NoSubject),
        Ok(_) => Ok(()),
        Err(_) => Err(SurvivalError::TooManySubjects { subjects }),
    }
}

/// Times are 0 or above, and then their bits are in the order of their values.
fn by_time(row: &Row) -> (u64, u32) {
    (row.time.to_bits(), row.cause)
}

fn row(index: u32, subject: &Subject) -> Row {
    let cause = match subject.state {
        State::Censored => 0,
        State::Event(cause) => cause,
    };
    // Adding 0 makes -0 the 0 it equals.
    Row { time: subject.time + 0.0, weight: subject.weight, cause, index }
}

fn late_entry(index: u32, subject: &Subject) -> Option<Entry> {
    subject.entry.map(|entry| Entry { time: entry + 0.0, weight: subject.weight, index })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn moments_count_who_is_at_risk() {
        let cohort = Cohort::new(&[
            Subject::event(5.0),
            Subject::censored(5.0),
            Subject::event(2.0),
            Subject::of_cause(7.0, 2).entering(5.0),
            Subject::event(3.0).entering(2.0).weighing(2.0),
        ])
        .unwrap();
        let seen: Vec<_> = cohort
            .moments()
            .iter()
            .map(|m| [m.time, m.at_risk, m.events, m.censored, m.spared])
            .collect();
        let expected = [
            [2.0, 3.0, 1.0, 0.0, 2.0],
            [3.0, 4.0, 2.0, 0.0, 2.0],
            [5.0, 2.0, 1.0, 1.0, 1.0],
            [7.0, 1.0, 1.0, 0.0, 0.0],
        ];
        assert_eq!(seen, expected);
        assert_eq!(cohort.causes(), [1, 2]);
        assert_eq!(cohort.weight(), 6.0);
        assert_eq!(cohort.follow_up(), Some(7.0));
    }

    /// A time with no one left but a later entry: exactly nobody is spared.
    #[test]
    fn fractional_weights_leave_nobody_behind() {
        let third = |t: f64| Subject::event(t).weighing(0.1);
        let late = Subject::event(9.0).entering(4.0).weighing(0.3);
        let cohort = Cohort::new(&[third(1.0), third(2.0), third(3.0), late]).unwrap();
        let spared: Vec<f64> = cohort.moments().iter().map(|m| m.spared).collect();
        assert_eq!(spared[2], 0.0);
        assert!((spared[1] - 0.1).abs() < 1e-12);
    }

    #[test]
    fn refuses_what_it_cannot_sort() {
        assert_eq!(Cohort::new(&[]).unwrap_err(), SurvivalError::NoSubject);
        let error = Cohort::right_censored(&[1.0, f64::NAN], &[true, true]).unwrap_err();
        assert!(error.to_string().starts_with("subject 1: time is NaN; expected a number"));
        let error = Cohort::right_censored(&[1.0], &[]).unwrap_err();
        assert!(error.to_string().contains("events: 0 values for 1 subjects"));
    }

    #[test]
    fn groups_go_with_the_lists_of_the_whole_input() {
        let cohort = Cohort::right_censored(&[3.0, 1.0, 2.0], &[true, true, false]).unwrap();
        let groups = cohort.by_group(&[9, 4, 9]).unwrap();
        let labels: Vec<usize> = groups.iter().map(|(label, _)| *label).collect();
        assert_eq!(labels, [4, 9]);
        let times: Vec<f64> = groups[1].1.rows.iter().map(|row| row.time).collect();
        assert_eq!(times, [2.0, 3.0]);
        assert!(cohort.by_group(&[1]).is_err());
        assert!(groups[1].1.by_group(&[9, 4, 9]).is_ok());
    }
}
