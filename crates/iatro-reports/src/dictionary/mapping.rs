//! Maps every name of a corpus to its substances, and says how.
//!
//! In order: what the report states (`prod_ai`, VAX_TYPE); what the same product is stated to hold
//! elsewhere in the corpus (majority of rows); the seed table; RxNorm; a name that is itself an
//! ingredient stated elsewhere. A name that none of these knows stays its own substance, and is
//! listed as unmapped.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::name::{clean_name, ingredients, map_verbatim};
use super::rxnorm::RxNorm;
use super::term::fold_term;
use crate::part::{Coding, Name};

/// How a name was mapped; the code stands in the lake.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum MappedBy {
    /// By the ingredients, type or name that the report itself states.
    Stated,
    /// By the majority of the corpus' stated rows with the same product name.
    Learned,
    /// By the seed table of agents and brands.
    Seed,
    /// By RxNorm.
    RxNorm,
    /// The name is an ingredient stated elsewhere in the corpus.
    Ingredient,
    /// By nothing: the name stands for itself.
    Unmapped,
}

impl MappedBy {
    pub(crate) const ALL: [Self; 6] =
        [Self::Stated, Self::Learned, Self::Seed, Self::RxNorm, Self::Ingredient, Self::Unmapped];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Learned => "learned",
            Self::Seed => "seed",
            Self::RxNorm => "rxnorm",
            Self::Ingredient => "ingredient",
            Self::Unmapped => "unmapped",
        }
    }
}

/// The substances of one name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mapping {
    /// Sorted, distinct, never empty.
    pub(crate) substances: Vec<String>,
    pub(crate) by: MappedBy,
    /// Rows that support a learned mapping; 0 for the others.
    pub(crate) support: u64,
}

/// A learned mapping needs at least this many rows.
const LEAST_SUPPORT: u64 = 2;

/// Maps every name; `rows` counts the drug rows of current reports with it.
pub(crate) fn map_names(names: &[Name], rows: &[u64], rxnorm: Option<&RxNorm>) -> Vec<Mapping> {
    let stated: Vec<Vec<String>> = stated_substances(names);
    let learned = learn(names, &stated, rows);
    let known: HashSet<&str, foldhash::fast::FixedState> =
        stated.iter().flatten().map(String::as_str).collect();
    let map = |(name, stated): (&Name, &Vec<String>)| {
        if stated.is_empty() {
            map_by_name(&name.verbatim, &learned, &known, rxnorm)
        } else {
            Mapping { substances: stated.clone(), by: MappedBy::Stated, support: 0 }
        }
    };
    names.iter().zip(&stated).map(map).collect()
}

/// What each name states; empty where it states nothing.
fn stated_substances(names: &[Name]) -> Vec<Vec<String>> {
    let spelling = spellings(names);
    let stated = |name: &Name| match name.coding {
        Coding::NameOnly => Vec::new(),
        Coding::Ingredients => ingredients(&name.stated),
        Coding::AsStated => spelling.get(&fold_term(&name.stated)).cloned().into_iter().collect(),
    };
    names.iter().map(stated).collect()
}

/// One spelling for every substance that is taken as stated: the first in byte order.
fn spellings(names: &[Name]) -> HashMap<String, String, foldhash::fast::FixedState> {
    let mut spellings: HashMap<String, String, foldhash::fast::FixedState> = HashMap::default();
    for name in names.iter().filter(|name| name.coding == Coding::AsStated) {
        let known = spellings.entry(fold_term(&name.stated)).or_insert_with(|| name.stated.clone());
        if name.stated < *known {
            known.clone_from(&name.stated);
        }
    }
    spellings
}

type Votes = BTreeMap<Vec<String>, u64>;
type Learned = HashMap<String, (Vec<String>, u64), foldhash::fast::FixedState>;

/// The majority of the stated substances of every product name; ties and minorities teach nothing.
fn learn(names: &[Name], stated: &[Vec<String>], rows: &[u64]) -> Learned {
    let mut votes: HashMap<String, Votes, foldhash::fast::FixedState> = HashMap::default();
    for ((name, stated), &rows) in names.iter().zip(stated).zip(rows) {
        if name.coding == Coding::Ingredients && !stated.is_empty() && rows > 0 {
            let of_name = votes.entry(clean_name(&name.verbatim)).or_default();
            *of_name.entry(stated.clone()).or_default() += rows;
        }
    }
    let winner = |(name, votes): (String, Votes)| {
        let all: u64 = votes.values().sum();
        let (substances, support) = votes.into_iter().max_by_key(|(_, rows)| *rows)?;
        let majority = support >= LEAST_SUPPORT && support * 2 > all;
        majority.then_some((name, (substances, support)))
    };
    votes.into_iter().filter_map(winner).collect()
}

