//! The figures of the document.

use iatro_review::figure::{DotPlot, DotRow, DotSeries, LinePlot, LineSeries, Mark, Span, Svg};
use iatro_review::interval::Interval;

use super::tables::{PARTS, QUANTITIES, found, scenarios};
use crate::grid::{Grid, POWER, power_key};
use crate::method::Method;
use crate::recovery::Planted;
use crate::summary::{Area, area, called, coverage, is_innocent};

/// Every figure with the name of its file.
pub fn all(grid: &Grid) -> Vec<(&'static str, Svg)> {
    vec![
        ("auprc.svg", auprc(grid)),
        ("innocents.svg", innocents(grid)),
        ("power.svg", power(grid)),
        ("coverage.svg", coverages(grid)),
    ]
}

fn mark(method: Method) -> Mark {
    match method {
        Method::Ror => Mark::Square,
        Method::Ic => Mark::Triangle,
        Method::Ebgm => Mark::Diamond,
        Method::Lasso => Mark::Wedge,
        Method::Attribution | Method::PairNamed | Method::Weighed => Mark::Circle,
    }
}

fn series() -> Vec<DotSeries> {
    let series = |method: Method| DotSeries { name: method.name().to_owned(), mark: mark(method) };
    Method::COMPARED.into_iter().map(series).collect()
}

fn auprc(grid: &Grid) -> Svg {
    let rows = scenarios(grid).filter(|(scenario, _)| scenario.id != "nothing");
    let row = |(scenario, plantings): (&iatro_synth::Scenario, &[_])| DotRow {
        name: scenario.title.to_owned(),
        dots: Method::COMPARED
            .iter()
            .map(|method| area(plantings, *method, Area::PrecisionRecall, 1))
            .collect(),
    };
    DotPlot {
        id: "auprc".to_owned(),
        title: "Area under the precision-recall curve by scenario and method".to_owned(),
        axis:
            "area under the precision-recall curve for culprits (mean, 95 % interval of the mean)"
                .to_owned(),
        span: Span::UNIT,
        series: series(),
        rows: rows.map(row).collect(),
    }
    .svg()
}

fn innocents(grid: &Grid) -> Svg {
    let rows = scenarios(grid).flat_map(|(scenario, plantings)| {
        PARTS.into_iter().filter_map(move |part| {
            let share = |method: &Method| called(plantings, *method, is_innocent(part)).interval();
            let dots: Vec<Interval> = Method::COMPARED.iter().map(share).collect();
            let is_planted = dots.iter().any(|dot| dot.value().is_some());
            is_planted
                .then(|| DotRow { name: format!("{}: {}", part.name(), scenario.title), dots })
        })
    });
    DotPlot {
        id: "innocents".to_owned(),
        title: "Share of innocent substances that each method calls".to_owned(),
        axis: "share called (Wilson 95 %); lower is better".to_owned(),
        span: Span::UNIT.with_reference(0.05),
        series: series(),
        rows: rows.collect(),
    }
    .svg()
}

fn power(grid: &Grid) -> Svg {
    let points = |method: Method| {
        let point = |cases: u32| {
            let plantings = grid.plantings.get(&power_key(cases))?;
            Some((f64::from(cases), found(plantings, method).interval()))
        };
        POWER.into_iter().filter_map(point).collect()
    };
    let line = |method: Method| LineSeries {
        name: method.name().to_owned(),
        mark: mark(method),
        points: points(method),
    };
    LinePlot {
        id: "power".to_owned(),
        title: "Power by number of cases".to_owned(),
        across: "expected cases of the culprit, logarithmic axis".to_owned(),
        upwards: "share of plantings in which the culprit is called (Wilson 95 %)".to_owned(),
        span: Span::UNIT,
        series: Method::COMPARED.into_iter().map(line).collect(),
    }
    .svg()
}

fn coverages(grid: &Grid) -> Svg {
    let kinds = [
        ("lambda, culprits", 0, Planted::Culprit, Mark::Circle),
        ("lambda, trigger diseases", 0, Planted::Disease, Mark::Square),
        ("attributed cases, culprits", 1, Planted::Culprit, Mark::Triangle),
        ("attributed cases, trigger diseases", 1, Planted::Disease, Mark::Diamond),
        ("attributed cases, background", 1, Planted::Background, Mark::Wedge),
    ];
    let rows = scenarios(grid).map(|(scenario, plantings)| DotRow {
        name: scenario.title.to_owned(),
        dots: kinds
            .iter()
            .map(|(_, which, planted, _)| {
                let (_, quantity) = QUANTITIES[*which];
                coverage(plantings, Method::Attribution, *planted, quantity).covered.interval()
            })
            .collect(),
    });
    DotPlot {
        id: "coverage".to_owned(),
        title: "Share of 95 % credible intervals that hold the planted number".to_owned(),
        axis: "share of 95 % credible intervals that hold the planted number (Wilson 95 %); dashed: 0.95"
            .to_owned(),
        span: Span::UNIT.with_reference(0.95),
        series: kinds
            .iter()
            .map(|(name, _, _, mark)| DotSeries { name: (*name).to_owned(), mark: *mark })
            .collect(),
        rows: rows.collect(),
    }
    .svg()
}
