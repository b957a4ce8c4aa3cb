//! The grid: every scenario, and the culprit by number of cases, at many seeds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use iatro_signals::study::Study;
use iatro_synth::{SAMPLE_REPORTS, SCENARIOS, power_model};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ValidationError;
use crate::planting::{Job, Planting, judge};

/// Expected cases of the power scenario.
pub const POWER: [u32; 8] = [3, 5, 10, 20, 30, 50, 100, 300];

/// How much is planted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct GridSettings {
    /// Seeds of each scenario, from 1 on.
    pub seeds: u32,
    /// Reports of a sample; the scenarios are made for 100,000.
    pub reports: usize,
    /// Sweeps of each of the four chains, a fifth of them warm-up.
    pub sweeps: usize,
    /// Strength of what is planted, in hundredths: 100 as the scenarios plan it.
    pub strength: u32,
}

impl Default for GridSettings {
    fn default() -> Self {
        Self { seeds: 20, reports: SAMPLE_REPORTS, sweeps: 2_000, strength: 100 }
    }
}

impl GridSettings {
    /// Small enough for a test of the machinery; no number of it means anything.
    pub const QUICK: Self = Self { seeds: 1, reports: 10_000, sweeps: 400, strength: 100 };
}

/// What the grid gave: by scenario, or `power N`, its plantings by seed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Grid {
    /// How much was planted.
    pub settings: GridSettings,
    /// The plantings.
    pub plantings: BTreeMap<String, Vec<Planting>>,
}

/// The key of the power scenario at a number of expected cases.
pub fn power_key(cases: u32) -> String {
    format!("power {cases}")
}

/// Every job of a grid, in the order of the tables.
///
/// # Errors
/// [`ValidationError`] if a scenario is out of range.
pub fn jobs(settings: &GridSettings, scenarios: &[&str]) -> Result<Vec<Job>, ValidationError> {
    let mut jobs = Vec::new();
    let job = |scenario: &str, model, seed| Job {
        scenario: scenario.to_owned(),
        model,
        seed,
        reports: settings.reports,
        sweeps: settings.sweeps,
    };
    let strength = f64::from(settings.strength) / 100.0;
    let seeds = 1..=u64::from(settings.seeds);
    for scenario in SCENARIOS.iter().filter(|s| scenarios.is_empty() || scenarios.contains(&s.id)) {
        for seed in seeds.clone() {
            jobs.push(job(scenario.id, scenario.model(strength, seed)?, seed));
        }
        if scenario.id == "power" {
            for cases in
                POWER.into_iter().filter(|cases| (*cases as usize) * 50 <= settings.reports)
            {
                for seed in seeds.clone() {
                    let model = power_model(f64::from(cases), settings.reports, seed)?;
                    jobs.push(job(&power_key(cases), model, seed));
                }
            }
        }
    }
    Ok(jobs)
}

/// Runs the jobs on all cores; the result does not depend on their number.
///
/// # Errors
/// [`ValidationError`] of the first job, in order, that has no result.
pub fn run(
    settings: GridSettings,
    scenarios: &[&str],
    say: &(dyn Fn(&str) + Sync),
) -> Result<Grid, ValidationError> {
    let study =
        Study::embedded("hlh").map_err(|error| ValidationError::Study(error.to_string()))?;
    let jobs = jobs(&settings, scenarios)?;
    let done = AtomicUsize::new(0);
    let judged: Result<Vec<Planting>, ValidationError> = jobs
        .par_iter()
        .map(|job| {
            let planting = judge(job, &study)?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(20) || done == jobs.len() {
                say(&format!("{done} of {} samples", jobs.len()));
            }
            Ok(planting)
        })
        .collect();
    let mut plantings: BTreeMap<String, Vec<Planting>> = BTreeMap::new();
    for planting in judged? {
        plantings.entry(planting.scenario.clone()).or_default().push(planting);
    }
    Ok(Grid { settings, plantings })
}
