//! Observations: those whose code stands for something in the catalogue.

use super::bundle::Item;
use super::concept::{Coded, coded, day, named, reading, span, unit};
use super::resource::{Concept, Measured, Observation, ObservationHead, Range};
use super::{Builder, Fate};
use crate::case::{CaseError, short};
use crate::evidence::EvidenceStatus;
use crate::exchange::object::{piece, wrong};
use crate::observable::Kind;
use crate::observation::{self, Presence, Reading};
use crate::unit::Unit;
use crate::when::When;

/// LOINC codes whose name says that they count molecules, and those that say mass.
const MOLES: [&str; 4] = ["14927-8", "59260-0", "14723-1", "70218-3"];
const MASS: [&str; 6] = ["2571-8", "718-7", "3255-7", "2276-4", "20567-4", "24373-3"];

/// What observation and components have in common.
struct Frame<'i> {
    item: &'i Item<'i>,
    time: Option<When>,
    assay: Option<String>,
    site: Option<Concept>,
}

impl Builder<'_> {
    pub(super) fn observation(&mut self, item: &Item<'_>) -> Result<Fate, CaseError> {
        let path = format!("{}.resource", item.path);
        let head: ObservationHead = piece(item.raw, &path)?;
        let whole = head.code.as_ref().map(|code| coded(code)).unwrap_or_default();
        let parts: Vec<Vec<Coded>> = head
            .component
            .iter()
            .map(|part| part.code.as_ref().map(|code| coded(code)).unwrap_or_default())
            .collect();
        let what = format!("Observation {}", named(head.code.as_deref()));
        if whole.is_empty() && parts.iter().all(Vec::is_empty) {
            return Ok(Fate::NotUsed(what, "its code stands for nothing in the catalogue".into()));
        }
        let status = head.status.as_deref().unwrap_or_default();
        match status {
            "final" | "amended" | "corrected" => {}
            "preliminary" => {
                self.ledger.caution(&item.path, &what, "preliminary, not yet verified");
            }
            "" => self.ledger.caution(&item.path, &what, "no status"),
            other => {
                return Ok(Fate::NotUsed(what, format!("its status is \"{}\"", short(other))));
            }
        }
        self.measured(item, &path, &what, &whole, &parts)
    }

    fn measured(
        &mut self,
        item: &Item<'_>,
        path: &str,
        what: &str,
        whole: &[Coded],
        parts: &[Vec<Coded>],
    ) -> Result<Fate, CaseError> {
        let read: Observation = piece(item.raw, path)?;
        let own: Measured = piece(item.raw, path)?;
        let time = self.time_of(item, path, what, &read)?;
        let assay = read.method.as_ref().and_then(|method| method.words());
        let frame = Frame { item, time, assay, site: read.body_site.map(|site| site.0) };
        let mut reasons = Vec::new();
        let mut used = false;
        if !whole.is_empty() {
            match self.one(&frame, path, &item.id, whole, &own)? {
                None => used = true,
                Some(reason) => reasons.push((path.to_owned(), reason)),
            }
        }
        for (index, (codes, part)) in parts.iter().zip(&read.component).enumerate() {
            let at = format!("{path}.component[{index}]");
            if codes.is_empty() {
                let reason = "its code stands for nothing in the catalogue".to_owned();
                reasons.push((at, reason));
                continue;
            }
            let id = format!("{}.component{index}", item.id);
            match self.one(&frame, &at, &id, codes, part)? {
                None => used = true,
                Some(reason) => reasons.push((at, reason)),
            }
        }
        if !used {
            let reason = reasons.into_iter().next().map(|(_, reason)| reason);
            return Ok(Fate::NotUsed(what.to_owned(), reason.unwrap_or_default()));
        }
        for (at, reason) in reasons {
            self.ledger.part_not_used(&at, what, &reason);
        }
        Ok(Fate::Used)
    }

    /// When it was observed; when it was issued only if nothing else is said.
    fn time_of(
        &mut self,
        item: &Item<'_>,
        path: &str,
        what: &str,
        read: &Observation,
    ) -> Result<Option<When>, CaseError> {
        let exact = [
            ("effectiveDateTime", &read.effective_date_time),
            ("effectiveInstant", &read.effective_instant),
        ];
        for (field, text) in exact {
            if let Some(time) = day(text.as_deref(), &format!("{path}.{field}"))? {
                return Ok(Some(time));
            }
        }
        let (start, end) =
            span(read.effective_period.as_deref(), &format!("{path}.effectivePeriod"))?;
        if let Some(time) = start.or(end) {
            if start.map(When::earliest) != end.map(When::latest) {
                let reason = "observed over a period; its first day that is known is used";
                self.ledger.caution(&item.path, what, reason);
            }
            return Ok(Some(time));
        }
        let issued = day(read.issued.as_deref(), &format!("{path}.issued"))?;
        let reason = if issued.is_some() {
            "no time of observation; the time at which it was issued is used"
        } else {
            "no time; it counts in every window"
        };
        self.ledger.caution(&item.path, what, reason);
        Ok(issued)
    }

    /// One value: `None` if it became an observation of the case, else why not.
    fn one(
        &mut self,
        frame: &Frame<'_>,
        path: &str,
        id: &str,
        codes: &[Coded],
        value: &Measured,
    ) -> Result<Option<String>, CaseError> {
        let [code] = codes else {
            return Ok(Some("its codes stand for several things in the catalogue".to_owned()));
        };
        let mut row = observation::Observation {
            id: id.to_owned(),
            observable: code.observable.id.clone(),
            time: frame.time,
            assay: frame.assay.clone(),
            source: Some(frame.item.source()),
            ..observation::Observation::default()
        };
        let reason = match &code.observable.kind {
            Kind::Quantity(_) => self.quantity(frame, path, code, value, &mut row)?,
            Kind::Finding { sites, .. } => {
                row.site = self.site(frame, code, sites);
                finding(value, &mut row)
            }
            Kind::Choice { options } => choice(value, options, &mut row),
        };
        if reason.is_none() {
            let name = format!("code {}", short(&code.code));
            if code.status == EvidenceStatus::Unverified {
                let reason = format!("that it stands for {} is unverified", code.observable.id);
                self.ledger.caution(&frame.item.path, &name, &reason);
            }
            self.case.observations.push(row);
            self.observation_paths.push(frame.item.path.clone());
        }
        Ok(reason)
    }

    fn quantity(
        &mut self,
        frame: &Frame<'_>,
        path: &str,
        code: &Coded,
        value: &Measured,
        row: &mut observation::Observation,
    ) -> Result<Option<String>, CaseError> {
        let Some(quantity) = &value.value_quantity else { return no_number(path, value).map(Some) };
        let at = format!("{path}.valueQuantity");
        let Some(number) = reading(quantity, &at)? else { return Ok(Some(absent(value))) };
        let Some(text) = unit(quantity, &at)? else {
            return Err(wrong(&at, "no unit; expected a UCUM code, as in \"code\": \"ng/mL\""));
        };
        let read =
            Unit::parse(&text).map_err(|error| wrong(&format!("{at}.code"), &error.to_string()))?;
        let amount = read.dimension().amount != 0;
        let told = if amount { &MASS[..] } else { &MOLES[..] };
        if told.contains(&code.code.as_str()) {
            let says = if amount { "a mass" } else { "an amount of substance" };
            let reason =
                format!("the code says {says}, the unit is {}; the unit decides", short(&text));
            self.ledger.caution(&frame.item.path, &format!("code {}", code.code), &reason);
        }
        row.upper_limit = self.upper_limit(frame, path, &value.reference_range, &read)?;
        row.value = Some(number);
        row.unit = Some(text);
        Ok(None)
    }

    /// The upper limit of the only reference range, in the unit of the value.
    fn upper_limit(
        &mut self,
        frame: &Frame<'_>,
        path: &str,
        ranges: &[crate::exchange::object::Object<Range>],
        own: &Unit,
    ) -> Result<Option<rust_decimal::Decimal>, CaseError> {
        let mut highs =
            ranges.iter().enumerate().filter_map(|(at, range)| Some((at, range.high.as_ref()?)));
        let Some((index, high)) = highs.next() else { return Ok(None) };
        let what = "Observation.referenceRange";
        if highs.next().is_some() {
            let reason = "several ranges; which of them is the patient's is not known";
            self.ledger.part_not_used(&frame.item.path, what, reason);
            return Ok(None);
        }
        let at = format!("{path}.referenceRange[{index}].high");
        let text = unit(high, &at)?;
        let other = text.as_deref().and_then(|text| Unit::parse(text).ok());
        let limit = reading(high, &at)?
            .zip(other)
            .and_then(|(limit, other)| other.convert(limit.number, own));
        if limit.is_none() {
            let reason = "its high end has no unit that converts to the unit of the value";
            self.ledger.part_not_used(&frame.item.path, what, reason);
        }
        Ok(limit)
    }

    /// The site of a finding; one that is not known is `other`, never left out, since a finding without a site counts
    /// for every site.
    fn site(&mut self, frame: &Frame<'_>, code: &Coded, sites: &[String]) -> Option<String> {
        let given = frame.site.as_ref().filter(|_| !sites.is_empty())?;
        let named = |site: &&String| {
            let words = given.all_words();
            words == **site || words == site.replace('_', " ") || given.has_code(site)
        };
        if let Some(site) = sites.iter().find(named) {
            return Some(site.clone());
        }
        let reason = format!(
            "site \"{}\" is not one of {}; taken as other",
            short(&given.words().unwrap_or_default()),
            sites.join(", ")
        );
        self.ledger.caution(
            &frame.item.path,
            &format!("Observation of {}", code.observable.id),
            &reason,
        );
        sites.iter().find(|site| *site == "other").cloned()
    }
}

