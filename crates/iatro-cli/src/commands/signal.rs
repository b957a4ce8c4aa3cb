//! `iatro signal`: count a study, list its signals, explain one; count every pair; divide the cases.

mod attribute;
mod explained;
pub(in crate::commands) mod lines;
mod pairs;
mod run_rows;
mod run_text;
mod shown;

use clap::Subcommand;
use iatro_reports::SourceKind;
use iatro_signals::corpus::Corpus;
use iatro_signals::explain::explain;
use iatro_signals::run::{Question, Settings, SignalRun, run_on};
use iatro_signals::study::Evidence;

use super::study;
use crate::answer::Answer;
use crate::engine::EngineArgs;
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::lake::{At, Wanted};
use crate::output;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Count every substance against the event, and again under every check that the study declares.
    #[command(
        after_help = "A row is a substance under a check: first `primary` for every substance, then each check \
        in the study's order. Verdicts are those of docs/methods/bias_bench.md.\n\n\
        Example: iatro signal run --lake lake --study hlh --format csv"
    )]
    Run {
        #[command(flatten)]
        ask: Ask,
        /// List only substances with at least this many cases.
        #[arg(long, default_value_t = 0, value_name = "N")]
        min_cases: u64,
        /// How many rows to show to people; every other format has all.
        #[arg(long, default_value_t = 40, value_name = "N")]
        top: usize,
        /// Add the decision rules and marks as columns of CSV, Markdown, NDJSON and Parquet.
        #[arg(long)]
        rules: bool,
        /// Leave out the study's checks, contrasts and attribution, and with them the verdicts.
        #[arg(long)]
        no_checks: bool,
    },
    /// Show the way from the files to one substance's number, its checks and verdict, and the cases behind it.
    #[command(after_help = "Example: iatro signal explain lamotrigine --lake lake")]
    Explain {
        /// The substance, in any case.
        substance: String,
        #[command(flatten)]
        ask: Ask,
        /// Leave out the study's checks and attribution, and with them the verdict.
        #[arg(long)]
        no_checks: bool,
    },
    /// Count every pair of a substance and a preferred term that stands on a report.
    #[command(
        after_help = "Each substance is compared with all other reports, each term with all \
        other terms. A term that was renamed is counted under its name now.\n\n\
        Example: iatro signal pairs --lake lake --min-count 3 --format parquet --output pairs.parquet"
    )]
    Pairs(pairs::Args),
    /// Divide the event reports among the substances, triggers and background that stand on them.
    #[command(
        after_help = "Attribution of reporting under a stated model; the assumptions are printed with the \
        result. The same seed gives the same bytes.\n\n\
        Example: iatro signal attribute --lake lake --study hlh --format csv"
    )]
    Attribute(attribute::Args),
}

/// Which question, put to which lake.
#[derive(clap::Args, Debug)]
pub(crate) struct Ask {
    #[command(flatten)]
    at: At,
    /// A built-in study, or a study file.
    #[arg(long, default_value = "hlh", value_name = "STUDY")]
    study: String,
    /// The source, where the lake holds several: faers, vaers or csv.
    #[arg(long, value_name = "SOURCE")]
    source: Option<SourceKind>,
    /// An event definition of the study (narrow, broad).
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// Count this term instead of a definition of the study; may be repeated.
    #[arg(long = "term", value_name = "TERM", conflicts_with = "event")]
    terms: Vec<String>,
    /// Roles that count as exposure.
    #[arg(long, value_delimiter = ',', value_name = "PS,SS,I,C")]
    roles: Vec<String>,
    /// Compare with reports of these substances instead of all others.
    #[arg(long, value_delimiter = ',', value_name = "SUBSTANCE,…")]
    comparator: Vec<String>,
    /// Take therapies, triggers and mediators of the study that are recalled, not read in a source, too.
    #[arg(long)]
    include_unverified: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

impl Ask {
    fn settings(&self) -> Settings {
        self.settings_with(false)
    }

    fn settings_with(&self, without_checks: bool) -> Settings {
        Settings {
            source: self.source,
            event: self.event.clone(),
            terms: self.terms.clone(),
            roles: self.roles.clone(),
            comparator: self.comparator.clone(),
            evidence: if self.include_unverified { Evidence::All } else { Evidence::Verified },
            without_checks,
        }
    }
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    let answer = match command {
        Command::Run { ask, min_cases, top, rules, no_checks } => {
            let study = study::load(&ask.study)?;
            let settings = ask.settings_with(*no_checks);
            let chosen = ask.engine.chosen(&ask.at)?;
            let snapshot = ask.at.snapshot(Wanted::Counting, global)?;
            let question = Question::resolve(snapshot.manifest(), &study, &settings)?;
            let corpus = Corpus::load(&snapshot, question.source)?;
            let engines = chosen.of(&snapshot)?;
            let run = run_on(&corpus, &snapshot, &study, question, engines.as_ref())?;
            chosen.tell(global);
            run_answer(run, *min_cases, *top, *rules)?
        }
        Command::Explain { substance, ask, no_checks } => {
            let study = study::load(&ask.study)?;
            let chosen = ask.engine.chosen(&ask.at)?;
            let snapshot = ask.at.snapshot(Wanted::Counting, global)?;
            let settings = ask.settings_with(*no_checks);
            let question = Question::resolve(snapshot.manifest(), &study, &settings)?;
            let engines = chosen.of(&snapshot)?;
            let engines = engines.as_ref();
            let explained = explain(&snapshot, &study, question, substance, engines)?;
            chosen.tell(global);
            explained::answer(&explained)?
        }
        Command::Pairs(args) => return pairs::run(args, global),
        Command::Attribute(args) => return attribute::run(args, global),
    };
    output::write(&answer, global)?;
    Ok(Status::Fine)
}

fn run_answer(
    mut run: SignalRun,
    min_cases: u64,
    top: usize,
    rules: bool,
) -> Result<Answer, CliError> {
    let counted = run.signals.len();
    keep(&mut run, min_cases);
    let mut document =
        serde_json::to_value(&run).map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    document["min_cases"] = min_cases.into();
    document["substances_counted"] = counted.into();
    let text = run_text::of(&run, top, counted);
    Ok(Answer { rows: run_rows::rows(&run, rules), document, text })
}

/// Keeps the substances with cases enough, and their rows of the checks. Signals, rows and verdicts stand in one
/// order, most cases first, so each keeps its beginning.
fn keep(run: &mut SignalRun, min_cases: u64) {
    run.signals.retain(|signal| signal.estimates.a >= min_cases);
    let with_cases = run.signals.iter().filter(|signal| signal.estimates.a > 0).count();
    run.checks.iter_mut().for_each(|check| check.rows.truncate(with_cases));
    run.verdicts.truncate(with_cases);
}
