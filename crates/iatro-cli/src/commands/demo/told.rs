//! What a demo says at its end: the planted truth beside what was counted, checked and attributed.

use std::path::Path;

use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_review::page::{PlantedFinding, PlantedRole, PlantedTruth};
use iatro_review::prose::{attributed_in_short, verdict_name, verdict_reason};
use iatro_signals::bench::Verdict;
use iatro_signals::run::SignalRun;
use iatro_synth::Truth;
use serde_json::json;

use super::Totals;
use crate::answer::{Answer, Kind, Rows};
use crate::output::table;

pub(super) fn answer(
    truth: &Truth,
    planted: &PlantedTruth,
    run: &SignalRun,
    totals: &Totals,
    page: &Path,
) -> Answer {
    let found = planted.findings(run);
    let rows = rows(&found);
    let document = json!({
        "page": page.display().to_string(),
        "dataset_id": run.dataset_id,
        "run_id": run.run_id,
        "seed": truth.seed,
        "reports": run.reports,
        "cases": run.cases,
        "totals_agree": totals.agree(),
        "totals": totals.0.iter().map(|(what, planted, read)| json!({
            "what": what, "planted": planted, "read": read,
        })).collect::<Vec<_>>(),
        "planted": rows.to_objects(),
        "notice": RESEARCH_USE,
    });
    let text = text(truth, run, totals, page, &found);
    Answer { rows, document, text }
}

fn rows(found: &[PlantedFinding<'_>]) -> Rows {
    let mut rows = Rows::new(&[
        ("substance", Kind::Text),
        ("planted_as", Kind::Text),
        ("because", Kind::Text),
        ("a", Kind::Count),
        ("ror", Kind::Number),
        ("ic025", Kind::Number),
        ("flagged", Kind::Text),
        ("attributed", Kind::Number),
        ("attributed_lo", Kind::Number),
        ("attributed_hi", Kind::Number),
        ("called", Kind::Text),
        ("verdict", Kind::Text),
        ("set_aside", Kind::Count),
    ]);
    let yes = |holds: bool| if holds { "yes" } else { "no" };
    for one in found {
        let estimates = one.signal.map(|signal| signal.estimates);
        let interval = one.attributed.and_then(|row| row.attributed_interval);
        rows.push(vec![
            one.row.substance.as_str().into(),
            role_name(one.row.role).into(),
            one.row.because.as_str().into(),
            estimates.map(|e| e.a).into(),
            estimates.and_then(|e| e.ror).into(),
            estimates.and_then(|e| e.ic025).into(),
            yes(one.is_flagged()).into(),
            one.attributed.and_then(|row| row.attributed).into(),
            interval.map(|(low, _)| low).into(),
            interval.map(|(_, high)| high).into(),
            yes(one.is_called()).into(),
            one.verdict.map(|verdict| verdict.verdict.name()).into(),
            one.set_aside.into(),
        ]);
    }
    rows
}

fn role_name(role: PlantedRole) -> &'static str {
    match role {
        PlantedRole::Culprit => "culprit",
        PlantedRole::Bystander => "bystander",
        PlantedRole::Channelled => "channelled",
        PlantedRole::Therapy => "therapy",
    }
}

