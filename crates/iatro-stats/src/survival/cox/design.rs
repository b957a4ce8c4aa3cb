//! Covariates standardised and laid out in the order in which the likelihood reads them.

use std::cmp::Ordering;

use super::super::Cohort;
use super::super::SurvivalError;
use super::super::cohort::{Moment, Row};

/// Largest covariate accepted, either sign.
const MAX_COVARIATE: f64 = 1e100;

/// The data of a regression.
#[derive(Debug, Clone)]
pub(super) struct Design {
    pub(super) strata: Vec<Stratum>,
    /// Covariates that are in, by their number in the input.
    pub(super) kept: Vec<usize>,
    /// Mean and standard deviation of each of those.
    pub(super) scaling: Vec<Scaling>,
    /// Weight of all events, and their number.
    pub(super) events: f64,
    pub(super) event_count: usize,
    /// Event times of all strata together, and one minus the Kaplan-Meier curve before each.
    gone: Vec<(f64, f64)>,
}

/// How a covariate is standardised: (x - centre) / spread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scaling {
    pub(super) centre: f64,
    /// 0 if the covariate is the same in all subjects.
    pub(super) spread: f64,
    /// Largest distance from the centre, in spreads.
    pub(super) reach: f64,
}

/// A part of the cohort with a baseline hazard of its own.
#[derive(Debug, Clone)]
pub(super) struct Stratum {
    pub(super) label: Option<usize>,
    pub(super) moments: Vec<Moment>,
    pub(super) rows: Vec<Row>,
    /// For each late entry, the place of its subject in `rows`.
    pub(super) entries: Vec<usize>,
    /// Standardised covariates, row by row.
    pub(super) x: Vec<f64>,
}

impl Design {
    /// Lays out `covariates` (columns in the order of the input).
    pub(super) fn new(
        cohort: &Cohort,
        covariates: &[&[f64]],
        strata: Option<&[usize]>,
    ) -> Result<Self, SurvivalError> {
        check(covariates, cohort.input())?;
        let cohort = settle_ties(cohort, covariates);
        let gone = gone(&cohort);
        let parts = match strata {
            None => vec![(None, cohort)],
            Some(strata) => {
                let parts = cohort.split("strata", strata)?;
                parts.into_iter().map(|(label, part)| (Some(label), part)).collect()
            }
        };
        let rows = || parts.iter().flat_map(|(_, part)| &part.rows);
        let scaling: Vec<Scaling> = covariates.iter().map(|column| scaling(column, rows)).collect();
        let events = rows().filter(|row| row.is_event()).map(|row| row.weight).sum();
        let event_count = rows().filter(|row| row.is_event()).count();
        let lay =
            |(label, part): &(Option<usize>, Cohort)| lay_out(*label, part, covariates, &scaling);
        let strata = parts.iter().map(lay).collect();
        let kept = (0..covariates.len()).collect();
        Ok(Self { strata, kept, scaling, events, event_count, gone })
    }

    /// How many covariates are in.
    pub(super) fn size(&self) -> usize {
        self.kept.len()
    }

    /// Leaves in only the covariates at the given places.
    pub(super) fn keep(&mut self, places: &[usize]) {
        let size = self.size();
        if places.len() == size {
            return;
        }
        for stratum in &mut self.strata {
            let rows = stratum.x.chunks_exact(size.max(1));
            stratum.x = rows.flat_map(|row| places.iter().map(|&place| row[place])).collect();
        }
        self.kept = places.iter().map(|&place| self.kept[place]).collect();
        self.scaling = places.iter().map(|&place| self.scaling[place]).collect();
    }

    /// One minus the Kaplan-Meier curve before `time`, an event time.
    pub(super) fn gone_before(&self, time: f64) -> f64 {
        let place = self.gone.partition_point(|(event, _)| *event < time);
        self.gone.get(place).map_or(0.0, |(_, gone)| *gone)
    }

    /// The part of `values`, one for each covariate of the input, that the model sees, standardised.
    pub(super) fn standardised(&self, values: &[f64]) -> Vec<f64> {
        let value = |place: usize| values.get(place).copied().unwrap_or(0.0);
        let pairs = self.kept.iter().zip(&self.scaling);
        pairs.map(|(&place, s)| (value(place) - s.centre) / s.spread).collect()
    }
}

impl Stratum {
    /// x' beta of every row.
    pub(super) fn linear_predictors(&self, beta: &[f64]) -> Vec<f64> {
        if beta.is_empty() {
            return vec![0.0; self.rows.len()];
        }
        self.x.chunks_exact(beta.len()).map(|row| dot(row, beta)).collect()
    }
}

