//! Conditions: the event itself where a diagnosis says so, everything else a possible cause of unknown role.

use super::bundle::Item;
use super::concept::{day, named, span};
use super::resource::{Concept, Condition};
use super::{Builder, Fate};
use crate::case::{CaseError, Trigger, TriggerRole, TriggerStatus, short};
use crate::exchange::hlh;
use crate::exchange::object::piece;
use crate::when::When;

impl Builder<'_> {
    pub(super) fn condition(&mut self, item: &Item<'_>) -> Result<Fate, CaseError> {
        let path = format!("{}.resource", item.path);
        let read: Condition = piece(item.raw, &path)?;
        let what = format!("Condition {}", named(read.code.as_deref()));
        let Some(concept) = &read.code else {
            return Ok(Fate::NotUsed(what, "it has no code".to_owned()));
        };
        let Some(name) = concept.words() else {
            return Ok(Fate::NotUsed(what, "it has no name".to_owned()));
        };
        let Some(status) = self.verification(item, &what, read.verification_status.as_deref())
        else {
            return Ok(Fate::NotUsed(what, "entered in error".to_owned()));
        };
        let onset = day(read.onset_date_time.as_deref(), &format!("{path}.onsetDateTime"))?;
        let (start, _) = span(read.onset_period.as_deref(), &format!("{path}.onsetPeriod"))?;
        let onset = onset.or(start);
        let recorded = day(read.recorded_date.as_deref(), &format!("{path}.recordedDate"))?;
        let end = self.end_of(item, &path, &what, &read)?;
        if is_event(concept) {
            return Ok(self.event(item, &what, status, onset));
        }
        let time = onset.or(recorded);
        if onset.is_none() && recorded.is_some() {
            self.ledger.caution(
                &item.path,
                &what,
                "no onset; the day on which it was recorded is used",
            );
        }
        let ended = end.map_or_else(String::new, |end| format!("; {end}"));
        self.case.triggers.push(Trigger {
            id: item.id.clone(),
            name,
            status,
            role: TriggerRole::Unknown,
            mediator_of: Vec::new(),
            time,
            source: Some(format!("{}{ended}", item.source())),
        });
        self.trigger_paths.push(item.path.clone());
        Ok(Fate::Used)
    }

    /// Whether it was found; `None` if it was entered in error.
    fn verification(
        &mut self,
        item: &Item<'_>,
        what: &str,
        status: Option<&Concept>,
    ) -> Option<TriggerStatus> {
        let Some(status) = status else { return Some(TriggerStatus::Present) };
        if status.has_code("entered-in-error") {
            return None;
        }
        if status.has_code("refuted") {
            return Some(TriggerStatus::TestedNegative);
        }
        if status.has_code("confirmed") {
            return Some(TriggerStatus::Present);
        }
        let words = status.words().unwrap_or_default();
        let reason = format!("\"{}\", not confirmed: neither present nor ruled out", short(&words));
        self.ledger.caution(&item.path, what, &reason);
        Some(TriggerStatus::NotReported)
    }

    /// Its end in words: a trigger has no place for it but its source.
    fn end_of(
        &mut self,
        item: &Item<'_>,
        path: &str,
        what: &str,
        read: &Condition,
    ) -> Result<Option<String>, CaseError> {
        let end = day(read.abatement_date_time.as_deref(), &format!("{path}.abatementDateTime"))?;
        let (_, last) = span(read.abatement_period.as_deref(), &format!("{path}.abatementPeriod"))?;
        let over = read.clinical_status.as_ref().is_some_and(|status| {
            ["inactive", "remission", "resolved"].iter().any(|code| status.has_code(code))
        });
        let text = match end.or(last) {
            Some(end) => format!("abated {end}"),
            None if over => "no longer active".to_owned(),
            None => return Ok(None),
        };
        self.ledger.caution(
            &item.path,
            what,
            "it ended; whether before the event is for the reader to say",
        );
        Ok(Some(text))
    }

    /// A diagnosis of the event: it says when, and nothing of whether the criteria are met.
    fn event(
        &mut self,
        item: &Item<'_>,
        what: &str,
        status: TriggerStatus,
        onset: Option<When>,
    ) -> Fate {
        if status != TriggerStatus::Present {
            let reason = "a diagnosis of the event that is not confirmed".to_owned();
            return Fate::NotUsed(what.to_owned(), reason);
        }
        let reason = "a coded diagnosis of the event, taken for its onset only: such codes have a low positive predictive \
                      value, and no criterion is met by one";
        self.ledger.caution(&item.path, what, reason);
        let Some(onset) = onset else {
            return Fate::NotUsed(
                what.to_owned(),
                "a diagnosis of the event without an onset".to_owned(),
            );
        };
        let known = self.case.event.onset;
        if known.is_none_or(|known| onset.sort_key() < known.sort_key()) {
            self.case.event.onset = Some(onset);
            self.event_path = Some(format!("{}.resource", item.path));
        }
        if known.is_some_and(|known| known != onset) {
            self.ledger.caution(&item.path, what, "several onsets; the earliest is used");
        }
        Fate::Used
    }
}

/// Whether a concept names the event: by ICD-10-CM D76.1 and D76.2, or in words.
fn is_event(concept: &Concept) -> bool {
    let by_code = concept.coding.iter().any(|coding| {
        let icd = coding.system.as_deref().is_some_and(|system| system.contains("icd-10"));
        icd && matches!(coding.code.as_deref(), Some("D76.1" | "D76.2" | "D761" | "D762"))
    });
    by_code || hlh::is_event(&concept.all_words())
}
