//! Restrictions of a study: named sets of reports that are left out, or alone kept.

use roaring::RoaringBitmap;

use super::context::every_report;
use super::facts::Facts;
use crate::causes::Causes;
use crate::corpus::Corpus;
use crate::count::Plan;
use crate::run::RunError;
use crate::study::{Action, RESTRICTIONS, Study};

/// Trigger classes of a malignancy.
pub(crate) const MALIGNANCY: &[&str] = &["malignancy"];
/// Trigger classes of an infection.
pub(crate) const INFECTION: &[&str] =
    &["viral infection", "bacterial infection", "fungal or parasitic infection"];
/// Trigger classes of a rheumatic disease.
pub(crate) const RHEUMATIC: &[&str] = &["rheumatic disease"];
/// Trigger classes of a transplantation or an immune deficiency.
pub(crate) const TRANSPLANTATION: &[&str] = &["transplantation", "immune deficiency"];

/// Puts the study's restrictions into the plan.
pub(crate) fn restrict(
    corpus: &Corpus,
    study: &Study,
    causes: &Causes,
    plan: &mut Plan,
) -> Result<(), RunError> {
    let restrictions = &study.exposure.restrictions;
    if restrictions.is_empty() {
        return Ok(());
    }
    let facts = Facts::read(corpus, &[])?;
    let mut kept = plan.selection.reports.take().unwrap_or_else(|| every_report(corpus));
    for restriction in restrictions {
        let set = named(&restriction.id, corpus, causes, &facts)?;
        match restriction.action {
            Action::Exclude => kept -= set,
            Action::Only => kept &= set,
        }
    }
    plan.selection.reports = Some(kept);
    Ok(())
}

fn named(
    id: &str,
    corpus: &Corpus,
    causes: &Causes,
    facts: &Facts<'_>,
) -> Result<RoaringBitmap, RunError> {
    let triggers = |classes| causes.triggers.reports_with(classes);
    Ok(match id {
        "hlh_as_indication" => causes.set_aside.event_indicated.clone(),
        "malignancy" => triggers(MALIGNANCY),
        "infection" => triggers(INFECTION),
        "rheumatic_disease" => triggers(RHEUMATIC),
        "transplantation" => triggers(TRANSPLANTATION),
        "duplicates" => facts.later_duplicates(&every_report(corpus)),
        "health_professionals" => facts.health_professional.clone(),
        "serious" => facts.serious.clone(),
        _ => {
            let known: Vec<&str> = RESTRICTIONS.iter().map(|named| named.name).collect();
            return Err(RunError::question(
                format!("no set of reports \"{id}\" for a restriction"),
                format!("Known are {}.", known.join(", ")),
            ));
        }
    })
}
