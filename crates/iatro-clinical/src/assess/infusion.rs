//! What the drugs of a case say of immune effector cells, where no observation does.

use jiff::civil::Date;

use super::frame::Frame;
use super::range::Range;
use super::result::Evidence;
use crate::case::{Drug, DrugKind};
use crate::instrument::Limit;
use crate::logic::Ternary;
use crate::observation::Comparator;
use crate::unit::Unit;
use crate::when::When;

/// The finding that they were given.
pub(super) const GIVEN: &str = "cell_therapy";
/// The time since.
pub(super) const SINCE: &str = "days_since_cell_infusion";

/// Whether such cells were given by the end of the window; `None` if the drugs do not say so. That none are listed
/// does not say that none were given.
pub(super) fn given(frame: &Frame<'_>) -> Option<Evidence> {
    let begun = |drug: &&Drug| {
        let before = |start: When| frame.window.to.is_none_or(|to| start.latest() <= to);
        let mut starts = drug.courses.iter().filter_map(|course| course.start).peekable();
        starts.peek().is_none() || starts.any(before)
    };
    let drug = infused(frame).find(begun)?;
    Some(evidence(GIVEN, drug, None, "given".to_owned()))
}

/// Time from the last infusion to the days of the window: whether all of it is within a limit.
pub(super) fn since(
    frame: &Frame<'_>,
    comparator: Comparator,
    limits: &[Limit],
) -> Option<(Ternary, Evidence)> {
    let (from, to) = (frame.window.from?, frame.window.to?);
    let (drug, start) = last(frame)?;
    let days = |day: Date| When::day(day).days_since(start);
    let (least, most) = (days(from.max(start.earliest())).0.max(0), days(to).1);
    let unit = Unit::parse("d").ok()?;
    let (limit, number) =
        limits.iter().find_map(|limit| Some((limit, limit.unit.convert(limit.number, &unit)?)))?;
    let state = Range::closed(least.into(), most.into()).decide(comparator, number);
    let said = format!(
        "{least} to {most} d before the days of the window; asked is {} {} {}",
        comparator.sign(),
        limit.number,
        limit.unit
    );
    Some((state, evidence(SINCE, drug, Some(start), said)))
}

/// The last infusion by the end of the window.
pub(super) fn last<'a>(frame: &Frame<'a>) -> Option<(&'a Drug, When)> {
    let to = frame.window.to?;
    infused(frame)
        .flat_map(|drug| drug.courses.iter().filter_map(move |course| Some((drug, course.start?))))
        .filter(|(_, start)| start.latest() <= to)
        .max_by_key(|(_, start)| start.sort_key())
}

fn infused<'a>(frame: &Frame<'a>) -> impl Iterator<Item = &'a Drug> {
    frame.case.drugs.iter().filter(|drug| drug.kind == DrugKind::CellTherapy)
}

fn evidence(observable: &str, drug: &Drug, time: Option<When>, reason: String) -> Evidence {
    Evidence {
        observable: observable.to_owned(),
        observation: None,
        time,
        value: Some(format!("{} (drug {})", drug.name, drug.id)),
        source: drug.source.clone(),
        reason,
    }
}
