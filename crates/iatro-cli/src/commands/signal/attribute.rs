//! `iatro signal attribute`: the event reports, divided among what stands on them under a stated model.

mod document;
mod grid;
mod rows;
mod text;

use std::collections::BTreeMap;

use iatro_reports::dictionary::term::fold_term;
use iatro_signals::attribution::{
    AttributedCause, AttributionRun, AttributionSettings, Group, run as run_attribution,
};
use iatro_signals::corpus::strata::Factor;
use iatro_signals::run::Signal;

use super::Ask;
use crate::answer::Answer;
use crate::commands::study;
use crate::error::{CliError, Status};
use crate::global::{Format, Global};
use crate::lake::Wanted;
use crate::output;

/// What is attributed, and how.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    ask: Ask,
    /// For every event report the probability of each substance and trigger on it: the rows of CSV,
    /// Markdown, NDJSON and Parquet, and more in the table and JSON.
    #[arg(long)]
    cases: bool,
    /// Give these two substances a contribution of their own where they stand together; may be repeated.
    /// A name that holds a comma is parted from the other by a semicolon.
    #[arg(long = "pair", value_name = "A,B")]
    pairs: Vec<String>,
    /// What the background depends on: age_group, sex, period, year, region; or none.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "age_group,sex,period,region",
        value_name = "FACTOR,…"
    )]
    strata: Vec<String>,
    /// Let the time from start to onset tell substances apart, where a report has both dates.
    #[arg(long)]
    time_to_onset: bool,
    /// Let the reports of a cluster of suspected duplicates share the weight of one.
    #[arg(long)]
    weigh_duplicates: bool,
    /// Seed of the sampler; without it that of the study.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Chains; their agreement says whether an interval is given.
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=64))]
    chains: u64,
    /// Sweeps of each chain; the first fifth is thrown away.
    #[arg(long, default_value_t = 5_000, value_name = "N", value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    sweeps: u64,
    /// List only what stands on at least this many event reports; everything takes part all the same.
    #[arg(long, default_value_t = 0, value_name = "N")]
    min_cases: u64,
    /// How many rows to show to people; every other format has all.
    #[arg(long, default_value_t = 25, value_name = "N")]
    top: usize,
}

impl Args {
    fn settings(&self) -> Result<AttributionSettings, CliError> {
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(AttributionSettings {
            seed: self.seed,
            chains: whole(self.chains),
            sweeps: whole(self.sweeps),
            factors: factors(&self.strata)?,
            pairs: pairs(&self.pairs)?,
            weigh_duplicates: self.weigh_duplicates,
            time_to_onset: self.time_to_onset,
        })
    }
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    let settings = args.settings()?;
    let study = study::load(&args.ask.study)?;
    let chosen = args.ask.engine.chosen(&args.ask.at)?;
    let snapshot = args.ask.at.snapshot(Wanted::Counting, global)?;
    let engines = chosen.of(&snapshot)?;
    let run = run_attribution(
        &snapshot,
        &study,
        &args.ask.settings(),
        &settings,
        args.cases,
        engines.as_ref(),
    )?;
    chosen.tell(global);
    let shown = Shown::new(args, &settings, &run)?;
    let rows = if args.cases { rows::of_cases(&shown) } else { rows::of_causes(&shown) };
    let answer = Answer { rows, document: document::of(&shown)?, text: text::of(&shown) };
    output::write(&answer, global)?;
    // The table says so itself, and JSON has a field for it.
    let is_rows = !matches!(global.format(), Format::Table | Format::Json) && !args.cases;
    if let Some(line) = shown.not_converged().filter(|_| is_rows) {
        output::remark(global, &line);
    }
    Ok(Status::Fine)
}

/// A run with what is chosen of it.
struct Shown<'r> {
    args: &'r Args,
    settings: &'r AttributionSettings,
    run: &'r AttributionRun,
    signals: BTreeMap<&'r str, &'r Signal>,
}

impl<'r> Shown<'r> {
    fn new(
        args: &'r Args,
        settings: &'r AttributionSettings,
        run: &'r AttributionRun,
    ) -> Result<Self, CliError> {
        let of_cases = run.cases.iter().map(|case| case.report_id);
        let of_shares = run.attribution.case_shares.iter().map(|case| case.report_id);
        if args.cases && !of_cases.eq(of_shares) {
            return Err(CliError::failed(
                "the event reports and their shares do not fit together. This is a defect of iatro; no \
                 number is given.",
            ));
        }
        let signals = run.run.signals.iter().map(|signal| (signal.substance.as_str(), signal));
        Ok(Self { args, settings, run, signals: signals.collect() })
    }

