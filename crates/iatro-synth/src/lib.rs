//! Generated FAERS quarters with a planted truth.
//!
//! [`generate()`] writes quarterly archives in the form FDA publishes them, of both eras, together
//! with `truth.json` ([`Truth`]): how many rows, cases and flaws there are, and which substances
//! and diseases bring the event (haemophagocytic lymphohistiocytosis, HLH) about. A reader or an
//! analysis can be held against it. The same [`Corpus`] gives the same bytes.
//!
//! **Synthetic data. Research use. Not a medical device.** No row is about a person. Senders are
//! fictional. Substances and terms lend their names so that the files look right; hazards, counts
//! and co-reporting are chosen, and say nothing about the real products.
//!
//! [`Corpus::scaled`] follows the published quarters in volume: the rows of each of the seven tables
//! in each of the 90 quarters from 2004Q1 to 2026Q2, or a share of them, with thousands of substances
//! and terms. It is made to measure what a machine can hold; `docs/methods/synthetic_corpus.md` says
//! what about it is realistic and what is not.
//!
//! [`sample()`] draws the same reports in memory, each with its truth, and [`SCENARIOS`] names event
//! models that confound, hide or make up a signal, for the validation of methods.
//!
//! # What is realistic
//! Archive and file names, headers and their slips quarter by quarter, line ends, ids, case
//! versions, deletions, duplicates, codes, partial dates, the skew of substances and terms, the
//! number of drugs and reactions of a report, trade names and misspellings, the share of fields
//! left empty, the renaming of the event's preferred term in 2018Q3, and the flaws in [`Quirk`].
//!
//! # What is not
//! Background drugs and terms are independent of each other, of age, sex and country: no
//! background pair has a signal, except that drugs of a class go together. Doses belong to a class
//! rather than to a substance. Without a scale the volume does not grow over time. Follow-ups and duplicates
//! differ less than real ones. Roles are drawn without regard to the event. Stimulated reporting is
//! there only where a substance is notorious: a constant factor from a day on, on reports that name
//! both substance and event, without an end. Infants differ from others in their background hazard
//! and in age-bound substances only, not in terms, and other ages do not differ at all. Of a
//! culprit, the time from start to onset is the same whether the event came from it or not. The
//! hazards of scenarios are far above those of real substances, so that 100,000 reports hold enough
//! events. There are no narratives. Without a scale, deletion lists name far more revived cases than FDA's do.
//!
//! # Determinism
//! Tables are compressed on a thread of their own; its pace plays no part in the bytes.
//! ChaCha8, one stream a quarter, no clock, no hash-map order. Draws use `f64` logarithms and
//! powers from the platform's library, so two platforms may differ in rare cases; one platform
//! does not.

mod accident;
mod archive;
mod calendar;
mod catalogue;
mod chain;
mod compose;
mod corpus;
mod deletion;
mod duplicate;
mod error;
mod event;
mod fate;
mod files;
mod generate;
mod habits;
mod hazard;
mod layout;
mod misreport;
mod model;
mod naming;
mod numbering;
mod pace;
mod patient;
mod plot;
mod prescribe;
mod publish;
mod quarter;
mod quirk;
mod render_demo;
mod render_drug;
mod report;
mod sample;
mod sampler;
mod scenario;
mod sighting;
mod table;
mod tally;
mod truth;
mod vocabulary;
mod volume;

pub use corpus::Corpus;
pub use error::SynthError;
pub use event::{NEW_TERM, OLD_TERM};
pub use generate::generate;
pub use model::{
    AgeBound, Bystander, Channelled, Culprit, Disease, EventModel, Giant, Infancy, Interaction,
    Notorious, Therapy, Together,
};
pub use quarter::{Era, Quarter};
pub use quirk::{Quirk, QuirkCounts, QuirkRates};
pub use sample::{
    DatePrecision, DiseaseCause, PairCause, Role, SAMPLE_REPORTS, Sample, SampleSettings,
    SampleTruth, SampledDate, SampledDisease, SampledDrug, SampledOrigin, SampledReport, Sex,
    SubstanceTruth, sample,
};
pub use scenario::{SCENARIOS, Scenario, power_model};
pub use truth::{
    BystanderTruth, CaseTotals, ChannelledTruth, CulpritTruth, DiseaseTruth, DrugSpread,
    EventTruth, Exposure, InteractionTruth, NOTE, PlantTruth, PlantedPart, QuarterTruth,
    ScaleTruth, ScaledRows, TRUTH_FILE, TRUTH_SCHEMA, TableCounts, TherapyTruth, Truth,
};
