//! What was given, ordered or injected: courses of one name become one drug.

use std::collections::{BTreeMap, BTreeSet};

use super::bundle::Item;
use super::concept::{day, named, reading, span, unit};
use super::resource::{Dosage, Immunization, Medicating, Procedure, Quantity};
use super::{Builder, Fate};
use crate::case::{Case, CaseError, Course, Drug, DrugKind, DrugRole, plain, short};
use crate::exchange::object::piece;
use crate::when::When;

/// Drugs in order of their first mention.
#[derive(Default)]
pub(super) struct Drugs {
    list: Vec<Mentioned>,
    // A record may hold a hundred thousand administrations: each finds its drug and its like without a search.
    by_name: BTreeMap<(&'static str, String), usize>,
    seen: BTreeSet<(usize, String)>,
}

struct Mentioned {
    name: String,
    kind: DrugKind,
    indication: Option<String>,
    courses: Vec<(Course, String)>,
    sources: Vec<String>,
}

/// Sources of a drug that are shown one by one.
const SOURCES: usize = 6;

impl Drugs {
    fn add(
        &mut self,
        name: &str,
        kind: DrugKind,
        course: Course,
        path: &str,
        source: String,
    ) -> &mut Mentioned {
        let name = plain(name).trim().to_owned();
        let index = *self.by_name.entry((word(kind), name.to_lowercase())).or_insert_with(|| {
            let (courses, sources) = (Vec::new(), Vec::new());
            self.list.push(Mentioned { name, kind, indication: None, courses, sources });
            self.list.len() - 1
        });
        let drug = &mut self.list[index];
        if self.seen.insert((index, format!("{course:?}"))) {
            drug.courses.push((course, path.to_owned()));
        }
        drug.sources.push(source);
        drug
    }

    /// Puts them into the case; the path of the entry behind each course of each drug.
    pub(super) fn move_into(&mut self, case: &mut Case) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        for (at, mut drug) in std::mem::take(&mut self.list).into_iter().enumerate() {
            drug.courses.sort_by_key(|(course, _)| {
                let first = course.start.or(course.stop);
                (first.is_none(), first.map(When::sort_key))
            });
            let (courses, own): (Vec<Course>, Vec<String>) = drug.courses.into_iter().unzip();
            let more = drug.sources.len().saturating_sub(SOURCES);
            drug.sources.truncate(SOURCES);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            case.drugs.push(Drug {
                id: format!("drug-{}", at + 1),
                name: drug.name,
                kind: drug.kind,
                role: DrugRole::default(),
                indication: drug.indication,
                courses,
                dechallenge: None,
                rechallenge: None,
                answers: BTreeMap::new(),
                source: Some(format!("{}{more}", drug.sources.join("; "))),
            });
            paths.push(own);
        }
        paths
    }
}

