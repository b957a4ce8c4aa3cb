//! Counting: one plan for every engine, cells as the answer, control totals computed another way.
//!
//! Statistics never happen here: an [`Engine`] turns a [`Plan`] into [`Counts`], and
//! [`counted`] hands them on only if they agree with [`ControlTotals`].

pub(crate) mod bits;
mod control;
mod embedded;
mod engines;
mod groups;
mod memory;
mod pairs;
mod selection;
mod spilled;
pub mod sql;
mod strata;
#[cfg(test)]
mod testdata;

use self::bits::Bits;
pub use control::pairs::PairControlTotals;
pub use control::{ControlError, ControlTotals};
pub use embedded::Embedded;
pub use engines::{Counter, Engines, InProcess};
pub use groups::Groups;
pub(crate) use groups::counted_groups;
pub use memory::{Memory, MemoryError};
pub use pairs::{PairCount, PairCounts, PairEngine, PairPlan, counted_pairs};
pub use selection::{Exposures, Selection};
pub use spilled::{Blocks, Budget, Size, Spilling};
pub use strata::{
    StrataControlTotals, StrataCounts, StratumCell, StratumOf, StratumTotal, counted_strata,
};

/// What is counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Roles that make a substance an exposure, as bits.
    pub roles: u8,
    /// Ids of the event's terms, sorted.
    pub event_terms: Vec<u32>,
    /// Substances whose reports the exposed are compared with, sorted; empty for all others.
    pub comparator: Vec<u32>,
    /// Which reports count, and which of their substances are no exposures.
    pub selection: Selection,
}

impl Plan {
    /// The event's terms as a set, for who asks for them on every report.
    pub(crate) fn terms_of_event(&self) -> Bits {
        Bits::new(self.event_terms.iter().copied(), self.event_terms.iter().max().copied())
    }
}

/// The counts of one substance.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Cell {
    /// Eligible reports with the substance in one of the roles.
    pub exposed: u64,
    /// Of these, with the event.
    pub cases: u64,
    /// Eligible reports with the substance or a comparator; all eligible ones without a comparator.
    pub reports: u64,
    /// Of these, with the event.
    pub all_cases: u64,
}

/// The answer to a plan: eligible reports (at least one exposure in the roles and at least one event
/// term), those with the event, and a cell a substance, by id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Counts {
    /// Eligible reports.
    pub reports: u64,
    /// Eligible reports with the event.
    pub cases: u64,
    /// Pairs of an eligible report and a substance in the roles.
    pub pairs: u64,
    /// By substance id.
    pub cells: Vec<Cell>,
}

/// Why an engine gave no counts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CountError {
    /// The counts of this process do not agree with the control totals.
    #[error("{0}; this is a defect of iatro")]
    Control(#[from] ControlError),
    /// The counts of an engine elsewhere do not agree with its control totals.
    #[error(
        "{engine}: {control}. Run the command again; if it stays so, count in this process (--engine embedded)"
    )]
    ControlElsewhere {
        /// The engine.
        engine: String,
        /// What disagrees.
        control: ControlError,
    },
    /// A plan that counts a term under another one which cannot stand for it.
    #[error(
        "term {term} cannot be counted as term {counted_as}: both must be terms of the corpus ({terms} \
         terms), and the second be counted as itself. Make the plan from the same corpus"
    )]
    CountedAs {
        /// The term.
        term: u32,
        /// What it was to be counted as.
        counted_as: u32,
        /// How many terms the corpus has.
        terms: usize,
    },
    /// Strata that are not those of the corpus.
    #[error(
        "strata of {reports} reports, some perhaps outside the {strata} strata; expected one stratum below \
         {strata} for each of the {expected} reports. Make the strata from the same corpus"
    )]
    Strata {
        /// For how many reports a stratum was given.
        reports: usize,
        /// How many reports there are.
        expected: usize,
        /// How many strata there are.
        strata: usize,
    },
    /// The reports could not be read.
    #[error(transparent)]
    Lake(#[from] iatro_reports::Error),
    /// Less memory than is needed.
    #[error(
        "{given} of memory are too little for {what}: about {needed} are needed. Give at least that much \
         with --memory"
    )]
    Memory {
        /// What was given.
        given: Memory,
        /// What is needed.
        needed: Memory,
        /// For what.
        what: &'static str,
    },
    /// Pairs could not be set down in a temporary file.
    #[error(
        "{}: a temporary file cannot be written or read back ({source}). Free space there, or name another \
         folder in the environment variable TMPDIR", folder.display()
    )]
    Spill {
        /// Where temporary files go.
        folder: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Entries set aside, and no corpus to tell which they are.
    #[error(
        "{entries} entries are set aside, and no reports are loaded to tell which they are. This is a \
         defect of iatro; no number is given"
    )]
    SetAside {
        /// How many.
        entries: u64,
    },
    /// An engine elsewhere gave no answer.
    #[error(transparent)]
    Session(#[from] sql::SessionError),
    /// More reports than their places can be told apart.
    #[error(
        "{reports} reports of one source, more than the 4,294,967,295 that can be counted together. \
         Ingest fewer parts into a lake"
    )]
    TooManyReports {
        /// How many there are.
        reports: usize,
    },
}

