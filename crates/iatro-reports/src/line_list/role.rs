//! Role of a drug in a line list.

use crate::model::codes::Role;
use crate::quarantine::Reason;

/// The role of a code or word in any case; blank is primary suspect.
pub(super) fn role(text: &str) -> Result<Role, Reason> {
    match text.to_ascii_lowercase().as_str() {
        "" | "suspect" => Ok(Role::PrimarySuspect),
        "interacting" => Ok(Role::Interacting),
        "concomitant" => Ok(Role::Concomitant),
        code => Role::from_code(code).ok_or(Reason::UnknownCode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_words_and_blank() {
        assert_eq!(role(""), Ok(Role::PrimarySuspect));
        assert_eq!(role("ss"), Ok(Role::SecondarySuspect));
        assert_eq!(role("Concomitant"), Ok(Role::Concomitant));
        assert_eq!(role("DN"), Ok(Role::NotAdministered));
        assert_eq!(role("maybe"), Err(Reason::UnknownCode));
    }
}
