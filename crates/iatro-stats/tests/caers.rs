//! The fit to the CAERS pairs of the R package openEBGM, a file that is not part of the project:
//! product and event, N and E of 17,189 pairs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::path::{Path, PathBuf};

use iatro_stats::gamma_poisson::{
    DEFAULT_STARTS, Fit, FitOptions, Likelihood, Location, Optimum, Pair, Prior, SquashOptions,
    Squashing, fit,
};

/// The pairs, from `IATRO_TEST_DATA` or from `shared/data` beside the checkout; `None`, with a line
/// that says so, where the file is missing.
fn pairs() -> Option<Vec<Pair>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("IATRO_TEST_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join("reference/caers_pairs.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    let row = |line: &str| {
        let mut fields = line.rsplit(',');
        let expected = fields.next()?.parse().ok()?;
        let observed = fields.next()?.parse().ok()?;
        Some(Pair { observed, expected })
    };
    let pairs: Vec<Pair> = text.lines().skip(1).map(|line| row(line).unwrap()).collect();
    assert_eq!(pairs.len(), 17_189);
    Some(pairs)
}

/// The published maximum likelihood fit, from openEBGM 0.9.1; a second one, by another optimiser,
/// has 3.255954, 0.399989, 2.023752, 1.906135, 0.065308.
const PUBLISHED: [f64; 5] = [3.25596685, 0.39998994, 2.02376139, 1.90614108, 0.06530755];
const PUBLISHED_LOG_LIKELIHOOD: f64 = -4162.456;

/// A higher maximum of the same likelihood: scipy 1.17.1, BFGS and Nelder-Mead from (3, 1, 0.3, 0.3,
/// 0.2); the log likelihood is that of an independent computation.
const HIGHER: [f64; 5] = [20.957758, 1.6577583, 1.7383128, 1.5642582, 0.03493783];
const HIGHER_LOG_LIKELIHOOD: f64 = -4162.180837;

/// The conditional likelihood of the mixture has one interior maximum; scipy as above, 12 starts.
const MIXTURE: [f64; 5] = [45.1352, 3.798941, 1.607475, 1.458010, 0.00720022];
const MIXTURE_LOG_LIKELIHOOD: f64 = -4187.524971;

fn is_at(optimum: &Optimum, numbers: [f64; 5], tolerance: f64) -> bool {
    optimum.prior.to_array().iter().zip(numbers).all(|(x, y)| (x - y).abs() < tolerance)
}

/// Every start reaches one of the two, and the published one is there to 1e-4.
#[test]
fn the_published_fit_is_reported_and_the_higher_optimum_beside_it() {
    let Some(pairs) = pairs() else { return };
    let got = fit(&pairs, &FitOptions::default()).unwrap();
    let optima: Vec<&Optimum> = got.optima().collect();
    assert_eq!(optima.len(), 2, "{optima:?}");
    assert!(is_at(optima[1], HIGHER, 3e-5), "{:?}", optima[1]);
    assert!((optima[1].log_likelihood - HIGHER_LOG_LIKELIHOOD).abs() < 1e-6);
    assert!(is_at(optima[0], PUBLISHED, 1e-4), "{:?}", optima[0]);
    assert!((optima[0].log_likelihood - PUBLISHED_LOG_LIKELIHOOD).abs() < 1e-3);
    for optimum in optima {
        assert_eq!(optimum.location, Location::Interior);
        assert!(optimum.converged && optimum.gradient_norm < 1e-6, "{optimum:?}");
        assert!(optimum.standard_errors.is_some(), "{optimum:?}");
    }
    assert_eq!(got.best.starts, 5, "{:?}", got.starts);
    assert!(got.starts.iter().all(|start| start.converged && start.optimum.is_some()));
    assert_eq!((got.pairs, got.points), (17_189, 1_735));
}

/// From the starting point of DuMouchel 1999 and from most others: the published fit.
#[test]
fn most_starts_lead_to_the_published_fit() {
    let Some(pairs) = pairs() else { return };
    let starts = [
        Prior::DUMOUCHEL_1999,
        DEFAULT_STARTS[1],
        DEFAULT_STARTS[2],
        Prior::new(0.1, 0.1, 10.0, 10.0, 0.2).unwrap(),
        Prior::new(1.0, 0.2, 4.0, 4.0, 0.1).unwrap(),
        Prior::new(0.2, 0.02, 5.0, 5.0, 0.5).unwrap(),
    ];
    for start in starts {
        let options = FitOptions {
            starts: vec![start],
            squashing: Squashing::Never,
            ..FitOptions::default()
        };
        let Fit { best, .. } = fit(&pairs, &options).unwrap();
        assert!(is_at(&best, PUBLISHED, 1e-4), "{start:?}: {best:?}");
        assert!((best.log_likelihood - PUBLISHED_LOG_LIKELIHOOD).abs() < 1e-3);
    }
}

/// Climbing on squashed data first does not change the optima of the full data.
#[test]
fn squashed_starts_lead_to_the_same_optima() {
    let Some(pairs) = pairs() else { return };
    let of = |squashing| fit(&pairs, &FitOptions { squashing, ..FitOptions::default() }).unwrap();
    let never = of(Squashing::Never);
    let starts = of(Squashing::Starts(SquashOptions::default()));
    for (x, y) in never.optima().zip(starts.optima()) {
        assert!(is_at(x, y.prior.to_array(), 1e-7 * y.prior.alpha1()));
        assert_eq!(x.starts, y.starts);
    }
    assert_eq!(never.others.len(), starts.others.len());
}

#[test]
fn the_conditional_likelihood_gives_another_prior() {
    let Some(pairs) = pairs() else { return };
    let likelihood = Likelihood::MixtureTruncated { minimum: 1 };
    let got = fit(&pairs, &FitOptions { likelihood, ..FitOptions::default() }).unwrap();
    assert!(is_at(&got.best, MIXTURE, 1e-3), "{:?}", got.best);
    assert!((got.best.log_likelihood - MIXTURE_LOG_LIKELIHOOD).abs() < 1e-6);
    assert!(got.others.is_empty());
    assert_eq!(got.best.starts, DEFAULT_STARTS.len());
}
