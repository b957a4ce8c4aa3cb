//! The embedded instruments, and what a data file must hold to.

use std::sync::LazyLock;

use super::check::check;
use super::definition::Instrument;

/// A data file does not hold together.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("instrument {id}: {problem}")]
pub struct DefinitionError {
    /// The instrument, or `?` where the file cannot be read at all.
    pub id: String,
    /// What is wrong.
    pub problem: String,
}

/// The data files, in the order in which instruments are shown.
pub(crate) const FILES: [(&str, &str); 24] = [
    ("hlh-2004", include_str!("../../data/instruments/hlh-2004.toml")),
    ("hlh-2024", include_str!("../../data/instruments/hlh-2024.toml")),
    ("hlh-2009", include_str!("../../data/instruments/hlh-2009.toml")),
    ("hscore", include_str!("../../data/instruments/hscore.toml")),
    ("ohi", include_str!("../../data/instruments/ohi.toml")),
    ("o-hlh-2004", include_str!("../../data/instruments/o-hlh-2004.toml")),
    ("mas-2016", include_str!("../../data/instruments/mas-2016.toml")),
    ("ms-score", include_str!("../../data/instruments/ms-score.toml")),
    ("mh-score", include_str!("../../data/instruments/mh-score.toml")),
    ("ravelli-2005", include_str!("../../data/instruments/ravelli-2005.toml")),
    ("kostik", include_str!("../../data/instruments/kostik.toml")),
    ("sle-mas", include_str!("../../data/instruments/sle-mas.toml")),
    ("iec-hs", include_str!("../../data/instruments/iec-hs.toml")),
    ("iec-hs-criteria", include_str!("../../data/instruments/iec-hs-criteria.toml")),
    ("iec-hs-grade", include_str!("../../data/instruments/iec-hs-grade.toml")),
    ("prwcc", include_str!("../../data/instruments/prwcc.toml")),
    ("cartox", include_str!("../../data/instruments/cartox.toml")),
    ("crs", include_str!("../../data/instruments/crs.toml")),
    ("icans", include_str!("../../data/instruments/icans.toml")),
    ("regiscar", include_str!("../../data/instruments/regiscar.toml")),
    ("ferritin-paediatric", include_str!("../../data/instruments/ferritin-paediatric.toml")),
    ("scd25-adult", include_str!("../../data/instruments/scd25-adult.toml")),
    ("ferritin-esr", include_str!("../../data/instruments/ferritin-esr.toml")),
    ("boston-entry", include_str!("../../data/instruments/boston-entry.toml")),
];

static INSTRUMENTS: LazyLock<Vec<Instrument>> =
    LazyLock::new(|| FILES.iter().filter_map(|(_, text)| load(text).ok()).collect());

/// Every instrument, in the order in which they are shown.
pub fn all() -> &'static [Instrument] {
    &INSTRUMENTS
}

/// The instrument of this id.
pub fn find(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|known| known.id == id)
}

/// Reads the text of a data file and checks it.
pub fn load(text: &str) -> Result<Instrument, DefinitionError> {
    let instrument: Instrument = toml::from_str(text)
        .map_err(|error| DefinitionError { id: "?".to_owned(), problem: error.to_string() })?;
    check(&instrument).map_err(|problem| DefinitionError { id: instrument.id.clone(), problem })?;
    Ok(instrument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_sound_and_carries_its_name() {
        for (id, text) in FILES {
            let loaded = load(text);
            assert_eq!(loaded.map(|instrument| instrument.id), Ok(id.to_owned()));
        }
    }
}
