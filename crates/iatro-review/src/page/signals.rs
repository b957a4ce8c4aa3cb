//! The signals: forest plot and table.

use iatro_signals::run::{Signal, SignalRun};

use super::caption::{Captions, data_table};
use super::table::{Kind, count, header, logarithm, ratio, row_name, rules, value};
use super::{ReviewPage, TABLE_ROWS, badge, forest, paragraph, section, selection};
use crate::interval::Interval;
use crate::markup::Markup;
use crate::number::{counted, thousands};
use crate::prose::{attributed_row, verdict_reason};

pub(super) const SECTION: (&str, &str) = ("signals", "Signals of disproportionate reporting");

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        paragraph(
            m,
            "Here each substance stands for itself: no row is adjusted for the others, so substances that are \
             reported together share their cases. What becomes of them under the study's checks and beside each \
             other is the verdict, which the next two sections lead to. Listed agents are those that the study names from a source \
             that was read. Therapies of the event are kept apart: a report may name one because the event was \
             there first.",
        );
        let drawn = forest::drawn(page);
        captions.figure(m, ("forest", &drawn.figure().svg()), |m| {
            m.text(&drawn.in_english());
            m.text(
                " Marks: ROR, lines: its Wald 95 % interval, on a logarithmic axis; dashed line: ROR 1, \
                 reported as often as expected.",
            );
        });
        if !drawn.signals.is_empty() {
            let caption = "Numbers of the forest plot, highest IC025 first.";
            data_table(m, ("forest-data", "signals"), caption, |m| drawn.table(m));
        }
        table(m, page, captions);
    });
}

fn table(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    let listed = selection::with_cases(page.run, 1);
    if listed.is_empty() {
        return paragraph(m, "No substance has a case, so there is no table of signals.");
    }
    let hidden = listed.len().saturating_sub(TABLE_ROWS);
    let none = page.run.signals.len() - listed.len();
    captions.table(
        m,
        ("signal-table", "signals enhance"),
        |m| m.text(&caption(listed.len(), hidden, none)),
        |m| {
            header(m, &COLUMNS);
            m.within("tbody", &[], |m| {
                for signal in listed.iter().take(TABLE_ROWS) {
                    row(m, page.run, signal);
                }
            });
        },
    );
}

fn caption(listed: usize, hidden: usize, none: usize) -> String {
    let mut text = format!(
        "Signals by substance, highest IC025 first: {} with at least 1 case.",
        counted(listed as u64, "substance", "substances"),
    );
    if hidden > 0 {
        text.push_str(&format!(
            " The first {} are listed; {} with a lower IC025 are not (the CSV of the run has all).",
            thousands(TABLE_ROWS as u64),
            thousands(hidden as u64),
        ));
    }
    if none > 0 {
        text.push_str(&format!(
            " Not listed: {} without a case.",
            counted(none as u64, "substance", "substances"),
        ));
    }
    text.push_str(
        " a: with substance and event; b: with the substance only; c: with the event only; d: with neither.",
    );
    text
}

const COLUMNS: [(&str, Kind); 14] = [
    ("Substance", Kind::Text),
    ("Verdict", Kind::Text),
    ("a", Kind::Number),
    ("b", Kind::Number),
    ("c", Kind::Number),
    ("d", Kind::Number),
    ("Expected", Kind::Number),
    ("ROR (Wald 95 %)", Kind::Number),
    ("PRR (log-normal 95 %)", Kind::Number),
    ("Chi-squared (Yates)", Kind::Number),
    ("IC (exact gamma 95 %)", Kind::Number),
    ("EBGM (EB05–EB95)", Kind::Number),
    ("q (mid-P)", Kind::Number),
    ("Rules", Kind::Text),
];

fn row(m: &mut Markup, run: &SignalRun, signal: &Signal) {
    let class = signal.class.as_deref().unwrap_or_default();
    m.within("tr", &[], |m| {
        row_name(m, &signal.substance, &[class, selection::mark(signal)]);
        let verdict = run.verdict(&signal.substance);
        let reason = verdict.map(|v| verdict_reason(v, attributed_row(run, &signal.substance)));
        badge::cell(m, verdict.map(|v| v.verdict), &reason.unwrap_or_default());
        for cell in [signal.estimates.a, signal.estimates.b, signal.estimates.c, signal.estimates.d]
        {
            count(m, cell);
        }
        value(m, signal.estimates.expected);
        ratio(m, Interval::ror(signal));
        ratio(m, Interval::prr(signal));
        value(m, signal.estimates.chi2_yates);
        logarithm(m, Interval::ic(signal));
        ratio(m, Interval::ebgm(signal));
        value(m, signal.test.q);
        let answers = &signal.rules;
        rules(
            m,
            &[
                ("N", answers.n_ge_3),
                ("PRR", answers.prr_evans),
                ("ROR", answers.ror_lower_gt_1),
                ("IC", answers.ic025_gt_0),
            ],
        );
    });
}
