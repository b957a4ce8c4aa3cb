//! The table of strata, crude and adjusted estimates side by side, and where they disagree.

use super::{
    Content, Heterogeneity, StrataError, content, expected, heterogeneity, ic, prr_mantel_haenszel,
    ror_mantel_haenszel, ror_mantel_haenszel_point,
};
use crate::disproportionality::{self as crude, prr, ror, ror_point};
use crate::{Estimate, Table2x2};

/// One stratum with its own estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// The counts.
    pub table: Table2x2,
    /// What the stratum can say.
    pub content: Content,
    /// Expected count of the stratum; `None` without reports.
    pub expected: Option<f64>,
    /// ROR (Wald 95 %) of the stratum.
    pub ror: Option<Estimate>,
    /// PRR (log-normal 95 %) of the stratum.
    pub prr: Option<Estimate>,
    /// IC (exact gamma 95 %) of the stratum, log2 scale.
    pub ic: Option<Estimate>,
}

/// All strata of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// One entry a stratum, in the order given; none is left out.
    pub strata: Vec<Stratum>,
    /// Number of informative strata.
    pub informative: usize,
    /// All reports in one table.
    pub pooled: Table2x2,
    /// Crude ROR (Wald 95 %), of the pooled table.
    pub crude_ror: Option<Estimate>,
    /// Crude PRR (log-normal 95 %).
    pub crude_prr: Option<Estimate>,
    /// Crude IC (exact gamma 95 %), log2 scale.
    pub crude_ic: Option<Estimate>,
    /// ROR (Mantel-Haenszel).
    pub ror: Option<Estimate>,
    /// PRR (Mantel-Haenszel).
    pub prr: Option<Estimate>,
    /// Expected count, summed over the strata.
    pub expected: Option<f64>,
    /// IC against that expected count, log2 scale.
    pub ic: Option<Estimate>,
    /// Whether the strata share one ROR.
    pub heterogeneity: Option<Heterogeneity>,
    /// The crude ROR is above 1 and the adjusted one below, or the reverse; `None` where one of them
    /// is undefined. Points are compared, so chance alone can do it.
    pub directions_disagree: Option<bool>,
    /// The crude interval lies above 1 and the adjusted one below, or the reverse: not chance alone.
    /// `None` where one of them is undefined.
    pub limits_on_opposite_sides: Option<bool>,
    /// Simpson's reversal: the ROR of every informative stratum lies on one side of 1 and the crude
    /// ROR on the other. `None` without two informative strata whose ROR is defined, or without a
    /// crude ROR.
    pub simpson_reversal: Option<bool>,
}

/// Returns the table of strata, the crude and the adjusted estimates, and the flags that tell where
/// they disagree.
///
/// An ROR of exactly 1 is on neither side. Source of the reversal: Simpson 1951, J R Stat Soc B
/// 13:238-241.
///
/// # Errors
/// [`StrataError::Table`] if the reports of all strata together do not fit in a `u64`.
pub fn summary(strata: &[Table2x2]) -> Result<Summary, StrataError> {
    let pooled = pooled(strata)?;
    let rows: Vec<Stratum> = strata.iter().map(row).collect();
    let crude_ror = ror(&pooled);
    let adjusted = ror_mantel_haenszel(strata);
    let points = ror_point(&pooled).zip(ror_mantel_haenszel_point(strata));
    Ok(Summary {
        informative: rows.iter().filter(|row| row.content == Content::Informative).count(),
        pooled,
        crude_ror,
        crude_prr: prr(&pooled),
        crude_ic: crude::ic(&pooled),
        ror: adjusted,
        prr: prr_mantel_haenszel(strata),
        expected: expected(strata),
        ic: ic(strata),
        heterogeneity: heterogeneity(strata),
        directions_disagree: points.map(|(crude, adjusted)| side(crude) * side(adjusted) < 0),
        limits_on_opposite_sides: crude_ror
            .zip(adjusted)
            .map(|(crude, adjusted)| whole_side(&crude) * whole_side(&adjusted) < 0),
        simpson_reversal: simpson_reversal(&rows, &pooled),
        strata: rows,
    })
}

fn row(table: &Table2x2) -> Stratum {
    Stratum {
        table: *table,
        content: content(table),
        expected: table.expected(),
        ror: ror(table),
        prr: prr(table),
        ic: crude::ic(table),
    }
}

