//! The nine viewpoints of Bradford Hill as a grid: what the case says of each, and what it does not. No points, no sum.
//!
//! Source of the viewpoints: Hill 1965, Proc R Soc Med 58:295-300.

use super::facts::{DrugFacts, Fact};
use super::instruments::NOT_VALIDATED;
use super::result::{AgentClass, InstrumentAnswer, Latency, Viewpoint, ViewpointFact};
use crate::evidence::{Citation, EvidenceStatus};
use crate::logic::Ternary;

/// The id under which the grid is asked for.
pub(super) const ID: &str = "bradford-hill";

/// What the grid is made of.
pub(super) struct Grid<'a> {
    pub(super) facts: &'a DrugFacts<'a>,
    pub(super) classes: &'a [AgentClass],
    pub(super) latency: &'a Latency,
}

impl Grid<'_> {
    /// The grid, as an answer without category and points.
    pub(super) fn answer(&self) -> InstrumentAnswer {
        InstrumentAnswer {
            id: ID.to_owned(),
            name: "Viewpoints of Bradford Hill".to_owned(),
            purpose: "What speaks for a causal reading and what is missing, in words.".to_owned(),
            variant: None,
            applicable: Ternary::Met,
            applicability: "any drug and event".to_owned(),
            category: None,
            reachable: Vec::new(),
            points: None,
            decided_by: Vec::new(),
            questions: Vec::new(),
            viewpoints: self.rows(),
            population: "Associations between an exposure and a disease in populations; read here as a narrative of one case."
                .to_owned(),
            not_validated: NOT_VALIDATED,
            evidence_status: EvidenceStatus::Verified,
            caveats: vec!["A grid without a sum: no number of viewpoints makes a cause.".to_owned()],
            sources: Vec::new(),
            citation: Citation {
                text: "Hill AB. Proc R Soc Med 1965;58:295-300".to_owned(),
                doi: None,
                pmid: None,
            },
        }
    }

    fn rows(&self) -> Vec<Viewpoint> {
        let row = |id: &str, asks: &str, says, missing: Vec<String>| Viewpoint {
            id: id.to_owned(),
            label: id.replace('_', " "),
            asks: asks.to_owned(),
            says,
            missing,
        };
        let only = |text: &str| vec![text.to_owned()];
        let none_known = |what: &str| if self.classes.is_empty() { only(what) } else { vec![] };
        let of_class = |say: &dyn Fn(&AgentClass) -> String| -> Vec<ViewpointFact> {
            let fact = |class: &AgentClass| ViewpointFact {
                text: say(class),
                row: "data/causality/agents.toml".to_owned(),
            };
            self.classes.iter().map(fact).collect()
        };
        let reports = of_class(&|class| format!("{}: {}", class.label, class.evidence));
        let mechanisms = of_class(&|class| format!("{}: {}", class.label, class.mechanism));
        let (specific, not_specific) = split(vec![self.facts.alternative()]);
        let (timely, not_timely) = self.temporality();
        let (tried, not_tried) = split(vec![self.facts.dechallenge(), self.facts.rechallenge()]);
        vec![
            row(
                "strength",
                "Is the association strong?",
                vec![],
                only("one case has no strength; it takes a comparison of groups"),
            ),
            row(
                "consistency",
                "Was it seen by others, elsewhere?",
                reports,
                none_known("no published case of this agent was read of"),
            ),
            row("specificity", "Is there nothing else that could be it?", specific, not_specific),
            row("temporality", "Did the drug come first, by a plausible time?", timely, not_timely),
            row(
                "gradient",
                "Was more of it worse?",
                self.doses(),
                only("whether a higher dose made it worse"),
            ),
            row(
                "plausibility",
                "Is there a mechanism?",
                mechanisms,
                none_known("no mechanism is stated for this agent"),
            ),
            row(
                "coherence",
                "Does it fit what is known of the disease?",
                vec![],
                only("for a person to state in words"),
            ),
            row("experiment", "What followed withdrawal and rechallenge?", tried, not_tried),
            row(
                "analogy",
                "Did a related agent do the same?",
                vec![],
                only("the same event under a related agent in this patient"),
            ),
        ]
    }

    fn temporality(&self) -> (Vec<ViewpointFact>, Vec<String>) {
        let fact = self.facts.precedes();
        if fact.state == Ternary::Unknown {
            return (vec![], vec![fact.reason]);
        }
        let row = fact.source.unwrap_or_default();
        let mut says = vec![ViewpointFact { text: self.facts.latency_text(), row }];
        says.extend(self.latency.published.iter().map(|published| ViewpointFact {
            text: format!("{}: {}; {}", published.class, published.text, published.here),
            row: "data/causality/latency.toml".to_owned(),
        }));
        (says, vec![])
    }

    fn doses(&self) -> Vec<ViewpointFact> {
        let courses = self.facts.drug.courses.iter().enumerate();
        let dose = |(at, course): (usize, &crate::case::Course)| {
            let text = format!("dose: {}", course.dose.as_ref()?);
            Some(ViewpointFact { text, row: self.facts.row(&format!("courses[{at}].dose")) })
        };
        courses.filter_map(dose).collect()
    }
}

/// What is known and what is not.
fn split(facts: Vec<Fact>) -> (Vec<ViewpointFact>, Vec<String>) {
    let (known, open): (Vec<Fact>, Vec<Fact>) =
        facts.into_iter().partition(|fact| fact.state != Ternary::Unknown);
    let says = known
        .into_iter()
        .map(|fact| ViewpointFact { text: fact.reason, row: fact.source.unwrap_or_default() });
    (says.collect(), open.into_iter().map(|fact| fact.reason).collect())
}
