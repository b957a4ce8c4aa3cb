//! Answers that stand for a span of days or years.

use super::{Derived, dates, spanned};
use crate::causality::dates::{Order, between, exposed_again, first_start, in_words, order};
use crate::causality::definition::Query;
use crate::causality::facts::Facts;
use crate::causality::result::DayInterval;
use crate::when::When;

pub(super) fn days_from_start(query: &Query, facts: &Facts<'_>) -> Derived {
    let (row, start, onset) = match dates(facts) {
        Ok(dates) => dates,
        Err(unknown) => return unknown,
    };
    let days = between(start, onset);
    let said = format!("{} from the first start ({start}) to {onset}", in_words(days));
    if let Some(again) = exposed_again(facts.drug, onset) {
        return Derived::unknown(format!("{said}, {}", begun_anew(again)));
    }
    match spanned(query, days) {
        Some(answer) => Derived::new(answer, said, row),
        None => Derived::unknown(format!("{said}: more than one answer is possible")),
    }
}

fn begun_anew(again: When) -> String {
    format!("but begun anew on {again}: from which exposure to count, a person must say")
}

/// From the start if the drug was going on, else from the stop: only one of the two is counted.
pub(super) fn liver_onset(query: &Query, facts: &Facts<'_>) -> Derived {
    let Some(began) = facts.injury.began else {
        return Derived::unknown("the first raised liver value of one injury has no day");
    };
    let Some((_, start)) = first_start(facts.drug) else {
        return Derived::unknown("no start of the drug has a date");
    };
    if let Some(again) = exposed_again(facts.drug, began) {
        return Derived::unknown(format!("begun on {start}, {}", begun_anew(again)));
    }
    let stops = facts.drug.courses.iter().filter_map(|course| course.stop);
    let last = stops.max_by_key(|stop| (stop.earliest(), stop.latest()));
    let ended = facts.drug.courses.iter().all(|course| course.stop.is_some());
    let after_stop = last.filter(|stop| ended && order(*stop, began) == Order::Before);
    let (answer, said) = match after_stop {
        Some(stop) => {
            let days = between(stop, began);
            (from_stop(query, days), format!("{} from the stop ({stop})", in_words(days)))
        }
        None => {
            let days = between(start, began);
            let going_on = if ended { "" } else { ", no stop recorded" };
            let said = format!("{} from the first start ({start}{going_on})", in_words(days));
            (spanned(query, days), said)
        }
    };
    let reason = format!("{said} to the first raised liver value ({began})");
    match answer {
        Some(answer) => Derived::new(answer, reason, facts.injury.row.clone()),
        None => Derived::unknown(format!("{reason}: more than one answer is possible")),
    }
}

fn from_stop(query: &Query, days: DayInterval) -> Option<&str> {
    let holds = |choice: &&crate::causality::definition::Choice| {
        (choice.stop_least.is_some() || choice.stop_most.is_some())
            && choice.stop_least.is_none_or(|least| days.min >= least)
            && choice.stop_most.is_none_or(|most| days.max <= most)
    };
    query.options.iter().find(holds).map(|choice| choice.id.as_str())
}

pub(super) fn age(query: &Query, facts: &Facts<'_>) -> Derived {
    let Some((min, max)) = facts.case.completed_years() else {
        return Derived::unknown("the age at the event is not recorded");
    };
    let years = DayInterval { min, max };
    let said = if years.min == years.max {
        format!("{} years", years.min)
    } else {
        format!("{} to {} years", years.min, years.max)
    };
    match spanned(query, years) {
        Some(answer) => Derived::new(answer, said, "patient"),
        None => Derived::unknown(format!("{said}: more than one answer is possible")),
    }
}
