//! An attribution for people: what each substance and trigger is left with, where its other cases go, and
//! what the other methods say of it.

use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_review::number::{decimals, short};
use iatro_review::prose;
use iatro_signals::attribution::{AttributedCause, Group};

use super::Shown;
use super::grid::{self, Row, wrapped};
use crate::output::table::thousands;

/// Nothing to say.
const NONE: &str = "–";
/// Hazards are shown per so many reports.
const PER: f64 = 10_000.0;
/// To how many others the cases of a row are said to go.
const COMPETITORS: usize = 3;

const HEADER: [[&str; 2]; 10] = [
    ["", "substance or trigger"],
    ["", "n"],
    ["", "exposed"],
    ["attributed", "(95 %)"],
    ["of", "n"],
    ["per 10,000", "reports (95 %)"],
    ["crude ROR", "(Wald 95 %)"],
    ["", "IC025"],
    ["", "EB05"],
    ["", "L1"],
];

pub(super) fn of(shown: &Shown<'_>) -> String {
    let mut text = opening(shown);
    let (rows, hidden) = rows(shown);
    text.push_str(&grid::render(&HEADER, &rows));
    text.push_str("\n\n");
    text.push_str(&below(shown, hidden));
    if shown.args.cases {
        text.push_str(&event_reports(shown));
    }
    text.push('\n');
    text.push_str(&prose::attribution_notes(shown.run));
    text.push('\n');
    text.push_str(&closing(shown));
    text
}

fn opening(shown: &Shown<'_>) -> String {
    let counts = &shown.run.run;
    let question = &counts.question;
    format!(
        "{}\n\n{} in {}: {} of {} eligible reports, roles {}\n\n",
        prose::ATTRIBUTION,
        question.event,
        question.source.title(),
        thousands(shown.run.attribution.cases),
        thousands(shown.run.attribution.reports),
        question.roles.join(" "),
    )
}

/// The first rows, sets with their members below them, the background last; and how many are not shown.
fn rows(shown: &Shown<'_>) -> (Vec<Row>, usize) {
    let listed: Vec<&AttributedCause> = shown.causes().collect();
    let of_own =
        |row: &&&AttributedCause| row.group != Group::Background && row.given_with.is_none();
    let mut rows = Vec::new();
    for row in listed.iter().filter(of_own).take(shown.args.top) {
        rows.push(estimated(shown, row));
        let is_member = |member: &&&AttributedCause| member.given_with.as_ref() == Some(&row.cause);
        rows.extend(listed.iter().filter(is_member).map(|member| compared(shown, member)));
    }
    let hidden = listed.iter().filter(of_own).count().saturating_sub(shown.args.top);
    let background = listed.iter().filter(|row| row.group == Group::Background);
    rows.extend(background.map(|row| estimated(shown, row)));
    (rows, hidden)
}

fn estimated(shown: &Shown<'_>, row: &AttributedCause) -> Row {
    let per = |hazard: f64| short(hazard * PER);
    let mut cells = vec![
        cases(row.n),
        cases(row.exposed),
        with_limits(row.attributed, row.attributed_interval, cases_to_one),
        row.fraction.map_or(NONE.to_owned(), percent),
        with_limits(row.lambda, row.lambda_interval, per),
    ];
    cells.extend(other_methods(shown, row));
    let mut below = Vec::new();
    if !row.members.is_empty() {
        let why = if row.same_reports {
            "on the same event reports, which cannot tell them apart"
        } else {
            "each alone could have no case: their event reports overlap too much to tell them apart"
        };
        below.push(why.to_owned());
    }
    if !row.competitors.is_empty() {
        let to = |c: &iatro_signals::attribution::Competitor| {
            format!("{} {}", c.cause, cases_to_one(c.cases))
        };
        let to: Vec<String> = row.competitors.iter().take(COMPETITORS).map(to).collect();
        below.push(format!("its other cases go to {}", to.join("; ")));
    }
    let name = match row.group {
        Group::Trigger => format!("{} (trigger)", row.cause),
        Group::Substance | Group::Interaction | Group::Background => row.cause.clone(),
    };
    let below = (!below.is_empty()).then(|| below.join("; "));
    Row { name, cells, below, is_last: row.group == Group::Background }
}

/// A member of a set: what the other methods say of it.
fn compared(shown: &Shown<'_>, row: &AttributedCause) -> Row {
    let mut cells = vec![cases(row.n), cases(row.exposed)];
    cells.extend([NONE; 3].map(str::to_owned));
    cells.extend(other_methods(shown, row));
    Row { name: format!("  {}", row.cause), cells, below: None, is_last: false }
}

fn other_methods(shown: &Shown<'_>, row: &AttributedCause) -> [String; 4] {
    let signal = shown.signal(row);
    let ror = signal.map(|s| (s.estimates.ror, s.estimates.ror_lo.zip(s.estimates.ror_hi)));
    let (ror, limits) = ror.unwrap_or_default();
    let two = |number: Option<f64>| number.map_or(NONE.to_owned(), |x| decimals(x, 2));
    let coefficient = shown.coefficient(row);
    [
        with_limits(ror, limits, short),
        two(signal.and_then(|s| s.estimates.ic025)),
        signal.and_then(|s| s.shrinkage.eb05).map_or(NONE.to_owned(), short),
        if coefficient == Some(0.0) { "0".to_owned() } else { two(coefficient) },
    ]
}

