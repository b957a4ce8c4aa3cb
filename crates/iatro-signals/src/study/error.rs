//! What is wrong with a study file: where, what was expected, and what to do next.

use std::fmt;

use super::{Problem, SPEC};

/// A study could not be had.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// There is no built-in study of this name.
    #[error(
        "no built-in study {id:?}. Expected one of: {}; give one of these or the path of a study file",
        known.join(", ")
    )]
    Unknown {
        /// The name asked for.
        id: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// The file is of another version of the form.
    #[error(
        "{origin}: spec is {spec}. Expected spec = {SPEC}, the only one that this version reads; \
         use a version of the program that reads spec {spec}"
    )]
    Spec {
        /// The file as the caller named it.
        origin: String,
        /// The version in the file.
        spec: i64,
    },
    /// The file does not parse, or a value has the wrong type.
    #[error("{0}")]
    Syntax(Box<SyntaxError>),
    /// The file parses, but the study cannot be run.
    #[error("{}", list(origin, problems))]
    Problems {
        /// The file as the caller named it.
        origin: String,
        /// Everything that is wrong, in the order of the checks; never empty.
        problems: Vec<Problem>,
    },
}

impl StudyError {
    pub(crate) fn syntax(origin: &str, text: &str, error: &toml::de::Error) -> Self {
        Self::Syntax(Box::new(SyntaxError::new(origin, text, error)))
    }
}

/// The first place of a study file that does not parse or has a value of the wrong type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SyntaxError {
    /// The file as the caller named it.
    pub origin: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The table that the place is in, such as `exposure`; empty at the top of the file.
    pub table: String,
    /// The key, where one can be made out.
    pub key: Option<String>,
    /// The value as written, shortened; empty where the key itself is wrong or missing.
    pub value: String,
    /// What is wrong.
    pub problem: String,
    /// What was expected.
    pub expected: String,
}

impl SyntaxError {
    fn new(origin: &str, text: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or(0..0);
        let before = text.get(..span.start).unwrap_or(text);
        let value = text.get(span).unwrap_or("");
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let (problem, expected) = match message.split_once(", expected ") {
            Some((problem, expected)) => (problem.to_owned(), in_words(expected)),
            None => (message, String::new()),
        };
        let key = key_of(before, value, &problem);
        let missing = problem.starts_with("missing field");
        let expected = match &key {
            Some(key) if missing => format!("a key `{key}` here"),
            _ if expected.is_empty() => "text in the form of TOML".to_owned(),
            _ => expected,
        };
        let names_the_key = missing || key.as_deref() == Some(value);
        Self {
            origin: origin.to_owned(),
            line: before.matches('\n').count() + 1,
            column: last_line(before).chars().count() + 1,
            table: table_of(before, value),
            key,
            value: if names_the_key { String::new() } else { shortened(value) },
            problem,
            expected,
        }
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}, column {}", self.origin, self.line, self.column)?;
        if !self.table.is_empty() {
            write!(f, ", in [{}]", self.table)?;
        }
        if let Some(key) = &self.key {
            write!(f, ", key {key:?}")?;
        }
        if !self.value.is_empty() {
            write!(f, ", value {}", self.value)?;
        }
        write!(
            f,
            ": {}. Expected {}; correct the file and check it again",
            self.problem, self.expected
        )
    }
}

fn list(origin: &str, problems: &[Problem]) -> String {
    let count = problems.len();
    let noun = if count == 1 { "problem" } else { "problems" };
    let mut text =
        format!("{origin}: {count} {noun}. Correct what follows and check the file again");
    for problem in problems {
        text.push_str("\n  ");
        text.push_str(&problem.to_string());
    }
    text
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or(text)
}

/// Returns the name in the last table header before the place, or in the place itself.
fn table_of(before: &str, value: &str) -> String {
    let header = |line: &str| {
        let line = line.trim();
        let name = line.strip_prefix('[')?.strip_suffix(']')?.trim_matches(['[', ']']);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
    };
    let own = value.lines().next().and_then(header);
    own.or_else(|| before.lines().rev().find_map(header)).unwrap_or_default()
}

/// Returns the key that the place belongs to: the one named by the message, or the last one before
/// the place that no table header follows.
fn key_of(before: &str, value: &str, problem: &str) -> Option<String> {
    if problem.starts_with("missing field") || problem.starts_with("unknown field") {
        return problem.split('`').nth(1).map(str::to_owned);
    }
    if value.trim_start().starts_with('[') && last_line(before).trim().is_empty() {
        return None;
    }
    for line in before.lines().rev() {
        if line.trim_start().starts_with('[')
            && !line.contains('=')
            && line.trim_end().ends_with(']')
        {
            return None;
        }
        let key = line.rsplit_once('=').and_then(|(left, _)| {
            left.trim_end().rsplit([' ', '{', ',', '\t']).next().map(str::to_owned)
        });
        if key.as_ref().is_some_and(|key| !key.is_empty()) {
            return key;
        }
    }
    None
}

