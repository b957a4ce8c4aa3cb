//! What is counted of names and terms while the tables are written.

use super::schema::Table;

/// How often names and terms stand in current reports, and the dictionary versions seen.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    pub(crate) name_rows: Vec<u64>,
    pub(crate) event_rows: Vec<u64>,
    pub(crate) indication_rows: Vec<u64>,
    pub(crate) versions: Vec<Option<(String, String)>>,
}

impl Usage {
    /// Counts a row of a current report.
    pub(super) fn count(&mut self, table: Table, id: usize) {
        let counts = match table {
            Table::Drug => &mut self.name_rows,
            Table::Event => &mut self.event_rows,
            _ => &mut self.indication_rows,
        };
        if counts.len() <= id {
            counts.resize(id + 1, 0);
        }
        counts[id] += 1;
    }

    /// Widens the versions a term was seen in.
    pub(super) fn see_version(&mut self, term: usize, version: &str) {
        if self.versions.len() <= term {
            self.versions.resize(term + 1, None);
        }
        match &mut self.versions[term] {
            Some((first, last)) => {
                if version_key(version) < version_key(first) {
                    version.clone_into(first);
                }
                if version_key(version) > version_key(last) {
                    version.clone_into(last);
                }
            }
            unseen => *unseen = Some((version.to_owned(), version.to_owned())),
        }
    }
}

/// Orders dictionary versions as numbers: 8.1 before 21.0.
fn version_key(version: &str) -> (u32, u32) {
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    (major.parse().unwrap_or(u32::MAX), minor.parse().unwrap_or(u32::MAX))
}

/// Code bits of the reports written, added up.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Bits {
    pub(crate) outcomes: u64,
    pub(crate) report_sources: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_numbers() {
        let mut usage = Usage::default();
        for version in ["8.1", "21.0", "10.0"] {
            usage.see_version(1, version);
        }
        assert_eq!(usage.versions, [None, Some(("8.1".to_owned(), "21.0".to_owned()))]);
        usage.count(Table::Event, 2);
        assert_eq!(usage.event_rows, [0, 0, 1]);
    }
}
