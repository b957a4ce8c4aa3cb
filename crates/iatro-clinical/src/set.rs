//! `name=value unit` as a person types it: one observation without a file.
//!
//! ```text
//! temperature=39.4 Cel          a number with its unit
//! ferritin=>40000 ng/mL         with a comparator, where the assay ended
//! splenomegaly=yes              a finding: yes, no, unknown (or present, absent)
//! hemophagocytosis@marrow=yes   a finding at a site
//! oxygen=low_flow               a choice
//! ```
//! What is not set is unknown.

pub mod nearest;

use crate::case::{CaseError, check_observation, short};
use crate::observable::{self, Kind, Observable, QuantityKind};
use crate::observation::{Observation, Presence, Reading, ReadingError};

/// The text sets nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SetError {
    /// No `=` in it.
    #[error(
        "\"{token}\": no \"=\"; expected name=value with a unit, such as ferritin='5200 ng/mL' or splenomegaly=yes"
    )]
    Form {
        /// The text.
        token: String,
    },
    /// No such observable.
    #[error("\"{token}\": no observable \"{name}\"; did you mean {nearest}?")]
    Name {
        /// The text.
        token: String,
        /// The name in it.
        name: String,
        /// The observable whose name is nearest.
        nearest: String,
    },
    /// No number where one is expected.
    #[error(
        "\"{token}\": {error}; expected for {observable} a number with its unit, such as {example}"
    )]
    Number {
        /// The text.
        token: String,
        /// The observable.
        observable: String,
        /// What was found.
        error: ReadingError,
        /// How it would be written.
        example: String,
    },
    /// A number without a unit.
    #[error(
        "\"{token}\": {value} of what? {observable} needs a unit, such as {observable}='{value} {unit}'"
    )]
    NoUnit {
        /// The text.
        token: String,
        /// The observable.
        observable: String,
        /// The number.
        value: String,
        /// A unit that fits.
        unit: String,
    },
    /// None of the words that are read here.
    #[error("\"{token}\": \"{value}\" is no value of {observable}; expected {expected}{hint}")]
    Word {
        /// The text.
        token: String,
        /// The observable.
        observable: String,
        /// The value.
        value: String,
        /// What was expected.
        expected: String,
        /// The nearest of them, as a question, or nothing.
        hint: String,
    },
    /// A site where none can be, or another.
    #[error("\"{token}\": {problem}")]
    Site {
        /// The text.
        token: String,
        /// What is wrong and what was expected.
        problem: String,
    },
    /// A unit that is not read, or a value beyond what is possible: the rules of a case file.
    #[error("\"{token}\": {problem}")]
    Value {
        /// The text.
        token: String,
        /// What is wrong and what was expected.
        problem: String,
    },
}

/// Reads one `name=value unit`. The observation has no time, the id `set:NAME` (`set:NAME@SITE`), and is held
/// to the same limits as one of a case file.
pub fn parse(token: &str) -> Result<Observation, SetError> {
    let shown = short(token.trim());
    let (left, value) =
        token.split_once('=').ok_or_else(|| SetError::Form { token: shown.clone() })?;
    let (name, site) = match left.trim().split_once('@') {
        Some((name, site)) => (name.trim(), Some(site.trim())),
        None => (left.trim(), None),
    };
    let known = observable::find(name).ok_or_else(|| SetError::Name {
        token: shown.clone(),
        name: short(name),
        nearest: nearest::of(name, observable::all().iter().map(|one| one.id.as_str())),
    })?;
    let mut row = Observation {
        id: site.map_or_else(|| format!("set:{name}"), |site| format!("set:{name}@{site}")),
        observable: name.to_owned(),
        site: site.map(ToOwned::to_owned),
        source: Some("given on the command line".to_owned()),
        ..Observation::default()
    };
    check_site(&shown, known, site)?;
    let value = value.trim();
    match &known.kind {
        Kind::Quantity(kind) => quantity(&shown, known, kind, value, &mut row)?,
        Kind::Finding { .. } => row.present = Some(presence(&shown, known, value)?),
        Kind::Choice { options } => row.choice = Some(choice(&shown, known, options, value)?),
    }
    check_observation(name, &row).map_err(|error| {
        let problem = match error {
            CaseError::Form { path, problem } => format!("{path}: {problem}"),
            other @ CaseError::TooLarge { .. } => other.to_string(),
        };
        SetError::Value { token: shown, problem }
    })?;
    Ok(row)
}

