//! What the types of a case cannot say: ids are unique, observables known, units fit, values possible, no
//! day lies ahead, and no course ends before it begins.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::read::short;
use super::{Case, CaseError, Drug, TriggerRole};
use crate::observable::{self, Kind, Observable, QuantityKind};
use crate::observation::Observation;
use crate::unit::Unit;
use crate::when::When;

/// Finds the first problem of a case, if there is one.
pub fn check(case: &Case, today: Date) -> Result<(), CaseError> {
    if case.id.trim().is_empty() {
        return Err(at("id", "empty; expected a pseudonym of the patient"));
    }
    let check = Check { today };
    check.patient(case)?;
    check.day("event.onset", case.event.onset)?;
    check.day("event.outcome_time", case.event.outcome_time)?;
    let ids = |list: &str, ids: Vec<&str>| unique(list, &ids);
    ids("observations", case.observations.iter().map(|row| row.id.as_str()).collect())?;
    ids("triggers", case.triggers.iter().map(|row| row.id.as_str()).collect())?;
    ids("drugs", case.drugs.iter().map(|row| row.id.as_str()).collect())?;
    for (index, row) in case.observations.iter().enumerate() {
        let path = format!("observations[{index}]");
        check.day(&format!("{path}.time"), row.time)?;
        observation(&path, row)?;
    }
    for (index, row) in case.triggers.iter().enumerate() {
        let path = format!("triggers[{index}]");
        check.day(&format!("{path}.time"), row.time)?;
        let known = |id: &String| case.drugs.iter().any(|drug| drug.id == *id);
        if let Some(id) = row.mediator_of.iter().find(|id| !known(id)) {
            let problem = format!("no drug has the id \"{}\"", short(id));
            return Err(at(&format!("{path}.mediator_of"), &problem));
        }
        if row.role == TriggerRole::Mediator && row.mediator_of.is_empty() {
            let problem = "a mediator of no drug; name the ids of the drugs that brought it about";
            return Err(at(&format!("{path}.mediator_of"), problem));
        }
    }
    case.drugs.iter().enumerate().try_for_each(|(index, drug)| check.drug(index, drug))
}

fn at(path: &str, problem: &str) -> CaseError {
    CaseError::Form { path: path.to_owned(), problem: problem.to_owned() }
}

fn unique(list: &str, ids: &[&str]) -> Result<(), CaseError> {
    let mut seen = BTreeMap::new();
    for (index, id) in ids.iter().enumerate() {
        let path = format!("{list}[{index}].id");
        if id.trim().is_empty() {
            return Err(at(&path, "empty; expected an id that no other entry of the list has"));
        }
        if let Some(first) = seen.insert(*id, index) {
            let problem =
                format!("\"{}\" is the id of {list}[{first}] too; give each its own", short(id));
            return Err(at(&path, &problem));
        }
    }
    Ok(())
}

/// The longest life, in days, where no date says less.
const MOST_DAYS: i64 = 45_656;

struct Check {
    today: Date,
}

impl Check {
    fn day(&self, path: &str, when: Option<When>) -> Result<(), CaseError> {
        match when {
            Some(when) if when.earliest() > self.today => {
                let problem = format!("{when} lies after today ({}); correct the date", self.today);
                Err(at(path, &problem))
            }
            _ => Ok(()),
        }
    }

    fn patient(&self, case: &Case) -> Result<(), CaseError> {
        let patient = &case.patient;
        self.day("patient.birth_date", patient.birth_date)?;
        if let Some(age) = patient.age {
            let path = "patient.age";
            let text = patient.age_unit.as_deref().unwrap_or("a");
            let unit = Unit::parse(text).map_err(|e| at("patient.age_unit", &e.to_string()))?;
            if let Some(Kind::Quantity(kind)) = observable::find("age").map(|o| &o.kind) {
                possible(path, kind, age, &unit)?;
            }
        }
        if let (Some(birth), Some(onset)) = (patient.birth_date, case.event.onset)
            && onset.latest() < birth.earliest()
        {
            return Err(at("event.onset", &format!("{onset} is before the birth ({birth})")));
        }
        Ok(())
    }

    /// An event that abated did so by today.
    fn abated(&self, path: &str, drug: &Drug, stopped: Option<When>) -> Result<(), CaseError> {
        let Some(days) = drug.dechallenge.as_ref().and_then(|row| row.days_to_abate) else {
            return Ok(());
        };
        let starts = drug.courses.iter().filter_map(|course| course.start);
        let from = stopped.or_else(|| starts.min_by_key(|start| start.earliest()));
        let most = from.map_or(MOST_DAYS, |from| When::day(self.today).days_since(from).1);
        if i64::from(days) > most {
            let problem = format!("{days} days reach beyond today ({}); correct them", self.today);
            return Err(at(&format!("{path}.dechallenge.days_to_abate"), &problem));
        }
        Ok(())
    }

