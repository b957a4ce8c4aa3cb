//! RxNorm's `RXNCONSO.RRF`, which a user may bring: names of ingredients, and brands with what their
//! branded drugs say they hold. It is read, never shipped.
//!
//! The file has no relations, so a brand is learned from the branded drugs: their name ends in the
//! brand in brackets (`lamotrigine 100 MG Oral Tablet [Lamictal]`), and their concept's parts are
//! joined by ` / `.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use hashbrown::HashMap;

use super::name::{clean_name, ingredients};
use crate::error::{Error, Place, Result};
use crate::input::check_regular;
use crate::input::hash::sha256_file;
use crate::text::decode;
use crate::text::lines::Lines;

/// Fields of a line of `RXNCONSO.RRF`.
const FIELDS: usize = 18;
const CONCEPT: usize = 0;
const LANGUAGE: usize = 1;
const TERM_TYPE: usize = 12;
const NAME: usize = 14;

/// Names that RxNorm maps to substances.
#[derive(Clone, Debug)]
pub struct RxNorm {
    substances: HashMap<String, Vec<String>, foldhash::fast::FixedState>,
    sha256: String,
}

impl RxNorm {
    /// Reads `RXNCONSO.RRF`; a line with another number of fields is an error that names it.
    pub fn read(path: &Path) -> Result<Self> {
        check_regular(path)?;
        let (sha256, _) = sha256_file(path)?;
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut lines = Lines::new(&mut reader);
        let mut atoms = Vec::new();
        while let Some(line) = lines.next().map_err(|e| Error::read(path, e))? {
            let (text, _) = decode(&line.bytes);
            let place = || Place::line(path.display().to_string(), line.number);
            if let Some(atom) = Atom::parse(&text).map_err(|found| bad_line(place(), found))? {
                atoms.push(atom);
            }
            lines.recycle(line);
        }
        Ok(Self { substances: map(&atoms), sha256 })
    }

    /// The substances of a cleaned name, sorted.
    pub fn substances(&self, key: &str) -> Option<&[String]> {
        self.substances.get(key).map(Vec::as_slice)
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

fn bad_line(place: Place, found: usize) -> Error {
    Error::bad_data(
        place,
        format!("{found} fields"),
        format!("Expected {FIELDS} fields parted by |, as in RxNorm's RXNCONSO.RRF."),
    )
}

/// A name of a concept that can teach something.
struct Atom {
    concept: String,
    ingredient: bool,
    branded: bool,
    name: String,
}

impl Atom {
    /// `Ok(None)` for kinds of names that teach nothing; `Err` with the number of fields.
    fn parse(text: &str) -> std::result::Result<Option<Self>, usize> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let fields: Vec<&str> = text.strip_suffix('|').unwrap_or(text).split('|').collect();
        if fields.len() != FIELDS {
            return Err(fields.len());
        }
        let kind = fields[TERM_TYPE];
        let wanted = fields[LANGUAGE] == "ENG"
            && matches!(kind, "IN" | "PIN" | "SBD" | "SY" | "TMSY" | "PT" | "SU" | "BN");
        Ok(wanted.then(|| Self {
            concept: fields[CONCEPT].to_owned(),
            ingredient: kind == "IN",
            branded: kind == "SBD",
            name: fields[NAME].to_owned(),
        }))
    }

    /// Brand and contents of a branded drug, as keys.
    fn brand(&self) -> Option<(String, Vec<String>)> {
        let (contents, rest) = self.name.rsplit_once('[')?;
        let brand = clean_name(rest.strip_suffix(']')?);
        let mut parts: Vec<String> = contents.split(" / ").map(clean_name).collect();
        parts.sort_unstable();
        parts.dedup();
        let whole = !brand.is_empty() && parts.iter().all(|part| !part.is_empty());
        whole.then_some((brand, parts))
    }
}

fn map(atoms: &[Atom]) -> HashMap<String, Vec<String>, foldhash::fast::FixedState> {
    // By the same rule as the ingredients that reports state: one substance has one name.
    let of_concept: HashMap<&str, Vec<String>, foldhash::fast::FixedState> = atoms
        .iter()
        .filter(|atom| atom.ingredient)
        .map(|atom| (atom.concept.as_str(), ingredients(&clean_name(&atom.name))))
        .filter(|(_, substances)| !substances.is_empty())
        .collect();
    let mut substances: HashMap<String, Vec<String>, foldhash::fast::FixedState> =
        HashMap::default();
    for atom in atoms {
        if let Some(of_concept) = of_concept.get(atom.concept.as_str()) {
            substances.entry(clean_name(&atom.name)).or_insert_with(|| of_concept.clone());
        }
    }
    for (brand, contents) in atoms.iter().filter(|atom| atom.branded).filter_map(Atom::brand) {
        let known: Option<Vec<_>> = contents.iter().map(|part| substances.get(part)).collect();
        let Some(known) = known else { continue };
        let mut known: Vec<String> = known.into_iter().flatten().cloned().collect();
        known.sort_unstable();
        known.dedup();
        substances.entry(brand).or_insert(known);
    }
    substances
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn line(concept: &str, kind: &str, name: &str) -> String {
        format!("{concept}|ENG||||||1||||RXNORM|{kind}|{concept}|{name}||N|4096|")
    }

    fn read(lines: &[String]) -> Result<RxNorm> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("RXNCONSO.RRF");
        std::fs::write(&path, lines.join("\n")).unwrap();
        RxNorm::read(&path)
    }

    #[test]
    fn learns_ingredients_synonyms_and_brands() {
        let rxnorm = read(&[
            line("28439", "IN", "lamotrigine"),
            line("28439", "SY", "LTG compound"),
            line("10831", "IN", "trimethoprim"),
            line("10180", "IN", "sulfamethoxazole"),
            line("1", "SBD", "lamotrigine 100 MG Oral Tablet [Lamictal]"),
            line("2", "SBD", "sulfamethoxazole 400 MG / trimethoprim 80 MG Oral Tablet [Septra]"),
            line("3", "SBD", "unknownine 5 MG Oral Tablet [Mystery]"),
        ])
        .unwrap();
        assert_eq!(rxnorm.substances("lamictal"), Some(&["lamotrigine".to_owned()][..]));
        assert_eq!(
            rxnorm.substances("septra").unwrap(),
            ["sulfamethoxazole".to_owned(), "trimethoprim".to_owned()]
        );
        assert_eq!(rxnorm.substances("ltg compound").unwrap(), ["lamotrigine"]);
        assert_eq!(rxnorm.substances("mystery"), None);
    }

    #[test]
    fn substances_have_the_names_of_the_dictionary() {
        let rxnorm = read(&[
            line("3008", "IN", "cyclosporine"),
            line("3008", "SY", "cyclosporin A"),
            line("1", "SBD", "cyclosporine 100 MG Oral Capsule [Gengraf]"),
        ])
        .unwrap();
        for key in ["cyclosporine", "cyclosporin a", "gengraf"] {
            assert_eq!(rxnorm.substances(key).unwrap(), ["ciclosporin"], "{key}");
        }
    }

    #[test]
    fn a_line_of_another_file_is_named() {
        let error = read(&[line("1", "IN", "x"), "a|b|c".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("line 2: 3 fields"), "{error}");
    }
}
