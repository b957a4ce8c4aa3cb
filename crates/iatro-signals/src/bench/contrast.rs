//! Named contrasts: reports with all substances of one side against reports with all of the other.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::dictionary::term::fold_term;
use iatro_stats::Table2x2;
use rayon::prelude::*;
use roaring::RoaringBitmap;
use serde::Serialize;

use super::context::{Bench, impossible};
use crate::causes::substance_ids;
use crate::count::{Counts, Exposures, Plan, counted_all};
use crate::run::{Estimates, RunError};
use crate::study::{Contrast, PublishedRatio};

/// The result of a contrast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContrastResult {
    /// Its id in the study.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What was counted: a and b are the reports with all exposed substances, c and d those of the
    /// comparator without them. `None` if one side has no report.
    pub estimates: Option<Estimates>,
    /// What was published, on other reports.
    pub published: Option<PublishedRatio>,
}

/// Counts every contrast of the study.
pub(super) fn all(bench: &Bench<'_>) -> Result<Vec<ContrastResult>, RunError> {
    let contrasts = &bench.study.contrasts;
    if contrasts.is_empty() {
        return Ok(Vec::new());
    }
    let named = Named::read(bench, contrasts);
    let plan = |reports: &RoaringBitmap| {
        let mut plan = bench.only(reports);
        plan.comparator.clear();
        plan
    };
    let plans = contrasts.iter().flat_map(|contrast| {
        let exposed = named.all_of(&contrast.exposed);
        let compared = named.all_of(&contrast.comparator) - &exposed;
        [plan(&exposed), plan(&compared)]
    });
    let counts = counted_all(bench.engine, &plans.collect::<Vec<Plan>>())?;
    let sides = |at: usize| counts.get(2 * at..2 * at + 2).unwrap_or_default();
    contrasts.iter().enumerate().map(|(at, contrast)| result(contrast, sides(at))).collect()
}

/// The result of a contrast, of whose two sides these are the counts.
fn result(contrast: &Contrast, sides: &[Counts]) -> Result<ContrastResult, RunError> {
    let [exposed, compared] = sides else {
        return Err(impossible("a side of a contrast was not counted"));
    };
    let ((a, n1), (c, n0)) = ((exposed.cases, exposed.reports), (compared.cases, compared.reports));
    let table = Table2x2::from_margins(a, n1, a + c, n1 + n0).map_err(impossible)?;
    Ok(ContrastResult {
        id: contrast.id.clone(),
        title: contrast.title.clone(),
        estimates: (n1 > 0 && n0 > 0).then(|| Estimates::of(&table)),
        published: contrast.published.clone(),
    })
}

/// The reports on which the substances of the contrasts are exposures, by folded name.
struct Named(BTreeMap<String, RoaringBitmap>);

impl Named {
    /// Looks for all of them in one pass over the reports.
    fn read(bench: &Bench<'_>, contrasts: &[Contrast]) -> Self {
        let names = contrasts.iter().flat_map(|c| c.exposed.iter().chain(&c.comparator));
        let names: BTreeSet<String> = names.map(|name| fold_term(name)).collect();
        let mut number_of: Vec<Option<u32>> = vec![None; bench.corpus.substances().len()];
        for (number, name) in (0..).zip(&names) {
            for id in substance_ids(bench.corpus, [name.as_str()]) {
                number_of[id as usize] = Some(number);
            }
        }
        let exposures = Exposures::new(bench.corpus, bench.plan);
        let of_report = |place: u32| {
            let entries = exposures.of(place as usize);
            entries.filter_map(|entry| number_of[entry.substance as usize]).map(move |n| (n, place))
        };
        let reports = u32::try_from(bench.corpus.reports()).unwrap_or(u32::MAX);
        let found: Vec<(u32, u32)> =
            (0..reports).into_par_iter().flat_map_iter(of_report).collect();
        let reports_of = |number: u32| {
            found.iter().filter(|(of, _)| *of == number).map(|(_, place)| *place).collect()
        };
        Self(names.into_iter().zip((0..).map(reports_of)).collect())
    }

    /// The reports on which every one of these substances is an exposure.
    fn all_of(&self, names: &[String]) -> RoaringBitmap {
        let sets =
            names.iter().map(|name| self.0.get(&fold_term(name)).cloned().unwrap_or_default());
        sets.reduce(|all, one| all & one).unwrap_or_default()
    }
}
