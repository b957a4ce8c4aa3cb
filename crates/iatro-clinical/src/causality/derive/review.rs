//! The steps after a vaccine. What population evidence says, and whether an association is known, is never read from
//! the case: that HLH follows a vaccine in time does not show that the vaccine brought it about.

use super::{Derived, dates, texts};
use crate::case::DrugRole;
use crate::causality::dates::{Order, exposure_order, in_words};
use crate::causality::facts::Facts;
use crate::causality::rivals::Rival;

pub(super) fn other_cause(facts: &Facts<'_>) -> Derived {
    let confirmed: Vec<Rival> =
        facts.rivals.credible.iter().filter(|rival| rival.confirmed).cloned().collect();
    match confirmed.first() {
        Some(first) => Derived {
            source: first.source.clone(),
            ..Derived::new("yes", texts(&confirmed), first.row.clone())
        },
        None => Derived::unknown("no cause is recorded as confirmed and as one of its own"),
    }
}

pub(super) fn time_window(facts: &Facts<'_>) -> Derived {
    match (dates(facts), facts.exposure) {
        (Err(unknown), _) => unknown,
        (Ok((row, start, onset)), Some(Order::After)) => {
            Derived::new("no", format!("onset {onset}, vaccination {start}"), row)
        }
        (Ok((_, start, onset)), _) => Derived::unknown(format!(
            "{} from vaccination to onset; no window for HLH is established, a person must say",
            in_words(super::between(start, onset))
        )),
    }
}

pub(super) fn no_population_evidence() -> Derived {
    let reason = "by default: no population study of HLH after this vaccine is known here";
    Derived::new("no", reason, "data/causality/who-aefi.toml")
}

pub(super) fn other_drug(facts: &Facts<'_>) -> Derived {
    let others = facts.case.drugs.iter().filter(|other| other.id != facts.drug.id);
    let before = others.filter(|other| other.role != DrugRole::Treatment).find(|other| {
        let start = facts.start().map(|(_, start)| start);
        start.and_then(|start| exposure_order(other, start)) == Some(Order::Before)
    });
    match before {
        Some(other) => {
            let reason = format!("{} was begun before the vaccination", other.name);
            Derived::new("yes", reason, format!("drugs.{}.courses", other.id))
        }
        None => Derived::unknown("no medicine is recorded as begun before the vaccination"),
    }
}

pub(super) fn review(facts: &Facts<'_>) -> Derived {
    let (row, start, onset) = match dates(facts) {
        Ok(dates) => dates,
        Err(unknown) => {
            return Derived::unknown(format!("missing: {}", unknown.reason));
        }
    };
    if facts.exposure != Some(Order::Before) {
        let reason =
            format!("missing: whether the vaccination ({start}) came before the onset ({onset})");
        return Derived { row, ..Derived::unknown(reason) };
    }
    if facts.rivals.credible.is_empty() {
        let reason = "by default: after the vaccination in time, and without population evidence";
        return Derived::new("indeterminate", reason, row);
    }
    let reason = format!("in time after the vaccine, but also: {}", texts(&facts.rivals.credible));
    Derived::new("conflicting", reason, row)
}
