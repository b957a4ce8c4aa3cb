//! The built-in dictionary of substances: what the study names, under the names reports use.
//!
//! It is small on purpose: it holds what must be right for the built-in study. Everything else is
//! learnt from the files themselves, where a verbatim name stands beside its active ingredient.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::forms::table_rows;
use super::term::fold_term;

const TABLE: &str = include_str!("../../data/seed_substances.tsv");
const COLUMNS: [&str; 4] = ["substance", "class", "hlh_therapy", "names"];

/// A substance of the built-in dictionary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Substance {
    /// The international non-proprietary name, in lower case.
    pub name: &'static str,
    /// The class, in this project's own grouping.
    pub class: &'static str,
    /// Whether it is given for HLH, so that a report may name it because of the event.
    pub hlh_therapy: bool,
}

#[derive(Debug, Default)]
struct Seed {
    /// In the order of the table; combinations are not substances.
    substances: Vec<Substance>,
    /// Folded name to its ingredients, sorted.
    names: HashMap<String, Vec<&'static str>>,
    /// Folded beginnings of names, longest first.
    beginnings: Vec<(String, Vec<&'static str>)>,
    /// Name of a substance to its place in `substances`.
    places: HashMap<&'static str, usize>,
}

static SEED: LazyLock<Seed> = LazyLock::new(|| read(TABLE).unwrap_or_default());

/// Returns the ingredients behind a name: sorted substances; empty if the name is not known.
///
/// `name` is a brand, a synonym or a substance, as [`clean_name`](super::name::clean_name) or
/// [`fold_term`] leaves it.
pub fn lookup(name: &str) -> &'static [&'static str] {
    let seed = &*SEED;
    if let Some(ingredients) = seed.names.get(name) {
        return ingredients;
    }
    seed.beginnings
        .iter()
        .find(|(beginning, _)| name.starts_with(beginning.as_str()))
        .map_or(&[], |(_, ingredients)| ingredients)
}

/// Returns the class of a substance, or `None` for a substance that the dictionary does not hold.
pub fn class_of(substance: &str) -> Option<&'static str> {
    find(substance).map(|found| found.class)
}

/// Says whether a substance is a therapy of HLH; one that the dictionary does not hold is not.
pub fn is_hlh_therapy(substance: &str) -> bool {
    find(substance).is_some_and(|found| found.hlh_therapy)
}

/// Says whether the dictionary holds this substance. Brands and synonyms are not substances.
pub fn is_substance(name: &str) -> bool {
    find(name).is_some()
}

/// Returns every substance, in the order of the table.
pub fn substances() -> &'static [Substance] {
    &SEED.substances
}

fn find(substance: &str) -> Option<&'static Substance> {
    SEED.places.get(substance).and_then(|place| SEED.substances.get(*place))
}

/// Reads the table; `Err` names the first bad line.
fn read(text: &'static str) -> Result<Seed, String> {
    let rows = table_rows(text, COLUMNS)?;
    let mut seed = Seed::default();
    for &(line, [name, class, therapy, _]) in &rows {
        add_substance(&mut seed, line, name, class, therapy)?;
    }
    for (line, [name, _, _, names]) in rows {
        add_names(&mut seed, line, name, names)?;
    }
    seed.beginnings.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    Ok(seed)
}

fn add_substance(
    seed: &mut Seed,
    line: usize,
    name: &'static str,
    class: &'static str,
    therapy: &str,
) -> Result<(), String> {
    if name.is_empty() || name != fold_term(name) || class.is_empty() {
        return Err(format!("line {line}: {name:?} needs lower case and a class"));
    }
    let hlh_therapy = match therapy {
        "yes" => true,
        "" => false,
        other => {
            return Err(format!("line {line}: hlh_therapy is {other:?}, expected yes or empty"));
        }
    };
    if name.contains('+') {
        return Ok(());
    }
    if seed.places.insert(name, seed.substances.len()).is_some() {
        return Err(format!("line {line}: {name:?} stands twice"));
    }
    seed.substances.push(Substance { name, class, hlh_therapy });
    Ok(())
}

