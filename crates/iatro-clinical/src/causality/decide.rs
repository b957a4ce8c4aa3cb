//! From answers to a category: points, a flow chart, or rules; and every category that the open questions leave
//! reachable.

mod flow;
mod points;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::definition::{Definition, Method, Query, Use};

/// Ids of answers by id of question; a question that is not in it is unknown.
pub(crate) type Answers = BTreeMap<String, String>;

/// What comes out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decision {
    /// The category with what is known.
    pub(crate) category: Option<String>,
    /// Every category that some completion gives.
    pub(crate) reachable: BTreeSet<String>,
    /// The total.
    pub(crate) total: Option<Total>,
    /// What decided, in words.
    pub(crate) decided_by: Vec<String>,
    /// Questions that were come past; `None` if all were.
    pub(crate) asked: Option<BTreeSet<String>>,
}

/// A total over every completion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Total {
    /// `None` if nothing is published for an answer that is not known.
    pub(crate) as_published: Option<Decimal>,
    pub(crate) min: Decimal,
    pub(crate) max: Decimal,
    /// With what can hardly be answered left open.
    pub(crate) ceiling: Decimal,
}

pub(crate) const UNKNOWN: &str = "unknown";

/// The id of the answer to a question.
pub(crate) fn given<'a>(query: &Query, answers: &'a Answers) -> &'a str {
    answers.get(&query.id).map_or(UNKNOWN, String::as_str)
}

/// Decides.
pub(crate) fn decide(definition: &Definition, use_of: &Use<'_>, answers: &Answers) -> Decision {
    match definition.method {
        Method::Points => points::decide(definition, use_of, answers),
        Method::Flow => flow::decide(definition, answers),
        Method::Rules => rules::decide(definition, answers),
        Method::Grid => Decision::default(),
    }
}

/// The category of a total.
pub(crate) fn band(definition: &Definition, total: Decimal) -> Option<String> {
    let mut reached =
        definition.categories.iter().filter(|c| c.from.is_none_or(|from| total >= from));
    reached.next_back().map(|category| category.id.clone())
}
