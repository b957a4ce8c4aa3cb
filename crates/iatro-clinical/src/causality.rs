//! Which of the drugs could have brought it about? The case laid out drug by drug.
//!
//! Each instrument is a data file ([`definition`]); its answers come first from what a person stated in the case, else
//! from the fields of the case where that is honest, each with its reason and row; else they are unknown, and unknown is
//! not no. No number about reports enters: a category is never derived from disproportionality.

mod definition;
mod load;
mod result;
mod walk;

pub use definition::{Answer, Band, CausalityInstrument, Kind, Question, UNKNOWN};
pub use load::{all, find, load};
pub use result::{
    AgentClass, AnsweredBy, AnsweredQuestion, Aspect, CaseCausality, CausalityAnswer,
    CausalityQuestion, Completeness, DayRange, DrugCausality, Latency, Missing, NotAssessed,
    OnsetKnown, PublishedLatency, TimelineKind, TimelineRow, TriggerSeen,
};
pub use walk::{Answers, Outcome, outcome};
