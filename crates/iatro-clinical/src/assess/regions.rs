//! What an observable that is not known can turn out to be: every region between the cut-offs of an instrument.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::assessment::Answered;
use super::plan::observable;
use super::result::Interval;
use crate::instrument::{Criterion, Limit};
use crate::logic::Ternary;
use crate::observable::{Kind, QuantityKind, find};
use crate::observation::Comparator;
use crate::unit::Dimension;

/// An observable that is not known, and what it can turn out to be.
pub(super) struct Open {
    pub(super) observable: String,
    pub(super) options: Vec<Outcome>,
}

/// One region: the answers to questions, and the points of linear items.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outcome {
    pub(super) atoms: Vec<(usize, bool)>,
    pub(super) linear: Vec<(usize, Decimal)>,
}

/// Every observable with a question open, in the order of the questions.
pub(super) fn open(answered: &Answered<'_>) -> Vec<Open> {
    let plan = &answered.plan;
    let mut names: Vec<&str> = Vec::new();
    let unknown = |at: &usize| answered.answers.atoms.get(*at) == Some(&Ternary::Unknown);
    let asked = (0..plan.atoms.len()).filter(unknown).filter(|at| answered.used(*at));
    let asked = asked.filter_map(|at| observable(plan.atoms.get(at)?));
    let linear = plan.items.iter().zip(&answered.answers.linear).filter_map(|(item, ends)| {
        let open = ends.is_some_and(|ends| ends.min != ends.max) && !item.off;
        item.linear.as_ref().filter(|_| open).map(|linear| linear.observable.as_str())
    });
    for name in asked.chain(linear) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let of = |name: &str| Open { observable: name.to_owned(), options: options(answered, name) };
    names.into_iter().map(of).collect()
}

fn options(answered: &Answered<'_>, name: &str) -> Vec<Outcome> {
    let atoms: Vec<(usize, &Criterion)> = answered
        .plan
        .atoms
        .iter()
        .enumerate()
        .filter(|(_, atom)| observable(atom) == Some(name))
        .map(|(at, atom)| (at, *atom))
        .collect();
    let every = match find(name).map(|known| &known.kind) {
        Some(Kind::Quantity(kind)) => quantities(kind, &atoms),
        Some(Kind::Choice { options }) => {
            options.iter().map(|given| chosen(given, &atoms)).collect()
        }
        _ => findings(&atoms),
    };
    let fits = |outcome: &Vec<(usize, bool)>| {
        outcome.iter().all(|(at, held)| {
            answered
                .answers
                .atoms
                .get(*at)
                .and_then(|state| state.as_bool())
                .is_none_or(|known| known == *held)
        })
    };
    let mut fitting: BTreeSet<Vec<(usize, bool)>> = every.into_iter().filter(fits).collect();
    if fitting.is_empty() {
        // Several observations may hold what no single value could: then only what is open is varied.
        let open = || {
            atoms
                .iter()
                .filter(|(at, _)| answered.answers.atoms.get(*at) == Some(&Ternary::Unknown))
        };
        fitting = [false, true].map(|held| open().map(|(at, _)| (*at, held)).collect()).into();
    }
    with_linear(answered, name, fitting)
}

/// A linear item of the observable takes both of its ends with each region.
fn with_linear(
    answered: &Answered<'_>,
    name: &str,
    fitting: BTreeSet<Vec<(usize, bool)>>,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> =
        fitting.into_iter().map(|atoms| Outcome { atoms, linear: Vec::new() }).collect();
    let rows = answered.plan.items.iter().zip(&answered.answers.linear).enumerate();
    let linear = rows.filter(|(_, (item, _))| {
        item.linear.as_ref().is_some_and(|linear| linear.observable == name)
    });
    for (at, (_, ends)) in linear {
        let Some(Interval { min, max }) = *ends else { continue };
        let ends = if min == max { vec![min] } else { vec![min, max] };
        let with = |outcome: &Outcome| {
            let add = |points: &Decimal| {
                let mut outcome = outcome.clone();
                outcome.linear.push((at, *points));
                outcome
            };
            ends.iter().map(add).collect::<Vec<_>>()
        };
        outcomes = outcomes.iter().flat_map(with).collect();
    }
    outcomes
}