fn check_site(token: &str, known: &Observable, site: Option<&str>) -> Result<(), SetError> {
    let Some(site) = site else { return Ok(()) };
    let problem = match &known.kind {
        Kind::Finding { sites, .. } if sites.iter().any(|one| one == site) => return Ok(()),
        Kind::Finding { sites, .. } if !sites.is_empty() => {
            let sites = sites.join(", ");
            format!("\"{}\" is no site of {}; expected one of {sites}", short(site), known.id)
        }
        _ => format!("{} has no sites; leave out \"@{}\"", known.id, short(site)),
    };
    Err(SetError::Site { token: token.to_owned(), problem })
}

fn quantity(
    token: &str,
    known: &Observable,
    kind: &QuantityKind,
    text: &str,
    row: &mut Observation,
) -> Result<(), SetError> {
    let (number, unit) = split_number(text);
    let wrong = |error| SetError::Number {
        token: token.to_owned(),
        observable: known.id.clone(),
        error,
        example: format!("{}='… {}'", known.id, kind.unit),
    };
    let reading: Reading =
        number.parse().map_err(|_| wrong(ReadingError { found: short(text) }))?;
    if !starts_like_a_unit(unit) {
        return Err(wrong(ReadingError { found: short(text) }));
    }
    // A score is a plain number: its unit is a remark in braces.
    let plain = kind.unit.text().starts_with('{');
    let unit = if unit.is_empty() && plain { kind.unit.text() } else { unit };
    if unit.is_empty() {
        return Err(SetError::NoUnit {
            token: token.to_owned(),
            observable: known.id.clone(),
            value: reading.to_string(),
            unit: kind.unit.text().to_owned(),
        });
    }
    row.value = Some(reading);
    row.unit = Some(unit.to_owned());
    Ok(())
}

/// The number with its comparator, and the unit after it.
fn split_number(text: &str) -> (&str, &str) {
    let is_sign = |c: char| matches!(c, '<' | '>' | '=' | '≤' | '≥') || c.is_whitespace();
    let start = text.find(|c: char| !is_sign(c)).unwrap_or(text.len());
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-');
    let digits = |from: usize| {
        text[from..].find(|c: char| !is_digit(c)).map_or(text.len(), |offset| from + offset)
    };
    let mut end = digits(start);
    if let Some(exponent) = text[end..].strip_prefix(['e', 'E'])
        && exponent.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit())
        && end > start
    {
        let signs = exponent.len() - exponent.trim_start_matches('+').len();
        end = digits(end + 1 + signs);
    }
    (&text[..end], text[end..].trim())
}

/// `1 200/uL` would be read as one of `200/uL`: a unit that begins with a digit begins with a power of ten.
fn starts_like_a_unit(unit: &str) -> bool {
    let comma = unit.starts_with([',', '\'', '_', '.', ';']);
    let digit = unit.starts_with(|c: char| c.is_ascii_digit());
    let power =
        unit.strip_prefix("10").is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    !comma && (!digit || power)
}

