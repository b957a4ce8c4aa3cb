//! What on a report could account for the event: what is set aside, and the roles of triggers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use iatro_reports::SourceKind;
use iatro_reports::model::codes::Role;
use iatro_reports::model::date::PartialDate;
use iatro_signals::causes::{Reason, TriggerRole};
use iatro_signals::corpus::Corpus;
use iatro_signals::corpus::facts::{AgeBand, Fact, Reporter, Sex};
use iatro_signals::corpus::memory::{MemoryDrug, MemoryReport};
use iatro_signals::count::{Embedded, Exposures, counted};
use iatro_signals::run::{Prepared, Question, Settings};
use iatro_signals::study::{Evidence, Study};

const HLH: &str = "Haemophagocytic lymphohistiocytosis";

fn date(text: &str) -> Option<PartialDate> {
    Some(PartialDate::from_digits(text, 2030).unwrap())
}

fn report(onset: &str, events: &[&str], drugs: &[(&str, Role, &str, &[&str])]) -> MemoryReport {
    let drug = |(name, role, start, indications): &(&str, Role, &str, &[&str])| MemoryDrug {
        substances: vec![(*name).to_owned()],
        role: Some(*role),
        start: if start.is_empty() { None } else { date(start) },
        indications: indications.iter().map(|term| (*term).to_owned()).collect(),
    };
    let fact = Fact {
        age: AgeBand::Adult,
        sex: Sex::Female,
        received: Some(19_000),
        event_date: if onset.is_empty() { None } else { date(onset) },
        country: None,
        reporter: Reporter::Unknown,
        outcomes: 0,
        duplicate_cluster: None,
    };
    MemoryReport {
        fact,
        drugs: drugs.iter().map(drug).collect(),
        events: events.iter().map(|term| (*term).to_owned()).collect(),
    }
}

use Role::{Concomitant as C, PrimarySuspect as PS, SecondarySuspect as SS};

fn prepared(corpus: &Corpus, evidence: Evidence) -> Prepared {
    let study = Study::embedded("hlh").unwrap();
    let settings = Settings { evidence, ..Settings::default() };
    let question = Question::of_source(SourceKind::Csv, &study, &settings).unwrap();
    Prepared::new(corpus, &study, &question).unwrap()
}

fn exposed(corpus: &Corpus, prepared: &Prepared, place: usize) -> Vec<String> {
    let exposures = Exposures::new(corpus, &prepared.plan);
    exposures.of(place).map(|e| corpus.substances()[e.substance as usize].name.clone()).collect()
}

#[test]
fn what_was_given_for_the_event_or_began_after_it_is_no_exposure() {
    let reports = [
        // Given for the event: set aside, on a case and on a report without the event.
        report(
            "20240110",
            &[HLH],
            &[("lamotrigine", PS, "", &["Epilepsy"]), ("anakinra", SS, "", &[HLH])],
        ),
        report("", &["Rash"], &[("anakinra", PS, "", &["Histiocytosis haematophagic"])]),
        // A therapy that began on the day of onset, and one that began the day before.
        report(
            "20240110",
            &[HLH],
            &[("etoposide", SS, "20240110", &[]), ("lamotrigine", PS, "", &[])],
        ),
        report("20240110", &[HLH], &[("etoposide", PS, "20240109", &[])]),
        // A therapy without dates stays; a drug that is no listed therapy stays whenever it began.
        report(
            "20240110",
            &[HLH],
            &[("etoposide", PS, "", &[]), ("clobazam", SS, "20240201", &[])],
        ),
        // Twice on the report, once for something else: stays.
        report(
            "20240110",
            &[HLH],
            &[("dexamethasone", PS, "", &[HLH]), ("dexamethasone", SS, "", &["Asthma"])],
        ),
        // After the onset of another event: stays.
        report("20240110", &["Rash"], &[("etoposide", PS, "20240301", &[])]),
        // Concomitant for the event: no suspect, so nothing to set aside.
        report("20240110", &[HLH], &[("anakinra", C, "", &[HLH]), ("lamotrigine", PS, "", &[])]),
    ];
    let corpus = Corpus::of_reports(&reports);
    let prepared = prepared(&corpus, Evidence::Verified);
    let named: Vec<Vec<String>> = (0..8).map(|at| exposed(&corpus, &prepared, at)).collect();
    let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(named[0], names(&["lamotrigine"]));
    assert!(named[1].is_empty());
    assert_eq!(named[2], names(&["lamotrigine"]));
    assert_eq!(named[3], names(&["etoposide"]));
    assert_eq!(named[4], names(&["etoposide", "clobazam"]));
    assert_eq!(named[5], names(&["dexamethasone"]));
    assert_eq!(named[6], names(&["etoposide"]));
    let listed = &prepared.causes.set_aside.substances;
    let counts: Vec<(&str, u64, u64, u64)> = listed
        .iter()
        .map(|s| (s.substance.as_str(), s.event_as_indication, s.therapy_after_onset, s.cases))
        .collect();
    assert_eq!(counts, [("anakinra", 2, 0, 1), ("etoposide", 0, 1, 1)]);
    assert_eq!(prepared.causes.set_aside.event_indicated.iter().collect::<Vec<_>>(), [0, 1, 5, 7]);
    assert!(Reason::EventAsIndication < Reason::TherapyAfterOnset);

    // The report on which everything is set aside is no longer eligible; the control totals agree.
    let counts = counted(&Embedded::new(&corpus), &prepared.plan).unwrap();
    assert_eq!((counts.reports, counts.cases), (7, 6));
}

