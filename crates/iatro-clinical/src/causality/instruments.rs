//! One instrument's answer for one drug.

use super::agents::names_it;
use super::answers::{ids, rows};
use super::dates::{Order, exposure_order};
use super::decide::{Decision, Total, band, decide};
use super::definition::{Definition, Method, Scope, Use};
use super::facts::Facts;
use super::result::{AnswerRow, Basis, CategoryRow, InstrumentAnswer, Points};
use super::viewpoints;
use crate::case::DrugKind;
use crate::evidence::EvidenceStatus;
use crate::logic::Ternary;

pub(crate) const NOT_VALIDATED: &str = "not validated for iatrogenic HLH";

/// Whether an instrument may be asked, why, and in which form.
struct Asked {
    applicable: Ternary,
    why: String,
    form: Option<&'static str>,
}

/// The answer of one instrument.
pub(crate) fn answer(
    definition: &Definition,
    facts: &Facts<'_>,
    edition: Option<&str>,
    include_unverified: bool,
) -> InstrumentAnswer {
    let asked = asked(definition, facts);
    let mut made = empty(definition, &asked, edition);
    if asked.applicable != Ternary::Met {
        return made;
    }
    if definition.method == Method::Grid {
        made.viewpoints = viewpoints::grid(definition, facts);
        return made;
    }
    let use_of = Use { form: asked.form, edition, include_unverified };
    let queries = definition.in_use(&use_of);
    made.questions = rows(definition, &queries, facts);
    if queries.iter().any(|query| query.status == EvidenceStatus::Unverified) {
        made.evidence_status = EvidenceStatus::Unverified;
    }
    let decision = decide(definition, &use_of, &ids(&made.questions));
    fill(&mut made, definition, &decision);
    made
}

fn empty(definition: &Definition, asked: &Asked, edition: Option<&str>) -> InstrumentAnswer {
    let label = |id: &str| {
        let found = definition.editions.iter().find(|known| known.id == id);
        found.map_or_else(|| id.to_owned(), |known| known.label.clone())
    };
    let parts: Vec<String> =
        edition.map(label).into_iter().chain(asked.form.map(form_label)).collect();
    InstrumentAnswer {
        id: definition.id.clone(),
        name: definition.name.clone(),
        purpose: definition.purpose.clone(),
        variant: (!parts.is_empty()).then(|| parts.join(", ")),
        applicable: asked.applicable,
        applicability: asked.why.clone(),
        category: None,
        reachable: Vec::new(),
        points: None,
        decided_by: Vec::new(),
        questions: Vec::new(),
        viewpoints: Vec::new(),
        population: definition.population.clone(),
        not_validated: NOT_VALIDATED,
        evidence_status: definition.status,
        caveats: definition.caveats.clone(),
        sources: definition.sources.clone(),
        citation: definition.citation.clone(),
    }
}

fn form_label(form: &str) -> String {
    if form == "cholestatic" { "cholestatic or mixed".to_owned() } else { form.to_owned() }
}

fn fill(made: &mut InstrumentAnswer, definition: &Definition, decision: &Decision) {
    let row = |id: &String| category_row(definition, id);
    made.category = decision.category.as_ref().and_then(row);
    let order = definition.all_categories().filter(|one| decision.reachable.contains(&one.id));
    made.reachable = order.filter_map(|one| category_row(definition, &one.id)).collect();
    made.decided_by.clone_from(&decision.decided_by);
    if let Some(asked) = &decision.asked {
        for question in &mut made.questions {
            question.asked = asked.contains(&question.id);
        }
    }
    made.points = decision.total.and_then(|total| points(definition, &made.questions, total));
}

pub(crate) fn category_row(definition: &Definition, id: &str) -> Option<CategoryRow> {
    let found = definition.all_categories().find(|category| category.id == id)?;
    Some(CategoryRow { id: found.id.clone(), label: found.label.clone() })
}

fn points(definition: &Definition, rows: &[AnswerRow], total: Total) -> Option<Points> {
    let ceiling = category_row(definition, &band(definition, total.ceiling)?)?;
    let hardly: Vec<&str> = rows
        .iter()
        .filter(|row| row.basis == Basis::Unknown)
        .filter(|row| {
            let query = definition.questions.iter().find(|query| query.id == row.id);
            query.is_some_and(|query| query.hardly_answerable)
        })
        .map(|row| row.id.as_str())
        .collect();
    let rival =
        rows.iter().find(|row| row.points.is_some_and(|p| p.is_sign_negative() && !p.is_zero()));
    let mut reasons = Vec::new();
    if !hardly.is_empty() {
        reasons
            .push(format!("{} left open: hardly ever answerable in this event", hardly.join(", ")));
    }
    if let Some(row) = rival {
        reasons.push(format!("{} takes points away: {}", row.id, row.reason));
    }
    if reasons.is_empty() {
        reasons.push("the most that the open questions can give".to_owned());
    }
    Some(Points {
        as_published: total.as_published,
        min: total.min,
        max: total.max,
        ceiling: total.ceiling,
        ceiling_category: ceiling,
        ceiling_reason: reasons.join("; "),
    })
}

fn asked(definition: &Definition, facts: &Facts<'_>) -> Asked {
    let of = |applicable, why: &str| Asked { applicable, why: why.to_owned(), form: None };
    match definition.scope {
        Scope::Any => of(Ternary::Met, "may be asked of any drug and event"),
        Scope::Vaccine => vaccine(facts),
        Scope::Liver => liver(definition, facts),
        Scope::SjsTen => {
            let term = &facts.case.event.term;
            let names = ["Stevens-Johnson", "toxic epidermal necrolysis"];
            if names.iter().any(|name| names_it(term, name)) {
                of(Ternary::Met, "the event is SJS/TEN")
            } else {
                of(Ternary::NotMet, "not applicable: SJS/TEN only")
            }
        }
    }
}

fn vaccine(facts: &Facts<'_>) -> Asked {
    let of = |applicable, why: &str| Asked { applicable, why: why.to_owned(), form: None };
    if facts.drug.kind != DrugKind::Vaccine {
        return of(Ternary::NotMet, "not applicable: vaccines only");
    }
    let order = facts.onset.and_then(|onset| exposure_order(facts.drug, onset));
    if order == Some(Order::After) {
        return of(Ternary::NotMet, "not applicable: the event began before the vaccination");
    }
    of(Ternary::Met, "a vaccine")
}

fn liver(definition: &Definition, facts: &Facts<'_>) -> Asked {
    let stated = facts.drug.answers.get(&definition.id).and_then(|answers| {
        answers.iter().find(|answer| answer.question == "injury_type" && answer.answer != "unknown")
    });
    let kind = stated.map(|answer| answer.answer.as_str()).or(facts.injury.kind);
    let form = match kind {
        Some("hepatocellular") => Some("hepatocellular"),
        Some(_) => Some("cholestatic"),
        None => None,
    };
    let why = match stated {
        Some(answer) => format!("the case states a {} liver injury", answer.answer),
        None => facts.injury.reason.clone(),
    };
    let applicable = match (form, facts.injury.present) {
        (Some(_), _) => Ternary::Met,
        (None, Ternary::NotMet) => Ternary::NotMet,
        (None, _) => Ternary::Unknown,
    };
    Asked { applicable, why, form }
}
