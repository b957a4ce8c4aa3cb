//! A record read back into a case.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::field::{ANSWER, COURSE, DRUG, OBSERVATION, TRIGGER, fields, value_field};
use crate::case::{
    self, Answer, Case, CaseError, Course, Dechallenge, Drug, FORM, Rechallenge, Trigger,
    make_plain, short,
};
use crate::exchange::object::wrong;
use crate::observable::{self, Kind};
use crate::observation::Observation;
use crate::when::When;

/// The most that is read of a record.
const MOST_BYTES: usize = 16 << 20;

/// Reads one record as [`super::record`] writes it and REDCap exports it, raw values and not labels. A column that is not
/// of the dictionary, other than REDCap's own, is an error, since what it holds would be lost.
pub fn read_record(bytes: &[u8], today: Date) -> Result<Case, CaseError> {
    if bytes.len() > MOST_BYTES {
        return Err(CaseError::TooLarge { bytes: bytes.len(), most: MOST_BYTES });
    }
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(bytes);
    let header = reader.headers().map_err(|error| wrong("line 1", &error.to_string()))?.clone();
    let names: Vec<String> =
        header.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    known_columns(&names)?;
    let mut case = Case { form: FORM.to_owned(), ..Case::default() };
    let mut first = true;
    for (at, row) in reader.records().enumerate() {
        let line = at + 2;
        let row = row.map_err(|error| wrong(&format!("line {line}"), &error.to_string()))?;
        let cells = names.iter().map(String::as_str).zip(row.iter()).collect();
        let row = Row { cells, path: format!("row {}", at + 1) };
        if first {
            case.id = row.text("record_id").unwrap_or_default().to_owned();
        } else if row.text("record_id") != Some(case.id.as_str()) {
            let problem =
                format!("another record than \"{}\"; expected one record", short(&case.id));
            return Err(wrong(&row.at("record_id"), &problem));
        }
        row.add_to(&mut case, first)?;
        first = false;
    }
    if first {
        return Err(wrong("line 2", "no row; expected one record"));
    }
    make_plain(&mut case);
    case::check(&case, today)?;
    Ok(case)
}

fn known_columns(names: &[String]) -> Result<(), CaseError> {
    let fields = fields();
    for (at, name) in names.iter().enumerate() {
        let own = name.starts_with("redcap_") || name.ends_with("_complete");
        if !own && !fields.iter().any(|field| field.name == *name) {
            let problem =
                format!("no field \"{}\" in the dictionary; leave the column out", short(name));
            return Err(wrong("line 1", &problem));
        }
        if names[..at].contains(name) {
            return Err(wrong("line 1", &format!("two columns \"{}\"", short(name))));
        }
    }
    match names.iter().any(|name| name == "record_id") {
        true => Ok(()),
        false => Err(wrong("line 1", "no column \"record_id\"; expected a REDCap record")),
    }
}

struct Row<'r> {
    cells: BTreeMap<&'r str, &'r str>,
    path: String,
}

