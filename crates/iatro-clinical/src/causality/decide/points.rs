//! Points added up. What is unknown gives the points that the instrument gives to it, and leaves open what each of its
//! answers would give.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Answers, Decision, Total, UNKNOWN, band, given};
use crate::causality::definition::{Choice, Definition, Query, Use};

pub(super) fn decide(definition: &Definition, use_of: &Use<'_>, answers: &Answers) -> Decision {
    let queries = definition.in_use(use_of);
    let chosen = |query: &Query| query.choice(given(query, answers)).cloned();
    let ended = queries.iter().find_map(|query| chosen(query)?.category);
    let (totals, outside) = completions(&queries, answers);
    let mut reachable = outside;
    reachable.extend(totals.iter().filter_map(|total| band(definition, *total)));
    if let Some(category) = ended {
        reachable.insert(category.clone());
        let because =
            queries.iter().filter(|query| chosen(query).is_some_and(|c| c.category.is_some()));
        let decided_by = because
            .map(|query| {
                format!(
                    "{}: {}",
                    query.id,
                    chosen(query).map_or_else(String::new, |c| c.label().to_owned())
                )
            })
            .collect();
        return Decision { category: Some(category), reachable, decided_by, ..Decision::default() };
    }
    // An answer that is not known and for which nothing is published leaves no total, and so no category.
    let points = queries.iter().map(|query| chosen(query).and_then(|c| c.points).ok_or(&query.id));
    let (known, open): (Vec<_>, Vec<_>) = points.partition(Result::is_ok);
    let open: Vec<&str> = open.into_iter().filter_map(Result::err).map(String::as_str).collect();
    let sum: Decimal = known.into_iter().filter_map(Result::ok).sum();
    let as_published = open.is_empty().then_some(sum);
    let mut category = as_published.and_then(|total| band(definition, total));
    reachable.extend(category.clone());
    if category.is_none() && reachable.len() == 1 {
        category = reachable.first().cloned();
    }
    let ends = as_published.iter().chain(&totals);
    let total = Total {
        as_published,
        min: ends.clone().min().copied().unwrap_or_default(),
        max: ends.max().copied().unwrap_or_default(),
        ceiling: ceiling(&queries, answers),
    };
    let decided_by = vec![match as_published {
        Some(total) => format!("the total is {total}"),
        None => format!("no points are published for what is not known of {}", open.join(", ")),
    }];
    Decision { category, reachable, total: Some(total), decided_by, asked: None }
}

/// Every total that some completion of the unknown answers gives, and every category outside of totals.
fn completions(queries: &[&Query], answers: &Answers) -> (BTreeSet<Decimal>, BTreeSet<String>) {
    let mut totals = BTreeSet::from([Decimal::ZERO]);
    let mut outside = BTreeSet::new();
    for query in queries {
        let open = possible(query, answers);
        outside.extend(open.iter().filter_map(|choice| choice.category.clone()));
        let points: BTreeSet<Decimal> = open.iter().filter_map(|choice| choice.points).collect();
        totals =
            totals.iter().flat_map(|total| points.iter().map(move |one| *total + *one)).collect();
    }
    (totals, outside)
}

/// The answers that are still possible: the one given, or every one if it is unknown; `unknown` itself too, where
/// the instrument gives it points.
fn possible<'a>(query: &'a Query, answers: &Answers) -> Vec<&'a Choice> {
    let id = given(query, answers);
    let all = query.options.iter();
    if id == UNKNOWN {
        all.filter(|choice| choice.id != UNKNOWN || choice.points.is_some()).collect()
    } else {
        all.filter(|choice| choice.id == id).collect()
    }
}

/// The most that can be reached if what can hardly be answered stays as it is.
fn ceiling(queries: &[&Query], answers: &Answers) -> Decimal {
    let most = |query: &&Query| {
        let now = query.choice(given(query, answers)).and_then(|choice| choice.points);
        if query.hardly_answerable {
            return now.unwrap_or_default();
        }
        possible(query, answers).iter().filter_map(|c| c.points).max().unwrap_or_default()
    };
    queries.iter().map(most).sum()
}
