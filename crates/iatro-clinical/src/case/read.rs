//! A case from its JSON, every complaint with the path inside the file.

use jiff::civil::Date;

use super::{Case, FORM, check, make_plain, plain};

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
    let mut case: Case = serde_path_to_error::deserialize(&mut json).map_err(|error| {
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
    make_plain(&mut case);
    check(&case, today)?;
    Ok(case)
}

/// The text of a JSON file whose top is an object, or why it is none.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, CaseError> {
    let form = |path: String, problem: &str| CaseError::Form { path, problem: problem.to_owned() };
    let line = |end: usize| {
        let before = bytes.get(..end).unwrap_or_default();
        format!("line {}", 1 + before.iter().filter(|&&b| b == b'\n').count())
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let problem = "UTF-16; expected JSON in UTF-8. Save the file anew in UTF-8";
        return Err(form(line(0), problem));
    }
    if let Some(at) = bytes.iter().position(|&b| b == 0) {
        let problem = "a NUL byte, as in UTF-16 or a binary file; expected JSON in UTF-8. Save the file anew in UTF-8";
        return Err(form(line(at), problem));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let problem = "not UTF-8; expected JSON in UTF-8. Save the file anew in UTF-8";
        form(line(error.valid_up_to()), problem)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problem = match text.trim_start().chars().next() {
        Some('{') => return Ok(text),
        Some('<') => "XML; expected JSON. Export the FHIR resource as JSON",
        Some('[') => "a list at the top; expected one object: the case of one patient",
        Some(_) => {
            "no JSON object; expected a case, a FHIR Bundle or a phenopacket, which begin with {"
        }
        None => "empty; expected a case, a FHIR Bundle or a phenopacket as JSON",
    };
    Err(form(line(0), problem))
}

/// An error of the JSON reader, with the path if it is a matter of form, else with line and column.
pub(crate) fn place(path: &str, error: &serde_json::Error) -> CaseError {
    let said = error.to_string();
    let problem = within(said.split(" at line ").next().unwrap_or(&said), 300);
    let at = format!("line {}, column {}", error.line(), error.column());
    let path = if path == "." { at } else { format!("{} ({at})", within(path, 200)) };
    CaseError::Form { path, problem }
}

/// A text from a file, short enough to be shown.
pub(crate) fn short(text: &str) -> String {
    within(text, 60)
}

/// A text without what does not show, of at most so many characters.
pub(crate) fn within(text: &str, most: usize) -> String {
    let text = plain(text);
    let mut shown: String = text.chars().take(most).collect();
    if text.chars().count() > most {
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
