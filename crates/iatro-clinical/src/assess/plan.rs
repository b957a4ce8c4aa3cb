//! An instrument made ready: its questions without parts numbered, the parts that are off marked.

use rust_decimal::Decimal;

use super::result::{Interval, Question};
use crate::evidence::EvidenceStatus;
use crate::instrument::{Combine, Criterion, Instrument, Item, Linear, Rule, Variant};
use crate::observation::Comparator;

/// A criterion over numbered questions and items.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Atom(usize),
    All(Vec<Node>),
    Any(Vec<Node>),
    AtLeast(usize, Vec<Node>),
    Not(Box<Node>),
    If(Box<[Node; 3]>),
    Item(usize),
    Score(Comparator, Decimal),
}

/// An item made ready.
pub(super) struct PlanItem {
    pub(super) levels: Vec<(Node, Decimal)>,
    pub(super) otherwise: Decimal,
    /// Points if unknown, as the instrument has it.
    pub(super) unknown: Option<Decimal>,
    /// Coefficient, for a linear item.
    pub(super) linear: Option<Linear>,
    /// Unverified, and not asked for.
    pub(super) off: bool,
    /// Its questions.
    pub(super) atoms: Vec<usize>,
}

/// An instrument made ready.
pub(super) struct Plan<'a> {
    pub(super) instrument: &'a Instrument,
    /// The items in use, those of variants in place.
    pub(super) definitions: Vec<&'a Item>,
    pub(super) items: Vec<PlanItem>,
    pub(super) requires: Option<Node>,
    /// Questions of the requirement.
    pub(super) requires_atoms: Vec<usize>,
    /// The rule in use.
    pub(super) rule_definition: Option<&'a Rule>,
    /// `None` if there is none or it is off.
    pub(super) rule: Option<Node>,
    pub(super) scope: Option<Node>,
    pub(super) combine: Combine,
    /// The questions.
    pub(super) atoms: Vec<&'a Criterion>,
    /// Variants in use.
    pub(super) variants: Vec<&'a Variant>,
    pub(super) evidence_status: EvidenceStatus,
}

impl<'a> Plan<'a> {
    pub(super) fn new(instrument: &'a Instrument, question: &Question) -> Self {
        let variants = variants(instrument, question);
        let definitions: Vec<&Item> = instrument
            .items
            .iter()
            .map(|item| {
                let replaced =
                    variants.iter().rev().find_map(|v| v.items.iter().find(|i| i.id == item.id));
                replaced.unwrap_or(item)
            })
            .collect();
        let rule_definition =
            variants.iter().rev().find_map(|v| v.rule.as_ref()).or(instrument.rule.as_ref());
        let usable = |status: EvidenceStatus| status.usable(question.include_unverified);
        let mut numbers = Numbers { instrument, atoms: Vec::new() };
        let items = definitions
            .iter()
            .map(|item| numbers.item(item, !usable(item.evidence_status)))
            .collect();
        let requires = instrument.requires.as_ref().map(|r| numbers.node(&r.when));
        let rule = rule_definition
            .filter(|rule| usable(rule.evidence_status))
            .map(|rule| numbers.node(&rule.when));
        let scope = instrument.scope.as_ref().map(|scope| numbers.node(&scope.when));
        let used = definitions.iter().map(|item| item.evidence_status);
        let used = used.chain(rule_definition.map(|rule| rule.evidence_status));
        let unverified = used.filter(|&status| usable(status)).chain([instrument.evidence_status]);
        let evidence_status = unverified.max().unwrap_or_default();
        let requires_atoms = requires.as_ref().map(atoms_of).unwrap_or_default();
        Self {
            instrument,
            definitions,
            items,
            requires,
            requires_atoms,
            rule_definition,
            rule,
            scope,
            combine: instrument.combine,
            atoms: numbers.atoms,
            variants,
            evidence_status,
        }
    }

