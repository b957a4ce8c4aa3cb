//! A plan with the answers to its questions: points, total, verdict.

use rust_decimal::Decimal;

use super::plan::{Node, Plan, PlanItem};
use super::result::{Interval, Verdict};
use crate::instrument::Combine;
use crate::logic::Ternary;

/// The answers: of each question, and of each linear item the ends of its points.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    pub(super) atoms: Vec<Ternary>,
    pub(super) linear: Vec<Option<Interval>>,
}

/// What an item comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ItemOutcome {
    pub(super) state: Ternary,
    pub(super) points: Interval,
}

/// What an instrument comes to.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) items: Vec<ItemOutcome>,
    pub(super) requires: Ternary,
    pub(super) score: Interval,
    pub(super) verdict: Verdict,
}

/// Evaluates the items.
pub(super) fn items(plan: &Plan<'_>, answers: &Answers) -> Vec<ItemOutcome> {
    let of = |(at, one): (usize, &PlanItem)| {
        item(one, &answers.atoms, answers.linear.get(at).copied().flatten())
    };
    plan.items.iter().enumerate().map(of).collect()
}

/// Evaluates the whole.
pub(super) fn evaluate(plan: &Plan<'_>, answers: &Answers) -> Outcome {
    let items = items(plan, answers);
    let (requires, score, verdict) = total(plan, &answers.atoms, &items);
    Outcome { items, requires, score, verdict }
}

/// Requirement, total and verdict for items that have been evaluated.
pub(super) fn total(
    plan: &Plan<'_>,
    atoms: &[Ternary],
    items: &[ItemOutcome],
) -> (Ternary, Interval, Verdict) {
    let points = || items.iter().map(|item| item.points);
    let mut score = match plan.combine {
        Combine::Sum => points().fold(ZERO, |sum, one| Interval {
            min: sum.min.saturating_add(one.min),
            max: sum.max.saturating_add(one.max),
        }),
        Combine::Worst => points()
            .reduce(|a, b| Interval { min: a.min.max(b.min), max: a.max.max(b.max) })
            .unwrap_or(ZERO),
    };
    let context = Context { atoms, items, score: None };
    let requires = plan.requires.as_ref().map_or(Ternary::Met, |node| context.state(node));
    score = match requires {
        Ternary::Met => score,
        Ternary::NotMet => ZERO,
        Ternary::Unknown => {
            Interval { min: score.min.min(Decimal::ZERO), max: score.max.max(Decimal::ZERO) }
        }
    };
    let context = Context { score: Some(score), ..context };
    let verdict = plan.rule.as_ref().map(|rule| requires.and(context.state(rule)));
    let verdict = match verdict {
        None => Verdict::None,
        Some(Ternary::Met) => Verdict::Fulfilled,
        Some(Ternary::NotMet) => Verdict::NotFulfilled,
        Some(Ternary::Unknown) => Verdict::Indeterminate,
    };
    (requires, score, verdict)
}

/// The state of a criterion that asks the record alone.
pub(super) fn state(node: &Node, atoms: &[Ternary]) -> Ternary {
    Context { atoms, items: &[], score: None }.state(node)
}

const ZERO: Interval = Interval { min: Decimal::ZERO, max: Decimal::ZERO };

/// The first level from the top that holds gives the points; every one above it that may hold may give its own.
fn item(item: &PlanItem, atoms: &[Ternary], linear: Option<Interval>) -> ItemOutcome {
    if item.off {
        // Not usable: it can be anything that its levels give.
        let points = linear.unwrap_or_else(|| item.points());
        return ItemOutcome { state: Ternary::Unknown, points };
    }
    if item.linear.is_some() {
        let points = linear.unwrap_or(ZERO);
        let known = linear.is_some() && points.min == points.max;
        return ItemOutcome { state: if known { Ternary::Met } else { Ternary::Unknown }, points };
    }
    let context = Context { atoms, items: &[], score: None };
    let mut possible: Option<Interval> = None;
    let mut add = |points: Decimal| {
        possible = Some(possible.map_or(Interval { min: points, max: points }, |so_far| {
            Interval { min: so_far.min.min(points), max: so_far.max.max(points) }
        }));
    };
    let mut state = Ternary::NotMet;
    for (node, points) in &item.levels {
        let own = context.state(node);
        state = state.or(own);
        if own != Ternary::NotMet {
            add(*points);
        }
        if own == Ternary::Met {
            break;
        }
    }
    if state != Ternary::Met {
        add(item.otherwise);
    }
    ItemOutcome { state, points: possible.unwrap_or(ZERO) }
}

/// What a criterion is asked in.
struct Context<'a> {
    atoms: &'a [Ternary],
    items: &'a [ItemOutcome],
    score: Option<Interval>,
}

impl Context<'_> {
    fn state(&self, node: &Node) -> Ternary {
        let states = |of: &'_ [Node]| of.iter().map(|one| self.state(one)).collect::<Vec<_>>();
        match node {
            Node::Atom(at) => self.atoms.get(*at).copied().unwrap_or(Ternary::Unknown),
            Node::All(of) => {
                of.iter().fold(Ternary::Met, |so_far, one| so_far.and(self.state(one)))
            }
            Node::Any(of) => {
                of.iter().fold(Ternary::NotMet, |so_far, one| so_far.or(self.state(one)))
            }
            Node::AtLeast(count, of) => Ternary::at_least(*count, states(of)),
            Node::Not(one) => !self.state(one),
            Node::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                let (then, otherwise) = (self.state(then), self.state(otherwise));
                match self.state(condition) {
                    Ternary::Met => then,
                    Ternary::NotMet => otherwise,
                    Ternary::Unknown if then == otherwise => then,
                    Ternary::Unknown => Ternary::Unknown,
                }
            }
            Node::Item(at) => self.items.get(*at).map_or(Ternary::Unknown, |item| item.state),
            Node::Score(comparator, limit) => {
                let Some(Interval { min, max }) = self.score else { return Ternary::Unknown };
                super::range::Range::closed(min, max).decide(*comparator, *limit)
            }
        }
    }
}
