//! Nine viewpoints on cause as a narrative: what the case says, and what is missing. No number, no sum.

use super::dates::Order;
use super::definition::Definition;
use super::facts::Facts;
use super::result::{Viewpoint, ViewpointFact};
use super::rivals::Rival;
use crate::case::Answer;

/// The grid.
pub(crate) fn grid(definition: &Definition, facts: &Facts<'_>) -> Vec<Viewpoint> {
    let row = |query: &super::definition::Query| {
        let (says, missing) = view(&query.id, facts);
        Viewpoint {
            id: query.id.clone(),
            label: query.label.clone().unwrap_or_default(),
            asks: query.text.clone(),
            says,
            missing,
        }
    };
    definition.questions.iter().map(row).collect()
}

type View = (Vec<ViewpointFact>, Vec<String>);

fn view(id: &str, facts: &Facts<'_>) -> View {
    match id {
        "consistency" => consistency(facts),
        "specificity" => specificity(facts),
        "temporality" => temporality(facts),
        "gradient" => gradient(facts),
        "plausibility" => plausibility(facts),
        "coherence" => coherence(facts),
        "experiment" => experiment(facts),
        "analogy" => analogy(facts),
        // Strength, and whatever a data file may add.
        _ => (
            Vec::new(),
            vec![
                "one case cannot say it; a comparison of people with and without the drug would"
                    .to_owned(),
            ],
        ),
    }
}

fn fact(text: impl Into<String>, row: impl Into<String>) -> ViewpointFact {
    ViewpointFact { text: text.into(), row: row.into() }
}

fn told(rivals: &[Rival]) -> impl Iterator<Item = ViewpointFact> {
    rivals.iter().map(|rival| fact(rival.text.clone(), rival.row.clone()))
}

fn lacking(says: &[ViewpointFact], text: &str) -> Vec<String> {
    if says.is_empty() { vec![text.to_owned()] } else { Vec::new() }
}

fn consistency(facts: &Facts<'_>) -> View {
    let reported = facts.agents.iter().filter(|agent| agent.reported);
    let says: Vec<_> = reported
        .map(|agent| {
            fact(format!("{} ({})", agent.evidence, agent.source), "data/causality/agents.toml")
        })
        .collect();
    let missing = lacking(&says, "no verified case of others with this agent is known here");
    (says, missing)
}

fn specificity(facts: &Facts<'_>) -> View {
    let rivals = &facts.rivals;
    let says = told(&rivals.credible).chain(told(&rivals.excluded)).chain(told(&rivals.harmless));
    let mut missing: Vec<String> =
        rivals.uncertain.iter().chain(&rivals.untested).map(|rival| rival.text.clone()).collect();
    if rivals.excluded.is_empty() {
        missing.push("no other cause is recorded as looked for and not found".to_owned());
    }
    (says.collect(), missing)
}

fn temporality(facts: &Facts<'_>) -> View {
    let Some((row, start)) = facts.start() else {
        return (Vec::new(), vec!["no start of the drug has a date".to_owned()]);
    };
    let Some(onset) = facts.onset else {
        return (Vec::new(), vec!["the onset has no date".to_owned()]);
    };
    match facts.exposure {
        Some(Order::Before) => {
            (vec![fact(format!("begun on {start}, before the onset on {onset}"), row)], Vec::new())
        }
        Some(Order::After) => {
            let text = format!("begun on {start}, after the onset on {onset}: it does not hold");
            (vec![fact(text, row)], Vec::new())
        }
        _ => {
            let text =
                format!("begun on {start}, onset on {onset}: which came first is not recorded");
            (Vec::new(), vec![text])
        }
    }
}

fn gradient(facts: &Facts<'_>) -> View {
    let said =
        stated(facts, "naranjo", "q8").map(|answer| said("dose and severity", answer, facts));
    let doses: Vec<String> = facts.drug.courses.iter().filter_map(|c| c.dose.clone()).collect();
    let mut says: Vec<ViewpointFact> = said.into_iter().collect();
    if !doses.is_empty() {
        says.push(fact(format!("doses recorded: {}", doses.join("; ")), facts.row("courses")));
    }
    let missing = if stated(facts, "naranjo", "q8").is_none() {
        vec!["whether more or less of the drug made a difference is not stated".to_owned()]
    } else {
        Vec::new()
    };
    (says, missing)
}

fn plausibility(facts: &Facts<'_>) -> View {
    let says: Vec<_> = facts
        .classes
        .iter()
        .map(|class| {
            let text = format!("{}: proposed mechanism {}", class.label, class.mechanism);
            fact(text, "data/causality/agents.toml")
        })
        .chain(
            stated(facts, "liverpool", "q7")
                .map(|answer| said("evidence of mechanism", answer, facts)),
        )
        .collect();
    let missing = lacking(&says, "no mechanism is proposed here for this agent");
    (says, missing)
}

fn coherence(facts: &Facts<'_>) -> View {
    let says: Vec<_> = told(&facts.rivals.mediators).collect();
    let mut missing = lacking(&says, "no step between drug and event is recorded");
    let contradictions = facts.contradictions.iter();
    missing
        .extend(contradictions.map(|(text, _)| format!("the record contradicts itself: {text}")));
    (says, missing)
}

fn experiment(facts: &Facts<'_>) -> View {
    let (mut says, mut missing) = (Vec::new(), Vec::new());
    match (&facts.drug.dechallenge, facts.abated.answer) {
        (Some(_), Some(_)) => {
            says.push(fact(facts.abated.reason.clone(), facts.row("dechallenge")));
        }
        (Some(_), None) if facts.abated.confounded => {
            says.push(fact(facts.abated.reason.clone(), facts.row("dechallenge")));
            missing.push("what stopping the drug alone would have done cannot be told".to_owned());
        }
        (Some(_), None) => missing.push(facts.abated.reason.clone()),
        (None, _) => missing.push("what followed a stop of the drug is not recorded".to_owned()),
    }
    match facts.drug.rechallenge.as_ref().map(|given| given.recurred) {
        Some(crate::observation::Presence::Yes) => {
            says.push(fact(
                "the event came back when it was given again",
                facts.row("rechallenge"),
            ));
        }
        Some(crate::observation::Presence::No) => {
            says.push(fact("given again, the event did not come back", facts.row("rechallenge")));
        }
        _ => missing.push("whether it was given again is not recorded".to_owned()),
    }
    (says, missing)
}

fn analogy(facts: &Facts<'_>) -> View {
    let says: Vec<_> = facts
        .class_reported
        .iter()
        .map(|(class, names)| {
            let text = format!("{class}: cases are published with {}", names.join(", "));
            fact(text, "data/causality/agents.toml")
        })
        .collect();
    let missing = lacking(&says, "no verified case with a drug of the same class is known here");
    (says, missing)
}

fn stated<'a>(facts: &'a Facts<'_>, instrument: &str, question: &str) -> Option<&'a Answer> {
    let answers = facts.drug.answers.get(instrument)?;
    answers.iter().find(|answer| answer.question == question && answer.answer != "unknown")
}

fn said(what: &str, answer: &Answer, facts: &Facts<'_>) -> ViewpointFact {
    let why = answer.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
    fact(format!("{what}: {}{why}", answer.answer), facts.row("answers"))
}