#[test]
fn a_trigger_has_the_role_that_its_report_gives_it() {
    let ebv = "Epstein-Barr virus infection";
    let of = |drug| report("", &[], &[drug]).drugs.swap_remove(0);
    let lamotrigine = of(("lamotrigine", PS, "", &[]));
    let unnamed = MemoryDrug { substances: Vec::new(), ..of(("", C, "", &[ebv])) };
    let reports = [
        report("", &[HLH], &[("rituximab", PS, "", &[ebv])]),
        report("", &[HLH, ebv], &[("azathioprine", PS, "", &["Crohn's disease"])]),
        report("", &[HLH], &[("lamotrigine", PS, "", &[]), ("ganciclovir", C, "", &[ebv])]),
        report("", &[HLH, ebv], &[("lamotrigine", PS, "", &[])]),
        // Given for the event too, so no suspect: what it was given for is there for itself.
        report("", &[HLH, ebv], &[("anakinra", PS, "", &[HLH, ebv]), ("lamotrigine", SS, "", &[])]),
        // A sign of the event as an event, a disease of its own as an indication.
        report("", &[HLH, "Neutropenia"], &[("lamotrigine", PS, "", &[])]),
        report("", &[HLH], &[("filgrastim", PS, "", &["Neutropenia"])]),
        // An indication of a drug that the report does not name: nothing says what was given for it.
        MemoryReport { drugs: vec![lamotrigine, unnamed], ..report("", &[HLH], &[]) },
    ];
    let corpus = Corpus::of_reports(&reports);
    let roles = |evidence, place| -> Vec<(String, TriggerRole)> {
        let triggers = prepared(&corpus, evidence).causes.triggers;
        let named = |hit: &iatro_signals::causes::TriggerHit| {
            (triggers.concepts()[usize::from(hit.concept)].concept.clone(), hit.role)
        };
        triggers.of(place).iter().map(named).collect()
    };
    let one = |concept: &str, role| vec![(concept.to_owned(), role)];
    let ebv = "Epstein-Barr virus";
    assert_eq!(roles(Evidence::All, 0), one(ebv, TriggerRole::Indication));
    let of_thiopurine = roles(Evidence::All, 1);
    assert!(of_thiopurine.contains(&(ebv.to_owned(), TriggerRole::Mediator)), "{of_thiopurine:?}");
    // The link is recalled, not read: by default the virus competes.
    let by_default = roles(Evidence::Verified, 1);
    assert!(by_default.contains(&(ebv.to_owned(), TriggerRole::Unknown)), "{by_default:?}");
    assert_eq!(roles(Evidence::Verified, 2), one(ebv, TriggerRole::Alternative));
    assert_eq!(roles(Evidence::Verified, 3), one(ebv, TriggerRole::Unknown));
    assert_eq!(roles(Evidence::Verified, 4), one(ebv, TriggerRole::Alternative));
    assert!(roles(Evidence::Verified, 5).is_empty());
    assert_eq!(roles(Evidence::Verified, 6), one("neutropenia", TriggerRole::Indication));
    assert_eq!(roles(Evidence::Verified, 7), one(ebv, TriggerRole::Unknown));
    let triggers = prepared(&corpus, Evidence::All).causes.triggers;
    assert_eq!(
        triggers.reports_with(&["viral infection"]).iter().collect::<Vec<_>>(),
        [0, 2, 3, 4, 7]
    );
}