impl Builder<'_> {
    pub(super) fn medication(&mut self, item: &Item<'_>) -> Result<Fate, CaseError> {
        let path = format!("{}.resource", item.path);
        let read: Medicating = piece(item.raw, &path)?;
        let what = item.kind.clone();
        if let Some(reason) = refused(&read) {
            return Ok(Fate::NotUsed(what, reason));
        }
        let Some(name) = self.name_of(item, &read)? else {
            let reason =
                "the medicine has no name, or its Medication is not in the bundle".to_owned();
            return Ok(Fate::NotUsed(what, reason));
        };
        let course = course(&read, item, &path)?;
        let remark = match item.kind.as_str() {
            "MedicationRequest" => {
                let reason = "an order is no proof of intake";
                self.ledger.caution(&item.path, &what, reason);
                " (an order, no proof of intake)".to_owned()
            }
            _ if read.status.as_deref() == Some("unknown") || read.status.is_none() => {
                self.ledger.caution(&item.path, &what, "its status is unknown");
                " (status unknown)".to_owned()
            }
            _ => String::new(),
        };
        if item.kind == "MedicationStatement" && read.effective_date_time.is_some() {
            let reason = "a single time, at which it was being taken; it stands as the start, which may be earlier";
            self.ledger.caution(&item.path, &what, reason);
        }
        let reason = read.reason_code.iter().find_map(|reason| reason.words());
        let source = format!("{}{remark}", item.source());
        let drug = self.drugs.add(&name, DrugKind::Drug, course, &item.path, source);
        drug.indication = drug.indication.take().or(reason);
        self.suspect(item);
        Ok(Fate::Used)
    }

    /// That a record of what was given does not say what part it plays.
    fn suspect(&mut self, item: &Item<'_>) {
        let reason = "taken as suspect: the record does not say what part it plays";
        self.ledger.caution(&item.path, "drugs", reason);
    }

    fn name_of(&self, item: &Item<'_>, read: &Medicating) -> Result<Option<String>, CaseError> {
        if let Some(concept) = &read.medication_codeable_concept {
            return Ok(concept.words());
        }
        let reference = read.medication_reference.as_ref();
        let Some(address) = reference.and_then(|found| found.reference.as_deref()) else {
            return Ok(None);
        };
        if let Some(id) = address.strip_prefix('#') {
            let contained = read.contained.iter().find(|known| known.id.as_deref() == Some(id));
            return Ok(contained.and_then(|known| known.code.as_ref()?.words()));
        }
        let found = self.opened.medication(address, item.full_url.as_deref())?;
        Ok(found.and_then(|known| known.code.as_ref()?.words()))
    }

    pub(super) fn immunization(&mut self, item: &Item<'_>) -> Result<Fate, CaseError> {
        let path = format!("{}.resource", item.path);
        let read: Immunization = piece(item.raw, &path)?;
        let what = format!("Immunization {}", named(read.vaccine_code.as_deref()));
        if read.status.as_deref() != Some("completed") {
            let status = short(read.status.as_deref().unwrap_or("missing"));
            return Ok(Fate::NotUsed(what, format!("its status is \"{status}\"")));
        }
        let Some(name) = read.vaccine_code.as_ref().and_then(|code| code.words()) else {
            return Ok(Fate::NotUsed(what, "the vaccine has no name".to_owned()));
        };
        let day = day(read.occurrence_date_time.as_deref(), &format!("{path}.occurrenceDateTime"))?;
        if day.is_none() {
            self.ledger.caution(&item.path, &what, "no date");
        }
        let dose = dose(read.dose_quantity.as_deref(), &format!("{path}.doseQuantity"))?;
        let route = read.route.as_ref().and_then(|route| route.words());
        let course = Course { start: day, stop: day, dose, route };
        self.drugs.add(&name, DrugKind::Vaccine, course, &item.path, item.source());
        self.suspect(item);
        Ok(Fate::Used)
    }

    /// A procedure, where its words say that blood or cells were given or an organ was transplanted.
    pub(super) fn procedure(&mut self, item: &Item<'_>) -> Result<Fate, CaseError> {
        let path = format!("{}.resource", item.path);
        let read: Procedure = piece(item.raw, &path)?;
        let what = format!("Procedure {}", named(read.code.as_deref()));
        let words = read.code.as_ref().map(|code| code.all_words()).unwrap_or_default();
        let Some(kind) = procedure_kind(&words) else {
            let reason = "a procedure is read only where its name says transfusion, transplantation or dialysis";
            return Ok(Fate::NotUsed(what, reason.to_owned()));
        };
        if !matches!(read.status.as_deref(), Some("completed" | "in-progress" | "stopped")) {
            let status = short(read.status.as_deref().unwrap_or("missing"));
            return Ok(Fate::NotUsed(what, format!("its status is \"{status}\"")));
        }
        let exact = day(read.performed_date_time.as_deref(), &format!("{path}.performedDateTime"))?;
        let (start, end) =
            span(read.performed_period.as_deref(), &format!("{path}.performedPeriod"))?;
        let course = Course { start: exact.or(start), stop: exact.or(end), ..Course::default() };
        let name = read.code.as_ref().and_then(|code| code.words()).unwrap_or(words);
        self.drugs.add(&name, kind, course, &item.path, item.source());
        self.ledger.caution(
            &item.path,
            &what,
            "what was given is taken from the name of the procedure",
        );
        Ok(Fate::Used)
    }
}