/// [`Design::gone`], every row counted once.
fn gone(cohort: &Cohort) -> Vec<(f64, f64)> {
    let mut cohort = cohort.clone();
    cohort.rows.iter_mut().for_each(|row| row.weight = 1.0);
    cohort.entries.iter_mut().for_each(|entry| entry.weight = 1.0);
    let mut survival = 1.0;
    let moments = cohort.moments();
    let events = moments.iter().filter(|moment| moment.events > 0.0);
    let step = |m: &Moment| {
        let before = survival;
        survival *= m.spared / m.at_risk;
        (m.time, 1.0 - before)
    };
    events.map(step).collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn check(covariates: &[&[f64]], subjects: usize) -> Result<(), SurvivalError> {
    if covariates.is_empty() {
        return Err(SurvivalError::NoCovariate);
    }
    for (covariate, column) in covariates.iter().enumerate() {
        if column.len() != subjects {
            let got = column.len();
            return Err(SurvivalError::CovariateLength { covariate, got, expected: subjects });
        }
        let usable = |value: &f64| (-MAX_COVARIATE..=MAX_COVARIATE).contains(value);
        if let Some(index) = column.iter().position(|value| !usable(value)) {
            let value = column[index];
            return Err(SurvivalError::Covariate { covariate, index, value });
        }
    }
    Ok(())
}

/// The cohort with like subjects in the order of their covariates, so that sums over them do not
/// depend on the order of the input.
fn settle_ties(cohort: &Cohort, covariates: &[&[f64]]) -> Cohort {
    let by_covariates = |a: u32, b: u32| {
        let compare = |column: &&[f64]| {
            let value = |i: u32| column.get(i as usize).copied().unwrap_or(0.0);
            value(a).total_cmp(&value(b))
        };
        covariates.iter().map(compare).find(|&o| o != Ordering::Equal).unwrap_or(Ordering::Equal)
    };
    let mut cohort = cohort.clone();
    let alike = |a: &Row, b: &Row| (a.time, a.cause, a.weight) == (b.time, b.cause, b.weight);
    for tied in cohort.rows.chunk_by_mut(alike).filter(|tied| tied.len() > 1) {
        tied.sort_by(|a, b| by_covariates(a.index, b.index));
    }
    let tied = cohort.entries.chunk_by_mut(|a, b| (a.time, a.weight) == (b.time, b.weight));
    for tied in tied.filter(|tied| tied.len() > 1) {
        tied.sort_by(|a, b| by_covariates(a.index, b.index));
    }
    cohort
}

fn scaling<'a, I: Iterator<Item = &'a Row>>(column: &[f64], rows: impl Fn() -> I) -> Scaling {
    let value = |row: &Row| column.get(row.index as usize).copied().unwrap_or(0.0);
    let total: f64 = rows().map(|row| row.weight).sum();
    let centre = rows().map(|row| row.weight / total * value(row)).sum::<f64>();
    let reach = rows().map(|row| (value(row) - centre).abs()).fold(0.0, f64::max);
    let size = rows().map(|row| value(row).abs()).fold(0.0, f64::max);
    // A spread that rounding alone explains is none.
    if reach <= 1e-13 * size || reach == 0.0 {
        return Scaling { centre, spread: 0.0, reach: 0.0 };
    }
    let square = |row: &Row| row.weight / total * ((value(row) - centre) / reach).powi(2);
    let spread = reach * rows().map(square).sum::<f64>().sqrt();
    Scaling { centre, spread, reach: reach / spread }
}

fn lay_out(
    label: Option<usize>,
    part: &Cohort,
    covariates: &[&[f64]],
    scaling: &[Scaling],
) -> Stratum {
    let standardised = |row: &Row, column: &[f64], s: &Scaling| {
        let value = column.get(row.index as usize).copied().unwrap_or(0.0);
        if s.spread > 0.0 { (value - s.centre) / s.spread } else { 0.0 }
    };
    let mut x = Vec::with_capacity(part.rows.len() * covariates.len());
    for row in &part.rows {
        x.extend(covariates.iter().zip(scaling).map(|(column, s)| standardised(row, column, s)));
    }
    let entries = places_of_entries(part);
    Stratum { label, moments: part.moments(), rows: part.rows.clone(), entries, x }
}

fn places_of_entries(part: &Cohort) -> Vec<usize> {
    if part.entries.is_empty() {
        return Vec::new();
    }
    let mut places = vec![0; part.input()];
    for (place, row) in part.rows.iter().enumerate() {
        if let Some(slot) = places.get_mut(row.index as usize) {
            *slot = place;
        }
    }
    let place = |index: u32| places.get(index as usize).copied().unwrap_or(0);
    part.entries.iter().map(|entry| place(entry.index)).collect()
}