fn with_limits(
    point: Option<f64>,
    limits: Option<(f64, f64)>,
    shown: impl Fn(f64) -> String,
) -> String {
    let Some(point) = point else { return NONE.to_owned() };
    let limits =
        limits.map_or(NONE.to_owned(), |(low, high)| format!("{}–{}", shown(low), shown(high)));
    format!("{} ({limits})", shown(point))
}

/// A number of reports; with a decimal if weights made it a fraction.
fn cases(number: f64) -> String {
    let is_whole = (number - number.round()).abs() < 1e-9;
    decimals(number, usize::from(!is_whole))
}

/// An expected number of reports, to a tenth, from 100 on to a whole.
fn cases_to_one(number: f64) -> String {
    decimals(number, usize::from(number < 99.95))
}

fn percent(share: f64) -> String {
    format!("{} %", decimals(share * 100.0, 0))
}

/// What the columns mean, what is not shown, what has no interval.
fn below(shown: &Shown<'_>, hidden: usize) -> String {
    let mut paragraphs = vec![
        "n: event reports that name it; exposed: eligible reports that name it; attributed: those of the n \
         that the model gives to it, posterior mean with 95 % credible interval; per 10,000 reports: what it \
         adds to the chance that a report names the event. Beside it, each method by itself: crude ROR, lower \
         limits of IC and EBGM, and the coefficient of L1 logistic regression (0: left out by the penalty)."
            .to_owned(),
    ];
    if hidden > 0 {
        paragraphs.push(format!(
            "{} more rows not shown (--top, --format csv).",
            thousands(hidden as u64)
        ));
    }
    paragraphs.extend(shown.not_converged());
    if shown.run.regression.is_none() {
        paragraphs.push("The regression found no fit; its column is empty.".to_owned());
    }
    for pair in shown.pairs_apart() {
        paragraphs.push(format!(
            "{pair}: together on no event report, so nothing is attributed to the pair."
        ));
    }
    let lines: Vec<String> = paragraphs.iter().flat_map(|text| wrapped(text, "", "")).collect();
    lines.join("\n") + "\n"
}

/// The first event reports, each with everything on it.
fn event_reports(shown: &Shown<'_>) -> String {
    let cases = &shown.run.cases;
    let mut text =
        "\nEvent reports, and how probably each came from what stands on it\n".to_owned();
    let shares = &shown.run.attribution.case_shares;
    for (case, attributed) in cases.iter().zip(shares).take(shown.args.top) {
        let line = case.line.map_or(String::new(), |line| format!(", line {line}"));
        let shares = attributed.shares.iter();
        let shares =
            shares.map(|share| format!("{} {}", share.cause, decimals(share.probability, 2)));
        let shares = shares.collect::<Vec<_>>().join("; ");
        let said = format!("{} ({}{line}): {shares}", case.native_id, case.period);
        text.push_str(&wrapped(&said, "  ", "      ").join("\n"));
        text.push('\n');
    }
    let hidden = cases.len().saturating_sub(shown.args.top);
    if hidden > 0 {
        let hidden = thousands(hidden as u64);
        text.push_str(&format!("  {hidden} more event reports not shown (--top, --format csv)\n"));
    }
    text
}

fn closing(shown: &Shown<'_>) -> String {
    let (run, attribution, settings) = (shown.run, &shown.run.attribution, shown.settings);
    let strata: Vec<&str> = settings.factors.iter().map(|factor| factor.name()).collect();
    let strata = if strata.is_empty() { "none".to_owned() } else { strata.join(", ") };
    let mut with = Vec::new();
    if settings.time_to_onset {
        with.push("time to onset");
    }
    if settings.weigh_duplicates {
        with.push("duplicates weighed");
    }
    let with = with.iter().map(|with| format!("; {with}")).collect::<String>();
    let how = format!(
        "seed {}, {} chains of {} sweeps, mode in {} steps; strata: {strata}{with}",
        attribution.seed,
        attribution.chains,
        thousands(attribution.sweeps as u64),
        thousands(attribution.mode_steps as u64),
    );
    let ids = format!(
        "dataset {}  run {}  counts as in run {}",
        run.run.dataset_id, run.run_id, run.run.run_id
    );
    let lines = [how, ids, RESEARCH_USE.to_owned()];
    lines.iter().flat_map(|line| wrapped(line, "", "")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!((cases(12.0), cases(12.5)), ("12".to_owned(), "12.5".to_owned()));
        assert_eq!(
            (cases_to_one(99.94), cases_to_one(99.96)),
            ("99.9".to_owned(), "100".to_owned())
        );
        assert_eq!(with_limits(Some(2.0), None, short), "2.0 (–)");
        assert_eq!(with_limits(None, Some((1.0, 2.0)), short), "–");
    }
}
