//! A count of every pair that takes a cluster some seconds, and its right answer.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, RecordBatch, UInt32Array, UInt64Array};
use iatro_engines::connect::Session;
use iatro_signals::count::sql::SessionError;
use parquet::arrow::ArrowWriter;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Reports of the table: the count takes a cluster of two cores some seconds.
const REPORTS: u32 = 300_000;
const SUBSTANCES: u32 = 300;
const TERMS: u32 = 200;

const PAIRS: &str = "SELECT CAST(e.substance_id AS BIGINT) AS substance, \
     CAST(r.term_id AS BIGINT) AS term, CAST(COUNT(*) AS BIGINT) AS n \
     FROM exposure e JOIN reaction r ON e.report_id = r.report_id \
     GROUP BY e.substance_id, r.term_id";

/// Reports by substance and term.
pub(crate) type Pairs = BTreeMap<(i64, i64), i64>;

/// Writes the two tables into a folder and returns what the count must give.
pub(crate) fn write(folder: &Path) -> Pairs {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut pairs = Pairs::new();
    let (mut exposure, mut reaction) = (Columns::default(), Columns::default());
    for report in 0..REPORTS {
        let substances = drawn(&mut random, SUBSTANCES);
        let terms = drawn(&mut random, TERMS);
        for &substance in &substances {
            exposure.push(report, substance);
            for &term in &terms {
                *pairs.entry((i64::from(substance), i64::from(term))).or_default() += 1;
            }
        }
        terms.iter().for_each(|&term| reaction.push(report, term));
    }
    exposure.write(&folder.join("exposure.parquet"), "substance_id");
    reaction.write(&folder.join("reaction.parquet"), "term_id");
    pairs
}

/// One to six distinct ids, small ones more often.
fn drawn(random: &mut impl Rng, below: u32) -> Vec<u32> {
    let mut ids: Vec<u32> = (0..random.random_range(1..=6))
        .map(|_| random.random_range(0..below).min(random.random_range(0..below)))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[derive(Default)]
struct Columns {
    reports: Vec<u64>,
    ids: Vec<u32>,
}

impl Columns {
    fn push(&mut self, report: u32, id: u32) {
        self.reports.push(u64::from(report));
        self.ids.push(id);
    }

    fn write(self, path: &Path, name: &str) {
        let reports: ArrayRef = Arc::new(UInt64Array::from(self.reports));
        let ids: ArrayRef = Arc::new(UInt32Array::from(self.ids));
        let rows = RecordBatch::try_from_iter([("report_id", reports), (name, ids)]).unwrap();
        let file = File::create(path).unwrap();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), None).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
    }
}

/// Opens the two tables.
pub(crate) fn open(session: &Session, folder: &Path) -> Result<(), SessionError> {
    for table in ["exposure", "reaction"] {
        let path = folder.join(format!("{table}.parquet"));
        session.view_of_parquet(table, path.to_str().unwrap())?;
    }
    Ok(())
}

/// Counts every pair.
pub(crate) fn count(session: &Session) -> Result<Pairs, SessionError> {
    let batches = session.sql(PAIRS)?;
    let mut pairs = Pairs::new();
    for batch in &batches {
        let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().values();
        for row in 0..batch.num_rows() {
            let key = (column(0)[row], column(1)[row]);
            let before = pairs.insert(key, column(2)[row]);
            assert_eq!(before, None, "pair {key:?} came twice");
        }
    }
    Ok(pairs)
}