    /// The rows that are listed: those with cases enough, and the background.
    fn causes(&self) -> impl Iterator<Item = &'r AttributedCause> + '_ {
        let least = self.args.min_cases as f64;
        let causes = &self.run.attribution.causes;
        causes.iter().filter(move |row| row.group == Group::Background || row.n >= least)
    }

    /// The counts of a substance, for comparison.
    fn signal(&self, cause: &AttributedCause) -> Option<&'r Signal> {
        let is_one = cause.group == Group::Substance && cause.members.is_empty();
        is_one.then(|| self.signals.get(cause.cause.as_str()).copied()).flatten()
    }

    /// The coefficient of the regression: 0 if the penalty leaves it out, `None` if it has no column.
    fn coefficient(&self, cause: &AttributedCause) -> Option<f64> {
        let regression = self.run.regression.as_ref().filter(|_| cause.members.is_empty())?;
        regression.coefficient(&cause.cause, cause.group)
    }

    /// The pairs that were asked for and stand together on no event report.
    fn pairs_apart(&self) -> Vec<String> {
        let names = self.settings.pairs.iter().map(|(one, two)| format!("{one} with {two}"));
        let stands = |name: &String| {
            let causes = &self.run.attribution.causes;
            causes.iter().any(|row| row.group == Group::Interaction && row.cause == *name)
        };
        names.filter(|name| !stands(name)).collect()
    }

    /// What has no interval because its chains do not agree.
    fn not_converged(&self) -> Option<String> {
        let rows = self.causes().filter(|row| !row.converged && row.given_with.is_none());
        let names: Vec<&str> = rows.map(|row| row.cause.as_str()).collect();
        let more = names.len().saturating_sub(5);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let some = names.iter().take(5).copied().collect::<Vec<_>>().join("; ");
        (!names.is_empty()).then(|| {
            format!(
                "No interval where the chains do not agree (split R-hat above 1.05, or an effective sample \
                 size below 200): {some}{more}. More --sweeps may settle it."
            )
        })
    }
}

/// The factors by name; `none` stands alone.
fn factors(names: &[String]) -> Result<Vec<Factor>, CliError> {
    if names == ["none"] {
        return Ok(Vec::new());
    }
    let mut factors = Vec::new();
    for name in names {
        let factor = Factor::from_name(name).filter(|factor| !factors.contains(factor));
        factors.push(factor.ok_or_else(|| {
            let known = Factor::ALL.map(Factor::name).join(", ");
            CliError::usage(format!(
                "--strata {}: \"{name}\" is no factor, or is there twice. Expected some of {known}, each \
                 once; or none.",
                names.join(",")
            ))
        })?);
    }
    Ok(factors)
}

/// Pairs of names, each pair once.
fn pairs(texts: &[String]) -> Result<Vec<(String, String)>, CliError> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for text in texts {
        let pair = pair(text).ok_or_else(|| {
            CliError::usage(format!(
                "--pair {text}: not two different substances. Expected A,B; or A;B where a name holds a \
                 comma."
            ))
        })?;
        let same = |(one, two): &(String, String)| {
            let (one, two) = (fold_term(one), fold_term(two));
            let (this, other) = (fold_term(&pair.0), fold_term(&pair.1));
            (one == this && two == other) || (one == other && two == this)
        };
        if pairs.iter().any(same) {
            return Err(CliError::usage(format!(
                "--pair {text}: there twice. Name each pair once."
            )));
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

fn pair(text: &str) -> Option<(String, String)> {
    let parting = if text.contains(';') { ';' } else { ',' };
    let parts: Vec<&str> = text.split(parting).map(str::trim).collect();
    let [one, two] = parts[..] else { return None };
    let sound = !one.is_empty() && !two.is_empty() && fold_term(one) != fold_term(two);
    sound.then(|| (one.to_owned(), two.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn pairs_are_two_names_each_pair_once() {
        let named = |one: &str, two: &str| (one.to_owned(), two.to_owned());
        assert_eq!(pairs(&texts(&["a, b"])).unwrap(), [named("a", "b")]);
        assert_eq!(pairs(&texts(&["a, b; c"])).unwrap(), [named("a, b", "c")]);
        for bad in [&["a"][..], &["a,"], &["a,b,c"], &["a,A"], &[""], &["a,b", "B,a"], &["a;b;c"]] {
            assert!(pairs(&texts(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn strata_are_factors_each_once_or_none() {
        assert_eq!(factors(&texts(&["sex", "year"])).unwrap(), [Factor::Sex, Factor::Year]);
        assert_eq!(factors(&texts(&["none"])).unwrap(), []);
        for bad in [&["age"][..], &["sex", "sex"], &["sex", "none"], &[""]] {
            assert!(factors(&texts(bad)).is_err(), "{bad:?}");
        }
    }
}
