//! Benchmarks, with the figures kept beside the code.

mod scale;
mod stats;

use crate::steps::say;

const HELP: &str = "\
cargo xtask bench                             the estimators, on one core
cargo xtask bench ingest ZIPS [WORK] [--runs N] [--quarters 1,10,90]
                                              iatro's ingest of the quarterly zips in a folder beside
                                              DuckDB's plain copy of the same text to Parquet
cargo xtask bench count LAKE [--runs N]       iatro's counting beside DuckDB's on the same tables
cargo xtask bench path ZIPS [WORK]            ingest, study with bench and attribution, every pair, page:
                                              seconds, memory and disk of every stage

ZIPS may be made by `iatro synth --scale full --out ZIPS`. WORK (target/bench) gets the unpacked text and what
both write: some 25 GB for all quarters. LAKE may be the one that `bench ingest` leaves in WORK/lake.
The figures go to benches/runs. They compare only within one run, on an idle machine.
";

/// Runs a kind of benchmark.
pub(crate) fn bench(arguments: &[String]) -> Result<(), String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => stats::bench(),
        ["ingest", zips, work, options @ ..] if !work.starts_with("--") => {
            scale::ingest(zips, work, options)
        }
        ["ingest", zips, options @ ..] => scale::ingest(zips, "target/bench", options),
        ["path", zips] => scale::path(zips, "target/bench"),
        ["path", zips, work] => scale::path(zips, work),
        ["count", lake, options @ ..] => scale::count(lake, options),
        ["--help"] => {
            say(HELP);
            Ok(())
        }
        _ => Err(format!("bench {}: not understood\n\n{HELP}", words.join(" "))),
    }
}
