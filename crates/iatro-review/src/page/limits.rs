//! What the numbers cannot say, and why therapies and co-reported drugs are among the signals.

use iatro_signals::run::Signal;

use super::{ReviewPage, section, selection};
use crate::markup::{Markup, at};
use crate::number::{counted, thousands};
use crate::prose::listed;
use crate::wording::{ABOUT_REPORTING, NO_COMPARISON, NO_DENOMINATOR};

pub(super) const SECTION: (&str, &str) = ("limits", "What these numbers cannot say");

/// Names of therapies that are read out.
const NAMED: usize = 8;

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>) {
    section(m, SECTION, |m| {
        m.within("ul", &[at("class", "pairs")], |m| {
            item(m, "Reporting only.", &[ABOUT_REPORTING, NO_DENOMINATOR, NO_COMPARISON].join(" "));
            item(m, "Reports are not patients at large.", REPORTS);
            item(m, "Therapies of the event.", &therapies(page));
            item(m, "Bystanders.", &bystanders(page));
            item(m, "Channelling.", &channelling(page));
            item(m, "Verdicts.", VERDICTS);
            item(m, "Masking.", MASKING);
            item(m, "Attention.", &attention(page));
            item(m, "Many substances at once.", &multiplicity(page));
            item(m, "This run.", &this_run(page));
        });
    });
}

fn item(m: &mut Markup, lead: &str, text: &str) {
    m.within("li", &[], |m| {
        m.leaf("strong", &[], lead);
        m.text(" ");
        m.text(text);
    });
}

const REPORTS: &str = "A report is written because somebody suspected something. It may be incomplete, wrong, or \
    the same patient told twice; most events are never reported, and the share that is differs between \
    substances, countries and years.";

/// Whether the run was attributed says what can be told apart.
fn bystanders(page: &ReviewPage<'_>) -> String {
    let plain = "A substance that is usually given together with another one shares its cases and comes out as a \
        signal too.";
    match page.run.attribution {
        None => format!(
            "{plain} Plain disproportionality cannot tell which of the two the cases belong to, and no attribution was \
             made here."
        ),
        Some(_) => format!(
            "{plain} The attribution tells the two apart only where enough reports name one without the other, and \
             under its assumptions: contributions add up, and whether a report is sent does not depend on substance and \
             event together. What always stands together is given as one."
        ),
    }
}

fn channelling(page: &ReviewPage<'_>) -> String {
    let plain = "A substance given for an infection, a malignancy or a rheumatic disease stands on the reports of \
        patients whose disease can itself account for the event, and comes out as a signal for that reason.";
    match page.run.attribution {
        None => plain.to_owned(),
        Some(_) => format!(
            "{plain} The checks and the attribution see the disease only where the report names it; a disease that is \
             named nowhere leaves its cases with what is given for it."
        ),
    }
}

const VERDICTS: &str = "Robust means that none of the declared checks that could be made ends the signal, not that \
    nothing could. Explained means that the model gives the cases to something else on the same reports; if its \
    assumptions fail, so does that. A check that halves the cases also widens the interval, so a signal that ends \
    may have lost only precision.";

const MASKING: &str = "A substance with very many cases raises what is expected of all others, and can hide \
    their signals. A missing signal is not reassurance.";

fn therapies(page: &ReviewPage<'_>) -> String {
    let mut text = "A substance that is given for the event stands on reports because the event was there first. \
        Plain disproportionality flags it all the same; such substances are marked “therapy of the event”."
        .to_owned();
    let flagged: Vec<&Signal> = selection::by_lower_limit(page.run)
        .into_iter()
        .filter(|signal| signal.therapy && signal.is_disproportionate())
        .collect();
    let mut names: Vec<String> =
        flagged.iter().take(NAMED).map(|signal| signal.substance.clone()).collect();
    if flagged.len() > NAMED {
        names.push(format!("{} more", thousands((flagged.len() - NAMED) as u64)));
    }
    if !names.is_empty() {
        text.push_str(&format!(" Flagged here: {}.", listed(&names, "and")));
    }
    text
}

fn attention(page: &ReviewPage<'_>) -> String {
    let mut text = "Reports become more frequent after a public alert or a publication.".to_owned();
    let alerts: Vec<String> = page
        .study
        .alerts
        .iter()
        .map(|alert| format!("{} ({}, {})", alert.substance, alert.authority, alert.date))
        .collect();
    if !alerts.is_empty() {
        text.push_str(&format!(" The study lists alerts on {}.", listed(&alerts, "and")));
    }
    text
}

fn multiplicity(page: &ReviewPage<'_>) -> String {
    format!(
        "{} looked at; some intervals lie above their threshold by chance. No interval is widened for it.",
        match page.run.signals.len() {
            1 => "1 substance was".to_owned(),
            many => format!("{} substances were", thousands(many as u64)),
        },
    )
}

fn this_run(page: &ReviewPage<'_>) -> String {
    let strata =
        if page.study.strata.is_empty() { "no strata" } else { "strata declared by the study" };
    let checks = match page.study.checks.len() {
        0 => "no sensitivity check".to_owned(),
        many => counted(many as u64, "sensitivity check", "sensitivity checks"),
    };
    let unmapped = page.manifest.dictionary.rows_by_mapping.get("unmapped").copied().unwrap_or(0);
    let made = page.run.checks.iter().filter(|check| check.not_assessable.is_none()).count();
    let made = match (page.run.checks.len(), made) {
        (0, _) => "none was made in this run".to_owned(),
        (_, 1) => "1 could be made in these reports".to_owned(),
        (_, many) => format!("{} could be made in these reports", thousands(many as u64)),
    };
    format!(
        "The study declares {strata} and {checks}, of which {made}. Names of \
         substances are mapped by a dictionary; in {} of the dataset the name stands for itself, because the \
         dictionary does not know it.",
        counted(unmapped, "drug row", "drug rows"),
    )
}
