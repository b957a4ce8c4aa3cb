//! Whether calibration works: each control against the null distribution of all others.

use super::{EmpiricalNull, LogEstimate, MultiplicityError, Side};

/// Two-sided p-values of negative controls, before and after calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct LeaveOneOut {
    /// Wald p-values, in the order of the controls.
    pub before: Vec<f64>,
    /// p-values calibrated by the other controls, in the order of the controls.
    pub after: Vec<f64>,
}

impl LeaveOneOut {
    /// How many controls have p below `alpha`, before and after. Of n, `alpha` n should.
    #[must_use]
    pub fn below(&self, alpha: f64) -> (usize, usize) {
        let count = |p: &[f64]| p.iter().filter(|&&p| p < alpha).count();
        (count(&self.before), count(&self.after))
    }
}

/// Calibrates every control by the [`EmpiricalNull`] of the others (3 controls or more).
///
/// A control that took part in fitting its own null distribution would look too well calibrated. Source:
/// Schuemie et al. 2014, Stat Med 33:209-218.
///
/// # Errors
/// [`MultiplicityError::TooFew`] for fewer than 3 controls.
pub fn leave_one_out(controls: &[LogEstimate]) -> Result<LeaveOneOut, MultiplicityError> {
    if controls.len() < 3 {
        let given = controls.len();
        return Err(MultiplicityError::TooFew { function: "leave_one_out", given, needed: 3 });
    }
    let before = controls.iter().map(|control| control.p(Side::Two)).collect();
    let after = controls.iter().enumerate().map(|(left_out, control)| {
        let mut others = controls.to_vec();
        others.remove(left_out);
        Ok(EmpiricalNull::fit(&others)?.calibrated_p(control, Side::Two))
    });
    Ok(LeaveOneOut { before, after: after.collect::<Result<_, MultiplicityError>>()? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_constant_bias_is_calibrated_away() {
        let control = |i: i32| LogEstimate::new(1.0 + 0.1 * f64::from(i % 3 - 1), 0.1).unwrap();
        let controls: Vec<LogEstimate> = (0..12).map(control).collect();
        let checked = leave_one_out(&controls).unwrap();
        assert_eq!(checked.below(0.05), (12, 0));
        assert!(leave_one_out(&controls[..2]).is_err());
    }
}
