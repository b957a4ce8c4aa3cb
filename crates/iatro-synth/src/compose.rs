//! Draws one new report: patient, drugs, terms, and whether the event happens.

use rand::RngExt;

use crate::calendar::Precision;
use crate::catalogue::Catalogue;
use crate::fate;
use crate::habits::Habits;
use crate::hazard;
use crate::misreport;
use crate::patient::{Countries, NAMIBIA, Patient, occupation};
use crate::plot::Plot;
use crate::prescribe;
use crate::quarter::Quarter;
use crate::quirk::{Quirk, QuirkRates};
use crate::report::{NumberMark, Report, Reported, Sender, Term};
use crate::sampler::{Rng, Weighted, chance, choose, days};

/// Everything a draw needs that stays the same for the whole corpus.
pub(crate) struct Composer<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) plot: &'a Plot<'a>,
    pub(crate) quirks: &'a QuirkRates,
    countries: Countries,
    companies: Weighted,
}

impl<'a> Composer<'a> {
    pub(crate) fn new(
        catalogue: &'a Catalogue,
        plot: &'a Plot<'a>,
        quirks: &'a QuirkRates,
    ) -> Self {
        let companies = Weighted::zipf(crate::render_demo::COMPANIES.len() - 1, 2.0, 1.0);
        Self { catalogue, plot, quirks, countries: Countries::new(), companies }
    }

    /// A new report, received on `received`; `serial` is its sender's number for it.
    pub(crate) fn report(
        &self,
        rng: &mut Rng,
        habits: Habits,
        received: i32,
        serial: u64,
    ) -> Report {
        let quarter = habits.quarter;
        let era = quarter.era();
        let fate = fate::draw(self, rng, quarter, received);
        let onset_day = received - 5 - days(rng, 70.0, 1.3);
        let namibia = chance(rng, self.quirks.get(Quirk::Namibia));
        let country = if namibia { NAMIBIA } else { self.countries.draw(rng) };
        let report_type = choose(rng, [("EXP", 0.6), ("PER", 0.34), ("DIR", 0.06)]);
        let mut report = Report {
            patient: Patient::draw(rng, fate.years, self.plot.model.age_known_share),
            country,
            occupation: occupation(rng, era),
            report_type,
            sender: self.sender(rng, report_type, onset_day, serial),
            literature: chance(rng, 0.05),
            onset: Reported { day: onset_day, precision: event_precision(rng) },
            drugs: Vec::new(),
            terms: Vec::new(),
            outcomes: outcomes(rng, habits),
            sources: sources(rng, habits),
            diseases: fate.diseases,
            origin: fate.origin,
            treated_before: false,
        };
        prescribe::fill(self, rng, &mut report, habits, &fate.planted);
        self.add_terms(rng, &mut report, habits);
        hazard::play(self, rng, &mut report, habits);
        misreport::apply(rng, self.plot.model, &mut report);
        if quarter >= Quarter::fixed(2024, 4)
            && chance(rng, self.quirks.get(Quirk::NotAdministered))
        {
            prescribe::add_not_administered(self, rng, &mut report, habits);
        }
        report
    }

    /// Background terms, and the trigger diseases that the report mentions as reactions.
    fn add_terms(&self, rng: &mut Rng, report: &mut Report, habits: Habits) {
        for _ in 0..habits.terms(rng) {
            let term = Term::Named(self.catalogue.draw_term(rng));
            if !report.terms.contains(&term) {
                report.terms.push(term);
            }
        }
        for carried in report.diseases.iter().filter(|carried| carried.visible) {
            let term = Term::Disease(carried.disease);
            let indicated = report.drugs.iter().any(|drug| drug.indications.contains(&term));
            if !indicated || chance(rng, 0.4) {
                let at = rng.random_range(0..=report.terms.len());
                report.terms.insert(at, term);
            }
        }
    }

    fn sender(&self, rng: &mut Rng, report_type: &str, onset: i32, serial: u64) -> Option<Sender> {
        if report_type == "DIR" {
            return None;
        }
        let accented = chance(rng, self.quirks.get(Quirk::Utf8Text));
        let company = if accented { 0 } else { 1 + self.companies.draw(rng) };
        let quoted = chance(rng, self.quirks.get(Quirk::LoneQuote));
        let mark = if quoted { NumberMark::Quote } else { NumberMark::None };
        Some(Sender { company, serial, year: crate::calendar::civil(onset).0, mark })
    }
}

fn event_precision(rng: &mut Rng) -> Precision {
    choose(
        rng,
        [
            (Precision::Day, 0.48),
            (Precision::Missing, 0.36),
            (Precision::Month, 0.08),
            (Precision::Year, 0.08),
        ],
    )
}

fn outcomes(rng: &mut Rng, habits: Habits) -> Vec<&'static str> {
    const SHARES: [(&str, f64); 7] = [
        ("OT", 0.42),
        ("HO", 0.22),
        ("DE", 0.07),
        ("LT", 0.03),
        ("DS", 0.02),
        ("CA", 0.004),
        ("RI", 0.003),
    ];
    let factor = habits.outcomes();
    let given = SHARES.into_iter().filter(|(_, share)| chance(rng, *share * factor));
    given.map(|(code, _)| code).collect()
}

fn sources(rng: &mut Rng, habits: Habits) -> Vec<&'static str> {
    if !chance(rng, habits.sources()) {
        return Vec::new();
    }
    const SHARES: [(&str, f64); 6] =
        [("HP", 0.6), ("CSM", 0.35), ("FGN", 0.25), ("LIT", 0.08), ("SDY", 0.08), ("OTH", 0.06)];
    SHARES.into_iter().filter(|(_, share)| chance(rng, *share)).map(|(code, _)| code).collect()
}
