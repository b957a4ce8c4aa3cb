//! How well the time from start to onset fits a substance: a factor on its hazard, on the event reports
//! where both dates are days.
//!
//! Of the substances of one class of the study, the days from start to onset on event reports are described
//! by a log-normal; so are the days from start to event on all other reports, whatever the event and the
//! substance. The factor is the ratio of the two chances of that day, held between a tenth and ten, so
//! that a date alone never decides. A bystander of the class is in the first description too, which
//! makes the factor weaker than it could be, never stronger.

use std::collections::BTreeMap;

use iatro_reports::model::date::{PartialDate, Precision};
use iatro_stats::time_to_onset::{Distribution, MAX_DAYS, Onset, log_normal};

use super::possible::{Possible, PossibleCauses};
use crate::corpus::Corpus;
use crate::corpus::facts::Fact;
use crate::corpus::rows::{Dates, DrugRow};
use crate::run::RunError;
use crate::study::Study;

/// The fewest dated event reports of a class from which its latency is described.
const FEWEST: usize = 8;
/// Other reports from which the usual latency is described, at most.
const MOST_OTHERS: usize = 20_000;
/// The factor is at least one over this, and at most this.
const MOST_FACTOR: f64 = 10.0;

/// The factor of each substance on each event report with both dates; 1 where there is none.
pub(super) fn factors(
    corpus: &Corpus,
    study: &Study,
    possible: &PossibleCauses,
) -> Result<BTreeMap<(usize, Possible), f64>, RunError> {
    let dated = Dated::read(corpus, possible)?;
    let class_of = |id: u32| {
        study.agent_of(&corpus.substances()[id as usize].name).map(|agent| agent.class.as_str())
    };
    let mut by_class: BTreeMap<&str, Vec<Onset>> = BTreeMap::new();
    for ((_, substance), day) in &dated.of_events {
        if let Some(class) = class_of(*substance) {
            by_class.entry(class).or_default().push(Onset::on_day(*day));
        }
    }
    let Some(usual) = described(&dated.of_others) else { return Ok(BTreeMap::new()) };
    let of_class: BTreeMap<&str, Distribution> = by_class
        .into_iter()
        .filter_map(|(class, onsets)| Some((class, described(&onsets)?)))
        .collect();
    let factor = |((place, substance), day): (&(usize, u32), &u32)| {
        let class = of_class.get(class_of(*substance)?)?;
        let onset = Onset::on_day(*day);
        let ratio = chance(class, &onset)? / chance(&usual, &onset)?;
        let held = ratio.clamp(1.0 / MOST_FACTOR, MOST_FACTOR);
        held.is_finite().then_some(((*place, Possible::Substance(*substance)), held))
    };
    Ok(dated.of_events.iter().filter_map(factor).collect())
}

/// A log-normal, if there are days enough to describe.
fn described(onsets: &[Onset]) -> Option<Distribution> {
    if onsets.len() < FEWEST {
        return None;
    }
    log_normal(onsets).ok().map(|fit| fit.distribution())
}

/// The chance of the day of an onset.
fn chance(distribution: &Distribution, onset: &Onset) -> Option<f64> {
    let upper = distribution.share_within(onset.upper_days()?).ok()?;
    let lower = distribution.share_within(onset.lower_days()).ok()?;
    (upper > lower).then_some(upper - lower)
}

/// Days from the earliest start of a substance to the event.
struct Dated {
    /// On event reports, by report and substance.
    of_events: BTreeMap<(usize, u32), u32>,
    /// On other reports.
    of_others: Vec<Onset>,
}

impl Dated {
    fn read(corpus: &Corpus, possible: &PossibleCauses) -> Result<Self, RunError> {
        let mut days: Vec<Option<i32>> = vec![None; corpus.reports()];
        let dated = |place, fact: Fact, found: &mut Vec<(usize, i32)>| {
            found.extend(fact.event_date.and_then(day).map(|day| (place, day)));
        };
        corpus.map_facts(&|_| true, &dated, &mut |(place, day)| days[place] = Some(day))?;
        let on_events: BTreeMap<usize, &[Possible]> =
            possible.events.iter().map(|event| (event.place, event.causes.as_slice())).collect();
        let (mut starts, mut of_others) = (BTreeMap::<(usize, u32), i32>::new(), Vec::new());
        let started = |row: DrugRow, found: &mut Vec<(DrugRow, i32)>| {
            found.extend(row.start.and_then(day).map(|start| (row, start)));
        };
        let wanted = |place: usize| days.get(place).is_some_and(Option::is_some);
        corpus.map_drugs(Dates::Read, &wanted, &started, &mut |(row, start)| {
            let Some(event) = days[row.place] else { return };
            let suspect = Possible::Substance(row.substance);
            match on_events.get(&row.place) {
                Some(causes) if causes.contains(&suspect) => {
                    let earliest = starts.entry((row.place, row.substance)).or_insert(start);
                    *earliest = (*earliest).min(start);
                }
                None if of_others.len() < MOST_OTHERS => {
                    of_others.extend(between(start, event).map(Onset::on_day));
                }
                Some(_) | None => {}
            }
        })?;
        let of_events = starts
            .into_iter()
            .filter_map(|(key, start)| Some((key, between(start, (*days.get(key.0)?)?)?)))
            .collect();
        Ok(Self { of_events, of_others })
    }
}

fn day(date: PartialDate) -> Option<i32> {
    (date.precision() == Precision::Day).then(|| date.first_day())
}

/// Days from start to event, if they can be.
fn between(start: i32, event: i32) -> Option<u32> {
    let days = u32::try_from(event.checked_sub(start)?).ok()?;
    (f64::from(days) <= MAX_DAYS).then_some(days)
}