    /// The observables that an item asks for, in the order in which it does.
    pub(super) fn observables(&self, item: usize) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        let atoms = self.items.get(item).map_or(&[][..], |item| &item.atoms);
        let asked = atoms.iter().filter_map(|&atom| observable(self.atoms.get(atom)?));
        let linear = self.definitions.get(item).and_then(|item| item.linear.as_ref());
        for name in asked.chain(linear.map(|linear| linear.observable.as_str())) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }
}

impl PlanItem {
    /// Every number of points that its levels can give.
    pub(super) fn points(&self) -> Interval {
        let all = || self.levels.iter().map(|(_, points)| *points).chain([self.otherwise]);
        let min = all().min().unwrap_or_default();
        Interval { min, max: all().max().unwrap_or_default() }
    }
}

/// The observable of a question.
pub(super) fn observable(atom: &Criterion) -> Option<&str> {
    match atom {
        Criterion::Compare { observable, .. }
        | Criterion::Finding { observable, .. }
        | Criterion::Choice { observable, .. } => Some(observable),
        _ => None,
    }
}

fn variants<'a>(instrument: &'a Instrument, question: &Question) -> Vec<&'a Variant> {
    let asked = |id: &str| question.variants.iter().any(|(i, v)| *i == instrument.id && v == id);
    instrument.variants.iter().filter(|variant| asked(&variant.id)).collect()
}

/// Gives each question its number.
struct Numbers<'a> {
    instrument: &'a Instrument,
    atoms: Vec<&'a Criterion>,
}

impl<'a> Numbers<'a> {
    fn item(&mut self, item: &'a Item, off: bool) -> PlanItem {
        let levels: Vec<_> =
            item.levels.iter().map(|level| (self.node(&level.when), level.points)).collect();
        let mut atoms: Vec<usize> = Vec::new();
        for atom in levels.iter().flat_map(|(node, _)| atoms_of(node)) {
            if !atoms.contains(&atom) {
                atoms.push(atom);
            }
        }
        let (otherwise, unknown, linear) = (item.otherwise, item.unknown, item.linear.clone());
        PlanItem { levels, otherwise, unknown, linear, off, atoms }
    }

    fn node(&mut self, when: &'a Criterion) -> Node {
        let mut nodes = |of: &'a [Criterion]| of.iter().map(|one| self.node(one)).collect();
        match when {
            Criterion::All(of) => Node::All(nodes(of)),
            Criterion::Any(of) => Node::Any(nodes(of)),
            Criterion::AtLeast { count, of } => Node::AtLeast(*count, nodes(of)),
            Criterion::Not(one) => Node::Not(Box::new(self.node(one))),
            Criterion::If { condition, then, otherwise } => {
                let parts = [self.node(condition), self.node(then), self.node(otherwise)];
                Node::If(Box::new(parts))
            }
            Criterion::Item(id) => {
                // The loader holds that every item named is there.
                let at = self.instrument.items.iter().position(|item| item.id == *id);
                Node::Item(at.unwrap_or(usize::MAX))
            }
            Criterion::Score { comparator, limit } => Node::Score(*comparator, *limit),
            Criterion::Compare { .. } | Criterion::Finding { .. } | Criterion::Choice { .. } => {
                let known = self.atoms.iter().position(|atom| *atom == when);
                Node::Atom(known.unwrap_or_else(|| {
                    self.atoms.push(when);
                    self.atoms.len() - 1
                }))
            }
        }
    }
}

/// The questions under a node.
pub(super) fn atoms_of(node: &Node) -> Vec<usize> {
    match node {
        Node::Atom(at) => vec![*at],
        Node::All(of) | Node::Any(of) | Node::AtLeast(_, of) => {
            of.iter().flat_map(atoms_of).collect()
        }
        Node::Not(one) => atoms_of(one),
        Node::If(parts) => parts.iter().flat_map(atoms_of).collect(),
        Node::Item(_) | Node::Score(..) => Vec::new(),
    }
}
