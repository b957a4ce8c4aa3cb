//! A run for people: the signals with their verdicts, then what was checked, contrasted and set aside.

use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_review::number::{counted, decimals, short};
use iatro_review::prose::{
    CheckTally, contrast_in_english, sampler_in_english, set_aside_in_english,
};
use iatro_signals::bench::CheckRun;
use iatro_signals::run::{Signal, SignalRun};

use super::lines::{hanging, in_lines};
use super::run_rows::verdict_cell;
use super::shown::prior_text;
use crate::answer::{Cell, Kind, Rows};
use crate::output::table;

/// Widths at which a name and a reason go on in the next line.
const NAME: usize = 30;
const REASON: usize = 36;

pub(super) fn of(run: &SignalRun, top: usize, counted: usize) -> String {
    let mut text = opening(run);
    let (rows, shown) = signals(run, top);
    text.push_str(&table::render(&rows));
    text.push_str("\n\n");
    text.push_str(&below(run, counted - shown));
    if !run.checks.is_empty() {
        text.push_str(&checks(run));
    }
    if !run.contrasts.is_empty() {
        text.push_str(&contrasts(run));
    }
    text.push('\n');
    text.push_str(&set_aside_in_english(&run.set_aside));
    text.push_str(&format!("\ndataset {}  run {}\n{RESEARCH_USE}", run.dataset_id, run.run_id));
    text
}

fn opening(run: &SignalRun) -> String {
    let question = &run.question;
    let against = if question.comparator.is_empty() {
        "all other reports".to_owned()
    } else {
        format!("reports of {}", question.comparator.join(", "))
    };
    format!(
        "{} in {}: {} of {} eligible reports\nroles {}, against {against}\n\n",
        question.event,
        question.source.title(),
        table::thousands(run.cases),
        table::thousands(run.reports),
        question.roles.join(" "),
    )
}

/// The first substances with a case, and how many they are.
fn signals(run: &SignalRun, top: usize) -> (Rows, usize) {
    let mut rows = Rows::new(&[
        ("substance", Kind::Text),
        ("a", Kind::Count),
        ("expected", Kind::Number),
        ("ROR (Wald 95 %)", Kind::Number),
        ("IC025", Kind::Number),
        ("EB05", Kind::Number),
        ("q", Kind::Number),
    ]);
    if !run.verdicts.is_empty() {
        rows.columns.extend([("verdict", Kind::Text), ("", Kind::Text)]);
    }
    let with_cases = run.signals.iter().filter(|signal| signal.estimates.a > 0).take(top);
    let mut shown = 0;
    for signal in with_cases {
        shown += 1;
        push(&mut rows, run, signal);
    }
    (rows, shown)
}

/// The row of a substance, with more rows below it for what does not fit.
fn push(rows: &mut Rows, run: &SignalRun, signal: &Signal) {
    let e = &signal.estimates;
    let (verdict, reason) = verdict_cell(run, &signal.substance);
    let names = in_lines(&format!("{}{}", signal.substance, sign(signal)), NAME);
    let reasons = in_lines(&reason, REASON);
    for line in 0..names.len().max(reasons.len()).max(1) {
        let mut cells: Vec<Cell> = vec![names.get(line).cloned().unwrap_or_default().into()];
        if line == 0 {
            cells.extend([
                e.a.into(),
                e.expected.map(short).into(),
                ror(signal).into(),
                e.ic025.map(|limit| decimals(limit, 2)).into(),
                signal.shrinkage.eb05.map(short).into(),
                signal.test.q.into(),
            ]);
        } else {
            cells.extend(std::iter::repeat_n(Cell::Text(String::new()), 6));
        }
        if !run.verdicts.is_empty() {
            let verdict = if line == 0 { verdict.as_str() } else { "" };
            cells.push(verdict.into());
            cells.push(reasons.get(line).cloned().unwrap_or_default().into());
        }
        rows.push(cells);
    }
}

/// What the study says of a substance, as a sign behind its name.
fn sign(signal: &Signal) -> &'static str {
    match (signal.therapy, signal.listed_agent) {
        (true, true) => " *†",
        (true, false) => " †",
        (false, true) => " *",
        (false, false) => "",
    }
}

