//! The REDCap dictionary, and cases there and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use iatro_clinical::Decimal;
use iatro_clinical::case::{
    Answer, Case, Course, Dechallenge, Drug, DrugKind, DrugRole, Event, FORM, Outcome, Patient,
    Rechallenge, Sex, Trigger, TriggerRole, TriggerStatus, check,
};
use iatro_clinical::exchange::redcap::{COLUMNS, dictionary, read_record, record};
use iatro_clinical::observable::{self, Kind};
use iatro_clinical::observation::{Comparator, Observation, Presence, Reading};
use iatro_clinical::when::When;
use jiff::civil::Date;
use proptest::prelude::*;

fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

#[test]
fn the_dictionary_is_one_that_redcap_imports() {
    let text = dictionary();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(&rows[0][0], "record_id");
    let mut names = BTreeSet::new();
    let mut forms: Vec<&str> = Vec::new();
    for row in &rows {
        let name = &row[0];
        assert!(names.insert(name.to_owned()), "{name} twice");
        assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
            "{name}"
        );
        assert!(name.len() <= 100, "{name}");
        assert!(["text", "notes", "dropdown"].contains(&&row[3]), "{name}: {}", &row[3]);
        assert!(["", "number", "integer", "date_ymd"].contains(&&row[7]), "{name}: {}", &row[7]);
        assert_eq!(&row[3] == "dropdown", !row[5].is_empty(), "{name}: choices");
        for choice in row[5].split(" | ").filter(|choice| !choice.is_empty()) {
            assert!(
                choice
                    .split_once(", ")
                    .is_some_and(|(id, label)| !id.is_empty() && !label.is_empty()),
                "{choice}"
            );
        }
        // The fields of a form stand together.
        if forms.last() != Some(&&row[1]) {
            assert!(!forms.contains(&&row[1]), "{} in two places", &row[1]);
            forms.push(&row[1]);
        }
    }
    for row in &rows {
        for named in row[11].split('[').skip(1) {
            let name = named.split(']').next().unwrap();
            assert!(names.contains(name), "{}: branching on {name}", &row[0]);
        }
    }
    let field = |name: &str| rows.iter().find(|row| &row[0] == name).unwrap().clone();
    let Kind::Quantity(ferritin) = &observable::find("ferritin").unwrap().kind else {
        unreachable!()
    };
    assert_eq!(&field("obs_v_ferritin")[8], ferritin.least.to_string());
    assert_eq!(&field("obs_v_ferritin")[9], ferritin.most.to_string());
    for name in ["record_id", "birth_date", "narrative", "onset_date"] {
        assert_eq!(&field(name)[10], "y", "{name} identifies");
    }
}

#[test]
fn a_record_with_something_else_in_it_is_refused() {
    let case = Case { form: FORM.to_owned(), id: "P-014".to_owned(), ..Case::default() };
    let text = record(&case).text;
    let complaint = |text: &str| read_record(text.as_bytes(), today()).unwrap_err().to_string();
    assert!(complaint(&text.replacen("country", "county", 1)).contains("no field \"county\""));
    assert!(complaint(&text.replacen("record_id", "id", 1)).contains("no field \"id\""));
    assert!(complaint("").contains("record_id"));
    assert!(complaint("record_id\n").contains("no row"));
    let two = "record_id,event_term\nP-014,HLH\nP-015,HLH\n";
    assert!(complaint(two).contains("row 2, record_id"));
    let both = "record_id,event_term,onset_date,onset_time\nP-014,HLH,2026-01-02,2026-01\n";
    assert!(complaint(both).contains("both it and onset_date"));
}

fn word() -> impl Strategy<Value = String> {
    "[A-Za-z0-9 ,;\"'\\n|<>äß-]{0,12}x"
}

fn id_list(most: usize) -> impl Strategy<Value = Vec<usize>> {
    (0..=most).prop_map(|count| (0..count).collect())
}

fn when() -> impl Strategy<Value = Option<When>> {
    prop::option::of((1990i32..2026, 1i32..=12, 1i32..=28, 0i32..24, 0usize..4)).prop_map(|found| {
        found.map(|(year, month, day, hour, precision)| {
            let text = match precision {
                0 => format!("{year}"),
                1 => format!("{year}-{month:02}"),
                2 => format!("{year}-{month:02}-{day:02}"),
                _ => format!("{year}-{month:02}-{day:02}T{hour:02}:15"),
            };
            text.parse().unwrap()
        })
    })
}

fn plain(text: &str) -> String {
    text.replace('\n', " ")
}

