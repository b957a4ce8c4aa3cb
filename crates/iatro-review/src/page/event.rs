//! The event definition as it was used.

use iatro_reports::dictionary::term::fold_term;

use super::caption::Captions;
use super::table::{Kind, count, header, row_name, text};
use super::{ReviewPage, paragraph, section};
use crate::markup::{Markup, at};
use crate::number::thousands;
use crate::prose::{EventName, comparator_in_english, defined_terms, roles_in_english};

pub(super) const SECTION: (&str, &str) = ("event", "What was counted");

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        let question = &page.run.question;
        let event = EventName::of(question, page.study);
        let names = match event.names {
            1 => "the name in the table below".to_owned(),
            many => format!("one of the {} names in the table below", thousands(many as u64)),
        };
        paragraph(
            m,
            &format!(
                "A report is a case if one of its event terms is {names}, whatever the case of its letters. A \
             substance counts if the report gives it as {}. Reports that name it are compared with {}. A report \
             is eligible if it has at least one substance in these roles and at least one event term.",
                roles_in_english(&question.roles),
                comparator_in_english(&question.comparator),
            ),
        );
        if let Some(event) = event.definition.and_then(|name| page.study.events.get(&name)) {
            paragraph(m, &event.description);
        }
        captions.table(
            m,
            ("terms", "terms"),
            |m| {
                m.text(
                    "Names that count as the event, with the rows of current reports in the data \
                 that hold them, over all sources of the dataset.",
                );
            },
            |m| table(m, page),
        );
    });
}

fn table(m: &mut Markup, page: &ReviewPage<'_>) {
    let columns = [
        ("Name", Kind::Text),
        ("What it is", Kind::Text),
        ("Status", Kind::Text),
        ("Event rows", Kind::Number),
    ];
    header(m, &columns);
    m.within("tbody", &[], |m| {
        for term in defined_terms(page.study, &page.run.question.terms) {
            m.within("tr", &[], |m| {
                row_name(m, &term.name, &[]);
                text(m, &term.kind());
                m.within("td", &[], |m| {
                    m.text(term.status());
                    if let Some(entry) = term.term.filter(|_| term.former.is_none()) {
                        m.leaf("small", &[at("class", "src")], &entry.source);
                    }
                });
                count(m, page.term_rows.get(&fold_term(&term.name)).copied().unwrap_or(0));
            });
        }
    });
}
