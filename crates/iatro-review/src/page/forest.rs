//! The forest plot of the page: the top signals, in groups by what the study says of them.

use iatro_signals::run::Signal;

use super::table::{Kind, count, header, logarithm, ratio, row_name, value};
use super::{FOREST_ROWS, ReviewPage, selection};
use crate::figure::{Forest, ForestGroup, ForestRow, Mark, Scale};
use crate::interval::Interval;
use crate::markup::Markup;
use crate::number::{counted, thousands};

/// The signals in the plot, and how many had as many cases.
pub(super) struct Drawn<'a> {
    pub(super) signals: Vec<&'a Signal>,
    pub(super) candidates: usize,
    /// The fewest cases of a candidate.
    pub(super) least: u64,
}

pub(super) fn drawn<'a>(page: &ReviewPage<'a>) -> Drawn<'a> {
    let least = page.study.minimum_cases.max(1);
    let mut signals = selection::with_cases(page.run, least);
    let candidates = signals.len();
    signals.truncate(FOREST_ROWS);
    Drawn { signals, candidates, least }
}

impl Drawn<'_> {
    /// How many there are and how many are not drawn.
    pub(super) fn in_english(&self) -> String {
        let cases = counted(self.least, "case", "cases");
        let hidden = self.candidates.saturating_sub(self.signals.len());
        if self.candidates == 0 {
            return format!("No substance has at least {cases}; there is nothing to draw.");
        }
        if hidden == 0 {
            let substances = counted(self.candidates as u64, "substance", "substances");
            return format!(
                "The {substances} with at least {cases}, highest IC025 first in each group."
            );
        }
        format!(
            "The {} with the highest IC025, of {} with at least {cases}; the other {} are not drawn. Highest \
             IC025 first in each group.",
            counted(self.signals.len() as u64, "substance", "substances"),
            thousands(self.candidates as u64),
            thousands(hidden as u64),
        )
    }

    pub(super) fn figure(&self) -> Forest {
        let group = |title: &str, mark, takes: &dyn Fn(&Signal) -> bool| ForestGroup {
            title: title.to_owned(),
            mark,
            rows: self.signals.iter().filter(|s| takes(s)).map(|s| row(s)).collect(),
        };
        Forest {
            id: "forest-svg".to_owned(),
            title: "Forest plot of the signals with the highest IC025".to_owned(),
            groups: vec![
                group("Listed agents", Mark::Circle, &|s| s.listed_agent && !s.therapy),
                group("Other substances", Mark::Square, &|s| !s.listed_agent && !s.therapy),
                group("Therapies of the event", Mark::Triangle, &|s| s.therapy),
            ],
            scale: Scale::Auto,
        }
    }

    /// The numbers of the plot.
    pub(super) fn table(&self, m: &mut Markup) {
        let columns = [
            ("Substance", Kind::Text),
            ("Cases", Kind::Number),
            ("Expected", Kind::Number),
            ("ROR (Wald 95 %)", Kind::Number),
            ("IC (exact gamma 95 %)", Kind::Number),
        ];
        header(m, &columns);
        m.within("tbody", &[], |m| {
            for signal in &self.signals {
                m.within("tr", &[], |m| {
                    row_name(m, &signal.substance, &[selection::mark(signal)]);
                    count(m, signal.estimates.a);
                    value(m, signal.estimates.expected);
                    ratio(m, Interval::ror(signal));
                    logarithm(m, Interval::ic(signal));
                });
            }
        });
    }
}

fn row(signal: &Signal) -> ForestRow {
    let note = if signal.therapy && signal.listed_agent { "listed agent" } else { "" };
    ForestRow { note: note.to_owned(), ..ForestRow::of(signal) }
}
