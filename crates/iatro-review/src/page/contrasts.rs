//! The named contrasts of the study, with the published values beside them.

use iatro_signals::bench::ContrastResult;

use super::caption::Captions;
use super::table::{Kind, header, ratio, row_name, text};
use super::{ReviewPage, paragraph, section};
use crate::interval::Interval;
use crate::markup::{Markup, at};
use crate::prose::{contrast_in_english, ror};

pub(super) const SECTION: (&str, &str) = ("contrasts", "Contrasts with published values");

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    if page.run.contrasts.is_empty() {
        return;
    }
    section(m, SECTION, |m| {
        paragraph(
            m,
            "The study names these comparisons because they were published. Reports that name all substances of one \
             side are compared with reports that name all of the other. The published values come from other reports, \
             and other ways of counting; agreement is not expected to the digit. A contrast has no part in a verdict.",
        );
        captions.table(
            m,
            ("contrast-table", "contrasts"),
            |m| {
                m.text(
                    "Contrasts: cases of reports on either side, our ROR, and the published one.",
                )
            },
            |m| {
                header(m, &COLUMNS);
                m.within("tbody", &[], |m| {
                    for contrast in &page.run.contrasts {
                        m.within("tr", &[], |m| row(m, contrast));
                    }
                });
            },
        );
    });
}

const COLUMNS: [(&str, Kind); 4] = [
    ("Contrast", Kind::Text),
    ("Cases of reports", Kind::Text),
    ("ROR here (Wald 95 %)", Kind::Number),
    ("Published ROR (95 %)", Kind::Text),
];

fn row(m: &mut Markup, contrast: &ContrastResult) {
    let said = contrast_in_english(contrast);
    row_name(m, &contrast.title, &[]);
    match (&contrast.estimates, &said.counts) {
        (Some(estimates), Some(counts)) => {
            text(m, counts);
            ratio(m, ror(estimates));
        }
        _ => {
            m.leaf("td", &[at("class", "na")], "one side has no report");
            m.leaf("td", &[at("class", "n na")], "–");
        }
    }
    m.within("td", &[], |m| match &contrast.published {
        None => m.text("none"),
        Some(published) => {
            let value = Interval {
                point: Some(published.ror),
                lower: Some(published.ror_lo),
                upper: Some(published.ror_hi),
            };
            m.text(&format!("{} ", value.as_ratio()));
            m.leaf(
                "small",
                &[at("class", "src")],
                &format!("{}; {}", published.reports, published.source),
            );
        }
    });
}
