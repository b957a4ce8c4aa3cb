//! What the model goes by, held against counts of the same reports, which agree with control totals of their own.

use std::collections::BTreeMap;

use super::AttributionSettings;
use super::possible::{Possible, PossibleCauses};
use crate::count::{Counts, Engines};
use crate::run::RunError;

/// How many reports something stands on, unweighted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct StandsOn {
    /// Event reports.
    pub(super) events: f64,
    /// Eligible reports.
    pub(super) reports: f64,
}

impl StandsOn {
    #[allow(clippy::cast_precision_loss)] // A lake holds fewer than 2^32 reports of a source.
    pub(super) fn counted(events: u64, reports: u64) -> Self {
        Self { events: events as f64, reports: reports as f64 }
    }
}

/// Holds all reports, the event reports and those of every substance against the counts, unless the model weighs them.
pub(super) fn check(
    possible: &PossibleCauses,
    settings: &AttributionSettings,
    counts: &Counts,
    engines: &dyn Engines,
) -> Result<(), RunError> {
    if settings.weigh_duplicates {
        return Ok(());
    }
    let events = possible.events.len() as u64;
    let of_model = StandsOn::counted(events, possible.reports);
    agree("the event", of_model, StandsOn::counted(counts.cases, counts.reports), engines)?;
    let mut events_of: BTreeMap<Possible, u64> = BTreeMap::new();
    let named = possible.events.iter().flat_map(|event| &event.causes);
    named.for_each(|cause| *events_of.entry(*cause).or_default() += 1);
    for (cell, id) in counts.cells.iter().zip(0..) {
        let cause = Possible::Substance(id);
        let at = possible.position(cause);
        let events = events_of.get(&cause).copied().unwrap_or_default();
        let reports = at.map_or(0.0, |at| possible.causes[at].1);
        let of_model = StandsOn { reports, ..StandsOn::counted(events, 0) };
        let name = at.map_or("a substance", |at| &possible.names[at]);
        agree(name, of_model, StandsOn::counted(cell.cases, cell.exposed), engines)?;
    }
    Ok(())
}

/// An error if the model goes by another number than was counted.
pub(super) fn agree(
    what: &str,
    of_model: StandsOn,
    counted: StandsOn,
    engines: &dyn Engines,
) -> Result<(), RunError> {
    if of_model == counted {
        return Ok(());
    }
    let help = match engines.elsewhere() {
        None => "This is a defect of iatro; no number is given.".to_owned(),
        // Its control totals agree with its counts: it may count the reports of another lake.
        Some(engine) => format!(
            "No number is given. {engine} may see other reports than this process: compare the lakes with \
             `iatro lake verify`, or count in this process (--engine embedded)."
        ),
    };
    let problem = format!(
        "{what} stands on {} of {} reports for the model, on {} of {} for the count",
        of_model.events, of_model.reports, counted.events, counted.reports
    );
    Err(RunError::question(problem, help))
}