    fn drug(&self, index: usize, drug: &Drug) -> Result<(), CaseError> {
        let path = format!("drugs[{index}]");
        if drug.name.trim().is_empty() {
            return Err(at(&format!("{path}.name"), "empty; expected the name of the substance"));
        }
        for (at_course, course) in drug.courses.iter().enumerate() {
            let path = format!("{path}.courses[{at_course}]");
            self.day(&format!("{path}.start"), course.start)?;
            // A course may be planned to end later than today; it may not end before it begins.
            if let (Some(start), Some(stop)) = (course.start, course.stop)
                && stop.latest() < start.earliest()
            {
                let problem = format!("{stop} is before the start ({start}); correct one of them");
                return Err(at(&format!("{path}.stop"), &problem));
            }
        }
        let dechallenge = drug.dechallenge.as_ref().and_then(|row| row.time);
        self.day(&format!("{path}.dechallenge.time"), dechallenge)?;
        self.abated(&path, drug, dechallenge)?;
        let rechallenge = drug.rechallenge.as_ref().and_then(|row| row.time);
        self.day(&format!("{path}.rechallenge.time"), rechallenge)
    }
}

/// What must hold of one observation by itself, wherever it comes from; `path` names it in the complaint.
pub(crate) fn observation(path: &str, row: &Observation) -> Result<(), CaseError> {
    let known = observable::find(&row.observable).ok_or_else(|| {
        let problem = format!(
            "no observable \"{}\"; `iatro case template` lists them",
            short(&row.observable)
        );
        at(&format!("{path}.observable"), &problem)
    })?;
    let given = [row.value.is_some(), row.present.is_some(), row.choice.is_some()];
    let expected = match known.kind {
        Kind::Quantity(_) => [true, false, false],
        Kind::Finding { .. } => [false, true, false],
        Kind::Choice { .. } => [false, false, true],
    };
    if given != expected {
        return Err(at(path, &format!("expected {} for {}", wanted(known), known.id)));
    }
    match &known.kind {
        Kind::Quantity(kind) => quantity(path, row, kind),
        Kind::Finding { sites, .. } => listed(&format!("{path}.site"), row.site.as_deref(), sites),
        Kind::Choice { options } => {
            listed(&format!("{path}.choice"), row.choice.as_deref(), options)
        }
    }
}

fn wanted(known: &Observable) -> &'static str {
    match known.kind {
        Kind::Quantity(_) => "`value` with its `unit`, and nothing else,",
        Kind::Finding { .. } => "`present` (yes, no, unknown), and nothing else,",
        Kind::Choice { .. } => "`choice`, and nothing else,",
    }
}

fn listed(path: &str, given: Option<&str>, options: &[String]) -> Result<(), CaseError> {
    match given {
        Some(given) if !options.iter().any(|option| option == given) => {
            let problem =
                format!("found \"{}\"; expected one of {}", short(given), options.join(", "));
            Err(at(path, &problem))
        }
        _ => Ok(()),
    }
}

/// A unit that cannot be read is a problem of the file; one that measures something else makes the items
/// unknown, with the reason, since the record may well be right.
fn quantity(path: &str, row: &Observation, kind: &QuantityKind) -> Result<(), CaseError> {
    let unit_path = format!("{path}.unit");
    let text = row
        .unit
        .as_deref()
        .ok_or_else(|| at(&unit_path, &format!("no unit; expected one such as {}", kind.unit)))?;
    let unit = Unit::parse(text).map_err(|error| at(&unit_path, &error.to_string()))?;
    let numbers = [
        ("value", row.value.map(|reading| reading.number)),
        ("upper_limit", row.upper_limit),
        ("baseline", row.baseline),
    ];
    for (field, number) in numbers {
        if let Some(number) = number {
            possible(&format!("{path}.{field}"), kind, number, &unit)?;
        }
    }
    Ok(())
}

fn possible(
    path: &str,
    kind: &QuantityKind,
    number: Decimal,
    unit: &Unit,
) -> Result<(), CaseError> {
    match kind.to_canonical(number, unit) {
        Some(value) if value < kind.least || value > kind.most => {
            let problem = format!(
                "{number} {unit} is beyond what is possible ({} to {} {}); correct the value or its unit",
                kind.least, kind.most, kind.unit
            );
            Err(at(path, &problem))
        }
        _ => Ok(()),
    }
}
