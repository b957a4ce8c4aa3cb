//! The sets that control totals are made of: the reports of every substance, of every event, and of a
//! selection. What does not depend on the selection is made once and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::gone::Gone;
use crate::corpus::Corpus;
use crate::count::Plan;
use crate::count::bits::{Bits, Places, Postings};

/// A selection with fewer than one in this many reports gets lists of its own reports alone.
const SMALL: u64 = 16;

/// The reports of every substance in some roles.
#[derive(Debug)]
pub(super) struct RoleSets {
    pub(super) lists: Postings,
    /// Reports with any of them.
    pub(super) union: Bits,
}

impl RoleSets {
    fn of_all(corpus: &Corpus, roles: u8) -> Self {
        Self::of(corpus, roles, Places::Below(corpus.reports()))
    }

    fn of(corpus: &Corpus, roles: u8, places: Places<'_>) -> Self {
        let lists = Postings::new(places, corpus.substances().len(), |place| {
            let exposures = corpus.exposures(place);
            exposures.filter(move |e| e.roles & roles != 0).map(|e| e.substance)
        });
        let union = lists.union(corpus.reports());
        Self { lists, union }
    }
}

/// Sets that several plans share.
#[derive(Debug, Default)]
pub(in crate::count) struct Sets {
    with_event: Mutex<BTreeMap<(), Arc<Bits>>>,
    of_roles: Mutex<BTreeMap<u8, Arc<RoleSets>>>,
    of_terms: Mutex<BTreeMap<Vec<u32>, Arc<Bits>>>,
}

/// The value of a key, made if there is none. It is made outside the lock: who makes it works with all threads, and one
/// of them may be at another plan that wants the same value.
fn kept<K: Ord + Clone, V>(
    kept: &Mutex<BTreeMap<K, Arc<V>>>,
    key: &K,
    make: impl FnOnce() -> V,
) -> Arc<V> {
    // A thread that panicked left nothing half done behind.
    let lock = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    let known = lock().get(key).map(Arc::clone);
    known.unwrap_or_else(|| {
        let made = Arc::new(make());
        Arc::clone(lock().entry(key.clone()).or_insert(made))
    })
}

/// The sets of a plan.
pub(crate) struct Selected {
    of_roles: Arc<RoleSets>,
    gone: Arc<Gone>,
    /// Eligible reports.
    pub(crate) eligible: Bits,
    /// Eligible reports with the event.
    pub(crate) cases: Bits,
}

impl Selected {
    /// How many substances there are.
    pub(crate) fn substances(&self) -> usize {
        self.of_roles.lists.ids()
    }

    /// Whether a substance has a report for which something holds, perhaps one that is not eligible.
    pub(crate) fn any(&self, substance: usize, holds: impl Fn(usize) -> bool) -> bool {
        let mut places = self.of_roles.lists.of(substance);
        if self.gone.is_of(substance) {
            self.gone.left(substance, places).any(|place| holds(place as usize))
        } else {
            places.any(|place| holds(place as usize))
        }
    }

    /// Calls `visit` with every report of a substance, also those that are not eligible.
    pub(crate) fn each(&self, substance: usize, mut visit: impl FnMut(usize)) {
        let places = self.of_roles.lists.of(substance);
        if self.gone.is_of(substance) {
            self.gone.left(substance, places).for_each(|place| visit(place as usize));
        } else {
            places.for_each(|place| visit(place as usize));
        }
    }
}

fn are_few(reports: &RoaringBitmap, of: usize) -> bool {
    reports.len() < of as u64 / SMALL
}

impl Sets {
    /// Whether a plan has lists of its own reports alone.
    pub(super) fn has_own_lists(corpus: &Corpus, plan: &Plan) -> bool {
        let reports = plan.selection.reports.as_ref();
        reports.is_some_and(|reports| are_few(reports, corpus.reports()))
    }

