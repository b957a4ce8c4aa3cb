//! `iatro stats tto`: times to onset, described, fitted and compared between groups.

use std::collections::BTreeMap;
use std::path::PathBuf;

use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_review::number::counted;
use iatro_stats::Estimate;
use iatro_stats::time_to_onset::{
    Comparison, Description, FitError, InterpolatedP, Onset, Parameter, compare, describe,
};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::global::Global;
use crate::input::{Row, Table};
use crate::output::table;

/// The cases.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A CSV file with the column days (whole days from start to onset), or lower,upper (an interval
    /// of days; an empty upper means no onset by lower). Further columns: truncation (days from start
    /// to report), group. Where the table has both, days are read. - is standard input.
    #[arg(long, value_name = "CASES.csv")]
    input: PathBuf,
}

pub(super) fn answer_of(args: &Args, global: &Global) -> Result<Answer, CliError> {
    let table = Table::read(&args.input, &[])?;
    let interval = table.has("lower") && table.has("upper");
    if !interval && !table.has("days") {
        return Err(CliError::bad_data(format!(
            "{}, line 1: no column days, and not both lower and upper. Expected a row a case.",
            table.name()
        )));
    }
    // Days go before an interval; what is then not read is named.
    let read: &[&str] = if table.has("days") { &["days"] } else { &["lower", "upper"] };
    super::name_unused(&table, &[read, &["truncation", "group"]].concat(), global);
    let mut groups: BTreeMap<&str, Vec<Onset>> = BTreeMap::new();
    for row in table.rows() {
        groups.entry(row.group()?).or_default().push(onset(&table, &row)?);
    }
    if groups.is_empty() {
        return Err(CliError::bad_data(format!(
            "{}: no case. Expected a row a case.",
            table.name()
        )));
    }
    let described: Vec<(&str, Description)> =
        groups.iter().map(|(name, onsets)| (*name, describe(onsets))).collect();
    Ok(answer(&described))
}

fn onset(table: &Table, row: &Row<'_>) -> Result<Onset, CliError> {
    let truncation = row.optional_number("truncation")?;
    if !table.has("days") {
        let onset = Onset::new(row.number("lower")?, row.optional_number("upper")?, truncation);
        return onset.map_err(|error| row.unfit("lower", &error.to_string()));
    }
    let days = u32::try_from(row.count("days")?);
    let days = days.map_err(|_| row.expected("days", "fewer than 2³² days"))?;
    let onset = Onset::on_day(days);
    let truncated = match truncation {
        None => Ok(onset),
        Some(_) => {
            let reported = u32::try_from(row.count("truncation")?);
            onset.reported_on_day(reported.map_err(|_| row.expected("truncation", "fewer days"))?)
        }
    };
    truncated.map_err(|error| row.unfit("days", &error.to_string()))
}

