//! What an instrument asks of the record.

use super::criterion::Criterion;
use super::definition::{Instrument, Item};

impl Instrument {
    /// Every observable that the instrument or one of its variants reads, each once, in reading order: scope, items,
    /// requirement, rule, variants.
    pub fn observables(&self) -> Vec<&str> {
        let mut found = Vec::new();
        if let Some(scope) = &self.scope {
            collect(&scope.when, &mut found);
        }
        self.items.iter().for_each(|item| of_item(item, &mut found));
        if let Some(requires) = &self.requires {
            collect(&requires.when, &mut found);
        }
        let rules =
            self.rule.iter().chain(self.variants.iter().filter_map(|one| one.rule.as_ref()));
        rules.for_each(|rule| collect(&rule.when, &mut found));
        let others = self.variants.iter().flat_map(|one| &one.items);
        others.for_each(|item| of_item(item, &mut found));
        found
    }
}

impl Item {
    /// Every observable that the item reads, each once, in the order of its levels.
    pub fn observables(&self) -> Vec<&str> {
        let mut found = Vec::new();
        of_item(self, &mut found);
        found
    }
}

fn of_item<'a>(item: &'a Item, found: &mut Vec<&'a str>) {
    item.levels.iter().for_each(|level| collect(&level.when, found));
    if let Some(linear) = &item.linear {
        add(&linear.observable, found);
    }
}

fn collect<'a>(when: &'a Criterion, found: &mut Vec<&'a str>) {
    match when {
        Criterion::All(of) | Criterion::Any(of) | Criterion::AtLeast { of, .. } => {
            of.iter().for_each(|one| collect(one, found));
        }
        Criterion::Not(one) => collect(one, found),
        Criterion::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|one| collect(one, found));
        }
        Criterion::Compare { observable, .. }
        | Criterion::Finding { observable, .. }
        | Criterion::Choice { observable, .. } => add(observable, found),
        Criterion::Item(_) | Criterion::Score { .. } => {}
    }
}

fn add<'a>(observable: &'a str, found: &mut Vec<&'a str>) {
    if !found.contains(&observable) {
        found.push(observable);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::instrument::{all, find};
    use crate::observable;

    #[test]
    fn hscore_asks_for_its_twelve_observables() {
        let mut asked = find("hscore").unwrap().observables();
        asked.sort_unstable();
        assert_eq!(
            asked,
            [
                "age",
                "ast",
                "ferritin",
                "fibrinogen",
                "hemoglobin",
                "hemophagocytosis",
                "hepatomegaly",
                "immunosuppression",
                "leukocytes",
                "platelets",
                "splenomegaly",
                "temperature",
                "triglycerides",
            ]
        );
    }

    #[test]
    fn every_instrument_asks_for_what_the_catalogue_has() {
        for one in all() {
            let asked = one.observables();
            assert!(!asked.is_empty() && asked.iter().all(|id| observable::find(id).is_some()));
        }
    }
}
