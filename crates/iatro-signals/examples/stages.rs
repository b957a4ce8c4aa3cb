//! How long the stages of counting take on a lake: `cargo run --release -p iatro-signals --example stages --
//! LAKE TERM [pairs]`.
//!
//! One event against every substance from the start of the process to checked counts; with `pairs`, every
//! pair and its control totals too. Each line: the stage, its seconds, the seconds since the start.

#![allow(clippy::print_stdout, missing_docs)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::Lake;
use iatro_reports::model::codes::Role;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::{
    Embedded, Engine, PairEngine, PairPlan, Plan, Selection, counted, counted_pairs,
};

struct Clock {
    start: Instant,
    last: Instant,
}

impl Clock {
    fn stage(&mut self, what: &str) {
        let now = Instant::now();
        let (own, all) = (now - self.last, now - self.start);
        println!("{what:<28} {:8.3} {:8.3}", own.as_secs_f64(), all.as_secs_f64());
        self.last = now;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut clock = Clock { start, last: start };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lake, term, more @ ..] = arguments.as_slice() else {
        return Err("usage: stages LAKE TERM [pairs]".into());
    };
    let snapshot = Lake::open(Path::new(lake))?.current()?;
    let source = *snapshot.manifest().sources().first().ok_or("an empty lake")?;
    clock.stage("open");
    let corpus = Corpus::load(&snapshot, source)?;
    clock.stage("load");
    let folded = fold_term(term);
    let terms = (0_u32..).zip(corpus.terms()).filter(|(_, term)| term.folded == folded);
    let event_terms: Vec<u32> = terms.map(|(id, _)| id).collect();
    let selection = Selection::default();
    let plan = Plan { roles: Role::SUSPECT, event_terms, comparator: Vec::new(), selection };
    let engine = Embedded::new(&corpus);
    engine.count(&plan)?;
    clock.stage("count");
    engine.control_totals(&plan)?;
    clock.stage("control totals");
    let counts = counted(&engine, &plan)?;
    clock.stage("both again");
    println!("{} reports, {} with the event", counts.reports, counts.cases);
    if !more.is_empty() {
        let plan = PairPlan { roles: Role::SUSPECT, renamed: Vec::new() };
        engine.count_pairs(&plan)?;
        clock.stage("pairs");
        let counts = counted_pairs(&engine, &plan)?;
        clock.stage("pairs, checked");
        println!("{} pairs, {} occurrences", counts.pairs.len(), counts.occurrences);
    }
    Ok(())
}
