//! The goals, each reached or not, by how much and where.

use iatro_review::interval::Interval;
use iatro_review::number::decimals;
use iatro_synth::PlantedPart;

use super::reasons::reason;
use super::tables::{QUANTITIES, is_heavy, is_loud, scenarios};
use super::{table, with_interval};
use crate::grid::Grid;
use crate::method::Method;
use crate::planting::Planting;
use crate::rank::average_precision;
use crate::recovery::Planted;
use crate::summary::{Share, called, coverage, mean};

const WELL: &str = "Of scenarios in which the model's assumptions hold, all together";

pub(super) fn text(grid: &Grid) -> String {
    let mut out = table(&["goal", "found", "reached"], summary(grid).into_iter());
    out.push_str(
        "\nThe area under the precision-recall curve, seed by seed: that of attribution minus that of \
         the best other method of the scenario (by its mean), with the normal 95 % interval of the mean \
         difference. Two methods that rank every sample perfectly cannot beat each other.\n\n",
    );
    out.push_str(&table(
        &["scenario", "kind", "best other method", "difference", "goal", "reached", "why not"],
        against_best(grid).into_iter(),
    ));
    out
}

fn verdict(reached: bool) -> String {
    if reached { "yes" } else { "**no**" }.to_owned()
}

fn pooled(grid: &Grid, misspecified: bool, of: impl Fn(&[Planting]) -> Share) -> Share {
    scenarios(grid)
        .filter(|(scenario, _)| scenario.misspecified == misspecified)
        .map(|(_, plantings)| of(plantings))
        .fold(Share::default(), |sum, one| Share { hits: sum.hits + one.hits, of: sum.of + one.of })
}

/// Scenarios that are no misspecification of what reports state, but break what the plain model assumes:
/// that reports are independent, and that hazards add.
const BREAK_THE_PLAIN_MODEL: [&str; 2] = ["duplicates", "interaction"];

fn pooled_without_breaks(grid: &Grid, of: impl Fn(&[Planting]) -> Share) -> Share {
    scenarios(grid)
        .filter(|(scenario, _)| !scenario.misspecified)
        .filter(|(scenario, _)| !BREAK_THE_PLAIN_MODEL.contains(&scenario.id))
        .map(|(_, plantings)| of(plantings))
        .fold(Share::default(), |sum, one| Share { hits: sum.hits + one.hits, of: sum.of + one.of })
}

/// Why intervals of what is not a culprit cover less often than they say.
fn short_of(planted: Planted) -> &'static str {
    match planted {
        Planted::Disease => {
            " One report in twenty does not mention the disease, which the model cannot know: both its reports \
             and its cases are more than those that name it."
        }
        Planted::Background => {
            " What few cases the many substances without a hazard are allowed adds up, and is taken from the \
             background."
        }
        _ => "",
    }
}

fn summary(grid: &Grid) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let counted = |share: Share| {
        format!("{} of {}: {}", share.hits, share.of, with_interval(share.interval(), 3))
    };
    for (misspecified, where_) in [(false, "assumptions hold"), (true, "misspecified")] {
        for part in [PlantedPart::Bystander, PlantedPart::Channelled] {
            let loud =
                pooled(grid, misspecified, |p| called(p, Method::Attribution, is_loud(part)));
            if let Some(value) = loud.value() {
                rows.push(vec![
                    format!("{} with a crude ROR ≥ 20 called: at most 5 % ({where_})", part.name()),
                    counted(loud),
                    verdict(value <= 0.05),
                ]);
            }
        }
        let kept = pooled(grid, misspecified, |p| called(p, Method::Attribution, is_heavy));
        if let Some(value) = kept.value() {
            rows.push(vec![
                format!("culprits with ≥ 10 cases kept: at least 95 % ({where_})"),
                counted(kept),
                verdict(value >= 0.95),
            ]);
        }
    }
    rows.extend(lost(grid));
    for (name, quantity) in QUANTITIES {
        for planted in [Planted::Culprit, Planted::Disease, Planted::Background] {
            let of = |p: &[Planting]| coverage(p, Method::Attribution, planted, quantity).covered;
            let covered = pooled(grid, false, of);
            let plain = pooled_without_breaks(grid, of);
            if let Some(value) = covered.value() {
                let reached = (0.92..=0.98).contains(&value);
                let plain = if plain.of == covered.of {
                    String::new()
                } else {
                    format!(
                        ". Without `duplicates` (not weighed) and `interaction` (pair not named), in which \
                         reports are not independent or hazards do not add: {}",
                        counted(plain)
                    )
                };
                let why = if reached { "" } else { short_of(planted) };
                let stop = if why.is_empty() { "" } else { "." };
                rows.push(vec![
                    format!(
                        "95 % intervals of {}, {}: cover 92 to 98 %. {WELL}",
                        name.to_lowercase(),
                        planted.name()
                    ),
                    format!("{}{plain}{stop}{why}", counted(covered)),
                    verdict(reached),
                ]);
            }
        }
    }
    rows
}

