//! The review page: one HTML file that needs nothing beside it.
//!
//! No script is needed to read it, no font, picture or style is fetched; a content security policy in
//! the page forbids it. It is written for screens of any width, for dark screens and for A4 paper. The
//! page holds no time and no path: the same inputs give the same bytes.

mod attribution;
mod badge;
mod caption;
mod checks;
mod contrasts;
mod document;
mod event;
mod files;
mod flow;
mod forest;
mod guide;
mod limits;
mod methods;
mod opening;
mod planted;
mod policy;
mod provenance;
mod selection;
mod signals;
mod table;

use std::collections::BTreeMap;

use iatro_reports::lake::Manifest;
use iatro_signals::run::SignalRun;
use iatro_signals::study::Study;

use self::caption::Captions;
use crate::figure::Svg;
use crate::markup::{Markup, at};

pub use planted::{PlantedFinding, PlantedRole, PlantedRow, PlantedTruth};

/// The most substances in the forest plot; the page says how many are left out.
pub const FOREST_ROWS: usize = 25;
/// The most substances in the table of signals; the page says how many are left out.
pub const TABLE_ROWS: usize = 300;

/// The page of one run.
#[derive(Clone, Copy, Debug)]
pub struct ReviewPage<'a> {
    /// The snapshot that was counted.
    pub manifest: &'a Manifest,
    /// The study.
    pub study: &'a Study,
    /// The result.
    pub run: &'a SignalRun,
    /// Event rows of current reports by folded term, over all sources of the snapshot; a term that is
    /// not there has none.
    pub term_rows: &'a BTreeMap<String, u64>,
    /// What was planted, if the reports are generated.
    pub planted: Option<&'a PlantedTruth>,
}

impl ReviewPage<'_> {
    /// Renders the page.
    pub fn render(&self) -> String {
        let mut m = Markup::default();
        document::draw(&mut m, self, |m| {
            let mut captions = Captions::default();
            opening::draw(m, self);
            event::draw(m, self, &mut captions);
            flow::draw(m, self, &mut captions);
            signals::draw(m, self, &mut captions);
            checks::draw(m, self, &mut captions);
            attribution::draw(m, self, &mut captions);
            contrasts::draw(m, self, &mut captions);
            planted::draw(m, self, &mut captions);
            guide::draw(m, self);
            limits::draw(m, self);
            methods::draw(m, self, &mut captions);
            files::draw(m, self, &mut captions);
        });
        m.into_string()
    }

    /// The figures of the page, each with a name for a file of its own (without `.svg`).
    pub fn figures(&self) -> Vec<(&'static str, Svg)> {
        let forest = forest::drawn(self).figure().svg();
        let mut figures = vec![("waterfall", flow::figure(self)), ("forest", forest)];
        figures.extend(attribution::figure(self).map(|figure| ("attribution", figure)));
        figures
    }

    /// The sections with their ids and titles, in order.
    fn contents(&self) -> Vec<(&'static str, &'static str)> {
        let mut contents = vec![
            event::SECTION,
            flow::SECTION,
            signals::SECTION,
            checks::SECTION,
            attribution::SECTION,
        ];
        if !self.run.contrasts.is_empty() {
            contents.push(contrasts::SECTION);
        }
        if self.planted.is_some() {
            contents.push(planted::SECTION);
        }
        contents.extend([
            guide::SECTION,
            limits::SECTION,
            methods::SECTION,
            files::SECTION,
            provenance::SECTION,
        ]);
        contents
    }
}

/// A section with its heading.
fn section(
    m: &mut Markup,
    (id, title): (&'static str, &'static str),
    fill: impl FnOnce(&mut Markup),
) {
    let heading = format!("{id}-h");
    m.within("section", &[at("id", id), at("aria-labelledby", &heading)], |m| {
        m.leaf("h2", &[at("id", &heading)], title);
        fill(m);
    });
}

/// A paragraph.
fn paragraph(m: &mut Markup, text: &str) {
    m.leaf("p", &[], text);
}
