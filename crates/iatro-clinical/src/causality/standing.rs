//! Whether a drug is a candidate at all: what treats the event is none.

use super::agents::{Agents, named};
use super::dates::{Order, between, exposure_order, first_start};
use super::result::Standing;
use crate::case::{Case, Drug, DrugRole};

/// Whether `drug` is assessed as a cause of the event.
pub(crate) fn standing(
    case: &Case,
    drug: &Drug,
    agents: &Agents,
    include_unverified: bool,
) -> Standing {
    if drug.role == DrugRole::Treatment {
        return Standing {
            assessed: false,
            reason: "recorded as treatment of the event: not assessed as its cause".to_owned(),
            source: format!("drugs.{}.role", drug.id),
        };
    }
    if let Some(reason) = protopathic(case, drug, agents, include_unverified) {
        let source = format!("drugs.{}.courses", drug.id);
        return Standing { assessed: false, reason, source };
    }
    Standing {
        assessed: true,
        reason: format!("recorded as {}", super::timeline::role_word(drug)),
        source: format!("drugs.{}.role", drug.id),
    }
}

fn protopathic(
    case: &Case,
    drug: &Drug,
    agents: &Agents,
    include_unverified: bool,
) -> Option<String> {
    let onset = case.event.onset?;
    let usable = agents.therapy.iter().filter(|row| row.status.usable(include_unverified));
    let (name, row) = usable.clone().find_map(|row| Some((named(drug, &row.names)?, row)))?;
    let (_, start) = first_start(drug)?;
    let known = drug.courses.iter().all(|course| course.start.is_some());
    let on_or_after =
        between(onset, start).min >= 0 && exposure_order(drug, onset) != Some(Order::Before);
    (known && on_or_after).then(|| {
        format!(
            "{name} treats the event ({}) and was begun on {start}, not before the onset on {onset}: \
             not assessed as its cause (protopathic use)",
            row.source
        )
    })
}