fn text(
    truth: &Truth,
    run: &SignalRun,
    totals: &Totals,
    page: &Path,
    found: &[PlantedFinding<'_>],
) -> String {
    let mut text = format!(
        "A generated corpus (seed {}, {} quarters; no row is about a person)\n\n",
        truth.seed,
        truth.quarters.len()
    );
    for (what, planted, read) in &totals.0 {
        let verdict = if planted == read { "as planted" } else { "PLANTED OTHERWISE" };
        text.push_str(&format!("  {:>9} {what}, {verdict}", table::thousands(*read)));
        if planted != read {
            text.push_str(&format!(" ({})", table::thousands(*planted)));
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "  {:>9} reports of HLH among {} eligible reports\n\n",
        table::thousands(run.cases),
        table::thousands(run.reports)
    ));
    for role in PlantedRole::ALL {
        let of_role: Vec<&PlantedFinding<'_>> =
            found.iter().filter(|one| one.row.role == role).collect();
        if !of_role.is_empty() {
            text.push_str(&section(role, &of_role));
        }
    }
    text.push_str(&wrong(found));
    text.push_str(&format!(
        "flagged: IC025 above 0. called: lower limit of the attributed cases above 1, by attribution of reporting \
         under\na stated model (`iatro signal attribute`). Checks: `iatro signal run`, `iatro signal explain`.\n\n\
         report   {}\ndataset  {}   run {}\n{RESEARCH_USE}",
        page.display(),
        run.dataset_id,
        run.run_id,
    ));
    text
}

fn section(role: PlantedRole, found: &[&PlantedFinding<'_>]) -> String {
    let all = found.len();
    let flagged = found.iter().filter(|one| one.is_flagged()).count();
    let of = |verdict| found.iter().filter(|one| one.is_flagged() && one.has(verdict)).count();
    let called = found.iter().filter(|one| one.is_called()).count();
    let aside: u64 = found.iter().map(|one| one.set_aside).sum();
    let (explained, fragile, robust) =
        (of(Verdict::Explained), of(Verdict::Fragile), of(Verdict::Robust));
    let verdicts = format!("explained {explained}, fragile {fragile}, robust {robust}");
    let mut text = match role {
        PlantedRole::Culprit => format!(
            "Culprits: plain disproportionality flags {flagged} of {all}, attribution calls {called}; {verdicts}\n"
        ),
        PlantedRole::Bystander => format!(
            "Innocent bystanders: {flagged} of {all} flagged too, {called} called; {verdicts}\n"
        ),
        PlantedRole::Channelled => format!(
            "Drugs given for a trigger disease: {flagged} of {all} flagged too, {called} called; {verdicts}\n"
        ),
        PlantedRole::Therapy => format!(
            "Therapies of HLH: {} entries set aside; of what is left {flagged} of {all} flagged, {called} called; \
             {verdicts}\n",
            table::thousands(aside)
        ),
    };
    found.iter().for_each(|one| text.push_str(&line(one)));
    text.push('\n');
    text
}

fn line(one: &PlantedFinding<'_>) -> String {
    let mark = if one.is_flagged() { "●" } else { "○" };
    let because =
        if one.row.because.is_empty() { String::new() } else { format!(" ({})", one.row.because) };
    let Some(signal) = one.signal else {
        return format!("  {mark} {}{because}: not reported\n", one.row.substance);
    };
    let number = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), table::significant);
    let mut text = format!(
        "  {mark} {}{because}: {} cases, ROR {}, IC025 {}\n",
        one.row.substance,
        table::thousands(signal.estimates.a),
        number(signal.estimates.ror),
        number(signal.estimates.ic025),
    );
    let mut said = Vec::new();
    if let Some(row) = one.attributed {
        let together =
            if row.members.is_empty() { String::new() } else { format!(" for {}", row.cause) };
        said.push(format!("attributed {}{together}", attributed_in_short(row)));
    }
    if let Some(verdict) = one.verdict {
        let reason = verdict_reason(verdict, one.attributed);
        let colon = if verdict.verdict == Verdict::Robust { "" } else { ":" };
        let reason = if reason.is_empty() { reason } else { format!("{colon} {reason}") };
        said.push(format!("{}{reason}", verdict_name(verdict.verdict)));
    }
    if !said.is_empty() {
        text.push_str(&format!("      {}\n", said.join("; ")));
    }
    text
}

/// Where the model is wrong about what was planted.
fn wrong(found: &[PlantedFinding<'_>]) -> String {
    let mut text = String::new();
    for one in found {
        let is_culprit = one.row.role == PlantedRole::Culprit;
        if is_culprit == one.is_called() {
            continue;
        }
        let left = one.attributed.map_or("nothing".to_owned(), attributed_in_short);
        let what = if is_culprit { "not called" } else { "called without a planted hazard" };
        text.push_str(&format!("  {} is {what}: it is left with {left}\n", one.row.substance));
    }
    if text.is_empty() {
        return "The attribution is wrong about none of them.\n\n".to_owned();
    }
    format!("Where the attribution is wrong:\n{text}\n")
}
