//! Exposure: which entries of a report count as exposed, and against what they are compared.

use std::fmt;

use iatro_reports::model::codes::Role;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which substances of a report count, and against what.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// The role codes that count, such as `PS`; read them with [`Exposure::roles`].
    #[serde(rename = "roles", default = "suspect")]
    pub role_codes: Vec<String>,
    /// The comparator.
    #[serde(default)]
    pub comparator: Comparator,
    /// What is left out of the count or alone kept in it.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
}

impl Exposure {
    /// Returns the roles that count, in the order of the file. A code that is no role is left out;
    /// the study's check names it.
    pub fn roles(&self) -> Vec<Role> {
        self.role_codes.iter().filter_map(|code| exposure_role(code)).collect()
    }
}

fn suspect() -> Vec<String> {
    [Role::PrimarySuspect, Role::SecondarySuspect, Role::Interacting]
        .map(|role| role.code().to_owned())
        .to_vec()
}

/// The role with this code, if a substance in it can count as exposed.
pub(crate) fn exposure_role(code: &str) -> Option<Role> {
    Role::from_code(code).filter(|role| Role::EXPOSURES.contains(role))
}

/// What the exposed reports are compared with: `"all"` or a list of substances.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Comparator {
    /// All other reports.
    #[default]
    All,
    /// Reports of these substances.
    Substances(Vec<String>),
}

impl Serialize for Comparator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Substances(names) => names.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Comparator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ComparatorVisitor)
    }
}

struct ComparatorVisitor;

impl<'de> Visitor<'de> for ComparatorVisitor {
    type Value = Comparator;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"all\" or a list of substances")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Comparator, E> {
        match text {
            "all" => Ok(Comparator::All),
            other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Comparator, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = seq.next_element()? {
            names.push(name);
        }
        Ok(Comparator::Substances(names))
    }
}

/// A named restriction of the reports counted.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// The name of the set of reports.
    pub id: String,
    /// What happens to them.
    pub action: Action,
}

/// What a restriction does with its reports.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// They are left out.
    Exclude,
    /// They alone are counted.
    Only,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_empty_exposure_takes_suspects_against_all() {
        let exposure: Exposure = toml::from_str("").unwrap();
        assert_eq!(
            exposure.roles(),
            [Role::PrimarySuspect, Role::SecondarySuspect, Role::Interacting]
        );
        assert_eq!(exposure.comparator, Comparator::All);
        assert!(exposure.restrictions.is_empty());
    }

    #[test]
    fn a_comparator_is_all_or_substances() {
        let exposure: Exposure = toml::from_str("comparator = [\"azithromycin\"]").unwrap();
        assert_eq!(exposure.comparator, Comparator::Substances(vec!["azithromycin".to_owned()]));
        let error = toml::from_str::<Exposure>("comparator = \"some\"").unwrap_err();
        assert!(error.message().contains("a list of substances"), "{error}");
        assert!(toml::from_str::<Exposure>("comparator = 3").is_err());
    }

    #[test]
    fn what_was_not_administered_is_no_exposure() {
        assert_eq!(exposure_role("ss"), Some(Role::SecondarySuspect));
        assert_eq!(exposure_role("DN"), None);
        assert_eq!(exposure_role("X"), None);
    }

    #[test]
    fn a_restriction_has_a_name_and_an_action() {
        let text = "restrictions = [{ id = \"hlh_as_indication\", action = \"exclude\" }]";
        let exposure: Exposure = toml::from_str(text).unwrap();
        assert_eq!(exposure.restrictions[0].action, Action::Exclude);
    }
}
