//! Draws one new report: patient, drugs, terms, and whether the event happens.

use rand::RngExt;

use crate::calendar::Precision;
use crate::catalogue::Catalogue;
use crate::fate;
use crate::hazard;
use crate::misreport;
use crate::patient::{Countries, NAMIBIA, Patient, occupation};
use crate::plot::Plot;
use crate::prescribe;
use crate::quarter::{Era, Quarter};
use crate::quirk::{Quirk, QuirkRates};
use crate::report::{NumberMark, Report, Reported, Sender, Term};
use crate::sampler::{Rng, Weighted, chance, choose, days, long_tailed};

/// The chances of 1 to 4 drugs, and of one more beyond 5: median 2, mean 3.2.
pub(crate) const DRUGS_HEAD: [f64; 4] = [0.46, 0.19, 0.1, 0.07];
pub(crate) const DRUGS_TAIL: f64 = 0.85;
const TERMS_HEAD: [f64; 4] = [0.28, 0.22, 0.18, 0.12];
const TERMS_TAIL: f64 = 0.6;

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
        quarter: Quarter,
        received: i32,
        serial: u64,
    ) -> Report {
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
            outcomes: outcomes(rng),
            sources: sources(rng, era),
            diseases: fate.diseases,
            origin: fate.origin,
            treated_before: false,
        };
        let wanted = long_tailed(rng, DRUGS_HEAD, DRUGS_TAIL);
        prescribe::fill(self, rng, &mut report, quarter, &fate.planted, wanted);
        self.add_terms(rng, &mut report);
        hazard::play(self, rng, &mut report, quarter);
        misreport::apply(rng, self.plot.model, &mut report);
        if quarter >= Quarter::fixed(2024, 4)
            && chance(rng, self.quirks.get(Quirk::NotAdministered))
        {
            prescribe::add_not_administered(self, rng, &mut report, quarter);
        }
        report
    }

    /// Background terms, and the trigger diseases that the report mentions as reactions.
    fn add_terms(&self, rng: &mut Rng, report: &mut Report) {
        let wanted = long_tailed(rng, TERMS_HEAD, TERMS_TAIL);
        for _ in 0..wanted {
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

fn outcomes(rng: &mut Rng) -> Vec<&'static str> {
    const SHARES: [(&str, f64); 7] = [
        ("OT", 0.42),
        ("HO", 0.22),
        ("DE", 0.07),
        ("LT", 0.03),
        ("DS", 0.02),
        ("CA", 0.004),
        ("RI", 0.003),
    ];
    SHARES.into_iter().filter(|(_, share)| chance(rng, *share)).map(|(code, _)| code).collect()
}

/// Report sources: usual in legacy quarters, rare afterwards.
fn sources(rng: &mut Rng, era: Era) -> Vec<&'static str> {
    if !chance(rng, if era == Era::Legacy { 0.45 } else { 0.05 }) {
        return Vec::new();
    }
    const SHARES: [(&str, f64); 6] =
        [("HP", 0.6), ("CSM", 0.35), ("FGN", 0.25), ("LIT", 0.08), ("SDY", 0.08), ("OTH", 0.06)];
    SHARES.into_iter().filter(|(_, share)| chance(rng, *share)).map(|(code, _)| code).collect()
}
