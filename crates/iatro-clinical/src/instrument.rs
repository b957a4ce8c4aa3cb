//! Instruments as data: items, cut-offs with their comparators and units, points, population, citation,
//! evidence status. One TOML file an instrument, under `data/instruments`.

mod check;
mod criterion;
mod definition;
mod load;
mod observables;
pub(crate) mod page;
mod words;

pub use criterion::{Criterion, CriterionError, Limit};
pub use definition::{
    Category, Combine, Instrument, Item, Level, Linear, ProbabilityRow, ProbabilityTable,
    Requirement, Rule, Scope, Since, Variant,
};
pub use load::{DefinitionError, all, find, load};
pub use page::NOTICE;
pub(crate) use words::of as in_words;
