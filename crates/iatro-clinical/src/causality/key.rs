//! The observations that a timeline shows: of each number its first, last, lowest and highest, of each finding the
//! first of each answer. A long record has thousands of the others.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::case::Case;
use crate::observable::{self, Kind};
use crate::observation::Observation;
use crate::unit::Unit;
use crate::when::When;

/// The key observations, in the order of the case.
pub(crate) fn observations(case: &Case) -> Vec<&Observation> {
    let mut by: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, seen) in case.observations.iter().enumerate() {
        by.entry(&seen.observable).or_default().push(index);
    }
    let mut keep = BTreeSet::new();
    for (id, mut indices) in by {
        let time = |index: &usize| case.observations.get(*index).and_then(|seen| seen.time);
        indices.sort_by_key(|index| (time(index).is_none(), time(index).map(When::sort_key)));
        let rows: Vec<(usize, &Observation)> = indices
            .iter()
            .filter_map(|index| Some((*index, case.observations.get(*index)?)))
            .collect();
        match observable::find(id).map(|known| &known.kind) {
            Some(Kind::Quantity(_)) => numbers(&rows, &mut keep),
            _ => findings(&rows, &mut keep),
        }
    }
    keep.iter().filter_map(|index| case.observations.get(*index)).collect()
}

fn numbers(rows: &[(usize, &Observation)], keep: &mut BTreeSet<usize>) {
    keep.extend(rows.first().into_iter().chain(rows.last()).map(|(index, _)| *index));
    let valued = || rows.iter().filter_map(|(index, seen)| Some((canonical(seen)?, *index)));
    keep.extend(valued().min_by_key(|(value, _)| *value).map(|(_, index)| index));
    // Of equal ones the first.
    keep.extend(valued().rev().max_by_key(|(value, _)| *value).map(|(_, index)| index));
}

fn canonical(seen: &Observation) -> Option<Decimal> {
    let Kind::Quantity(kind) = &observable::find(&seen.observable)?.kind else {
        return None;
    };
    let unit = Unit::parse(seen.unit.as_deref()?).ok()?;
    kind.to_canonical(seen.value?.number, &unit)
}

fn findings(rows: &[(usize, &Observation)], keep: &mut BTreeSet<usize>) {
    let mut answers = BTreeSet::new();
    for (index, seen) in rows {
        if answers.insert((seen.present, seen.choice.as_deref(), seen.site.as_deref())) {
            keep.insert(*index);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn of_many_values_the_telling_ones_are_kept() {
        let values = ["500", "ng/mL", "9", "mg/L", "700", "ng/mL", "100", "ng/mL", "600", "ng/mL"];
        let rows: Vec<String> = values
            .chunks(2)
            .enumerate()
            .map(|(at, pair)| {
                format!(
                    "{{\"id\":\"f{at}\",\"observable\":\"ferritin\",\"time\":\"2026-03-0{}\",\"value\":{},\
                     \"unit\":\"{}\"}}",
                    at + 1, pair[0], pair[1]
                )
            })
            .collect();
        let text = format!(
            "{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"observations\":[{}]}}",
            rows.join(",")
        );
        let case: Case = serde_json::from_str(&text).unwrap();
        let kept: Vec<&str> = observations(&case).iter().map(|seen| seen.id.as_str()).collect();
        // 9 mg/L is the highest, whatever its number; 700 ng/mL is neither end nor extreme.
        assert_eq!(kept, ["f0", "f1", "f3", "f4"]);
    }
}
