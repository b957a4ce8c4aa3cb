//! The table of the attribution, with the plain count beside it.

use iatro_signals::attribution::{AttributedCause, Attribution, Group};

use super::super::caption::Captions;
use super::super::table::{Kind, header, row_name, text};
use super::super::{ReviewPage, badge};
use crate::interval::Interval;
use crate::markup::{Markup, at};
use crate::number::{counted, decimals, short};
use crate::prose::{cases, to_others};

/// The most rows; the page says how many are left out.
const ROWS: usize = 100;
/// What a hazard is given per.
const PER: f64 = 10_000.0;

pub(super) fn draw(
    m: &mut Markup,
    page: &ReviewPage<'_>,
    attribution: &Attribution,
    captions: &mut Captions,
) {
    let rows: Vec<&AttributedCause> = attribution.causes.iter().collect();
    let hidden = rows.len().saturating_sub(ROWS);
    captions.table(
        m,
        ("attribution-table", "signals attributed enhance"),
        |m| m.text(&caption(attribution, rows.len(), hidden)),
        |m| {
            header(m, &COLUMNS);
            m.within("tbody", &[], |m| {
                let last = rows.iter().filter(|row| row.group == Group::Background);
                let others = rows.iter().filter(|row| row.group != Group::Background);
                for row in others.take(ROWS.saturating_sub(1)).chain(last) {
                    m.within("tr", &[], |m| line(m, page, row));
                }
            });
        },
    );
}

const COLUMNS: [(&str, Kind); 8] = [
    ("Substance or trigger", Kind::Text),
    ("Event reports", Kind::Number),
    ("Eligible reports", Kind::Number),
    ("Attributed (95 %)", Kind::Number),
    ("Part of its event reports", Kind::Number),
    ("Adds per 10,000 reports (95 %)", Kind::Number),
    ("Its other cases go", Kind::Text),
    ("Plain count (IC025, verdict)", Kind::Text),
];

fn caption(attribution: &Attribution, rows: usize, hidden: usize) -> String {
    let mut text = format!(
        "Attribution of reporting under a stated model: {}, most attributed cases first, posterior means with 95 % \
         credible intervals.",
        counted(rows as u64, "row", "rows")
    );
    if hidden > 0 {
        text.push_str(&format!(
            " {} are not listed (`iatro signal attribute` has all).",
            counted(hidden as u64, "row", "rows")
        ));
    }
    let more = counted(
        attribution.without_cases as u64,
        "substance or trigger",
        "substances and triggers",
    );
    text.push_str(&format!(" {more} more stand on eligible reports but on no event report."));
    if attribution.mediators > 0 {
        text.push_str(&format!(
            " {} on event reports {} left to a substance that is known to bring it about.",
            counted(attribution.mediators, "trigger", "triggers"),
            if attribution.mediators == 1 { "was" } else { "were" },
        ));
    }
    text
}

fn line(m: &mut Markup, page: &ReviewPage<'_>, row: &AttributedCause) {
    let together = match (&row.given_with, row.members.is_empty()) {
        (Some(_), _) => "given together with others, which these reports cannot tell apart",
        (None, false) => "on the same event reports, which cannot tell them apart",
        (None, true) => "",
    };
    let kind = if row.group == Group::Trigger { "trigger" } else { "" };
    row_name(m, &row.cause, &[kind, together]);
    reports(m, row.n);
    reports(m, row.exposed);
    estimate(m, row.attributed, row.attributed_interval, cases);
    match row.fraction {
        Some(share) => {
            let shown = format!("{} %", decimals(share * 100.0, 0));
            m.leaf("td", &[at("class", "n"), at("data-v", share)], &shown);
        }
        None => none(m),
    }
    let per = |hazard: f64| short(hazard * PER);
    estimate(m, row.lambda, row.lambda_interval, per);
    text(m, &to_others(row));
    plain(m, page, row);
}

fn plain(m: &mut Markup, page: &ReviewPage<'_>, row: &AttributedCause) {
    let is_one = row.group == Group::Substance && row.members.is_empty();
    let signal = page.run.signal(&row.cause).filter(|_| is_one);
    let Some(signal) = signal else { return m.leaf("td", &[at("class", "na")], "–") };
    let limit = Interval::ic(signal).lower.map_or("–".to_owned(), |limit| decimals(limit, 2));
    m.within("td", &[at("class", "verdict")], |m| {
        m.text(&format!("{limit} "));
        if let Some(verdict) = page.run.verdict(&row.cause) {
            badge::badge(m, verdict.verdict);
        }
    });
}

fn reports(m: &mut Markup, number: f64) {
    let is_whole = (number - number.round()).abs() < 1e-9;
    let shown = decimals(number, usize::from(!is_whole));
    m.leaf("td", &[at("class", "n"), at("data-v", number)], &shown);
}

fn estimate(
    m: &mut Markup,
    point: Option<f64>,
    limits: Option<(f64, f64)>,
    shown: impl Fn(f64) -> String,
) {
    let Some(point) = point.filter(|point| point.is_finite()) else { return none(m) };
    m.within("td", &[at("class", "n"), at("data-v", point)], |m| {
        m.text(&format!("{} ", shown(point)));
        match limits {
            Some((low, high)) => m.leaf("small", &[], &format!("({}–{})", shown(low), shown(high))),
            None => m.leaf("small", &[], "(no interval: the chains do not agree)"),
        }
    });
}

fn none(m: &mut Markup) {
    m.leaf("td", &[at("class", "n na")], "–");
}
