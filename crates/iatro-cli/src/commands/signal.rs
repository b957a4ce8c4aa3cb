//! `iatro signal`: count a study, list its signals, explain one; count every pair; divide the cases.

mod attribute;
mod pairs;
mod shown;

use clap::Subcommand;
use iatro_reports::SourceKind;
use iatro_review::prose::set_aside_in_english;
use iatro_signals::explain::{CaseReport, Explanation, explain};
use iatro_signals::run::{PRIMARY, Question, Settings, Signal, SignalRun, run as run_study};
use iatro_signals::study::Evidence;

use self::shown::{ESTIMATES, estimate_cells, prior_text};
use super::lake::At;
use super::study;
use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output::{self, table};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Count every substance against the event.
    #[command(after_help = "Example: iatro signal run --lake lake --study hlh --format csv")]
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
    },
    /// Show the way from the files to one substance's number, and the cases behind it.
    #[command(after_help = "Example: iatro signal explain lamotrigine --lake lake")]
    Explain {
        /// The substance, in any case.
        substance: String,
        #[command(flatten)]
        ask: Ask,
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
}

impl Ask {
    fn settings(&self) -> Settings {
        Settings {
            source: self.source,
            event: self.event.clone(),
            terms: self.terms.clone(),
            roles: self.roles.clone(),
            comparator: self.comparator.clone(),
            evidence: if self.include_unverified { Evidence::All } else { Evidence::Verified },
            without_checks: false,
        }
    }
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    let answer = match command {
        Command::Run { ask, min_cases, top, rules } => {
            let study = study::load(&ask.study)?;
            let run = run_study(&ask.at.snapshot()?, &study, &ask.settings())?;
            run_answer(&run, *min_cases, *top, *rules)?
        }
        Command::Explain { substance, ask } => {
            let study = study::load(&ask.study)?;
            let snapshot = ask.at.snapshot()?;
            let question = Question::resolve(snapshot.manifest(), &study, &ask.settings())?;
            explain_answer(&explain(&snapshot, &study, question, substance)?)?
        }
        Command::Pairs(args) => return pairs::run(args, global),
        Command::Attribute(args) => return attribute::run(args, global),
    };
    output::write(&answer, global)?;
    Ok(Status::Fine)
}

const COLUMNS: [(&str, Kind); 24] = [
    ("substance", Kind::Text),
    ("event", Kind::Text),
    ("check", Kind::Text),
    ("a", Kind::Count),
    ("b", Kind::Count),
    ("c", Kind::Count),
    ("d", Kind::Count),
    ("expected", Kind::Number),
    ("ror", Kind::Number),
    ("ror_lo", Kind::Number),
    ("ror_hi", Kind::Number),
    ("prr", Kind::Number),
    ("prr_lo", Kind::Number),
    ("prr_hi", Kind::Number),
    ("chi2_yates", Kind::Number),
    ("ic", Kind::Number),
    ("ic025", Kind::Number),
    ("ic975", Kind::Number),
    ("ebgm", Kind::Number),
    ("eb05", Kind::Number),
    ("eb95", Kind::Number),
    ("fisher_mid_p", Kind::Number),
    ("q", Kind::Number),
    ("dataset_id", Kind::Text),
];

const RULE_COLUMNS: [(&str, Kind); 6] = [
    ("n_ge_3", Kind::Text),
    ("prr_evans", Kind::Text),
    ("ror_lower_gt_1", Kind::Text),
    ("ic025_gt_0", Kind::Text),
    ("class", Kind::Text),
    ("mark", Kind::Text),
];

/// A run as rows.
pub(crate) fn rows(run: &SignalRun, rules: bool) -> Rows {
    let mut rows = Rows::new(&COLUMNS);
    rows.columns.push(("run_id", Kind::Text));
    if rules {
        rows.columns.extend(RULE_COLUMNS);
    }
    for signal in &run.signals {
        let mut row = estimates(run, signal);
        if rules {
            row.extend(rule_cells(signal));
        }
        rows.push(row);
    }
    rows
}

