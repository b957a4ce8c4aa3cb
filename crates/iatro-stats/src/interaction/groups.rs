//! The four groups of reports.

use thiserror::Error;

/// Counts that cannot be groups of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InteractionError {
    /// More reports with the event than reports.
    #[error(
        "interaction: {events} reports with the event in a group of {reports} reports; expected \
         events <= reports, check that both count the same reports"
    )]
    MoreEvents {
        /// Reports of the group.
        reports: u64,
        /// Those with the event.
        events: u64,
    },
    /// The four groups together do not fit in a `u64`.
    #[error(
        "interaction: the groups of {neither}, {first}, {second} and {both} reports sum to more than \
         18446744073709551615; expected groups that share no report"
    )]
    Overflow {
        /// Reports with neither drug.
        neither: u64,
        /// Reports with the first drug only.
        first: u64,
        /// Reports with the second drug only.
        second: u64,
        /// Reports with both drugs.
        both: u64,
    },
}

/// One group: its reports, and how many have the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Group {
    reports: u64,
    events: u64,
}

impl Group {
    /// Builds a group of `reports` reports, of which `events` have the event.
    ///
    /// # Errors
    /// [`InteractionError::MoreEvents`] if `events` is above `reports`.
    pub fn new(reports: u64, events: u64) -> Result<Self, InteractionError> {
        if events > reports {
            return Err(InteractionError::MoreEvents { reports, events });
        }
        Ok(Self { reports, events })
    }

    /// Reports of the group.
    #[must_use]
    pub fn reports(&self) -> u64 {
        self.reports
    }

    /// Reports with the event.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Reports without the event.
    #[must_use]
    pub fn non_events(&self) -> u64 {
        self.reports - self.events
    }

    /// Proportion of reports with the event; `None` without reports.
    #[must_use]
    pub fn proportion(&self) -> Option<f64> {
        (self.reports > 0).then(|| self.events as f64 / self.reports as f64)
    }
}

/// All reports, in four groups by the two drugs that they list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FourGroups {
    neither: Group,
    first: Group,
    second: Group,
    both: Group,
}

impl FourGroups {
    /// Builds the groups: reports with neither drug, with the first only, with the second only, with
    /// both.
    ///
    /// # Errors
    /// [`InteractionError::Overflow`] if their reports together do not fit in a `u64`.
    pub fn new(
        neither: Group,
        first: Group,
        second: Group,
        both: Group,
    ) -> Result<Self, InteractionError> {
        let sum = [first, second, both]
            .iter()
            .try_fold(neither.reports, |sum, group| sum.checked_add(group.reports));
        match sum {
            Some(_) => Ok(Self { neither, first, second, both }),
            None => Err(InteractionError::Overflow {
                neither: neither.reports,
                first: first.reports,
                second: second.reports,
                both: both.reports,
            }),
        }
    }

    /// Reports with neither drug.
    #[must_use]
    pub fn neither(&self) -> Group {
        self.neither
    }

    /// Reports with the first drug only.
    #[must_use]
    pub fn first(&self) -> Group {
        self.first
    }

    /// Reports with the second drug only.
    #[must_use]
    pub fn second(&self) -> Group {
        self.second
    }

    /// Reports with both drugs.
    #[must_use]
    pub fn both(&self) -> Group {
        self.both
    }

    /// The same reports with the drugs exchanged.
    #[must_use]
    pub fn exchanged(&self) -> Self {
        Self { first: self.second, second: self.first, ..*self }
    }

    /// Neither, first, second, both.
    pub(super) fn all(&self) -> [Group; 4] {
        [self.neither, self.first, self.second, self.both]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn impossible_counts_are_refused() {
        let message = Group::new(3, 4).unwrap_err().to_string();
        assert!(message.starts_with("interaction: 4 reports with the event in a group of 3"));
        let half = Group::new(u64::MAX / 2, 0).unwrap();
        assert!(FourGroups::new(half, half, half, half).is_err());
        let none = Group::new(0, 0).unwrap();
        assert!(FourGroups::new(half, half, none, none).is_ok());
        assert_eq!(none.proportion(), None);
    }
}
