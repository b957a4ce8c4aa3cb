//! One question to the record: a cut-off, a finding or a choice, held against the observations in the window.
//!
//! Met, if one observation surely meets it; not met, if there is one and none can; else unknown, with the reason.

mod quantity;

use super::age::{self, Age};
use super::frame::Frame;
use super::infusion;
use super::result::Evidence;
use crate::instrument::{Criterion, Limit};
use crate::logic::Ternary;
use crate::observable::{self, Kind};
use crate::observation::{Comparator, Observation, Presence};
use crate::when::When;

pub(super) use quantity::{Span, span};

/// The answer, and what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) state: Ternary,
    pub(super) evidence: Vec<Evidence>,
}

/// What one observation says: its answer in words, or why it has none.
type Said = Result<(Ternary, String), String>;

/// Judges a question that has no parts.
pub(super) fn judge(frame: &Frame<'_>, atom: &Criterion) -> Judged {
    match atom {
        Criterion::Compare { observable, comparator, limits } => {
            compare(frame, observable, *comparator, limits)
        }
        Criterion::Finding { observable, sites } => {
            if observable == infusion::GIVEN
                && frame.rows(observable).is_empty()
                && let Some(evidence) = infusion::given(frame)
            {
                return Judged { state: Ternary::Met, evidence: vec![evidence] };
            }
            state_or_any(frame, observable, |row| finding(row, sites))
        }
        Criterion::Choice { observable, options } => {
            combine(frame, observable, |row| choice(row, options))
        }
        // Those have parts; the plan takes them apart before.
        _ => Judged { state: Ternary::Unknown, evidence: Vec::new() },
    }
}

fn compare(
    frame: &Frame<'_>,
    observable: &str,
    comparator: Comparator,
    limits: &[Limit],
) -> Judged {
    if frame.rows(observable).is_empty() {
        if age::is_age(observable) {
            return derived_age(frame, observable, comparator, limits);
        }
        if observable == infusion::SINCE
            && let Some((state, evidence)) = infusion::since(frame, comparator, limits)
        {
            return Judged { state, evidence: vec![evidence] };
        }
    }
    let judged = combine(frame, observable, |row| quantity::against(row, comparator, limits));
    // The same substance by an assay of another kind is no result here, but a reader asks where it went.
    let mass = format!("{observable}_mass");
    let other = frame.rows(&mass);
    match other.last() {
        Some(row) if judged.state == Ternary::Unknown && frame.rows(observable).is_empty() => {
            let unit = limits.first().map(|limit| limit.unit.to_string()).unwrap_or_default();
            let own = row.unit.as_deref().unwrap_or("a mass");
            let reason =
                format!("{own} cannot be held against {unit}: the assays have no common scale");
            Judged { state: Ternary::Unknown, evidence: vec![evidence(row, reason)] }
        }
        _ => judged,
    }
}

/// Holds every observation of the window against the question.
fn combine(frame: &Frame<'_>, observable: &str, ask: impl Fn(&Observation) -> Said) -> Judged {
    let rows = frame.rows(observable);
    let said: Vec<(&Observation, Said)> = rows.into_iter().map(|row| (row, ask(row))).collect();
    let of = |wanted: Ternary| {
        let rows = said.iter().filter_map(move |(row, said)| match said {
            Ok((state, words)) if *state == wanted => Some(evidence(row, words.clone())),
            _ => None,
        });
        rows.collect::<Vec<_>>()
    };
    // Dated ones come by time: the last that meets it decides.
    if let Some(last) = of(Ternary::Met).pop() {
        return Judged { state: Ternary::Met, evidence: vec![last] };
    }
    let mut open = of(Ternary::Unknown);
    open.extend(said.iter().filter_map(|(row, said)| {
        let reason = said.as_ref().err().filter(|reason| !reason.is_empty())?;
        Some(evidence(row, reason.clone()))
    }));
    let not_met = of(Ternary::NotMet);
    // A day that is only known as a month may be one of the window: what it could meet stays open.
    open.extend(frame.perhaps(observable).into_iter().filter(|_| !not_met.is_empty()).filter_map(
        |row| {
            let may = !matches!(ask(row), Ok((Ternary::NotMet, _)));
            may.then(|| evidence(row, "its day may lie in the window or outside of it".to_owned()))
        },
    ));
    if open.is_empty() && !not_met.is_empty() {
        return Judged { state: Ternary::NotMet, evidence: not_met };
    }
    if open.is_empty() {
        open = vec![not_observed(frame, observable, !said.is_empty())];
    }
    Judged { state: Ternary::Unknown, evidence: open }
}

