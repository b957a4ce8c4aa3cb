//! The nine aspects of Bradford Hill as a grid: what the case says of each, and what is missing. No points, no sum.
//!
//! Source of the aspects: Hill 1965, Proc R Soc Med 58:295-300.

use super::facts::DrugFacts;
use super::result::{AgentClass, Aspect, PublishedLatency};
use crate::logic::Ternary;

/// The grid of a drug.
pub(super) fn grid(
    facts: &DrugFacts<'_>,
    classes: &[AgentClass],
    published: &[PublishedLatency],
) -> Vec<Aspect> {
    let aspect = |aspect, said: Vec<String>, missing: &[&str]| {
        let missing = missing.iter().map(|text| (*text).to_owned()).collect();
        Aspect { aspect, said, missing }
    };
    let classes_say =
        || classes.iter().map(|class| format!("{}: {}", class.class, class.evidence)).collect();
    let mechanisms =
        classes.iter().map(|class| format!("{}: {}", class.class, class.mechanism)).collect();
    vec![
        aspect("strength", vec![], &["a comparison of groups; one case has no strength"]),
        aspect(
            "consistency",
            classes_say(),
            if classes.is_empty() { &["published cases of this agent"] } else { &[] },
        ),
        specificity(facts),
        temporality(facts, published),
        gradient(facts),
        aspect(
            "plausibility",
            mechanisms,
            if classes.is_empty() { &["a mechanism stated for this agent"] } else { &[] },
        ),
        aspect(
            "coherence",
            vec![],
            &["whether course and findings fit what is known of the syndrome, in a person's words"],
        ),
        experiment(facts),
        aspect("analogy", vec![], &["the same event under related agents in this patient"]),
    ]
}

fn specificity(facts: &DrugFacts<'_>) -> Aspect {
    let fact = facts.alternative();
    let (said, missing) = match fact.state {
        Ternary::Unknown => (vec![], vec![fact.reason]),
        _ => (vec![format!("other possible causes: {}", fact.reason)], vec![]),
    };
    Aspect { aspect: "specificity", said, missing }
}

fn temporality(facts: &DrugFacts<'_>, published: &[PublishedLatency]) -> Aspect {
    let fact = facts.precedes();
    if fact.state == Ternary::Unknown {
        return Aspect { aspect: "temporality", said: vec![], missing: vec![fact.reason] };
    }
    let mut said = vec![facts.latency_text()];
    said.extend(
        published
            .iter()
            .map(|row| format!("published for {}: {}; {}", row.of, row.published, row.compared)),
    );
    Aspect { aspect: "temporality", said, missing: vec![] }
}

fn gradient(facts: &DrugFacts<'_>) -> Aspect {
    let doses: Vec<String> =
        facts.drug.courses.iter().filter_map(|course| course.dose.clone()).collect();
    let said = if doses.is_empty() { vec![] } else { vec![format!("doses: {}", doses.join("; "))] };
    let missing = vec!["whether a higher dose made it worse".to_owned()];
    Aspect { aspect: "biological gradient", said, missing }
}

fn experiment(facts: &DrugFacts<'_>) -> Aspect {
    let mut aspect = Aspect { aspect: "experiment", said: vec![], missing: vec![] };
    for fact in [facts.dechallenge(), facts.rechallenge()] {
        match fact.state {
            Ternary::Unknown => aspect.missing.push(fact.reason),
            _ => aspect.said.push(fact.reason),
        }
    }
    aspect
}
