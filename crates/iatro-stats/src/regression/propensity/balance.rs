//! Balance of covariates between reports with the exposure and without.

use super::RegressionError;
use crate::regression::DesignMatrix;
use crate::regression::error::same_length;
use crate::special::in_range;

/// The standardised mean difference of one covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardisedMeanDifference {
    /// Weighted mean with the exposure.
    pub mean_exposed: f64,
    /// Weighted mean without.
    pub mean_unexposed: f64,
    /// Difference of the means over the standard deviation of the unweighted reports; `None` if the
    /// covariate is constant in both groups.
    pub difference: Option<f64>,
}

/// Returns, for each column of a design, the standardised mean difference between the reports with the
/// exposure and without:
///
/// ```text
/// (mean1 - mean0) / sqrt((s1^2 + s0^2) / 2)
/// ```
///
/// Means are weighted by `weights` (0 or above, at most 1e15; all 1 where `None`, which gives the
/// difference before weighting). The variances are those of the **unweighted** groups (p (1 - p) for a
/// binary column, divisor n - 1 for a valued one), so that figures before and after differ by the means
/// alone. Below 0.1 in absolute value is commonly taken as balance. For a matched sample, weight the
/// reports of each set by their share in it and others by 0. Source: Austin 2009, Stat Med
/// 28:3083-3107; Stuart 2010, Stat Sci 25:1-21.
///
/// # Errors
/// [`RegressionError::Length`] unless `exposed` and `weights` have one value for each row,
/// [`RegressionError::Domain`] if a weight is out of range,
/// [`RegressionError::ConstantOutcome`] unless both groups have weight above 0.
pub fn standardised_mean_differences(
    design: &DesignMatrix,
    exposed: &[bool],
    weights: Option<&[f64]>,
) -> Result<Vec<StandardisedMeanDifference>, RegressionError> {
    let function = "standardised_mean_differences";
    same_length(function, "exposed", exposed.len(), design.rows(), "row")?;
    let ones = vec![1.0; exposed.len()];
    let weights = weights.unwrap_or(&ones);
    same_length(function, "weights", weights.len(), design.rows(), "row")?;
    let mut groups = [Group::default(), Group::default()];
    for (&exposed, &weight) in exposed.iter().zip(weights) {
        let expected = "a number from 0 to 1e15";
        in_range((0.0..=1e15).contains(&weight), function, "weights", weight, expected)?;
        groups[usize::from(exposed)].count += 1.0;
        groups[usize::from(exposed)].weight += weight;
    }
    let [without, with] = groups.map(|group| group.weight);
    if without <= 0.0 || with <= 0.0 {
        let (events, total) = (with, with + without);
        return Err(RegressionError::ConstantOutcome { function, events, total });
    }
    let of_column = |column: &crate::regression::design::Column| {
        let mut groups = groups;
        column.for_each(|row, value| groups[usize::from(exposed[row])].add(value, weights[row]));
        difference(groups, column.values.is_none())
    };
    Ok(design.all().iter().map(of_column).collect())
}

/// Sums over one group.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    count: f64,
    weight: f64,
    weighted: f64,
    sum: f64,
    square: f64,
}

impl Group {
    fn add(&mut self, value: f64, weight: f64) {
        self.weighted += weight * value;
        self.sum += value;
        self.square += value * value;
    }

    fn variance(&self, binary: bool) -> f64 {
        let mean = self.sum / self.count;
        let spread = (self.square - self.count * mean * mean).max(0.0);
        // What is left of a constant after rounding is no variance.
        let spread = if spread <= 1e-13 * self.square { 0.0 } else { spread };
        spread / if binary { self.count } else { (self.count - 1.0).max(1.0) }
    }
}

fn difference([without, with]: [Group; 2], binary: bool) -> StandardisedMeanDifference {
    let mean_exposed = with.weighted / with.weight;
    let mean_unexposed = without.weighted / without.weight;
    let deviation = f64::midpoint(with.variance(binary), without.variance(binary)).sqrt();
    let difference = (deviation > 0.0).then(|| (mean_exposed - mean_unexposed) / deviation);
    StandardisedMeanDifference { mean_exposed, mean_unexposed, difference }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn by_hand() {
        let mut design = DesignMatrix::new(6).unwrap();
        design.push_binary(vec![0, 1, 3]).unwrap();
        design.push_dense(&[2.0, 4.0, 6.0, 1.0, 1.0, 4.0]).unwrap();
        design.push_binary(vec![0, 1, 2, 3, 4, 5]).unwrap();
        let exposed = [true, true, true, false, false, false];
        let got = standardised_mean_differences(&design, &exposed, None).unwrap();
        assert!((got[0].difference.unwrap() - (1.0 / 3.0) / (2.0_f64 / 9.0).sqrt()).abs() < 1e-14);
        assert!((got[1].difference.unwrap() - 2.0 / 3.5_f64.sqrt()).abs() < 1e-14);
        assert_eq!(got[2].difference, None);
        let weights = [1.0, 1.0, 2.0, 0.0, 0.0, 3.0];
        let after = standardised_mean_differences(&design, &exposed, Some(&weights)).unwrap();
        assert_eq!((after[1].mean_exposed, after[1].mean_unexposed), (4.5, 4.0));
        assert!((after[1].difference.unwrap() - 0.5 / 3.5_f64.sqrt()).abs() < 1e-14);
        let none = [0.0; 6];
        assert!(standardised_mean_differences(&design, &exposed, Some(&none)).is_err());
        assert!(standardised_mean_differences(&design, &exposed[1..], None).is_err());
    }
}
