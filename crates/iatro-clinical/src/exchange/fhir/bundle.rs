//! The entries of a Bundle, still raw, with what ties them together: their addresses and the one patient.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::resource::{Bundle, Head, Medication, Reference};
use crate::case::{CaseError, plain, short};
use crate::exchange::imported::Ledger;
use crate::exchange::object::{piece, wrong};

/// An entry.
pub(super) struct Item<'a> {
    pub(super) index: usize,
    /// `entry[3]`.
    pub(super) path: String,
    /// The resource type; empty where there is no resource.
    pub(super) kind: String,
    /// The id of the resource, else the tail of its address, else `entry-3`.
    pub(super) id: String,
    pub(super) full_url: Option<String>,
    pub(super) raw: &'a str,
    /// It carries what may change its meaning and is not known.
    pub(super) modified: bool,
    subject: Option<String>,
}

impl Item<'_> {
    /// Where it stands, for the source of what is read from it: `entry[3] Observation/f001`.
    pub(super) fn source(&self) -> String {
        let address = self.full_url.as_deref().filter(|url| !url.ends_with(&self.id));
        let address = address.map_or_else(String::new, |url| format!(" ({url})"));
        format!("{} {}/{}{address}", self.path, self.kind, self.id)
    }
}

/// A Bundle whose entries are known by type and address.
pub(super) struct Opened<'a> {
    pub(super) items: Vec<Item<'a>>,
    by_address: BTreeMap<String, usize>,
    patient: Option<usize>,
    used_medications: RefCell<BTreeSet<usize>>,
}

impl<'a> Opened<'a> {
    pub(super) fn open(text: &'a str, ledger: &mut Ledger) -> Result<Self, CaseError> {
        let bundle: Bundle<'a> = piece(text, "Bundle")?;
        if bundle.resource_type != "Bundle" {
            let found = short(&bundle.resource_type);
            return Err(wrong("resourceType", &format!("found \"{found}\"; expected \"Bundle\"")));
        }
        if bundle.link.iter().any(|link| link.relation.as_deref() == Some("next")) {
            let reason = "this is one page of several; what stands on the others is not known";
            ledger.caution("link", "Bundle", reason);
        }
        let items = bundle.entry.iter().enumerate().map(|(index, entry)| {
            let raw = entry.resource.map(serde_json::value::RawValue::get);
            item(index, entry.full_url.as_deref(), raw)
        });
        let items: Vec<Item<'a>> = items.collect::<Result<_, _>>()?;
        let by_address = addresses(&items)?;
        let patient = one_patient(&items)?;
        let opened = Self { items, by_address, patient, used_medications: RefCell::default() };
        opened.one_subject()?;
        Ok(opened)
    }

    /// The entry of the patient.
    pub(super) fn patient(&self) -> Option<&Item<'a>> {
        self.items.get(self.patient?)
    }

    pub(super) fn patient_path(&self) -> Option<String> {
        Some(format!("{}.resource", self.patient()?.path))
    }

    /// A pseudonym for the case: the technical id of the patient's resource.
    pub(super) fn case_id(&self) -> String {
        let subjects = || self.items.iter().find_map(|item| item.subject.as_deref());
        let id = self.patient().map(|item| item.id.as_str());
        let id = id.or_else(|| subjects().map(tail)).map(plain);
        id.filter(|id| !id.trim().is_empty()).unwrap_or_else(|| "patient".to_owned())
    }

    /// The Medication that a reference stands for: an absolute address as it is, a relative one as it is or against the
    /// server of the entry that refers to it.
    pub(super) fn medication(
        &self,
        reference: &str,
        base: Option<&str>,
    ) -> Result<Option<Medication>, CaseError> {
        let current = reference.split("/_history/").next().unwrap_or(reference);
        let server = base.and_then(|url| url.rsplitn(3, '/').nth(2));
        let absolute = server.map(|server| format!("{server}/{current}"));
        let index = self.by_address.get(current).or_else(|| self.by_address.get(&absolute?));
        let found = index.and_then(|&index| self.items.get(index));
        let Some(item) = found.filter(|item| item.kind == "Medication" && !item.modified) else {
            return Ok(None);
        };
        self.used_medications.borrow_mut().insert(item.index);
        piece(item.raw, &format!("{}.resource", item.path)).map(Some)
    }

    /// Whether an entry that is used refers to this Medication.
    pub(super) fn medication_is_used(&self, index: usize) -> bool {
        self.used_medications.borrow().contains(&index)
    }

    /// Every subject is the same patient; a record of two would be read as one.
    fn one_subject(&self) -> Result<(), CaseError> {
        let mut first: Option<(&Item<'_>, &str)> =
            self.patient().map(|item| (item, item.id.as_str()));
        for item in &self.items {
            let Some(subject) = item.subject.as_deref() else { continue };
            match first {
                None => first = Some((item, subject)),
                Some((_, known)) if self.same(known, subject) => {}
                Some((_, known)) => {
                    let problem = format!(
                        "its subject is \"{}\", another than \"{}\"; expected a bundle of one patient. \
                         Export one bundle a patient",
                        short(subject),
                        short(known)
                    );
                    return Err(wrong(&format!("{}.resource", item.path), &problem));
                }
            }
        }
        Ok(())
    }

    fn same(&self, known: &str, subject: &str) -> bool {
        let patient = self.patient();
        let is_url = patient.and_then(|item| item.full_url.as_deref()) == Some(subject);
        is_url || known == subject || tail(known) == tail(subject)
    }
}