impl Row<'_> {
    fn at(&self, name: &str) -> String {
        format!("{}, {name}", self.path)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.cells.get(name).copied().filter(|text| !text.is_empty())
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    fn needed(&self, name: &str) -> Result<String, CaseError> {
        self.owned(name).ok_or_else(|| wrong(&self.at(name), "empty; a value is needed"))
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, CaseError> {
        let parse =
            |text: &str| text.parse().map_err(|e: T::Err| wrong(&self.at(name), &e.to_string()));
        self.text(name).map(parse).transpose()
    }

    /// A word of the case's own JSON.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, CaseError> {
        let read = |text: &str| {
            let json = serde_json::Value::from(text);
            serde_json::from_value(json).map_err(|e| wrong(&self.at(name), &e.to_string()))
        };
        self.text(name).map(read).transpose()
    }

    fn time(&self, name: &str) -> Result<Option<When>, CaseError> {
        let (date, time) = (format!("{name}_date"), format!("{name}_time"));
        if self.text(&date).is_some() && self.text(&time).is_some() {
            return Err(wrong(&self.at(&time), &format!("both it and {date}; keep one of them")));
        }
        Ok(self.parsed(&date)?.or(self.parsed(&time)?))
    }

    fn add_to(&self, case: &mut Case, first: bool) -> Result<(), CaseError> {
        match self.text("redcap_repeat_instrument") {
            None if first => self.patient(case),
            None => Err(wrong(&self.path, "a second row of the patient; expected one record")),
            Some(OBSERVATION) => {
                case.observations.push(self.observation()?);
                Ok(())
            }
            Some(TRIGGER) => {
                case.triggers.push(self.trigger()?);
                Ok(())
            }
            Some(DRUG) => {
                case.drugs.push(self.drug()?);
                Ok(())
            }
            Some(COURSE) => {
                let course = self.course()?;
                self.drug_of(case, "course_drug")?.courses.push(course);
                Ok(())
            }
            Some(ANSWER) => {
                let (instrument, answer) = self.answer()?;
                let drug = self.drug_of(case, "ans_drug")?;
                drug.answers.entry(instrument).or_default().push(answer);
                Ok(())
            }
            Some(other) => {
                let problem = format!("no repeating form \"{}\"", short(other));
                Err(wrong(&self.at("redcap_repeat_instrument"), &problem))
            }
        }
    }

    fn patient(&self, case: &mut Case) -> Result<(), CaseError> {
        let (patient, event) = (&mut case.patient, &mut case.event);
        patient.birth_date = self.time("birth")?;
        patient.age = self.parsed("age")?;
        patient.age_unit = self.owned("age_unit");
        patient.sex = self.word("sex")?;
        patient.country = self.owned("country");
        event.term = self.needed("event_term")?;
        event.onset = self.time("onset")?;
        event.outcome = self.word("outcome")?;
        event.outcome_time = self.time("outcome")?;
        event.reporter = self.owned("reporter");
        event.report_type = self.owned("report_type");
        event.narrative = self.owned("narrative");
        Ok(())
    }

    fn observation(&self) -> Result<Observation, CaseError> {
        let mut row = Observation {
            id: self.needed("obs_id")?,
            observable: self.needed("obs_observable")?,
            time: self.time("obs")?,
            value: self.parsed("obs_value")?,
            unit: self.owned("obs_unit"),
            present: self.word("obs_present")?,
            choice: self.owned("obs_choice"),
            site: self.owned("obs_site"),
            upper_limit: self.parsed("obs_upper_limit")?,
            baseline: self.parsed("obs_baseline")?,
            assay: self.owned("obs_assay"),
            source: self.owned("obs_source"),
        };
        for known in observable::all() {
            let name = value_field(&known.id);
            let Kind::Quantity(kind) = &known.kind else { continue };
            if self.text(&name).is_none() {
                continue;
            }
            if known.id != row.observable || row.value.is_some() {
                let problem = "a second value, or one of another observable; keep one of them";
                return Err(wrong(&self.at(&name), problem));
            }
            row.value = self.parsed(&name)?;
            row.unit = Some(kind.unit.text().to_owned());
        }
        Ok(row)
    }

    fn trigger(&self) -> Result<Trigger, CaseError> {
        let name = "trig_mediator_of";
        let ids = self.text(name).map(serde_json::from_str::<Vec<String>>).transpose();
        Ok(Trigger {
            id: self.needed("trig_id")?,
            name: self.needed("trig_name")?,
            status: self
                .word("trig_status")?
                .ok_or_else(|| wrong(&self.at("trig_status"), "empty; a value is needed"))?,
            role: self.word("trig_role")?.unwrap_or_default(),
            mediator_of: ids
                .map_err(|e| wrong(&self.at(name), &e.to_string()))?
                .unwrap_or_default(),
            time: self.time("trig")?,
            source: self.owned("trig_source"),
        })
    }

    fn drug(&self) -> Result<Drug, CaseError> {
        let stopped = match self.word("de_abated")? {
            Some(abated) => Some(Dechallenge {
                abated,
                time: self.time("de")?,
                days_to_abate: self.parsed("de_days")?,
                with_treatment: self.word("de_treated")?,
                source: self.owned("de_source"),
            }),
            None => None,
        };
        let again = match self.word("re_recurred")? {
            Some(recurred) => Some(Rechallenge {
                recurred,
                time: self.time("re")?,
                source: self.owned("re_source"),
            }),
            None => None,
        };
        Ok(Drug {
            id: self.needed("drug_id")?,
            name: self.needed("drug_name")?,
            kind: self.word("drug_kind")?.unwrap_or_default(),
            role: self.word("drug_role")?.unwrap_or_default(),
            indication: self.owned("drug_indication"),
            courses: Vec::new(),
            dechallenge: stopped,
            rechallenge: again,
            answers: BTreeMap::new(),
            source: self.owned("drug_source"),
        })
    }

    fn course(&self) -> Result<Course, CaseError> {
        Ok(Course {
            start: self.time("start")?,
            stop: self.time("stop")?,
            dose: self.owned("course_dose"),
            route: self.owned("course_route"),
        })
    }

    fn answer(&self) -> Result<(String, Answer), CaseError> {
        let answer = Answer {
            question: self.needed("ans_question")?,
            answer: self.needed("ans_answer")?,
            reason: self.owned("ans_reason"),
            source: self.owned("ans_source"),
        };
        Ok((self.needed("ans_instrument")?, answer))
    }

    fn drug_of<'c>(&self, case: &'c mut Case, name: &str) -> Result<&'c mut Drug, CaseError> {
        let id = self.needed(name)?;
        let found = case.drugs.iter_mut().find(|drug| drug.id == id);
        found.ok_or_else(|| {
            let problem =
                format!("no drug \"{}\" in a row above; expected the drugs first", short(&id));
            wrong(&self.at(name), &problem)
        })
    }
}
