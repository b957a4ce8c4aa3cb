//! Who counts: this process, or Spark. Chosen here for every command that counts.

#[cfg(feature = "spark")]
mod spark;

use std::time::Duration;

use clap::ValueEnum;
use iatro_reports::lake::Snapshot;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::{Engines, InProcess};
use iatro_signals::run::{PairQuestion, PairRun, pairs_on};

use crate::error::CliError;
use crate::global::Global;
use crate::lake::At;
use crate::output;

/// The choice of an engine.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Engine")]
pub(crate) struct EngineArgs {
    /// Who counts. The results are the same, to the byte.
    #[arg(long, value_enum, default_value_t = Kind::Embedded, value_name = "ENGINE")]
    engine: Kind,
    /// The server for `--engine spark`: sc://host:port, or sc://host:port/;token=…;use_ssl=true. Without it, the
    /// variable SPARK_REMOTE, which keeps a token out of the list of processes.
    #[arg(long, value_name = "URL")]
    spark_url: Option<String>,
    /// The lake's folder as the server sees it, a path or a URL such as s3a://bucket/lake, if it is another than here.
    /// A lake at s3://bucket/lake is s3a://bucket/lake there, unless this says otherwise.
    #[arg(long, value_name = "LOCATION")]
    spark_lake: Option<String>,
    /// How long one query may take on the server: 90s, 30m, 2h.
    #[arg(long, value_parser = duration, default_value = "30m", value_name = "TIME")]
    deadline: Duration,
}

/// The engines.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Kind {
    /// This process, in memory.
    Embedded,
    /// Spark, or what speaks its Connect protocol.
    Spark,
}

/// An engine that is ready to count.
pub(crate) enum Chosen {
    /// In this process.
    Here(InProcess),
    /// On a server.
    #[cfg(feature = "spark")]
    Spark(spark::Spark),
}

impl EngineArgs {
    /// Makes the engine ready to count snapshots of a lake.
    #[cfg_attr(not(feature = "spark"), expect(unused_variables))]
    pub(crate) fn chosen(&self, lake: &At) -> Result<Chosen, CliError> {
        match self.engine {
            Kind::Embedded if self.spark_url.is_some() || self.spark_lake.is_some() => {
                Err(CliError::usage(
                    "--spark-url and --spark-lake are for --engine spark; this run counts in this process. \
                     Add --engine spark, or leave them out.",
                ))
            }
            Kind::Embedded => Ok(Chosen::Here(InProcess)),
            #[cfg(feature = "spark")]
            Kind::Spark => self.spark(lake),
            #[cfg(not(feature = "spark"))]
            Kind::Spark => Err(CliError::usage(
                "--engine spark: this program was built without the client for it. Build it with \
                 `cargo install --locked --path crates/iatro-cli --features sql,spark,s3`, or count in this process.",
            )),
        }
    }

    /// Whether no engine and no server is named.
    pub(crate) fn is_default(&self) -> bool {
        self.counts_here() && self.spark_url.is_none() && self.spark_lake.is_none()
    }

    /// Whether it is this process that counts.
    pub(crate) fn counts_here(&self) -> bool {
        self.engine == Kind::Embedded
    }
}

impl Chosen {
    /// The engines for the corpora of a snapshot.
    #[cfg_attr(not(feature = "spark"), expect(unused_variables))]
    pub(crate) fn of(&self, snapshot: &Snapshot) -> Result<Box<dyn Engines + '_>, CliError> {
        match self {
            Self::Here(here) => Ok(Box::new(*here)),
            #[cfg(feature = "spark")]
            Self::Spark(spark) => Ok(Box::new(spark.engines(snapshot)?)),
        }
    }

    /// Every pair of a snapshot; if another counts, without its reports in this process.
    pub(crate) fn pairs(
        &self,
        snapshot: &Snapshot,
        question: PairQuestion,
    ) -> Result<PairRun, CliError> {
        match self {
            Self::Here(here) => {
                let corpus = Corpus::load(snapshot, question.source)?;
                Ok(pairs_on(&corpus, snapshot, question, here)?)
            }
            #[cfg(feature = "spark")]
            Self::Spark(spark) => spark.pairs(snapshot, question),
        }
    }

    /// The name of an engine that is elsewhere.
    fn name(&self) -> Option<String> {
        match self {
            Self::Here(_) => None,
            #[cfg(feature = "spark")]
            Self::Spark(spark) => Some(spark.name()),
        }
    }

    /// Says beside the answer who counted, where it was another than this process.
    pub(crate) fn tell(&self, global: &Global) {
        if let Some(name) = self.name() {
            output::remark(global, &format!("counted by {name}; control totals agree"));
        }
    }
}

/// `90s`, `30m`, `2h`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "\"{text}\" is no time; expected a whole number of seconds, minutes or hours, such as 30m"
        )
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "s" | "" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    // A month is longer than any query; beyond it clocks overflow.
    let seconds = number.checked_mul(factor).filter(|seconds| (1..=2_678_400).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let seconds = ["90s", "30m", "2h", "45"].map(|text| duration(text).unwrap().as_secs());
        assert_eq!(seconds, [90, 1_800, 7_200, 45]);
        for text in ["", "m", "-1s", "0s", "1.5h", "3 days", "99999999999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
