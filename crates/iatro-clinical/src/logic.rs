//! Three-valued logic (Kleene): what is not known stays unknown until it cannot matter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Met, not met, or unknown.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Ternary {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// What is known leaves it open.
    Unknown,
}

impl Ternary {
    /// `Met` or `NotMet`.
    pub fn known(holds: bool) -> Self {
        if holds { Self::Met } else { Self::NotMet }
    }

    /// Met or not met, if known.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Met => Some(true),
            Self::NotMet => Some(false),
            Self::Unknown => None,
        }
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotMet, _) | (_, Self::NotMet) => Self::NotMet,
            (Self::Met, Self::Met) => Self::Met,
            _ => Self::Unknown,
        }
    }

    /// At least one of both.
    pub fn or(self, other: Self) -> Self {
        !((!self).and(!other))
    }

    /// All of them; `Met` if there is none.
    pub fn all(states: impl IntoIterator<Item = Self>) -> Self {
        states.into_iter().fold(Self::Met, Self::and)
    }

    /// Any of them; `NotMet` if there is none.
    pub fn any(states: impl IntoIterator<Item = Self>) -> Self {
        states.into_iter().fold(Self::NotMet, Self::or)
    }

    /// At least `count` of them.
    pub fn at_least(count: usize, states: impl IntoIterator<Item = Self>) -> Self {
        let (mut met, mut open) = (0, 0);
        for state in states {
            match state {
                Self::Met => met += 1,
                Self::Unknown => open += 1,
                Self::NotMet => {}
            }
        }
        if met >= count {
            Self::Met
        } else if met + open < count {
            Self::NotMet
        } else {
            Self::Unknown
        }
    }

    /// In words: `met`, `not met`, `unknown`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Unknown => "unknown",
        }
    }
}

impl std::ops::Not for Ternary {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::NotMet => Self::Met,
            Self::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ternary::{Met, NotMet, Unknown};
    use super::*;

    #[test]
    fn unknown_is_settled_only_by_what_cannot_be_undone() {
        assert_eq!(Met.and(Unknown), Unknown);
        assert_eq!(NotMet.and(Unknown), NotMet);
        assert_eq!(Met.or(Unknown), Met);
        assert_eq!(NotMet.or(Unknown), Unknown);
        assert_eq!(!Unknown, Unknown);
    }

    #[test]
    fn counting_agrees_with_every_completion() {
        let every = [Met, NotMet, Unknown];
        let at = |index: usize| every[index % 3];
        let triples = (0..27).map(|index| [at(index), at(index / 3), at(index / 9)]);
        for states in triples {
            for count in 0..=4 {
                let mut outcomes = completions(&states)
                    .into_iter()
                    .map(|known| known.iter().filter(|&&held| held).count() >= count);
                let first = outcomes.next().unwrap_or(false);
                let agreed = outcomes.all(|other| other == first);
                let expected = if agreed { Ternary::known(first) } else { Unknown };
                assert_eq!(Ternary::at_least(count, states), expected, "{count} of {states:?}");
            }
        }
    }

    fn completions(states: &[Ternary]) -> Vec<Vec<bool>> {
        states.iter().fold(vec![vec![]], |known, state| {
            let options = state.as_bool().map_or(vec![true, false], |held| vec![held]);
            let longer = known.iter().flat_map(|row| {
                options.iter().map(move |&held| [row.as_slice(), &[held]].concat())
            });
            longer.collect()
        })
    }
}
