//! Names and terms as a reader's lake shows them, each text kept once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::event::NEW_TERM;
use crate::model::EventModel;
use crate::report::Term;

/// Ingredients whose name in the catalogue, in lower case, is not the international one without its
/// salt.
const INTERNATIONAL: [(&str, &str); 7] = [
    ("CEPHALEXIN", "cefalexin"),
    ("CLAVULANATE POTASSIUM", "clavulanic acid"),
    ("CYCLOSPORINE", "ciclosporin"),
    ("DABIGATRAN ETEXILATE", "dabigatran"),
    ("MESALAMINE", "mesalazine"),
    ("MYCOPHENOLATE MOFETIL", "mycophenolic acid"),
    ("RIFAMPIN", "rifampicin"),
];

/// The ingredients of a substance of the catalogue: lower case, in the order of the alphabet.
pub(super) fn ingredients(name: &str) -> Vec<Arc<str>> {
    let international = |part: &str| {
        let known = INTERNATIONAL.iter().find(|(name, _)| *name == part);
        known.map_or_else(|| part.to_ascii_lowercase(), |(_, inn)| (*inn).to_owned())
    };
    let mut all: Vec<String> = name.split('\\').map(international).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(Arc::from).collect()
}

/// The texts of a sample.
#[derive(Debug)]
pub(super) struct Spelling {
    /// Of each substance of the catalogue.
    ingredients: Vec<Vec<Arc<str>>>,
    terms: BTreeMap<&'static str, Arc<str>>,
    diseases: Vec<Arc<str>>,
    event: Arc<str>,
}

impl Spelling {
    pub(super) fn new(catalogue: &Catalogue, model: &EventModel) -> Self {
        Self {
            ingredients: catalogue.substances.iter().map(|s| ingredients(s.name)).collect(),
            terms: BTreeMap::new(),
            diseases: model.diseases.iter().map(|d| Arc::from(d.term.as_str())).collect(),
            event: Arc::from(NEW_TERM),
        }
    }

    /// The ingredients of a substance by its position in the catalogue.
    pub(super) fn of(&self, substance: usize) -> &[Arc<str>] {
        self.ingredients.get(substance).map_or(&[], Vec::as_slice)
    }

    /// A trigger disease by its position in the model.
    pub(super) fn disease(&self, disease: usize) -> Arc<str> {
        self.diseases[disease].clone()
    }

    /// A preferred term, the event under its current name.
    pub(super) fn term(&mut self, term: Term) -> Arc<str> {
        match term {
            Term::Named(text) => self.terms.entry(text).or_insert_with(|| Arc::from(text)).clone(),
            Term::Disease(disease) => self.disease(disease),
            Term::Event => self.event.clone(),
        }
    }
}
