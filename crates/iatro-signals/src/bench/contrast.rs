//! Named contrasts: reports with all substances of one side against reports with all of the other.

use iatro_stats::Table2x2;
use roaring::RoaringBitmap;
use serde::Serialize;

use super::context::{Bench, impossible, reports_where};
use crate::causes::substance_ids;
use crate::count::{Exposures, counted};
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
    bench.study.contrasts.iter().map(|contrast| one(bench, contrast)).collect()
}

fn one(bench: &Bench<'_>, contrast: &Contrast) -> Result<ContrastResult, RunError> {
    let exposed = with_all(bench, &contrast.exposed);
    let compared = with_all(bench, &contrast.comparator) - &exposed;
    let count = |reports: &RoaringBitmap| -> Result<(u64, u64), RunError> {
        let mut plan = bench.only(reports);
        plan.comparator.clear();
        let counts = counted(bench.engine, &plan)?;
        Ok((counts.cases, counts.reports))
    };
    let ((a, n1), (c, n0)) = (count(&exposed)?, count(&compared)?);
    let table = Table2x2::from_margins(a, n1, a + c, n1 + n0).map_err(impossible)?;
    Ok(ContrastResult {
        id: contrast.id.clone(),
        title: contrast.title.clone(),
        estimates: (n1 > 0 && n0 > 0).then(|| Estimates::of(&table)),
        published: contrast.published.clone(),
    })
}

/// The reports on which every one of these substances is an exposure.
fn with_all(bench: &Bench<'_>, names: &[String]) -> RoaringBitmap {
    let ids: Vec<Vec<u32>> =
        names.iter().map(|name| substance_ids(bench.corpus, [name.as_str()])).collect();
    let exposures = Exposures::new(bench.corpus, bench.plan);
    reports_where(bench.corpus, |place| {
        let exposed = exposures.of(place);
        ids.iter().all(|ids| exposed.clone().any(|e| ids.binary_search(&e.substance).is_ok()))
    })
}
