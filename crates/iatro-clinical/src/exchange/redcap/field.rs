//! The fields, in order: what both the dictionary and the record are made from.

use crate::observable::{self, Kind};

/// A field of the dictionary.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) form: &'static str,
    pub(super) header: &'static str,
    pub(super) kind: &'static str,
    pub(super) label: String,
    pub(super) choices: String,
    pub(super) note: String,
    pub(super) validation: &'static str,
    pub(super) least: String,
    pub(super) most: String,
    pub(super) identifier: bool,
    pub(super) branching: String,
    pub(super) required: bool,
}

/// The forms that repeat.
pub(super) const OBSERVATION: &str = "observation";
pub(super) const TRIGGER: &str = "trigger";
pub(super) const DRUG: &str = "drug";
pub(super) const COURSE: &str = "course";
pub(super) const ANSWER: &str = "answer";

/// The field that holds a number of this observable in the unit of the catalogue.
pub(super) fn value_field(observable: &str) -> String {
    format!("obs_v_{observable}")
}

/// Every field, the record id first.
pub(super) fn fields() -> Vec<Field> {
    let mut list = Vec::new();
    patient(&mut list);
    observation(&mut list);
    trigger(&mut list);
    drug(&mut list);
    course(&mut list);
    answer(&mut list);
    list
}

fn text(form: &'static str, name: &str, label: &str) -> Field {
    Field { name: name.to_owned(), form, kind: "text", label: label.to_owned(), ..Field::default() }
}

fn pick(form: &'static str, name: &str, label: &str, options: &[&str]) -> Field {
    let choices = choices(options.iter().map(|one| (*one, one.replace('_', " "))));
    Field { kind: "dropdown", choices, ..text(form, name, label) }
}

fn choices<'a>(options: impl Iterator<Item = (&'a str, String)>) -> String {
    let rows: Vec<String> =
        options.map(|(id, label)| format!("{id}, {}", label.replace('|', "/"))).collect();
    rows.join(" | ")
}

/// A time: a full day in a date field, anything else in a text field beside it.
fn time(list: &mut Vec<Field>, form: &'static str, name: &str, label: &str) {
    let note = "Or, less or more exact, in the next field; never both".to_owned();
    list.push(Field {
        validation: "date_ymd",
        identifier: true,
        note,
        ..text(form, &format!("{name}_date"), label)
    });
    let note = "2026, 2026-03 or 2026-03-02T08:15".to_owned();
    let label = format!("{label}, if it is not a whole day");
    list.push(Field { identifier: true, note, ..text(form, &format!("{name}_time"), &label) });
}

const PRESENCE: [&str; 3] = ["yes", "no", "unknown"];

fn patient(list: &mut Vec<Field>) {
    let form = "patient";
    list.push(Field {
        identifier: true,
        required: true,
        header: "Research use. Not a medical device.",
        note: "A pseudonym; never a name or record number".to_owned(),
        ..text(form, "record_id", "Record")
    });
    time(list, form, "birth", "Date of birth");
    list.push(Field {
        validation: "number",
        least: "0".to_owned(),
        ..text(form, "age", "Age at the event, where no date of birth is kept")
    });
    list.push(pick(form, "age_unit", "Unit of age", &["a", "mo", "wk", "d"]));
    list.push(pick(form, "sex", "Sex", &["female", "male", "other"]));
    list.push(Field { note: "ISO 3166-1 alpha-2".to_owned(), ..text(form, "country", "Country") });
    list.push(Field {
        required: true,
        header: "Event",
        ..text(form, "event_term", "Preferred term")
    });
    time(list, form, "onset", "Onset");
    let outcomes = ["recovered", "recovering", "sequelae", "not_recovered", "fatal"];
    list.push(pick(form, "outcome", "Outcome", &outcomes));
    time(list, form, "outcome", "Outcome, when");
    list.push(text(form, "reporter", "Reporter"));
    list.push(text(form, "report_type", "Kind of report"));
    list.push(Field { kind: "notes", identifier: true, ..text(form, "narrative", "Narrative") });
}

/// Shown if the observable is one of these.
fn only(ids: &[&str]) -> String {
    let tests: Vec<String> = ids.iter().map(|id| format!("[obs_observable] = '{id}'")).collect();
    tests.join(" or ")
}

fn observation(list: &mut Vec<Field>) {
    let form = OBSERVATION;
    let all = observable::all();
    let of_kind = |wanted: fn(&Kind) -> bool| -> Vec<&str> {
        all.iter().filter(|known| wanted(&known.kind)).map(|known| known.id.as_str()).collect()
    };
    let quantities = only(&of_kind(|kind| matches!(kind, Kind::Quantity(_))));
    let findings = only(&of_kind(|kind| matches!(kind, Kind::Finding { .. })));
    list.push(Field { required: true, ..text(form, "obs_id", "Id within the record") });
    list.push(Field {
        kind: "dropdown",
        choices: choices(all.iter().map(|known| (known.id.as_str(), known.label.clone()))),
        required: true,
        ..text(form, "obs_observable", "What was observed")
    });
    time(list, form, "obs", "When");
    for known in all {
        if let Kind::Quantity(kind) = &known.kind {
            list.push(Field {
                validation: "number",
                least: kind.least.to_string(),
                most: kind.most.to_string(),
                note: format!("In {}; in another unit, below as recorded", kind.unit),
                branching: only(&[&known.id]),
                ..text(form, &value_field(&known.id), &format!("{} ({})", known.label, kind.unit))
            });
        }
    }
    list.push(Field {
        note: "A number, or one after <, <=, > or >=".to_owned(),
        branching: quantities.clone(),
        ..text(form, "obs_value", "Value as recorded")
    });
    let unit = "Unit as recorded, in UCUM";
    list.push(Field { branching: quantities.clone(), ..text(form, "obs_unit", unit) });
    list.push(Field { branching: findings, ..pick(form, "obs_present", "Present", &PRESENCE) });
    choice_and_site(list, form);
    for (name, label) in [
        ("obs_upper_limit", "Upper limit of the reference range, in the unit of the value"),
        ("obs_baseline", "The patient's own value before the illness, in the unit of the value"),
    ] {
        let branching = quantities.clone();
        list.push(Field { validation: "number", branching, ..text(form, name, label) });
    }
    list.push(text(form, "obs_assay", "Method or assay"));
    list.push(text(form, "obs_source", "Where it stands"));
}

