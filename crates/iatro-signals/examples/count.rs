//! Times the counting of a lake: `cargo run --release -p iatro-signals --example count -- LAKE one|pairs|bench [TERM …]`.
//!
//! One event against every substance, from the files and again by the same engine; every pair; or the bias bench of the
//! study `hlh` with its strata. Every count agrees with its control totals. Prints one JSON line: seconds, of them those of reading, and checksums, which another engine
//! on the same files must have too. `cargo xtask bench count` runs it.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use iatro_reports::SourceKind;
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::{Lake, Snapshot};
use iatro_reports::model::codes::Role;
use iatro_signals::bench::bench_on;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::{
    Embedded, InProcess, PairPlan, Plan, Selection, counted, counted_pairs,
};
use iatro_signals::run::{Question, Settings};
use iatro_signals::study::Study;
use serde_json::{Value, json};

/// How often one event is counted again by the same engine.
const AGAIN: usize = 3;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lake, what, terms @ ..] = arguments.as_slice() else {
        return Err("count LAKE one|pairs|bench [TERM …]".into());
    };
    let started = Instant::now();
    let snapshot = Lake::open(Path::new(lake))?.current()?;
    let corpus = Corpus::load(&snapshot, SourceKind::Faers)?;
    let read = started.elapsed().as_secs_f64();
    let mut line = match what.as_str() {
        "one" => one(&corpus, terms, started)?,
        "pairs" => pairs(&corpus, started)?,
        "bench" => bench(&snapshot, &corpus, started)?,
        other => return Err(format!("\"{other}\"; expected one, pairs or bench").into()),
    };
    line["read"] = json!(read);
    println!("{line}");
    Ok(())
}

/// One event: seconds of the first count, reading included, and of the fastest of those after it.
fn one(corpus: &Corpus, terms: &[String], started: Instant) -> Result<Value, Failure> {
    let event_terms = ids(corpus, terms)?;
    let selection = Selection::default();
    let plan = Plan { roles: Role::SUSPECT, event_terms, comparator: Vec::new(), selection };
    let engine = Embedded::new(corpus);
    let counts = counted(&engine, &plan)?;
    let seconds = started.elapsed().as_secs_f64();
    let mut again = f64::INFINITY;
    for _ in 0..AGAIN {
        let started = Instant::now();
        if counted(&engine, &plan)? != counts {
            return Err("two counts of one plan differ".into());
        }
        again = again.min(started.elapsed().as_secs_f64());
    }
    let occurring = || counts.cells.iter().filter(|cell| cell.exposed > 0);
    let check = json!([
        occurring().count(),
        occurring().map(|cell| cell.exposed).sum::<u64>(),
        occurring().map(|cell| cell.cases).sum::<u64>(),
        occurring().map(|cell| square(cell.exposed)).sum::<u64>(),
    ]);
    Ok(json!({
        "seconds": seconds, "again": again, "roles": plan.roles, "terms": plan.event_terms,
        "reports": counts.reports, "check": check,
    }))
}

/// Every pair: seconds with reading.
fn pairs(corpus: &Corpus, started: Instant) -> Result<Value, Failure> {
    let plan = PairPlan { roles: Role::SUSPECT, renamed: Vec::new() };
    let counts = counted_pairs(&Embedded::new(corpus), &plan)?;
    let seconds = started.elapsed().as_secs_f64();
    let n = || counts.pairs.iter().map(|pair| u64::from(pair.n));
    let check =
        json!([counts.pairs.len(), n().sum::<u64>(), n().max(), n().map(square).sum::<u64>()]);
    Ok(json!({
        "seconds": seconds, "roles": plan.roles, "terms": [], "reports": counts.reports,
        "check": check,
    }))
}

/// The primary count of a study and every check on it: seconds with reading.
fn bench(snapshot: &Snapshot, corpus: &Corpus, started: Instant) -> Result<Value, Failure> {
    let study = Study::embedded("hlh")?;
    let settings = Settings { source: Some(SourceKind::Faers), ..Settings::default() };
    let question = Question::resolve(snapshot.manifest(), &study, &settings)?;
    let run = bench_on(corpus, Some(snapshot), &study, &question, &InProcess)?;
    let seconds = started.elapsed().as_secs_f64();
    let counted = run.checks.iter().filter(|check| check.not_assessable.is_none()).count();
    Ok(json!({
        "seconds": seconds, "checks": run.checks.len(), "counted": counted, "strata": study.strata,
        "substances": run.verdicts.len(),
    }))
}

fn square(n: u64) -> u64 {
    n.wrapping_mul(n)
}

/// The ids of terms by name, sorted; an error for a name that no report has.
fn ids(corpus: &Corpus, names: &[String]) -> Result<Vec<u32>, Failure> {
    let id = |name: &String| {
        let folded = fold_term(name);
        let terms = (0_u32..).zip(corpus.terms());
        let found = terms.into_iter().find(|(_, term)| term.folded == folded);
        found.map(|(id, _)| id).ok_or_else(|| format!("no report has the term \"{name}\"").into())
    };
    let mut ids = names.iter().map(id).collect::<Result<Vec<u32>, Failure>>()?;
    ids.sort_unstable();
    Ok(ids)
}
