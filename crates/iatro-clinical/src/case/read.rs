//! A case from its JSON, every complaint with the path inside the file.

use jiff::civil::Date;

use super::{Case, FORM, check};

/// The file is no usable case.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CaseError {
    /// Too large to be one patient's case.
    #[error(
        "{bytes} bytes; a case has at most {most}. Give the file of one patient, or a FHIR Bundle of one"
    )]
    TooLarge {
        /// Size of the input.
        bytes: usize,
        /// The most that is read.
        most: usize,
    },
    /// Not JSON, or not this form.
    #[error("{path}: {problem}")]
    Form {
        /// Where in the file: `observations[3].value`; `line 4, column 7` where it is no JSON.
        path: String,
        /// What is wrong, what was expected, what to do.
        problem: String,
    },
}

/// The most that is read of a case file.
pub(crate) const MOST_BYTES: usize = 16 << 20;

/// Reads a case and checks it; a day after `today` is an error, since nothing is observed in the future.
pub fn read(bytes: &[u8], today: Date) -> Result<Case, CaseError> {
    if bytes.len() > MOST_BYTES {
        return Err(CaseError::TooLarge { bytes: bytes.len(), most: MOST_BYTES });
    }
    let text = text_of(bytes)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let case: Case = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        place(&path, error.inner())
    })?;
    json.end().map_err(|error| place(".", &error))?;
    if case.form != FORM {
        return Err(CaseError::Form {
            path: "form".to_owned(),
            problem: format!("found \"{}\"; expected \"{FORM}\"", short(&case.form)),
        });
    }
    check(&case, today)?;
    Ok(case)
}

/// The text of a JSON file, or why it is none.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, CaseError> {
    let form = |path: String, problem: &str| CaseError::Form { path, problem: problem.to_owned() };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
        form(
            format!("line {line}"),
            "not UTF-8; expected JSON in UTF-8. Save the file anew in UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('<') {
        let problem = "XML; expected JSON. Export the FHIR resource as JSON";
        return Err(form("line 1".to_owned(), problem));
    }
    Ok(text)
}

/// An error of the JSON reader, with the path if it is a matter of form, else with line and column.
pub(crate) fn place(path: &str, error: &serde_json::Error) -> CaseError {
    let said = error.to_string();
    let problem = said.split(" at line ").next().unwrap_or(&said).to_owned();
    let at = format!("line {}, column {}", error.line(), error.column());
    let path = if path == "." { at } else { format!("{path} ({at})") };
    CaseError::Form { path, problem }
}

/// A text from a file, short enough to be shown.
pub(crate) fn short(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if text.chars().count() > 60 {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn message(text: &str) -> String {
        let today = "2026-06-01".parse().unwrap();
        read(text.as_bytes(), today).unwrap_err().to_string()
    }

    #[test]
    fn complaints_name_the_path() {
        for (text, expected) in [
            (
                "{\"form\":\"iatro-case/1\",\"id\":\"P\",\"observations\":[{\"id\":\"a\",\"observable\":\"ferritin\",\"value\":\"39,4\",\"unit\":\"ng/mL\"}]}",
                "observations[0].value (line",
            ),
            ("{\"form\":\"iatro-case/1\",\"id\":\"P\",\"drugz\":[]}", "unknown field `drugz`"),
            ("{\"form\":\"iatro-case/2\",\"id\":\"P\"}", "form: found \"iatro-case/2\""),
            ("{\"form\":\"iatro-case/1\",\"id\":\"P\",\"id\":\"Q\"}", "duplicate field `id`"),
            ("{\"form\":", "line 1, column 8"),
            ("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>", "expected JSON"),
        ] {
            assert!(message(text).contains(expected), "{}", message(text));
        }
    }
}
