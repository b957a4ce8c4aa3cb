//! The person of a report and who reported: all of it drawn, none of it about anybody.

use rand::RngExt;

use crate::quarter::Era;
use crate::sampler::{Rng, Weighted, chance, choose};

/// Age, sex and weight as reported.
#[derive(Clone, Debug)]
pub(crate) struct Patient {
    /// The age in years, reported or not.
    pub(crate) years: f64,
    /// Value and unit code; `None` if not reported.
    pub(crate) age: Option<(u32, &'static str)>,
    /// FDA's age group; blank if not given.
    pub(crate) age_group: &'static str,
    /// `F`, `M` or blank.
    pub(crate) sex: &'static str,
    /// Tenths of the unit, and the unit's code; `None` if not reported.
    pub(crate) weight: Option<(u32, &'static str)>,
}

/// A country: its code from 2012Q4 and its name in legacy files.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
}

const fn country(code: &'static str, name: &'static str) -> Country {
    Country { code, name }
}

/// Only planted at its own rate, for the sake of its code.
pub(crate) const NAMIBIA: Country = country("NA", "NAMIBIA");

const COUNTRIES: [(Country, f64); 30] = [
    (country("US", "UNITED STATES"), 600.0),
    (country("CA", "CANADA"), 70.0),
    (country("GB", "UNITED KINGDOM"), 50.0),
    (country("FR", "FRANCE"), 45.0),
    (country("JP", "JAPAN"), 45.0),
    (country("DE", "GERMANY"), 40.0),
    (country("IT", "ITALY"), 25.0),
    (country("ES", "SPAIN"), 16.0),
    (country("BR", "BRAZIL"), 16.0),
    (country("CN", "CHINA"), 14.0),
    (country("AU", "AUSTRALIA"), 12.0),
    (country("NL", "NETHERLANDS"), 10.0),
    (country("IN", "INDIA"), 9.0),
    (country("SE", "SWEDEN"), 7.0),
    (country("CH", "SWITZERLAND"), 7.0),
    (country("PL", "POLAND"), 5.0),
    (country("BE", "BELGIUM"), 5.0),
    (country("KR", "KOREA, REPUBLIC OF"), 5.0),
    (country("TR", "TURKEY"), 5.0),
    (country("MX", "MEXICO"), 5.0),
    (country("CO", "COLOMBIA"), 5.0),
    (country("PT", "PORTUGAL"), 4.0),
    (country("DK", "DENMARK"), 4.0),
    (country("AT", "AUSTRIA"), 4.0),
    (country("GR", "GREECE"), 4.0),
    (country("IL", "ISRAEL"), 3.0),
    (country("NO", "NORWAY"), 3.0),
    (country("ZA", "SOUTH AFRICA"), 2.0),
    (country("EG", "EGYPT"), 2.0),
    (country("COUNTRY NOT SPECIFIED", "COUNTRY NOT SPECIFIED"), 4.0),
];

/// The weights of the countries, made once.
#[derive(Debug)]
pub(crate) struct Countries(Weighted);

impl Countries {
    pub(crate) fn new() -> Self {
        Self(Weighted::new(COUNTRIES.iter().map(|(_, weight)| *weight)))
    }

    pub(crate) fn draw(&self, rng: &mut Rng) -> Country {
        COUNTRIES[self.0.draw(rng)].0
    }
}

impl Patient {
    /// What a report says of a patient of this age; the share `age_known` of reports states it.
    pub(crate) fn draw(rng: &mut Rng, years: f64, age_known: f64) -> Self {
        let known = chance(rng, age_known);
        let age = known.then(|| in_units(rng, years));
        let age_group = if chance(rng, 0.2) { group(years) } else { "" };
        let sex = choose(rng, [("F", 0.55), ("M", 0.34), ("", 0.11)]);
        let weight = chance(rng, 0.32).then(|| weight(rng, years));
        Self { years, age, age_group, sex, weight }
    }

    /// The reported age in years, as a reader makes it of value and unit.
    pub(crate) fn age_years(&self) -> Option<f64> {
        const DAYS: f64 = 365.25;
        let (value, unit) = self.age?;
        let value = f64::from(value);
        Some(match unit {
            "DEC" => value * 10.0,
            "MON" => value / 12.0,
            "WK" => value * 7.0 / DAYS,
            "DY" => value / DAYS,
            "HR" => value / (24.0 * DAYS),
            _ => value,
        })
    }
}

/// Below the first birthday.
pub(crate) fn is_infant(years: f64) -> bool {
    years < 1.0
}

/// An age in years: an infant's with the chance `infants`, otherwise mostly an adult's.
pub(crate) fn years(rng: &mut Rng, infants: f64) -> f64 {
    const CHILDREN: f64 = 0.056;
    if chance(rng, infants) {
        return rng.random_range(0.0..1.0);
    }
    if chance(rng, CHILDREN) {
        return rng.random_range(1.0..18.0);
    }
    // The sum of three uniforms is bell-shaped; adults of 18 to 98 years, mean 58.
    let bell: f64 = (0..3).map(|_| rng.random::<f64>()).sum();
    18.0 + bell / 3.0 * 80.0
}

/// The age in the unit a reporter may have used.
fn in_units(rng: &mut Rng, years: f64) -> (u32, &'static str) {
    match years {
        y if y < 0.01 => (whole(y * 8766.0).max(1), "HR"),
        y if y < 0.15 => (whole(y * 365.25).max(1), "DY"),
        y if y < 0.4 && chance(rng, 0.5) => (whole(y * 52.2), "WK"),
        y if y < 2.0 => (whole(y * 12.0).max(1), "MON"),
        y if y > 20.0 && chance(rng, 0.004) => (whole(y / 10.0), "DEC"),
        y => (whole(y), "YR"),
    }
}

/// Rounded down, from 0 to a million.
#[expect(clippy::cast_sign_loss, reason = "bounded to be positive")]
fn whole(value: f64) -> u32 {
    value.clamp(0.0, 1e6) as u32
}

/// FDA's groups: neonate, infant, child, teenager, adult, elderly.
fn group(years: f64) -> &'static str {
    match years {
        y if y < 0.077 => "N",
        y if y < 2.0 => "I",
        y if y < 12.0 => "C",
        y if y < 18.0 => "T",
        y if y < 65.0 => "A",
        _ => "E",
    }
}

fn weight(rng: &mut Rng, years: f64) -> (u32, &'static str) {
    let typical = if years < 18.0 { 3.5 + years * 3.2 } else { 74.0 };
    let spread: f64 = (0..3).map(|_| rng.random::<f64>()).sum::<f64>() / 3.0;
    let kilograms = typical * (0.55 + spread * 0.95);
    let tenths = |value: f64| whole(value * 10.0).max(1);
    if chance(rng, 0.2) {
        (tenths((kilograms * 2.2046).round()), "LBS")
    } else if chance(rng, 0.6) {
        (tenths(kilograms.round()), "KG")
    } else {
        (tenths(kilograms), "KG")
    }
}

/// The reporter's occupation; `HP` exists from 2012Q4.
pub(crate) fn occupation(rng: &mut Rng, era: Era) -> &'static str {
    if era == Era::Legacy {
        choose(
            rng,
            [("MD", 0.3), ("CN", 0.3), ("OT", 0.22), ("PH", 0.07), ("LW", 0.04), ("", 0.07)],
        )
    } else {
        choose(
            rng,
            [("CN", 0.4), ("MD", 0.28), ("HP", 0.2), ("PH", 0.06), ("LW", 0.03), ("", 0.03)],
        )
    }
}
