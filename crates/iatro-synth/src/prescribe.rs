//! The drugs of a report: which, in what role, how given, when, and what for.

use rand::RngExt;

use crate::calendar::Precision;
use crate::compose::Composer;
use crate::habits::{Habits, INDICATIONS_IF_ANY};
use crate::model::SUSPECT_SHARE;
use crate::naming::Named;
use crate::plot::Part;
use crate::quarter::Quarter;
use crate::report::{Drug, Report, Reported, Term};
use crate::sampler::{Rng, chance, choose, days, pick};

const UNKNOWN_INDICATION: Term = Term::Named("Product used for unknown indication");

/// Adds the planted drugs, and background drugs up to the number that is drawn, one of them primary
/// suspect.
pub(crate) fn fill(
    composer: &Composer<'_>,
    rng: &mut Rng,
    report: &mut Report,
    habits: Habits,
    planted: &[usize],
) {
    let quarter = habits.quarter;
    let wanted = habits.drugs(rng);
    for slot in planted {
        let planted = composer.plot.slots[*slot];
        let mut drug = drug(composer, rng, habits, planted.substance, report.onset.day);
        if planted.is_cause() {
            let suspect = chance(rng, composer.plot.model.culprit_suspect_share);
            drug.role = if suspect { choose(rng, [("SS", 0.95), ("I", 0.05)]) } else { "C" };
        }
        report.drugs.push(drug);
    }
    if report.drugs.is_empty() {
        let lead = background(composer, rng, quarter, None);
        report.drugs.push(drug(composer, rng, habits, lead, report.onset.day));
    }
    let lead = report.drugs[0].substance;
    for _ in report.drugs.len()..wanted {
        let substance = background(composer, rng, quarter, Some(lead));
        if report.drugs.iter().all(|drug| drug.substance != substance) {
            report.drugs.push(drug(composer, rng, habits, substance, report.onset.day));
        }
    }
    let suspect = primary(composer, rng, report);
    report.drugs.swap(0, suspect);
    report.drugs[0].role = "PS";
    indicate_diseases(composer, rng, report);
    if habits.intensity.is_some() {
        repeat_doses(composer, rng, report, habits);
    } else if chance(rng, 0.04) {
        repeat_primary(composer, rng, report);
    }
}

/// The place of the primary suspect: more often than not a planted drug that is more than company
/// or treatment, where the report has one; whether the event happens plays no part in it.
fn primary(composer: &Composer<'_>, rng: &mut Rng, report: &Report) -> usize {
    let notable = |drug: &Drug| {
        drug.slot.is_some_and(|slot| {
            !matches!(composer.plot.slots[slot].part, Part::Bystander { .. } | Part::Therapy)
        })
    };
    let places = 0..report.drugs.len();
    let notable: Vec<usize> = places.filter(|place| notable(&report.drugs[*place])).collect();
    match pick(rng, &notable) {
        Some(place) if chance(rng, 0.55) => *place,
        _ => rng.random_range(0..report.drugs.len()),
    }
}

/// A background substance: never one that the plot has placed.
fn background(
    composer: &Composer<'_>,
    rng: &mut Rng,
    quarter: Quarter,
    lead: Option<usize>,
) -> usize {
    let mut substance = 0;
    for _ in 0..50 {
        substance = match lead {
            Some(lead) => composer.catalogue.draw_companion(rng, lead, quarter),
            None => composer.catalogue.draw_substance(rng, quarter),
        };
        if composer.plot.slot_of(substance).is_none() {
            break;
        }
    }
    substance
}

/// One drug row, not yet primary suspect.
pub(crate) fn drug(
    composer: &Composer<'_>,
    rng: &mut Rng,
    habits: Habits,
    substance: usize,
    onset: i32,
) -> Drug {
    let catalogue = composer.catalogue;
    let class = catalogue.class_of(substance);
    let text = |choice: Option<&&'static str>| choice.copied().unwrap_or("");
    let slot = composer.plot.slot_of(substance);
    let (median, sigma) = latency(composer, slot);
    let start = onset - days(rng, median, sigma);
    let started = habits.started(rng).then(|| reported(rng, start));
    let ended = started.is_some() && chance(rng, 0.35);
    Drug {
        substance,
        slot,
        role: choose(rng, [("C", 1.0 - SUSPECT_SHARE), ("SS", SUSPECT_SHARE - 0.02), ("I", 0.02)]),
        named: Named::draw(
            rng,
            &catalogue.substances[substance],
            text(class.forms.first()),
            habits.quarter.era(),
        ),
        route: if chance(rng, 0.25) { "" } else { text(pick(rng, &class.routes)) },
        form: text(pick(rng, &class.forms)),
        dose: if chance(rng, 0.4) { "" } else { text(pick(rng, &class.doses)) },
        frequency: choose(
            rng,
            [("", 0.6), ("QD", 0.22), ("BID", 0.08), ("/WK", 0.05), ("TID", 0.03), ("Q3W", 0.02)],
        ),
        dechallenge: choose(rng, [("", 0.4), ("U", 0.4), ("D", 0.07), ("Y", 0.09), ("N", 0.04)]),
        rechallenge: choose(rng, [("", 0.84), ("U", 0.14), ("N", 0.015), ("Y", 0.005)]),
        lot: chance(rng, 0.12).then(|| rng.random_range(10_000..999_999)),
        start: started,
        end: if ended { Some(end(rng, start)) } else { None },
        indications: indications(rng, &class.indications, habits),
        treats_event: false,
    }
}

