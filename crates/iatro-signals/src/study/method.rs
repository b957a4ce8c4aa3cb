//! The names that a study may give to estimators, thresholds and strata, and what they mean.

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

/// The strata of a stratified count.
pub const STRATA: [Named; 7] = [
    named("age_group", "age group of the patient"),
    named("sex", "sex of the patient"),
    named("year", "year in which the report was received"),
    named("country", "country of the reporter"),
    named("reporter", "occupation of the reporter"),
    named("report_type", "type of the report"),
    named("source", "database"),
];

/// Returns the names of a list, for a message.
pub(crate) fn names_of(list: &[Named]) -> String {
    list.iter().map(|named| named.name).collect::<Vec<_>>().join(", ")
}
