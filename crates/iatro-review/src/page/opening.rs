//! The first page: title, banner, summary, the numbers that everything rests on, contents.

use iatro_reports::lake::manifest::RESEARCH_USE;

use super::ReviewPage;
use crate::markup::{Markup, at};
use crate::number::thousands;
use crate::prose::{run_in_english, tally};
use crate::wording::ABOUT_REPORTING;

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>) {
    m.within("header", &[at("class", "opening")], |m| {
        m.leaf("p", &[at("class", "kicker")], &kicker(page));
        m.leaf("h1", &[], &page.study.title);
        m.leaf("p", &[at("class", "subtitle")], &subtitle(page));
        banner(m, page);
        summary(m, page);
        key_numbers(m, page);
        contents(m, page);
    });
}

fn kicker(page: &ReviewPage<'_>) -> String {
    let source = page.run.question.source.title();
    let data = if page.planted.is_some() { "Generated reports" } else { "Spontaneous reports" };
    format!("{data} · {source}")
}

fn subtitle(page: &ReviewPage<'_>) -> String {
    let source = page.run.question.source.title();
    match page.planted {
        Some(_) => format!(
            "Signals of disproportionate reporting in a generated corpus in {source} format"
        ),
        None => format!("Signals of disproportionate reporting in {source}"),
    }
}

fn banner(m: &mut Markup, page: &ReviewPage<'_>) {
    let (lead, rest) = RESEARCH_USE.split_once(". Spon").unwrap_or((RESEARCH_USE, ""));
    m.within("div", &[at("class", "banner"), at("role", "note")], |m| {
        m.within("p", &[], |m| {
            m.leaf("strong", &[], &format!("{lead}."));
            if !rest.is_empty() {
                m.text(&format!(" Spon{rest}"));
            }
        });
        if let Some(planted) = page.planted {
            m.within("p", &[], |m| {
                m.leaf("strong", &[], "Generated data.");
                m.text(" ");
                m.text(&planted.corpus_note);
            });
        }
    });
}

fn summary(m: &mut Markup, page: &ReviewPage<'_>) {
    m.within("div", &[at("class", "summary")], |m| {
        m.leaf("h2", &[at("id", "summary")], "Summary");
        m.within("p", &[], |m| {
            m.text(&run_in_english(page.study, page.run));
            m.text(" ");
            m.text(ABOUT_REPORTING);
        });
    });
}

fn key_numbers(m: &mut Markup, page: &ReviewPage<'_>) {
    let tally = tally(page.run);
    let numbers = [
        (page.run.reports, "eligible reports"),
        (page.run.cases, "cases"),
        (tally.with_cases, "substances with a case"),
        (tally.signals, "signals of disproportionate reporting (IC025 > 0)"),
    ];
    m.within("dl", &[at("class", "key")], |m| {
        for (number, what) in numbers {
            m.within("div", &[], |m| {
                m.leaf("dt", &[], what);
                m.leaf("dd", &[], &thousands(number));
            });
        }
    });
}

fn contents(m: &mut Markup, page: &ReviewPage<'_>) {
    m.within("nav", &[at("aria-label", "Contents")], |m| {
        m.within("ol", &[], |m| {
            for (id, title) in page.contents() {
                m.within("li", &[], |m| m.leaf("a", &[at("href", format!("#{id}"))], title));
            }
        });
    });
}
