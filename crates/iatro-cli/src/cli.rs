//! The arguments, as clap parses them.

use clap::{Parser, Subcommand};
use iatro_reports::lake::manifest::RESEARCH_USE;

use crate::commands::{case, demo, fetch, ingest, lake, review, signal, sql, stats, study, synth};
use crate::global::Global;

/// Version and notice; a test holds it to the notice that every answer carries.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nResearch use. Not a medical device. Spontaneous reports cannot establish causality, \
     incidence or comparative risk."
);

/// Evidence on iatrogenic haemophagocytic lymphohistiocytosis (HLH): reports in, signals of
/// disproportionate reporting out, every number tied to its rows.
#[derive(Debug, Parser)]
#[command(name = "iatro", version, long_version = LONG_VERSION, after_help = RESEARCH_USE)]
#[command(propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The main job on a generated corpus: generate, ingest, count, write the page.
    Demo(demo::Args),
    /// Read report files into a lake.
    #[command(subcommand)]
    Ingest(ingest::Command),
    /// Download published report files, checked against the catalogue.
    #[command(subcommand)]
    Fetch(fetch::Command),
    /// Look into a lake.
    #[command(subcommand)]
    Lake(lake::Command),
    /// List, show, explain or check studies.
    #[command(subcommand)]
    Study(study::Command),
    /// Count a study and list its signals of disproportionate reporting.
    #[command(subcommand)]
    Signal(signal::Command),
    /// Ask the lake's tables anything, in SQL.
    Sql(sql::Args),
    /// Free-standing statistics.
    #[command(subcommand)]
    Stats(stats::Command),
    /// Is this HLH, and which of the things present brought it about? Instruments for one patient.
    #[command(subcommand)]
    Case(case::Command),
    /// Write pages.
    #[command(subcommand)]
    Review(review::Command),
    /// Generate a corpus in FAERS format with planted truth.
    Synth(synth::Args),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_carries_the_notice() {
        assert!(LONG_VERSION.ends_with(RESEARCH_USE));
    }

    #[test]
    fn the_arguments_are_sound() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
