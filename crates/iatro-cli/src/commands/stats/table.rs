//! `iatro stats table`: every measure of disproportionality of one 2 x 2 table.

use iatro_stats::disproportionality::{
    ConditionalRor, chi2_pearson, chi2_yates, fisher_greater, fisher_less, fisher_mid_p,
    fisher_mid_p_two_sided, fisher_two_sided, g_squared, ic, ic_bcpnn, ic_noren2013,
    log_likelihood_ratio, names, prr, prr_point, ror, ror_conditional, ror_conditional_mid_p,
    ror_point, rrr,
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
    /// Seed of the sampled IC, the only one of the measures that draws.
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    seed: u64,
}

pub(super) fn answer_of(args: &Args) -> Result<Answer, CliError> {
    let Args { a, b, c, d, .. } = *args;
    let cells = Table2x2::new(a, b, c, d)
        .map_err(|error| CliError::usage(format!("{a} {b} {c} {d}: {error}")))?;
    Ok(answer(&cells, args.seed))
}

/// A measure: its name, point and limits.
type Measure = (&'static str, Option<f64>, [Option<f64>; 2]);

/// Draws of the sampled Dirichlet: enough for two decimals of its limits.
const DRAWS: u32 = 100_000;

fn measures(cells: &Table2x2, seed: u64) -> Vec<Measure> {
    let none = [None, None];
    let limits = |e: Option<Estimate>| [e.map(|e| e.lower), e.map(|e| e.upper)];
    let point = |e: Option<Estimate>| e.map(|e| e.point);
    let conditional = |name, ror: Option<ConditionalRor>| -> Measure {
        (name, ror.and_then(|r| r.point), [ror.and_then(|r| r.lower), ror.and_then(|r| r.upper)])
    };
    let noren = ic_noren2013(cells);
    let sampled = ic_bcpnn(cells, DRAWS, seed).ok().flatten().map(|ic| ic.estimate);
    vec![
        ("expected count", cells.expected(), none),
        (names::ROR, ror_point(cells), limits(ror(cells))),
        conditional(names::ROR_CONDITIONAL, ror_conditional(cells)),
        conditional(names::ROR_CONDITIONAL_MID_P, ror_conditional_mid_p(cells)),
        (names::PRR, prr_point(cells), limits(prr(cells))),
        (names::RRR, rrr(cells), none),
        (names::CHI2_PEARSON, chi2_pearson(cells), none),
        (names::CHI2_YATES, chi2_yates(cells), none),
        (names::G_SQUARED, g_squared(cells), none),
        (names::LOG_LIKELIHOOD_RATIO, log_likelihood_ratio(cells), none),
        (names::FISHER_GREATER, fisher_greater(cells), none),
        (names::FISHER_LESS, fisher_less(cells), none),
        (names::FISHER_TWO_SIDED, fisher_two_sided(cells), none),
        (names::FISHER_MID_P, fisher_mid_p(cells), none),
        (names::FISHER_MID_P_TWO_SIDED, fisher_mid_p_two_sided(cells), none),
        (names::IC, point(ic(cells)), limits(ic(cells))),
        (names::IC_NOREN_2013, point(noren), limits(noren)),
        (names::IC_BCPNN, point(sampled), limits(sampled)),
    ]
}

fn answer(cells: &Table2x2, seed: u64) -> Answer {
    let mut rows = Rows::new(&[
        ("measure", Kind::Text),
        ("point", Kind::Number),
        ("lower", Kind::Number),
        ("upper", Kind::Number),
    ]);
    for (name, point, [lower, upper]) in measures(cells, seed) {
        rows.push(vec![name.into(), point.into(), lower.into(), upper.into()]);
    }
    let rules = [
        ("N >= 3", min_reports(cells)),
        ("PRR >= 2, chi-squared (Yates) >= 4, N >= 3", prr_evans2001(cells)),
        ("ROR lower 95 % limit > 1, N >= 3", ror_lower_limit(cells)),
        ("IC025 > 0", ic025(cells)),
    ];
    let document = serde_json::json!({
        "table": {"a": cells.a(), "b": cells.b(), "c": cells.c(), "d": cells.d()},
        "measures": rows.to_objects(),
        "seed": seed,
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
    text.push_str("\n\nIntervals are 95 %; – is not defined for this table, or there is none. ");
    text.push_str(iatro_reports::lake::manifest::RESEARCH_USE);
    text
}