fn presence(token: &str, known: &Observable, value: &str) -> Result<Presence, SetError> {
    const WORDS: [(&str, Presence); 5] = [
        ("yes", Presence::Yes),
        ("no", Presence::No),
        ("unknown", Presence::Unknown),
        ("present", Presence::Yes),
        ("absent", Presence::No),
    ];
    let lower = value.to_ascii_lowercase();
    WORDS.iter().find(|(word, _)| *word == lower).map(|(_, presence)| *presence).ok_or_else(|| {
        SetError::Word {
            token: token.to_owned(),
            observable: known.id.clone(),
            value: short(value),
            expected: "yes, no or unknown (present, absent)".to_owned(),
            hint: String::new(),
        }
    })
}

fn choice(
    token: &str,
    known: &Observable,
    options: &[String],
    value: &str,
) -> Result<String, SetError> {
    options.iter().find(|option| *option == value).cloned().ok_or_else(|| SetError::Word {
        token: token.to_owned(),
        observable: known.id.clone(),
        value: short(value),
        expected: format!("one of {}", options.join(", ")),
        hint: format!("; did you mean {}?", nearest::of(value, options.iter().map(String::as_str))),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_keep_comparator_and_unit() {
        for (token, value, unit) in [
            ("temperature=39.4 Cel", "39.4", "Cel"),
            ("ferritin=>40000 ng/mL", "> 40000", "ng/mL"),
            ("ferritin=> 40000 ng/mL", "> 40000", "ng/mL"),
            ("fibrinogen=<=0.5g/L", "<= 0.5", "g/L"),
            ("platelets=110 10*9/L", "110", "10*9/L"),
            ("platelets = 110 x10^9/L", "110", "x10^9/L"),
            ("ferritin=1.2e3 ug/L", "1200", "ug/L"),
            ("age=54 a", "54", "a"),
            ("ice_score=7", "7", "{score}"),
        ] {
            let row = parse(token).unwrap();
            assert_eq!(row.value.unwrap().to_string(), value, "{token}");
            assert_eq!(row.unit.as_deref(), Some(unit), "{token}");
            assert_eq!(row.id, format!("set:{}", row.observable), "{token}");
            assert_eq!(row.time, None);
        }
    }

    #[test]
    fn findings_know_three_answers_and_sites() {
        for (token, present) in [
            ("splenomegaly=yes", Presence::Yes),
            ("splenomegaly=Absent", Presence::No),
            ("splenomegaly=unknown", Presence::Unknown),
        ] {
            assert_eq!(parse(token).unwrap().present, Some(present));
        }
        let row = parse("hemophagocytosis@liver=yes").unwrap();
        assert_eq!(row.site.as_deref(), Some("liver"));
        assert_eq!(row.id, "set:hemophagocytosis@liver");
    }

    #[test]
    fn complaints_name_the_value_and_a_way_out() {
        for (token, expected) in [
            ("ferritin", "no \"=\""),
            ("feritin=5200 ng/mL", "no observable \"feritin\"; did you mean ferritin?"),
            ("ferritin=5200", "such as ferritin='5200 ug/L'"),
            ("ferritin=high", "\"high\" is no number"),
            ("ferritin=", "is no number"),
            ("temperature=39,4 Cel", "\"39,4 Cel\" is no number"),
            ("platelets=1 200/uL", "\"1 200/uL\" is no number"),
            ("ferritin=5200 bananas", "is no unit"),
            ("temperature=394 Cel", "394 Cel is beyond what is possible (25 to 45 Cel)"),
            ("splenomegaly=maybe", "\"maybe\" is no value of splenomegaly; expected yes"),
            ("hemophagocytosis@attic=yes", "no site of hemophagocytosis; expected one of marrow"),
            ("splenomegaly@liver=yes", "has no sites"),
            ("ferritin@liver=3 ng/mL", "has no sites"),
        ] {
            let message = parse(token).unwrap_err().to_string();
            assert!(message.contains(expected), "{token}: {message}");
            assert!(message.starts_with(&format!("\"{token}\"")), "{message}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}", name in "(ferritin|age|splenomegaly|hemophagocytosis@liver)") {
            let _ = parse(&text);
            let _ = parse(&format!("{name}={text}"));
        }
    }
}