impl CountError {
    /// Counts that disagree, with whose counts they are.
    fn control(control: ControlError, elsewhere: Option<String>) -> Self {
        match elsewhere {
            None => Self::Control(control),
            Some(engine) => Self::ControlElsewhere { engine, control },
        }
    }
}

/// Something that can count: in this process, or elsewhere.
pub trait Engine: Sync {
    /// Counts a plan.
    ///
    /// # Errors
    /// Anything that keeps the count from being whole; a partial count is never returned.
    fn count(&self, plan: &Plan) -> Result<Counts, CountError>;

    /// The same, computed another way.
    ///
    /// # Errors
    /// As for [`count`](Self::count).
    fn control_totals(&self, plan: &Plan) -> Result<ControlTotals, CountError>;

    /// Counts plans, in their order: one after another, where nothing is gained by counting them together.
    ///
    /// # Errors
    /// As for [`count`](Self::count).
    fn count_all(&self, plans: &[Plan]) -> Result<Vec<Counts>, CountError> {
        plans.iter().map(|plan| self.count(plan)).collect()
    }

    /// The same, computed another way.
    ///
    /// # Errors
    /// As for [`count`](Self::count).
    fn all_control_totals(&self, plans: &[Plan]) -> Result<Vec<ControlTotals>, CountError> {
        plans.iter().map(|plan| self.control_totals(plan)).collect()
    }

    /// Counts a plan by stratum.
    ///
    /// # Errors
    /// As for [`count`](Self::count); [`CountError::Strata`] for strata of another corpus.
    fn count_strata(&self, plan: &Plan, strata: StratumOf<'_>) -> Result<StrataCounts, CountError>;

    /// The same, computed another way.
    ///
    /// # Errors
    /// As for [`count_strata`](Self::count_strata).
    fn strata_control_totals(
        &self,
        plan: &Plan,
        strata: StratumOf<'_>,
    ) -> Result<StrataControlTotals, CountError>;

    /// The name of an engine that is elsewhere; `None` for one in this process.
    fn elsewhere(&self) -> Option<String> {
        None
    }

    /// Counts a plan on the entries of every group alone, in the order of the groups.
    ///
    /// # Errors
    /// As for [`count`](Self::count).
    fn count_groups(&self, plan: &Plan, groups: &Groups) -> Result<Vec<Counts>, CountError>;

    /// The same, computed another way.
    ///
    /// # Errors
    /// As for [`count`](Self::count).
    fn groups_control_totals(
        &self,
        plan: &Plan,
        groups: &Groups,
    ) -> Result<Vec<ControlTotals>, CountError>;
}

/// Counts a plan and checks the result; a mismatch is an error, never a number.
///
/// # Errors
/// What the engine says, or [`CountError::Control`].
pub fn counted(engine: &dyn Engine, plan: &Plan) -> Result<Counts, CountError> {
    let counts = engine.count(plan)?;
    let control = engine.control_totals(plan)?;
    control.check(&counts).map_err(|error| CountError::control(error, engine.elsewhere()))?;
    Ok(counts)
}

/// Plans that are counted and checked before the next ones.
const BATCH: usize = 16;

/// Counts plans, in their order, and checks the results; a mismatch is an error, never a number. An engine elsewhere
/// counts and is checked plan by plan, so that a wrong answer does not cost all that come after it.
///
/// # Errors
/// As for [`counted`].
pub(crate) fn counted_all(engine: &dyn Engine, plans: &[Plan]) -> Result<Vec<Counts>, CountError> {
    if engine.elsewhere().is_some() {
        return plans.iter().map(|plan| counted(engine, plan)).collect();
    }
    let mut all = Vec::with_capacity(plans.len());
    for plans in plans.chunks(BATCH) {
        let mut counts = engine.count_all(plans)?;
        let controls = engine.all_control_totals(plans)?;
        control::check_all("plans", plans.len(), &counts, &controls)?;
        all.append(&mut counts);
    }
    Ok(all)
}