/// Median and log-scale spread of the days from start to onset; some parts have their own.
fn latency(composer: &Composer<'_>, slot: Option<usize>) -> (f64, f64) {
    let own = slot.and_then(|slot| composer.plot.slots[slot].latency_days);
    own.map_or((45.0, 1.4), |median| (median, 0.6))
}

fn end(rng: &mut Rng, start: i32) -> Reported {
    let day = start + days(rng, 40.0, 1.2);
    reported(rng, day)
}

fn reported(rng: &mut Rng, day: i32) -> Reported {
    let precision =
        choose(rng, [(Precision::Day, 0.74), (Precision::Month, 0.11), (Precision::Year, 0.15)]);
    Reported { day, precision }
}

fn indications(rng: &mut Rng, usual: &[&'static str], habits: Habits) -> Vec<Term> {
    if let Some(rows) = habits.intensity {
        return indications_at(rng, usual, rows.indications / INDICATIONS_IF_ANY);
    }
    let named = |rng: &mut Rng| pick(rng, usual).map(|term| Term::Named(term));
    match rng.random::<f64>() {
        p if p < 0.22 => Vec::new(),
        p if p < 0.5 => vec![UNKNOWN_INDICATION],
        p if p < 0.53 => {
            let mut two: Vec<Term> = [named(rng), named(rng)].into_iter().flatten().collect();
            two.dedup();
            two
        }
        _ => named(rng).into_iter().collect(),
    }
}

/// The same kinds of indications, but given for this share of drugs.
fn indications_at(rng: &mut Rng, usual: &[&'static str], given: f64) -> Vec<Term> {
    if !chance(rng, given) {
        return Vec::new();
    }
    let named = |rng: &mut Rng| pick(rng, usual).map(|term| Term::Named(term));
    match rng.random::<f64>() {
        p if p < 0.36 => vec![UNKNOWN_INDICATION],
        p if p < 0.36 + INDICATIONS_IF_ANY - 1.0 => {
            [named(rng), named(rng)].into_iter().flatten().collect()
        }
        _ => named(rng).into_iter().collect(),
    }
}

/// A visible trigger disease is the indication of what is given for it, and sometimes of others.
fn indicate_diseases(composer: &Composer<'_>, rng: &mut Rng, report: &mut Report) {
    for carried in report.diseases.clone() {
        if !carried.visible {
            continue;
        }
        for drug in &mut report.drugs {
            let given_for = drug.slot.and_then(|slot| match composer.plot.slots[slot].part {
                Part::Channelled { disease } => Some(disease),
                Part::Culprit { disease } => disease,
                _ => None,
            });
            let share = if given_for == Some(carried.disease) { 0.9 } else { 0.2 };
            if chance(rng, share) {
                drug.indications = vec![Term::Disease(carried.disease)];
            }
        }
    }
}

/// The primary suspect once more with another dose, as reports often have it.
fn repeat_primary(composer: &Composer<'_>, rng: &mut Rng, report: &mut Report) {
    let mut again = report.drugs[0].clone();
    again.role = "SS";
    let doses = &composer.catalogue.class_of(again.substance).doses;
    again.dose = pick(rng, doses).copied().unwrap_or("");
    report.drugs.push(again);
}

/// Drugs once more for each of their other doses, right behind their first row. The rows of the
/// primary suspect are suspect rows; others keep their role.
fn repeat_doses(composer: &Composer<'_>, rng: &mut Rng, report: &mut Report, habits: Habits) {
    let first = std::mem::take(&mut report.drugs);
    for drug in first {
        let doses = &composer.catalogue.class_of(drug.substance).doses;
        let role = if drug.role == "PS" { "SS" } else { drug.role };
        let further = habits.further_rows(rng);
        report.drugs.push(drug);
        for _ in 0..further {
            let Some(row) = report.drugs.last() else { continue };
            let dose = pick(rng, doses).copied().unwrap_or("");
            report.drugs.push(Drug { role, dose, ..row.clone() });
        }
    }
}

/// Adds a drug that was not administered, unless the report already has it.
pub(crate) fn add_not_administered(
    composer: &Composer<'_>,
    rng: &mut Rng,
    report: &mut Report,
    habits: Habits,
) {
    let culprits = composer.plot.model.culprits.len();
    let substance = if culprits > 0 && chance(rng, 0.3) {
        composer.plot.slots[rng.random_range(0..culprits)].substance
    } else {
        background(composer, rng, habits.quarter, None)
    };
    if report.drugs.iter().any(|drug| drug.substance == substance) {
        return;
    }
    let mut refused = drug(composer, rng, habits, substance, report.onset.day);
    refused.role = "DN";
    refused.start = None;
    refused.end = None;
    report.drugs.push(refused);
}
