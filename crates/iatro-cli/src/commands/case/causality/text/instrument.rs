//! One instrument's answer for one drug: category, total, why, each answer with its reason, and what is open.

use iatro_clinical::causality::{AnswerRow, Basis, InstrumentAnswer, Points, Viewpoint};
use iatro_clinical::logic::Ternary;

use super::super::super::columns::{WIDTH, after, clause, left, paragraph, right, row, sentence};
use super::super::{category, mark};

const POINTS: usize = 4;
const ANSWER: usize = 18;
/// Where there are no points.
const WIDE_ANSWER: usize = 24;

pub(super) fn of(answer: &InstrumentAnswer) -> String {
    let variant = answer.variant.as_ref().map(|variant| format!(", {variant}")).unwrap_or_default();
    let status = mark(answer.evidence_status);
    let name = format!("{}{variant}{status}", answer.name);
    if answer.applicable == Ternary::NotMet {
        return paragraph("  ", &format!("{name}: not asked; {}.", clause(&answer.applicability)));
    }
    let mut text = paragraph("  ", &format!("{name}: {}", verdict(answer)));
    if answer.applicable == Ternary::Unknown {
        text.push_str(&paragraph(
            "    ",
            &format!("Whether it may be asked is open: {}.", clause(&answer.applicability)),
        ));
    }
    if let Some(points) = &answer.points {
        text.push_str(&paragraph("    ", &total(points)));
    }
    if !answer.decided_by.is_empty() {
        text.push_str(&paragraph("    because ", &format!("{}.", answer.decided_by.join("; "))));
    }
    text.push_str(&questions(answer));
    answer.viewpoints.iter().for_each(|one| text.push_str(&viewpoint(one)));
    text
}

fn verdict(answer: &InstrumentAnswer) -> String {
    let now = category(answer).unwrap_or(if answer.viewpoints.is_empty() {
        "no category"
    } else {
        "a narrative, without a sum"
    });
    let others: Vec<&str> = answer
        .reachable
        .iter()
        .filter(|other| Some(*other) != answer.category.as_ref())
        .map(|other| other.label.as_str())
        .collect();
    if others.is_empty() {
        format!("{now}; {}", answer.not_validated)
    } else {
        format!("{now}; open answers could make it {}; {}", others.join(", "), answer.not_validated)
    }
}

fn total(points: &Points) -> String {
    let open = if points.min == points.max {
        String::new()
    } else {
        format!("; {} to {} over every answer that is open", points.min, points.max)
    };
    let total = points.as_published.map_or_else(|| "open".to_owned(), |total| total.to_string());
    format!(
        "Total {total}{open}; ceiling {} ({}): {}.",
        points.ceiling,
        points.ceiling_category.label,
        clause(&points.ceiling_reason)
    )
}

/// Every answer that is known with its reason; those that are not in one line.
fn questions(answer: &InstrumentAnswer) -> String {
    let asked = || answer.questions.iter().filter(|question| question.asked);
    let mut text = String::new();
    for question in asked().filter(|question| question.basis != Basis::Unknown) {
        text.push_str(&known(question));
    }
    let open: Vec<String> = asked()
        .filter(|question| question.basis == Basis::Unknown)
        .map(|question| format!("{} {}", question.id, clause(&question.text)))
        .collect();
    if !open.is_empty() {
        text.push_str(&paragraph("    Not known: ", &sentence(&open.join("; "))));
    }
    text
}

fn known(question: &AnswerRow) -> String {
    let points = question.points.map(|points| {
        if points.is_sign_positive() && !points.is_zero() {
            format!("+{points}")
        } else {
            points.to_string()
        }
    });
    let stated = if question.basis == Basis::Stated { " (stated)" } else { "" };
    let place =
        if question.row.is_empty() { String::new() } else { format!(" [{}]", question.row) };
    let reason = after(&question.text, &format!("{}{place}", question.reason));
    let answer = format!("{} {}{stated}", question.id, question.label);
    let Some(points) = points else {
        let rest = WIDTH - 4 - WIDE_ANSWER - 2;
        return row(4, &[left(&answer, WIDE_ANSWER), left(&reason, rest)]);
    };
    let rest = WIDTH - 4 - ANSWER - POINTS - 4;
    row(4, &[left(&answer, ANSWER), right(&points, POINTS), left(&reason, rest)])
}

fn viewpoint(one: &Viewpoint) -> String {
    let says: Vec<String> =
        one.says.iter().map(|fact| format!("{} [{}]", fact.text, fact.row)).collect();
    let mut words =
        if says.is_empty() { "the case says nothing".to_owned() } else { says.join("; ") };
    if !one.missing.is_empty() {
        words.push_str(&format!("; not known: {}", one.missing.join("; ")));
    }
    paragraph("    ", &format!("{}: {words}.", one.label))
}