fn add_names(
    seed: &mut Seed,
    line: usize,
    substance: &'static str,
    names: &'static str,
) -> Result<(), String> {
    let mut ingredients: Vec<&'static str> = substance.split('+').collect();
    ingredients.sort_unstable();
    if let Some(unknown) = ingredients.iter().find(|name| !seed.places.contains_key(**name)) {
        return Err(format!("line {line}: ingredient {unknown:?} has no row of its own"));
    }
    for name in std::iter::once(substance).chain(names.split('|').filter(|name| !name.is_empty())) {
        let folded = fold_term(name);
        if let Some(beginning) = folded.strip_suffix('*') {
            seed.beginnings.push((beginning.to_owned(), ingredients.clone()));
        } else if seed.names.insert(folded, ingredients.clone()).is_some() {
            return Err(format!("line {line}: {name:?} stands twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::name::{clean_name, ingredients};
    use super::*;

    #[test]
    fn the_table_has_no_bad_line() {
        let seed = read(TABLE).unwrap();
        assert_eq!(seed.substances, substances());
        assert!(seed.substances.len() > 100 && seed.names.len() > 400);
    }

    #[test]
    fn bad_tables_are_refused() {
        let header = "substance\tclass\thlh_therapy\tnames\n";
        for bad in [
            "Lamotrigine\tanticonvulsant\t\t\n",
            "lamotrigine\t\t\t\n",
            "lamotrigine\tanticonvulsant\tmaybe\t\n",
            "lamotrigine\tanticonvulsant\t\tLAMICTAL|lamictal\n",
            "lamotrigine\tanticonvulsant\t\n",
            "a+b\tclass\t\tBRAND\n",
        ] {
            let text: &'static str = Box::leak(format!("{header}{bad}").into_boxed_str());
            assert!(read(text).is_err(), "{bad}");
        }
    }

    #[test]
    fn brands_lead_to_their_ingredients() {
        assert_eq!(lookup("lamictal"), ["lamotrigine"]);
        assert_eq!(lookup("kymriah"), ["tisagenlecleucel"]);
        assert_eq!(lookup("bactrim"), ["sulfamethoxazole", "trimethoprim"]);
        assert_eq!(lookup("cyclosporine"), ["ciclosporin"]);
        assert_eq!(lookup("opdualag"), ["nivolumab", "relatlimab"]);
        assert!(lookup("zyprexa").is_empty() && lookup("").is_empty());
    }

    #[test]
    fn beginnings_match_whatever_follows() {
        let strain = "influenza a virus a/victoria/210/2009 x-187 (h3n2) antigen";
        assert_eq!(lookup(strain), ["influenza vaccine"]);
        assert_eq!(lookup("covid19 (covid19 (pfizer-biontech))"), ["tozinameran"]);
        assert_eq!(lookup("covid19 (covid19 (moderna))"), ["elasomeran"]);
        assert!(lookup("covid19 (covid19 (unknown))").is_empty());
        assert_eq!(lookup("influenza (seasonal) (fluzone)"), ["influenza vaccine"]);
        assert!(lookup("influenza").is_empty());
    }

    #[test]
    fn classes_and_therapies() {
        assert_eq!(class_of("pembrolizumab"), Some("immune checkpoint inhibitor"));
        assert_eq!(class_of("keytruda"), None);
        assert!(is_hlh_therapy("emapalumab") && is_hlh_therapy("ciclosporin"));
        assert!(!is_hlh_therapy("lamotrigine") && !is_hlh_therapy("unheard of"));
    }

    /// A name with brackets is looked up as it stands; any other must survive cleaning.
    #[test]
    fn cleaning_leads_to_the_same_substances() {
        for name in SEED.names.keys().filter(|name| !name.contains('(')) {
            assert_eq!(lookup(&clean_name(name)), lookup(name), "{name}");
        }
    }

    #[test]
    fn every_substance_is_its_own_ingredient() {
        for substance in substances() {
            assert_eq!(ingredients(&substance.name.to_uppercase()), [substance.name]);
        }
    }
}