/// One quantity of a group: name, point, limits.
type Quantity = (&'static str, f64, [Option<f64>; 2]);

/// Everything that is known of a group, in the order in which it is shown.
fn quantities(description: &Description) -> Vec<Quantity> {
    let mut rows: Vec<Quantity> = Vec::new();
    let both = |estimate: &Estimate| [Some(estimate.lower), Some(estimate.upper)];
    if let Some(sample) = &description.sample {
        let interval = sample.median_interval.as_ref();
        rows.push((
            "median as observed, days",
            sample.median,
            interval.map_or([None, None], |interval| both(&interval.estimate)),
        ));
        rows.push(("lower quartile, days", sample.lower_quartile, [None, None]));
        rows.push(("upper quartile, days", sample.upper_quartile, [None, None]));
    }
    let of = |p: &Parameter| (p.point, [p.profile.lower, p.profile.upper]);
    let mut add = |name, parameter: &Parameter| {
        let (point, limits) = of(parameter);
        rows.push((name, point, limits));
    };
    if let Ok(fit) = &description.weibull {
        add("Weibull scale, days", &fit.scale_days);
        add("Weibull shape", &fit.shape);
        add("Weibull median, days", &fit.median_days);
    }
    if let Ok(fit) = &description.log_normal {
        add("log-normal mu", &fit.mu);
        add("log-normal sigma", &fit.sigma);
        add("log-normal median, days", &fit.median_days);
    }
    rows
}

/// Each group against the others, where there are several.
fn comparisons(described: &[(&str, Description)]) -> Vec<(String, Comparison)> {
    let mut found = Vec::new();
    for (at, (name, description)) in described.iter().enumerate() {
        for (other, against) in &described[at + 1..] {
            if let Ok(comparison) = compare(&description.times_days, &against.times_days) {
                found.push((format!("{name} against {other}"), comparison));
            }
        }
    }
    found
}

fn answer(described: &[(&str, Description)]) -> Answer {
    let mut rows = Rows::new(&[
        ("group", Kind::Text),
        ("quantity", Kind::Text),
        ("estimate", Kind::Number),
        ("lower", Kind::Number),
        ("upper", Kind::Number),
    ]);
    for (group, description) in described {
        for (name, point, [lower, upper]) in quantities(description) {
            rows.push(vec![(*group).into(), name.into(), point.into(), lower.into(), upper.into()]);
        }
    }
    let compared = comparisons(described);
    let groups: Vec<Value> =
        described.iter().map(|(group, description)| group_document(group, description)).collect();
    let tests: Vec<Value> =
        compared.iter().map(|(which, comparison)| test_document(which, comparison)).collect();
    let document = json!({"groups": groups, "comparisons": tests, "notice": RESEARCH_USE});
    let mut text: Vec<String> =
        described.iter().map(|(group, description)| group_text(group, description)).collect();
    text.extend((!compared.is_empty()).then(|| tests_text(&compared)));
    text.push(format!(
        "Intervals are 95 %: order statistics for the median as observed, profile likelihood for the \
         fits.\n{RESEARCH_USE}"
    ));
    Answer { rows, document, text: text.join("\n\n") }
}

fn fit_state<T>(fit: &Result<T, FitError>) -> Option<String> {
    fit.as_ref().err().map(ToString::to_string)
}

fn group_document(group: &str, description: &Description) -> Value {
    let mut found = Map::new();
    for (name, point, [lower, upper]) in quantities(description) {
        let value = json!({"estimate": point, "lower": lower, "upper": upper});
        found.insert(name.to_owned(), value);
    }
    json!({
        "group": group,
        "cases": description.cases,
        "truncated": description.truncated,
        "without_upper": description.without_upper,
        "widest_days": description.widest_days,
        "quantities": found,
        "shape": description.shape.name(),
        "smaller_aic": description.smaller_aic.map(|family| format!("{family:?}")),
        "weibull_not_fitted": fit_state(&description.weibull),
        "log_normal_not_fitted": fit_state(&description.log_normal),
    })
}

fn test_document(which: &str, comparison: &Comparison) -> Value {
    json!({
        "groups": which,
        "sizes": comparison.sizes,
        "kolmogorov_smirnov_p": comparison.kolmogorov_smirnov.p(),
        "anderson_darling_p": anderson_darling_p(comparison).to_json(),
    })
}

/// The p-value of the test, which is tabulated from 0.001 to 0.25 only.
fn anderson_darling_p(comparison: &Comparison) -> Cell {
    match comparison.anderson_darling.map(|test| test.p) {
        None => Cell::Missing,
        Some(InterpolatedP::Value(p)) => p.into(),
        Some(InterpolatedP::Below(p)) => format!("< {p}").into(),
        Some(InterpolatedP::Above(p)) => format!("> {p}").into(),
    }
}

fn group_text(group: &str, description: &Description) -> String {
    let mut shown = Rows::new(&[
        ("quantity", Kind::Text),
        ("estimate", Kind::Number),
        ("lower", Kind::Number),
        ("upper", Kind::Number),
    ]);
    for (name, point, [lower, upper]) in quantities(description) {
        shown.push(vec![name.into(), point.into(), Cell::from(lower), Cell::from(upper)]);
    }
    let title = if group.is_empty() { String::new() } else { format!("{group}: ") };
    let mut text = format!(
        "{title}{}, {} of them right truncated, {} without an upper end\n\n{}\n\n\
         Weibull shape read as: {}",
        counted(description.cases as u64, "case", "cases"),
        table::thousands(description.truncated as u64),
        table::thousands(description.without_upper as u64),
        table::render(&shown),
        description.shape.name(),
    );
    for (family, state) in [
        ("Weibull", fit_state(&description.weibull)),
        ("log-normal", fit_state(&description.log_normal)),
    ] {
        if let Some(why) = state {
            text.push_str(&format!("\n{family}: not fitted ({why})"));
        }
    }
    text
}

fn tests_text(compared: &[(String, Comparison)]) -> String {
    let mut shown = Rows::new(&[
        ("groups", Kind::Text),
        ("Kolmogorov-Smirnov p", Kind::Number),
        ("Anderson-Darling p", Kind::Number),
    ]);
    for (which, comparison) in compared {
        shown.push(vec![
            which.as_str().into(),
            comparison.kolmogorov_smirnov.p().into(),
            anderson_darling_p(comparison),
        ]);
    }
    table::render(&shown)
}
