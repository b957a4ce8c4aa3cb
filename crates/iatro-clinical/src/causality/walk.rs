//! From answers to a category: the total and its band, or the way through a tree.
//!
//! A question without an answer can have any: the categories that remain are those of every completion.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::definition::{CausalityInstrument, Kind, Question, UNKNOWN};
use crate::assess::Interval;

/// The id of the answer by the id of the question; what is not in it is unknown.
pub type Answers = BTreeMap<String, String>;

/// What the answers come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The category as the instrument gives it: with its own points for what is unknown; of a tree, the end of the
    /// way if every question on it is answered.
    pub category: Option<String>,
    /// Every category that a completion of the unknown answers ends in; for points from the lowest band, for a tree in
    /// the order of its questions.
    pub categories: Vec<String>,
    /// Of points: the total as published.
    pub total: Option<Decimal>,
    /// Of points: the least and the most over the completions.
    pub range: Option<Interval>,
    /// Of a tree: the questions on the way, up to the first that is unknown.
    pub way: Vec<String>,
}

/// Evaluates the answers. An answer that the question does not have is taken as unknown.
pub fn outcome(instrument: &CausalityInstrument, answers: &Answers) -> Outcome {
    match instrument.kind {
        Kind::Points => points(instrument, answers),
        Kind::Tree => tree(instrument, answers),
    }
}

/// The answer that is known, if it is one that the question has.
pub(super) fn known<'q>(
    question: &'q Question,
    answers: &Answers,
) -> Option<&'q super::definition::Answer> {
    let id = answers.get(&question.id).filter(|id| id.as_str() != UNKNOWN)?;
    question.option(id)
}

fn points(instrument: &CausalityInstrument, answers: &Answers) -> Outcome {
    let mut totals = BTreeSet::from([Decimal::ZERO]);
    let mut published = Some(Decimal::ZERO);
    for question in &instrument.questions {
        let answer = known(question, answers);
        let options: BTreeSet<Decimal> = match answer {
            Some(answer) => answer.points.into_iter().collect(),
            None => question.known().filter_map(|option| option.points).collect(),
        };
        let own = answer.or_else(|| question.option(UNKNOWN)).and_then(|option| option.points);
        published = published.zip(own).map(|(sum, points)| sum + points);
        totals = totals.iter().flat_map(|sum| options.iter().map(move |one| sum + one)).collect();
    }
    let bands: BTreeSet<&str> = totals.iter().filter_map(|total| instrument.band(*total)).collect();
    let in_order = instrument.bands.iter().filter(|band| bands.contains(band.label.as_str()));
    let range = totals.first().zip(totals.last());
    Outcome {
        category: published.and_then(|total| instrument.band(total)).map(str::to_owned),
        categories: in_order.map(|band| band.label.clone()).collect(),
        total: published,
        range: range.map(|(min, max)| Interval { min: *min, max: *max }),
        way: Vec::new(),
    }
}

fn tree(instrument: &CausalityInstrument, answers: &Answers) -> Outcome {
    let mut way = Vec::new();
    let mut category = None;
    let mut at = instrument.questions.first();
    while let Some(question) = at {
        way.push(question.id.clone());
        // Where the tree has a branch for what cannot be answered, that is the way.
        let answer = known(question, answers).or_else(|| question.option(UNKNOWN));
        let Some(answer) = answer else { break };
        category.clone_from(&answer.ends);
        at = answer.next.as_deref().and_then(|id| instrument.question(id));
    }
    Outcome { category, categories: ends(instrument, answers), total: None, range: None, way }
}

/// Every end that can be reached. Questions lead forward only, so one pass over them is enough.
fn ends(instrument: &CausalityInstrument, answers: &Answers) -> Vec<String> {
    let mut reached: BTreeSet<&str> =
        instrument.questions.first().map(|first| first.id.as_str()).into_iter().collect();
    let mut ends: Vec<String> = Vec::new();
    for question in &instrument.questions {
        if !reached.contains(question.id.as_str()) {
            continue;
        }
        let options: Vec<_> = match known(question, answers) {
            Some(answer) => vec![answer],
            None => question.known().collect(),
        };
        for option in options {
            reached.extend(option.next.as_deref());
            if let Some(end) = option.ends.as_ref().filter(|end| !ends.contains(end)) {
                ends.push(end.clone());
            }
        }
    }
    ends
}
