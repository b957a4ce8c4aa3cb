//! Agents that the study groups, therapies of the event, and dates of public alerts.

use serde::{Deserialize, Serialize};

use super::Status;

/// A group of agents with one mechanism and one body of evidence.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The class; several groups may share it.
    pub class: String,
    /// The mechanisms by which the group is thought to act, the first one foremost.
    pub mechanism: Vec<Mechanism>,
    /// Substances by international non-proprietary name, in lower case.
    #[serde(default)]
    pub substances: Vec<String>,
    /// Concepts of triggers that stand for procedures of this group.
    #[serde(default)]
    pub trigger_concepts: Vec<String>,
    /// Whether the evidence was read in the source.
    pub status: Status,
    /// What is known, in our own words.
    pub evidence: String,
    /// Where it stands.
    pub source: String,
}

/// How an agent is thought to lead to the event.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Mechanism {
    /// T-cell hypersensitivity.
    Hs,
    /// Immune activation.
    Ia,
    /// Cell therapy.
    Cell,
    /// Immunosuppression with reactivation of an infection.
    Is,
    /// Lipid loading of macrophages.
    Lip,
    /// Infection by a live organism.
    Inf,
    /// Paradoxical or masking effect of a biologic.
    Para,
    /// Cytotoxicity.
    Ct,
    /// A procedure.
    Proc,
}

/// Therapies of the event: a report may list one as suspect because the event was there first.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Therapy {
    /// Substances by international non-proprietary name, in lower case.
    #[serde(default)]
    pub substances: Vec<String>,
    /// Terms that name a procedure.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Whether the source was read.
    pub status: Status,
    /// Where it stands.
    pub source: String,
}

/// Triggers that substances are known to bring about: on a report of such a substance the trigger is a
/// step on the way to the event, no rival of the substance.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mediator {
    /// Substances by international non-proprietary name, in lower case.
    pub substances: Vec<String>,
    /// Concepts of triggers that they bring about.
    pub trigger_concepts: Vec<String>,
    /// Whether the source was read.
    pub status: Status,
    /// Where it stands.
    pub source: String,
}

/// A public alert: reports after it may be reports because of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// The substance by international non-proprietary name, in lower case.
    pub substance: String,
    /// The date of the alert, `YYYY-MM-DD`.
    pub date: String,
    /// Who gave it.
    pub authority: String,
    /// What it was about, in our own words.
    pub text: String,
    /// Where it stands.
    pub source: String,
}

impl Alert {
    /// Returns year, month and day, or `None` if the date is not a day of the calendar.
    pub fn day(&self) -> Option<(u16, u8, u8)> {
        let (year, month, day) = match self.date.split('-').collect::<Vec<_>>()[..] {
            [year, month, day] => (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?),
            _ => return None,
        };
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        (1..=days_in(year, month)).contains(&day).then_some((year, month, day))
    }
}

fn digits(text: &str, count: usize) -> Option<u16> {
    let plain = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Returns the days of a month; 0 if there is no such month.
fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(date: &str) -> Option<(u16, u8, u8)> {
        let (date, text) = (date.to_owned(), String::new());
        let (substance, authority, source) = (text.clone(), text.clone(), text.clone());
        Alert { substance, date, authority, text, source }.day()
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        assert_eq!(day("2018-04-25"), Some((2018, 4, 25)));
        assert_eq!(day("2024-02-29"), Some((2024, 2, 29)));
        for bad in
            ["2023-02-29", "2018-13-01", "2018-00-10", "2018-4-25", "25.4.2018", "", "2018-04"]
        {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn mechanisms_are_written_in_capitals() {
        let text = "class = \"c\"\nmechanism = [\"HS\", \"CELL\", \"PARA\"]\nstatus = \"verified\"\n\
                    evidence = \"e\"\nsource = \"s\"";
        let agent: Agent = toml::from_str(text).unwrap();
        assert_eq!(agent.mechanism, [Mechanism::Hs, Mechanism::Cell, Mechanism::Para]);
        assert!(toml::from_str::<Agent>(&text.replace("HS", "XY")).is_err());
    }
}
