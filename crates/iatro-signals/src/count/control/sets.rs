//! The sets that control totals are made of: the reports of every substance, of every event, and of a
//! selection. What does not depend on the selection is made once and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use roaring::RoaringBitmap;

use super::{index, reports_where, union};
use crate::corpus::Corpus;
use crate::count::Plan;

/// A selection with fewer than one in this many reports gets sets of its own reports alone.
const SMALL: u64 = 16;

/// The sets of reports of every substance in some roles.
#[derive(Debug)]
struct RoleSets {
    sets: Vec<RoaringBitmap>,
    /// Reports with any of them.
    union: RoaringBitmap,
}

impl RoleSets {
    fn of(corpus: &Corpus, roles: u8, places: impl Iterator<Item = usize>) -> Self {
        let mut sets = vec![RoaringBitmap::new(); corpus.substances().len()];
        for place in places {
            for exposure in corpus.exposures(place) {
                if exposure.roles & roles != 0 {
                    sets[exposure.substance as usize].insert(index(place));
                }
            }
        }
        let union = union(sets.iter());
        Self { sets, union }
    }
}

/// Sets that several plans share.
#[derive(Debug, Default)]
pub(in crate::count) struct Sets {
    with_event: OnceLock<RoaringBitmap>,
    of_roles: Mutex<BTreeMap<u8, Arc<RoleSets>>>,
    of_terms: Mutex<BTreeMap<Vec<u32>, Arc<RoaringBitmap>>>,
}

/// The value of a key, made if there is none. A thread that panicked while making one left none behind.
fn kept<K: Ord + Clone, V>(
    kept: &Mutex<BTreeMap<K, Arc<V>>>,
    key: &K,
    make: impl FnOnce() -> V,
) -> Arc<V> {
    let mut kept = kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(value) = kept.get(key) {
        return Arc::clone(value);
    }
    let value = Arc::new(make());
    kept.insert(key.clone(), Arc::clone(&value));
    value
}

/// The sets of a plan.
pub(crate) struct Selected {
    of_roles: Arc<RoleSets>,
    /// The sets of the substances that have entries set aside.
    changed: BTreeMap<u32, RoaringBitmap>,
    /// Eligible reports.
    pub(crate) eligible: RoaringBitmap,
    /// Eligible reports with the event.
    pub(crate) cases: RoaringBitmap,
}

impl Selected {
    /// The reports of every substance by id, also those that are not eligible.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &RoaringBitmap> {
        let set = |(id, set)| self.changed.get(&id).unwrap_or(set);
        (0_u32..).zip(&self.of_roles.sets).map(set)
    }
}

impl Sets {
    /// The sets of a plan over the corpus that these sets are of.
    pub(in crate::count) fn selected(&self, corpus: &Corpus, plan: &Plan) -> Selected {
        let with_event = self
            .with_event
            .get_or_init(|| reports_where(corpus, |place| !corpus.events(place).is_empty()));
        let with_term = kept(&self.of_terms, &plan.event_terms, || {
            let terms: std::collections::BTreeSet<u32> = plan.event_terms.iter().copied().collect();
            reports_where(corpus, |place| corpus.events(place).iter().any(|t| terms.contains(t)))
        });
        let reports = plan.selection.reports.as_ref();
        let of_roles = match reports.filter(|r| r.len() < corpus.reports() as u64 / SMALL) {
            Some(few) => {
                let places = few.iter().map(|place| place as usize);
                let known = places.filter(|place| *place < corpus.reports());
                Arc::new(RoleSets::of(corpus, plan.roles, known))
            }
            None => kept(&self.of_roles, &plan.roles, || {
                RoleSets::of(corpus, plan.roles, 0..corpus.reports())
            }),
        };
        let removed = removed(corpus, plan);
        let changed: BTreeMap<u32, RoaringBitmap> = removed
            .into_iter()
            .filter_map(|(id, gone)| Some((id, of_roles.sets.get(id as usize)? - gone)))
            .collect();
        let exposed = exposed(corpus, &of_roles, &changed, plan);
        let eligible = match reports {
            None => exposed & with_event,
            Some(reports) => exposed & with_event & reports,
        };
        let cases = &eligible & &*with_term;
        Selected { of_roles, changed, eligible, cases }
    }
}

/// By substance, the reports on which it is set aside: from the number of an entry to its report, where
/// the engine goes from the report to its entries.
fn removed(corpus: &Corpus, plan: &Plan) -> BTreeMap<u32, RoaringBitmap> {
    let mut removed: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
    for number in &plan.selection.set_aside {
        if let Some((place, entry)) = corpus.entry(number) {
            removed.entry(entry.substance).or_default().insert(index(place));
        }
    }
    removed
}

/// Reports with a substance left: of those that lost one, the ones that are in the set of another.
fn exposed(
    corpus: &Corpus,
    of_roles: &RoleSets,
    changed: &BTreeMap<u32, RoaringBitmap>,
    plan: &Plan,
) -> RoaringBitmap {
    let entries = plan.selection.set_aside.iter();
    let touched: RoaringBitmap =
        entries.filter_map(|number| corpus.entry(number)).map(|(place, _)| index(place)).collect();
    if touched.is_empty() {
        return of_roles.union.clone();
    }
    let mut left = &of_roles.union - &touched;
    for (id, set) in (0_u32..).zip(&of_roles.sets) {
        left |= changed.get(&id).unwrap_or(set) & &touched;
    }
    left
}
