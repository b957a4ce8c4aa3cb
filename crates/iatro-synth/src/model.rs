//! The planted truth: which substances and diseases bring the event about, and which only look so.
//!
//! For one report, with the hazards of its culprits and trigger diseases,
//! `P(HLH) = 1 - exp(-(background + sum of substance hazards + sum of disease hazards + sum of the
//! hazards of interacting pairs))`, the background multiplied in infants. Where a substance is
//! notorious, reports with it and the event are then kept more often than others.
//! The hazards are numbers chosen for the demonstration. They say nothing about the real
//! substances that lend their names.

use serde::{Deserialize, Serialize};

mod plants;

pub use plants::{AgeBound, Giant, Infancy, Interaction, Notorious, Together};

/// A substance with a hazard of its own.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Culprit {
    /// Its name in the catalogue, as in `prod_ai`.
    pub substance: String,
    /// Its additive hazard per report.
    pub hazard: f64,
    /// The share of reports that list it.
    pub share: f64,
    /// Median days from its start to the onset of the event.
    pub latency_days: f64,
    /// The trigger disease it is given for, if any.
    pub disease: Option<String>,
    /// The share of its reports whose patient has that disease.
    pub disease_share: f64,
}

/// A substance without hazard that is mostly reported together with a culprit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bystander {
    /// Its name in the catalogue.
    pub substance: String,
    /// The culprit it goes with.
    pub with: String,
    /// The share of the culprit's reports that list it.
    pub with_share: f64,
    /// The share of other reports that list it.
    pub alone_share: f64,
}

/// A substance without hazard that is given for a trigger disease.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Channelled {
    /// Its name in the catalogue.
    pub substance: String,
    /// The trigger disease.
    pub disease: String,
    /// The share of the disease's reports that list it.
    pub disease_share: f64,
    /// The share of other reports that list it.
    pub alone_share: f64,
}

/// A disease with a hazard of its own.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Disease {
    /// Its preferred term.
    pub term: String,
    /// Its additive hazard per report.
    pub hazard: f64,
    /// The share of reports whose patient has it, before culprits bring it along.
    pub share: f64,
}

/// A treatment of the event, added once it is there: protopathic.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Therapy {
    /// Its name in the catalogue.
    pub substance: String,
    /// The share of reports with the event that list it as treatment.
    pub event_share: f64,
    /// The share of reports that list it for something else.
    pub background_share: f64,
}

/// The event model of a corpus.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct EventModel {
    /// The hazard of every report.
    pub background_hazard: f64,
    /// Substances with a hazard.
    pub culprits: Vec<Culprit>,
    /// Substances co-reported with a culprit.
    pub bystanders: Vec<Bystander>,
    /// Substances given for a trigger disease.
    pub channelled: Vec<Channelled>,
    /// Trigger diseases.
    pub diseases: Vec<Disease>,
    /// Treatments of the event.
    pub therapies: Vec<Therapy>,
    /// Culprits with so many reports that they mask others.
    pub giants: Vec<Giant>,
    /// Substances whose event reports are reported more often.
    pub notorious: Vec<Notorious>,
    /// Substances given mostly to infants.
    pub age_bound: Vec<AgeBound>,
    /// Pairs of culprits that are always given together.
    pub together: Vec<Together>,
    /// Pairs with a hazard where both are given.
    pub interactions: Vec<Interaction>,
    /// Infants and their background hazard.
    pub infancy: Infancy,
    /// The share of reports that state the patient's age.
    pub age_known_share: f64,
    /// The share of a patient's trigger diseases that the report does not mention at all.
    pub hidden_disease_share: f64,
    /// The share of reports about patients treated for HLH that they had before: HLH is an
    /// indication, and in three of ten also listed as a reaction.
    pub treated_before_share: f64,
    /// The share of event reports with a follow-up whose first version does not name the event.
    pub late_disclosure_share: f64,
    /// The share of substances with a hazard that are listed as suspect where another drug is the
    /// primary suspect. For substances without hazard it is 0.38 always.
    pub culprit_suspect_share: f64,
    /// The chance that an event report is sent once more under another case id, and each of these
    /// copies again, 0 to 0.9; beside the general rate of
    /// [`Quirk::DuplicateCase`](crate::Quirk::DuplicateCase).
    pub event_duplicate_share: f64,
    /// The share of substances of a report whose role is turned round, suspect and concomitant. A
    /// primary suspect changes places with a concomitant drug, if the report has one.
    pub wrong_role_share: f64,
    /// The share of drugs whose indications are lost from the report.
    pub dropped_indication_share: f64,
}

/// The share of reports with an age, as in the published files.
const AGE_KNOWN_SHARE: f64 = 0.74;
/// The share of drugs other than the primary suspect that are suspects too.
pub(crate) const SUSPECT_SHARE: f64 = 0.38;

