//! What every check can see: the corpus, the primary plan with its counts, and the facts of the reports.

use iatro_reports::lake::Snapshot;
use iatro_stats::Table2x2;
use roaring::RoaringBitmap;

use super::Input;
use super::check::{Answer, Recount, Recounting, Row};
use super::facts::Facts;
use crate::causes::Causes;
use crate::corpus::Corpus;
use crate::corpus::strata::Factor;
use crate::count::bits::Bits;
use crate::count::{Cell, Counts, Engine, Engines, Exposures, Plan};
use crate::run::{Estimates, Question, RunError};
use crate::study::Study;

/// A substance with at least one case in the primary count.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) cell: Cell,
    pub(crate) estimates: Estimates,
}

/// The bench of one run.
pub(crate) struct Bench<'b> {
    pub(crate) corpus: &'b Corpus,
    pub(crate) snapshot: Option<&'b Snapshot>,
    pub(crate) study: &'b Study,
    pub(crate) question: &'b Question,
    pub(crate) plan: &'b Plan,
    pub(crate) causes: &'b Causes,
    pub(crate) counts: &'b Counts,
    pub(crate) engine: &'b dyn Engine,
    pub(crate) engines: &'b dyn Engines,
    pub(crate) facts: Facts<'b>,
    /// By cases, then by name, as the signals of the run.
    pub(crate) subjects: Vec<Subject>,
    /// The eligible reports with the event.
    pub(crate) cases: RoaringBitmap,
}

impl<'b> Bench<'b> {
    pub(crate) fn new(
        input: &Input<'b>,
        engine: &'b dyn Engine,
        counts: &'b Counts,
    ) -> Result<Self, RunError> {
        let Input { corpus, snapshot, study, question, prepared, engines } = *input;
        let factors: Vec<Factor> =
            study.strata.iter().filter_map(|name| Factor::from_name(name)).collect();
        let cases = case_reports(corpus, &prepared.plan);
        if cases.len() != counts.cases {
            return Err(RunError::question(
                format!("{} cases listed, {} counted", cases.len(), counts.cases),
                "This is a defect of iatro; no number is given.",
            ));
        }
        Ok(Self {
            facts: Facts::read(corpus, &factors)?,
            subjects: subjects(corpus, counts)?,
            plan: &prepared.plan,
            causes: &prepared.causes,
            corpus,
            snapshot,
            study,
            question,
            counts,
            engine,
            engines,
            cases,
        })
    }

    /// The eligible reports of the primary plan.
    pub(crate) fn eligible(&self) -> RoaringBitmap {
        eligible_where(self.corpus, self.plan, |_| true)
    }

    /// The primary plan on the reports that are not in a set.
    pub(crate) fn without(&self, left_out: &RoaringBitmap) -> Plan {
        let mut plan = self.plan.clone();
        let reports = plan.selection.reports.take().unwrap_or_else(|| every_report(self.corpus));
        plan.selection.reports = Some(reports - left_out);
        plan
    }

    /// The primary plan on the reports of a set.
    pub(crate) fn only(&self, kept: &RoaringBitmap) -> Plan {
        Plan { selection: self.plan.selection.clone().only(kept), ..self.plan.clone() }
    }

    /// Has a plan counted, and gives every subject its row.
    pub(crate) fn planned(&'b self, plan: Plan) -> Recounting<'b> {
        Recounting::new(vec![plan], |counts| {
            let recounts = counts.iter().map(|counts| self.recount(counts));
            Ok(Answer::Counted(recounts.collect::<Result<_, RunError>>()?))
        })
    }

    /// Gives every subject its row of some counts.
    pub(crate) fn recount(&self, counts: &Counts) -> Result<Recount, RunError> {
        let row = |subject: &Subject| self.row(counts, subject.id);
        let rows = self.subjects.iter().map(row).collect::<Result<Vec<Row>, RunError>>()?;
        Ok(Recount { reports: Some(counts.reports), cases: Some(counts.cases), rows })
    }

    /// The row of a substance in some counts.
    pub(crate) fn row(&self, counts: &Counts, id: u32) -> Result<Row, RunError> {
        let cell = counts.cells.get(id as usize).copied().unwrap_or_default();
        Ok(Row::counted(Estimates::of(&table(&cell)?)))
    }

    /// Whether fewer than half of the cases are in a set, so that it says little of them.
    pub(crate) fn says_little(&self, known: &RoaringBitmap) -> bool {
        known.intersection_len(&self.cases) * 2 < self.cases.len()
    }

    /// Whether the run compares with named substances; a check that chooses its own comparator has none then.
    pub(crate) fn has_comparator(&self) -> bool {
        !self.plan.comparator.is_empty()
    }
}

/// The table of a cell.
pub(crate) fn table(cell: &Cell) -> Result<Table2x2, RunError> {
    Table2x2::from_margins(cell.cases, cell.exposed, cell.all_cases, cell.reports)
        .map_err(impossible)
}

/// Cells that no reports can have.
pub(crate) fn impossible(error: impl std::fmt::Display) -> RunError {
    RunError::question(
        format!("the cells of a check are impossible ({error})"),
        "This is a defect of iatro; no number is given.",
    )
}

pub(crate) fn every_report(corpus: &Corpus) -> RoaringBitmap {
    let mut all = RoaringBitmap::new();
    all.insert_range(0..u32::try_from(corpus.reports()).unwrap_or(u32::MAX));
    all
}

/// The reports at the places of which something holds.
pub(crate) fn reports_where(
    corpus: &Corpus,
    holds: impl Fn(usize) -> bool + Sync,
) -> RoaringBitmap {
    Bits::where_holds(corpus.reports(), holds).to_set()
}

/// The eligible reports of a plan on which one of the event terms is asked for.
fn eligible_where(
    corpus: &Corpus,
    plan: &Plan,
    asked: impl Fn(u32) -> bool + Sync,
) -> RoaringBitmap {
    let exposures = Exposures::new(corpus, plan);
    reports_where(corpus, |place| {
        corpus.events(place).iter().any(|term| asked(*term)) && exposures.any(place)
    })
}

fn case_reports(corpus: &Corpus, plan: &Plan) -> RoaringBitmap {
    let of_event = plan.terms_of_event();
    eligible_where(corpus, plan, |term| of_event.contains(term as usize))
}

fn subjects(corpus: &Corpus, counts: &Counts) -> Result<Vec<Subject>, RunError> {
    let mut subjects = Vec::new();
    for ((id, substance), cell) in (0..).zip(corpus.substances()).zip(&counts.cells) {
        if cell.cases > 0 {
            let estimates = Estimates::of(&table(cell)?);
            subjects.push(Subject { id, name: substance.name.clone(), cell: *cell, estimates });
        }
    }
    subjects.sort_by(|x, y| (y.cell.cases, &x.name, x.id).cmp(&(x.cell.cases, &y.name, y.id)));
    Ok(subjects)
}
