//! What else could account for it: the event reports, divided among what stands on them.

mod table;

use iatro_signals::attribution::{AttributedCause, Attribution, Group};
use iatro_signals::run::SignalRun;

use super::caption::Captions;
use super::{ReviewPage, paragraph, section};
use crate::figure::{AttributionBar, AttributionFigure, AttributionGroup, Mark};
use crate::markup::{Markup, at};
use crate::number::{counted, thousands};
use crate::prose::{sampler_in_english, set_aside_in_english, to_others};

pub(super) const SECTION: (&str, &str) = ("attribution", "What else could account for it");

/// The most rows of a group in the figure.
const FIGURE_ROWS: usize = 20;

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        let Some(attribution) = &page.run.attribution else {
            paragraph(m, &without(page.run));
            return paragraph(m, &set_aside_in_english(&page.run.set_aside));
        };
        paragraph(m, &introduction(attribution));
        let drawn = Drawn::of(page, attribution);
        captions.figure(m, ("attributed", &drawn.figure(page.run).svg()), |m| {
            m.text(&drawn.in_english());
        });
        table::draw(m, page, attribution, captions);
        m.leaf("h3", &[], "What was set aside before anything was counted");
        paragraph(m, &set_aside_in_english(&page.run.set_aside));
        m.leaf("h3", &[], "What this takes for granted");
        m.within("ul", &[at("class", "plain")], |m| {
            for assumption in attribution.assumptions {
                m.leaf("li", &[], assumption);
            }
        });
        paragraph(m, &sampler_in_english(attribution));
    });
}

fn without(run: &SignalRun) -> String {
    let why = if run.cases == 0 {
        "there is no event report to divide"
    } else if !run.question.comparator.is_empty() {
        "the run compares with named substances, and the model with all reports"
    } else {
        "the run left the checks out"
    };
    format!("No attribution was made: {why}.")
}

fn introduction(attribution: &Attribution) -> String {
    format!(
        "Plain disproportionality gives every substance on a report the whole of its cases, so a bystander comes out as \
         strong as what it stands beside. Here the {} are divided, each once, among everything that stands on it: the \
         suspect substances, the triggers (infections, malignancies, rheumatic disease and others, where the report \
         names them) and the background, which depends on age band, sex, period and region. This is attribution of \
         reporting under a stated model; its assumptions stand below.",
        counted(attribution.cases, "event report", "event reports"),
    )
}

/// The rows in the figure, and how many were not drawn.
struct Drawn<'a> {
    substances: Vec<&'a AttributedCause>,
    triggers: Vec<&'a AttributedCause>,
    background: Vec<&'a AttributedCause>,
    hidden: usize,
    least: f64,
}

impl<'a> Drawn<'a> {
    fn of(page: &ReviewPage<'_>, attribution: &'a Attribution) -> Self {
        let least = page.study.minimum_cases.max(1) as f64;
        let own = attribution.causes.iter().filter(|row| row.given_with.is_none());
        let own: Vec<&AttributedCause> = own.collect();
        let of = |takes: &dyn Fn(Group) -> bool| -> Vec<&'a AttributedCause> {
            own.iter().copied().filter(|row| takes(row.group) && row.n >= least).collect()
        };
        let mut substances = of(&|g| matches!(g, Group::Substance | Group::Interaction));
        let mut triggers = of(&|g| g == Group::Trigger);
        let hidden = substances.len().saturating_sub(FIGURE_ROWS)
            + triggers.len().saturating_sub(FIGURE_ROWS);
        // Those with the most event reports: a bystander that is left with nothing belongs here.
        let most = |rows: &mut Vec<&AttributedCause>| {
            rows.sort_by(|x, y| y.n.total_cmp(&x.n).then_with(|| x.cause.cmp(&y.cause)));
            rows.truncate(FIGURE_ROWS);
            let left = |row: &AttributedCause| row.attributed.unwrap_or(-1.0);
            rows.sort_by(|x, y| left(y).total_cmp(&left(x)).then_with(|| x.cause.cmp(&y.cause)));
        };
        most(&mut substances);
        most(&mut triggers);
        let background = own.iter().copied().filter(|r| r.group == Group::Background).collect();
        Self { substances, triggers, background, hidden, least }
    }

    fn in_english(&self) -> String {
        let mut text = format!(
            "Attributed cases of what stands on at least {}",
            counted(self.least as u64, "event report", "event reports")
        );
        if self.hidden > 0 {
            text.push_str(&format!(
                "; of each kind the {FIGURE_ROWS} with the most, {} more are not drawn",
                thousands(self.hidden as u64)
            ));
        }
        text.push_str(
            ". Bold: a signal of disproportionate reporting by itself (IC025 > 0). What stands on the same event \
             reports has one row.",
        );
        text
    }

    fn figure(&self, run: &SignalRun) -> AttributionFigure {
        let group = |title: &str, mark, rows: &[&AttributedCause]| AttributionGroup {
            title: title.to_owned(),
            mark,
            rows: rows.iter().map(|row| bar(run, row)).collect(),
        };
        AttributionFigure {
            id: "attributed-svg".to_owned(),
            title: "Event reports attributed to substances, triggers and background".to_owned(),
            groups: vec![
                group("Substances", Mark::Circle, &self.substances),
                group("Triggers named on the reports", Mark::Triangle, &self.triggers),
                group("Neither", Mark::Square, &self.background),
            ],
        }
    }
}

fn bar(run: &SignalRun, row: &AttributedCause) -> AttributionBar {
    AttributionBar {
        name: row.cause.clone(),
        bold: is_signal(run, row),
        n: row.n,
        attributed: row.attributed,
        interval: row.attributed_interval,
        others: to_others(row),
    }
}

/// Whether the substance of a row, or one of them, is a signal by itself.
fn is_signal(run: &SignalRun, row: &AttributedCause) -> bool {
    let is = |name: &str| run.signal(name).is_some_and(|signal| signal.is_disproportionate());
    row.group == Group::Substance
        && if row.members.is_empty() {
            is(&row.cause)
        } else {
            row.members.iter().any(|name| is(name))
        }
}
