//! An engine that answers wrongly: no wrong number passes.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int32Array, Int64Array, RecordBatch};
use arrow_schema::{Field, Schema};
use iatro_engines::datafusion::DataFusion;
use iatro_reports::SourceKind;
use iatro_reports::lake::Snapshot;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::sql::{SessionError, SqlEngine, SqlSession};
use iatro_signals::count::{
    CountError, PairPlan, Plan, Selection, StratumOf, counted, counted_pairs, counted_strata,
};

use crate::lake;

/// A way to spoil an answer.
type Spoil = fn(&[RecordBatch]) -> Vec<RecordBatch>;

/// Spoils the answers to every query that holds a text, once opening is over.
struct Wrong<'s> {
    right: &'s DataFusion,
    holds: &'static str,
    spoil: Spoil,
}

impl SqlSession for Wrong<'_> {
    fn name(&self) -> String {
        "a wrong engine".to_owned()
    }

    fn open(&self, table: &str, location: &str) -> Result<(), SessionError> {
        self.right.open(table, location)
    }

    fn put(&self, table: &str, rows: &RecordBatch) -> Result<(), SessionError> {
        self.right.put(table, rows)
    }

    fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, SessionError> {
        let rows = self.right.query(sql)?;
        Ok(if sql.contains(self.holds) { (self.spoil)(&rows) } else { rows })
    }
}

fn concat(batches: &[RecordBatch]) -> Vec<Vec<i64>> {
    let columns = batches[0].num_columns();
    let column = |at: usize| {
        let of = |batch: &RecordBatch| {
            batch.column(at).as_any().downcast_ref::<Int64Array>().unwrap().values().to_vec()
        };
        batches.iter().flat_map(of).collect()
    };
    (0..columns).map(column).collect()
}

fn batch(columns: Vec<Vec<i64>>) -> Vec<RecordBatch> {
    let named = columns.into_iter().enumerate();
    let array = |(at, values)| (format!("c{at}"), Arc::new(Int64Array::from(values)) as ArrayRef);
    vec![RecordBatch::try_from_iter(named.map(array)).unwrap()]
}

/// Changes the columns of an answer.
fn changed(batches: &[RecordBatch], change: impl Fn(&mut Vec<Vec<i64>>)) -> Vec<RecordBatch> {
    let mut columns = concat(batches);
    change(&mut columns);
    batch(columns)
}

fn lose_a_row(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    changed(batches, |columns| {
        columns.iter_mut().for_each(|column| column.truncate(column.len() - 1));
    })
}

fn lose_everything(_: &[RecordBatch]) -> Vec<RecordBatch> {
    Vec::new()
}

fn repeat_a_row(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    changed(batches, |columns| columns.iter_mut().for_each(|c| c.push(*c.last().unwrap())))
}

fn one_more(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    changed(batches, |columns| *columns.last_mut().unwrap().last_mut().unwrap() += 1)
}

fn below_zero(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    changed(batches, |columns| *columns.last_mut().unwrap().last_mut().unwrap() = -1)
}

fn an_unknown_id(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    changed(batches, |columns| *columns[0].last_mut().unwrap() = 1 << 40)
}

fn another_type(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    let narrow = |values: Vec<i64>| -> ArrayRef {
        Arc::new(values.into_iter().map(|n| i32::try_from(n).unwrap()).collect::<Int32Array>())
    };
    let columns = concat(batches).into_iter().map(narrow).enumerate();
    vec![RecordBatch::try_from_iter(columns.map(|(at, c)| (format!("c{at}"), c))).unwrap()]
}

fn a_missing_value(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    let columns = concat(batches).into_iter().map(|values| {
        let last = values.len() - 1;
        let missing = |(at, n): (usize, i64)| (at != last).then_some(n);
        Arc::new(values.into_iter().enumerate().map(missing).collect::<Int64Array>()) as ArrayRef
    });
    let columns: Vec<ArrayRef> = columns.collect();
    let fields: Vec<Field> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| Field::new(format!("c{at}"), column.data_type().clone(), true))
        .collect();
    vec![RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()]
}

fn a_column_more(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    changed(batches, |columns| columns.push(columns[0].clone()))
}

const SPOILED: [Spoil; 9] = [
    lose_a_row,
    lose_everything,
    repeat_a_row,
    one_more,
    below_zero,
    an_unknown_id,
    another_type,
    a_missing_value,
    a_column_more,
];

/// A lake with its reports, and what is counted on them.
struct Asked<'c> {
    snapshot: &'c Snapshot,
    corpus: &'c Corpus,
    plan: Plan,
}

impl Asked<'_> {
    /// One of four counts: a plan, the same against a substance, by stratum, and every pair.
    fn count(&self, session: &dyn SqlSession, number: usize) -> Result<(), CountError> {
        let sql = SqlEngine::over(session, lake::path(self.snapshot.folder()), self.corpus)?;
        let Self { corpus, plan, .. } = self;
        match number {
            0 => counted(&sql, plan).map(drop),
            1 => {
                let comparator = vec![corpus.exposures(0).next().unwrap().substance];
                counted(&sql, &Plan { comparator, ..plan.clone() }).map(drop)
            }
            2 => {
                let of: Vec<u32> = (0..5).cycle().take(corpus.reports()).collect();
                counted_strata(&sql, plan, StratumOf { of: &of, strata: 5 }).map(drop)
            }
            _ => counted_pairs(&sql, &PairPlan { roles: 11, renamed: Vec::new() }).map(drop),
        }
    }
}

/// A text that only one query of a count holds, and the counts that ask it: the count itself and its control, of
/// plans, strata and pairs.
const QUERIES: [(&str, &[usize]); 8] = [
    ("shared_cases", &[0, 1]),
    ("SELECT CAST(kind AS BIGINT) AS kind, CAST(s AS BIGINT)", &[0, 1]),
    ("AS exposed, CAST(COALESCE(SUM(c), 0) AS BIGINT) AS cases FROM whole GROUP BY g", &[2]),
    ("AS kind, CAST(-1 AS BIGINT) AS s, CAST(g AS BIGINT)", &[2]),
    ("COUNT(*) AS n FROM exposed e JOIN named d", &[3]),
    ("with_substance AS", &[3]),
    ("x.n * t.n", &[3]),
    ("sampled AS", &[3]),
];

#[test]
fn no_wrong_answer_to_any_query_becomes_a_number() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let corpus = Corpus::load(&snapshot, SourceKind::Csv).unwrap();
    let selection = Selection::default();
    let event_terms = corpus.events(0).to_vec();
    let plan = Plan { roles: 11, event_terms, comparator: Vec::new(), selection };
    let asked = Asked { snapshot: &snapshot, corpus: &corpus, plan };
    let right = DataFusion::new(None).unwrap();
    for number in 0..4 {
        asked.count(&right, number).unwrap();
    }
    for (holds, counts) in QUERIES {
        for (way, spoil) in SPOILED.into_iter().enumerate() {
            let wrong = Wrong { right: &right, holds, spoil };
            for &number in counts {
                let found = asked.count(&wrong, number);
                let Err(error) = found else {
                    panic!("{holds}: answer {way} passed in count {number}")
                };
                assert!(error.to_string().starts_with("a wrong engine: "), "{error}");
            }
        }
    }
}
