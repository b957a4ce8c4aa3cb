//! Quarters, their eras, and the names FDA gives to a quarter's archive and files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::calendar;
use crate::error::SynthError;
use crate::layout::TableKind;

/// A calendar quarter, ordered in time; text form `2012Q4`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter {
    year: u16,
    number: u8,
}

/// The family of file layouts a quarter belongs to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    /// Legacy AERS, up to 2012Q3: reports are named by ISR.
    Legacy,
    /// FAERS 2012Q4 to 2014Q2: reports are named by primaryid; no active ingredients.
    Early,
    /// FAERS from 2014Q3.
    Modern,
}

impl Quarter {
    /// A quarter from 2004Q1 to 2040Q4; `None` outside of that.
    pub fn new(year: u16, number: u8) -> Option<Self> {
        ((2004..=2040).contains(&year) && (1..=4).contains(&number))
            .then_some(Self { year, number })
    }

    /// A quarter known to be valid when the program is written.
    pub(crate) const fn fixed(year: u16, number: u8) -> Self {
        Self { year, number }
    }

    /// The calendar year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The number within the year, 1 to 4.
    pub fn number(self) -> u8 {
        self.number
    }

    /// Which layout its files have.
    pub fn era(self) -> Era {
        match self {
            q if q < Self::fixed(2012, 4) => Era::Legacy,
            q if q < Self::fixed(2014, 3) => Era::Early,
            _ => Era::Modern,
        }
    }

    /// Quarters since 2004Q1.
    pub(crate) fn index(self) -> u64 {
        u64::from(self.year - 2004) * 4 + u64::from(self.number - 1)
    }

    /// The first and last day of receipt, as day numbers. The first FAERS quarter begins on
    /// 28 August 2012, where the last legacy quarter ends.
    pub(crate) fn days(self) -> (i32, i32) {
        let month = self.number * 3;
        let year = i32::from(self.year);
        let first = calendar::day_number(year, month - 2, 1);
        let last = calendar::day_number(year, month, calendar::days_in_month(year, month));
        let change = calendar::day_number(2012, 8, 28);
        match (self.year, self.number) {
            (2012, 3) => (first, change - 1),
            (2012, 4) => (change, last),
            _ => (first, last),
        }
    }

    /// `12Q3`, as it stands in file names.
    fn tag(self) -> String {
        format!("{:02}Q{}", self.year % 100, self.number)
    }

    /// The archive's name: `aers_ascii_2012q3.zip`, `faers_ascii_2014Q3.zip`.
    pub fn archive_name(self) -> String {
        let Self { year, number } = self;
        match self.era() {
            Era::Legacy => format!("aers_ascii_{year}q{number}.zip"),
            Era::Early => format!("faers_ascii_{year}q{number}.zip"),
            Era::Modern => format!("faers_ascii_{year}Q{number}.zip"),
        }
    }

    /// A table's name in the archive: `ascii/DEMO12Q3.TXT`, `ASCII/DEMO18Q1_new.txt`.
    pub(crate) fn member_name(self, table: TableKind) -> String {
        let (folder, name, tag) = (self.folder(), table.name(), self.tag());
        match self.era() {
            Era::Legacy => format!("{folder}/{name}{tag}.TXT"),
            Era::Early => {
                let lower = format!("{name}{tag}").to_ascii_lowercase();
                format!("{folder}/{lower}.txt")
            }
            Era::Modern if self == Self::fixed(2018, 1) && table == TableKind::Demo => {
                format!("{folder}/{name}{tag}_new.txt")
            }
            Era::Modern => format!("{folder}/{name}{tag}.txt"),
        }
    }

    /// The folder of the tables: `ascii` up to 2014Q2, `ASCII` afterwards.
    fn folder(self) -> &'static str {
        if self.era() == Era::Modern { "ASCII" } else { "ascii" }
    }

    /// The names of files beside the tables that no reader should take for one.
    pub(crate) fn extra_names(self) -> [String; 3] {
        let (folder, tag) = (self.folder(), self.tag());
        let end = if self.era() == Era::Legacy { "TXT" } else { "txt" };
        [
            format!("{folder}/STAT{tag}.{end}"),
            format!("{folder}/SIZE{tag}.{end}"),
            "ASC_NTS.pdf".to_owned(),
        ]
    }

    /// The list of withdrawn cases, which exists from 2019Q1; its name has varied.
    pub(crate) fn deleted_name(self) -> Option<String> {
        let tag = self.tag();
        (self >= Self::fixed(2019, 1)).then(|| match (self.year, self.number) {
            (2019, 3 | 4) => format!("deleted/ADR{tag}DeletedCases.txt"),
            _ => format!("Deleted/DELETE{tag}.txt"),
        })
    }

    /// How the quarter's lines end: some quarters have `\r\n`.
    pub(crate) fn line_end(self) -> &'static str {
        match (self.era(), self.number) {
            (Era::Legacy, _) | (Era::Modern, 1) => "\r\n",
            _ => "\n",
        }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = SynthError;

    fn from_str(text: &str) -> Result<Self, SynthError> {
        let parts = text.split_once(['Q', 'q']);
        parts
            .and_then(|(year, number)| Self::new(year.parse().ok()?, number.parse().ok()?))
            .ok_or_else(|| {
                SynthError::setting(
                    "quarter",
                    format!("\"{text}\" is not a quarter"),
                    "one from 2004Q1 to 2040Q4, such as 2012Q4",
                )
            })
    }
}

impl TryFrom<String> for Quarter {
    type Error = SynthError;

    fn try_from(text: String) -> Result<Self, SynthError> {
        text.parse()
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> Self {
        quarter.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn q(text: &str) -> Quarter {
        text.parse().unwrap()
    }

    #[test]
    fn names_follow_the_published_files() {
        assert_eq!(q("2012Q3").archive_name(), "aers_ascii_2012q3.zip");
        assert_eq!(q("2014Q3").archive_name(), "faers_ascii_2014Q3.zip");
        assert_eq!(q("2012Q3").member_name(TableKind::Demo), "ascii/DEMO12Q3.TXT");
        assert_eq!(q("2018Q1").member_name(TableKind::Demo), "ASCII/DEMO18Q1_new.txt");
        assert_eq!(q("2018Q1").member_name(TableKind::Drug), "ASCII/DRUG18Q1.txt");
        assert_eq!(q("2019Q1").deleted_name().unwrap(), "Deleted/DELETE19Q1.txt");
        assert_eq!(q("2018Q4").deleted_name(), None);
    }

    #[test]
    fn the_first_faers_quarter_begins_where_the_legacy_ends() {
        assert_eq!(q("2012Q3").days().1 + 1, q("2012Q4").days().0);
        assert_eq!(calendar::compact(q("2012Q4").days().0), "20120828");
        assert_eq!(calendar::compact(q("2012Q4").days().1), "20121231");
    }

    #[test]
    fn text_form_is_read_back_and_nonsense_is_not() {
        assert_eq!(q("2025q1").to_string(), "2025Q1");
        assert!("2025Q5".parse::<Quarter>().is_err());
        assert!("Q1".parse::<Quarter>().is_err());
    }
}
