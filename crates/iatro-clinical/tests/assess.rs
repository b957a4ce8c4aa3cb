//! The whole answer on small cases: window, evidence, flags, next tests, disagreements, course.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::needless_pass_by_value)]
#![allow(missing_docs)]

use iatro_clinical::assess::{
    Assessment, ItemResult, Question, Report, Verdict, assess, assess_one,
};
use iatro_clinical::case::{Case, read};
use iatro_clinical::evidence::EvidenceStatus;
use iatro_clinical::instrument;
use iatro_clinical::logic::Ternary;
use serde_json::{Value, json};

fn case(observations: Value, drugs: Value, more: Value) -> Case {
    let mut case = json!({"form": "iatro-case/1", "id": "P-014", "observations": observations, "drugs": drugs});
    let object = case.as_object_mut().unwrap();
    object.extend(more.as_object().unwrap().clone());
    read(case.to_string().as_bytes(), "2026-12-01".parse().unwrap()).unwrap()
}

fn question(instruments: &[&str]) -> Question {
    let instruments = instruments.iter().map(|id| (*id).to_owned()).collect();
    Question { instruments, ..Question::default() }
}

fn report(case: &Case, instruments: &[&str]) -> Report {
    assess(case, &question(instruments)).unwrap()
}

fn one(case: &Case, id: &str) -> Assessment {
    report(case, &[id]).instruments.remove(0)
}

fn item(found: &Assessment, id: &str) -> ItemResult {
    found.items.iter().find(|item| item.id == id).unwrap().clone()
}

#[test]
fn an_observation_outside_of_the_window_is_named_and_not_used() {
    let case = case(
        json!([
            {"id": "f1", "observable": "ferritin", "value": 9000, "unit": "ng/mL", "time": "2026-01-01"},
            {"id": "t1", "observable": "temperature", "value": 39, "unit": "Cel", "time": "2026-03-14"},
            {"id": "s1", "observable": "splenomegaly", "present": "yes", "time": "2026-03"},
            {"id": "a1", "observable": "ast", "value": 90, "unit": "U/L"},
        ]),
        json!([]),
        json!({}),
    );
    let report = report(&case, &["hscore"]);
    let window = &report.window;
    assert_eq!((window.used, window.undated, window.outside), (2, 1, 2));
    assert_eq!(window.from.unwrap().to_string(), "2026-03-01");
    let hscore = &report.instruments[0];
    let ferritin = item(hscore, "ferritin");
    assert_eq!(ferritin.state, Ternary::Unknown);
    assert_eq!(
        ferritin.evidence[0].reason,
        "not observed; 9000 ng/mL of 2026-01-01 lies outside of the window"
    );
    let organs = item(hscore, "organomegaly");
    assert!(organs.evidence[1].reason.contains("present of 2026-03 may lie outside of the window"));
    assert_eq!(item(hscore, "ast").evidence[0].observation.as_deref(), Some("a1"));
    let wider = Question { window_days: Some(100), ..question(&["hscore"]) };
    let wider = assess(&case, &wider).unwrap();
    assert_eq!(item(&wider.instruments[0], "ferritin").state, Ternary::Met);
    let earlier = Question { at: Some("2026-01-05".parse().unwrap()), ..question(&["hscore"]) };
    let earlier = assess(&case, &earlier).unwrap();
    assert_eq!(item(&earlier.instruments[0], "temperature").state, Ternary::Unknown);
    assert_eq!(earlier.course.len(), 1);
}