/// Of a state that can end, the last dated observation alone counts; of anything else, any in the window.
fn state_or_any(frame: &Frame<'_>, observable: &str, ask: impl Fn(&Observation) -> Said) -> Judged {
    let known = observable::find(observable).map(|known| &known.kind);
    let rows = frame.rows(observable);
    let last = rows.iter().rfind(|row| row.time.is_some()).and_then(|row| row.time);
    if !matches!(known, Some(Kind::Finding { state: true, .. })) || last.is_none() {
        return combine(frame, observable, ask);
    }
    combine(frame, observable, |row| match row.time {
        time if time == last => ask(row),
        _ => Err(String::new()),
    })
}

fn finding(row: &Observation, sites: &[String]) -> Said {
    let counts = row.site.as_ref().is_none_or(|site| sites.is_empty() || sites.contains(site));
    match (row.present, counts) {
        (Some(Presence::Yes), true) => Ok((Ternary::Met, "present".to_owned())),
        (Some(Presence::No), true) if answers_for_all(row) => {
            Ok((Ternary::NotMet, "absent".to_owned()))
        }
        (Some(Presence::No), true) => Err("absent there; the other sites are open".to_owned()),
        // Neither says anything; if there is no more, the question was not observed.
        (Some(Presence::Yes | Presence::No), false) | (Some(Presence::Unknown) | None, _) => {
            Err(String::new())
        }
    }
}

/// Whether a "no" at the site of an observation answers for every site.
fn answers_for_all(row: &Observation) -> bool {
    let Some(site) = &row.site else { return true };
    match observable::find(&row.observable).map(|known| &known.kind) {
        Some(Kind::Finding { decisive, .. }) => decisive.is_empty() || decisive.contains(site),
        _ => true,
    }
}

fn choice(row: &Observation, options: &[String]) -> Said {
    let given = row.choice.as_ref().ok_or_else(String::new)?;
    let counts = options.contains(given);
    let words =
        if counts { given.clone() } else { format!("{given} is not {}", options.join(" or ")) };
    Ok((Ternary::known(counts), words))
}

fn derived_age(
    frame: &Frame<'_>,
    observable: &str,
    comparator: Comparator,
    limits: &[Limit],
) -> Judged {
    let answer = |state, value, reason| {
        let evidence = Evidence {
            observable: observable.to_owned(),
            observation: None,
            time: None,
            value,
            source: None,
            reason,
        };
        Judged { state, evidence: vec![evidence] }
    };
    let age = match Age::of(frame, observable) {
        Ok(age) => age,
        Err(reason) => return answer(Ternary::Unknown, None, reason),
    };
    let found = limits.iter().find_map(|limit| Some((age.range(limit)?, limit)));
    let Some(((range, number), limit)) = found else {
        let reason = "the age cannot be held against the cut-off".to_owned();
        return answer(Ternary::Unknown, Some(age.shown()), reason);
    };
    let state = range.decide(comparator, number);
    let reason = format!("{} {} {} {}", verb(state), comparator.sign(), limit.number, limit.unit);
    answer(state, Some(age.shown()), reason)
}

/// How a state reads before a cut-off.
fn verb(state: Ternary) -> &'static str {
    match state {
        Ternary::Met => "is",
        Ternary::NotMet => "is not",
        Ternary::Unknown => "leaves open whether it is",
    }
}

/// What one observation was made into.
pub(super) fn evidence(row: &Observation, reason: String) -> Evidence {
    Evidence {
        observable: row.observable.clone(),
        observation: Some(row.id.clone()),
        time: row.time,
        value: Some(as_recorded(row)),
        source: row.source.clone(),
        reason,
    }
}

/// The value as the record has it.
fn as_recorded(row: &Observation) -> String {
    let unit = row.unit.as_deref().unwrap_or_default();
    if let Some(reading) = row.value {
        return format!("{reading} {unit}").trim_end().to_owned();
    }
    let words = match row.present {
        Some(Presence::Yes) => "present",
        Some(Presence::No) => "absent",
        Some(Presence::Unknown) => "unknown",
        None => row.choice.as_deref().unwrap_or_default(),
    };
    match &row.site {
        Some(site) => format!("{words} ({site})"),
        None => words.to_owned(),
    }
}

/// Why there is no answer where no observation gives one.
pub(super) fn not_observed(frame: &Frame<'_>, observable: &str, other: bool) -> Evidence {
    let outside = frame.outside(observable);
    let last = outside.last().map(|row| {
        let when = row.time.map(|when: When| when.to_string()).unwrap_or_default();
        let may = row.time.is_some_and(|when| frame.may_be_inside(when));
        let place =
            if may { "may lie outside of the window" } else { "lies outside of the window" };
        format!("; {} of {when} {place}", as_recorded(row))
    });
    let what = if other { "no conclusive observation that counts" } else { "not observed" };
    Evidence {
        observable: observable.to_owned(),
        observation: None,
        time: None,
        value: None,
        source: None,
        reason: format!("{what}{}", last.unwrap_or_default()),
    }
}