/// Returns all reports of the strata in one table.
///
/// # Errors
/// [`StrataError::Table`] if they do not fit in a `u64`.
pub fn pooled(strata: &[Table2x2]) -> Result<Table2x2, StrataError> {
    // A cell that overflows makes a total that does not fit either.
    let total = |cell: fn(&Table2x2) -> u64| {
        strata.iter().fold(0_u64, |sum, stratum| sum.saturating_add(cell(stratum)))
    };
    let [a, b] = [total(Table2x2::a), total(Table2x2::b)];
    let [c, d] = [total(Table2x2::c), total(Table2x2::d)];
    let fits = [Table2x2::a, Table2x2::b, Table2x2::c, Table2x2::d].into_iter().all(|cell| {
        strata.iter().try_fold(0_u64, |sum, stratum| sum.checked_add(cell(stratum))).is_some()
    });
    if fits {
        Ok(Table2x2::new(a, b, c, d)?)
    } else {
        Err(crate::TableError::Overflow { a, b, c, d }.into())
    }
}

/// 1 above an odds ratio of 1, -1 below, 0 at it.
fn side(ror: f64) -> i8 {
    i8::from(ror > 1.0) - i8::from(ror < 1.0)
}

/// The same for a whole interval; 0 if it holds 1.
fn whole_side(ror: &Estimate) -> i8 {
    i8::from(ror.lower > 1.0) - i8::from(ror.upper < 1.0)
}

fn simpson_reversal(rows: &[Stratum], pooled: &Table2x2) -> Option<bool> {
    let crude = side(ror_point(pooled)?);
    let informative = rows.iter().filter(|row| row.content == Content::Informative);
    let sides: Vec<Option<i8>> = informative.map(|row| direction(&row.table)).collect();
    if sides.len() < 2 {
        return None;
    }
    let sides: Option<Vec<i8>> = sides.into_iter().collect();
    sides.map(|sides| crude != 0 && sides.iter().all(|&side| side == -crude))
}

/// The side of 1 on which the ROR of an informative stratum lies. With b c = 0 it is above every
/// bound, unless a d = 0 as well.
fn direction(table: &Table2x2) -> Option<i8> {
    match (table.ad(), table.bc()) {
        (0, 0) => None,
        (ad, bc) => Some(i8::from(ad > bc) - i8::from(ad < bc)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    /// Charig et al. 1986, Br Med J 292:879-882: removal of kidney stones by size. Open surgery
    /// succeeds more often for small and for large stones, and less often in all.
    #[test]
    fn kidney_stones_are_reversed() {
        let strata = [table(81, 6, 234, 36), table(192, 71, 55, 25)];
        let got = summary(&strata).unwrap();
        assert_eq!(got.pooled, table(273, 77, 289, 61));
        assert!(got.crude_ror.unwrap().point < 1.0 && got.ror.unwrap().point > 1.0);
        assert_eq!(got.simpson_reversal, Some(true));
        assert_eq!(got.directions_disagree, Some(true));
        assert_eq!(got.limits_on_opposite_sides, Some(false));
    }

    /// The same a hundred times as large is not chance any more.
    #[test]
    fn a_reversal_beyond_chance() {
        let strata = [table(8_100, 600, 23_400, 3_600), table(19_200, 7_100, 5_500, 2_500)];
        assert_eq!(summary(&strata).unwrap().limits_on_opposite_sides, Some(true));
    }

    #[test]
    fn no_stratum_is_left_out() {
        let strata = [table(0, 0, 0, 0), table(3, 97, 47, 19_853), table(0, 0, 5, 5)];
        let got = summary(&strata).unwrap();
        assert_eq!((got.strata.len(), got.informative), (3, 1));
        let contents: Vec<Content> = got.strata.iter().map(|row| row.content).collect();
        assert_eq!(contents, [Content::Empty, Content::Informative, Content::NoExposure]);
        assert_eq!(got.strata[0].expected, None);
        assert_eq!(got.strata[2].expected, Some(0.0));
        assert_eq!(got.simpson_reversal, None);
    }

    #[test]
    fn no_strata_at_all() {
        let got = summary(&[]).unwrap();
        assert_eq!((got.strata.len(), got.informative, got.expected), (0, 0, None));
        assert_eq!((got.ror, got.directions_disagree), (None, None));
    }

    #[test]
    fn strata_that_do_not_fit_are_an_error() {
        let half = table(u64::MAX / 2, 0, 0, 0);
        assert!(summary(&[half, half, half]).is_err());
        assert!(pooled(&[half, table(0, u64::MAX / 2, 0, 0), half]).is_err());
        assert!(pooled(&[half, half]).is_ok());
    }
}
