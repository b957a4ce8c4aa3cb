//! The distinct names and terms of a part; rows carry their places in these lists.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::dictionary::term::fold_term;

/// How the substance of a drug row is stated.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Coding {
    /// By name only; the dictionary maps it.
    NameOnly,
    /// By a column of active ingredients (`prod_ai`), parted by `\`.
    Ingredients,
    /// By a code or name that is the substance as it stands (VAX_TYPE; a line list's drug).
    AsStated,
}

impl Coding {
    pub(crate) const ALL: [Self; 3] = [Self::NameOnly, Self::Ingredients, Self::AsStated];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NameOnly => "name",
            Self::Ingredients => "ingredients",
            Self::AsStated => "as_stated",
        }
    }
}

/// A drug as a report names it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Name {
    pub(crate) verbatim: String,
    /// The substance as the report states it; empty when it does not.
    pub(crate) stated: String,
    pub(crate) coding: Coding,
}

/// A name that is only looked at; it hashes and compares like the owned one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct NameRef<'t> {
    pub(crate) verbatim: &'t str,
    pub(crate) stated: &'t str,
    pub(crate) coding: Coding,
}

impl hashbrown::Equivalent<Name> for NameRef<'_> {
    fn equivalent(&self, name: &Name) -> bool {
        self.coding == name.coding && self.verbatim == name.verbatim && self.stated == name.stated
    }
}

impl NameRef<'_> {
    fn to_name(self) -> Name {
        let Self { verbatim, stated, coding } = self;
        Name { verbatim: verbatim.to_owned(), stated: stated.to_owned(), coding }
    }
}

/// A term: how it is compared, and the spellings seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Term {
    pub(crate) folded: String,
    /// Distinct spellings, sorted.
    pub(crate) variants: Vec<String>,
}

impl Term {
    fn add(&mut self, variant: String) {
        if let Err(at) = self.variants.binary_search(&variant) {
            self.variants.insert(at, variant);
        }
    }
}

/// Distinct names in order of first sight.
#[derive(Clone, Debug, Default)]
struct Names {
    list: Vec<Name>,
    ids: HashMap<Name, u32, foldhash::fast::FixedState>,
}

/// Distinct names and terms in order of first sight.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbols {
    /// Shared by clones: the parts of a snapshot have their own spellings, but the same names.
    names: Arc<Names>,
    terms: Vec<Term>,
    term_ids: HashMap<String, u32, foldhash::fast::FixedState>,
    /// Spelling to term, so that each spelling is folded once.
    spellings: HashMap<String, u32, foldhash::fast::FixedState>,
}

impl Symbols {
    pub(crate) fn names(&self) -> &[Name] {
        &self.names.list
    }

    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The symbol of a name.
    pub(crate) fn name(&mut self, name: Name) -> u32 {
        match self.names.ids.get(&name) {
            Some(&id) => id,
            None => self.new_name(name),
        }
    }

    /// The symbol of a name, which is copied only if it is new.
    pub(crate) fn name_ref(&mut self, name: NameRef<'_>) -> u32 {
        match self.names.ids.get(&name) {
            Some(&id) => id,
            None => self.new_name(name.to_name()),
        }
    }

    fn new_name(&mut self, name: Name) -> u32 {
        let names = Arc::make_mut(&mut self.names);
        let id = next_id(names.list.len());
        names.list.push(name.clone());
        names.ids.insert(name, id);
        id
    }

    /// The symbol of a term in one spelling.
    pub(crate) fn term(&mut self, spelling: &str) -> u32 {
        if let Some(&id) = self.spellings.get(spelling) {
            return id;
        }
        let id = self.folded_term(fold_term(spelling), [spelling.to_owned()]);
        self.spellings.insert(spelling.to_owned(), id);
        id
    }

    /// The symbol of a term with all its spellings.
    pub(crate) fn folded_term(
        &mut self,
        folded: String,
        variants: impl IntoIterator<Item = String>,
    ) -> u32 {
        let id = match self.term_ids.get(&folded) {
            Some(&id) => id,
            None => {
                let id = next_id(self.terms.len());
                self.term_ids.insert(folded.clone(), id);
                self.terms.push(Term { folded, variants: Vec::new() });
                id
            }
        };
        variants.into_iter().for_each(|variant| self.terms[id as usize].add(variant));
        id
    }

    /// Adds a spelling of a term; `None` if there is no such term.
    pub(crate) fn add_spelling(&mut self, term: u32, spelling: String) -> Option<()> {
        self.terms.get_mut(term as usize).map(|term| term.add(spelling))
    }
}

/// Ids are dense from 0; a corpus has far fewer than 2^32 distinct names.
fn next_id(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_term_share_a_symbol() {
        let mut symbols = Symbols::default();
        let upper = symbols.term("DIARRHOEA");
        assert_eq!(symbols.term("Diarrhoea"), upper);
        assert_ne!(symbols.term("Nausea"), upper);
        assert_eq!(symbols.terms()[0].variants, ["DIARRHOEA", "Diarrhoea"]);
    }

    #[test]
    fn a_clone_has_its_own_spellings() {
        let mut symbols = Symbols::default();
        let rash = symbols.folded_term("rash".into(), []);
        let mut clone = symbols.clone();
        assert_eq!(clone.add_spelling(rash, "Rash".into()), Some(()));
        assert_eq!(clone.add_spelling(rash + 1, "Rash".into()), None);
        assert_eq!(clone.terms()[0].variants, ["Rash"]);
        assert!(symbols.terms()[0].variants.is_empty());
    }

    #[test]
    fn a_name_with_another_ingredient_is_another_name() {
        let mut symbols = Symbols::default();
        let name = |stated: &str| Name {
            verbatim: "SEPTRA".into(),
            stated: stated.into(),
            coding: Coding::Ingredients,
        };
        let first = symbols.name(name("TRIMETHOPRIM"));
        assert_ne!(symbols.name(name("SULFAMETHOXAZOLE\\TRIMETHOPRIM")), first);
        assert_eq!(symbols.name(name("TRIMETHOPRIM")), first);
        let borrowed = |verbatim, stated, coding| NameRef { verbatim, stated, coding };
        let same = borrowed("SEPTRA", "TRIMETHOPRIM", Coding::Ingredients);
        assert_eq!(symbols.name_ref(same), first);
        for (other, id) in [
            (borrowed("SEPTRA", "TRIMETHOPRIM", Coding::AsStated), 2),
            (borrowed("SEPTRATRIM", "ETHOPRIM", Coding::Ingredients), 3),
        ] {
            assert_eq!((symbols.name_ref(other), symbols.name_ref(other)), (id, id));
            assert_eq!(symbols.name(other.to_name()), id);
        }
    }
}
