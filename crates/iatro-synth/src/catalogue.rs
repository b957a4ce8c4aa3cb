//! What reports are made of: substances, their classes, and reaction terms, from embedded tables.
//!
//! `data/substances.tsv` has real generic names with names found in trade; `data/classes.tsv` says
//! how a class is given, and what for; `data/terms.tsv` has preferred terms. The letter of the
//! `tier` column orders popularity (`a` first); `p` marks substances that only the event model
//! places on reports.

use std::collections::BTreeMap;

use crate::error::SynthError;
use crate::quarter::Quarter;
use crate::sampler::{Rng, Weighted, chance, pick};

const SUBSTANCES: &str = include_str!("../data/substances.tsv");
const CLASSES: &str = include_str!("../data/classes.tsv");
const TERMS: &str = include_str!("../data/terms.tsv");

/// A substance, or a combination of them separated by `\`.
#[derive(Debug)]
pub(crate) struct Substance {
    pub(crate) name: &'static str,
    pub(crate) class: usize,
    /// Not on the market before this quarter.
    pub(crate) since: Option<Quarter>,
    /// The salt of the usual product; blank if none.
    pub(crate) salt: &'static str,
    /// Further names, as reports give them.
    pub(crate) names: Vec<&'static str>,
}

/// How the substances of a class are given.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) routes: Vec<&'static str>,
    pub(crate) forms: Vec<&'static str>,
    /// Amount and unit, such as `20 MG`.
    pub(crate) doses: Vec<&'static str>,
    pub(crate) indications: Vec<&'static str>,
}

/// The embedded tables with their popularity.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) substances: Vec<Substance>,
    pub(crate) classes: Vec<Class>,
    terms: Vec<&'static str>,
    /// Background substances, most popular first.
    ranked: Vec<usize>,
    /// Background substances of each class.
    members: Vec<Vec<usize>>,
    popularity: Weighted,
    term_popularity: Weighted,
}

type Rows = Vec<(usize, Vec<&'static str>)>;

impl Catalogue {
    /// Reads the embedded tables.
    pub(crate) fn load() -> Result<Self, SynthError> {
        let (classes, class_names) = classes()?;
        let (substances, tiers) = substances(&class_names)?;
        let mut terms = rows("terms.tsv", TERMS, 2)?;
        terms.sort_by_key(|(_, fields)| fields[1]);
        let mut ranked: Vec<usize> = (0..substances.len()).filter(|i| tiers[*i] != "p").collect();
        ranked.sort_by_key(|i| tiers[*i]);
        let mut members = vec![Vec::new(); classes.len()];
        for i in &ranked {
            members[substances[*i].class].push(*i);
        }
        Ok(Self {
            popularity: Weighted::zipf(ranked.len(), 6.0, 0.9),
            term_popularity: Weighted::zipf(terms.len(), 6.0, 0.95),
            terms: terms.into_iter().map(|(_, fields)| fields[0]).collect(),
            substances,
            classes,
            ranked,
            members,
        })
    }

    /// The position of a substance by its exact name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.substances.iter().position(|substance| substance.name == name)
    }

    /// The class of a substance.
    pub(crate) fn class_of(&self, substance: usize) -> &Class {
        &self.classes[self.substances[substance].class]
    }

    /// Whether a substance is on the market.
    pub(crate) fn available(&self, substance: usize, quarter: Quarter) -> bool {
        self.substances[substance].since.is_none_or(|since| since <= quarter)
    }

    /// A background substance on the market, by popularity.
    pub(crate) fn draw_substance(&self, rng: &mut Rng, quarter: Quarter) -> usize {
        for _ in 0..20 {
            let substance = self.ranked[self.popularity.draw(rng)];
            if self.available(substance, quarter) {
                return substance;
            }
        }
        self.ranked[0]
    }

    /// A drug to go with a lead drug: often of the same class, otherwise by popularity.
    pub(crate) fn draw_companion(&self, rng: &mut Rng, lead: usize, quarter: Quarter) -> usize {
        let siblings = &self.members[self.substances[lead].class];
        match pick(rng, siblings) {
            Some(sibling) if chance(rng, 0.25) && self.available(*sibling, quarter) => *sibling,
            _ => self.draw_substance(rng, quarter),
        }
    }

    /// A reaction term, by popularity.
    pub(crate) fn draw_term(&self, rng: &mut Rng) -> &'static str {
        self.terms[self.term_popularity.draw(rng)]
    }

    /// Single ingredients that were on the market at all times and are in no combination, but for
    /// the most popular background substances.
    pub(crate) fn minor(&self) -> Vec<&'static str> {
        const POPULAR: usize = 90;
        let popular = &self.ranked[..POPULAR.min(self.ranked.len())];
        let names = self.substances.iter().map(|substance| substance.name);
        let combined: Vec<&str> =
            names.filter(|name| name.contains('\\')).flat_map(|name| name.split('\\')).collect();
        let all = self.substances.iter().enumerate();
        let minor = all.filter(|(place, substance)| {
            let single = !substance.name.contains('\\') && !combined.contains(&substance.name);
            single && substance.since.is_none() && !popular.contains(place)
        });
        minor.map(|(_, substance)| substance.name).collect()
    }

    /// Whether a term is one of the background terms.
    pub(crate) fn has_term(&self, term: &str) -> bool {
        self.terms.contains(&term)
    }
}

