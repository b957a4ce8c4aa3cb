//! `iatro stats mgps`: the gamma-Poisson shrinker on a table of pairs.

use std::path::PathBuf;

use clap::ValueEnum;
use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_stats::gamma_poisson::{
    Fit, FitError, FitOptions, FittedOn, Likelihood, Location, Optimum, Pair, Prior, Score, fit,
    score,
};
use serde_json::{Value, json};

use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::global::Global;
use crate::input::Table;
use crate::output::{self, table};

const COLUMNS: [&str; 4] = ["var1", "var2", "N", "E"];

/// The pairs, and how to fit.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A CSV file with the columns var1, var2, N (observed) and E (expected); - is standard input.
    #[arg(long, value_name = "PAIRS.csv")]
    input: PathBuf,
    /// Which likelihood the prior maximises.
    #[arg(long, value_enum, default_value_t = Which::Components)]
    likelihood: Which,
}

/// The likelihoods, for the command line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Which {
    /// Each component truncated at N >= 1, as published and as packages compute it.
    Components,
    /// The mixture truncated at N >= 1.
    Mixture,
    /// Nothing truncated: the table holds the pairs with N = 0 too.
    Complete,
}

impl Which {
    fn likelihood(self) -> Likelihood {
        match self {
            Self::Components => Likelihood::ComponentsTruncated { minimum: 1 },
            Self::Mixture => Likelihood::MixtureTruncated { minimum: 1 },
            Self::Complete => Likelihood::Complete,
        }
    }
}

/// The fit is the answer; with --output, the scores go to the file and the fit is printed.
pub(super) fn run(args: &Args, global: &Global) -> Result<(), CliError> {
    let table = Table::read(&args.input, &COLUMNS)?;
    super::name_unused(&table, &COLUMNS, global);
    super::name_repeated(&table, &["var1", "var2"], global);
    let pairs = pairs(&table)?;
    let options = FitOptions { likelihood: args.likelihood.likelihood(), ..FitOptions::default() };
    let fit = fit(&pairs, &options).map_err(|error| match error {
        FitError::Pair(wrong) => table.at_row(wrong.row, &error.to_string()),
        other => CliError::bad_data(format!("{}: {other}", table.name())),
    })?;
    let answer = fit_answer(&fit, args.likelihood);
    if global.output.is_some() {
        let scores = score(fit.prior(), &pairs)
            .map_err(|error| table.at_row(error.row, &error.to_string()))?;
        output::write(&score_answer(&table, &pairs, &scores, &answer.document), global)?;
        return output::write(&answer, &global.to_standard_output());
    }
    output::write(&answer, global)
}

fn pairs(table: &Table) -> Result<Vec<Pair>, CliError> {
    let pair = |row: crate::input::Row<'_>| {
        let expected = row.number("E")?;
        if expected <= 0.0 {
            return Err(row.expected("E", "an expected count above 0"));
        }
        Ok(Pair { observed: row.count("N")?, expected })
    };
    table.rows().map(pair).collect()
}

fn score_answer(table: &Table, pairs: &[Pair], scores: &[Score], fit: &Value) -> Answer {
    let mut rows = Rows::new(&[
        ("var1", Kind::Text),
        ("var2", Kind::Text),
        ("N", Kind::Count),
        ("E", Kind::Number),
        ("ebgm", Kind::Number),
        ("eb05", Kind::Number),
        ("eb95", Kind::Number),
    ]);
    for ((row, pair), score) in table.rows().zip(pairs).zip(scores) {
        rows.push(vec![
            row.text("var1").into(),
            row.text("var2").into(),
            pair.observed.into(),
            pair.expected.into(),
            score.ebgm.into(),
            score.eb05.into(),
            score.eb95.into(),
        ]);
    }
    let document = json!({"fit": fit, "pairs": rows.to_objects(), "notice": RESEARCH_USE});
    let text = format!("{}\n\n{RESEARCH_USE}", table::render(&rows));
    Answer { rows, document, text }
}

