//! Survival: Kaplan-Meier, Aalen-Johansen, Cox.
//!
//! Times are exponential, so every truth has a closed form.

use iatro_stats::survival::{
    Cohort, ConfidenceLimits, CoxOptions, IncidenceVariance, Subject, aalen_johansen, cox,
    kaplan_meier,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::simulation::{CLAIMED, coverage};

const REPLICATES: u32 = 4_000;

fn exponential(rng: &mut ChaCha8Rng, hazard: f64) -> f64 {
    -(1.0 - rng.random::<f64>()).ln() / hazard
}

/// `n` subjects with event hazard 1, censored with hazard `censoring`.
fn cohort(rng: &mut ChaCha8Rng, n: usize, censoring: f64) -> Cohort {
    let draw = |_| {
        let (event, end) = (exponential(rng, 1.0), exponential(rng, censoring));
        if event <= end { Subject::event(event) } else { Subject::censored(end) }
    };
    Cohort::new(&(0..n).map(draw).collect::<Vec<_>>()).unwrap()
}

/// Log-log limits of survival at three times; 60 subjects, a third censored.
#[test]
fn kaplan_meier_log_log_limits() {
    let limits = ConfidenceLimits::default();
    for time in [0.3, 0.7, 1.2_f64] {
        let name = format!("Kaplan-Meier, log-log, at {time}");
        let share = coverage(&name, 11, REPLICATES, |rng| {
            let curve = kaplan_meier(&cohort(rng, 60, 0.5));
            let got = curve.at(time)?.limits(&limits)?;
            Some(([got.lower, got.upper], (-time).exp()))
        });
        assert!(CLAIMED.contains(&share));
    }
}

/// The same under late entry.
#[test]
fn kaplan_meier_with_late_entries() {
    let limits = ConfidenceLimits::default();
    let share = coverage("Kaplan-Meier, late entries, log-log", 12, REPLICATES, |rng| {
        let mut subjects = Vec::new();
        while subjects.len() < 100 {
            let (event, end) = (exponential(rng, 1.0), exponential(rng, 0.3));
            // Half are followed from the start, half from a time of their own, if they live to it.
            let entry = 0.8 * (2.0 * rng.random::<f64>() - 1.0);
            let subject = if event <= end { Subject::event(event) } else { Subject::censored(end) };
            if entry <= 0.0 {
                subjects.push(subject);
            } else if entry < subject.time {
                subjects.push(subject.entering(entry));
            }
        }
        let got = kaplan_meier(&Cohort::new(&subjects).unwrap()).at(0.9)?.limits(&limits)?;
        Some(([got.lower, got.upper], (-0.9_f64).exp()))
    });
    assert!(CLAIMED.contains(&share));
}

#[test]
fn median_limits() {
    let limits = ConfidenceLimits::default();
    let share = coverage("median, log-log", 13, REPLICATES, |rng| {
        let got = kaplan_meier(&cohort(rng, 80, 0.5)).median(&limits);
        Some(([got.lower?, got.upper?], 2.0_f64.ln()))
    });
    assert!(CLAIMED.contains(&share));
}

#[test]
fn restricted_mean_limits() {
    let share = coverage("restricted mean", 14, REPLICATES, |rng| {
        let got = kaplan_meier(&cohort(rng, 100, 0.4)).restricted_mean(1.0, 0.95).unwrap()?;
        let limits = got.limits?;
        Some(([limits.lower, limits.upper], 1.0 - (-1.0_f64).exp()))
    });
    assert!(CLAIMED.contains(&share));
}

/// Two causes with hazards 0.6 and 0.4: incidence of the first is 0.6 (1 - exp(-t)).
#[test]
fn aalen_johansen_limits() {
    let limits = ConfidenceLimits::default();
    for variance in [IncidenceVariance::Delta, IncidenceVariance::Aalen] {
        let name = format!("Aalen-Johansen, {variance:?}, log-log");
        let share = coverage(&name, 15, REPLICATES, |rng| {
            let draw = |_| {
                let (event, end) = (exponential(rng, 1.0), exponential(rng, 0.4));
                let cause = if rng.random::<f64>() < 0.6 { 1 } else { 2 };
                if event <= end { Subject::of_cause(event, cause) } else { Subject::censored(end) }
            };
            let cohort = Cohort::new(&(0..80).map(draw).collect::<Vec<_>>()).unwrap();
            let got = aalen_johansen(&cohort, variance).unwrap().at(1, 0.8)?.limits(&limits)?;
            Some(([got.lower, got.upper], 0.6 * (1.0 - (-0.8_f64).exp())))
        });
        assert!(CLAIMED.contains(&share));
    }
}

/// Log hazard ratios 0.7 and -0.4 of a binary and a uniform covariate, 150 subjects; Wald limits of
/// both, profile limits of the first.
#[test]
fn cox_limits() {
    let draw = |rng: &mut ChaCha8Rng| {
        let x: Vec<f64> = (0..150).map(|i| f64::from(u8::from(i % 2 == 0))).collect();
        let y: Vec<f64> = (0..150).map(|_| 2.0 * rng.random::<f64>()).collect();
        let subject = |(x, y): (&f64, &f64)| {
            let event = exponential(rng, (0.7 * x - 0.4 * y).exp());
            let end = exponential(rng, 0.4);
            if event <= end { Subject::event(event) } else { Subject::censored(end) }
        };
        let subjects: Vec<Subject> = x.iter().zip(&y).map(subject).collect();
        let cohort = Cohort::new(&subjects).unwrap();
        cox(&cohort, &[&x, &y], &CoxOptions::default()).unwrap()
    };
    for (place, truth) in [(0, 0.7), (1, -0.4)] {
        let name = format!("Cox, Wald, coefficient {truth}");
        let share = coverage(&name, 16, 3_000, |rng| {
            let limits = draw(rng).coefficients()[place].ok()?.limits;
            Some(([limits.lower, limits.upper], truth))
        });
        assert!(CLAIMED.contains(&share));
    }
    let share = coverage("Cox, profile, coefficient 0.7", 17, 1_000, |rng| {
        let limits = draw(rng).profile_interval(0, 0.95).unwrap()?;
        Some(([limits.lower?, limits.upper?], 0.7))
    });
    assert!(CLAIMED.contains(&share));
}

/// With no difference between groups, the log-rank test calls one in twenty different.
#[test]
fn log_rank_level() {
    let groups: Vec<usize> = (0..90).map(|i| i % 3).collect();
    for rho in [0.0, 1.0] {
        let name = format!("log-rank, three groups, rho {rho}, not rejected");
        let share = coverage(&name, 18, REPLICATES, |rng| {
            let cohort = cohort(rng, 90, 0.4);
            let test = iatro_stats::survival::log_rank(&cohort, &groups, None, rho).unwrap().test?;
            Some(([0.05, 1.0], test.p))
        });
        assert!(CLAIMED.contains(&share));
    }
}

/// With proportional hazards, the test of proportional hazards calls one in twenty otherwise.
#[test]
fn proportional_hazards_level() {
    let x: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i % 2 == 0))).collect();
    let share = coverage("test of proportional hazards, not rejected", 19, 3_000, |rng| {
        let subject = |x: &f64| {
            let (event, end) = (exponential(rng, (0.6 * x).exp()), exponential(rng, 0.4));
            if event <= end { Subject::event(event) } else { Subject::censored(end) }
        };
        let cohort = Cohort::new(&x.iter().map(subject).collect::<Vec<_>>()).unwrap();
        let fit = cox(&cohort, &[&x], &CoxOptions::default()).unwrap();
        let test = fit.proportional_hazards(Default::default())?.covariates[0]?;
        Some(([0.05, 1.0], test.p))
    });
    assert!(CLAIMED.contains(&share));
}
