//! Texts without what does not show: control characters, and marks that turn the direction of writing, with which
//! one id can be made to look like another.

use super::{Case, Drug};

/// A text without characters that do not show.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|&c| shows(c)).collect()
}

/// Whether a character may stand in an id or name.
fn shows(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Takes what does not show out of every text of a case. The narrative keeps its lines.
pub(crate) fn make_plain(case: &mut Case) {
    required(&mut case.id);
    optional(&mut case.patient.age_unit);
    optional(&mut case.patient.country);
    let event = &mut case.event;
    required(&mut event.term);
    optional(&mut event.reporter);
    optional(&mut event.report_type);
    if let Some(narrative) = &mut event.narrative {
        narrative.retain(|c| shows(c) || c == '\n');
    }
    for row in &mut case.observations {
        required(&mut row.id);
        required(&mut row.observable);
        let texts =
            [&mut row.unit, &mut row.choice, &mut row.site, &mut row.assay, &mut row.source];
        texts.into_iter().for_each(optional);
    }
    for row in &mut case.triggers {
        required(&mut row.id);
        required(&mut row.name);
        row.mediator_of.iter_mut().for_each(required);
        optional(&mut row.source);
    }
    case.drugs.iter_mut().for_each(drug);
}

fn drug(row: &mut Drug) {
    required(&mut row.id);
    required(&mut row.name);
    optional(&mut row.indication);
    optional(&mut row.source);
    for course in &mut row.courses {
        optional(&mut course.dose);
        optional(&mut course.route);
    }
    if let Some(row) = &mut row.dechallenge {
        optional(&mut row.source);
    }
    if let Some(row) = &mut row.rechallenge {
        optional(&mut row.source);
    }
    for answer in row.answers.values_mut().flatten() {
        required(&mut answer.question);
        required(&mut answer.answer);
        optional(&mut answer.reason);
        optional(&mut answer.source);
    }
}

fn required(text: &mut String) {
    text.retain(shows);
}

fn optional(text: &mut Option<String>) {
    if let Some(text) = text {
        text.retain(shows);
    }
}
