//! What can go wrong while a corpus is generated.

use std::io;
use std::path::PathBuf;

/// Why a corpus was not generated, or a truth file not read.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// A setting of the corpus does not make sense.
    #[error("{setting}: {problem}. Expected {expected}; change the setting and generate again.")]
    Setting {
        /// The name of the setting, such as `reports_per_quarter`.
        setting: String,
        /// What is wrong with its value.
        problem: String,
        /// What is accepted.
        expected: String,
    },
    /// An embedded catalogue file has a line of another form.
    #[error("{file}, line {line}: {problem}. The embedded catalogue is broken; report this.")]
    Catalogue {
        /// The catalogue file.
        file: &'static str,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The system gives no thread to compress with.
    #[error(
        "no thread to compress with ({0}). End other programs, or allow more threads, and generate again."
    )]
    Thread(std::io::Error),
    /// A file or folder cannot be written or read.
    #[error("{}: {source}. Check that the folder exists and can be written.", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// An archive cannot be built.
    #[error("{}: {source}. Delete the file and generate again.", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What the zip writer said.
        source: zip::result::ZipError,
    },
    /// A truth file is not one.
    #[error(
        "{}: {source}. Expected a truth.json written by this version; generate the corpus again.",
        path.display()
    )]
    Truth {
        /// The file.
        path: PathBuf,
        /// What the JSON reader said.
        source: serde_json::Error,
    },
}

impl SynthError {
    pub(crate) fn setting(
        setting: impl Into<String>,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Setting {
            setting: setting.into(),
            problem: problem.into(),
            expected: expected.into(),
        }
    }
}
