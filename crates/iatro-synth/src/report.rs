//! A report in memory, before it is written as rows.

use crate::calendar::Precision;
use crate::naming::Named;
use crate::patient::{Country, Patient};

/// A preferred term on a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Term {
    /// A background term.
    Named(&'static str),
    /// A trigger disease, by its position in the model.
    Disease(usize),
    /// The event, under the name of the quarter that is written.
    Event,
}

/// A date as reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported {
    pub(crate) day: i32,
    pub(crate) precision: Precision,
}

/// A drug of a report.
#[derive(Clone, Debug)]
pub(crate) struct Drug {
    /// Position in the catalogue.
    pub(crate) substance: usize,
    /// Its slot in the plot, if it is planted.
    pub(crate) slot: Option<usize>,
    pub(crate) role: &'static str,
    pub(crate) named: Named,
    pub(crate) route: &'static str,
    pub(crate) form: &'static str,
    /// Amount and unit; blank if not reported.
    pub(crate) dose: &'static str,
    pub(crate) frequency: &'static str,
    pub(crate) dechallenge: &'static str,
    pub(crate) rechallenge: &'static str,
    pub(crate) lot: Option<u32>,
    pub(crate) start: Option<Reported>,
    pub(crate) end: Option<Reported>,
    pub(crate) indications: Vec<Term>,
    /// Given because of the event, so absent where the event is not yet disclosed.
    pub(crate) treats_event: bool,
}

/// Where an event came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    Background,
    /// The slot of a substance with a hazard.
    Substance(usize),
    Disease(usize),
    /// An interacting pair, by its position in the model.
    Pair(usize),
    /// The patient had it before the report; it is listed all the same.
    TreatedBefore,
}

/// A trigger disease of the patient.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried {
    pub(crate) disease: usize,
    /// Whether the report mentions it.
    pub(crate) visible: bool,
}

/// A mark in `mfr_num` that readers stumble over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NumberMark {
    None,
    Quote,
    Dollar,
}

/// Who sent a report: a fictional company, by position, and its own number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    pub(crate) company: usize,
    pub(crate) serial: u64,
    pub(crate) year: i32,
    pub(crate) mark: NumberMark,
}

/// A report's content; what changes from version to version stands in the sighting.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) patient: Patient,
    pub(crate) country: Country,
    pub(crate) occupation: &'static str,
    pub(crate) report_type: &'static str,
    /// `None` for reports sent directly to the agency.
    pub(crate) sender: Option<Sender>,
    pub(crate) literature: bool,
    pub(crate) onset: Reported,
    pub(crate) drugs: Vec<Drug>,
    pub(crate) terms: Vec<Term>,
    pub(crate) outcomes: Vec<&'static str>,
    pub(crate) sources: Vec<&'static str>,
    pub(crate) diseases: Vec<Carried>,
    /// Where the event came from; `None` if the report does not list it.
    pub(crate) origin: Option<Origin>,
    /// HLH is an indication because the patient had it before.
    pub(crate) treated_before: bool,
}

impl Report {
    /// Whether nothing of the event model touches this report.
    pub(crate) fn is_plain(&self) -> bool {
        self.origin.is_none()
            && !self.treated_before
            && self.diseases.is_empty()
            && self.drugs.iter().all(|drug| drug.slot.is_none())
    }
}
