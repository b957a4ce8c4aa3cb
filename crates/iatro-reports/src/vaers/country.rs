//! Country of a report, from `STATE`.

use crate::model::codes::Coded;

/// A report from outside the US, of which the files do not say the country.
pub(super) const FOREIGN: &str = "foreign";

/// States, the district, territories, freely associated states and military post codes.
const US: [&str; 63] = [
    "AA", "AE", "AK", "AL", "AP", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "FM", "GA",
    "GU", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MH", "MI", "MN", "MO",
    "MP", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR",
    "PW", "RI", "SC", "SD", "TN", "TX", "UM", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
];

/// `US` for a code of the US, [`FOREIGN`] for `FR` (not France: it documents a foreign report).
pub(super) fn country(state: &str) -> Coded<&'static str> {
    let state = state.to_ascii_uppercase();
    match state.as_str() {
        "" => Coded::Unknown,
        "FR" => Coded::Known(FOREIGN),
        code if US.binary_search(&code).is_ok() => Coded::Known("US"),
        _ => Coded::Junk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_the_us_and_fr_is_not_france() {
        assert!(US.is_sorted());
        assert_eq!(country("wi"), Coded::Known("US"));
        assert_eq!(country("PR"), Coded::Known("US"));
        assert_eq!(country("FR"), Coded::Known(FOREIGN));
        assert_eq!(country(""), Coded::Unknown);
        assert_eq!(country("XB"), Coded::Junk);
    }
}