fn estimates(run: &SignalRun, signal: &Signal) -> Vec<Cell> {
    let (e, shrunk) = (&signal.estimates, &signal.shrinkage);
    vec![
        signal.substance.as_str().into(),
        run.question.event.as_str().into(),
        PRIMARY.into(),
        e.a.into(),
        e.b.into(),
        e.c.into(),
        e.d.into(),
        e.expected.into(),
        e.ror.into(),
        e.ror_lo.into(),
        e.ror_hi.into(),
        e.prr.into(),
        e.prr_lo.into(),
        e.prr_hi.into(),
        e.chi2_yates.into(),
        e.ic.into(),
        e.ic025.into(),
        e.ic975.into(),
        shrunk.ebgm.into(),
        shrunk.eb05.into(),
        shrunk.eb95.into(),
        signal.test.fisher_mid_p.into(),
        signal.test.q.into(),
        run.dataset_id.as_str().into(),
        run.run_id.as_str().into(),
    ]
}

fn rule_cells(signal: &Signal) -> Vec<Cell> {
    let rules = &signal.rules;
    vec![
        rules.n_ge_3.into(),
        rules.prr_evans.into(),
        rules.ror_lower_gt_1.into(),
        rules.ic025_gt_0.into(),
        signal.class.clone().into(),
        mark(signal).into(),
    ]
}

/// What the study says of a substance.
fn mark(signal: &Signal) -> Option<&'static str> {
    match (signal.therapy, signal.listed_agent) {
        (true, true) => Some("listed agent; therapy of the event"),
        (true, false) => Some("therapy of the event"),
        (false, true) => Some("listed agent"),
        (false, false) => None,
    }
}

fn run_answer(
    run: &SignalRun,
    min_cases: u64,
    top: usize,
    rules: bool,
) -> Result<Answer, CliError> {
    let mut listed = run.clone();
    listed.signals.retain(|signal| signal.estimates.a >= min_cases);
    let mut document = serde_json::to_value(&listed)
        .map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    document["min_cases"] = min_cases.into();
    document["substances_counted"] = run.signals.len().into();
    let text = run_text(&listed, top, run.signals.len());
    Ok(Answer { rows: rows(&listed, rules), document, text })
}

fn run_text(run: &SignalRun, top: usize, counted: usize) -> String {
    let question = &run.question;
    let against = if question.comparator.is_empty() {
        "all other reports".to_owned()
    } else {
        format!("reports of {}", question.comparator.join(", "))
    };
    let mut text = format!(
        "{} in {}: {} of {} eligible reports\nroles {}, against {against}\n\n",
        question.event,
        question.source.title(),
        table::thousands(run.cases),
        table::thousands(run.reports),
        question.roles.join(" "),
    );
    let mut shown = Rows::new(&[("substance", Kind::Text), ("a", Kind::Count), ("b", Kind::Count)]);
    shown.columns.extend(ESTIMATES);
    shown.columns.extend([("rules met", Kind::Text), ("mark", Kind::Text)]);
    for signal in run.signals.iter().filter(|signal| signal.estimates.a > 0).take(top) {
        shown.push(shown_row(signal));
    }
    text.push_str(&table::render(&shown));
    let hidden = table::thousands((counted - shown.rows.len()) as u64);
    text.push_str(&format!(
        "\n\n{hidden} more substances not shown (--top, --format csv). A signal of disproportionate \
         reporting says\nthat a pair is reported more often than expected, and nothing about why.\n\
         Rules: N >= 3; PRR >= 2, chi-squared (Yates) >= 4, N >= 3; ROR lower limit > 1, N >= 3; \
         IC025 > 0; ? not assessable.\n{}\n{}dataset {}  run {}\n{}",
        prior_text(run.prior.as_ref(), !question.comparator.is_empty()),
        set_aside_in_english(&run.set_aside),
        run.dataset_id,
        run.run_id,
        iatro_reports::lake::manifest::RESEARCH_USE,
    ));
    text
}

