//! The event on a report: its terms, its outcome and its treatment.

use rand::RngExt;

use crate::calendar::Precision;
use crate::compose::Composer;
use crate::event::COMPANIONS;
use crate::habits::Habits;
use crate::plot::Part;
use crate::prescribe;
use crate::report::{Origin, Report, Reported, Term};
use crate::sampler::{Rng, chance, days};

/// Writes the event on a report whose outline has it; on others now and then an earlier one.
pub(crate) fn play(composer: &Composer<'_>, rng: &mut Rng, report: &mut Report, habits: Habits) {
    if report.origin.is_some() {
        show(rng, report);
        treat(composer, rng, report, habits);
    } else if chance(rng, composer.plot.model.treated_before_share) {
        treated_before(composer, rng, report, habits);
    }
}

/// The event and its usual company among the terms; a grave outcome; a better known onset.
fn show(rng: &mut Rng, report: &mut Report) {
    for (term, share) in COMPANIONS {
        let term = Term::Named(term);
        if chance(rng, share) && !report.terms.contains(&term) {
            report.terms.push(term);
        }
    }
    let at = rng.random_range(0..=report.terms.len());
    report.terms.insert(at, Term::Event);
    for (code, share) in [("HO", 0.85), ("LT", 0.3), ("DE", 0.25)] {
        if chance(rng, share) && !report.outcomes.contains(&code) {
            report.outcomes.push(code);
        }
    }
    if report.onset.precision != Precision::Day && chance(rng, 0.5) {
        report.onset.precision = Precision::Day;
    }
    for drug in &mut report.drugs {
        if drug.slot.is_some() && drug.dechallenge.is_empty() && chance(rng, 0.5) {
            drug.dechallenge = "Y";
        }
    }
}

/// Protopathic: treatment begins on or after the onset and names the event as its indication.
fn treat(composer: &Composer<'_>, rng: &mut Rng, report: &mut Report, habits: Habits) {
    for slot in 0..composer.plot.slots.len() {
        let Part::Therapy = composer.plot.slots[slot].part else { continue };
        let therapy = &composer.plot.model.therapies[composer.plot.slots[slot].index];
        if chance(rng, therapy.event_share) {
            add_therapy(composer, rng, report, habits, slot);
        }
    }
}

/// Adds a treatment; `false` if it is on the report already or not yet on the market.
fn add_therapy(
    composer: &Composer<'_>,
    rng: &mut Rng,
    report: &mut Report,
    habits: Habits,
    slot: usize,
) -> bool {
    let substance = composer.plot.slots[slot].substance;
    let present = report.drugs.iter().any(|drug| drug.substance == substance);
    if present || !composer.catalogue.available(substance, habits.quarter) {
        return false;
    }
    let mut drug = prescribe::drug(composer, rng, habits, substance, report.onset.day);
    drug.role = if chance(rng, 0.3) { "SS" } else { "C" };
    drug.treats_event = true;
    let start = report.onset.day + days(rng, 3.0, 0.8);
    drug.start = chance(rng, 0.6).then_some(Reported { day: start, precision: Precision::Day });
    drug.end = None;
    if chance(rng, 0.85) {
        drug.indications = vec![Term::Event];
    }
    report.drugs.push(drug);
    true
}

/// A patient who had HLH before: it is the indication of a treatment, and leaks into the
/// reactions in three of ten reports.
fn treated_before(composer: &Composer<'_>, rng: &mut Rng, report: &mut Report, habits: Habits) {
    let slots = 0..composer.plot.slots.len();
    let therapies: Vec<usize> =
        slots.filter(|slot| composer.plot.slots[*slot].part == Part::Therapy).collect();
    if therapies.is_empty() {
        return;
    }
    let slot = therapies[rng.random_range(0..therapies.len())];
    if !add_therapy(composer, rng, report, habits, slot) {
        return;
    }
    report.treated_before = true;
    if let Some(drug) = report.drugs.last_mut() {
        drug.treats_event = false;
        drug.indications = vec![Term::Event];
        drug.start = None;
    }
    if chance(rng, 0.3) {
        report.origin = Some(Origin::TreatedBefore);
        report.terms.push(Term::Event);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::model::{Culprit, EventModel};
    use crate::plot::Plot;
    use crate::quarter::Quarter;
    use crate::quirk::QuirkRates;
    use rand::SeedableRng;

    fn reports(model: &EventModel, n: usize) -> Vec<Report> {
        let catalogue = Catalogue::load().unwrap();
        let plot = Plot::new(model, &catalogue).unwrap();
        let quirks = QuirkRates::none();
        let composer = Composer::new(&catalogue, &plot, &quirks);
        let mut rng = Rng::seed_from_u64(9);
        let quarter: Quarter = "2022Q4".parse().unwrap();
        let (habits, day) = (Habits::usual(quarter), quarter.days().0);
        (0..n).map(|i| composer.report(&mut rng, habits, day, i as u64)).collect()
    }

    #[test]
    fn hazards_add_up() {
        let culprit = |substance: &str, hazard| Culprit {
            substance: substance.to_owned(),
            hazard,
            share: 1.0,
            latency_days: 10.0,
            disease: None,
            disease_share: 0.0,
        };
        let culprits = vec![culprit("LAMOTRIGINE", 0.2), culprit("NIVOLUMAB", 0.3)];
        let model = EventModel { background_hazard: 0.1, culprits, ..EventModel::null() };
        let reports = reports(&model, 4_000);
        let origins: Vec<Origin> = reports.iter().filter_map(|report| report.origin).collect();
        let expected = (1.0 - (-0.6_f64).exp()) * 4_000.0;
        assert!((origins.len() as f64 - expected).abs() < 130.0, "{}", origins.len());
        let strong = origins.iter().filter(|o| **o == Origin::Substance(1)).count() as f64;
        assert!((strong / origins.len() as f64 - 0.5).abs() < 0.05, "{strong}");
    }

    #[test]
    fn treatment_follows_the_event() {
        let model = EventModel { background_hazard: 10.0, ..EventModel::default() };
        let mut treated = 0;
        for report in reports(&model, 500) {
            assert_eq!(report.terms.iter().filter(|term| **term == Term::Event).count(), 1);
            for drug in report.drugs.iter().filter(|drug| drug.treats_event) {
                treated += 1;
                assert!(drug.start.is_none_or(|start| start.day >= report.onset.day));
                assert_ne!(drug.role, "PS");
            }
        }
        assert!(treated > 300, "{treated}");
    }

    #[test]
    fn the_null_model_has_no_event() {
        let reports = reports(&EventModel::null(), 500);
        assert!(reports.iter().all(|report| report.origin.is_none() && report.is_plain()));
    }
}
