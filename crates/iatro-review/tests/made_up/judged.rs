//! Made-up checks, contrasts, verdicts and attribution for a made-up run: every outcome, every verdict, what is
//! given together, and what has not converged. Nothing here was computed by the model.

use iatro_signals::attribution::{
    ASSUMPTIONS, AttributedCause, Attribution, BackgroundLevel, Competitor, Group, LearnedGroup,
};
use iatro_signals::bench::verdict::judge;
use iatro_signals::bench::{
    Attributed, CHECKS, Check, CheckRow, CheckRun, ContrastResult, Outcome, Reason,
};
use iatro_signals::causes::SetAsideSubstance;
use iatro_signals::run::{Estimates, Signal, SignalRun};
use iatro_signals::study::{PublishedRatio, Status};
use iatro_stats::Table2x2;

/// Puts everything that the bench and the attribution give into a run.
pub(crate) fn judged(run: &mut SignalRun, minimum_cases: u64) {
    let signals: Vec<Signal> = run.signals.iter().filter(|s| s.estimates.a > 0).cloned().collect();
    run.checks = CHECKS.iter().zip(0..).map(|(check, at)| check_run(check, at, &signals)).collect();
    run.contrasts = contrasts();
    run.set_aside = signals
        .iter()
        .filter(|signal| signal.therapy)
        .zip(1..)
        .map(|(signal, at)| SetAsideSubstance {
            substance: signal.substance.clone(),
            event_as_indication: 10 * at,
            therapy_after_onset: at,
            cases: 9 * at,
        })
        .collect();
    run.attribution = Some(attribution(run, &signals));
    run.verdicts = signals
        .iter()
        .enumerate()
        .map(|(at, signal)| {
            let outcomes: Vec<_> = run.checks.iter().map(|c| (c.id, c.rows[at].outcome)).collect();
            let row = run.attribution.as_ref().unwrap().cause(&signal.substance, Group::Substance);
            let attributed = row.map(|row| Attributed {
                n: signal.estimates.a,
                attributed: row.attributed.unwrap_or(0.0),
                lower: row.attributed_interval.map_or(0.0, |(low, _)| low),
                upper: row.attributed_interval.map_or(row.n, |(_, high)| high),
                converged: row.converged,
            });
            judge(&signal.substance, &signal.estimates, minimum_cases, &outcomes, attributed)
        })
        .collect();
}

fn check_run(check: &Check, at: usize, signals: &[Signal]) -> CheckRun {
    let missing = at == 9 || at == 19;
    let row = |(place, signal): (usize, &Signal)| {
        if missing {
            let outcome = Outcome::NotAssessable(Reason::InformationMissing);
            return CheckRow {
                substance: signal.substance.clone(),
                estimates: None,
                outcome,
                detail: None,
            };
        }
        check_row(signal, place * 7 + at * 3)
    };
    let Check { id, title, rationale, bias, .. } = *check;
    CheckRun {
        id,
        title,
        rationale,
        bias,
        reports: (!at.is_multiple_of(5) && !missing).then_some(1_000_000 - 1_000 * at as u64),
        cases: (!at.is_multiple_of(5) && !missing).then_some(400 - at as u64),
        not_assessable: missing.then(|| {
            (Reason::InformationMissing, "fewer than half of the cases say it".to_owned())
        }),
        rows: signals.iter().enumerate().map(row).collect(),
    }
}

/// Rows of every outcome, with a detail now and then.
fn check_row(signal: &Signal, turn: usize) -> CheckRow {
    let primary = &signal.estimates;
    let is_signal = primary.ic025.is_some_and(|limit| limit > 0.0);
    let part = |of: u64| of - of / (2 + turn as u64 % 5);
    let table = Table2x2::new(part(primary.a), part(primary.b), primary.c, primary.d).unwrap();
    let counted = Some(Estimates::of(&table));
    let (estimates, outcome, detail) = match (turn % 11, is_signal) {
        (0, true) if turn.is_multiple_of(3) => (counted, Outcome::Ends, None),
        (1, _) => (
            None,
            Outcome::NotAssessable(Reason::NotApplicable),
            Some("the study lists no alert on it"),
        ),
        (2, true) => (counted, Outcome::NotAssessable(Reason::TooFewCases), None),
        (3, false) => (counted, Outcome::Appears, Some("without trimethoprim")),
        (4, true) => (
            counted,
            Outcome::Holds,
            Some("given for a disease with a rather long name, not otherwise specified"),
        ),
        (_, true) => (counted, Outcome::Holds, None),
        (_, false) => (counted, Outcome::Absent, None),
    };
    let detail = detail.map(str::to_owned);
    CheckRow { substance: signal.substance.clone(), estimates, outcome, detail }
}

