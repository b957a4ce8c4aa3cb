//! The footer: what this page was made from, so that it can be made again.

use iatro_reports::lake::manifest::RESEARCH_USE;

use super::ReviewPage;
use crate::markup::{Markup, at};

pub(super) const SECTION: (&str, &str) = ("provenance", "Provenance");

/// The program and its version.
pub(super) const TOOL: &str = concat!("iatro ", env!("CARGO_PKG_VERSION"));

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>) {
    let (id, title) = SECTION;
    m.within("footer", &[at("id", id)], |m| {
        m.leaf("h2", &[], title);
        m.within("dl", &[at("class", "ids")], |m| {
            for (what, value) in entries(page) {
                m.within("div", &[], |m| {
                    m.leaf("dt", &[], what);
                    m.within("dd", &[], |m| m.leaf("code", &[], &value));
                });
            }
        });
        m.leaf(
            "p",
            &[],
            "The same dataset, study and program give this page again, byte for byte.",
        );
        m.leaf("p", &[], RESEARCH_USE);
    });
}

fn entries(page: &ReviewPage<'_>) -> [(&'static str, String); 7] {
    let question = &page.run.question;
    [
        ("Dataset", page.run.dataset_id.clone()),
        ("Run", page.run.run_id.clone()),
        ("Study", page.study.id.clone()),
        ("Study content (SHA-256)", page.study.content_id()),
        ("Event", question.event.clone()),
        ("Page made by", TOOL.to_owned()),
        (
            "Lake made by",
            format!("{}, schema {}", page.manifest.tool, page.manifest.schema_version),
        ),
    ]
}