/// The five numbers by name, with their standard errors.
fn parameters(optimum: &Optimum) -> [(&'static str, f64, Option<f64>); 5] {
    let [alpha1, beta1, alpha2, beta2, p] = optimum.prior.to_array();
    let errors = optimum.standard_errors;
    [
        ("alpha1", alpha1, errors.map(|e| e.alpha1)),
        ("beta1", beta1, errors.map(|e| e.beta1)),
        ("alpha2", alpha2, errors.map(|e| e.alpha2)),
        ("beta2", beta2, errors.map(|e| e.beta2)),
        ("p", p, errors.map(|e| e.p)),
    ]
}

fn fit_answer(fit: &Fit, which: Which) -> Answer {
    let mut rows = Rows::new(&[
        ("parameter", Kind::Text),
        ("estimate", Kind::Number),
        ("standard_error", Kind::Number),
    ]);
    for (name, estimate, error) in parameters(&fit.best) {
        rows.push(vec![name.into(), estimate.into(), error.into()]);
    }
    rows.push(vec!["log_likelihood".into(), fit.best.log_likelihood.into(), Cell::Missing]);
    Answer { document: document(fit, which), text: text(fit, which), rows }
}

fn document(fit: &Fit, which: Which) -> Value {
    let optimum = |optimum: &Optimum| {
        let prior = Value::Object(
            parameters(optimum)
                .into_iter()
                .map(|(name, value, _)| (name.to_owned(), value.into()))
                .collect(),
        );
        let errors = optimum.standard_errors.map(|_| {
            Value::Object(
                parameters(optimum)
                    .into_iter()
                    .map(|(name, _, error)| (name.to_owned(), Cell::from(error).to_json()))
                    .collect(),
            )
        });
        json!({
            "prior": prior,
            "standard_errors": errors,
            "log_likelihood": optimum.log_likelihood,
            "starts": optimum.starts,
            "location": location(optimum.location),
            "converged": optimum.converged,
            "gradient_norm": optimum.gradient_norm,
        })
    };
    let starts = fit.starts.iter().map(|start| {
        json!({
            "start": start.start.to_array(),
            "steps": start.steps,
            "converged": start.converged,
            "optimum": start.optimum,
        })
    });
    json!({
        "likelihood": likelihood_name(which),
        "data": data_name(fit.data),
        "pairs": fit.pairs,
        "points": fit.points,
        "best": optimum(&fit.best),
        "others": fit.others.iter().map(optimum).collect::<Vec<_>>(),
        "starts": starts.collect::<Vec<_>>(),
        "notice": RESEARCH_USE,
    })
}

fn text(fit: &Fit, which: Which) -> String {
    let best = &fit.best;
    let mut shown = Rows::new(&[
        ("parameter", Kind::Text),
        ("estimate", Kind::Text),
        ("standard error", Kind::Text),
    ]);
    for (name, estimate, error) in parameters(best) {
        let error = error.map_or("–".to_owned(), |error| format!("{error:.6}"));
        shown.push(vec![name.into(), format!("{estimate:.6}").into(), error.into()]);
    }
    let mut text = format!(
        "Gamma-Poisson shrinker (MGPS): prior fitted to {} pairs ({} distinct)\n{}\n\n{}\n\n\
         log likelihood {:.6}; {}; {} of {} starting points led here\n",
        table::thousands(fit.pairs),
        table::thousands(fit.points as u64),
        likelihood_name(which),
        table::render(&shown),
        best.log_likelihood,
        if best.converged { location(best.location) } else { "NOT CONVERGED" },
        best.starts,
        fit.starts.len(),
    );
    for other in &fit.others {
        text.push_str(&format!(
            "another optimum, log likelihood {} by {:.3}, from {} starting points: {}\n",
            if other.log_likelihood > best.log_likelihood { "higher" } else { "lower" },
            (best.log_likelihood - other.log_likelihood).abs(),
            other.starts,
            prior_text(&other.prior),
        ));
    }
    text.push_str("\nScores of every pair: --output FILE.\n");
    text.push_str(RESEARCH_USE);
    text
}

fn prior_text(prior: &Prior) -> String {
    prior.to_array().map(|value| format!("{value:.4}")).join(", ")
}

fn likelihood_name(which: Which) -> &'static str {
    match which {
        Which::Components => "likelihood of MGPS as published: components truncated at N >= 1",
        Which::Mixture => "likelihood with the mixture truncated at N >= 1",
        Which::Complete => "complete likelihood: nothing truncated",
    }
}

fn data_name(data: FittedOn) -> &'static str {
    match data {
        FittedOn::Full => "all pairs",
        FittedOn::FullAfterSquashedStarts => "all pairs; starts on squashed data",
        FittedOn::Squashed => "squashed data only",
    }
}

fn location(location: Location) -> &'static str {
    match location {
        Location::Interior => "a proper maximum",
        Location::Boundary => "a maximum at a bound: the data ask for a simpler prior",
        Location::Flat => "a flat maximum: the data do not part the parameters",
    }
}
