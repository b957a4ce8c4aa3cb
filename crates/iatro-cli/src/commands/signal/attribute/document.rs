//! An attribution as one JSON document: the answer of the model with all that it took for granted and
//! learned, and the other methods beside it.

use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_signals::attribution::AttributedCause;
use serde_json::{Map, Value, json};

use super::Shown;
use crate::error::CliError;

pub(super) fn of(shown: &Shown<'_>) -> Result<Value, CliError> {
    let run = shown.run;
    let counts = &run.run;
    let mut document = object(json!({
        "what": iatro_review::prose::ATTRIBUTION,
        "dataset_id": counts.dataset_id,
        "run_id": run.run_id,
        "signal_run_id": counts.run_id,
        "question": counts.question,
        "settings": settings(shown),
        "min_cases": shown.args.min_cases,
        "waterfall": counts.waterfall,
        "set_aside": counts.set_aside,
        "pairs_apart": shown.pairs_apart(),
    }));
    document.extend(object(to_json(&run.attribution)?));
    document.insert("causes".to_owned(), to_json(&shown.causes().collect::<Vec<_>>())?);
    document
        .insert("comparison".to_owned(), shown.causes().map(|row| compared(shown, row)).collect());
    document.insert("prior".to_owned(), to_json(&counts.prior)?);
    let regression = run
        .regression
        .as_ref()
        .map(|fit| json!({ "penalty": "L1", "lambda": fit.lambda, "columns": fit.columns }));
    document.insert("regression".to_owned(), regression.into());
    if shown.args.cases {
        document.insert("event_reports".to_owned(), event_reports(shown)?);
    }
    document.insert("notice".to_owned(), RESEARCH_USE.into());
    Ok(Value::Object(document))
}

fn settings(shown: &Shown<'_>) -> Value {
    let settings = shown.settings;
    json!({
        "strata": settings.factors.iter().map(|factor| factor.name()).collect::<Vec<_>>(),
        "pairs": settings.pairs,
        "time_to_onset": settings.time_to_onset,
        "weigh_duplicates": settings.weigh_duplicates,
    })
}

/// What every method says of a cause. Plain disproportionality is counted for substances.
fn compared(shown: &Shown<'_>, row: &AttributedCause) -> Value {
    let signal = shown.signal(row);
    let (estimates, shrunk) = (signal.map(|s| &s.estimates), signal.map(|s| &s.shrinkage));
    json!({
        "cause": row.cause,
        "group": row.group,
        "n": row.n,
        "attributed": row.attributed,
        "attributed_lo": row.attributed_interval.map(|limits| limits.0),
        "attributed_hi": row.attributed_interval.map(|limits| limits.1),
        "ror": estimates.and_then(|e| e.ror),
        "ror_lo": estimates.and_then(|e| e.ror_lo),
        "ror_hi": estimates.and_then(|e| e.ror_hi),
        "ic": estimates.and_then(|e| e.ic),
        "ic025": estimates.and_then(|e| e.ic025),
        "ic975": estimates.and_then(|e| e.ic975),
        "ebgm": shrunk.and_then(|s| s.ebgm),
        "eb05": shrunk.and_then(|s| s.eb05),
        "eb95": shrunk.and_then(|s| s.eb95),
        "l1_coefficient": shown.coefficient(row),
    })
}

/// Every event report with its place in the files and the probability of everything on it.
fn event_reports(shown: &Shown<'_>) -> Result<Value, CliError> {
    let shares = &shown.run.attribution.case_shares;
    let report = |(case, attributed)| -> Result<Value, CliError> {
        let mut report = object(to_json(case)?);
        report.extend(object(to_json(attributed)?));
        Ok(Value::Object(report))
    };
    shown.run.cases.iter().zip(shares).map(report).collect()
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<Value, CliError> {
    serde_json::to_value(value).map_err(|error| CliError::failed(format!("JSON: {error}")))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}
