//! The names that a study may give to estimators, thresholds and strata, and what they mean.

use crate::corpus::strata::Factor;

/// A name and its meaning in words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Named {
    /// The name in the study file.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
}

const fn named(name: &'static str, meaning: &'static str) -> Named {
    Named { name, meaning }
}

/// The estimators.
pub const ESTIMATORS: [Named; 6] = [
    named("ror", "reporting odds ratio, Wald 95 %"),
    named("prr", "proportional reporting ratio, 95 %"),
    named("chi2", "chi-squared with the correction of Yates"),
    named("ic", "information component, exact gamma 95 %"),
    named("ebgm", "empirical Bayes geometric mean (MGPS) with EB05 and EB95"),
    named("mid_p", "one-sided mid-P of Fisher's exact test with its Benjamini-Hochberg q"),
];

/// The thresholds of a signal of disproportionate reporting.
pub const THRESHOLDS: [Named; 4] = [
    named("min_reports", "at least 3 cases"),
    named("ror_lower", "lower 95 % limit of the ROR above 1, at least 3 cases"),
    named("evans", "PRR at least 2, chi-squared at least 4, at least 3 cases"),
    named("ic025", "lower 95 % limit of the IC above 0"),
];

/// The strata of a stratified count: [`Factor`], each with its name.
pub const STRATA: [Named; Factor::ALL.len()] = {
    let mut strata = [named("", ""); Factor::ALL.len()];
    let mut at = 0;
    while at < strata.len() {
        strata[at] = named(Factor::ALL[at].name(), Factor::ALL[at].meaning());
        at += 1;
    }
    strata
};

/// The sensitivity checks: [`crate::bench::CHECKS`], each with its id and title.
pub const CHECKS: [Named; crate::bench::CHECKS.len()] = {
    let mut checks = [named("", ""); crate::bench::CHECKS.len()];
    let mut at = 0;
    while at < checks.len() {
        checks[at] = named(crate::bench::CHECKS[at].id, crate::bench::CHECKS[at].title);
        at += 1;
    }
    checks
};

/// The sets of reports that a restriction may leave out or keep alone.
pub const RESTRICTIONS: [Named; 8] = [
    named("hlh_as_indication", "reports on which the event is what a drug was given for"),
    named("malignancy", "reports with a malignancy that competes"),
    named("infection", "reports with an infection that competes"),
    named("rheumatic_disease", "reports with a rheumatic disease that competes"),
    named(
        "transplantation",
        "reports with a transplantation or an immune deficiency that competes",
    ),
    named("duplicates", "suspected duplicates of an earlier report"),
    named("health_professionals", "reports sent by a health professional"),
    named("serious", "reports with a serious outcome"),
];

/// Returns the names of a list, for a message.
pub(crate) fn names_of(list: &[Named]) -> String {
    list.iter().map(|named| named.name).collect::<Vec<_>>().join(", ")
}