    /// The reports of every substance in some roles: those that are kept, or else made and not kept.
    pub(super) fn of_roles(&self, corpus: &Corpus, roles: u8) -> Arc<RoleSets> {
        let known =
            self.of_roles.lock().unwrap_or_else(PoisonError::into_inner).get(&roles).cloned();
        known.unwrap_or_else(|| Arc::new(RoleSets::of_all(corpus, roles)))
    }

    /// The same, kept from now on.
    fn kept_of_roles(&self, corpus: &Corpus, roles: u8) -> Arc<RoleSets> {
        kept(&self.of_roles, &roles, || RoleSets::of_all(corpus, roles))
    }

    /// The reports with any term.
    pub(super) fn with_event(&self, corpus: &Corpus) -> Arc<Bits> {
        let has_term = |place| !corpus.events(place).is_empty();
        kept(&self.with_event, &(), || Bits::where_holds(corpus.reports(), has_term))
    }

    /// The reports with one of the event's terms.
    pub(super) fn with_term(&self, corpus: &Corpus, plan: &Plan) -> Arc<Bits> {
        kept(&self.of_terms, &plan.event_terms, || with_term(corpus, plan))
    }

    /// The sets of a plan over the corpus that these sets are of.
    pub(in crate::count) fn selected(&self, corpus: &Corpus, plan: &Plan) -> Selected {
        let count = corpus.reports();
        let reports = plan.selection.reports.as_ref();
        let of_roles = match reports.filter(|reports| are_few(reports, count)) {
            Some(few) => {
                let known: Vec<u32> =
                    few.iter().filter(|place| (*place as usize) < count).collect();
                Arc::new(RoleSets::of(corpus, plan.roles, Places::Listed(&known)))
            }
            None => self.kept_of_roles(corpus, plan.roles),
        };
        let (gone, emptied) = Gone::of(corpus, plan);
        let left = Left::new(of_roles, gone, emptied, &self.with_event(corpus));
        left.selected(plan, &self.with_term(corpus, plan))
    }

    /// The sets of plans that have the same lists of all reports and set the same aside.
    pub(super) fn selected_alike(&self, corpus: &Corpus, plans: &[&Plan]) -> Vec<Selected> {
        let Some(first) = plans.first() else { return Vec::new() };
        let of_roles = self.kept_of_roles(corpus, first.roles);
        let (gone, emptied) = Gone::of(corpus, first);
        let left = Left::new(of_roles, gone, emptied, &self.with_event(corpus));
        let with_terms: Vec<Arc<Bits>> =
            plans.iter().map(|plan| self.with_term(corpus, plan)).collect();
        let plans = plans.par_iter().zip(&with_terms);
        plans.map(|(plan, with_term)| left.selected(plan, with_term)).collect()
    }
}

/// What is left of the lists of reports when what is set aside is taken out, whichever reports count.
struct Left {
    of_roles: Arc<RoleSets>,
    gone: Arc<Gone>,
    /// Reports with an exposure and a term.
    any: Bits,
}

impl Left {
    fn new(of_roles: Arc<RoleSets>, gone: Gone, emptied: Vec<u32>, with_event: &Bits) -> Self {
        let mut any = of_roles.union.clone();
        emptied.into_iter().for_each(|place| any.remove(place));
        any.keep(with_event);
        Self { of_roles, gone: Arc::new(gone), any }
    }

    fn selected(&self, plan: &Plan, with_term: &Bits) -> Selected {
        let mut eligible = self.any.clone();
        if let Some(reports) = &plan.selection.reports {
            eligible.keep(&Bits::of(reports));
        }
        let mut cases = eligible.clone();
        cases.keep(with_term);
        let (of_roles, gone) = (Arc::clone(&self.of_roles), Arc::clone(&self.gone));
        Selected { of_roles, gone, eligible, cases }
    }
}

fn with_term(corpus: &Corpus, plan: &Plan) -> Bits {
    let terms = Bits::new(plan.event_terms.iter().copied(), plan.event_terms.iter().max().copied());
    let is_one = |term: &u32| terms.contains(*term as usize);
    Bits::where_holds(corpus.reports(), |place| corpus.events(place).iter().any(is_one))
}
