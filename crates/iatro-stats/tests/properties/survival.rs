//! Survival: Kaplan-Meier, Aalen-Johansen, log-rank, Cox.

mod cox;
mod curves;
mod groups;

use iatro_stats::survival::{Cohort, State, Subject};
use proptest::prelude::*;

/// Subjects with ties, three causes, late entries and weights.
fn subject() -> impl Strategy<Value = Subject> {
    let time = prop_oneof![
        4 => (1..12_u32).prop_map(f64::from),
        2 => 0.001..100.0_f64,
        1 => Just(0.0),
    ];
    let weight =
        prop_oneof![3 => Just(1.0), 1 => (1..4_u32).prop_map(f64::from), 1 => 0.1..2.0_f64];
    (time, 0..4_u32, proptest::option::weighted(0.3, 0.0..0.95_f64), weight).prop_map(
        |(time, cause, entry, weight)| {
            let state = if cause == 0 { State::Censored } else { State::Event(cause) };
            let entry = entry.map(|share| (share * time * 4.0).floor() / 4.0);
            Subject { time, state, entry: entry.filter(|&entry| entry < time), weight }
        },
    )
}

fn subjects(most: usize) -> impl Strategy<Value = Vec<Subject>> {
    proptest::collection::vec(subject(), 1..most)
}

/// Subjects at the limits of what is accepted.
fn extreme() -> impl Strategy<Value = Vec<Subject>> {
    let time = prop_oneof![Just(0.0), Just(5e-324), Just(1e-300), Just(1.0), Just(1e100)];
    let weight = prop_oneof![Just(1e-6), Just(1.0), Just(1e9)];
    let subject =
        (time, 0..3_u32, any::<bool>(), weight).prop_map(|(time, cause, late, weight)| {
            let state = if cause == 0 { State::Censored } else { State::Event(cause * 7) };
            Subject { time, state, entry: (late && time > 0.0).then_some(0.0), weight }
        });
    proptest::collection::vec(subject, 1..12)
}

/// Followed from the start, each counted once.
fn plain(subjects: &[Subject]) -> Vec<Subject> {
    subjects.iter().map(|s| Subject { entry: None, weight: 1.0, ..*s }).collect()
}

fn cohort(subjects: &[Subject]) -> Cohort {
    Cohort::new(subjects).unwrap()
}

/// The subjects in another order, and the places they come from.
fn reordered(subjects: &[Subject], seed: u64) -> (Vec<Subject>, Vec<usize>) {
    let mut places: Vec<usize> = (0..subjects.len()).collect();
    let mut state = seed | 1;
    for i in (1..places.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        places.swap(i, (state >> 33) as usize % (i + 1));
    }
    (places.iter().map(|&i| subjects[i]).collect(), places)
}

fn at<T: Copy>(list: &[T], places: &[usize]) -> Vec<T> {
    places.iter().map(|&i| list[i]).collect()
}

/// Subjects with their times multiplied by a power of two, which rounds nothing.
fn scaled(subjects: &[Subject]) -> Vec<Subject> {
    let scale = |s: &Subject| Subject { time: 8.0 * s.time, entry: s.entry.map(|e| 8.0 * e), ..*s };
    subjects.iter().map(scale).collect()
}

/// The weight, rounded up.
fn whole_weight(subject: &Subject) -> usize {
    (1..4_usize).find(|&whole| whole as f64 >= subject.weight).unwrap_or(4)
}

fn at_risk(subject: &Subject, time: f64) -> bool {
    subject.entry.is_none_or(|entry| entry < time) && time <= subject.time
}

fn has_event(subject: &Subject, time: f64) -> bool {
    subject.state != State::Censored && subject.time == time
}