impl EventModel {
    /// No hazards at all: every report is background, nobody has the event.
    pub fn null() -> Self {
        Self {
            background_hazard: 0.0,
            culprits: Vec::new(),
            bystanders: Vec::new(),
            channelled: Vec::new(),
            diseases: Vec::new(),
            therapies: Vec::new(),
            giants: Vec::new(),
            notorious: Vec::new(),
            age_bound: Vec::new(),
            together: Vec::new(),
            interactions: Vec::new(),
            infancy: Infancy::default(),
            age_known_share: AGE_KNOWN_SHARE,
            hidden_disease_share: 0.0,
            treated_before_share: 0.0,
            late_disclosure_share: 0.0,
            culprit_suspect_share: SUSPECT_SHARE,
            event_duplicate_share: 0.0,
            wrong_role_share: 0.0,
            dropped_indication_share: 0.0,
        }
    }
}

impl EventModel {
    /// The default model with an event as rare as in the published files, where about one report in
    /// a thousand names it: hazards less than half of the default ones.
    pub fn rare() -> Self {
        const SHARE: f64 = 0.45;
        // To a billionth, so that the numbers read back as they were written.
        let rarer = |hazard: f64| (hazard * SHARE * 1e9).round() / 1e9;
        let mut model = Self::default();
        model.background_hazard = rarer(model.background_hazard);
        model.treated_before_share = rarer(model.treated_before_share);
        for culprit in &mut model.culprits {
            culprit.hazard = rarer(culprit.hazard);
        }
        for disease in &mut model.diseases {
            disease.hazard = rarer(disease.hazard);
        }
        model
    }
}

impl Default for EventModel {
    fn default() -> Self {
        Self {
            background_hazard: 4e-4,
            culprits: culprits(),
            bystanders: bystanders(),
            channelled: channelled(),
            diseases: diseases(),
            therapies: therapies(),
            hidden_disease_share: 0.1,
            treated_before_share: 3e-4,
            late_disclosure_share: 0.2,
            ..Self::null()
        }
    }
}

fn culprits() -> Vec<Culprit> {
    let culprit = |substance: &str, hazard, share, latency_days| Culprit {
        substance: substance.to_owned(),
        hazard,
        share,
        latency_days,
        disease: None,
        disease_share: 0.0,
    };
    vec![
        culprit("LAMOTRIGINE", 0.05, 0.006, 16.0),
        culprit("NIVOLUMAB", 0.06, 0.009, 47.0),
        culprit("PEMBROLIZUMAB", 0.035, 0.009, 60.0),
        culprit("SULFAMETHOXAZOLE\\TRIMETHOPRIM", 0.04, 0.006, 8.0),
        Culprit {
            disease: Some("Diffuse large B-cell lymphoma".to_owned()),
            disease_share: 0.7,
            ..culprit("AXICABTAGENE CILOLEUCEL", 0.15, 0.003, 12.0)
        },
        culprit("AZATHIOPRINE", 0.012, 0.013, 120.0),
    ]
}

fn bystanders() -> Vec<Bystander> {
    let bystander = |substance: &str, with: &str, with_share, alone_share| Bystander {
        substance: substance.to_owned(),
        with: with.to_owned(),
        with_share,
        alone_share,
    };
    vec![
        bystander("CLOBAZAM", "LAMOTRIGINE", 0.4, 3e-4),
        bystander("LEUCOVORIN", "SULFAMETHOXAZOLE\\TRIMETHOPRIM", 0.35, 4e-4),
        bystander("FLUDARABINE", "AXICABTAGENE CILOLEUCEL", 0.8, 6e-4),
    ]
}

fn channelled() -> Vec<Channelled> {
    let channelled = |substance: &str, disease: &str, disease_share, alone_share| Channelled {
        substance: substance.to_owned(),
        disease: disease.to_owned(),
        disease_share,
        alone_share,
    };
    vec![
        channelled("VINCRISTINE", "Diffuse large B-cell lymphoma", 0.45, 1e-3),
        channelled("GANCICLOVIR", "Epstein-Barr virus infection", 0.4, 6e-4),
        channelled("CANAKINUMAB", "Still's disease", 0.5, 2e-4),
    ]
}

fn diseases() -> Vec<Disease> {
    let disease = |term: &str, hazard, share| Disease { term: term.to_owned(), hazard, share };
    vec![
        disease("Diffuse large B-cell lymphoma", 0.02, 0.007),
        disease("Epstein-Barr virus infection", 0.08, 0.0025),
        disease("Still's disease", 0.08, 0.002),
        disease("Cytomegalovirus infection", 0.02, 0.002),
        disease("Tuberculosis", 0.01, 0.002),
    ]
}

fn therapies() -> Vec<Therapy> {
    let therapy = |substance: &str, event_share, background_share| Therapy {
        substance: substance.to_owned(),
        event_share,
        background_share,
    };
    vec![
        therapy("DEXAMETHASONE", 0.45, 0.012),
        therapy("ETOPOSIDE", 0.35, 0.002),
        therapy("ANAKINRA", 0.2, 0.001),
        therapy("RUXOLITINIB", 0.12, 0.004),
        therapy("EMAPALUMAB", 0.12, 1e-4),
    ]
}
