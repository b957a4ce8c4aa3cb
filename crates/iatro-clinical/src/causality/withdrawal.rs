//! What followed the end of a drug, and whether it says anything.

use super::dates::{Order, between, last_stop, order};
use crate::case::{Case, Course, Dechallenge, Drug, DrugRole};
use crate::observation::Presence;
use crate::when::When;

/// An answer to whether the event abated because the drug was stopped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Abated {
    /// `None` if that cannot be told.
    pub(crate) answer: Option<bool>,
    pub(crate) reason: String,
    /// Whether treatment of the event is why it cannot be told.
    pub(crate) confounded: bool,
}

/// Whether the event abated on stopping the drug, without anything else that explains it.
pub(crate) fn abated(case: &Case, drug: &Drug) -> Abated {
    let told = |answer, reason: String| Abated { answer, reason, confounded: false };
    let Some(given) = &drug.dechallenge else {
        return told(None, "what followed a stop of the drug is not recorded".to_owned());
    };
    let stopped = stop_time(drug, given);
    if let (Some(stopped), Some(onset)) = (stopped, case.event.onset)
        && order(stopped, onset) == Order::Before
    {
        let text =
            format!("the drug ended on {stopped}, before the onset on {onset}: no dechallenge");
        return told(None, text);
    }
    match given.abated {
        Presence::Unknown => told(None, "whether the event abated is not known".to_owned()),
        Presence::No => told(Some(false), "the event did not abate on stopping".to_owned()),
        Presence::Yes => untreated(case, given, stopped),
    }
}

fn untreated(case: &Case, given: &Dechallenge, stopped: Option<When>) -> Abated {
    let confounded = |why: String| Abated {
        answer: None,
        reason: format!("the event abated, but {why}: that says little of the drug"),
        confounded: true,
    };
    if given.with_treatment == Some(Presence::Yes) {
        return confounded("under treatment of the event".to_owned());
    }
    let treated = case
        .drugs
        .iter()
        .find(|drug| drug.role == DrugRole::Treatment && may_overlap(case, drug, given, stopped));
    if let Some(drug) = treated {
        return confounded(format!("{} was given against the event in that time", drug.name));
    }
    if given.with_treatment == Some(Presence::No) {
        let days = given.days_to_abate.map_or(String::new(), |days| format!(" after {days} days"));
        let reason = format!("the event abated{days} on stopping, without treatment of the event");
        return Abated { answer: Some(true), reason, confounded: false };
    }
    Abated {
        answer: None,
        reason:
            "the event abated on stopping, but whether it was treated meanwhile is not recorded"
                .to_owned(),
        confounded: false,
    }
}

/// When the drug was stopped or reduced.
pub(crate) fn stop_time(drug: &Drug, given: &Dechallenge) -> Option<When> {
    given.time.or_else(|| last_stop(drug).map(|(_, stop)| stop))
}

/// Whether a treatment may have been given between the stop and the abating. A date that is missing leaves it possible.
fn may_overlap(case: &Case, drug: &Drug, given: &Dechallenge, stopped: Option<When>) -> bool {
    let Some(stopped) = stopped else {
        return true;
    };
    let ended_before =
        |course: &Course| course.stop.is_some_and(|stop| between(stop, stopped).min > 0);
    let begun_after = |course: &Course| {
        let Some(start) = course.start else {
            return false;
        };
        let from_stop = between(stopped, start).min;
        match (given.days_to_abate, case.event.outcome_time) {
            (Some(days), _) => from_stop > i64::from(days),
            (None, Some(outcome)) => between(outcome, start).min > 0,
            (None, None) => false,
        }
    };
    drug.courses.is_empty()
        || drug.courses.iter().any(|course| !ended_before(course) && !begun_after(course))
}
