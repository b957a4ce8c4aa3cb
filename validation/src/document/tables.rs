//! The tables of the document.

use iatro_review::number::{decimals, thousands};
use iatro_synth::{PlantedPart, SCENARIOS, Scenario};

use super::{table, with_interval};
use crate::grid::{Grid, POWER, power_key};
use crate::method::Method;
use crate::planting::{Judged, Planting};
use crate::recovery::{Planted, Quantity, Recovered};
use crate::summary::{Area, Coverage, Share, area, called, coverage, is_innocent};

pub(super) const AREAS: &str = "\
Mean area over the seeds with the normal 95 % interval of the mean. Positive are all culprits with at \
least one case (giants, culprits always together and members of an interacting pair among them), negative \
all other substances with at least one case; then the same among substances with at least three. A method \
that says nothing of a substance puts it last. The interacting pair is no culprit that any method but the \
one with the pair named looks for as such.\n";
pub(super) const INNOCENTS: &str = "\
Of the innocent substances with a part and at least one case, the share that a method calls, with the \
Wilson 95 % interval. Lower is better.\n";
pub(super) const POWER_TEXT: &str = "\
One culprit with a hazard of 0.05 a report, on as many reports as give the expected number of cases, among \
background events. Share of plantings in which it is called, with the Wilson 95 % interval.\n";
pub(super) const RECOVERY: &str = "\
Planted hazards beside lambda, and event reports that came from something beside its attributed cases. Bias \
is the sum of the posterior means over the sum of what was planted, minus 1. Culprits always together are \
held against the sum of both. Cases of a trigger disease count whether the report mentions it or not; one \
report in twenty does not, by plan. Counts are whole numbers, so that an interval that is right as often as \
it says can cover more often.\n";

/// The parts whose calls are counted.
pub(super) const PARTS: [PlantedPart; 6] = [
    PlantedPart::Bystander,
    PlantedPart::Channelled,
    PlantedPart::Therapy,
    PlantedPart::AgeBound,
    PlantedPart::Notorious,
    PlantedPart::Interacting,
];

/// The scenarios that were run, with their plantings.
pub(super) fn scenarios(grid: &Grid) -> impl Iterator<Item = (&'static Scenario, &[Planting])> {
    SCENARIOS.iter().filter_map(|s| Some((s, grid.plantings.get(s.id)?.as_slice())))
}

/// Whether any planting has an answer of a method.
fn has(plantings: &[Planting], method: Method) -> bool {
    plantings.iter().any(|planting| planting.recovered.contains_key(&method))
}

