//! `iatro stats km`: survival curves of groups, compared.

use std::path::PathBuf;

use clap::ValueEnum;
use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_stats::survival::{
    Cohort, ConfidenceLimits, KaplanMeier, LimitScale, LogRank, State, Subject, SurvivalError,
    kaplan_meier, log_rank,
};
use serde_json::{Value, json};

use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::global::Global;
use crate::input::{Row, Table};
use crate::output::table;

/// The subjects, and what to show.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A CSV file with the columns time and event (1 event, 0 censored). Further columns: entry (late
    /// entry), group. - is standard input.
    #[arg(long, value_name = "SUBJECTS.csv")]
    input: PathBuf,
    /// Times at which survival is given, in the unit of the file.
    #[arg(long, value_delimiter = ',', value_name = "TIME,…")]
    at: Vec<f64>,
    /// The scale on which limits are computed.
    #[arg(long, value_enum, default_value_t = Scale::LogLog)]
    limits: Scale,
    /// Level of the limits, between 0 and 1.
    #[arg(long, default_value_t = 0.95, value_name = "LEVEL")]
    level: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Scale {
    /// ln(-ln S): holds its level best in small samples.
    LogLog,
    /// ln S.
    Log,
    /// S itself.
    Plain,
}

/// A group with its curve.
struct Group<'a> {
    name: &'a str,
    subjects: usize,
    events: u64,
    curve: KaplanMeier,
}

pub(super) fn answer_of(args: &Args, global: &Global) -> Result<Answer, CliError> {
    let scale = match args.limits {
        Scale::LogLog => LimitScale::LogLog,
        Scale::Log => LimitScale::Log,
        Scale::Plain => LimitScale::Plain,
    };
    let limits = ConfidenceLimits::new(scale, args.level).map_err(|_| {
        CliError::usage(format!(
            "--level {}: expected a number between 0 and 1, such as 0.95.",
            args.level
        ))
    })?;
    if let Some(time) = args.at.iter().find(|time| !(time.is_finite() && **time >= 0.0)) {
        return Err(CliError::usage(format!(
            "--at {time}: expected times of 0 or above, such as 30,90,365."
        )));
    }
    let table = Table::read(&args.input, &["time", "event"])?;
    super::name_unused(&table, &["time", "event", "entry", "group"], global);
    let subjects = table.rows().map(|row| subject(&row)).collect::<Result<Vec<_>, _>>()?;
    let wrong = |error: SurvivalError| match error {
        SurvivalError::Subject { index, quantity, value, expected } => {
            table.at_row(index, &format!("{quantity} is {value}; expected {expected}"))
        }
        other => CliError::bad_data(format!("{}: {other}", table.name())),
    };
    let cohort = Cohort::new(&subjects).map_err(wrong)?;
    let (names, labels) = labels(&table)?;
    let mut groups = Vec::new();
    for (label, cohort) in cohort.by_group(&labels).map_err(wrong)? {
        let curve = kaplan_meier(&cohort);
        let events = curve.steps().iter().map(|step| whole(step.events)).sum();
        let name = names.get(label).copied().unwrap_or_default();
        groups.push(Group { name, subjects: cohort.len(), events, curve });
    }
    let test = (groups.len() > 1).then(|| log_rank(&cohort, &labels, None, 0.0)).transpose();
    Ok(Shown { groups, test: test.map_err(wrong)?, limits, at: &args.at }.answer())
}

fn subject(row: &Row<'_>) -> Result<Subject, CliError> {
    let state = match row.text("event") {
        "0" => State::Censored,
        "1" => State::Event(1),
        _ => return Err(row.expected("event", "1 (event) or 0 (censored)")),
    };
    let subject = match state {
        State::Censored => Subject::censored(row.number("time")?),
        State::Event(_) => Subject::event(row.number("time")?),
    };
    Ok(match row.optional_number("entry")? {
        Some(entry) => subject.entering(entry),
        None => subject,
    })
}

/// The names of the groups in the order of the alphabet, and the group of every row.
fn labels(table: &Table) -> Result<(Vec<&str>, Vec<usize>), CliError> {
    let groups = table.rows().map(|row| row.group()).collect::<Result<Vec<_>, _>>()?;
    let mut names = groups.clone();
    names.sort_unstable();
    names.dedup();
    let labels = groups.iter().map(|group| names.partition_point(|name| name < group)).collect();
    Ok((names, labels))
}

/// Subjects of this table have no weights: their numbers are whole.
#[allow(clippy::cast_sign_loss, reason = "no number of subjects is below 0")]
fn whole(subjects: f64) -> u64 {
    subjects.round() as u64
}