fn chosen(given: &str, atoms: &[(usize, &Criterion)]) -> Vec<(usize, bool)> {
    let held = |atom: &Criterion| match atom {
        Criterion::Choice { options, .. } => options.iter().any(|option| option == given),
        _ => false,
    };
    atoms.iter().map(|(at, atom)| (*at, held(atom))).collect()
}

/// Absent; present at each site by itself; present at all of them.
fn findings(atoms: &[(usize, &Criterion)]) -> Vec<Vec<(usize, bool)>> {
    let sites = |atom: &Criterion| match atom {
        Criterion::Finding { sites, .. } => sites.clone(),
        _ => Vec::new(),
    };
    let every: BTreeSet<String> = atoms.iter().flat_map(|(_, atom)| sites(atom)).collect();
    let at_site = |site: &String| {
        let counts = |atom: &Criterion| sites(atom).is_empty() || sites(atom).contains(site);
        atoms.iter().map(|(at, atom)| (*at, counts(atom))).collect()
    };
    let all = |held: bool| atoms.iter().map(|(at, _)| (*at, held)).collect();
    [all(false), all(true)].into_iter().chain(every.iter().map(at_site)).collect()
}

/// A cut-off on its axis.
struct Cut {
    atom: usize,
    comparator: Comparator,
    number: Decimal,
}

/// One value in each region. Cut-offs in units that convert lie on one axis; multiples of an upper limit or a baseline
/// on axes of their own.
fn quantities(kind: &QuantityKind, atoms: &[(usize, &Criterion)]) -> Vec<Vec<(usize, bool)>> {
    let mut axes: BTreeMap<Dimension, Vec<Cut>> = BTreeMap::new();
    for (at, atom) in atoms {
        let Criterion::Compare { comparator, limits, .. } = atom else { continue };
        if let Some((dimension, number)) = on_axis(kind, limits) {
            let cut = Cut { atom: *at, comparator: *comparator, number };
            axes.entry(dimension).or_default().push(cut);
        }
    }
    axes.iter().fold(vec![Vec::new()], |so_far, (dimension, cuts)| {
        let own = *dimension == kind.unit.dimension();
        let regions = regions(cuts, own.then_some((kind.least, kind.most)));
        so_far
            .iter()
            .flat_map(|row: &Vec<(usize, bool)>| {
                regions.iter().map(move |region| [row.as_slice(), region.as_slice()].concat())
            })
            .collect()
    })
}

fn on_axis(kind: &QuantityKind, limits: &[Limit]) -> Option<(Dimension, Decimal)> {
    let own = limits.iter().find(|limit| limit.unit.dimension() == kind.unit.dimension());
    let canonical = |limit: &Limit| kind.to_canonical(limit.number, &limit.unit);
    let found = own.and_then(canonical).or_else(|| limits.iter().find_map(canonical));
    match found {
        Some(number) => Some((kind.unit.dimension(), number)),
        None => limits.first().map(|limit| (limit.unit.dimension(), limit.number)),
    }
}

fn regions(cuts: &[Cut], possible: Option<(Decimal, Decimal)>) -> BTreeSet<Vec<(usize, bool)>> {
    let numbers: BTreeSet<Decimal> = cuts.iter().map(|cut| cut.number).collect();
    let (least, most) = possible.unwrap_or((Decimal::MIN, Decimal::MAX));
    let mut samples: BTreeSet<Decimal> = numbers.clone();
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    samples.extend(pairs.map(|(a, b)| (*a + *b) / Decimal::TWO));
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
        samples.insert(first.saturating_sub(Decimal::ONE).max(least));
        samples.insert(last.saturating_add(Decimal::ONE).min(most));
    }
    let held = |sample: Decimal| {
        cuts.iter().map(|cut| (cut.atom, cut.comparator.holds(sample, cut.number))).collect()
    };
    samples.into_iter().filter(|sample| (least..=most).contains(sample)).map(held).collect()
}