/// Says what a parser's word for a type means to someone who writes the file.
fn in_words(expected: &str) -> String {
    match expected {
        "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "i64" => "a whole number".to_owned(),
        "literal string" | "a string" => "text in quotation marks".to_owned(),
        "a sequence" => "a list in square brackets".to_owned(),
        "any valid TOML value" => {
            "a value in the form of TOML, whole numbers below 2^63".to_owned()
        }
        other => other.to_owned(),
    }
}

/// Returns the first line of a value, at most 60 characters.
fn shortened(value: &str) -> String {
    let line = value.lines().next().unwrap_or("").trim();
    if line.chars().count() <= 60 {
        return line.to_owned();
    }
    line.chars().take(57).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::Study;
    use super::*;

    const HLH: &str = include_str!("../../studies/hlh.toml");

    fn syntax(text: &str) -> SyntaxError {
        match Study::from_toml(text, "own.toml").unwrap_err() {
            StudyError::Syntax(error) => *error,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let error = syntax(&HLH.replace("comparator = \"all\"", "comparater = \"all\""));
        assert_eq!((error.table.as_str(), error.key.as_deref()), ("exposure", Some("comparater")));
        assert_eq!(error.column, 1);
        assert!(error.expected.contains("`comparator`"), "{error}");
        let line = HLH.lines().position(|line| line.starts_with("comparator")).unwrap() + 1;
        assert_eq!(error.line, line);
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named() {
        let error = syntax(&HLH.replace("minimum_cases = 3", "minimum_cases = \"three\""));
        assert_eq!(error.key.as_deref(), Some("minimum_cases"));
        assert_eq!(error.value, "\"three\"");
        assert_eq!(error.expected, "a whole number, 0 or more");
        let text = error.to_string();
        assert!(
            text.starts_with("own.toml, line ") && text.contains("key \"minimum_cases\""),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_word_is_named_with_the_words_there_are() {
        let error = syntax(&HLH.replacen("mechanism = [\"HS\"]", "mechanism = [\"XX\"]", 1));
        assert_eq!((error.table.as_str(), error.key.as_deref()), ("agents", Some("mechanism")));
        assert_eq!(error.value, "\"XX\"");
        assert!(error.expected.contains("`PARA`"), "{error}");
    }

    #[test]
    fn a_missing_key_is_named_with_its_table() {
        let error = syntax(&HLH.replace("authority = \"FDA\"\n", ""));
        assert_eq!((error.table.as_str(), error.key.as_deref()), ("alerts", Some("authority")));
        assert_eq!((error.value.as_str(), error.expected.as_str()), ("", "a key `authority` here"));
        assert_eq!(syntax("spec = 1").key.as_deref(), Some("id"));
    }

    #[test]
    fn broken_toml_has_a_place() {
        let error = syntax("spec = 1\nid = \"x\ntitle = \"t\"\n");
        assert_eq!(error.line, 2);
        assert_eq!(syntax("").line, 1);
        assert_eq!(syntax("spec = 1\nspec = 1\n").line, 2);
        assert!(syntax("[[[").to_string().starts_with("own.toml, line 1"));
    }

    #[test]
    fn another_spec_is_refused_before_anything_else() {
        let error = Study::from_toml("spec = 2\nnew_key = 1\n", "own.toml").unwrap_err();
        assert!(matches!(error, StudyError::Spec { spec: 2, .. }));
        assert!(error.to_string().starts_with("own.toml: spec is 2. Expected spec = 1"));
    }

    #[test]
    fn an_unknown_study_is_told_the_known_ones() {
        let text = Study::embedded("hlhh").unwrap_err().to_string();
        assert!(text.contains("\"hlhh\"") && text.contains("one of: hlh;"), "{text}");
    }

    #[test]
    fn every_problem_has_its_own_line() {
        let text = HLH
            .replace("\"ror\"", "\"rorr\"")
            .replace("2018-04-25\"\nauthority", "25.4.18\"\nauthority");
        let error = Study::from_toml(&text, "own.toml").unwrap_err().to_string();
        assert!(error.starts_with("own.toml: 2 problems."), "{error}");
        assert_eq!(error.lines().count(), 3, "{error}");
    }
}
