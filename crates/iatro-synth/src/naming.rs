//! The names a report gives a drug: trade names, salts, strengths, misspellings.

use rand::RngExt;

use crate::catalogue::Substance;
use crate::quarter::Era;
use crate::sampler::{Rng, chance, choose, pick};

/// A drug as named on a report.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// `drugname`.
    pub(crate) verbatim: String,
    /// The name is misspelt, so that no dictionary has it.
    pub(crate) misspelt: bool,
    /// `prod_ai`, where the quarter has it; blank where the report lacks it.
    pub(crate) ingredient: String,
}

impl Named {
    /// Draws the names of a substance that is usually given as `form`.
    pub(crate) fn draw(rng: &mut Rng, substance: &Substance, form: &str, era: Era) -> Self {
        let mut verbatim = plain(rng, substance);
        decorate(rng, &mut verbatim, form);
        let misspelt = chance(rng, 0.012) && misspell(rng, &mut verbatim);
        if era != Era::Legacy && chance(rng, 0.06) {
            verbatim = capitalised(&verbatim);
        }
        Self { verbatim, misspelt, ingredient: ingredient(rng, substance) }
    }
}

fn plain(rng: &mut Rng, substance: &Substance) -> String {
    match pick(rng, &substance.names) {
        Some(name) if chance(rng, 0.62) => (*name).to_owned(),
        _ if !substance.salt.is_empty() && chance(rng, 0.4) => {
            format!("{} {}", joined(rng, substance.name), substance.salt)
        }
        _ => joined(rng, substance.name),
    }
}

/// A combination as reporters write it.
fn joined(rng: &mut Rng, name: &str) -> String {
    if name.contains('\\') {
        let between = choose(rng, [("\\", 0.4), ("/", 0.3), (" W/", 0.15), (" + ", 0.15)]);
        return name.replace('\\', between);
    }
    name.to_owned()
}

fn decorate(rng: &mut Rng, name: &mut String, form: &str) {
    match rng.random::<f64>() {
        p if p < 0.02 => {
            name.push(' ');
            name.push_str(&form.to_ascii_uppercase());
        }
        p if p < 0.035 => name.push_str(" (UNKNOWN)"),
        p if p < 0.05 => name.push_str(" /00000001/"),
        p if p < 0.058 => name.push('.'),
        _ => {}
    }
}

/// Drops, doubles or swaps letters; `false` if the name is too short or did not change.
fn misspell(rng: &mut Rng, name: &mut String) -> bool {
    let before = name.clone();
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 6 {
        return false;
    }
    let at = rng.random_range(1..letters.len().min(9) - 2);
    match rng.random_range(0..3u8) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, at + 1),
    }
    *name = letters.into_iter().collect();
    *name != before
}

fn ingredient(rng: &mut Rng, substance: &Substance) -> String {
    match rng.random::<f64>() {
        p if p < 0.012 => String::new(),
        p if p < 0.5 && !substance.salt.is_empty() => {
            format!("{} {}", substance.name, substance.salt)
        }
        _ => substance.name.to_owned(),
    }
}

/// The first letter of each word as a capital, the others small.
fn capitalised(name: &str) -> String {
    let mut start = true;
    let letter = |c: char| {
        let letter = if start { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        start = !c.is_ascii_alphanumeric();
        letter
    };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalogue::Catalogue;
    use rand::SeedableRng;
    use std::collections::BTreeSet;

    #[test]
    fn names_vary_and_few_are_misspelt() {
        let catalogue = Catalogue::load().unwrap();
        let substance = &catalogue.substances[catalogue.find("LAMOTRIGINE").unwrap()];
        let mut rng = Rng::seed_from_u64(5);
        let drawn: Vec<Named> =
            (0..5_000).map(|_| Named::draw(&mut rng, substance, "Tablet", Era::Legacy)).collect();
        let good: BTreeSet<&str> =
            drawn.iter().filter(|n| !n.misspelt).map(|n| n.verbatim.as_str()).collect();
        assert!((10..40).contains(&good.len()), "{good:?}");
        let misspelt = drawn.iter().filter(|n| n.misspelt).count();
        assert!((30..90).contains(&misspelt), "{misspelt}");
        assert!(drawn.iter().all(|n| !n.misspelt || !good.contains(n.verbatim.as_str())));
    }
}