fn map_by_name(
    verbatim: &str,
    learned: &Learned,
    known: &HashSet<&str, foldhash::fast::FixedState>,
    rxnorm: Option<&RxNorm>,
) -> Mapping {
    let key = clean_name(verbatim);
    if let Some((substances, support)) = learned.get(&key) {
        let substances = substances.clone();
        return Mapping { substances, by: MappedBy::Learned, support: *support };
    }
    let mapping = |substances, by| Mapping { substances, by, support: 0 };
    if let Some(mapped) = map_verbatim(verbatim) {
        return mapping(mapped.ingredients, MappedBy::Seed);
    }
    if let Some(substances) = rxnorm.and_then(|rxnorm| rxnorm.substances(&key)) {
        return mapping(substances.to_vec(), MappedBy::RxNorm);
    }
    let own = ingredients(&key);
    let by = if !own.is_empty() && own.iter().all(|name| known.contains(name.as_str())) {
        MappedBy::Ingredient
    } else {
        MappedBy::Unmapped
    };
    mapping(if own.is_empty() { vec![key] } else { own }, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(verbatim: &str, stated: &str, coding: Coding) -> Name {
        Name { verbatim: verbatim.into(), stated: stated.into(), coding }
    }

    fn map(names: &[(Name, u64)]) -> Vec<(Vec<String>, MappedBy, u64)> {
        let (names, rows): (Vec<_>, Vec<_>) = names.iter().cloned().unzip();
        let mappings = map_names(&names, &rows, None);
        mappings.into_iter().map(|m| (m.substances, m.by, m.support)).collect()
    }

    #[test]
    fn a_product_is_learned_from_the_majority_of_its_stated_rows() {
        let mapped = map(&[
            (name("ZORBITOL", "ZORBITAMINE HYDROCHLORIDE", Coding::Ingredients), 9),
            (name("ZORBITOL", "PLACEBOL", Coding::Ingredients), 2),
            (name("Zorbitol 20 mg", "", Coding::NameOnly), 5),
        ]);
        assert_eq!(mapped[2], (vec!["zorbitamine".to_owned()], MappedBy::Learned, 9));
    }

    #[test]
    fn one_row_or_a_tie_teaches_nothing() {
        let mapped = map(&[
            (name("QUXOL", "QUXAMIDE", Coding::Ingredients), 1),
            (name("QUXOL", "", Coding::NameOnly), 1),
            (name("BAZOL", "BAZINE", Coding::Ingredients), 4),
            (name("BAZOL", "BARINE", Coding::Ingredients), 4),
            (name("BAZOL", "", Coding::NameOnly), 1),
        ]);
        assert_eq!(mapped[1].1, MappedBy::Unmapped);
        assert_eq!(mapped[4].1, MappedBy::Unmapped);
    }

    #[test]
    fn seed_ingredient_and_unmapped() {
        let mapped = map(&[
            (name("LAMICTAL", "", Coding::NameOnly), 1),
            (name("X", "FROBNICATE SODIUM", Coding::Ingredients), 3),
            (name("Frobnicate", "", Coding::NameOnly), 1),
            (name("UNKNOWN HERBAL TEA", "", Coding::NameOnly), 1),
        ]);
        assert_eq!(mapped[0].0, ["lamotrigine"]);
        assert_eq!(mapped[0].1, MappedBy::Seed);
        assert_eq!(mapped[2].1, MappedBy::Ingredient);
        assert_eq!(mapped[3].1, MappedBy::Unmapped);
        assert!(!mapped[3].0.is_empty());
    }

    #[test]
    fn what_is_taken_as_stated_keeps_its_spelling() {
        let mapped = map(&[
            (name("COVID19 (PFIZER)", "COVID19", Coding::AsStated), 1),
            (name("DrugA", "DrugA", Coding::AsStated), 1),
            (name("druga", "druga", Coding::AsStated), 1),
        ]);
        assert_eq!(mapped[0].0, ["COVID19"]);
        assert_eq!(mapped[1].0, ["DrugA"]);
        assert_eq!(mapped[2].0, ["DrugA"]);
    }
}
