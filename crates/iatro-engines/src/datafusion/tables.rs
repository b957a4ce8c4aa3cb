//! The tables of a snapshot, each by its name.

use iatro_reports::lake::Snapshot;
use iatro_signals::count::sql::{SessionError, SessionErrorKind, SqlSession};

use super::DataFusion;
use super::trouble::NAME;

impl DataFusion {
    /// Opens every table of a snapshot: `report`, `drug`, …, and `history_report` and so on for those of superseded
    /// and withdrawn reports.
    ///
    /// # Errors
    /// [`SessionErrorKind::Missing`] if a file of the manifest is not there; what else keeps it from being read.
    pub fn open_snapshot(&self, snapshot: &Snapshot) -> Result<(), SessionError> {
        for file in &snapshot.manifest().tables {
            let path = snapshot.table_path(&file.name);
            let name = file.name.replace('/', "_");
            let location = path.to_str().ok_or_else(|| {
                let doing = format!("opening table {name}");
                let problem = format!("{}: a name that is not UTF-8", path.display());
                SessionError::new(SessionErrorKind::Missing, NAME, doing, problem)
                    .with_help("Move the lake to a folder with a plain name")
            })?;
            self.open(&name, location).map_err(|error| {
                error.with_help("`iatro lake verify` tells what is damaged; restore the lake")
            })?;
        }
        Ok(())
    }
}
