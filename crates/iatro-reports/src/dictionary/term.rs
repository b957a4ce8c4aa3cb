//! Names of terms: how two spellings of one name are made equal, and which names were replaced.
//!
//! Only names are kept here, never the hierarchy of a dictionary: report files print the names, and
//! the hierarchy may not be passed on.

use std::sync::LazyLock;

use super::forms::table_rows;

/// The renames, one a line.
const RENAMES: &str = include_str!("../../data/term_renames.tsv");

/// A preferred term that was given another name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rename {
    /// The name before.
    pub old: &'static str,
    /// The name since.
    pub new: &'static str,
    /// The first dictionary version with the new name, as printed: `21.1`.
    pub version: &'static str,
}

static TABLE: LazyLock<Vec<Rename>> = LazyLock::new(|| read(RENAMES).unwrap_or_default());

/// Returns the key under which two spellings of one name meet: lower case, with every run of white
/// space as one blank and none at the ends.
///
/// ```
/// use iatro_reports::dictionary::term::fold_term;
/// assert_eq!(fold_term("  Cytokine\tSTORM "), "cytokine storm");
/// ```
pub fn fold_term(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    for word in lower.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Returns every rename that is known, in the order of the table.
pub fn known_renames() -> &'static [Rename] {
    &TABLE
}

/// Reads the table; `Err` names the first bad line.
fn read(text: &'static str) -> Result<Vec<Rename>, String> {
    table_rows(text, ["old", "new", "version"])?
        .into_iter()
        .map(|(line, [old, new, version])| {
            if old.is_empty() || new.is_empty() || !is_version(version) {
                return Err(format!("line {line}: expected two names and a version such as 21.1"));
            }
            Ok(Rename { old, new, version })
        })
        .collect()
}

/// Says whether `text` is a dictionary version as files print it: digits, a point, digits.
pub fn is_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| digits(major) && digits(minor))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_ignores_case_and_white_space() {
        assert_eq!(fold_term(" HIV  Infection "), "hiv infection");
        assert_eq!(fold_term("SYSTEMIC LUPUS\u{a0}ERYTHEMATOSUS"), "systemic lupus erythematosus");
        assert_eq!(fold_term("Still's disease"), "still's disease");
        assert_eq!(fold_term(" \t\r\n"), "");
    }

    #[test]
    fn the_rename_table_has_no_bad_line() {
        let renames = read(RENAMES).unwrap();
        assert_eq!(renames, known_renames());
        assert!(renames.contains(&Rename {
            old: "Histiocytosis haematophagic",
            new: "Haemophagocytic lymphohistiocytosis",
            version: "21.1",
        }));
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = read("old\tnew\tversion\nA\tB\t21.1\nA\tB\tlast\n").unwrap_err();
        assert!(error.starts_with("line 3"), "{error}");
        assert!(read("old\tnew\nA\tB\n").is_err());
    }

    #[test]
    fn versions_are_digits_on_both_sides_of_a_point() {
        assert!(is_version("21.1") && is_version("9.0"));
        for bad in ["", "21", "21.", ".1", "21.1a", "v21.1", "21.1.2"] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(name in "\\PC{0,60}") {
            let once = fold_term(&name);
            prop_assert_eq!(fold_term(&once), once);
        }
    }
}
