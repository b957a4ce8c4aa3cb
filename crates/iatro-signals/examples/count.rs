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
use iatro_signals::count::{
    Embedded, Engine, PairEngine, PairPlan, Plan, Selection, counted, counted_pairs,
};
use serde_json::{Value, json};

/// How often one event is counted; every pair is counted once.
const REPEATS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lake, what, terms @ ..] = arguments.as_slice() else {
        return Err("count LAKE one|pairs [TERM …]".into());
    };
    let line = match what.as_str() {
        "one" => one(Path::new(lake), terms)?,
        "pairs" => pairs(Path::new(lake))?,
        other => return Err(format!("\"{other}\"; expected one or pairs").into()),
    };
    println!("{line}");
    Ok(())
}

fn load(lake: &Path) -> Result<Corpus, Box<dyn Error>> {
    Ok(Corpus::load(&Lake::open(lake)?.current()?, SourceKind::Faers)?)
}

fn one(lake: &Path, terms: &[String]) -> Result<Value, Box<dyn Error>> {
    let mut runs = Vec::new();
    for _ in 0..REPEATS {
        let started = Instant::now();
        let corpus = load(lake)?;
        let loaded = started.elapsed().as_secs_f64();
        let event_terms = ids(&corpus, terms);
        let selection = Selection::default();
        let plan = Plan { roles: Role::SUSPECT, event_terms, comparator: Vec::new(), selection };
        let engine = Embedded::new(&corpus);
        let counts = counted(&engine, &plan)?;
        let seconds = started.elapsed().as_secs_f64();
        // Once more without the control totals, to know their share.
        let again = Instant::now();
        engine.count(&plan)?;
        let counting = again.elapsed().as_secs_f64();
        let occurring = counts.cells.iter().filter(|cell| cell.exposed > 0);
        let check = json!([
            occurring.clone().count(),
            occurring.clone().map(|cell| cell.exposed).sum::<u64>(),
            occurring.clone().map(|cell| cell.cases).sum::<u64>(),
            occurring.map(|cell| square(cell.exposed)).sum::<u64>(),
        ]);
        runs.push((
            seconds,
            json!({
                "seconds": seconds,
                "stages": { "load": loaded, "count": counting, "control": seconds - loaded - counting },
                "roles": plan.roles, "terms": plan.event_terms, "reports": counts.reports, "check": check,
            }),
        ));
    }
    let fastest = runs.into_iter().min_by(|(x, _), (y, _)| x.total_cmp(y));
    Ok(fastest.map(|(_, line)| line).unwrap_or_default())
}

fn pairs(lake: &Path) -> Result<Value, Box<dyn Error>> {
    let started = Instant::now();
    let corpus = load(lake)?;
    let loaded = started.elapsed().as_secs_f64();
    let plan = PairPlan { roles: Role::SUSPECT, renamed: Vec::new() };
    let engine = Embedded::new(&corpus);
    let counts = counted_pairs(&engine, &plan)?;
    let seconds = started.elapsed().as_secs_f64();
    let again = Instant::now();
    engine.count_pairs(&plan)?;
    let counting = again.elapsed().as_secs_f64();
    let n = || counts.pairs.iter().map(|pair| u64::from(pair.n));
    let check = json!([
        counts.pairs.len(),
        n().sum::<u64>(),
        n().max().unwrap_or_default(),
        n().map(square).sum::<u64>(),
    ]);
    Ok(json!({
        "seconds": seconds,
        "stages": { "load": loaded, "count": counting, "control": seconds - loaded - counting },
        "roles": plan.roles, "terms": [], "reports": counts.reports, "check": check,
    }))
}

fn square(n: u64) -> u64 {
    n.wrapping_mul(n)
}

/// The ids of terms by name, sorted.
fn ids(corpus: &Corpus, names: &[String]) -> Vec<u32> {
    let folded: Vec<String> = names.iter().map(|name| fold_term(name)).collect();
    let terms = (0..).zip(corpus.terms());
    terms.filter(|(_, term)| folded.contains(&term.folded)).map(|(id, _)| id).collect()
}
