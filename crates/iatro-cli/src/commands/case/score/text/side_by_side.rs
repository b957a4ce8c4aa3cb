//! Every instrument in a few lines: verdict, total, probability, in whom it was validated; those made for other patients
//! apart.

use iatro_clinical::assess::{Assessment, Report};
use iatro_clinical::evidence::EvidenceStatus;
use iatro_clinical::logic::Ternary;

use super::super::super::columns::{WIDTH, clause, left, paragraph, row, rule};
use super::words;

const NAME: usize = 31;
const VERDICT: usize = 13;
const SCORE: usize = 17;
const PROBABILITY: usize = WIDTH - NAME - VERDICT - SCORE - 6;

pub(super) fn of(report: &Report, most: &Report) -> String {
    let mut text = row(
        0,
        &[
            left("Instrument", NAME),
            left("Verdict", VERDICT),
            left("Total", SCORE),
            left("Probability", PROBABILITY),
        ],
    );
    text.push_str(&rule());
    let of = |state: Ternary| {
        report.instruments.iter().filter(move |one| one.applicability.state == state)
    };
    for one in of(Ternary::Met) {
        text.push_str(&line(one, most));
        text.push_str(&below(one, "made in", clause(&one.population)));
    }
    if of(Ternary::Unknown).next().is_some() {
        text.push_str(&paragraph(
            "",
            "Whether the patient is one of those for whom these are made is not known:",
        ));
    }
    for one in of(Ternary::Unknown) {
        text.push_str(&line(one, most));
        text.push_str(&below(one, "only for", &one.applicability.label));
    }
    let others: Vec<String> = of(Ternary::NotMet)
        .map(|one| format!("{} ({})", one.name, one.applicability.label))
        .collect();
    if !others.is_empty() {
        text.push_str(&paragraph(
            "",
            &format!("Not made for this patient: {}.", others.join("; ")),
        ));
    }
    text
}

fn below(one: &Assessment, how: &str, whom: &str) -> String {
    paragraph("  ", &format!("{}, {how}: {whom}", one.id))
}

fn line(one: &Assessment, most: &Report) -> String {
    let unverified = one.evidence_status == EvidenceStatus::Unverified;
    let name = if unverified { format!("{} [unverified]", one.name) } else { one.name.clone() };
    let probability = one.probability.as_ref().map(words::probability).unwrap_or_default();
    row(
        0,
        &[
            left(&name, NAME),
            left(words::verdict(one.verdict), VERDICT),
            left(&words::score(one, most), SCORE),
            left(&probability, PROBABILITY),
        ],
    )
}
