//! The meaning of a study, checked: everything that parses and still cannot be run.

use std::fmt;

use serde::Serialize;

use super::method::{CHECKS, ESTIMATORS, RESTRICTIONS, STRATA, THRESHOLDS, names_of};
use iatro_reports::model::codes::Role;

use super::exposure::exposure_role;
use super::{Comparator, SPEC, Study};

mod events;
mod found;
mod lists;

use found::Found;

/// One thing that is wrong with a study.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// Where in the file: keys joined by points, places in a list counted from 0.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.path, self.problem, self.help)
    }
}

/// Returns everything that is wrong, in the order of the file's sections.
pub(crate) fn problems(study: &Study) -> Vec<Problem> {
    let mut found = Found::default();
    head(study, &mut found);
    methods(study, &mut found);
    events::events(study, &mut found);
    exposure(study, &mut found);
    lists::agents(study, &mut found);
    lists::therapies(study, &mut found);
    lists::triggers(study, &mut found);
    lists::mediators(study, &mut found);
    lists::alerts(study, &mut found);
    lists::contrasts(study, &mut found);
    found.0
}

fn head(study: &Study, found: &mut Found) {
    if study.spec != SPEC {
        found.add("spec", format!("spec is {}", study.spec), format!("write spec = {SPEC}"));
    }
    found.identifier("id", &study.id);
    found.text("title", &study.title);
    found.text("description", &study.description);
    if study.minimum_cases == 0 {
        found.add("minimum_cases", "the fewest cases are 0", "write 1 or more; 3 is usual");
    }
    if !study.events.contains_key(&study.default_event) {
        let known = study.events.keys().cloned().collect::<Vec<_>>().join(", ");
        let problem = format!("no event definition {:?}", study.default_event);
        found.add("default_event", problem, format!("use one of {known}, or define it"));
    }
}

fn methods(study: &Study, found: &mut Found) {
    if study.estimators.is_empty() {
        let help = format!("use one or more of {}", names_of(&ESTIMATORS));
        found.add("estimators", "no estimator", help);
    }
    found.known("estimators", &study.estimators, &ESTIMATORS);
    found.known("thresholds", &study.thresholds, &THRESHOLDS);
    found.known("strata", &study.strata, &STRATA);
    found.known("checks", &study.checks, &CHECKS);
}

