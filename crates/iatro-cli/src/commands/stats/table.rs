//! `iatro stats table`: every measure of disproportionality of one 2 x 2 table.

use iatro_stats::disproportionality::{
    chi2_pearson, chi2_yates, ic, ic_noren2013, names, prr, prr_point, ror, ror_point, rrr,
};
use iatro_stats::thresholds::{ic025, min_reports, prr_evans2001, ror_lower_limit};
use iatro_stats::{Estimate, Table2x2};

use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::output::table;

/// The four cells.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Reports with substance and event.
    a: u64,
    /// Reports with the substance, without the event.
    b: u64,
    /// Reports with the event, without the substance.
    c: u64,
    /// Reports with neither.
    d: u64,
}

pub(super) fn answer_of(args: &Args) -> Result<Answer, CliError> {
    let Args { a, b, c, d } = *args;
    let cells = Table2x2::new(a, b, c, d)
        .map_err(|error| CliError::usage(format!("{a} {b} {c} {d}: {error}")))?;
    Ok(answer(&cells))
}

fn answer(cells: &Table2x2) -> Answer {
    let mut rows = Rows::new(&[
        ("measure", Kind::Text),
        ("point", Kind::Number),
        ("lower", Kind::Number),
        ("upper", Kind::Number),
    ]);
    let mut add = |name: &str, point: Option<f64>, interval: Option<Estimate>| {
        let (lower, upper) = (interval.map(|e| e.lower), interval.map(|e| e.upper));
        rows.push(vec![name.into(), point.into(), lower.into(), upper.into()]);
    };
    add("expected count", cells.expected(), None);
    add(names::ROR, ror_point(cells), ror(cells));
    add(names::PRR, prr_point(cells), prr(cells));
    add(names::RRR, rrr(cells), None);
    add(names::CHI2_PEARSON, chi2_pearson(cells), None);
    add(names::CHI2_YATES, chi2_yates(cells), None);
    add(names::IC, ic(cells).map(|e| e.point), ic(cells));
    let noren = ic_noren2013(cells);
    add(names::IC_NOREN_2013, noren.map(|e| e.point), noren);
    let rules = [
        ("N >= 3", min_reports(cells)),
        ("PRR >= 2, chi-squared (Yates) >= 4, N >= 3", prr_evans2001(cells)),
        ("ROR lower 95 % limit > 1, N >= 3", ror_lower_limit(cells)),
        ("IC025 > 0", ic025(cells)),
    ];
    let document = serde_json::json!({
        "table": {"a": cells.a(), "b": cells.b(), "c": cells.c(), "d": cells.d()},
        "measures": rows.to_objects(),
        "rules": rules.iter().map(|(rule, answer)| serde_json::json!({
            "rule": rule, "answer": answer.name(),
        })).collect::<Vec<_>>(),
        "notice": iatro_reports::lake::manifest::RESEARCH_USE,
    });
    let text = text(cells, &rows, &rules.map(|(rule, answer)| (rule, answer.name())));
    Answer { rows, document, text }
}

fn text(cells: &Table2x2, rows: &Rows, rules: &[(&str, &str)]) -> String {
    let mut square = Rows::new(&[
        ("", Kind::Text),
        ("event", Kind::Count),
        ("no event", Kind::Count),
        ("all", Kind::Count),
    ]);
    let mut line = |name: &str, with: u64, without: u64, all: u64| {
        square.push(vec![Cell::from(name), with.into(), without.into(), all.into()]);
    };
    line("substance", cells.a(), cells.b(), cells.exposure_total());
    line("other", cells.c(), cells.d(), cells.no_exposure_total());
    line("all", cells.event_total(), cells.no_event_total(), cells.n());
    let mut text = format!("{}\n\n{}\n", table::render(&square), table::render(rows));
    for (rule, answer) in rules {
        text.push_str(&format!("\n  {rule}: {answer}"));
    }
    text.push_str("\n\nIntervals are 95 %; – is not defined for this table. ");
    text.push_str(iatro_reports::lake::manifest::RESEARCH_USE);
    text
}
