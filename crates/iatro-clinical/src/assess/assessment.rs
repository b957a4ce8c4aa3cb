//! One instrument on one case.

use rust_decimal::Decimal;

use super::evaluate::{self, Answers, ItemOutcome, Outcome};
use super::frame::Frame;
use super::judge::{self, Judged};
use super::plan::{Plan, PlanItem, atoms_of, observable};
use super::result::{Applicability, Assessment, Evidence, Interval, ItemResult, Question, Verdict};
use super::{interference, probability};
use crate::evidence::EvidenceStatus;
use crate::instrument::{Category, Instrument, Linear};
use crate::logic::Ternary;

/// What stands beside every instrument.
pub(super) const NOT_VALIDATED: &str = "not validated for iatrogenic HLH";

/// A plan with what the record answers.
pub(super) struct Answered<'a> {
    pub(super) plan: Plan<'a>,
    pub(super) judged: Vec<Judged>,
    pub(super) answers: Answers,
    pub(super) outcome: Outcome,
    spans: Vec<Option<judge::Span>>,
}

impl<'a> Answered<'a> {
    pub(super) fn new(frame: &Frame<'_>, instrument: &'a Instrument, question: &Question) -> Self {
        let frame = &frame.of(instrument);
        let plan = Plan::new(instrument, question);
        let judged: Vec<Judged> = plan.atoms.iter().map(|atom| judge::judge(frame, atom)).collect();
        let spans: Vec<Option<judge::Span>> = plan
            .items
            .iter()
            .map(|item| item.linear.as_ref().and_then(|linear| judge::span(frame, linear)))
            .collect();
        let linear = plan
            .items
            .iter()
            .zip(&spans)
            .map(|(item, span)| Some(scaled(item.linear.as_ref()?, span.as_ref()?.ends)));
        let answers = Answers {
            atoms: judged.iter().map(|one| one.state).collect(),
            linear: linear.collect(),
        };
        let outcome = evaluate::evaluate(&plan, &answers);
        Self { plan, judged, answers, outcome, spans }
    }

    /// Whether a question bears on points or verdict, not only on whether the instrument may be asked.
    pub(super) fn used(&self, atom: usize) -> bool {
        let items = self.plan.items.iter().filter(|item| !item.off);
        let rule = self.plan.rule.as_ref().map(atoms_of).unwrap_or_default();
        items
            .flat_map(|item| &item.atoms)
            .chain(&self.plan.requires_atoms)
            .chain(&rule)
            .any(|&at| at == atom)
    }

