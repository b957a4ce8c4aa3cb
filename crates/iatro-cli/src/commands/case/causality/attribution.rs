//! What reports say of this combination of causes: the attribution model of a lake, apart from the causality
//! instruments, none of which sees it.

use std::path::PathBuf;

use iatro_clinical::case::{Case, DrugRole, Sex, TriggerRole, TriggerStatus};
use iatro_clinical::causality::CaseCausality;
use iatro_reports::SourceKind;
use iatro_review::number::{counted, thousands};
use iatro_signals::attribution::{
    AttributionSettings, Combination, CombinationRun, CombinationShare, run_combination,
};
use iatro_signals::run::Settings;
use iatro_signals::study::Evidence;

use super::super::columns::{left, paragraph, right, row, title};
use crate::commands::study;
use crate::engine::EngineArgs;
use crate::error::CliError;
use crate::global::Global;
use crate::lake::{At, Wanted};

/// The reports that are asked.
#[derive(clap::Args, Debug)]
pub(super) struct Reports {
    /// Ask the attribution model on the reports of this lake about the same combination of causes. Shown apart: no
    /// category rests on it.
    #[arg(long, value_name = "DIR")]
    lake: Option<PathBuf>,
    /// The source of the lake, where it holds several: faers, vaers or csv.
    #[arg(long, value_name = "SOURCE", requires = "lake")]
    source: Option<SourceKind>,
    /// The study whose event and triggers are meant.
    #[arg(long, default_value = "hlh", value_name = "STUDY", requires = "lake")]
    study: String,
    #[command(flatten)]
    engine: EngineArgs,
}

/// What the lake says of the combination in a case; `None` if no lake is named.
pub(super) fn of_case(
    reports: &Reports,
    case: &Case,
    causality: &CaseCausality,
    include_unverified: bool,
    global: &Global,
) -> Result<Option<CombinationRun>, CliError> {
    let Some(lake) = &reports.lake else {
        return if reports.engine.is_default() { Ok(None) } else { Err(nothing_to_count()) };
    };
    let study = study::load(&reports.study)?;
    let at = At::new(lake);
    let evidence = if include_unverified { Evidence::All } else { Evidence::Verified };
    let settings = Settings { source: reports.source, evidence, ..Settings::default() };
    let asked = combination(case, causality);
    if asked.substances.is_empty() {
        return Err(CliError::usage(
            "--lake: the case has no drug under suspicion to ask the reports about. Give one the role suspect, or \
             leave --lake out.",
        ));
    }
    let engine = reports.engine.chosen(&at)?;
    let snapshot = at.snapshot(Wanted::Counting, global)?;
    let engines = engine.of(&snapshot)?;
    let chosen = AttributionSettings::default();
    let run = run_combination(&snapshot, &study, &settings, &chosen, &asked, engines.as_ref())?;
    engine.tell(global);
    Ok(Some(run))
}

fn nothing_to_count() -> CliError {
    CliError::usage(
        "an engine is named, and without --lake there is nothing to count. Name the lake with --lake DIR, or leave the \
         engine out.",
    )
}

/// Suspects that are assessed, and triggers that are present and no mediators.
fn combination(case: &Case, causality: &CaseCausality) -> Combination {
    let assessed =
        |id: &str| causality.drugs.iter().any(|drug| drug.id == id && drug.standing.assessed);
    let suspects = case.drugs.iter().filter(|drug| {
        matches!(drug.role, DrugRole::Suspect | DrugRole::Interacting) && assessed(&drug.id)
    });
    let triggers = case.triggers.iter().filter(|trigger| {
        trigger.status == TriggerStatus::Present && trigger.role != TriggerRole::Mediator
    });
    Combination {
        substances: suspects.map(|drug| drug.name.clone()).collect(),
        triggers: triggers.map(|trigger| trigger.name.clone()).collect(),
        age_years: age_years(case),
        female: case.patient.sex.and_then(|sex| match sex {
            Sex::Female => Some(true),
            Sex::Male => Some(false),
            Sex::Other => None,
        }),
        country: case.patient.country.clone(),
        year: case.event.onset.map(|onset| onset.earliest().year()),
    }
}