#[test]
fn the_observation_that_decides_is_named_with_what_was_made_of_it() {
    let case = case(
        json!([
            {"id": "f1", "observable": "ferritin", "value": 3, "unit": "mg/L", "time": "2026-03-10", "source": "laboratory, row 4"},
            {"id": "f2", "observable": "ferritin", "value": "> 40000", "unit": "ng/mL", "time": "2026-03-12"},
            {"id": "t1", "observable": "triglycerides", "value": 132.8, "unit": "mg/dL", "time": "2026-03-12"},
            {"id": "h1", "observable": "hemoglobin", "value": 5.6, "unit": "mmol/L", "time": "2026-03-12"},
            {"id": "c1", "observable": "scd25", "value": 24000, "unit": "pg/mL", "time": "2026-03-12"},
        ]),
        json!([]),
        json!({"patient": {"age": 54}}),
    );
    let hscore = one(&case, "hscore");
    let ferritin = item(&hscore, "ferritin").evidence;
    assert_eq!(ferritin.len(), 1);
    assert_eq!(ferritin[0].observation.as_deref(), Some("f2"));
    assert_eq!(ferritin[0].value.as_deref(), Some("> 40000 ng/mL"));
    assert_eq!(ferritin[0].reason, "> 40000 ng/mL is > 6000 ng/mL; > 40000 ng/mL is >= 2000 ng/mL");
    let triglycerides = item(&hscore, "triglycerides");
    assert_eq!(
        triglycerides.evidence[0].reason,
        "132.8 mg/dL is not > 354 mg/dL; 132.8 mg/dL is >= 132.7 mg/dL"
    );
    let hlh = one(&case, "hlh-2004");
    let cytopenia = item(&hlh, "cytopenia").evidence;
    let age = cytopenia.iter().find(|one| one.observable == "age").unwrap();
    assert_eq!((age.value.as_deref(), age.reason.as_str()), (Some("54 a"), "is not < 28 d"));
    let hemoglobin = cytopenia.iter().find(|one| one.observable == "hemoglobin").unwrap();
    assert!(hemoglobin.reason.contains("converted since no cut-off is published in that unit"));
    let scd25 = item(&hlh, "scd25");
    assert_eq!(scd25.state, Ternary::Unknown);
    assert_eq!(scd25.evidence[0].reason, "pg/mL cannot be held against U/mL");
}

#[test]
fn age_comes_from_the_date_of_birth_at_the_end_of_the_window() {
    let at = |birth: &str| {
        case(
            json!([
                {"id": "h", "observable": "hemoglobin", "value": 95, "unit": "g/L", "time": "2026-03-29"},
                {"id": "p", "observable": "platelets", "value": 50, "unit": "10*9/L", "time": "2026-03-29"},
                {"id": "n", "observable": "neutrophils", "value": 4, "unit": "10*9/L", "time": "2026-03-29"},
            ]),
            json!([]),
            json!({"patient": {"birth_date": birth}}),
        )
    };
    let state = |birth: &str| item(&one(&at(birth), "hlh-2004"), "cytopenia").state;
    assert_eq!(state("2026-03-02"), Ternary::Met);
    assert_eq!(state("2026-03-01"), Ternary::NotMet);
    assert_eq!(state("2026-03"), Ternary::Unknown);
    assert_eq!(state("2025"), Ternary::NotMet);
}

#[test]
fn therapies_are_flagged_and_change_no_state() {
    let observations = json!([
        {"id": "t", "observable": "temperature", "value": 37, "unit": "Cel", "time": "2026-03-10"},
        {"id": "f", "observable": "fibrinogen", "value": 3, "unit": "g/L", "time": "2026-03-10"},
    ]);
    let drugs = json!([
        {"id": "d1", "name": "Tocilizumab", "courses": [{"start": "2026-03-05", "stop": "2026-03-05"}]},
        {"id": "d2", "name": "cryoprecipitate", "kind": "blood_product", "courses": [{"start": "2026-03-11"}]},
        {"id": "d3", "name": "propofol", "courses": []},
        {"id": "d4", "name": "dexamethasone", "courses": [{"start": "2026-03-01"}]},
        {"id": "d5", "name": "basiliximab", "courses": [{"start": "2026-02-01", "stop": "2026-02-04"}]},
        {"id": "d6", "name": "antiplatelet agent", "courses": [{"start": "2026-03-01"}]},
        {"id": "d7", "name": "pegaspargase", "courses": [{"start": "2026-03-01"}]},
        {"id": "d8", "name": "Platelets, apheresis", "kind": "blood_product", "courses": [{"start": "2026-03-10", "stop": "2026-03-10"}]},
    ]);
    let with = case(observations.clone(), drugs, json!({}));
    let without = case(observations, json!([]), json!({}));
    let (with, without) = (one(&with, "hlh-2004"), one(&without, "hlh-2004"));
    for (a, b) in with.items.iter().zip(&without.items) {
        assert_eq!((a.state, a.points, &a.evidence), (b.state, b.points, &b.evidence));
        assert!(b.flags.is_empty());
    }
    let flags = |id: &str| {
        let flags = item(&with, id).flags;
        flags.into_iter().map(|f| (f.drug, f.observable, f.evidence_status)).collect::<Vec<_>>()
    };
    use EvidenceStatus::{Unverified, Verified};
    let flag =
        |drug: &str, observable: &str, status| (drug.to_owned(), observable.to_owned(), status);
    assert_eq!(
        flags("fever"),
        [flag("d1", "temperature", Verified), flag("d4", "temperature", Unverified)]
    );
    // Given after the observation: cryoprecipitate is no flag. Pegaspargase and fibrinogen: recalled only, off.
    assert_eq!(
        flags("triglycerides_fibrinogen"),
        [
            flag("d1", "triglycerides", Verified),
            flag("d1", "fibrinogen", Verified),
            flag("d3", "triglycerides", Verified),
            flag("d7", "triglycerides", Unverified),
        ]
    );
    assert_eq!(flags("scd25"), [flag("d5", "scd25", Verified)]);
    // The day of the observation counts.
    assert_eq!(
        flags("cytopenia"),
        [
            flag("d1", "platelets", Verified),
            flag("d1", "neutrophils", Verified),
            flag("d8", "platelets", Verified)
        ]
    );
    let effect = item(&with, "fever").flags[0].effect.clone();
    assert!(effect.starts_with("Tocilizumab can suppress fever: the value may be lower than without it (given 2026-03-05 to 2026-03-05"));
    let unknown = item(&with, "triglycerides_fibrinogen").flags[2].effect.clone();
    assert!(unknown.contains("dates of the drug are not known"), "{unknown}");
}

