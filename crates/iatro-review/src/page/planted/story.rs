//! What checks and attribution make of what was planted, with numbers; where they go wrong, that too.

use iatro_signals::bench::Verdict;
use iatro_signals::run::SignalRun;

use super::{PlantedFinding, PlantedRole};
use crate::number::{counted, thousands};
use crate::prose::{attributed_in_short, event_reports, listed, verdict_name};

/// The story in paragraphs; none if the run was not judged.
pub(super) fn told(found: &[PlantedFinding<'_>], run: &SignalRun) -> Vec<String> {
    let mut told = Vec::new();
    if run.attribution.is_some() {
        told.push(culprits(found));
    }
    if !run.verdicts.is_empty() {
        told.push(innocent(found));
    }
    let wrong: Vec<String> = found.iter().filter_map(wrongly_called).collect();
    if !wrong.is_empty() {
        told.push(format!(
            "Where the model is wrong here: it calls {}, though no hazard was planted.",
            listed(&wrong, "and")
        ));
    }
    let aside: u64 = found.iter().map(|f| f.set_aside).sum();
    if aside > 0 {
        told.push(format!(
            "{} of planted substances were set aside before the count, because the event was there first.",
            counted(aside, "entry", "entries")
        ));
    }
    told
}

fn culprits(found: &[PlantedFinding<'_>]) -> String {
    let culprits: Vec<&PlantedFinding<'_>> =
        found.iter().filter(|f| f.row.role == PlantedRole::Culprit).collect();
    let kept = culprits.iter().filter(|f| f.is_called()).count();
    let lost: Vec<String> = culprits
        .iter()
        .filter(|f| !f.is_called())
        .map(|f| match f.attributed {
            Some(row) => format!("{} with {}", f.row.substance, attributed_in_short(row)),
            None => format!("{} without an event report", f.row.substance),
        })
        .collect();
    let mut text = format!(
        "The attribution keeps {} of {} (lower limit of the attributed cases above 1).",
        thousands(kept as u64),
        counted(
            culprits.len() as u64,
            "substance with a planted hazard",
            "substances with a planted hazard"
        ),
    );
    if !lost.is_empty() {
        text.push_str(&format!(" It does not call {}.", listed(&lost, "and")));
    }
    text
}

/// What verdict those get that are flagged without a hazard.
fn innocent(found: &[PlantedFinding<'_>]) -> String {
    let flagged: Vec<&PlantedFinding<'_>> =
        found.iter().filter(|f| f.row.role != PlantedRole::Culprit && f.is_flagged()).collect();
    let of = |verdict: Verdict| -> Option<String> {
        let names: Vec<&str> = flagged
            .iter()
            .filter(|f| f.verdict.is_some_and(|v| v.verdict == verdict))
            .map(|f| f.row.substance.as_str())
            .collect();
        let number = thousands(names.len() as u64);
        (!names.is_empty())
            .then(|| format!("{number} {} ({})", verdict_name(verdict), listed(&names, "and")))
    };
    let verdicts: Vec<String> = Verdict::ALL.into_iter().filter_map(of).collect();
    if verdicts.is_empty() {
        return "None without a planted hazard is flagged, so none needs a verdict.".to_owned();
    }
    format!(
        "Of {} without a planted hazard, the verdict is: {}.",
        counted(flagged.len() as u64, "flagged substance", "flagged substances"),
        listed(&verdicts, "and")
    )
}

fn wrongly_called(found: &PlantedFinding<'_>) -> Option<String> {
    let row =
        found.attributed.filter(|_| found.row.role != PlantedRole::Culprit && found.is_called())?;
    let of = event_reports(row.n);
    Some(format!("{} with {} of {of}", found.row.substance, attributed_in_short(row)))
}