/// `f001` of `Patient/f001`, `urn:uuid:f001`, `https://server/Patient/f001/_history/2`.
fn tail(reference: &str) -> &str {
    let current = reference.split("/_history/").next().unwrap_or(reference);
    current.rsplit(['/', ':']).next().unwrap_or(current)
}

fn item<'a>(index: usize, url: Option<&str>, raw: Option<&'a str>) -> Result<Item<'a>, CaseError> {
    let path = format!("entry[{index}]");
    let Some(raw) = raw else {
        let (kind, id) = (String::new(), format!("entry-{index}"));
        let full_url = url.map(str::to_owned);
        return Ok(Item {
            index,
            path,
            kind,
            id,
            full_url,
            raw: "",
            modified: false,
            subject: None,
        });
    };
    let head: Head<'_> = piece(raw, &format!("{path}.resource"))?;
    let named = head.id.filter(|id| !plain(id).trim().is_empty());
    let id = named.or_else(|| url.map(|url| tail(url).to_owned()));
    let reference = head.subject.or(head.patient).map(serde_json::value::RawValue::get);
    let subject =
        reference.map(|raw| subject(raw, &head.resource_type, &path)).transpose()?.flatten();
    Ok(Item {
        index,
        path,
        kind: plain(&head.resource_type),
        id: plain(&id.unwrap_or_else(|| format!("entry-{index}"))),
        full_url: url.map(str::to_owned),
        raw,
        modified: !head.modifier_extension.is_empty() || head.implicit_rules.is_some(),
        subject,
    })
}

/// Resource types that a case is read from; the subject of others may be of another shape.
const READ: [&str; 7] = [
    "Observation",
    "Condition",
    "MedicationAdministration",
    "MedicationStatement",
    "MedicationRequest",
    "Immunization",
    "Procedure",
];

fn subject(raw: &str, kind: &str, path: &str) -> Result<Option<String>, CaseError> {
    let read: Result<Reference, CaseError> = piece(raw, &format!("{path}.resource.subject"));
    match read {
        Ok(found) => Ok(found.reference.filter(|text| !text.trim().is_empty())),
        Err(error) if READ.contains(&kind) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Entries by address; two with the same one are an error.
fn addresses(items: &[Item<'_>]) -> Result<BTreeMap<String, usize>, CaseError> {
    let mut known = BTreeMap::new();
    for item in items.iter().filter(|item| !item.kind.is_empty()) {
        let relative = format!("{}/{}", item.kind, item.id);
        let full = item.full_url.clone().filter(|url| *url != relative);
        let named = [(full, "fullUrl"), (Some(relative), "resource.id")];
        for (address, field) in named {
            let Some(address) = address else { continue };
            if let Some(first) = known.insert(address.clone(), item.index) {
                let problem = format!(
                    "\"{}\" is the address of entry[{first}] too; give one version of each resource",
                    short(&address)
                );
                return Err(wrong(&format!("{}.{field}", item.path), &problem));
            }
        }
    }
    Ok(known)
}

fn one_patient(items: &[Item<'_>]) -> Result<Option<usize>, CaseError> {
    let patients: Vec<&Item<'_>> = items.iter().filter(|item| item.kind == "Patient").collect();
    match patients.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.index)),
        [_, second, ..] => {
            let names = patients.iter().take(5).map(|item| format!("Patient/{}", short(&item.id)));
            let names: Vec<String> = names.collect();
            let problem = format!(
                "{} patients in one bundle ({}); expected one. Export one bundle a patient",
                patients.len(),
                names.join(", ")
            );
            Err(wrong(&second.path, &problem))
        }
    }
}