#[test]
fn the_test_that_alone_decides_comes_first() {
    // Four of eight; molecular diagnosis, NK activity, ferritin absent: soluble CD25 alone decides.
    let case = case(
        json!([
            {"id": "1", "observable": "temperature", "value": 39, "unit": "Cel"},
            {"id": "2", "observable": "splenomegaly", "present": "yes"},
            {"id": "3", "observable": "fibrinogen", "value": 1, "unit": "g/L"},
            {"id": "4", "observable": "hemophagocytosis", "present": "yes", "site": "marrow"},
            {"id": "5", "observable": "molecular_hlh", "present": "no"},
            {"id": "6", "observable": "nk_activity_low", "present": "no"},
            {"id": "7", "observable": "ferritin", "value": 100, "unit": "ug/L"},
            {"id": "8", "observable": "platelets", "value": 300, "unit": "10*9/L"},
            {"id": "9", "observable": "neutrophils", "value": 3, "unit": "10*9/L"},
        ]),
        json!([]),
        json!({}),
    );
    let found = report(&case, &["hlh-2004"]);
    assert_eq!(found.instruments[0].verdict, Verdict::Indeterminate);
    assert_eq!(found.next_tests.len(), 1);
    assert_eq!((found.next_tests[0].observable.as_str(), found.next_tests[0].mean), ("scd25", 1.0));
}

#[test]
fn shares_are_exact_and_age_is_no_test() {
    // Four of eight, and unknown: soluble CD25, NK activity; a fifth decides. Each hangs on the other being absent.
    let case = case(
        json!([
            {"id": "1", "observable": "temperature", "value": 39, "unit": "Cel"},
            {"id": "2", "observable": "splenomegaly", "present": "yes"},
            {"id": "3", "observable": "fibrinogen", "value": 1, "unit": "g/L"},
            {"id": "4", "observable": "hemophagocytosis", "present": "yes"},
            {"id": "5", "observable": "molecular_hlh", "present": "no"},
            {"id": "7", "observable": "ferritin", "value": 100, "unit": "ug/L"},
            {"id": "8", "observable": "platelets", "value": 30, "unit": "10*9/L"},
            {"id": "9", "observable": "neutrophils", "value": 3, "unit": "10*9/L"},
            {"id": "10", "observable": "hemoglobin", "value": 95, "unit": "g/L"},
        ]),
        json!([]),
        json!({}),
    );
    let found = report(&case, &["hlh-2004"]);
    let shares: Vec<_> = found.next_tests.iter().map(|t| (t.observable.as_str(), t.mean)).collect();
    // Cytopenia hangs on the age (under 28 days or not), soluble CD25, NK activity: one of three must hold.
    assert_eq!(shares, [("nk_activity_low", 0.25), ("scd25", 0.25)]);
    assert!(found.notes.is_empty());
    let nothing = report(&self::case(json!([]), json!([]), json!({})), &[]);
    assert!(nothing.next_tests.is_sorted_by(|a, b| a.mean >= b.mean));
    assert!(nothing.next_tests.iter().all(|test| !test.observable.starts_with("age")));
    assert!(
        nothing
            .next_tests
            .iter()
            .all(|test| test.decides.iter().all(|d| (0.0..=1.0).contains(&d.share)))
    );
    assert!(nothing.course.is_empty() && nothing.window.to.is_none());
}

