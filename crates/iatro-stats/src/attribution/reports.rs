//! The reports: which possible causes stand on which event report, and how many reports there are.

use std::collections::HashMap;

use super::error::{AttributionError, check, index, positive};

/// What may have led to the event: a substance, a trigger class, a named pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cause {
    /// Group of causes that share hyperparameters, from 0.
    pub group: usize,
    /// All eligible reports with it (weighted), event reports included; above 0, at most 1e15.
    pub exposed: f64,
}

/// A cell of the background: one level of every stratifying factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    /// One level a factor, from 0. "Unknown" is a level of its own.
    pub levels: Vec<usize>,
    /// All eligible reports of the cell (weighted), event reports included; above 0, at most 1e15.
    pub reports: f64,
}

/// A cause that stands on an event report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Position of the cause.
    pub cause: usize,
    /// What its hazard is multiplied by on this report (time to onset); 1 if nothing is known.
    /// From 1e-6 to 1e6.
    pub factor: f64,
}

/// One event report.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Position of its stratum.
    pub stratum: usize,
    /// Weight, from 1e-3 to 1; below 1 for a suspected duplicate.
    pub weight: f64,
    /// The causes on it, each once, in any order; may be empty.
    pub edges: Vec<Edge>,
}

/// Reports that were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Reports {
    groups: usize,
    causes: Vec<Cause>,
    factors: Vec<usize>,
    strata: Vec<Stratum>,
    events: Vec<Event>,
    cause_events: Vec<f64>,
    stratum_events: Vec<f64>,
}

/// Causes, strata, groups and levels are numbered with 32 bits, edges too.
const LIMIT: usize = 1 << 30;
/// Weighted sums may be off by rounding.
const SLACK: f64 = 1e-9;

impl Reports {
    /// Checks and takes the reports. `factors` holds the number of levels of every stratifying
    /// factor; it may be empty, then there is one stratum. Causes that stand on no event report may
    /// be given: they tell how rare active causes are.
    ///
    /// # Errors
    /// [`AttributionError`]: a position that does not exist, a number out of range, a repeated
    /// edge or stratum, or more event reports than reports.
    pub fn new(
        groups: usize,
        causes: Vec<Cause>,
        factors: Vec<usize>,
        strata: Vec<Stratum>,
        events: Vec<Event>,
    ) -> Result<Self, AttributionError> {
        check_sizes(groups, &causes, &factors, &strata, &events)?;
        check_causes(groups, &causes)?;
        check_strata(&factors, &strata)?;
        for (at, event) in events.iter().enumerate() {
            check_event(at, event, causes.len(), strata.len())?;
        }
        let (cause_events, stratum_events) = weigh(&causes, &strata, &events);
        for (j, (cause, &events)) in causes.iter().zip(&cause_events).enumerate() {
            enough(|| format!("cause {j}"), events, cause.exposed)?;
        }
        for (c, (stratum, &events)) in strata.iter().zip(&stratum_events).enumerate() {
            enough(|| format!("stratum {c}"), events, stratum.reports)?;
        }
        Ok(Self { groups, causes, factors, strata, events, cause_events, stratum_events })
    }

    /// Number of groups of causes.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// The causes.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Levels of every stratifying factor.
    #[must_use]
    pub fn factors(&self) -> &[usize] {
        &self.factors
    }

    /// The strata.
    #[must_use]
    pub fn strata(&self) -> &[Stratum] {
        &self.strata
    }

    /// The event reports.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Weighted event reports of every cause.
    #[must_use]
    pub fn cause_events(&self) -> &[f64] {
        &self.cause_events
    }

    /// Weighted event reports of every stratum.
    #[must_use]
    pub fn stratum_events(&self) -> &[f64] {
        &self.stratum_events
    }

    /// Weighted event reports as a share of all reports: the crude rate.
    #[must_use]
    pub fn crude_rate(&self) -> f64 {
        let reports: f64 = self.strata.iter().map(|stratum| stratum.reports).sum();
        self.stratum_events.iter().sum::<f64>() / reports
    }
}

fn check_sizes(
    groups: usize,
    causes: &[Cause],
    factors: &[usize],
    strata: &[Stratum],
    events: &[Event],
) -> Result<(), AttributionError> {
    if events.is_empty() {
        return Err(AttributionError::NoEvent);
    }
    if strata.is_empty() {
        return Err(AttributionError::NoStratum);
    }
    let levels = factors.iter().fold(0_usize, |sum, &levels| sum.saturating_add(levels));
    for (what, count) in [
        ("groups", groups),
        ("causes", causes.len()),
        ("levels", levels),
        ("strata", strata.len()),
        ("events", events.len()),
        ("edges", events.iter().map(|event| event.edges.len()).sum()),
    ] {
        if count > LIMIT {
            return Err(AttributionError::TooMany { what, count, limit: LIMIT });
        }
    }
    Ok(())
}

fn check_causes(groups: usize, causes: &[Cause]) -> Result<(), AttributionError> {
    for (j, cause) in causes.iter().enumerate() {
        index(|| format!("cause {j}"), "group", cause.group, groups)?;
        positive(|| format!("cause {j}"), "exposed", cause.exposed)?;
    }
    Ok(())
}

fn check_strata(factors: &[usize], strata: &[Stratum]) -> Result<(), AttributionError> {
    let mut seen = HashMap::new();
    for (c, stratum) in strata.iter().enumerate() {
        let (found, expected) = (stratum.levels.len(), factors.len());
        if found != expected {
            return Err(AttributionError::Levels { stratum: c, found, expected });
        }
        for (&level, &levels) in stratum.levels.iter().zip(factors) {
            index(|| format!("stratum {c}"), "level", level, levels)?;
        }
        positive(|| format!("stratum {c}"), "reports", stratum.reports)?;
        if let Some(first) = seen.insert(stratum.levels.as_slice(), c) {
            return Err(AttributionError::SameStratum { first, second: c });
        }
    }
    Ok(())
}

fn check_event(
    at: usize,
    event: &Event,
    causes: usize,
    strata: usize,
) -> Result<(), AttributionError> {
    let name = || format!("event {at}");
    index(name, "stratum", event.stratum, strata)?;
    let in_range = event.weight >= 1e-3 && event.weight <= 1.0;
    check(in_range, name, "weight", event.weight, "a number from 0.001 to 1")?;
    let mut seen: Vec<usize> = Vec::with_capacity(event.edges.len());
    for edge in &event.edges {
        index(name, "cause", edge.cause, causes)?;
        let in_range = edge.factor >= 1e-6 && edge.factor <= 1e6;
        check(in_range, name, "factor", edge.factor, "a number from 1e-6 to 1e6")?;
        seen.push(edge.cause);
    }
    seen.sort_unstable();
    match seen.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(AttributionError::Repeated { event: at, cause: pair[0] }),
        None => Ok(()),
    }
}

/// Weighted event reports of every cause and of every stratum.
fn weigh(causes: &[Cause], strata: &[Stratum], events: &[Event]) -> (Vec<f64>, Vec<f64>) {
    let (mut by_cause, mut by_stratum) = (vec![0.0; causes.len()], vec![0.0; strata.len()]);
    for event in events {
        by_stratum[event.stratum] += event.weight;
        for edge in &event.edges {
            by_cause[edge.cause] += event.weight;
        }
    }
    (by_cause, by_stratum)
}

fn enough(at: impl FnOnce() -> String, events: f64, reports: f64) -> Result<(), AttributionError> {
    if events <= reports * (1.0 + SLACK) {
        return Ok(());
    }
    Err(AttributionError::MoreEventsThanReports { at: at(), events, reports })
}
