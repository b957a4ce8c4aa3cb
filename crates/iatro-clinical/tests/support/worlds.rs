//! A second, slow evaluator: two-valued, on patients of whom everything is known.
//!
//! It shares the data and nothing else with the evaluator under test.

use std::collections::BTreeMap;

use iatro_clinical::Decimal;
use iatro_clinical::instrument::{Combine, Criterion, Instrument, Item, Limit};
use iatro_clinical::observable::{self, Kind, QuantityKind};
use iatro_clinical::observation::{Observation, Presence, Reading};
use iatro_clinical::unit::Unit;

/// What is true of one observable.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number of a unit; how many upper limits and baselines it is.
    Number { number: Decimal, unit: Unit, upper_limits: Decimal, baselines: Decimal },
    /// Present, and at which site.
    Found(bool, Option<String>),
    /// One of the options.
    Chosen(String),
}

/// An instrument with a variant in place.
pub struct Asked<'a> {
    pub instrument: &'a Instrument,
    pub items: Vec<&'a Item>,
    rule: Option<&'a Criterion>,
}

/// A patient of whom everything is known.
pub type World = BTreeMap<String, Value>;

impl<'a> Asked<'a> {
    pub fn new(instrument: &'a Instrument, variant: Option<usize>) -> Self {
        let variant = variant.map(|at| &instrument.variants[at]);
        let items = instrument.items.iter().map(|item| {
            variant.and_then(|v| v.items.iter().find(|own| own.id == item.id)).unwrap_or(item)
        });
        let rule = variant.and_then(|v| v.rule.as_ref()).or(instrument.rule.as_ref());
        Self { instrument, items: items.collect(), rule: rule.map(|rule| &rule.when) }
    }

    /// Total and verdict.
    pub fn outcome(&self, world: &World) -> (Decimal, Option<bool>) {
        let of = |item: &&Item| self.points(item, world);
        let points: Vec<(Decimal, bool)> = self.items.iter().map(of).collect();
        let mut total = match self.instrument.combine {
            Combine::Sum => points.iter().map(|(points, _)| *points).sum(),
            Combine::Worst => points.iter().map(|(points, _)| *points).max().unwrap(),
        };
        let asked = |when: &Criterion, total| self.holds(when, world, &points, total);
        let allowed = self.instrument.requires.as_ref().is_none_or(|r| asked(&r.when, total));
        if !allowed {
            total = Decimal::ZERO;
        }
        (total, self.rule.map(|rule| allowed && asked(rule, total)))
    }

    fn points(&self, item: &Item, world: &World) -> (Decimal, bool) {
        if let Some(linear) = &item.linear {
            let Some(Value::Number { number, unit, .. }) = world.get(&linear.observable) else {
                panic!()
            };
            let target = Unit::parse(&linear.unit).unwrap();
            let number = kind(&linear.observable).convert(*number, unit, &target).unwrap();
            return (number * linear.coefficient, true);
        }
        for level in &item.levels {
            if self.holds(&level.when, world, &[], Decimal::ZERO) {
                return (level.points, true);
            }
        }
        (item.otherwise, false)
    }

    fn holds(
        &self,
        when: &Criterion,
        world: &World,
        items: &[(Decimal, bool)],
        total: Decimal,
    ) -> bool {
        let again = |one: &Criterion| self.holds(one, world, items, total);
        match when {
            Criterion::All(of) => of.iter().all(again),
            Criterion::Any(of) => of.iter().any(again),
            Criterion::AtLeast { count, of } => {
                of.iter().filter(|one| again(one)).count() >= *count
            }
            Criterion::Not(one) => !again(one),
            Criterion::If { condition, then, otherwise } => {
                if again(condition) {
                    again(then)
                } else {
                    again(otherwise)
                }
            }
            Criterion::Item(id) => {
                items[self.items.iter().position(|item| item.id == *id).unwrap()].1
            }
            Criterion::Score { comparator, limit } => comparator.holds(total, *limit),
            atom => holds(atom, &world[name(atom)]),
        }
    }

    /// Every observable that points or verdict hang on, with values on both sides of every cut-off.
    pub fn values(&self) -> Vec<(String, Vec<Value>)> {
        let mut atoms: Vec<&Criterion> = Vec::new();
        self.items.iter().flat_map(|item| &item.levels).for_each(|l| collect(&l.when, &mut atoms));
        self.instrument.requires.iter().for_each(|one| collect(&one.when, &mut atoms));
        self.rule.iter().for_each(|rule| collect(rule, &mut atoms));
        let linear =
            self.items.iter().filter_map(|item| Some(item.linear.as_ref()?.observable.as_str()));
        let mut names: Vec<&str> = atoms.iter().map(|atom| name(atom)).chain(linear).collect();
        names.sort_unstable();
        names.dedup();
        let of = |name: &str| {
            let own: Vec<&Criterion> =
                atoms.iter().filter(|a| self::name(a) == name).copied().collect();
            (name.to_owned(), values(name, &own))
        };
        names.into_iter().map(of).collect()
    }
}

fn kind(name: &str) -> &'static QuantityKind {
    match &observable::find(name).unwrap().kind {
        Kind::Quantity(kind) => kind,
        _ => panic!("{name} is no quantity"),
    }
}