#[test]
fn instruments_that_disagree_are_set_side_by_side() {
    // HScore is fulfilled by height of values that HLH-2004 counts once or not at all.
    let case = case(
        json!([
            {"id": "1", "observable": "temperature", "value": 40, "unit": "Cel"},
            {"id": "2", "observable": "splenomegaly", "present": "no"},
            {"id": "3", "observable": "hepatomegaly", "present": "yes"},
            {"id": "4", "observable": "ferritin", "value": 9000, "unit": "ug/L"},
            {"id": "5", "observable": "triglycerides", "value": 5, "unit": "mmol/L"},
            {"id": "6", "observable": "ast", "value": 90, "unit": "U/L"},
            {"id": "7", "observable": "molecular_hlh", "present": "no"},
            {"id": "8", "observable": "platelets", "value": 300, "unit": "10*9/L"},
            {"id": "9", "observable": "neutrophils", "value": 3, "unit": "10*9/L"},
            {"id": "10", "observable": "hemophagocytosis", "present": "no", "site": "marrow"},
            {"id": "11", "observable": "nk_activity_low", "present": "no"},
        ]),
        json!([]),
        json!({"patient": {"age": 54}}),
    );
    let found = report(&case, &["hscore", "hlh-2004"]);
    assert_eq!(found.disagreements.len(), 1);
    let one = &found.disagreements[0];
    assert_eq!((one.fulfilled.as_str(), one.not_fulfilled.as_str()), ("hscore", "hlh-2004"));
    for part in [
        "HLH-2004 does not ask: Hepatomegaly, splenomegaly, AST",
        "312 adults",
        "Children",
        "without",
    ] {
        assert!(one.text.contains(part), "{part}: {}", one.text);
    }
}

#[test]
fn the_course_has_a_row_a_day_and_says_when_days_are_left_out() {
    let row = |day: i64| {
        let date = jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days(day));
        json!({"id": day.to_string(), "observable": "ferritin", "value": 1000 + 100 * day, "unit": "ng/mL", "time": date.to_string()})
    };
    let of = |days: i64| case(Value::Array((0..days).map(row).collect()), json!([]), json!({}));
    let short = report(&of(3), &["hscore", "hlh-2004"]);
    let days: Vec<_> =
        short.course.iter().map(|r| (r.instrument.as_str(), r.day.to_string())).collect();
    assert_eq!(days.len(), 6);
    assert_eq!(days[0], ("hlh-2004", "2026-01-01".to_owned()));
    assert_eq!(days[5], ("hscore", "2026-01-03".to_owned()));
    let long = report(&of(100), &["hscore"]);
    assert_eq!(long.course.len(), 60);
    assert_eq!(long.course[0].day.to_string(), "2026-01-01");
    assert_eq!(long.course[59].day.to_string(), "2026-04-10");
    assert_eq!(long.notes, ["course: 60 of 100 days are shown, evenly spaced in their order"]);
    // 2000 ng/mL from the eleventh day on.
    assert_eq!(long.course.last().unwrap().score, long.instruments[0].score);
}

#[test]
fn unverified_facts_are_off_and_say_so() {
    let empty = case(json!([]), json!([]), json!({}));
    let all = report(&empty, &[]);
    let off: Vec<_> = instrument::all()
        .iter()
        .filter(|i| i.evidence_status == EvidenceStatus::Unverified)
        .collect();
    assert!(!off.is_empty());
    assert_eq!(all.left_out.len(), off.len());
    assert_eq!(all.instruments.len() + off.len(), instrument::all().len());
    assert!(report(&empty, &[&off[0].id]).instruments.is_empty());
    let with = Question { include_unverified: true, ..question(&[]) };
    let with = assess(&empty, &with).unwrap();
    assert!(with.left_out.is_empty());
    let labelled = with.instruments.iter().find(|one| one.id == off[0].id).unwrap();
    assert_eq!(labelled.evidence_status, EvidenceStatus::Unverified);
    for one in &with.instruments {
        assert_eq!(one.not_validated, "not validated for iatrogenic HLH");
    }
}