fn choice_and_site(list: &mut Vec<Field>, form: &'static str) {
    let (mut options, mut graded): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let (mut places, mut sited): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for known in observable::all() {
        let (all, ids, from) = match &known.kind {
            Kind::Choice { options: own } => (&mut options, &mut graded, own),
            Kind::Finding { sites, .. } if !sites.is_empty() => (&mut places, &mut sited, sites),
            _ => continue,
        };
        ids.push(&known.id);
        for one in from {
            if !all.contains(&one.as_str()) {
                all.push(one);
            }
        }
    }
    // A list of choices without a choice is refused by REDCap.
    let named = [
        ("obs_choice", "Grade or kind", options, graded),
        ("obs_site", "Site or specimen", places, sited),
    ];
    for (name, label, all, ids) in named.into_iter().filter(|(_, _, all, _)| !all.is_empty()) {
        list.push(Field { branching: only(&ids), ..pick(form, name, label, &all) });
    }
}

fn trigger(list: &mut Vec<Field>) {
    let form = TRIGGER;
    list.push(Field { required: true, ..text(form, "trig_id", "Id within the record") });
    list.push(Field {
        required: true,
        ..text(form, "trig_name", "Disease, infection, other cause")
    });
    let states = ["present", "tested_negative", "not_tested", "not_reported"];
    list.push(Field { required: true, ..pick(form, "trig_status", "Looked for", &states) });
    let roles = ["alternative", "mediator", "indication", "unknown"];
    list.push(pick(form, "trig_role", "Role", &roles));
    list.push(Field {
        note: "Ids of drugs, as a JSON list".to_owned(),
        branching: "[trig_role] = 'mediator'".to_owned(),
        ..text(form, "trig_mediator_of", "Brought about by")
    });
    time(list, form, "trig", "When");
    list.push(text(form, "trig_source", "Where it stands"));
}

fn drug(list: &mut Vec<Field>) {
    let form = DRUG;
    list.push(Field { required: true, ..text(form, "drug_id", "Id within the record") });
    list.push(Field { required: true, ..text(form, "drug_name", "Substance or product") });
    let kinds = ["drug", "vaccine", "cell_therapy", "blood_product", "procedure"];
    list.push(pick(form, "drug_kind", "Kind", &kinds));
    let roles = ["suspect", "interacting", "concomitant", "treatment"];
    list.push(pick(form, "drug_role", "Role", &roles));
    list.push(text(form, "drug_indication", "Given for"));
    list.push(Field {
        header: "Dechallenge",
        ..pick(form, "de_abated", "The event abated", &PRESENCE)
    });
    let shown = |list: &mut [Field], from: usize, test: &str| {
        list.iter_mut().skip(from).for_each(|field| field.branching = test.to_owned());
    };
    let from = list.len();
    time(list, form, "de", "Stopped or reduced");
    list.push(Field {
        validation: "integer",
        least: "0".to_owned(),
        ..text(form, "de_days", "Days until it abated")
    });
    list.push(pick(form, "de_treated", "The event was treated", &PRESENCE));
    list.push(text(form, "de_source", "Where it stands"));
    shown(list, from, "[de_abated] <> ''");
    list.push(Field {
        header: "Rechallenge",
        ..pick(form, "re_recurred", "The event came back", &PRESENCE)
    });
    let from = list.len();
    time(list, form, "re", "Given again");
    list.push(text(form, "re_source", "Where it stands"));
    shown(list, from, "[re_recurred] <> ''");
    list.push(text(form, "drug_source", "Where it stands"));
}

fn course(list: &mut Vec<Field>) {
    let form = COURSE;
    list.push(Field { required: true, ..text(form, "course_drug", "Id of the drug") });
    time(list, form, "start", "First day");
    time(list, form, "stop", "Last day");
    list.push(text(form, "course_dose", "Dose"));
    list.push(text(form, "course_route", "Route"));
}

fn answer(list: &mut Vec<Field>) {
    let form = ANSWER;
    for (name, label) in [
        ("ans_drug", "Id of the drug"),
        ("ans_instrument", "Id of the instrument"),
        ("ans_question", "Id of the question"),
        ("ans_answer", "Id of the answer"),
    ] {
        list.push(Field { required: true, ..text(form, name, label) });
    }
    list.push(text(form, "ans_reason", "Why"));
    list.push(text(form, "ans_source", "Row or sentence that supports it"));
}
