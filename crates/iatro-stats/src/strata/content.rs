//! What a stratum can say about the pair.

use crate::Table2x2;

/// What a stratum holds, and if it says nothing about the pair, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// Exposure and event both vary: all four margins are above 0.
    Informative,
    /// No reports.
    Empty,
    /// Reports, none with the exposure.
    NoExposure,
    /// Every report has the exposure: there is nothing to compare with.
    OnlyExposure,
    /// Exposed and unexposed reports, none with the event.
    NoEvent,
    /// Exposed and unexposed reports, all with the event.
    OnlyEvent,
}

impl Content {
    /// The name to print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Informative => "informative",
            Self::Empty => "no reports",
            Self::NoExposure => "no report with the exposure",
            Self::OnlyExposure => "every report with the exposure",
            Self::NoEvent => "no report with the event",
            Self::OnlyEvent => "every report with the event",
        }
    }
}

/// Returns what the stratum holds. Where several things are missing, the first in the order of
/// [`Content`] is named.
#[must_use]
pub fn content(stratum: &Table2x2) -> Content {
    if stratum.n() == 0 {
        Content::Empty
    } else if stratum.exposure_total() == 0 {
        Content::NoExposure
    } else if stratum.no_exposure_total() == 0 {
        Content::OnlyExposure
    } else if stratum.event_total() == 0 {
        Content::NoEvent
    } else if stratum.no_event_total() == 0 {
        Content::OnlyEvent
    } else {
        Content::Informative
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_kind() {
        for (cells, expected) in [
            ([1, 0, 0, 1], Content::Informative),
            ([0, 0, 0, 0], Content::Empty),
            ([0, 0, 1, 1], Content::NoExposure),
            ([1, 1, 0, 0], Content::OnlyExposure),
            ([0, 1, 0, 1], Content::NoEvent),
            ([1, 0, 1, 0], Content::OnlyEvent),
        ] {
            let [a, b, c, d] = cells;
            assert_eq!(content(&Table2x2::new(a, b, c, d).unwrap()), expected);
        }
    }
}
