//! Why a validation gave no result.

use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// The generator.
    #[error(transparent)]
    Synth(#[from] iatro_synth::SynthError),
    /// The run of a method.
    #[error(transparent)]
    Run(#[from] iatro_signals::run::RunError),
    /// Reading the real file.
    #[error(transparent)]
    Reports(#[from] iatro_reports::Error),
    /// The study.
    #[error("the built-in study cannot be used: {0}")]
    Study(String),
    /// Counts that do not fit together.
    #[error("{scenario}, seed {seed}: {problem}. This is a defect; no document is written")]
    Defect {
        /// The scenario.
        scenario: String,
        /// The seed.
        seed: u64,
        /// What does not fit.
        problem: String,
    },
    /// A file that cannot be written.
    #[error("{}: cannot be written ({source})", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An argument.
    #[error("{0}")]
    Argument(String),
}
