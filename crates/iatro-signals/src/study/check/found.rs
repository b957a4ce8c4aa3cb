//! The collector of problems, with the checks that several sections share.

use std::collections::BTreeSet;

use iatro_reports::dictionary::term::fold_term;

use super::Problem;
use crate::study::method::{Named, names_of};

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Found(pub(crate) Vec<Problem>);

impl Found {
    pub(crate) fn add(
        &mut self,
        path: impl Into<String>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (path, problem, help) = (path.into(), problem.into(), help.into());
        self.0.push(Problem { path, problem, help });
    }

    pub(crate) fn text(&mut self, path: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(path, "empty text", "write a few words");
        }
    }

    pub(crate) fn identifier(&mut self, path: &str, name: &str) {
        let plain =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
            let problem = format!("{name:?} is not a name");
            self.add(path, problem, "use lower-case letters, digits, - and _, a letter first");
        }
    }

    /// Names every entry that stands twice once case and white space are ignored.
    pub(crate) fn unique<'a>(&mut self, path: &str, names: impl IntoIterator<Item = &'a String>) {
        let mut seen = BTreeSet::new();
        for (place, name) in names.into_iter().enumerate() {
            if !seen.insert(fold_term(name)) {
                self.add(
                    format!("{path}[{place}]"),
                    format!("{name:?} stands twice"),
                    "remove one",
                );
            }
        }
    }

    pub(crate) fn known(&mut self, path: &str, names: &[String], list: &[Named]) {
        for (place, name) in names.iter().enumerate() {
            if !list.iter().any(|known| known.name == name) {
                let problem = format!("no {} {name:?}", path.trim_end_matches('s'));
                let help = format!("use one of {}", names_of(list));
                self.add(format!("{path}[{place}]"), problem, help);
            }
        }
        self.unique(path, names);
    }

    pub(crate) fn substances(&mut self, path: &str, names: &[String]) {
        for (place, name) in names.iter().enumerate() {
            self.substance(&format!("{path}[{place}]"), name);
        }
    }

    pub(crate) fn substance(&mut self, path: &str, name: &str) {
        if name.is_empty() || name != fold_term(name) {
            let help = "write the international non-proprietary name in lower case";
            self.add(path, format!("{name:?} is not a substance name"), help);
        }
    }

    pub(crate) fn terms(&mut self, path: &str, names: &[String]) {
        for (place, name) in names.iter().enumerate() {
            self.text(&format!("{path}[{place}]"), name);
        }
        self.unique(path, names);
    }

    pub(crate) fn patterns(&mut self, path: &str, patterns: &[String]) {
        for (place, pattern) in patterns.iter().enumerate() {
            if !pattern.chars().any(char::is_alphanumeric) || *pattern != fold_term(pattern) {
                let problem = format!("pattern {pattern:?} describes no name");
                let help = "write lower-case words, with * for any text";
                self.add(format!("{path}[{place}]"), problem, help);
            }
        }
        self.unique(path, patterns);
    }
}
