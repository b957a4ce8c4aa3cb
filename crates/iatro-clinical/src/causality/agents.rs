//! Agents by class, therapies of the event, and published latencies: `data/causality/{agents,latency}.toml`.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::CausalityError;
use crate::case::{Drug, DrugKind};
use crate::evidence::EvidenceStatus;

/// The file of agents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agents {
    pub(crate) class: Vec<Class>,
    pub(crate) agent: Vec<Agent>,
    pub(crate) therapy: Vec<Therapy>,
    pub(crate) withdrawal: Vec<Withdrawal>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Class {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) mechanism: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agent {
    pub(crate) class: String,
    pub(crate) names: Vec<String>,
    #[serde(default)]
    pub(crate) reported: bool,
    #[serde(default)]
    pub(crate) warned: bool,
    pub(crate) evidence: String,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) status: EvidenceStatus,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Therapy {
    pub(crate) names: Vec<String>,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) status: EvidenceStatus,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    pub(crate) names: Vec<String>,
    pub(crate) text: String,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) status: EvidenceStatus,
}

/// The file of latencies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Latencies {
    pub(crate) latency: Vec<Published>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Published {
    #[serde(default)]
    pub(crate) agents: Vec<String>,
    #[serde(default)]
    pub(crate) classes: Vec<String>,
    #[serde(default)]
    pub(crate) mechanisms: Vec<String>,
    pub(crate) text: String,
    pub(crate) least: Option<Decimal>,
    pub(crate) most: Option<Decimal>,
    pub(crate) from: From,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) status: EvidenceStatus,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum From {
    FirstStart,
    LastStart,
}

pub(crate) const AGENTS: &str = include_str!("../../data/causality/agents.toml");
pub(crate) const LATENCY: &str = include_str!("../../data/causality/latency.toml");

static AGENTS_READ: LazyLock<Result<Agents, CausalityError>> =
    LazyLock::new(|| read("agents.toml", AGENTS));
static LATENCY_READ: LazyLock<Result<Latencies, CausalityError>> =
    LazyLock::new(|| read("latency.toml", LATENCY));

fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, CausalityError> {
    toml::from_str(text)
        .map_err(|error| CausalityError::Data { file: file.to_owned(), problem: error.to_string() })
}

/// Every agent, therapy and withdrawal.
pub(crate) fn agents() -> Result<&'static Agents, CausalityError> {
    AGENTS_READ.as_ref().map_err(Clone::clone)
}

/// Every published latency.
pub(crate) fn latencies() -> Result<&'static Latencies, CausalityError> {
    LATENCY_READ.as_ref().map_err(Clone::clone)
}

/// Whether `name` stands in `text` as words of its own, in any case.
pub(crate) fn names_it(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(&name).any(|(at, found)| {
        boundary(text[..at].chars().next_back())
            && boundary(text[at + found.len()..].chars().next())
    })
}

/// The first of `names` that stands in the drug's name.
pub(crate) fn named<'a>(drug: &Drug, names: &'a [String]) -> Option<&'a str> {
    names.iter().map(String::as_str).find(|name| names_it(&drug.name, name))
}

impl Agents {
    /// The agents that a drug's name holds, each with its class, and the name found.
    pub(crate) fn of(&'static self, drug: &Drug) -> Vec<(&'static Agent, &'static Class, String)> {
        let rows = self.agent.iter().filter_map(|agent| {
            let name = named(drug, &agent.names)?;
            let class = self.class.iter().find(|class| class.id == agent.class)?;
            Some((agent, class, name.to_owned()))
        });
        rows.collect()
    }

    /// The classes of a drug by its kind alone.
    pub(crate) fn of_kind(&'static self, kind: DrugKind) -> Option<&'static Class> {
        let id = match kind {
            DrugKind::Vaccine => "vaccine",
            _ => return None,
        };
        self.class.iter().find(|class| class.id == id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_found_on_word_boundaries_only() {
        for (text, name, found) in [
            ("Lamotrigine 25 mg tablets", "lamotrigine", true),
            ("LAMOTRIGINE", "lamotrigine", true),
            ("prednisolone", "prednisolone", true),
            ("methylprednisolone", "prednisolone", false),
            ("MMR vaccine", "MMR", true),
            ("COMMRX", "MMR", false),
            ("axicabtagene ciloleucel", "axicabtagene", true),
            ("ipilimumab/nivolumab", "nivolumab", true),
            ("İ lamotrigine", "lamotrigine", true),
            ("", "lamotrigine", false),
        ] {
            assert_eq!(names_it(text, name), found, "{name} in {text}");
        }
    }

    #[test]
    fn the_files_are_sound() {
        let agents = agents().unwrap();
        for agent in &agents.agent {
            assert!(agents.class.iter().any(|class| class.id == agent.class), "{}", agent.class);
            assert!(agent.status == EvidenceStatus::Verified || !(agent.reported || agent.warned));
        }
        for row in &latencies().unwrap().latency {
            for name in &row.agents {
                let known = agents.agent.iter().any(|agent| agent.names.contains(name));
                assert!(known, "{name}");
            }
            for id in &row.classes {
                assert!(agents.class.iter().any(|class| class.id == *id), "{id}");
            }
            for mechanism in &row.mechanisms {
                assert!(agents.class.iter().any(|class| class.mechanism == *mechanism));
            }
            assert_eq!(row.least.is_some(), row.most.is_some());
            assert!(row.least <= row.most);
        }
    }
}