/// Scenarios in which fewer than 95 % of the culprits with 10 cases are kept.
fn lost(grid: &Grid) -> Vec<Vec<String>> {
    let below = scenarios(grid).filter_map(|(scenario, plantings)| {
        let kept = called(plantings, Method::Attribution, is_heavy);
        let value = kept.value().filter(|value| *value < 0.95)?;
        let goal = format!("culprits with ≥ 10 cases kept in `{}`: at least 95 %", scenario.id);
        let found = format!(
            "{} of {} = {}. {}",
            kept.hits,
            kept.of,
            decimals(value, 3),
            reason(scenario.id)
        );
        Some(vec![goal, found, verdict(false)])
    });
    below.collect()
}

/// The area of every planting, in the order of seeds.
fn areas(plantings: &[Planting], method: Method) -> Vec<f64> {
    let of = |planting: &Planting| {
        let judged = planting.substances.iter();
        let ranked: Option<Vec<_>> =
            judged.map(|s| Some((*s.verdicts.get(&method)?, s.culprit))).collect();
        average_precision(&ranked?)
    };
    plantings.iter().filter_map(of).collect()
}

fn against_best(grid: &Grid) -> Vec<Vec<String>> {
    let rows = scenarios(grid).filter_map(|(scenario, plantings)| {
        let own = areas(plantings, Method::Attribution);
        let others = Method::COMPARED.into_iter().filter(|method| *method != Method::Attribution);
        let mean_of = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let (best, theirs) = others
            .map(|method| (method, areas(plantings, method)))
            .max_by(|(_, x), (_, y)| mean_of(x).total_cmp(&mean_of(y)))?;
        let differences: Vec<f64> = own.iter().zip(&theirs).map(|(x, y)| x - y).collect();
        let difference = mean(&differences);
        let value = difference.value()?;
        let (goal, reached) = if scenario.confounded {
            ("better", value > 0.0)
        } else {
            ("not worse by more than 0.02", value >= -0.02)
        };
        let perfect = mean_of(&own) > 1.0 - 1e-9 && mean_of(&theirs) > 1.0 - 1e-9;
        let why = match (reached, perfect) {
            (true, _) => String::new(),
            (false, true) => "Both rank every sample perfectly.".to_owned(),
            (false, false) => reason(scenario.id).to_owned(),
        };
        let kind = if scenario.misspecified {
            "misspecified"
        } else if scenario.confounded {
            "confounded"
        } else {
            "unconfounded"
        };
        Some(vec![
            scenario.id.to_owned(),
            kind.to_owned(),
            best.name().to_owned(),
            signed(difference),
            goal.to_owned(),
            if perfect && !reached { "equal at 1".to_owned() } else { verdict(reached) },
            why,
        ])
    });
    rows.collect()
}

fn signed(value: Interval) -> String {
    with_interval(value, 3).replace('–', " to ")
}