/// The part of a drug's key that its kind is.
fn word(kind: DrugKind) -> &'static str {
    match kind {
        DrugKind::Drug => "drug",
        DrugKind::Vaccine => "vaccine",
        DrugKind::CellTherapy => "cell therapy",
        DrugKind::BloodProduct => "blood product",
        DrugKind::Procedure => "procedure",
    }
}

fn procedure_kind(words: &str) -> Option<DrugKind> {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["history of", "education", "referral", "assessment", "evaluation", "planning"]) {
        return None;
    }
    if has(&["transfusion"]) {
        return Some(DrugKind::BloodProduct);
    }
    has(&["transplant", "dialysis"]).then_some(DrugKind::Procedure)
}

/// Why what a resource says was not taken, if it says so.
fn refused(read: &Medicating) -> Option<String> {
    let status = read.status.as_deref().unwrap_or_default();
    let not_taken =
        ["not-done", "not-taken", "entered-in-error", "cancelled", "draft", "intended", "declined"];
    if not_taken.contains(&status) {
        return Some(format!("its status is \"{status}\""));
    }
    if read.do_not_perform == Some(true) {
        return Some("it says not to give it".to_owned());
    }
    match read.intent.as_deref() {
        Some(intent @ ("proposal" | "plan" | "option")) => {
            Some(format!("its intent is \"{intent}\""))
        }
        _ => None,
    }
}

fn course(read: &Medicating, item: &Item<'_>, path: &str) -> Result<Course, CaseError> {
    let exact = day(read.effective_date_time.as_deref(), &format!("{path}.effectiveDateTime"))?;
    let (start, stop) = span(read.effective_period.as_deref(), &format!("{path}.effectivePeriod"))?;
    let (dosage, at) = match &read.dosage {
        Some(dosage) => (dosage.first(), format!("{path}.dosage")),
        None => (
            read.dosage_instruction.first().map(|one| &one.0),
            format!("{path}.dosageInstruction[0]"),
        ),
    };
    let timing =
        dosage.and_then(|dosage| dosage.timing.as_ref()?.repeat.as_ref()?.bounds_period.as_ref());
    let at_timing = format!("{at}.timing.repeat.boundsPeriod");
    let (first, last) = span(timing.map(|period| &period.0), &at_timing)?;
    let ordered = day(read.authored_on.as_deref(), &format!("{path}.authoredOn"))?;
    Ok(Course {
        start: exact.or(start).or(first).or(ordered),
        // A single time of an administration is its whole course; of a statement, only that it was being taken then.
        stop: exact.filter(|_| item.kind == "MedicationAdministration").or(stop).or(last),
        dose: dosage.map(|dosage| dose_of(dosage, &at)).transpose()?.flatten(),
        route: dosage.and_then(|dosage| dosage.route.as_ref()?.words()),
    })
}

fn dose_of(dosage: &Dosage, path: &str) -> Result<Option<String>, CaseError> {
    if let Some(text) = dosage.text.as_deref().filter(|text| !text.trim().is_empty()) {
        return Ok(Some(text.to_owned()));
    }
    let single = dosage.dose.as_deref();
    let rated = || dosage.dose_and_rate.first()?.dose_quantity.as_deref();
    dose(single.or_else(rated), &format!("{path}.dose"))
}

/// A dose in words.
fn dose(quantity: Option<&Quantity>, path: &str) -> Result<Option<String>, CaseError> {
    let Some(quantity) = quantity else { return Ok(None) };
    let Some(number) = reading(quantity, path)? else { return Ok(None) };
    let unit = unit(quantity, path)?.map_or_else(String::new, |unit| format!(" {unit}"));
    Ok(Some(format!("{number}{unit}")))
}
