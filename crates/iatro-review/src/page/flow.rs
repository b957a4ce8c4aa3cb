//! From the files to the cases: the waterfall, and its numbers.

use iatro_signals::waterfall::{Step, Waterfall};

use super::caption::{Captions, data_table};
use super::table::{Kind, count, header, row_name, text};
use super::{ReviewPage, paragraph, section};
use crate::figure::{Lengths, Svg, WaterfallFigure};
use crate::markup::{Markup, at};
use crate::number::{counted, thousands};

pub(super) const SECTION: (&str, &str) = ("flow", "From the files to the cases");

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        let waterfall = with_cases(page);
        paragraph(m, &introduction(page));
        mismatch(m, page);
        captions.figure(m, ("waterfall", &drawn(&waterfall)), |m| {
            m.text("What is left after each step (bars), and what each step took away, with the reason.");
        });
        let caption = "Steps from the files to the cases.";
        data_table(m, ("waterfall-data", "steps"), caption, |m| table(m, &waterfall));
    });
}

/// The figure of the page.
pub(super) fn figure(page: &ReviewPage<'_>) -> Svg {
    drawn(&with_cases(page))
}

fn drawn(waterfall: &Waterfall) -> Svg {
    let (id, title) = ("waterfall-svg", "From the files to the cases");
    WaterfallFigure { id, title, waterfall, lengths: Lengths::Auto }.svg()
}

/// The steps of the waterfall, and the cases as the last one.
fn with_cases(page: &ReviewPage<'_>) -> Waterfall {
    let mut waterfall = page.run.waterfall.clone();
    waterfall.steps.push(Step {
        label: "that report the event: the cases".to_owned(),
        left: page.run.cases,
        removed: page.run.reports.saturating_sub(page.run.cases),
        why: "do not report the event".to_owned(),
    });
    waterfall
}

fn introduction(page: &ReviewPage<'_>) -> String {
    let source = page.run.question.source;
    let parts: Vec<_> = page.manifest.parts_of(source).collect();
    let files: usize = parts.iter().map(|part| part.files.len()).sum();
    let quarantined: u64 =
        parts.iter().flat_map(|part| part.tables.values()).map(|rows| rows.quarantined).sum();
    format!(
        "{} of {} were read. Every row of every table is either in the lake or in its quarantine, with the \
         reason; {} there. Later versions of a case replace earlier ones; suspected duplicates are linked, and \
         counted like any other report.",
        counted(files as u64, "file", "files"),
        source.title(),
        match quarantined {
            0 => "no row is".to_owned(),
            1 => "1 row is".to_owned(),
            many => format!("{} rows are", thousands(many)),
        },
    )
}

/// The steps and the run must speak of the same reports; if they do not, the page says so.
fn mismatch(m: &mut Markup, page: &ReviewPage<'_>) {
    let Some(last) = page.run.waterfall.steps.last() else { return };
    if last.left != page.run.reports {
        m.leaf(
            "p",
            &[at("class", "banner")],
            &format!(
                "The steps end at {}, but the run counted {}: they do not belong together.",
                counted(last.left, "report", "reports"),
                thousands(page.run.reports),
            ),
        );
    }
}

fn table(m: &mut Markup, waterfall: &Waterfall) {
    let columns = [
        ("Left after the step", Kind::Text),
        ("Number", Kind::Number),
        ("Taken away", Kind::Number),
        ("Why", Kind::Text),
    ];
    header(m, &columns);
    m.within("tbody", &[], |m| {
        for step in &waterfall.steps {
            m.within("tr", &[], |m| {
                row_name(m, &step.label, &[]);
                count(m, step.left);
                count(m, step.removed);
                text(m, &step.why);
            });
        }
    });
}
