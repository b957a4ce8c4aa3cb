//! Attribution among possible causes.

use iatro_stats::attribution::{
    Cause, Edge, Event, Options, Posterior, Reports, Stratum, posterior,
};

use crate::row::Family;

const QUADRATURE: &str = "integration on a grid of logarithms (numpy)";

/// Factors of the two causes on a report (0: not on it), how many such reports, weight of each.
type Line = (f64, f64, usize, f64);

/// The posterior of one stratum of `all` reports, with pi held at 0.3 and the mean of the active
/// component at 10 times the crude rate, that of the null one at a fiftieth of it.
fn run(all: f64, exposed: &[f64], lines: &[Line]) -> Posterior {
    let mut events = Vec::new();
    for &(a, b, count, weight) in lines {
        let on = [a, b].into_iter().enumerate().filter(|(_, factor)| *factor > 0.0);
        let edges = on.map(|(cause, factor)| Edge { cause, factor }).collect();
        events.extend(vec![Event { stratum: 0, weight, edges }; count]);
    }
    let causes = exposed.iter().map(|&exposed| Cause { group: 0, exposed }).collect();
    let strata = vec![Stratum { levels: vec![], reports: all }];
    let reports = Reports::new(1, causes, vec![], strata, events).unwrap();
    let options = Options {
        active_prior: (3e5, 7e5),
        active_scale_shape: 1e6,
        sweeps: 40_000,
        kept: 40_000,
        null_share: 0.02,
        ..Options::default()
    };
    posterior(&reports, &options).unwrap()
}

/// A number that a chain estimates: 3 % of it, some four Monte Carlo errors.
fn about(family: &mut Family, name: &str, expected: &str, got: f64) {
    let tolerance = 0.03 * expected.parse::<f64>().unwrap();
    family.within(name, QUADRATURE, expected, got, tolerance);
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    let one = run(2_000.0, &[200.0], &[(1.0, 0.0, 3, 1.0), (0.0, 0.0, 4, 1.0)]);
    about(family, "one cause: lambda", "0.009308", one.causes[0].lambda);
    about(family, "one cause: attributed of 3", "1.6508", one.causes[0].attributed);
    about(family, "one cause: P(active)", "0.69336", one.causes[0].active);
    about(family, "one cause: mu", "0.0027341", one.background.mu.mean);

    let lines = [(1.0, 1.0, 3, 1.0), (1.0, 0.0, 2, 1.0), (0.0, 1.0, 1, 1.0), (0.0, 0.0, 4, 1.0)];
    let two = run(2_000.0, &[200.0, 150.0], &lines);
    about(family, "two causes: lambda of A", "0.016427", two.causes[0].lambda);
    about(family, "two causes: lambda of B", "0.010127", two.causes[1].lambda);
    about(family, "two causes: attributed to A of 5", "3.0206", two.causes[0].attributed);
    about(family, "two causes: attributed to B of 4", "1.3508", two.causes[1].attributed);

    let lines = [(1.0, 1.0, 3, 1.0), (1.0, 0.0, 3, 1.0), (0.0, 1.0, 1, 1.0), (0.0, 0.0, 5, 1.0)];
    let frequent = run(20.0, &[8.0, 6.0], &lines);
    about(family, "frequent event: mu", "0.83770", frequent.background.mu.mean);
    about(family, "frequent event: lambda of A", "0.18853", frequent.causes[0].lambda);
    about(family, "frequent event: attributed to A of 6", "0.69508", frequent.causes[0].attributed);

    let lines = [(1.0, 0.0, 3, 1.0), (1.0, 0.0, 2, 0.5), (0.0, 0.0, 4, 1.0), (0.0, 0.0, 2, 0.25)];
    let weights = run(2_000.0, &[200.0], &lines);
    about(family, "weights 1/2 and 1/4: lambda", "0.015966", weights.causes[0].lambda);
    about(family, "weights 1/2 and 1/4: attributed of 4", "2.9205", weights.causes[0].attributed);

    let lines = [(2.5, 0.0, 1, 1.0), (0.5, 0.0, 3, 1.0), (0.0, 0.0, 4, 1.0)];
    let factors = run(2_000.0, &[200.0], &lines);
    about(family, "factors 5/2 and 1/2: lambda", "0.013591", factors.causes[0].lambda);
    about(family, "factors 5/2 and 1/2: attributed of 4", "2.4725", factors.causes[0].attributed);
}
