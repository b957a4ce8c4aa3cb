//! Roles and comparators in words.

use super::words::listed;

/// The name of a role code; a code that is not known stands for itself.
pub(crate) fn role_name(code: &str) -> &str {
    match code {
        "PS" => "primary suspect",
        "SS" => "secondary suspect",
        "C" => "concomitant",
        "I" => "interacting",
        other => other,
    }
}

/// `primary suspect (PS), secondary suspect (SS) or interacting (I)`.
pub(crate) fn roles_in_english<S: AsRef<str>>(codes: &[S]) -> String {
    let roles: Vec<String> = codes
        .iter()
        .map(|code| format!("{} ({})", role_name(code.as_ref()), code.as_ref()))
        .collect();
    listed(&roles, "or")
}

/// `all other reports`, or `other reports of azithromycin`.
pub(crate) fn comparator_in_english(substances: &[String]) -> String {
    if substances.is_empty() {
        return "all other reports".to_owned();
    }
    format!("reports of {}", listed(substances, "or"))
}
