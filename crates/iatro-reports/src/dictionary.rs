//! From verbatim names to substances, and from spellings to terms.
//!
//! [`name`] cleans names and splits ingredients by visible rules, [`seed`] knows the agents of the
//! field and their brands, [`rxnorm`] reads a file the user may bring, and `mapping` learns the rest
//! from the corpus, where products stand beside their stated ingredients.

pub mod name;
pub mod rxnorm;
pub mod seed;
pub mod term;

mod forms;
pub(crate) mod mapping;