/// A small instrument with an unverified item and rule.
const PARTLY: &str = r#"
id = "partly"
name = "Partly"
purpose = "x"
population = "x"
sources = ["x"]
caveats = ["The rule is unverified."]
citation = { text = "x" }
[[item]]
id = "a"
label = "A"
evidence_status = "unverified"
note = "Recalled."
[[item.level]]
when = "splenomegaly"
points = 2
[[item]]
id = "b"
label = "B"
[[item.level]]
when = "hepatomegaly"
points = 1
[rule]
label = "three"
evidence_status = "unverified"
when = "score >= 3"
"#;

#[test]
fn an_unverified_item_is_unknown_and_an_unverified_rule_gives_no_verdict() {
    let partly = instrument::load(PARTLY).unwrap();
    let case = case(
        json!([
            {"id": "1", "observable": "splenomegaly", "present": "yes"},
            {"id": "2", "observable": "hepatomegaly", "present": "yes"},
        ]),
        json!([]),
        json!({}),
    );
    let off = assess_one(&case, &partly, &Question::default()).unwrap();
    assert_eq!(off.verdict, Verdict::None);
    assert_eq!((off.score.min, off.score.max), (1.into(), 3.into()));
    let item = item(&off, "a");
    assert_eq!(item.state, Ternary::Unknown);
    assert!(item.evidence[0].reason.starts_with("unverified, off"));
    assert_eq!(off.evidence_status, EvidenceStatus::Verified);
    assert!(off.rule.unwrap().contains("unverified, off"));
    let question = Question { include_unverified: true, ..Question::default() };
    let on = assess_one(&case, &partly, &question).unwrap();
    assert_eq!((on.verdict, on.evidence_status), (Verdict::Fulfilled, EvidenceStatus::Unverified));
}

#[test]
fn what_is_not_there_cannot_be_asked() {
    let empty = case(json!([]), json!([]), json!({}));
    let error = assess(&empty, &question(&["hscor"])).unwrap_err().to_string();
    assert!(error.starts_with("no instrument \"hscor\"; expected one of "), "{error}");
    let variants = vec![("hscore".to_owned(), "above-170".to_owned())];
    let error =
        assess(&empty, &Question { variants, ..question(&["hscore"]) }).unwrap_err().to_string();
    assert!(
        error.starts_with("hscore has no variant \"above-170\"; expected above-169"),
        "{error}"
    );
}

#[test]
fn with_nothing_known_every_embedded_instrument_is_counted_whole() {
    let empty = case(json!([]), json!([]), json!({}));
    let found = assess(&empty, &Question { include_unverified: true, ..question(&[]) }).unwrap();
    assert!(found.notes.is_empty(), "{:?}", found.notes);
    assert!(found.instruments.iter().all(|one| one.verdict != Verdict::Fulfilled));
}

#[test]
fn cells_listed_among_the_drugs_are_known_to_have_been_given() {
    let of = |start: &str, day: &str| {
        let drugs = json!([{"id": "d1", "name": "tisagenlecleucel", "kind": "cell_therapy", "courses": [{"start": start}]}]);
        let ferritin = json!([{"id": "1", "observable": "ferritin", "value": 20000, "unit": "ng/mL", "time": day}]);
        one(&case(ferritin, drugs, json!({})), "prwcc")
    };
    let within = of("2026-03-01", "2026-03-31");
    assert_eq!(within.applicability.state, Ternary::Met);
    assert_eq!(item(&within, "timing").state, Ternary::Met);
    assert_eq!(
        item(&within, "timing").evidence[0].value.as_deref(),
        Some("tisagenlecleucel (drug d1)")
    );
    // Some days of the window are within 30 days, others are not.
    assert_eq!(item(&of("2026-03-01", "2026-04-01"), "timing").state, Ternary::Unknown);
    assert_eq!(item(&of("2026-03-01", "2026-05-01"), "timing").state, Ternary::NotMet);
    // Infused after the window.
    let later = of("2026-06-01", "2026-05-01");
    assert_eq!(
        (later.applicability.state, item(&later, "timing").state),
        (Ternary::Unknown, Ternary::Unknown)
    );
    let none = one(&case(json!([]), json!([]), json!({})), "prwcc");
    assert_eq!(none.applicability.state, Ternary::Unknown);
}

