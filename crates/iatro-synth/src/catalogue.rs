//! What reports are made of: substances, their classes, and reaction terms, from embedded tables.
//!
//! `data/substances.tsv` has real generic names with names found in trade; `data/classes.tsv` says
//! how a class is given, and what for; `data/terms.tsv` has preferred terms. The letter of the
//! `tier` column orders popularity (`a` first); `p` marks substances that only the event model
//! places on reports. A corpus of true size has invented substances and terms besides, less popular
//! than these (see [`vocabulary`](crate::vocabulary)).

use std::collections::BTreeMap;

use crate::error::SynthError;
use crate::quarter::Quarter;
use crate::sampler::{Rng, Weighted, chance, pick};
use crate::vocabulary;

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
    /// Their popularity within the class; each as likely in a catalogue of the embedded tables only.
    siblings: Option<Vec<Weighted>>,
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
            siblings: None,
            popularity: Weighted::zipf(ranked.len(), 6.0, 0.9),
            term_popularity: Weighted::zipf(terms.len(), 6.0, 0.95),
            terms: terms.into_iter().map(|(_, fields)| fields[0]).collect(),
            substances,
            classes,
            ranked,
            members,
        })
    }

    /// The embedded tables and the invented names: 4,000 substances and 20,000 terms. The tail of
    /// the popularity is that of the published files, where the rarest have a handful of reports.
    pub(crate) fn large() -> Result<Self, SynthError> {
        let mut all = Self::load()?;
        let classes = all.classes.len().max(1);
        for (number, invented) in vocabulary::substances().iter().enumerate() {
            let place = all.substances.len();
            let class = number % classes;
            all.substances.push(Substance {
                name: &invented.name,
                class,
                since: since(number),
                salt: if number % 3 == 0 { SALTS[number % SALTS.len()] } else { "" },
                names: invented.names.iter().map(String::as_str).collect(),
            });
            all.ranked.push(place);
            all.members[class].push(place);
        }
        all.terms.extend(vocabulary::terms().iter().map(String::as_str));
        all.popularity = Weighted::falling(all.ranked.len(), 20.0, 1.1, 700.0);
        all.term_popularity = Weighted::falling(all.terms.len(), 6.0, 1.0, 3_000.0);
        let mut weights = vec![0.0; all.substances.len()];
        for (rank, place) in all.ranked.iter().enumerate() {
            weights[*place] = all.popularity.weight(rank);
        }
        let siblings = |members: &Vec<usize>| Weighted::new(members.iter().map(|m| weights[*m]));
        all.siblings = Some(all.members.iter().map(siblings).collect());
        Ok(all)
    }

    /// How many substances and how many terms there are.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.substances.len(), self.terms.len())
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
        let class = self.substances[lead].class;
        let members = &self.members[class];
        let sibling = match &self.siblings {
            Some(siblings) => members.get(siblings[class].draw(rng)),
            None => pick(rng, members),
        };
        match sibling {
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

/// The salts of invented substances.
const SALTS: [&str; 4] = ["HYDROCHLORIDE", "SODIUM", "MESYLATE", "TARTRATE"];

/// The first quarter of an invented substance: of every five three come to the market from 2005 to
/// 2024.
fn since(number: usize) -> Option<Quarter> {
    let year = u16::try_from(2005 + number / 5 % 20).ok()?;
    let quarter = u8::try_from(1 + number / 100 % 4).ok()?;
    (number % 5 > 1).then(|| Quarter::new(year, quarter)).flatten()
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
    fn the_large_catalogue_has_its_numbers_and_every_name_once() {
        let catalogue = Catalogue::large().unwrap();
        assert_eq!(catalogue.size(), (4_000, 20_000));
        let mut seen = BTreeSet::new();
        for substance in &catalogue.substances {
            for name in substance.names.iter().chain([&substance.name]) {
                assert!(seen.insert(*name), "{name} names two substances");
            }
        }
        let terms: BTreeSet<&str> = catalogue.terms.iter().copied().collect();
        assert_eq!(terms.len(), 20_000);
        assert!(catalogue.members.iter().all(|members| members.len() > 20));
        let rarest = catalogue.popularity.weight(catalogue.ranked.len() - 1);
        let most = catalogue.popularity.weight(0);
        assert!(most / rarest > 1e4, "{}", most / rarest);
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