fn header(first: &[&'static str], methods: &[Method]) -> Vec<&'static str> {
    first.iter().copied().chain(methods.iter().map(|method| method.name())).collect()
}

/// A cell for every method; an en rule for an option that a scenario does not ask for.
fn cells(methods: &[Method], cell: impl Fn(Method) -> String) -> impl Iterator<Item = String> {
    methods.iter().map(move |method| cell(*method)).collect::<Vec<_>>().into_iter()
}

fn share(share: Share) -> String {
    if share.of == 0 {
        return "–".to_owned();
    }
    format!("{}/{} = {}", share.hits, share.of, with_interval(share.interval(), 3))
}

pub(super) fn areas(grid: &Grid) -> Vec<(&'static str, String)> {
    let of = |which: Area, fewest| {
        let rows =
            scenarios(grid).filter(|(s, _)| s.id != "nothing").map(|(scenario, plantings)| {
                let area = |method| with_interval(area(plantings, method, which, fewest), 3);
                std::iter::once(scenario.id.to_owned()).chain(cells(&Method::ALL, area)).collect()
            });
        table(&header(&["scenario"], &Method::ALL), rows)
    };
    vec![
        ("Area under the precision-recall curve", of(Area::PrecisionRecall, 1)),
        ("Area under the precision-recall curve, at least 3 cases", of(Area::PrecisionRecall, 3)),
        ("Area under the ROC curve", of(Area::Roc, 1)),
        ("Area under the ROC curve, at least 3 cases", of(Area::Roc, 3)),
    ]
}

pub(super) fn innocents(grid: &Grid) -> String {
    let rows = scenarios(grid).flat_map(|(scenario, plantings)| {
        PARTS.into_iter().filter_map(move |part| {
            let called = |method| called(plantings, method, is_innocent(part));
            (called(Method::Ror).of > 0).then(|| {
                let first = [scenario.id.to_owned(), part.name().to_owned()];
                first.into_iter().chain(cells(&Method::ALL, |m| share(called(m)))).collect()
            })
        })
    });
    table(&header(&["scenario", "part"], &Method::ALL), rows)
}

/// Whether an innocent bystander or channelled drug looks strongly reported.
pub(super) fn is_loud(part: PlantedPart) -> impl Fn(&Judged) -> bool {
    move |s| is_innocent(part)(s) && s.ror.is_some_and(|ror| ror >= 20.0)
}

pub(super) fn loud(grid: &Grid) -> String {
    let rows = scenarios(grid).flat_map(|(scenario, plantings)| {
        [PlantedPart::Bystander, PlantedPart::Channelled].into_iter().filter_map(move |part| {
            let called = |method| called(plantings, method, is_loud(part));
            (called(Method::Ror).of > 0).then(|| {
                let first = [scenario.id.to_owned(), part.name().to_owned()];
                first.into_iter().chain(cells(&Method::ALL, |m| share(called(m)))).collect()
            })
        })
    });
    table(&header(&["scenario", "part"], &Method::ALL), rows)
}

pub(super) fn others(grid: &Grid) -> String {
    let rows = scenarios(grid).map(|(scenario, plantings)| {
        let called = |method| share(called(plantings, method, |s| s.part.is_none()));
        std::iter::once(scenario.id.to_owned()).chain(cells(&Method::ALL, called)).collect()
    });
    table(&header(&["scenario"], &Method::ALL), rows)
}

/// Whether a culprit has at least 10 cases.
pub(super) fn is_heavy(substance: &Judged) -> bool {
    substance.culprit && substance.n >= 10
}

pub(super) fn kept(grid: &Grid) -> String {
    let rows = scenarios(grid).filter(|(s, _)| s.id != "nothing").map(|(scenario, plantings)| {
        let called = |method| share(called(plantings, method, is_heavy));
        std::iter::once(scenario.id.to_owned()).chain(cells(&Method::ALL, called)).collect()
    });
    let table = table(&header(&["scenario"], &Method::ALL), rows);
    format!(
        "Culprits with at least 10 cases that a method calls, with the Wilson 95 % interval.\n\n{table}"
    )
}

/// Plantings in which the culprit is called.
pub(super) fn found(plantings: &[Planting], method: Method) -> Share {
    let mut share = Share::default();
    for planting in plantings {
        let mut culprits = planting.substances.iter().filter(|substance| substance.culprit);
        share.count(culprits.any(|s| s.verdicts.get(&method).is_some_and(|v| v.called)));
    }
    share
}

pub(super) fn power(grid: &Grid) -> String {
    let rows = POWER.into_iter().filter_map(|cases| {
        let plantings = grid.plantings.get(&power_key(cases))?;
        let found = |method| share(found(plantings, method));
        let first = std::iter::once(thousands(u64::from(cases)));
        Some(first.chain(cells(&Method::COMPARED, found)).collect())
    });
    table(&header(&["expected cases"], &Method::COMPARED), rows)
}

fn row(first: [String; 3], found: &Coverage) -> Vec<String> {
    let bias =
        found.bias().map_or("–".to_owned(), |bias| format!("{} %", decimals(bias * 100.0, 1)));
    let cells = [share(found.covered), bias, thousands(found.refused)];
    first.into_iter().chain(cells).collect()
}

/// One quantity of what was recovered.
type QuantityOf = fn(&Recovered) -> Option<Quantity>;

/// The two quantities that are recovered.
pub(super) const QUANTITIES: [(&str, QuantityOf); 2] =
    [("Lambda", |found| found.lambda), ("Attributed cases", |found| Some(found.cases))];

pub(super) fn recovery(grid: &Grid) -> Vec<(&'static str, String)> {
    let of = |quantity: QuantityOf, is_lambda: bool| {
        let rows = scenarios(grid).flat_map(move |(scenario, plantings)| {
            let options = [Method::Attribution, Method::PairNamed, Method::Weighed];
            let options = options.into_iter().filter(move |method| has(plantings, *method));
            options.flat_map(move |method| {
                Planted::ALL.into_iter().filter_map(move |planted| {
                    let innocent = planted == Planted::Innocent && is_lambda;
                    let found = coverage(plantings, method, planted, quantity);
                    let first = [scenario.id, method.name(), planted.name()].map(str::to_owned);
                    let is_empty = found.covered.of + found.refused == 0;
                    (!is_empty && !innocent).then(|| row(first, &found))
                })
            })
        });
        table(&["scenario", "option", "of", "interval covers", "bias", "no interval"], rows)
    };
    QUANTITIES.map(|(title, quantity)| (title, of(quantity, title == "Lambda"))).to_vec()
}

pub(super) fn refusals(grid: &Grid) -> String {
    let rows = scenarios(grid).map(|(scenario, plantings)| {
        let sum = |of: fn(&Planting) -> u64| thousands(plantings.iter().map(of).sum());
        vec![
            scenario.id.to_owned(),
            sum(|planting| planting.refused),
            sum(|planting| planting.asked),
            sum(|planting| u64::from(!planting.has_prior)),
            sum(|planting| u64::from(!planting.has_regression)),
        ]
    });
    let header = [
        "scenario",
        "rows without interval (attribution)",
        "of",
        "samples without a prior for EBGM",
        "samples without a regression",
    ];
    format!(
        "A row whose chains do not agree has no interval; it is not called, and ranks below those that \
         have cases for certain.\n\n{}",
        table(&header, rows)
    )
}