#[test]
fn the_same_question_has_the_same_bytes() {
    let case = case(
        json!([{"id": "1", "observable": "ferritin", "value": 700, "unit": "ug/L", "time": "2026-03-01"}]),
        json!([]),
        json!({}),
    );
    let bytes = || serde_json::to_vec(&assess(&case, &Question::default()).unwrap()).unwrap();
    assert_eq!(bytes(), bytes());
}

/// Ferritin of 3,000 in "2026-03", of 100 on a day of the window: whether the criterion is met hangs on the day of the first.
#[test]
fn a_day_that_may_lie_in_the_window_leaves_the_item_open() {
    let state = |first: &str, month: &str| {
        let text = format!(
            r#"{{"form":"iatro-case/1","id":"P-1","observations":[
                {{"id":"a","observable":"ferritin","time":"{month}","value":{first},"unit":"ng/mL"}},
                {{"id":"b","observable":"ferritin","time":"2026-03-20","value":100,"unit":"ng/mL"}}]}}"#
        );
        let case = serde_json::from_str(&text).unwrap();
        let question = Question { instruments: vec!["hlh-2004".to_owned()], ..Question::default() };
        let report = assess(&case, &question).unwrap();
        report.instruments[0].items.iter().find(|item| item.id == "ferritin").unwrap().state
    };
    assert_eq!(state("3000", "2026-03"), Ternary::Unknown);
    // What could not meet it anyway, and what surely lies outside, changes nothing.
    assert_eq!(state("200", "2026-03"), Ternary::NotMet);
    assert_eq!(state("3000", "2026-01"), Ternary::NotMet);
}

#[test]
fn a_no_elsewhere_leaves_the_marrow_open_and_the_last_state_counts() {
    let state = |observations: Value, instrument: &str, id: &str| {
        let case = case(observations, json!([]), json!({}));
        item(&report(&case, &[instrument]).instruments[0], id).state
    };
    let at = |site: &str| json!([{"id": "h", "observable": "hemophagocytosis", "present": "no", "site": site, "time": "2026-03-02"}]);
    assert_eq!(state(at("lymph_node"), "hlh-2004", "hemophagocytosis"), Ternary::Unknown);
    assert_eq!(state(at("marrow"), "hlh-2004", "hemophagocytosis"), Ternary::NotMet);
    assert_eq!(state(at("marrow_aspirate"), "hscore", "hemophagocytosis"), Ternary::NotMet);
    let explained = |first: &str, then: &str| {
        json!([
            {"id": "a", "observable": "explained_by_crs_icans", "present": first, "time": "2026-03-02"},
            {"id": "b", "observable": "explained_by_crs_icans", "present": then, "time": "2026-03-06"},
        ])
    };
    assert_eq!(state(explained("yes", "no"), "iec-hs", "independent"), Ternary::Met);
    assert_eq!(state(explained("no", "yes"), "iec-hs", "independent"), Ternary::NotMet);
}

/// Everything that PRWCC asks for, `day` days around an infusion on the 10th.
#[test]
fn what_was_observed_before_the_infusion_does_not_count() {
    let verdict = |day: &str| {
        let observations = json!([
            {"id": "f", "observable": "ferritin", "value": 20000, "unit": "ng/mL", "time": day},
            {"id": "g", "observable": "fibrinogen", "value": 1.0, "unit": "g/L", "time": day},
            {"id": "h", "observable": "hemophagocytosis", "present": "yes", "time": day},
            {"id": "t", "observable": "temperature", "value": 37, "unit": "Cel", "time": "2026-03-12"},
        ]);
        let cells = json!([{"id": "axi", "name": "axicabtagene ciloleucel", "kind": "cell_therapy",
            "courses": [{"start": "2026-03-10"}]}]);
        report(&case(observations, cells, json!({})), &["prwcc"]).instruments[0].verdict
    };
    assert_eq!(verdict("2026-03-01"), Verdict::Indeterminate);
    assert_eq!(verdict("2026-03-09"), Verdict::Indeterminate);
    assert_eq!(verdict("2026-03-10"), Verdict::Fulfilled);
    assert_eq!(verdict("2026-03-12"), Verdict::Fulfilled);
}
