//! The estimates of one substance.

use iatro_stats::Table2x2;
use iatro_stats::disproportionality::fisher_mid_p;
use iatro_stats::thresholds::{ic025, min_reports, prr_evans2001, ror_lower_limit};
use serde::Serialize;

use super::RunError;
use super::adjust::Test;
use super::estimates::Estimates;
use super::shrinkage::Shrinkage;
use crate::corpus::Substance;
use crate::count::Cell;
use crate::study::{Evidence, Status, Study};

/// The decision rules, each "met", "not met" or "not assessable".
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Rules {
    /// At least 3 cases.
    pub n_ge_3: &'static str,
    /// PRR at least 2, chi-squared (Yates) at least 4, at least 3 cases (Evans 2001).
    pub prr_evans: &'static str,
    /// Lower 95 % limit of the ROR above 1, at least 3 cases.
    pub ror_lower_gt_1: &'static str,
    /// Lower 95 % limit of the IC above 0.
    pub ic025_gt_0: &'static str,
}

/// One substance against the event. An estimate that is not defined for the table is `None`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Signal {
    /// The substance.
    pub substance: String,
    /// Its class, if the seed table has one.
    pub class: Option<String>,
    /// Whether the study names it among the agents, from a source that was read.
    pub listed_agent: bool,
    /// Whether the study names it among the therapies of the event, from a source that was read: a
    /// report may name it because of the event.
    pub therapy: bool,
    /// The cells and what is computed from them alone.
    #[serde(flatten)]
    pub estimates: Estimates,
    /// EBGM with its limits; nothing against a named comparator, for which no prior is fitted.
    #[serde(flatten)]
    pub shrinkage: Shrinkage,
    /// Mid-P, and its q among all substances of the run.
    #[serde(flatten)]
    pub test: Test,
    /// The decision rules.
    pub rules: Rules,
}

impl Signal {
    pub(super) fn new(substance: &Substance, cell: Cell, study: &Study) -> Result<Self, RunError> {
        let table = Table2x2::from_margins(cell.cases, cell.exposed, cell.all_cases, cell.reports)
            .map_err(|error| {
                RunError::question(
                    format!("the cells of {} are impossible ({error})", substance.name),
                    "This is a defect of iatro; no number is given.",
                )
            })?;
        let name = &substance.name;
        let listed = study.agent_of(name).is_some_and(|agent| agent.status == Status::Verified);
        let estimates = Estimates::of(&table);
        Ok(Self {
            substance: name.clone(),
            class: substance.class.clone(),
            listed_agent: listed,
            therapy: study.therapy_substances(Evidence::Verified).contains(name.as_str()),
            estimates,
            shrinkage: Shrinkage::default(),
            test: Test { fisher_mid_p: fisher_mid_p(&table), q: None },
            rules: Rules {
                n_ge_3: min_reports(&table).name(),
                prr_evans: prr_evans2001(&table).name(),
                ror_lower_gt_1: ror_lower_limit(&table).name(),
                ic025_gt_0: ic025(&table).name(),
            },
        })
    }

    /// Whether the lower limit of the IC is above 0: a signal of disproportionate reporting.
    pub fn is_disproportionate(&self) -> bool {
        self.estimates.ic025.is_some_and(|limit| limit > 0.0)
    }
}
