//! Times the counting of a lake: `cargo run --release -p iatro-signals --example count -- LAKE one|pairs [TERM …]`.
//!
//! One event against every substance (three times, the fastest counts), or every pair once, each from the files to
//! counts that agree with their control totals. Prints one JSON line: seconds by stage and checksums, which another
//! engine on the same files must have too. `cargo xtask bench count` runs it.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use iatro_reports::SourceKind;
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::Lake;
use iatro_reports::model::codes::Role;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::{Embedded, PairPlan, Plan, Selection, counted, counted_pairs};
use serde_json::{Value, json};

/// How often one event is counted; every pair is counted once.
const REPEATS: usize = 3;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lake, what, terms @ ..] = arguments.as_slice() else {
        return Err("count LAKE one|pairs [TERM …]".into());
    };
    let lake = Path::new(lake);
    let line = match what.as_str() {
        "one" => fastest(&(0..REPEATS).map(|_| one(lake, terms)).collect::<Result<Vec<_>, _>>()?),
        "pairs" => pairs(lake)?.1,
        other => return Err(format!("\"{other}\"; expected one or pairs").into()),
    };
    println!("{line}");
    Ok(())
}

fn fastest(runs: &[(f64, Value)]) -> Value {
    let fastest = runs.iter().min_by(|(x, _), (y, _)| x.total_cmp(y));
    fastest.map(|(_, line)| line.clone()).unwrap_or_default()
}

/// The time that reading took, and the rest of it.
struct Clock {
    started: Instant,
    read: f64,
}

impl Clock {
    /// Reads the corpus of a lake.
    fn read(lake: &Path) -> Result<(Self, Corpus), Failure> {
        let started = Instant::now();
        let corpus = Corpus::load(&Lake::open(lake)?.current()?, SourceKind::Faers)?;
        Ok((Self { started, read: started.elapsed().as_secs_f64() }, corpus))
    }

    /// All seconds until now, and of them those of the stages.
    fn stop(&self) -> (f64, Value) {
        let seconds = self.started.elapsed().as_secs_f64();
        (seconds, json!({ "read": self.read, "count, checked": seconds - self.read }))
    }
}

fn one(lake: &Path, terms: &[String]) -> Result<(f64, Value), Failure> {
    let (clock, corpus) = Clock::read(lake)?;
    let event_terms = ids(&corpus, terms)?;
    let selection = Selection::default();
    let plan = Plan { roles: Role::SUSPECT, event_terms, comparator: Vec::new(), selection };
    let counts = counted(&Embedded::new(&corpus), &plan)?;
    let (seconds, stages) = clock.stop();
    let occurring = || counts.cells.iter().filter(|cell| cell.exposed > 0);
    let check = json!([
        occurring().count(),
        occurring().map(|cell| cell.exposed).sum::<u64>(),
        occurring().map(|cell| cell.cases).sum::<u64>(),
        occurring().map(|cell| square(cell.exposed)).sum::<u64>(),
    ]);
    let line = json!({
        "seconds": seconds, "stages": stages, "roles": plan.roles, "terms": plan.event_terms,
        "reports": counts.reports, "check": check,
    });
    Ok((seconds, line))
}

fn pairs(lake: &Path) -> Result<(f64, Value), Failure> {
    let (clock, corpus) = Clock::read(lake)?;
    let plan = PairPlan { roles: Role::SUSPECT, renamed: Vec::new() };
    let counts = counted_pairs(&Embedded::new(&corpus), &plan)?;
    let (seconds, stages) = clock.stop();
    let n = || counts.pairs.iter().map(|pair| u64::from(pair.n));
    let check =
        json!([counts.pairs.len(), n().sum::<u64>(), n().max(), n().map(square).sum::<u64>(),]);
    let line = json!({
        "seconds": seconds, "stages": stages, "roles": plan.roles, "terms": [],
        "reports": counts.reports, "check": check,
    });
    Ok((seconds, line))
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
