//! Agents, therapies, triggers and alerts: nothing empty, nothing twice.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::dictionary::term::fold_term;

use super::Found;
use crate::study::Study;

/// Checks the agents.
pub(crate) fn agents(study: &Study, found: &mut Found) {
    let mut seen = BTreeMap::new();
    for (place, agent) in study.agents.iter().enumerate() {
        let path = format!("agents[{place}]");
        for (key, text) in
            [("class", &agent.class), ("evidence", &agent.evidence), ("source", &agent.source)]
        {
            found.text(&format!("{path}.{key}"), text);
        }
        if agent.mechanism.is_empty() {
            found.add(
                format!("{path}.mechanism"),
                "no mechanism",
                "name at least one, such as \"IA\"",
            );
        }
        if agent.substances.is_empty() && agent.trigger_concepts.is_empty() {
            found.add(&path, "the group names nothing", "add substances or trigger_concepts");
        }
        found.substances(&format!("{path}.substances"), &agent.substances);
        for name in &agent.substances {
            if let Some(first) = seen.insert(fold_term(name), place) {
                let problem = format!("{name:?} stands in agents[{first}] too");
                found.add(format!("{path}.substances"), problem, "keep it in one group");
            }
        }
        concepts(study, found, &path, &agent.trigger_concepts);
    }
}

/// Checks that every concept is that of a trigger.
fn concepts(study: &Study, found: &mut Found, path: &str, concepts: &[String]) {
    for concept in concepts {
        if !study.triggers.iter().any(|trigger| trigger.concept == *concept) {
            let problem = format!("no trigger of concept {concept:?}");
            let help = "define it under [[triggers]]";
            found.add(format!("{path}.trigger_concepts"), problem, help);
        }
    }
}

/// Checks the mediators.
pub(crate) fn mediators(study: &Study, found: &mut Found) {
    for (place, mediator) in study.mediators.iter().enumerate() {
        let path = format!("mediators[{place}]");
        found.text(&format!("{path}.source"), &mediator.source);
        for (key, names) in
            [("substances", &mediator.substances), ("trigger_concepts", &mediator.trigger_concepts)]
        {
            if names.is_empty() {
                found.add(format!("{path}.{key}"), "the entry names none", "name at least one");
            }
        }
        found.substances(&format!("{path}.substances"), &mediator.substances);
        concepts(study, found, &path, &mediator.trigger_concepts);
    }
}

/// Checks the therapies.
pub(crate) fn therapies(study: &Study, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (place, therapy) in study.therapies.iter().enumerate() {
        let path = format!("therapies[{place}]");
        found.text(&format!("{path}.source"), &therapy.source);
        if therapy.substances.is_empty() && therapy.terms.is_empty() {
            found.add(&path, "the entry names nothing", "add substances or terms");
        }
        found.substances(&format!("{path}.substances"), &therapy.substances);
        found.terms(&format!("{path}.terms"), &therapy.terms);
        for name in &therapy.substances {
            if !seen.insert(fold_term(name)) {
                let problem = format!("{name:?} stands twice among the therapies");
                found.add(format!("{path}.substances"), problem, "remove one");
            }
        }
    }
}

/// Checks the triggers.
pub(crate) fn triggers(study: &Study, found: &mut Found) {
    found.patterns("trigger_exceptions", &study.trigger_exceptions);
    let mut seen = BTreeMap::new();
    for (place, trigger) in study.triggers.iter().enumerate() {
        let path = format!("triggers[{place}]");
        for (key, text) in
            [("class", &trigger.class), ("concept", &trigger.concept), ("source", &trigger.source)]
        {
            found.text(&format!("{path}.{key}"), text);
        }
        if trigger.terms.is_empty() && trigger.patterns.is_empty() {
            found.add(&path, "the trigger names nothing", "add terms or patterns");
        }
        found.terms(&format!("{path}.terms"), &trigger.terms);
        found.patterns(&format!("{path}.patterns"), &trigger.patterns);
        for name in &trigger.terms {
            if let Some(first) = seen.insert(fold_term(name), place).filter(|first| *first != place)
            {
                let problem = format!("{name:?} stands in triggers[{first}] too");
                found.add(format!("{path}.terms"), problem, "keep it in one trigger");
            }
        }
    }
}

/// Checks the alerts.
pub(crate) fn alerts(study: &Study, found: &mut Found) {
    for (place, alert) in study.alerts.iter().enumerate() {
        let path = format!("alerts[{place}]");
        found.substance(&format!("{path}.substance"), &alert.substance);
        for (key, text) in
            [("authority", &alert.authority), ("text", &alert.text), ("source", &alert.source)]
        {
            found.text(&format!("{path}.{key}"), text);
        }
        if alert.day().is_none() {
            let problem = format!("{:?} is not a day of the calendar", alert.date);
            found.add(format!("{path}.date"), problem, "write it as \"2018-04-25\"");
        }
    }
}

/// Checks the contrasts.
pub(crate) fn contrasts(study: &Study, found: &mut Found) {
    let ids: Vec<String> = study.contrasts.iter().map(|contrast| contrast.id.clone()).collect();
    found.unique("contrasts", &ids);
    for (place, contrast) in study.contrasts.iter().enumerate() {
        let path = format!("contrasts[{place}]");
        found.identifier(&format!("{path}.id"), &contrast.id);
        found.text(&format!("{path}.title"), &contrast.title);
        for (key, names) in [("exposed", &contrast.exposed), ("comparator", &contrast.comparator)] {
            let path = format!("{path}.{key}");
            if names.is_empty() {
                found.add(&path, "no substance", "name at least one");
            }
            found.substances(&path, names);
            found.unique(&path, names);
        }
        if contrast.exposed == contrast.comparator {
            found.add(&path, "both sides are the same", "compare with another substance");
        }
        let Some(published) = &contrast.published else { continue };
        let [low, point, high] = [published.ror_lo, published.ror, published.ror_hi];
        if !(low > 0.0 && low <= point && point <= high && high.is_finite()) {
            let problem = format!("{low} to {high} is no interval around {point}");
            found.add(format!("{path}.published"), problem, "write the limits as published");
        }
        found.text(&format!("{path}.published.reports"), &published.reports);
        found.text(&format!("{path}.published.source"), &published.source);
    }
}
