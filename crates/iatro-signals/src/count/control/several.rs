//! Control totals of several plans at once: where plans set the same aside in the same roles, the lists of reports are
//! gone through once, and what each plan takes of a report stands in one word.

use rayon::prelude::*;

use super::ControlTotals;
use super::sets::{Selected, Sets};
use crate::corpus::Corpus;
use crate::count::Plan;
use crate::count::bits::{Bits, MASKS, masks};

impl ControlTotals {
    /// Computes the totals of plans, in their order.
    pub(in crate::count) fn of_all(corpus: &Corpus, plans: &[Plan], sets: &Sets) -> Vec<Self> {
        let mut alike: Vec<Vec<usize>> = Vec::new();
        for (at, plan) in plans.iter().enumerate() {
            let same = |group: &&mut Vec<usize>| {
                group.len() < MASKS && go_together(corpus, &plans[group[0]], plan)
            };
            match alike.iter_mut().find(same) {
                Some(group) => group.push(at),
                None => alike.push(vec![at]),
            }
        }
        let of_group = |group: Vec<usize>| {
            let plans: Vec<&Plan> = group.iter().map(|at| &plans[*at]).collect();
            let totals = match plans.as_slice() {
                [only] => vec![Self::of(&sets.selected(corpus, only), only)],
                _ => together(corpus, &plans, sets),
            };
            group.into_iter().zip(totals).collect::<Vec<_>>()
        };
        let mut totals: Vec<(usize, Self)> = alike.into_iter().flat_map(of_group).collect();
        totals.sort_by_key(|(at, _)| *at);
        totals.into_iter().map(|(_, totals)| totals).collect()
    }
}

/// Whether two plans have the same lists of reports: all of them, less the same entries.
fn go_together(corpus: &Corpus, one: &Plan, other: &Plan) -> bool {
    let goes = |plan: &Plan| plan.comparator.is_empty() && !Sets::has_own_lists(corpus, plan);
    goes(one)
        && goes(other)
        && one.roles == other.roles
        && one.selection.set_aside == other.selection.set_aside
}

/// The totals of plans that go together.
fn together(corpus: &Corpus, plans: &[&Plan], sets: &Sets) -> Vec<ControlTotals> {
    let mut selected = sets.selected_alike(corpus, plans);
    let eligible: Vec<&Bits> = selected.iter().map(|selected| &selected.eligible).collect();
    let eligible = masks(&eligible, corpus.reports());
    let cases: Vec<Bits> = selected.iter_mut().map(|s| std::mem::take(&mut s.cases)).collect();
    let mut any_case = Bits::default();
    cases.iter().for_each(|cases| any_case = std::mem::take(&mut any_case).with(cases));
    let lists = &selected[0];
    let of_substance = |substance: usize| {
        let (mut exposed, mut with_event) = (Counters::default(), vec![0; plans.len()]);
        lists.each(substance, |place| {
            exposed.add(eligible[place]);
            if any_case.contains(place) {
                let counts = with_event.iter_mut().zip(&cases);
                counts.for_each(|(count, cases)| *count += u64::from(cases.contains(place)));
            }
        });
        (exposed.counts(), with_event)
    };
    let all = (0..lists.substances()).into_par_iter();
    let substances: Vec<([u64; MASKS], Vec<u64>)> = all.map(of_substance).collect();
    let totals = |(at, (selected, cases)): (usize, (&Selected, &Bits))| {
        let rest = [selected.eligible.len(), cases.len()];
        let of = |(exposed, with_event): &([u64; MASKS], Vec<u64>)| {
            [exposed[at], with_event[at], rest[0], rest[1]]
        };
        let substances: Vec<[u64; 4]> = substances.iter().map(of).collect();
        let pairs = substances.iter().map(|[exposed, ..]| exposed).sum();
        ControlTotals { reports: rest[0], cases: rest[1], pairs, substances }
    };
    selected.iter().zip(&cases).enumerate().map(totals).collect()
}

/// How often each bit of a word was there.
#[derive(Default)]
struct Counters {
    /// Word k holds the k-th binary digit, from the last on, of all counts.
    digits: [u16; DIGITS],
    added: u32,
    counts: [u64; MASKS],
}

/// Digits of a count before it is carried over.
const DIGITS: usize = 6;

impl Counters {
    fn add(&mut self, bits: u16) {
        // Adding a bit to each of the counts is adding one to numbers whose digits are spread over words.
        let mut carry = bits;
        for digit in &mut self.digits {
            (*digit, carry) = (*digit ^ carry, *digit & carry);
        }
        self.added += 1;
        if self.added == (1 << DIGITS) - 1 {
            self.settle();
        }
    }

    fn settle(&mut self) {
        for (at, digit) in std::mem::take(&mut self.digits).into_iter().enumerate() {
            let counts = self.counts.iter_mut().enumerate();
            counts.for_each(|(bit, count)| *count += u64::from(digit >> bit & 1) << at);
        }
        self.added = 0;
    }

    fn counts(mut self) -> [u64; MASKS] {
        self.settle();
        self.counts
    }
}