prop_compose! {
    fn observed(at: usize)(
        pick in any::<prop::sample::Index>(),
        time in when(),
        tenths in 0i64..40,
        sign in prop::sample::select(vec![Comparator::Equal, Comparator::Greater, Comparator::AtMost]),
        own in any::<bool>(),
        present in prop::sample::select(vec![Presence::Yes, Presence::No, Presence::Unknown]),
        texts in (word(), word()),
        limit in prop::option::of(1i64..30),
    ) -> Observation {
        let known = pick.get(observable::all());
        let mut row = Observation {
            id: format!("o{at}"),
            observable: known.id.clone(),
            time,
            assay: Some(plain(&texts.0)),
            source: Some(plain(&texts.1)),
            ..Observation::default()
        };
        match &known.kind {
            Kind::Quantity(kind) => {
                let share = Decimal::new(tenths + 1, 0) / Decimal::new(41, 0);
                let number = (kind.least + (kind.most - kind.least) * share).round_dp(3).normalize();
                row.value = Some(Reading { comparator: sign, number });
                row.unit = Some(if own { kind.unit.text().to_owned() } else { format!("{} ", kind.unit.text()) });
                row.upper_limit = limit.map(|_| number);
            }
            Kind::Finding { sites, .. } => {
                row.present = Some(present);
                row.site = sites.first().cloned().filter(|_| own);
            }
            Kind::Choice { options } => row.choice = Some(pick.get(options).clone()),
        }
        row
    }
}

prop_compose! {
    fn given(at: usize)(
        name in word(),
        kind in prop::sample::select(vec![DrugKind::Drug, DrugKind::Vaccine, DrugKind::CellTherapy]),
        role in prop::sample::select(vec![DrugRole::Suspect, DrugRole::Treatment]),
        starts in prop::collection::vec(when(), 0..3),
        abated in prop::option::of(prop::sample::select(vec![Presence::Yes, Presence::Unknown])),
        days in prop::option::of(0u32..90),
        again in prop::option::of(when()),
        reason in prop::option::of(word()),
    ) -> Drug {
        let answer = |question: &str| Answer {
            question: question.to_owned(),
            answer: "yes".to_owned(),
            reason: reason.as_deref().map(plain),
            source: None,
        };
        Drug {
            id: format!("d{at}"),
            name: plain(&name),
            kind,
            role,
            indication: reason.as_deref().map(plain),
            courses: starts
                .into_iter()
                .map(|start| Course { start, dose: Some("25 mg".to_owned()), ..Course::default() })
                .collect(),
            dechallenge: abated.map(|abated| Dechallenge {
                time: None,
                abated,
                days_to_abate: days,
                with_treatment: Some(Presence::Yes),
                source: None,
            }),
            rechallenge: again.map(|time| Rechallenge { time, recurred: Presence::No, source: None }),
            answers: reason.iter().map(|_| ("naranjo".to_owned(), vec![answer("q1"), answer("q2")])).collect(),
            source: None,
        }
    }
}

prop_compose! {
    fn any_case()(
        narrative in prop::option::of(word()),
        birth in when(),
        age in prop::option::of(0i64..90),
        sex in prop::option::of(prop::sample::select(vec![Sex::Female, Sex::Male, Sex::Other])),
        outcome in prop::option::of(prop::sample::select(vec![Outcome::Fatal, Outcome::NotRecovered])),
        outcome_time in when(),
        observations in id_list(6).prop_flat_map(|ids| ids.into_iter().map(observed).collect::<Vec<_>>()),
        drugs in id_list(3).prop_flat_map(|ids| ids.into_iter().map(given).collect::<Vec<_>>()),
        names in prop::collection::vec(word(), 0..3),
    ) -> Case {
        let mediator_of: Vec<String> = drugs.iter().map(|drug| drug.id.clone()).collect();
        let role = if mediator_of.is_empty() { TriggerRole::Unknown } else { TriggerRole::Mediator };
        let triggers = names.iter().enumerate().map(|(at, name)| Trigger {
            id: format!("t{at}"),
            name: plain(name),
            status: TriggerStatus::TestedNegative,
            role,
            mediator_of: mediator_of.clone(),
            time: None,
            source: None,
        });
        Case {
            form: FORM.to_owned(),
            id: "P-014".to_owned(),
            patient: Patient {
                birth_date: birth,
                age: age.map(Decimal::from),
                age_unit: age.map(|_| "a".to_owned()),
                sex,
                country: None,
            },
            event: Event { narrative, outcome, outcome_time, ..Event::default() },
            triggers: triggers.collect(),
            observations,
            drugs,
        }
    }
}

proptest! {
    #[test]
    fn a_case_comes_back_as_it_was(case in any_case()) {
        prop_assert_eq!(check(&case, today()), Ok(()));
        let written = record(&case);
        prop_assert_eq!(written.expected, written.written);
        let back = read_record(written.text.as_bytes(), today());
        prop_assert_eq!(back.map_err(|error| error.to_string()), Ok(case));
    }

    #[test]
    fn what_is_no_record_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read_record(&bytes, today()).is_err());
    }
}