fn name(atom: &Criterion) -> &str {
    match atom {
        Criterion::Compare { observable, .. }
        | Criterion::Finding { observable, .. }
        | Criterion::Choice { observable, .. } => observable,
        _ => panic!("no atom"),
    }
}

fn collect<'a>(when: &'a Criterion, found: &mut Vec<&'a Criterion>) {
    match when {
        Criterion::All(of) | Criterion::Any(of) | Criterion::AtLeast { of, .. } => {
            of.iter().for_each(|one| collect(one, found));
        }
        Criterion::Not(one) => collect(one, found),
        Criterion::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|one| collect(one, found));
        }
        Criterion::Item(_) | Criterion::Score { .. } => {}
        _ => found.push(when),
    }
}

fn multiple(limit: &Limit) -> Option<bool> {
    let d = limit.unit.dimension();
    if d.upper_limits == 1 {
        Some(true)
    } else if d.baselines == 1 {
        Some(false)
    } else {
        None
    }
}

fn holds(atom: &Criterion, value: &Value) -> bool {
    match (atom, value) {
        (
            Criterion::Compare { comparator, limits, .. },
            Value::Number { number, unit, upper_limits, baselines },
        ) => {
            let own = limits.iter().find(|limit| limit.unit.dimension() == unit.dimension());
            let limit = own.unwrap_or(&limits[0]);
            let given = match multiple(limit) {
                Some(true) => *upper_limits,
                Some(false) => *baselines,
                None => kind(name(atom)).convert(*number, unit, &limit.unit).unwrap(),
            };
            comparator.holds(given, limit.number)
        }
        (Criterion::Finding { sites, .. }, Value::Found(present, site)) => {
            *present && site.as_ref().is_none_or(|site| sites.is_empty() || sites.contains(site))
        }
        (Criterion::Choice { options, .. }, Value::Chosen(given)) => options.contains(given),
        _ => panic!("{atom:?} of {value:?}"),
    }
}

/// Values that differ in what they meet: every way in which the questions can be answered, once.
fn values(id: &str, atoms: &[&Criterion]) -> Vec<Value> {
    let every = match &observable::find(id).unwrap().kind {
        Kind::Quantity(kind) => numbers(kind, atoms),
        Kind::Finding { .. } => vec![Value::Found(false, None), Value::Found(true, None)],
        Kind::Choice { options } => options.iter().cloned().map(Value::Chosen).collect(),
    };
    let answers = |value: &Value| atoms.iter().map(|atom| holds(atom, value)).collect::<Vec<_>>();
    let mut kept: Vec<Value> = Vec::new();
    for value in every {
        if atoms.is_empty() || kept.iter().all(|known| answers(known) != answers(&value)) {
            kept.push(value);
        }
    }
    kept
}

/// Around every cut-off, in its own unit; the ends of what is possible.
fn numbers(kind: &QuantityKind, atoms: &[&Criterion]) -> Vec<Value> {
    let mut plain: Vec<(Decimal, Unit)> = Vec::new();
    let mut ratios = [vec![Decimal::ONE], vec![Decimal::ONE]];
    let limits = atoms.iter().flat_map(|atom| match atom {
        Criterion::Compare { limits, .. } => limits.as_slice(),
        _ => &[],
    });
    for limit in limits {
        let step = Decimal::new(1, limit.number.scale());
        let around = [limit.number - step, limit.number, limit.number + step];
        match multiple(limit) {
            Some(upper) => {
                ratios[usize::from(!upper)].extend(around.iter().filter(|r| !r.is_zero()));
            }
            None => plain.extend(around.map(|number| (number, limit.unit.clone()))),
        }
    }
    let between = kind.least + (kind.most - kind.least) / Decimal::from(1000);
    let more = match (atoms.is_empty(), plain.is_empty()) {
        (true, _) => vec![kind.least, between, kind.most],
        // Multiples only: of any number but 0.
        (false, true) => vec![between],
        (false, false) => vec![],
    };
    plain.extend(more.into_iter().map(|number| (number, kind.unit.clone())));
    let mut values = Vec::new();
    for (number, unit) in &plain {
        for upper_limits in &ratios[0] {
            for baselines in &ratios[1] {
                let (number, unit) = (*number, unit.clone());
                values.push(Value::Number {
                    number,
                    unit,
                    upper_limits: *upper_limits,
                    baselines: *baselines,
                });
            }
        }
    }
    values
}

/// The observation that says so.
pub fn observed(id: &str, value: &Value) -> Observation {
    let row =
        Observation { id: id.to_owned(), observable: id.to_owned(), ..Observation::default() };
    match value {
        Value::Number { number, unit, upper_limits, baselines } => Observation {
            value: Some(Reading::exactly(*number)),
            unit: Some(unit.text().to_owned()),
            upper_limit: Some(*number / *upper_limits),
            baseline: Some(*number / *baselines),
            ..row
        },
        Value::Found(present, site) => Observation {
            present: Some(if *present { Presence::Yes } else { Presence::No }),
            site: site.clone(),
            ..row
        },
        Value::Chosen(choice) => Observation { choice: Some(choice.clone()), ..row },
    }
}
