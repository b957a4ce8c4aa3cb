//! Regions of the world, from a country as reports state it: a code of ISO 3166-1 (FAERS since 2005 and
//! VAERS) or a name (older FAERS).
//!
//! The continents are those of the United Nations (M49). The United States and Japan stand apart, because
//! most reports come from the one, and the other names HLH more often than any.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use iatro_reports::dictionary::term::fold_term;

const TABLE: &str = include_str!("../../data/regions.tsv");

/// The names of the regions, unknown last.
pub const REGIONS: [&str; 10] = [
    "United States",
    "Americas without the United States",
    "Europe",
    "Japan",
    "Asia without Japan",
    "Africa",
    "Oceania",
    "Antarctica",
    "outside the United States, country unknown",
    "region unknown",
];

const FOREIGN: u8 = 8;
const UNKNOWN: u8 = 9;

static REGION_OF: LazyLock<BTreeMap<String, u8>> = LazyLock::new(|| {
    let mut regions = BTreeMap::new();
    for line in TABLE.lines().skip(1) {
        if let [code, name, region] = line.split('\t').collect::<Vec<_>>()[..] {
            let place = match (code, region) {
                ("US", _) | (_, "United States") => 0,
                ("JP", _) => 3,
                (_, "Americas") => 1,
                (_, "Europe") => 2,
                (_, "Asia") => 4,
                (_, "Africa") => 5,
                (_, "Oceania") => 6,
                _ => 7,
            };
            let keys = [code, name].into_iter().filter(|key| !key.is_empty());
            regions.extend(keys.map(|key| (fold_term(key), place)));
        }
    }
    regions.insert("united states of america".to_owned(), 0);
    regions.insert("foreign".to_owned(), FOREIGN);
    regions
});

/// The place among [`REGIONS`] of a country; unknown for `None` and for what the table does not know.
pub fn region_of(country: Option<&str>) -> u8 {
    let of = |name: &str| {
        let folded = fold_term(name);
        let by_code = || REGION_OF.get(&fold_term(CODE_OF.get(&folded)?));
        REGION_OF.get(&folded).or_else(by_code).copied()
    };
    country.and_then(of).unwrap_or(UNKNOWN)
}

static CODE_OF: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(1).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?, fields.next()?))
    });
    let mut codes: BTreeMap<String, &'static str> = rows
        .filter(|(code, name)| !code.is_empty() && !name.is_empty())
        .map(|(code, name)| (fold_term(name), code))
        .collect();
    for (name, code) in [
        ("united states of america", "US"),
        ("usa", "US"),
        ("uk", "GB"),
        ("great britain", "GB"),
        ("england", "GB"),
        ("el", "GR"),
        ("korea, republic of", "KR"),
        ("korea, south", "KR"),
        ("republic of korea", "KR"),
        ("russian federation", "RU"),
        ("taiwan, province of china", "TW"),
        ("iran, islamic republic of", "IR"),
        ("viet nam", "VN"),
        ("venezuela, bolivarian republic of", "VE"),
        ("czech republic", "CZ"),
        ("holland", "NL"),
    ] {
        codes.insert(name.to_owned(), code);
    }
    codes
});

/// One name for a country that reports state as a code or as a name: its code where the table knows it,
/// else what the report says in capitals.
pub fn country_of(country: &str) -> String {
    let folded = fold_term(country);
    CODE_OF.get(&folded).map_or_else(|| folded.to_uppercase(), |code| (*code).to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_and_names_lead_to_a_region() {
        for (country, region) in [
            ("US", "United States"),
            ("UNITED STATES", "United States"),
            ("USA", "United States"),
            ("United States of America", "United States"),
            ("Viet Nam", "Asia without Japan"),
            ("England", "Europe"),
            ("CA", "Americas without the United States"),
            ("GB", "Europe"),
            ("uk", "Europe"),
            ("JP", "Japan"),
            ("JAPAN", "Japan"),
            ("KR", "Asia without Japan"),
            ("KOREA, REPUBLIC OF", "Asia without Japan"),
            ("NA", "Africa"),
            ("foreign", "outside the United States, country unknown"),
            ("COUNTRY NOT SPECIFIED", "region unknown"),
        ] {
            assert_eq!(REGIONS[usize::from(region_of(Some(country)))], region, "{country}");
        }
        assert_eq!(region_of(None), UNKNOWN);
    }

    #[test]
    fn a_country_has_one_name() {
        for (stated, name) in [
            ("US", "US"),
            ("UNITED STATES", "US"),
            ("United Kingdom", "GB"),
            ("uk", "GB"),
            ("jp", "JP"),
            ("COUNTRY NOT SPECIFIED", "COUNTRY NOT SPECIFIED"),
        ] {
            assert_eq!(country_of(stated), name, "{stated}");
        }
    }

    #[test]
    fn every_line_of_the_table_has_a_code_or_a_name_and_a_known_region() {
        let known = ["Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania"];
        for line in TABLE.lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(!fields[0].is_empty() || !fields[1].is_empty(), "{line}");
            assert!(known.contains(&fields[2]), "{line}");
        }
    }
}