fn rows(file: &'static str, text: &'static str, width: usize) -> Result<Rows, SynthError> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() != width || fields[0].is_empty() {
            let problem = format!("{} fields, not {width}, or no name", fields.len());
            return Err(SynthError::Catalogue { file, line: index + 1, problem });
        }
        rows.push((index + 1, fields));
    }
    Ok(rows)
}

fn list(field: &'static str) -> Vec<&'static str> {
    field.split('|').filter(|part| !part.is_empty()).collect()
}

fn classes() -> Result<(Vec<Class>, BTreeMap<&'static str, usize>), SynthError> {
    let mut classes = Vec::new();
    let mut names = BTreeMap::new();
    for (_, fields) in rows("classes.tsv", CLASSES, 5)? {
        names.insert(fields[0], classes.len());
        classes.push(Class {
            routes: list(fields[1]),
            forms: list(fields[2]),
            doses: list(fields[3]),
            indications: list(fields[4]),
        });
    }
    Ok((classes, names))
}

type Tiers = Vec<&'static str>;

fn substances(
    classes: &BTreeMap<&'static str, usize>,
) -> Result<(Vec<Substance>, Tiers), SynthError> {
    let file = "substances.tsv";
    let mut substances = Vec::new();
    let mut tiers = Vec::new();
    for (line, fields) in rows(file, SUBSTANCES, 6)? {
        let Some(class) = classes.get(fields[1]) else {
            let problem = format!("no class \"{}\"", fields[1]);
            return Err(SynthError::Catalogue { file, line, problem });
        };
        let since = match fields[3] {
            "" => None,
            text => Some(text.parse()?),
        };
        tiers.push(fields[2]);
        substances.push(Substance {
            name: fields[0],
            class: *class,
            since,
            salt: fields[4],
            names: list(fields[5]),
        });
    }
    Ok((substances, tiers))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn tables_are_complete_and_names_belong_to_one_substance() {
        let catalogue = Catalogue::load().unwrap();
        assert!(catalogue.substances.len() > 300);
        assert!(catalogue.terms.len() > 500);
        let mut seen = BTreeSet::new();
        for substance in &catalogue.substances {
            for name in substance.names.iter().chain([&substance.name]) {
                assert!(seen.insert(*name), "{name} names two substances");
                assert!(name.is_ascii() && !name.contains('$'));
            }
        }
        for class in &catalogue.classes {
            assert!(!class.routes.is_empty() && !class.doses.is_empty());
            assert!(!class.forms.is_empty() && !class.indications.is_empty());
        }
    }

    #[test]
    fn popularity_is_skewed() {
        let catalogue = Catalogue::load().unwrap();
        let mut rng = <Rng as rand::SeedableRng>::seed_from_u64(3);
        let quarter = "2022Q4".parse().unwrap();
        let mut counts = vec![0u32; catalogue.substances.len()];
        for _ in 0..50_000 {
            counts[catalogue.draw_substance(&mut rng, quarter)] += 1;
        }
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let top: u32 = counts[..20].iter().sum();
        assert!((8_000..30_000).contains(&top), "{top}");
        assert!(counts.iter().filter(|n| **n > 0).count() > 300);
    }
}