fn exposure(study: &Study, found: &mut Found) {
    let exposure = &study.exposure;
    if exposure.role_codes.is_empty() {
        found.add(
            "exposure.roles",
            "no role",
            "write the roles that count, such as [\"PS\", \"SS\", \"I\"]",
        );
    }
    for (place, code) in exposure.role_codes.iter().enumerate() {
        if exposure_role(code).is_none() {
            let known = Role::EXPOSURES.map(Role::code).join(", ");
            let path = format!("exposure.roles[{place}]");
            found.add(path, format!("no role {code:?}"), format!("use one of {known}"));
        }
    }
    found.unique("exposure.roles", &exposure.role_codes);
    if let Comparator::Substances(names) = &exposure.comparator {
        if names.is_empty() {
            found.add("exposure.comparator", "no substance", "write \"all\" or name a substance");
        }
        found.substances("exposure.comparator", names);
        found.unique("exposure.comparator", names);
    }
    let ids: Vec<String> = exposure.restrictions.iter().map(|r| r.id.clone()).collect();
    found.known("exposure.restrictions", &ids, &RESTRICTIONS);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::StudyError;
    use super::*;

    const SMALL: &str = r#"
spec = 1
id = "small"
title = "A small study"
description = "For tests."
default_event = "narrow"
minimum_cases = 3
seed = 1
estimators = ["ror"]
thresholds = ["evans"]
[events.narrow]
terms = [{ term = "Term", status = "verified", source = "s" }]
[events.broad]
includes = ["narrow"]
[exposure]
"#;

    /// Returns the paths of the problems of the small study with one piece of text replaced.
    fn paths(old: &str, new: &str) -> Vec<String> {
        assert!(SMALL.contains(old), "{old}");
        match Study::from_toml(&SMALL.replacen(old, new, 1), "small.toml") {
            Ok(_) => Vec::new(),
            Err(StudyError::Problems { problems, .. }) => {
                problems.into_iter().map(|problem| problem.path).collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_small_study_has_no_problem() {
        assert!(paths("spec = 1", "spec = 1").is_empty());
    }

    #[test]
    fn each_mistake_is_found_where_it_stands() {
        for (old, new, path) in [
            ("id = \"small\"", "id = \"Small study\"", "id"),
            ("title = \"A small study\"", "title = \" \"", "title"),
            ("minimum_cases = 3", "minimum_cases = 0", "minimum_cases"),
            ("default_event = \"narrow\"", "default_event = \"wide\"", "default_event"),
            ("[\"ror\"]", "[]", "estimators"),
            ("[\"ror\"]", "[\"ror\", \"odds\"]", "estimators[1]"),
            ("[\"ror\"]", "[\"ror\", \"ror\"]", "estimators[1]"),
            ("[\"evans\"]", "[\"evens\"]", "thresholds[0]"),
            ("seed = 1", "seed = 1\nstrata = [\"moon\"]", "strata[0]"),
            ("seed = 1", "seed = 1\nchecks = [\"\"]", "checks[0]"),
            ("seed = 1", "seed = 1\ntrigger_exceptions = [\"*\"]", "trigger_exceptions[0]"),
            (
                "includes = [\"narrow\"]",
                "includes = [\"narow\"]\nterms = [{ term = \"T\", status = \"verified\", source = \"s\" }]",
                "events.broad.includes[0]",
            ),
            ("includes = [\"narrow\"]", "", "events.broad"),
            ("term = \"Term\"", "term = \"\"", "events.narrow.terms[0].term"),
            ("[exposure]", "[exposure]\nroles = [\"PS\", \"DN\"]", "exposure.roles[1]"),
            ("[exposure]", "[exposure]\nroles = []", "exposure.roles"),
            ("[exposure]", "[exposure]\ncomparator = []", "exposure.comparator"),
            ("[exposure]", "[exposure]\ncomparator = [\"Aspirin\"]", "exposure.comparator[0]"),
            (
                "[exposure]",
                "[exposure]\nrestrictions = [{ id = \"X Y\", action = \"only\" }]",
                "exposure.restrictions[0]",
            ),
        ] {
            assert_eq!(paths(old, new), [path], "{new}");
        }
    }

    #[test]
    fn a_term_may_not_stand_twice_even_by_an_include_or_a_former_name() {
        let twice = "includes = [\"narrow\"]\nterms = [{ term = \"TERM\", status = \"verified\", source = \"s\" }]";
        assert_eq!(paths("includes = [\"narrow\"]", twice), ["events.broad.terms[0].term"]);
        let former =
            "former = [{ term = \"term\", last_version = \"2.0\", renamed_at = \"2.1\" }], status";
        assert_eq!(paths("status", former), ["events.narrow.terms[0].former[0].term"]);
    }

    #[test]
    fn versions_have_a_form_and_an_order() {
        let form =
            "former = [{ term = \"Old\", last_version = \"21\", renamed_at = \"21.1\" }], status";
        assert_eq!(paths("status", form), ["events.narrow.terms[0].former[0].last_version"]);
        let order =
            "former = [{ term = \"Old\", last_version = \"21.1\", renamed_at = \"9.0\" }], status";
        assert_eq!(paths("status", order), ["events.narrow.terms[0].former[0]"]);
    }

    #[test]
    fn definitions_may_not_include_each_other() {
        let circle = "[events.narrow]\nincludes = [\"broad\"]";
        let found = paths("[events.narrow]", circle);
        assert!(found.contains(&"events.broad.includes[0]".to_owned()), "{found:?}");
        assert!(found.contains(&"events.narrow.includes[0]".to_owned()), "{found:?}");
    }

    #[test]
    fn agents_therapies_triggers_and_alerts_are_checked() {
        let lists = r#"[exposure]
[[agents]]
class = "c"
mechanism = []
substances = ["Aspirin", "a", "a"]
trigger_concepts = ["gone"]
status = "verified"
evidence = "e"
source = "s"
[[therapies]]
status = "verified"
source = "s"
[[triggers]]
class = "c"
concept = "c"
terms = ["T", "t"]
patterns = ["Upper*"]
status = "verified"
source = ""
[[alerts]]
substance = "a"
date = "2018-02-30"
authority = "FDA"
text = "t"
source = "s"
"#;
        let expected = [
            "agents[0].mechanism",
            "agents[0].substances[0]",
            "agents[0].substances",
            "agents[0].trigger_concepts",
            "therapies[0]",
            "triggers[0].source",
            "triggers[0].terms[1]",
            "triggers[0].patterns[0]",
            "alerts[0].date",
        ];
        assert_eq!(paths("[exposure]", lists), expected);
    }

    #[test]
    fn a_problem_says_where_what_and_what_to_do() {
        let text = SMALL.replace("\"evans\"", "\"evens\"");
        let Err(StudyError::Problems { problems, .. }) = Study::from_toml(&text, "x") else {
            panic!("no problem found");
        };
        let expected = "thresholds[0]: no threshold \"evens\"; use one of min_reports, ror_lower, evans, ic025";
        assert_eq!(problems[0].to_string(), expected);
    }
}