/// What the answer is made of.
struct Shown<'a> {
    groups: Vec<Group<'a>>,
    test: Option<LogRank>,
    limits: ConfidenceLimits,
    at: &'a [f64],
}

impl Shown<'_> {
    fn answer(&self) -> Answer {
        Answer { rows: self.steps(), document: self.document(), text: self.text() }
    }

    /// Every step of every curve.
    fn steps(&self) -> Rows {
        let mut rows = Rows::new(&[
            ("group", Kind::Text),
            ("time", Kind::Number),
            ("at_risk", Kind::Count),
            ("events", Kind::Count),
            ("censored", Kind::Count),
            ("survival", Kind::Number),
            ("standard_error", Kind::Number),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
        ]);
        for group in &self.groups {
            for step in group.curve.steps() {
                let limits = step.limits(&self.limits);
                rows.push(vec![
                    group.name.into(),
                    step.time.into(),
                    whole(step.at_risk).into(),
                    whole(step.events).into(),
                    whole(step.censored).into(),
                    step.survival.into(),
                    step.standard_error().into(),
                    limits.map(|limits| limits.lower).into(),
                    limits.map(|limits| limits.upper).into(),
                ]);
            }
        }
        rows
    }

    fn document(&self) -> Value {
        let groups = self.groups.iter().map(|group| {
            let median = group.curve.median(&self.limits);
            let at = self.at.iter().map(|&time| {
                let step = group.curve.at(time);
                let limits = step.and_then(|step| step.limits(&self.limits));
                json!({
                    "time": time,
                    "at_risk": whole(group.curve.at_risk(time)),
                    "survival": step.map(|step| step.survival),
                    "lower": limits.map(|limits| limits.lower),
                    "upper": limits.map(|limits| limits.upper),
                })
            });
            json!({
                "group": group.name,
                "subjects": group.subjects,
                "events": group.events,
                "median": {"point": median.point, "lower": median.lower, "upper": median.upper},
                "at": at.collect::<Vec<_>>(),
            })
        });
        let test = self.test.as_ref().and_then(|log_rank| log_rank.test);
        json!({
            "groups": groups.collect::<Vec<_>>(),
            "log_rank": test.map(|test| json!({
                "chi_squared": test.chi_squared, "df": test.df, "p": test.p,
            })),
            "level": self.limits.level(),
            "steps": self.steps().to_objects(),
            "notice": RESEARCH_USE,
        })
    }

    fn text(&self) -> String {
        let mut summary = Rows::new(&[
            ("group", Kind::Text),
            ("subjects", Kind::Count),
            ("events", Kind::Count),
            ("median", Kind::Number),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
        ]);
        for group in &self.groups {
            let median = group.curve.median(&self.limits);
            summary.push(vec![
                named(group.name),
                (group.subjects as u64).into(),
                group.events.into(),
                median.point.into(),
                median.lower.into(),
                median.upper.into(),
            ]);
        }
        let mut text = format!("Time to event (Kaplan-Meier)\n\n{}\n", table::render(&summary));
        if !self.at.is_empty() {
            text.push_str(&format!("\n{}\n", table::render(&self.survival_at())));
        }
        if let Some(log_rank) = &self.test {
            text.push_str(&match log_rank.test {
                Some(test) => format!(
                    "\nlog-rank: chi-squared {} on {} degrees of freedom, p {}\n",
                    table::significant(test.chi_squared),
                    test.df,
                    table::significant(test.p),
                ),
                None => "\nlog-rank: nothing to compare\n".to_owned(),
            });
        }
        text.push_str(&format!(
            "\nLimits {} %; – is beyond the follow-up, or has no limits (as a survival of \
             0 or 1).\nEvery step: --format csv.\n{RESEARCH_USE}",
            table::significant(100.0 * self.limits.level()),
        ));
        text
    }

    fn survival_at(&self) -> Rows {
        let mut rows = Rows::new(&[
            ("group", Kind::Text),
            ("time", Kind::Number),
            ("at risk", Kind::Count),
            ("survival", Kind::Number),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
        ]);
        for group in &self.groups {
            for &time in self.at {
                let step = group.curve.at(time);
                let limits = step.and_then(|step| step.limits(&self.limits));
                rows.push(vec![
                    named(group.name),
                    time.into(),
                    whole(group.curve.at_risk(time)).into(),
                    step.map(|step| step.survival).into(),
                    limits.map(|limits| limits.lower).into(),
                    limits.map(|limits| limits.upper).into(),
                ]);
            }
        }
        rows
    }
}

/// A group without a name is everyone.
fn named(group: &str) -> Cell {
    if group.is_empty() { "all".into() } else { group.into() }
}
