//! Whole cases through `causality::assess`, and what its answers must never hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use iatro_clinical::case::{Case, check};
use iatro_clinical::causality::{CausalityError, CausalityQuestion, assess};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    case: Case,
    #[serde(default)]
    unverified: bool,
    #[serde(default)]
    variants: Vec<(String, String)>,
    expect: serde_json::Map<String, Value>,
}

fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/causality/cases.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// `drugs/ltg/instruments/naranjo/category/id`: rows of a list by id, else by place.
fn lookup<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('/').try_fold(value, |value, step| match value {
        Value::Array(rows) => rows
            .iter()
            .find(|row| {
                let key = row.get("id").or_else(|| row.get("topic"));
                key.and_then(Value::as_str) == Some(step)
            })
            .or_else(|| rows.get(step.parse::<usize>().ok()?)),
        other => other.get(step),
    })
}

fn question(vector: &Vector) -> CausalityQuestion {
    CausalityQuestion {
        include_unverified: vector.unverified,
        variants: vector.variants.clone(),
        ..CausalityQuestion::default()
    }
}

#[test]
fn every_case_is_answered_as_expected() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        check(&vector.case, "2026-11-01".parse().unwrap())
            .unwrap_or_else(|error| assert!(vector.name.contains("contradictory"), "{error}"));
        let made = serde_json::to_value(assess(&vector.case, &question(&vector)).unwrap()).unwrap();
        for (path, expected) in &vector.expect {
            let found = lookup(&made, path);
            if found.unwrap_or(&Value::Null) != expected {
                wrong.push(format!("{}: {path}: {found:?}, expected {expected}", vector.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn each_answer_has_a_reason_and_what_is_derived_has_a_row() {
    for vector in vectors() {
        let made = assess(&vector.case, &question(&vector)).unwrap();
        for drug in &made.drugs {
            for instrument in &drug.instruments {
                assert_eq!(instrument.not_validated, "not validated for iatrogenic HLH");
                for row in &instrument.questions {
                    assert!(!row.reason.is_empty(), "{}: {}", vector.name, row.id);
                    let made_up = row.basis == iatro_clinical::causality::Basis::Derived
                        && row.row.is_empty()
                        && row.answer != "unclassifiable";
                    assert!(!made_up, "{}: {} {}", vector.name, instrument.id, row.id);
                }
                if let Some(category) = &instrument.category {
                    assert!(instrument.reachable.contains(category), "{}", vector.name);
                }
            }
        }
    }
}

#[test]
fn the_timeline_is_in_order_and_what_has_no_time_comes_last() {
    for vector in vectors() {
        for drug in assess(&vector.case, &question(&vector)).unwrap().drugs {
            let keys: Vec<_> = drug
                .timeline
                .iter()
                .map(|row| (row.time.is_none(), row.time.map(iatro_clinical::when::When::sort_key)))
                .collect();
            assert!(keys.is_sorted(), "{}", vector.name);
            let onset = drug.timeline.iter().filter(|row| row.row == "event.onset");
            assert_eq!(onset.count(), 1);
        }
    }
}

#[test]
fn a_narrative_has_nine_rows_and_no_number() {
    for vector in vectors() {
        for drug in assess(&vector.case, &question(&vector)).unwrap().drugs {
            for grid in drug.instruments.iter().filter(|row| row.id == "bradford-hill") {
                assert_eq!(grid.viewpoints.len(), 9);
                assert!(
                    grid.points.is_none() && grid.category.is_none() && grid.reachable.is_empty()
                );
                assert!(
                    grid.viewpoints.iter().all(|v| !(v.says.is_empty() && v.missing.is_empty()))
                );
            }
        }
    }
}

#[test]
fn latency_is_held_against_the_edges_of_what_is_published() {
    for (name, kind, days, fit) in [
        ("lamotrigine", "drug", 7, "shorter"),
        ("lamotrigine", "drug", 8, "within"),
        ("lamotrigine", "drug", 24, "within"),
        ("lamotrigine", "drug", 25, "longer"),
        ("co-trimoxazole", "drug", 1, "shorter"),
        ("co-trimoxazole", "drug", 2, "within"),
        ("co-trimoxazole", "drug", 14, "within"),
        ("co-trimoxazole", "drug", 15, "longer"),
        ("nivolumab", "drug", 20, "shorter"),
        ("nivolumab", "drug", 21, "within"),
        ("nivolumab", "drug", 107, "within"),
        ("nivolumab", "drug", 108, "longer"),
        ("tisagenlecleucel", "cell_therapy", 30, "within"),
        ("tisagenlecleucel", "cell_therapy", 31, "longer"),
        ("some vaccine", "vaccine", 3, "no_range"),
    ] {
        let onset: jiff::civil::Date = "2026-06-01".parse().unwrap();
        let start = onset.checked_sub(jiff::Span::new().days(days)).unwrap();
        let text = format!(
            "{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"event\":{{\"onset\":\"{onset}\"}},\"drugs\":[{{\"id\":\"d\",\
             \"name\":\"{name}\",\"kind\":\"{kind}\",\"courses\":[{{\"start\":\"{start}\"}}]}}]}}"
        );
        let case: Case = serde_json::from_str(&text).unwrap();
        let made = assess(&case, &CausalityQuestion::default()).unwrap();
        let published = serde_json::to_value(&made.drugs[0].latency.published).unwrap();
        assert_eq!(published[0]["fit"], fit, "{name} {days}");
        assert_eq!(published[0]["use_as"], "context, not a score");
    }
}

fn error(text: &str, question: &CausalityQuestion) -> CausalityError {
    assess(&serde_json::from_str(text).unwrap(), question).unwrap_err()
}

#[test]
fn what_is_not_there_is_an_error_that_names_it() {
    let empty = "{\"form\":\"iatro-case/1\",\"id\":\"P\"}";
    let ask = |drugs: &[&str], instruments: &[&str], variants: &[(&str, &str)]| CausalityQuestion {
        drugs: drugs.iter().map(ToString::to_string).collect(),
        instruments: instruments.iter().map(ToString::to_string).collect(),
        variants: variants.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect(),
        include_unverified: false,
    };
    for (question, expected) in [
        (ask(&["x"], &[], &[]), "no drug of the case \"x\""),
        (ask(&[], &["prr"], &[]), "no instrument \"prr\"; expected one of naranjo, who-umc"),
        (
            ask(&[], &[], &[("rucam", "1066")]),
            "no variant of rucam \"1066\"; expected one of 2016, 1993",
        ),
        (ask(&[], &[], &[("naranjo", "x")]), "expected one of none"),
    ] {
        let said = error(empty, &question).to_string();
        assert!(said.contains(expected), "{said}");
    }
    for (answers, expected) in [
        ("{\"prr\":[]}", "drugs[0].answers.prr: no such instrument"),
        (
            "{\"naranjo\":[{\"question\":\"q11\",\"answer\":\"yes\"}]}",
            "answers.naranjo[0].question: found \"q11\"",
        ),
        (
            "{\"naranjo\":[{\"question\":\"q1\",\"answer\":\"maybe\"}]}",
            "answers.naranjo[0].answer: found \"maybe\"",
        ),
        (
            "{\"naranjo\":[{\"question\":\"q1\",\"answer\":\"no\"},{\"question\":\"q1\",\"answer\":\"yes\"}]}",
            "answers.naranjo[1]: q1 is answered twice",
        ),
        (
            "{\"bradford-hill\":[{\"question\":\"strength\",\"answer\":\"2.5\"}]}",
            "it has no answers",
        ),
    ] {
        let text = format!(
            "{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"drugs\":[{{\"id\":\"d\",\"name\":\"d\",\"answers\":{answers}}}]}}"
        );
        let said = error(&text, &CausalityQuestion::default()).to_string();
        assert!(said.contains(expected), "{said}");
    }
}

fn date() -> impl Strategy<Value = Option<String>> {
    let some =
        (2019..2027_u16, 1..13_u8, 1..29_u8, 0..4_u8).prop_map(|(y, m, d, exact)| match exact {
            0 => format!("{y}"),
            1 => format!("{y}-{m:02}"),
            2 => format!("{y}-{m:02}-{d:02}"),
            _ => format!("{y}-{m:02}-{d:02}T08:15"),
        });
    proptest::option::of(some)
}

fn drug(at: usize) -> impl Strategy<Value = Value> {
    let name =
        prop::sample::select(vec!["lamotrigine", "anakinra", "ruxolitinib", "BNT162b2", "?"]);
    let role = prop::sample::select(vec!["suspect", "interacting", "concomitant", "treatment"]);
    let kind = prop::sample::select(vec!["drug", "vaccine", "cell_therapy"]);
    let said = prop::sample::select(vec!["yes", "no", "unknown"]);
    let courses = prop::collection::vec((date(), date()), 0..3);
    (name, role, kind, said, courses, date(), any::<bool>()).prop_map(
        move |(name, role, kind, said, courses, time, tried)| {
            let courses: Vec<Value> =
                courses.iter().map(|(start, stop)| json!({"start": start, "stop": stop})).collect();
            let mut drug = json!({"id": format!("d{at}"), "name": name, "role": role, "kind": kind, "courses": courses});
            if tried {
                drug["dechallenge"] =
                    json!({"time": time, "abated": said, "with_treatment": said, "days_to_abate": 4});
                drug["rechallenge"] = json!({"time": time, "recurred": said});
            }
            drug
        },
    )
}

proptest! {
    #[test]
    fn whatever_the_dates_the_answer_is_among_what_can_be_reached(
        onset in date(), ended in date(), first in drug(0), second in drug(1), unverified in any::<bool>(),
    ) {
        let case = json!({"form": "iatro-case/1", "id": "P", "event": {"onset": onset, "outcome_time": ended},
            "drugs": [first, second],
            "triggers": [{"id": "t", "name": "Sepsis", "status": "present", "role": "mediator", "mediator_of": ["d0"]}]});
        let case: Case = serde_json::from_value(case).unwrap();
        let question = CausalityQuestion { include_unverified: unverified, ..CausalityQuestion::default() };
        let made = assess(&case, &question).unwrap();
        prop_assert_eq!(&made, &assess(&case, &question).unwrap());
        for drug in &made.drugs {
            prop_assert_eq!(drug.standing.assessed, !drug.instruments.is_empty());
            for row in &drug.instruments {
                let among = row.category.as_ref().is_none_or(|category| row.reachable.contains(category));
                prop_assert!(among, "{}", row.id);
                let inside = row.points.as_ref().is_none_or(|p| {
                    p.as_published.is_none_or(|own| p.min <= own && own <= p.max) && p.ceiling <= p.max
                });
                prop_assert!(inside, "{}", row.id);
            }
            let days = [drug.latency.from_first_start, drug.latency.from_last_dose, drug.latency.from_stop];
            prop_assert!(days.iter().flatten().all(|days| days.min <= days.max));
        }
    }
}

#[test]
fn a_case_of_thousands_of_drugs_is_asked_for_in_parts() {
    let drugs: Vec<String> =
        (0..3000).map(|at| format!("{{\"id\":\"d{at}\",\"name\":\"x\"}}")).collect();
    let text =
        format!("{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"drugs\":[{}]}}", drugs.join(","));
    let said = error(&text, &CausalityQuestion::default()).to_string();
    assert!(said.contains("Ask for single drugs"), "{said}");
    let one = CausalityQuestion { drugs: vec!["d7".to_owned()], ..CausalityQuestion::default() };
    assert_eq!(assess(&serde_json::from_str(&text).unwrap(), &one).unwrap().drugs.len(), 1);
}

#[test]
fn a_reason_names_a_few_rivals_and_counts_the_others() {
    let drugs: Vec<Value> = (0..300)
        .map(|at| {
            json!({"id": format!("d{at}"), "name": format!("drug {at}"), "indication": "lymphoma",
                "courses": [{"start": "2026-01-01"}]})
        })
        .collect();
    let case = json!({"form": "iatro-case/1", "id": "P", "event": {"onset": "2026-02-01"}, "drugs": drugs});
    let case: Case = serde_json::from_value(case).unwrap();
    let made = assess(&case, &CausalityQuestion::default()).unwrap();
    let naranjo = &made.drugs[0].instruments[0];
    let q5 = naranjo.questions.iter().find(|row| row.id == "q5").unwrap();
    assert_eq!(q5.answer, "yes");
    // 300 indications and 299 other suspects, of which eight are named.
    assert!(q5.reason.ends_with("; and 591 more"), "{}", q5.reason);
}

/// Words of measures of disproportionality. The one sentence that says that no category rests on them is let through.
const FORBIDDEN: [&str; 12] = [
    "ror",
    "prr",
    "ic025",
    "ic",
    "ebgm",
    "eb05",
    "bcpnn",
    "mgps",
    "chi2",
    "reporting_odds",
    "disproportion",
    "disproportionality",
];
const SENTENCE: &str = "category is never derived from a measure of disproportionality";

fn forbidden(text: &str) -> Option<String> {
    let text = text.replace(SENTENCE, "").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let stray = |word: &&str| FORBIDDEN.contains(word) || word.starts_with("disproportion");
    words.into_iter().find(stray).map(str::to_owned)
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_measure_of_disproportionality_is_known_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("src/causality.rs")];
    files(&root.join("src/causality"), &mut found);
    files(&root.join("data/causality"), &mut found);
    assert!(found.len() > 30);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(forbidden(&text), None, "{}", path.display());
    }
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    for text in
        ["let ror = 2.0;", "fn from_prr()", "IC025 > 0", "category(ebgm)", "disproportional"]
    {
        assert!(forbidden(text).is_some(), "{text}");
    }
    assert_eq!(forbidden(SENTENCE), None);
    assert_eq!(forbidden("an error of the mirror, basic"), None);
}

#[test]
fn a_case_has_no_place_for_a_number_about_reports() {
    for field in ["prr", "ror", "disproportionality"] {
        let text = format!(
            "{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"drugs\":[{{\"id\":\"d\",\"name\":\"d\",\"{field}\":9.5}}]}}"
        );
        assert!(serde_json::from_str::<Case>(&text).is_err(), "{field}");
    }
}

/// A case with an onset on 15 March 2026 and one suspect with these fields.
fn of_one(drug: &Value, observations: &Value) -> Case {
    let mut row = json!({"id": "a", "name": "drugx"});
    for (field, value) in drug.as_object().unwrap() {
        row[field] = value.clone();
    }
    serde_json::from_value(json!({
        "form": "iatro-case/1", "id": "x", "patient": {"age": 40},
        "event": {"term": "Stevens-Johnson syndrome", "onset": "2026-03-15T07:00-05:00"},
        "observations": observations, "drugs": [row],
    }))
    .unwrap()
}

fn answered(case: &Case, path: &str) -> Value {
    let made = serde_json::to_value(assess(case, &CausalityQuestion::default()).unwrap()).unwrap();
    lookup(&made, &format!("drugs/a/instruments/{path}")).cloned().unwrap_or_default()
}

#[test]
fn a_clock_in_another_zone_does_not_turn_the_order_round() {
    for (start, expected) in [
        ("2026-03-15T08:00Z", "plausible"),
        ("2026-03-15T13:00Z", "improbable"),
        ("2026-03-15T06:00", "unknown"),
    ] {
        let case = of_one(&json!({"courses": [{"start": start}]}), &json!([]));
        assert_eq!(answered(&case, "who-umc/questions/time/answer"), expected, "{start}");
    }
}

#[test]
fn with_two_exposures_the_delay_is_for_a_person_to_count() {
    let delay = |courses: Value| {
        let case = of_one(&json!({ "courses": courses }), &json!([]));
        answered(&case, "alden/questions/delay/answer")
    };
    let first = json!({"start": "2019-01-01", "stop": "2019-01-10"});
    assert_eq!(delay(json!([first, {"start": "2026-03-01"}])), "unknown");
    // A change of dose the next day is one exposure.
    let low = json!({"start": "2026-03-01", "stop": "2026-03-05"});
    assert_eq!(delay(json!([low, {"start": "2026-03-06"}])), "5_to_28");
    assert_eq!(delay(json!([{"start": "2026-03-20"}, low])), "5_to_28");
}

#[test]
fn a_rechallenge_before_the_first_start_gives_no_points() {
    let drug = json!({
        "courses": [{"start": "2026-03-01"}],
        "rechallenge": {"time": "2026-01-01", "recurred": "yes"},
    });
    assert_eq!(answered(&of_one(&drug, &json!([])), "naranjo/questions/q4/answer"), "unknown");
}

#[test]
fn the_last_course_is_the_last_in_time() {
    let drug = json!({
        "courses": [{"start": "2026-03-01", "stop": "2026-03-16"}, {"start": "2025", "stop": "2025"}],
        "dechallenge": {"abated": "yes", "with_treatment": "no"},
    });
    assert_eq!(answered(&of_one(&drug, &json!([])), "naranjo/questions/q3/answer"), "yes");
}

#[test]
fn an_old_liver_injury_is_not_the_one_that_is_asked_about() {
    let alt = |id: &str, time: &str, value: i64| json!({"id": id, "observable": "alt", "time": time, "value": value, "unit": "U/L", "upper_limit": 40});
    let drug = json!({"courses": [{"start": "2026-03-01"}]});
    let seen = [alt("a", "2015-03-15", 400), alt("b", "2018", 20), alt("c", "2026-03-15", 400)];
    assert_eq!(answered(&of_one(&drug, &json!(seen)), "rucam/applicable"), "unknown");
    let rows = json!({
        "courses": [{"start": "2026-03-01"}],
        "answers": {"rucam": [{"question": "injury_type", "answer": "hepatocellular"}]},
    });
    let case = of_one(&rows, &json!(seen));
    assert_eq!(answered(&case, "rucam/questions/onset/answer"), "unknown");
}

#[test]
fn an_event_cannot_abate_in_the_future() {
    let drug = json!({
        "courses": [{"start": "2026-03-01", "stop": "2026-03-16"}],
        "dechallenge": {"time": "2026-03-16", "abated": "yes", "days_to_abate": 4_294_967_295_u32},
    });
    let said = check(&of_one(&drug, &json!([])), "2026-11-01".parse().unwrap()).unwrap_err();
    assert!(said.to_string().starts_with("drugs[0].dechallenge.days_to_abate: "), "{said}");
}
