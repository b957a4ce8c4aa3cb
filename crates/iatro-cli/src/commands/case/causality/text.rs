//! A case laid out for a note: every drug in a line, then each with its time line, latency, instruments and what is
//! missing.

mod axis;
mod drug;
mod instrument;

use iatro_clinical::case::Outcome;
use iatro_clinical::causality::{CaseCausality, DrugCausality};

use super::super::columns::{paragraph, rule, title};
use super::category;

pub(super) fn of(causality: &CaseCausality) -> String {
    let heading = format!("Which of the things present brought it about? Case {}", causality.case);
    let mut text = paragraph("", &heading);
    text.push_str(&paragraph("", &event(causality)));
    text.push('\n');
    text.push_str(&overview(causality));
    for drug in causality.drugs.iter().filter(|drug| drug.standing.assessed) {
        text.push('\n');
        text.push_str(&title(&format!("{} ({})", drug.name, drug.id)));
        text.push_str(&drug::of(drug));
    }
    text.push('\n');
    if !causality.left_out.is_empty() {
        text.push_str(&paragraph(
            "",
            &format!(
                "Left out (--include-unverified turns on what is unverified): {}.",
                causality.left_out.join("; ")
            ),
        ));
    }
    text.push_str(&paragraph(
        "",
        &format!(
            "{} No instrument here was validated for iatrogenic HLH. {}",
            causality.rule, causality.notice
        ),
    ));
    text
}

fn event(causality: &CaseCausality) -> String {
    let onset = causality
        .onset
        .map_or_else(|| "onset not recorded".to_owned(), |onset| format!("onset {onset}"));
    let outcome = causality.outcome.map(|outcome| match outcome {
        Outcome::Recovered => "recovered",
        Outcome::Recovering => "recovering",
        Outcome::Sequelae => "recovered with sequelae",
        Outcome::NotRecovered => "not recovered",
        Outcome::Fatal => "fatal",
    });
    let outcome = outcome.map(|outcome| format!(", {outcome}")).unwrap_or_default();
    format!("{}, {onset}{outcome}.", causality.event)
}

/// Every drug with what each instrument calls it; below, the drugs that are no candidates, with the reason.
fn overview(causality: &CaseCausality) -> String {
    if causality.drugs.is_empty() {
        return paragraph("", "The case has no drugs: there is nothing to lay out.");
    }
    let mut text = format!("Drugs\n{}", rule());
    for drug in &causality.drugs {
        let said = if drug.standing.assessed { answers(drug) } else { not_assessed(drug) };
        text.push_str(&paragraph("- ", &format!("{}: {said}", drug.name)));
    }
    text
}

fn answers(drug: &DrugCausality) -> String {
    let said = drug.instruments.iter().filter_map(|answer| {
        let open = answer.reachable.len() > 1;
        let now = category(answer).or(open.then_some("open"))?;
        Some(format!("{} {now}{}", answer.name, if open { "*" } else { "" }))
    });
    let said: Vec<String> = said.collect();
    let open = drug.instruments.iter().any(|answer| answer.reachable.len() > 1);
    let star = if open { " (* may change with answers that are not known)" } else { "" };
    if said.is_empty() {
        "no instrument applies".to_owned()
    } else {
        format!("{}{star}", said.join("; "))
    }
}

fn not_assessed(drug: &DrugCausality) -> String {
    format!("{} [{}]", drug.standing.reason, drug.standing.source)
}