/// Why a number is not there; a number that was written as a text is an error, since it would be lost.
fn no_number(path: &str, value: &Measured) -> Result<String, CaseError> {
    let text = value.value_string.as_deref();
    if text.is_some_and(|text| text.parse::<Reading>().is_ok()) || value.value_integer.is_some() {
        let field = if text.is_some() { "valueString" } else { "valueInteger" };
        let problem = "a number without a unit; expected valueQuantity with value and UCUM code";
        return Err(wrong(&format!("{path}.{field}"), problem));
    }
    if let Some(text) = text {
        return Ok(format!("a text instead of a number: \"{}\"", short(text)));
    }
    let concept = value.value_codeable_concept.as_ref().and_then(|concept| concept.words());
    Ok(concept.map_or_else(
        || absent(value),
        |words| format!("a concept instead of a number: \"{}\"", short(&words)),
    ))
}

fn absent(value: &Measured) -> String {
    let why = value.data_absent_reason.as_ref().and_then(|reason| reason.words());
    why.map_or_else(|| "no value".to_owned(), |why| format!("no value: {}", short(&why)))
}

fn finding(value: &Measured, row: &mut observation::Observation) -> Option<String> {
    if let Some(present) = value.value_boolean {
        row.present = Some(if present { Presence::Yes } else { Presence::No });
        return None;
    }
    let concept = value.value_codeable_concept.as_ref();
    let words = concept.and_then(|c| c.words()).or_else(|| value.value_string.clone());
    let Some(words) = words else { return Some(absent(value)) };
    row.present = match words.trim().to_lowercase().as_str() {
        "yes" | "present" | "positive" | "detected" | "true" | "y" => Some(Presence::Yes),
        "no" | "absent" | "negative" | "not detected" | "false" | "n" => Some(Presence::No),
        "unknown" | "indeterminate" | "not performed" | "not done" | "inconclusive" => {
            Some(Presence::Unknown)
        }
        _ => return Some(format!("\"{}\" says neither present nor absent", short(&words))),
    };
    None
}

fn choice(
    value: &Measured,
    options: &[String],
    row: &mut observation::Observation,
) -> Option<String> {
    let concept = value.value_codeable_concept.as_ref();
    let by_code = options.iter().find(|option| concept.is_some_and(|c| c.has_code(option)));
    let words = concept.and_then(|c| c.words()).or_else(|| value.value_string.clone());
    let Some(words) = words else { return Some(absent(value)) };
    let spoken = words.trim().to_lowercase();
    let same = |option: &&String| **option == spoken || option.replace('_', " ") == spoken;
    row.choice = by_code.or_else(|| options.iter().find(same)).cloned();
    match row.choice {
        Some(_) => None,
        None => Some(format!("\"{}\" is none of {}", short(&words), options.join(", "))),
    }
}
