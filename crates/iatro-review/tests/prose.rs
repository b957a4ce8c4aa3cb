//! Prose for the terminal: what it says, and that it says no more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "made_up/data.rs"]
mod data;

use iatro_reports::lake::dictionary::TermUse;
use iatro_review::prose::{run_in_english, signal_in_english, study_in_english, waterfall_lines};
use iatro_review::wording::check;
use iatro_signals::study::Study;

#[test]
fn the_study_in_english() {
    let text = study_in_english(&data::study(), None);
    assert_eq!(check(&text), []);
    insta::assert_snapshot!("study", text);
}

#[test]
fn the_built_in_study_in_english() {
    let study = Study::embedded("hlh").unwrap();
    let text = study_in_english(&study, None);
    assert_eq!(check(&text), []);
    assert!(text.lines().all(|line| line.chars().count() <= 96));
    assert!(!text.contains(" hits") && !text.contains("\n\n\n"));
}

fn term(name: &str, event_rows: u64, indication_rows: u64) -> TermUse {
    let folded = iatro_reports::dictionary::term::fold_term(name);
    TermUse { term: name.to_owned(), folded, event_rows, indication_rows }
}

#[test]
fn hits_stand_beside_the_names() {
    let study = Study::embedded("hlh").unwrap();
    let terms = [
        term("Haemophagocytic lymphohistiocytosis", 44, 0),
        term("Haemophagocytic syndrome", 1, 2),
        term("Cytomegalovirus infection", 1_200, 30),
        term("Cytomegalovirus viraemia", 7, 0),
        term("Cytomegalovirus test negative", 5, 0),
        term("Pneumonia cytomegaloviral", 3, 1),
        term("Febrile neutropenia", 50, 6),
        term("Germ cell cancer", 0, 2),
    ];
    let text = study_in_english(&study, Some(&terms));
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Haemophagocytic lymphohistiocytosis (44 hits) [verified]",
        "Haemophagocytic syndrome (1 hit, and 2 as an indication)",
        "Systemic immune activation (0 hits)",
        "cytomegalovirus: 1,210/31",
        "• Pneumonia cytomegaloviral (3/1).",
        "• Without a row: Disseminated cytomegaloviral infection, Encephalitis cytomegalovirus.",
        "• Pattern \"cytomegalovirus *\": 2 terms, Cytomegalovirus infection (1,200/30), \
         Cytomegalovirus viraemia (7/0). Kept out by an exception: Cytomegalovirus test negative (5/0).",
        "sign of the event itself: Febrile neutropenia (50/6).",
        "• Unverified: Germ cell cancer (0/2).",
        "other malignancy: 0/0",
    ] {
        assert!(plain.contains(said), "{said}: {text}");
    }
    assert_eq!(check(&text), []);
    assert!(text.lines().all(|line| line.chars().count() <= 96));
    assert!(!text.contains("\n\n\n"));
}

#[test]
fn a_study_of_ones_own_is_told_too() {
    let text = "spec = 1\nid = \"own\"\ntitle = \"Own\"\ndescription = \"d\"\ndefault_event = \"e\"\n\
        minimum_cases = 1\nseed = 1\nestimators = [\"ror\"]\nthresholds = [\"min_reports\"]\n\
        [events.e]\n[[events.e.terms]]\nterm = \"Pyrexia\"\nstatus = \"verified\"\nsource = \"s\"\n\
        [exposure]\nroles = [\"PS\"]\ncomparator = [\"azithromycin\"]\n";
    let study = Study::from_toml(text, "own.toml").unwrap();
    let text = study_in_english(&study, None);
    assert!(text.contains("a report is a case if it holds this name."), "{text}");
    assert!(text.contains("with reports of azithromycin"));
    assert!(text.contains("The forest plot shows substances from 1 case on."));
    assert!(!text.contains("Agents") && !text.contains("Alerts"));
    assert_eq!(check(&text), []);
}

#[test]
fn runs_and_signals_are_told_in_allowed_words() {
    for data in [data::realistic(), data::extreme(), data::empty(), data::many()] {
        assert_eq!(check(&run_in_english(&data.study, &data.run)), []);
        for signal in &data.run.signals {
            assert_eq!(check(&signal_in_english(signal)), []);
        }
        assert_eq!(check(&waterfall_lines(&data.run.waterfall).join("\n")), []);
    }
}

#[test]
fn a_signal_is_a_sentence() {
    let data = data::realistic();
    let told = |name: &str| signal_in_english(data.run.signal(name).unwrap());
    assert_eq!(
        told("lamotrigine"),
        "lamotrigine is reported with the event more often than expected: 16 cases, 3.03 expected; ROR 5.46 \
         (Wald 95 % 3.31 to 9.01); IC 2.22 (exact gamma 95 % 1.43 to 2.85)."
    );
    assert!(told("adalimumab").contains("is reported with the event less often than expected"));
    assert!(told("paracetamol").contains("shows no disproportionate reporting of the event"));
    assert!(told("apixaban").contains("ROR 0, its Wald interval not defined"));
}

#[test]
fn a_run_is_told_with_what_the_study_knows() {
    let data = data::realistic();
    let text = run_in_english(&data.study, &data.run);
    assert!(text.contains(
        "Of these, the study lists 10 as agents and 8 as therapies of the event; a report may name a therapy \
         because the event was there first. Of the 30 signals with cases enough, 11 are robust against every declared \
         check that could be made, 8 are fragile (at least one check ends it), 8 are explained by what else stands \
         on the same reports, under a stated model and 3 are unchecked."
    ), "{text}");
    let mut none = data::realistic();
    none.run.verdicts.clear();
    none.run.signals.retain(|signal| !signal.is_disproportionate());
    let text = run_in_english(&none.study, &none.run);
    assert!(text.ends_with("None of the 14 substances on them is reported with it more often than expected (IC025 > 0)."), "{text}");
}