    /// The observables through which an item is met.
    pub(super) fn met_observables(&self, item: usize) -> Vec<&'a str> {
        let atoms = self.plan.items.get(item).map_or(&[][..], |item| &item.atoms);
        let met = atoms.iter().filter(|&&at| self.answers.atoms.get(at) == Some(&Ternary::Met));
        met.filter_map(|&at| observable(self.plan.atoms.get(at)?)).collect()
    }

    /// The observables that leave an item open.
    pub(super) fn open_observables(&self, item: usize) -> Vec<&'a str> {
        let open = |name: &&str| {
            let own = self.plan.atoms.iter().zip(&self.judged);
            let mut own = own.filter(|(atom, _)| observable(atom) == Some(*name));
            own.any(|(_, judged)| judged.state == Ternary::Unknown)
                || self.spans.get(item).is_some_and(Option::is_some)
        };
        self.plan.observables(item).into_iter().filter(open).collect()
    }

    pub(super) fn applicability(&self) -> Applicability {
        match (&self.plan.scope, &self.plan.instrument.scope) {
            (Some(node), Some(scope)) => Applicability {
                state: evaluate::state(node, &self.answers.atoms),
                label: scope.label.clone(),
            },
            _ => Applicability {
                state: Ternary::Met,
                label: "its data file states no restriction".to_owned(),
            },
        }
    }

    /// The whole answer.
    pub(super) fn assessment(&self, frame: &Frame<'_>, question: &Question) -> Assessment {
        let frame = &frame.of(self.plan.instrument);
        let instrument = self.plan.instrument;
        let outcome = &self.outcome;
        let table = instrument.probability.as_ref();
        let mut items: Vec<ItemResult> =
            (0..self.plan.items.len()).filter_map(|at| self.item(frame, question, at)).collect();
        items.extend(self.requirement(frame, question));
        let mut caveats = instrument.caveats.clone();
        caveats
            .extend(self.plan.variants.iter().map(|one| format!("variant in use: {}", one.label)));
        Assessment {
            id: instrument.id.clone(),
            name: instrument.name.clone(),
            purpose: instrument.purpose.clone(),
            verdict: outcome.verdict,
            rule: self.rule_in_words(),
            score: Interval {
                min: outcome.score.min.normalize(),
                max: outcome.score.max.normalize(),
            },
            as_published: self.as_published(),
            categories: categories(&instrument.categories, outcome.score),
            probability: table.and_then(|table| probability::of(table, outcome.score)),
            items,
            applicability: self.applicability(),
            population: instrument.population.clone(),
            not_validated: NOT_VALIDATED,
            evidence_status: self.plan.evidence_status,
            caveats,
            citation: instrument.citation.clone(),
        }
    }

    fn rule_in_words(&self) -> Option<String> {
        let rule = self.plan.rule_definition?;
        Some(match (self.outcome.verdict, rule.evidence_status) {
            (Verdict::None, _) => format!("{} (unverified, off: no verdict)", rule.label),
            (_, EvidenceStatus::Unverified) => format!("{} (unverified)", rule.label),
            _ => rule.label.clone(),
        })
    }

    /// The total in which items that are not known have the points that the instrument gives them.
    fn as_published(&self) -> Option<Decimal> {
        let rows = || self.plan.items.iter().zip(&self.outcome.items);
        rows().find(|(item, _)| item.unknown.is_some())?;
        let points = rows().map(|(item, outcome)| {
            let Interval { min, max } = outcome.points;
            if min == max {
                return Some(min);
            }
            // Points for "unknown" that no level gives stand as they are; others keep to what is still possible.
            let (unknown, every) = (item.unknown?, item.points());
            let within = every.min <= unknown && unknown <= every.max;
            Some(if within { unknown.clamp(min, max) } else { unknown })
        });
        let total = points.sum::<Option<Decimal>>()?;
        match self.outcome.requires {
            Ternary::Met => Some(total.normalize()),
            Ternary::NotMet => Some(Decimal::ZERO),
            Ternary::Unknown => None,
        }
    }

    fn item(&self, frame: &Frame<'_>, question: &Question, at: usize) -> Option<ItemResult> {
        let definition = self.plan.definitions.get(at)?;
        let item = self.plan.items.get(at)?;
        let outcome = self.outcome.items.get(at)?;
        let mut evidence = match self.spans.get(at)? {
            Some(span) => span.evidence.clone(),
            None => self.evidence(&item.atoms, settled(outcome)),
        };
        if item.off {
            evidence.insert(0, off(item, &self.plan.observables(at)));
        }
        let observables = self.plan.observables(at);
        let flags =
            interference::flags(frame, &observables, &evidence, question.include_unverified);
        Some(ItemResult {
            id: definition.id.clone(),
            label: definition.label.clone(),
            state: outcome.state,
            points: Interval {
                min: outcome.points.min.normalize(),
                max: outcome.points.max.normalize(),
            },
            evidence,
            flags,
            evidence_status: definition.evidence_status,
        })
    }

    /// The requirement reads like an item without points, if it asks the record anything of its own.
    fn requirement(&self, frame: &Frame<'_>, question: &Question) -> Option<ItemResult> {
        let requirement = self.plan.instrument.requires.as_ref()?;
        let atoms = &self.plan.requires_atoms;
        if atoms.is_empty() {
            return None;
        }
        let state = self.outcome.requires;
        let evidence = self.evidence(atoms, state != Ternary::Unknown);
        let asked = atoms.iter().filter_map(|&at| observable(self.plan.atoms.get(at)?));
        let observables: Vec<&str> = asked.collect();
        let flags =
            interference::flags(frame, &observables, &evidence, question.include_unverified);
        Some(ItemResult {
            id: "requires".to_owned(),
            label: requirement.label.clone(),
            state,
            points: Interval { min: Decimal::ZERO, max: Decimal::ZERO },
            evidence,
            flags,
            evidence_status: EvidenceStatus::Verified,
        })
    }

    /// What the questions of an item rest on: once it is settled, only those that have an answer. One entry an
    /// observation, its reasons in a line.
    fn evidence(&self, atoms: &[usize], settled: bool) -> Vec<Evidence> {
        let mut told: Vec<(Evidence, Vec<&str>)> = Vec::new();
        for judged in atoms.iter().filter_map(|&at| self.judged.get(at)) {
            if settled && judged.state == Ternary::Unknown {
                continue;
            }
            for one in &judged.evidence {
                let same = |(known, _): &&mut (Evidence, Vec<&str>)| {
                    known.observable == one.observable && known.observation == one.observation
                };
                match told.iter_mut().find(same) {
                    Some((_, reasons)) if reasons.contains(&one.reason.as_str()) => {}
                    Some((_, reasons)) => reasons.push(&one.reason),
                    None => told.push((one.clone(), vec![&one.reason])),
                }
            }
        }
        let joined = |(evidence, reasons): (Evidence, Vec<&str>)| Evidence {
            reason: reasons.join("; "),
            ..evidence
        };
        told.into_iter().map(joined).collect()
    }
}

/// A multiple of what a number can be; the ends change places if the coefficient is negative.
pub(super) fn scaled(linear: &Linear, (least, most): (Decimal, Decimal)) -> Interval {
    let (a, b) =
        (least.saturating_mul(linear.coefficient), most.saturating_mul(linear.coefficient));
    Interval { min: a.min(b), max: a.max(b) }
}

fn settled(outcome: &ItemOutcome) -> bool {
    outcome.state != Ternary::Unknown && outcome.points.min == outcome.points.max
}

fn off(item: &PlanItem, observables: &[&str]) -> Evidence {
    let what = if item.linear.is_some() { "its coefficient" } else { "its cut-offs" };
    Evidence {
        observable: observables.first().copied().unwrap_or_default().to_owned(),
        observation: None,
        time: None,
        value: None,
        source: None,
        reason: format!("unverified, off: {what} were not read in a source"),
    }
}

/// Those that a total between these ends can fall into.
fn categories(all: &[Category], score: Interval) -> Vec<String> {
    let reached = |(at, category): (usize, &Category)| {
        let from = category.from.is_none_or(|from| from <= score.max);
        let next = all.get(at + 1).and_then(|next| next.from);
        (from && next.is_none_or(|next| next > score.min)).then(|| category.label.clone())
    };
    all.iter().enumerate().filter_map(reached).collect()
}