/// Completed years at the onset, if the record leaves only one number.
fn age_years(case: &Case) -> Option<f64> {
    let (least, most) = case.completed_years()?;
    let years = u8::try_from(least).ok()?;
    (least == most).then(|| f64::from(years))
}

/// For people.
pub(super) fn text(run: &CombinationRun) -> String {
    let answer = &run.answer;
    let mut text = title("Apart from the instruments: what reports say of this combination");
    text.push_str(&paragraph("", run.meaning));
    text.push_str(&paragraph(
        "",
        &format!(
            "{}, {} with the event, {} naming all of these; dataset {}, study {}.",
            counted(answer.reports, "eligible report", "eligible reports"),
            thousands(answer.cases),
            thousands(answer.reported_together),
            run.dataset_id,
            run.study,
        ),
    ));
    text.push_str(&paragraph(
        "",
        "Drugs under suspicion and triggers that are present take part; concomitant drugs, treatments and mediators do \
         not.",
    ));
    text.push('\n');
    let columns =
        [left("cause", 34), right("share", 7), right("95 %", 15), right("event reports", 16)];
    text.push_str(&row(2, &columns));
    for share in &answer.shares {
        text.push_str(&row(2, &line(share)));
    }
    text.push('\n');
    for names in &answer.not_told_apart {
        let said = format!("These reports cannot tell apart: {}.", names.join(", "));
        text.push_str(&paragraph("- ", &said));
    }
    for row in &answer.not_in_model {
        let said =
            format!("Not in the model: {} ({}). It does not compete here.", row.asked, row.reason);
        text.push_str(&paragraph("- ", &said));
    }
    let levels: Vec<String> = answer
        .background
        .iter()
        .map(|used| format!("{} {}", used.factor.replace('_', " "), used.level))
        .collect();
    text.push_str(&paragraph("- ", &format!("Background: {}.", levels.join(", "))));
    text
}

#[allow(clippy::cast_sign_loss)] // A number of reports is not below 0.
fn line(share: &CombinationShare) -> [crate::commands::case::columns::Column; 4] {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let interval = share.interval.map_or_else(
        || "no interval".to_owned(),
        |(low, high)| format!("{:.0} to {:.0}", 100.0 * low, 100.0 * high),
    );
    let group = match share.asked {
        Some(_) => format!("{} ({})", share.cause, share.group.name()),
        None => share.cause.clone(),
    };
    let reports = share.n.zip(share.exposed).map_or_else(String::new, |(n, exposed)| {
        format!("{n:.0} of {}", thousands(exposed.round() as u64))
    });
    [left(&group, 34), right(&percent(share.share), 7), right(&interval, 15), right(&reports, 16)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use iatro_clinical::causality::{CausalityQuestion, assess};

    use super::*;

    #[test]
    fn suspects_and_triggers_that_stand_for_themselves_are_asked_about() {
        let case: Case = serde_json::from_str(
            r#"{"form":"iatro-case/1","id":"P-1","patient":{"birth_date":"1990-05-01","sex":"male","country":"FR"},
                "event":{"onset":"2026-03-02"},
                "triggers":[
                  {"id":"a","name":"Lymphoma","status":"present","role":"alternative"},
                  {"id":"b","name":"Cytomegalovirus infection","status":"present","role":"mediator","mediator_of":["x"]},
                  {"id":"c","name":"HIV infection","status":"tested_negative"}],
                "drugs":[{"id":"x","name":"lamotrigine"},{"id":"y","name":"valproate","role":"concomitant"},
                  {"id":"z","name":"dexamethasone","role":"treatment"}]}"#,
        )
        .unwrap();
        let causality = assess(&case, &CausalityQuestion::default()).unwrap();
        let asked = combination(&case, &causality);
        assert_eq!(
            (asked.substances, asked.triggers),
            (vec!["lamotrigine".to_owned()], vec!["Lymphoma".to_owned()])
        );
        assert_eq!(
            (asked.age_years, asked.female, asked.year),
            (Some(35.0), Some(false), Some(2026))
        );
        let year_only = Case {
            patient: iatro_clinical::case::Patient {
                birth_date: Some("1990".parse().unwrap()),
                ..case.patient.clone()
            },
            ..case
        };
        assert_eq!(age_years(&year_only), None);
    }
}
