//! The engine: a session with the tables of one snapshot open, and the reports of one source to count.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::extent::Extent;
use super::session::SqlSession;
use super::text::Tables;
use crate::corpus::Corpus;
use crate::count::groups::on_entries;
use crate::count::{
    ControlTotals, CountError, Counts, Engine, Groups, PairControlTotals, PairCounts, PairEngine,
    PairPlan, Plan, StrataControlTotals, StrataCounts, StratumOf,
};

/// Numbers that travel at once: 4 MiB.
const PIECE: usize = 1 << 19;

/// Sets the tables of one engine apart from those of another in the same session.
static ENGINES: AtomicU64 = AtomicU64::new(0);

/// Counts on an engine that reads SQL.
pub struct SqlEngine<'s> {
    pub(super) session: &'s dyn SqlSession,
    pub(super) tables: Tables,
    pub(super) corpus: Option<&'s Corpus>,
    /// Values that travel at once.
    pub(super) piece: usize,
    /// One plan at a time: what one sends must not be replaced by another's.
    one_at_a_time: Mutex<()>,
}

impl<'s> SqlEngine<'s> {
    /// Opens `exposure` and `reaction` in a folder, as the engine sees it, and checks that they are those of the
    /// extent. Pairs can be counted, and plans that set nothing aside.
    ///
    /// # Errors
    /// [`CountError::Session`] if the tables cannot be opened, or are not those of this snapshot.
    pub fn open(
        session: &'s dyn SqlSession,
        folder: &str,
        extent: Extent,
    ) -> Result<Self, CountError> {
        let number = ENGINES.fetch_add(1, Ordering::Relaxed);
        let tables = Tables { prefix: format!("iatro_{number}"), extent };
        let one_at_a_time = Mutex::new(());
        let engine = Self { session, tables, corpus: None, piece: PIECE, one_at_a_time };
        let folder = folder.trim_end_matches('/');
        for table in ["exposure", "reaction"] {
            let name = engine.tables.name(table);
            session.open(&name, &format!("{folder}/{table}.parquet"))?;
        }
        engine.check_tables()?;
        Ok(engine)
    }

    /// The same for plans over a corpus, which may set entries aside.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn over(
        session: &'s dyn SqlSession,
        folder: &str,
        corpus: &'s Corpus,
    ) -> Result<Self, CountError> {
        let mut engine = Self::open(session, folder, Extent::of_corpus(corpus))?;
        engine.corpus = Some(corpus);
        Ok(engine)
    }

    /// The same, with at most so many numbers of eight bytes sent at once, but at least a row.
    #[must_use]
    pub fn with_piece(mut self, values: usize) -> Self {
        self.piece = values;
        self
    }

    /// How the engine is named to people.
    pub fn name(&self) -> String {
        self.session.name()
    }

    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The corpus that tells which entries are meant.
    fn corpus_of_entries(&self, groups: &Groups) -> Result<&Corpus, CountError> {
        let entries = groups.iter().map(|entries| entries.len() as u64).sum();
        self.corpus.ok_or(CountError::SetAside { entries })
    }

    /// Whether the engine sees the rows that the snapshot has.
    fn check_tables(&self) -> Result<(), CountError> {
        let Extent { exposures, reactions, substances, terms, .. } = self.tables.extent;
        self.check_table("exposure", &self.tables.exposures(u8::MAX), "s", exposures, substances)?;
        self.check_table("reaction", &self.tables.reactions(), "m", reactions, terms)
    }

    fn check_table(
        &self,
        table: &str,
        rows: &str,
        id: &str,
        expected: u64,
        ids: u64,
    ) -> Result<(), CountError> {
        let sql = format!(
            "SELECT COUNT(*) AS n, COUNT(r) AS reports, COUNT({id}) AS ids, \
             CAST(COALESCE(MAX({id}), 0) AS BIGINT) AS largest FROM ({rows}) t"
        );
        let doing = format!("opening table {table}");
        let found = self.ask::<4>(&doing, &sql, 0)?;
        let [[rows, reports, named, largest]] = found.as_slice() else {
            return Err(self
                .incomplete(&doing, format!("{} rows, expected 1", found.len()))
                .into());
        };
        if *rows == expected && reports == rows && named == rows && (*rows == 0 || *largest < ids) {
            return Ok(());
        }
        let said = format!(
            "{rows} rows with a largest id of {largest}; this snapshot has {expected} rows and {ids} ids"
        );
        let help = "The engine sees another lake than this process. Give the place of this snapshot as the \
                    engine sees it";
        Err(self.incomplete(&doing, said).with_help(help).into())
    }
}

impl Engine for SqlEngine<'_> {
    fn elsewhere(&self) -> Option<String> {
        Some(self.session.name())
    }

    fn count(&self, plan: &Plan) -> Result<Counts, CountError> {
        let _alone = self.alone();
        self.count_plan(plan)
    }

    fn control_totals(&self, plan: &Plan) -> Result<ControlTotals, CountError> {
        let _alone = self.alone();
        self.control_plan(plan)
    }

    fn count_groups(&self, plan: &Plan, groups: &Groups) -> Result<Vec<Counts>, CountError> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let corpus = self.corpus_of_entries(groups)?;
        groups.iter().map(|entries| self.count(&on_entries(corpus, plan, entries))).collect()
    }

    fn groups_control_totals(
        &self,
        plan: &Plan,
        groups: &Groups,
    ) -> Result<Vec<ControlTotals>, CountError> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let corpus = self.corpus_of_entries(groups)?;
        let totals = |entries| self.control_totals(&on_entries(corpus, plan, entries));
        groups.iter().map(totals).collect()
    }

    fn count_strata(&self, plan: &Plan, strata: StratumOf<'_>) -> Result<StrataCounts, CountError> {
        let _alone = self.alone();
        self.count_plan_by_stratum(plan, strata)
    }

    fn strata_control_totals(
        &self,
        plan: &Plan,
        strata: StratumOf<'_>,
    ) -> Result<StrataControlTotals, CountError> {
        let _alone = self.alone();
        self.control_plan_by_stratum(plan, strata).map(StrataControlTotals::of_counts)
    }
}

impl PairEngine for SqlEngine<'_> {
    fn elsewhere(&self) -> Option<String> {
        Some(self.session.name())
    }

    fn count_pairs(&self, plan: &PairPlan) -> Result<PairCounts, CountError> {
        let _alone = self.alone();
        self.count_every_pair(plan)
    }

    fn pair_control_totals(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<PairControlTotals, CountError> {
        let _alone = self.alone();
        self.control_every_pair(plan, sample)
    }
}