fn contrasts() -> Vec<ContrastResult> {
    let published = PublishedRatio {
        ror: 3.08,
        ror_lo: 1.67,
        ror_hi: 5.68,
        reports: "FAERS 2004Q1-2023Q4".to_owned(),
        status: Status::Verified,
        source: "made up".to_owned(),
    };
    let contrast = |id: &str, cells: Option<[u64; 4]>, published| ContrastResult {
        id: id.to_owned(),
        title: format!("{id} against amoxicillin with clavulanic acid"),
        estimates: cells.map(|[a, b, c, d]| Estimates::of(&Table2x2::new(a, b, c, d).unwrap())),
        published,
    };
    vec![
        contrast(
            "sulfamethoxazole with trimethoprim",
            Some([9, 5_000, 3, 7_000]),
            Some(published.clone()),
        ),
        contrast("nothing defined", Some([9, 5_000, 0, 7_000]), Some(published)),
        contrast("nobody reported", None, None),
    ]
}

/// Every third substance keeps its cases, the next is explained by it, the last of them has not converged.
fn attribution(run: &SignalRun, signals: &[Signal]) -> Attribution {
    let mut causes: Vec<AttributedCause> =
        signals.iter().enumerate().map(|(at, signal)| cause_of(signal, at, signals)).collect();
    if let [.., first, second] = &mut causes[..] {
        together(first, second).into_iter().for_each(|set| causes.push(set));
    }
    causes.push(of_group("Epstein-Barr virus", Group::Trigger, 23.0, 0.9));
    causes.push(of_group("B-cell, Hodgkin or unspecified lymphoma", Group::Trigger, 42.0, 0.4));
    causes.sort_by(|x, y| y.attributed.unwrap_or(-1.0).total_cmp(&x.attributed.unwrap_or(-1.0)));
    causes.push(of_group("background", Group::Background, run.cases as f64, 0.25));
    Attribution {
        assumptions: ASSUMPTIONS,
        reports: run.reports,
        cases: run.cases,
        causes,
        without_cases: 812,
        mediators: 3,
        background: vec![BackgroundLevel {
            factor: "age_group",
            level: "under 2 years".to_owned(),
            multiplier: 3.2,
            interval: Some((1.1, 6.0)),
        }],
        learned: vec![LearnedGroup {
            group: Group::Substance,
            active_share: 0.04,
            active_mean: 0.002,
        }],
        seed: 7,
        chains: 4,
        sweeps: 5_000,
        mode_steps: 31,
        converged: false,
        case_shares: Vec::new(),
    }
}

fn cause_of(signal: &Signal, at: usize, signals: &[Signal]) -> AttributedCause {
    let share = [0.9, 0.1, 0.6][at % 3];
    let mut row = of_group(&signal.substance, Group::Substance, signal.estimates.a as f64, share);
    row.exposed = (signal.estimates.a + signal.estimates.b) as f64;
    if at % 7 == 6 {
        (row.attributed_interval, row.lambda_interval, row.converged) = (None, None, false);
    }
    let stronger = at.checked_sub(1).map_or("background", |at| signals[at].substance.as_str());
    let left = row.n * (1.0 - share);
    row.competitors = [(stronger, 0.8), ("Epstein-Barr virus", 0.15), ("background", 0.05)]
        .map(|(cause, part)| Competitor { cause: cause.to_owned(), cases: left * part })
        .to_vec();
    row
}

fn of_group(name: &str, group: Group, n: f64, share: f64) -> AttributedCause {
    AttributedCause {
        cause: name.to_owned(),
        members: Vec::new(),
        same_reports: false,
        group,
        n,
        exposed: n * 100.0,
        given_with: None,
        lambda: Some(share / 100.0),
        lambda_interval: Some((share / 200.0, share / 60.0)),
        attributed: Some(n * share),
        attributed_interval: Some((
            (n * share * 0.8 - 1.0).max(0.0),
            (n * share * 1.2 + 1.0).min(n),
        )),
        fraction: Some(share),
        at_mode: Some(n * share),
        active: Some(share),
        r_hat: Some(1.0),
        ess: Some(4_000.0),
        converged: true,
        competitors: Vec::new(),
    }
}

/// Makes a set of two, which have no estimate of their own then.
fn together(first: &mut AttributedCause, second: &mut AttributedCause) -> Option<AttributedCause> {
    let name = format!("{} + {}", first.cause, second.cause);
    let mut set = of_group(&name, Group::Substance, first.n.max(second.n), 0.5);
    set.same_reports = true;
    set.members = vec![first.cause.clone(), second.cause.clone()];
    for member in [first, second] {
        *member = AttributedCause {
            given_with: Some(name.clone()),
            attributed: None,
            attributed_interval: None,
            lambda: None,
            lambda_interval: None,
            fraction: None,
            converged: false,
            competitors: Vec::new(),
            ..member.clone()
        };
    }
    Some(set)
}