fn shown_row(signal: &Signal) -> Vec<Cell> {
    let e = &signal.estimates;
    let mut row = vec![signal.substance.as_str().into(), e.a.into(), e.b.into()];
    row.extend(estimate_cells(e, &signal.shrinkage, &signal.test));
    row.extend([rules_met(signal).into(), Cell::from(mark(signal).unwrap_or_default())]);
    row
}

/// The decision rules that are met, with a question mark those that cannot be assessed.
fn rules_met(signal: &Signal) -> String {
    let rules = &signal.rules;
    let answers = [
        ("N", rules.n_ge_3),
        ("PRR", rules.prr_evans),
        ("ROR", rules.ror_lower_gt_1),
        ("IC", rules.ic025_gt_0),
    ];
    let said = answers.into_iter().filter_map(|(name, answer)| match answer {
        "met" => Some(name.to_owned()),
        "not met" => None,
        _ => Some(format!("{name}?")),
    });
    said.collect::<Vec<_>>().join(" ")
}

fn explain_answer(explanation: &Explanation) -> Result<Answer, CliError> {
    let document = serde_json::to_value(explanation)
        .map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    let rows = case_rows(&explanation.cases);
    let mut text = format!(
        "{}, {} in {}\n\n",
        explanation.signal.substance,
        explanation.question.event,
        explanation.question.source.title(),
    );
    let mut steps = Rows::new(&[("left", Kind::Count), ("", Kind::Text), ("removed", Kind::Text)]);
    for (at, step) in explanation.waterfall.steps.iter().enumerate() {
        let removed = match (at, step.removed) {
            (0, _) => step.why.clone(),
            (_, 0) => String::new(),
            (_, removed) => format!("{} {}", table::thousands(removed), step.why),
        };
        steps.push(vec![step.left.into(), step.label.as_str().into(), removed.into()]);
    }
    text.push_str(&table::render(&steps));
    let signal = &explanation.signal;
    text.push_str(&format!(
        "\n\na {}  b {}  c {}  d {}\n\n",
        table::thousands(signal.estimates.a),
        table::thousands(signal.estimates.b),
        table::thousands(signal.estimates.c),
        table::thousands(signal.estimates.d),
    ));
    text.push_str(&table::render(&rows));
    text.push_str("\n\n");
    text.push_str(&match explanation.set_aside.as_slice() {
        [] => format!("Set aside of {}: nothing.\n", signal.substance),
        some => set_aside_in_english(some),
    });
    text.push_str(&format!(
        "dataset {}  run {}\n{}",
        explanation.dataset_id,
        explanation.run_id,
        iatro_reports::lake::manifest::RESEARCH_USE
    ));
    Ok(Answer { rows, document, text })
}

fn case_rows(cases: &[CaseReport]) -> Rows {
    let mut rows = Rows::new(&[
        ("report", Kind::Text),
        ("case", Kind::Text),
        ("period", Kind::Text),
        ("line", Kind::Count),
        ("received", Kind::Text),
        ("age_years", Kind::Number),
        ("sex", Kind::Text),
        ("country", Kind::Text),
        ("outcomes", Kind::Text),
        ("event_terms", Kind::Text),
        ("drugs", Kind::Text),
    ]);
    for case in cases {
        let drugs = case.drugs.iter().map(|drug| {
            let role = drug.role.as_deref().unwrap_or("?");
            format!("{} [{role}]", drug.verbatim)
        });
        rows.push(vec![
            case.native_id.as_str().into(),
            case.case_id.clone().into(),
            case.period.as_str().into(),
            case.line.map(u64::from).into(),
            case.received.clone().into(),
            case.age_years.into(),
            case.sex.clone().into(),
            case.country.clone().into(),
            case.outcomes.join(", ").into(),
            case.event_terms.join("; ").into(),
            drugs.collect::<Vec<_>>().join("; ").into(),
        ]);
    }
    rows
}