fn ror(signal: &Signal) -> String {
    let e = &signal.estimates;
    let Some(point) = e.ror else { return "–".to_owned() };
    let limits = e.ror_lo.zip(e.ror_hi);
    let limits = limits
        .map_or_else(|| "–".to_owned(), |(low, high)| format!("{}–{}", short(low), short(high)));
    format!("{} ({limits})", short(point))
}

fn below(run: &SignalRun, hidden: usize) -> String {
    let mut text = String::new();
    if hidden > 0 {
        let hidden = counted(hidden as u64, "more substance", "more substances");
        text.push_str(&hanging("", &format!("{hidden} not shown (--top, --format csv).")));
    }
    text.push_str(&hanging(
        "",
        "A signal of disproportionate reporting (IC025 above 0) says that a pair is reported more often than \
         expected, and nothing about why. * listed agent, † therapy of the event. PRR, chi-squared, limits of IC \
         and EBGM and the decision rules: --format csv, --rules.",
    ));
    text.push_str(&hanging(
        "",
        &prior_text(run.prior.as_ref(), !run.question.comparator.is_empty()),
    ));
    if let Some(attribution) = &run.attribution {
        text.push_str(&hanging(
            "",
            &format!(
                "explained: an attribution of reporting under a stated model gives the cases to others on the same \
                 reports (`iatro signal attribute` has its numbers and assumptions). {}",
                sampler_in_english(attribution)
            ),
        ));
    }
    text
}

/// The checks with what became of the signals, then those that could not be made.
fn checks(run: &SignalRun) -> String {
    let mut rows = Rows::new(&[
        ("check", Kind::Text),
        ("reports", Kind::Count),
        ("cases", Kind::Count),
        ("holds", Kind::Count),
        ("ends", Kind::Count),
        ("appears", Kind::Count),
        ("cannot say", Kind::Count),
        ("what was counted", Kind::Text),
    ]);
    let is_signal = |name: &str| run.signal(name).is_some_and(Signal::is_disproportionate);
    for check in run.checks.iter().filter(|check| check.not_assessable.is_none()) {
        let tally = CheckTally::of(check, is_signal);
        let titles = in_lines(check.title, 52);
        for (line, title) in titles.iter().enumerate() {
            let first = line == 0;
            let blank = || Cell::Text(String::new());
            let count = |count: u64| if first { count.into() } else { blank() };
            let many = |n: Option<u64>| match n {
                _ if !first => blank(),
                None => "several".into(),
                Some(n) => n.into(),
            };
            rows.push(vec![
                if first { check.id.into() } else { blank() },
                many(check.reports),
                many(check.cases),
                count(tally.holds),
                count(tally.ends),
                count(tally.appears),
                count(tally.not_assessable),
                title.as_str().into(),
            ]);
        }
    }
    let mut text = "\nChecks that the study declares: each counts the whole question again. What became of the signals\n\n"
        .to_owned();
    if !rows.rows.is_empty() {
        text.push_str(&table::render(&rows));
        text.push('\n');
    }
    text.push_str(&not_assessable(&run.checks));
    text
}

fn not_assessable(checks: &[CheckRun]) -> String {
    let why = |check: &CheckRun| {
        let (_, why) = check.not_assessable.as_ref()?;
        Some(hanging("  • ", &format!("{} ({}): {why}.", check.id, check.title)))
    };
    let lines: String = checks.iter().filter_map(why).collect();
    if lines.is_empty() { lines } else { format!("\nNot assessable in these reports:\n{lines}") }
}

/// Our contrasts beside the published ones.
fn contrasts(run: &SignalRun) -> String {
    let mut text = "\nContrasts, ROR (Wald 95 %); they have no part in a verdict\n".to_owned();
    for contrast in &run.contrasts {
        let said = contrast_in_english(contrast);
        let counts = said.counts.map_or_else(String::new, |counts| format!(" [{counts}]"));
        text.push_str(&hanging(
            "  • ",
            &format!("{}: {}{counts}; published: {}", contrast.title, said.ours, said.published),
        ));
    }
    text
}
