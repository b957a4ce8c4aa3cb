//! The quarters a call names: `2004Q1`, `2004Q1..2005Q2`, `2004Q1..`, `..2005Q4`, or a comma list.

use std::str::FromStr;

use crate::error::{Error, Place, Result};
use crate::faers::catalogue::CatalogueEntry;
use crate::faers::quarter::Quarter;

/// One or more spans of quarters, both ends included.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct QuarterRange {
    text: String,
    spans: Vec<Span>,
}

/// From one quarter to another, both included; an open end is the end of the catalogue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Span {
    from: Option<Quarter>,
    to: Option<Quarter>,
}

impl Span {
    fn contains(self, quarter: Quarter) -> bool {
        self.from.is_none_or(|from| from <= quarter) && self.to.is_none_or(|to| quarter <= to)
    }
}

impl QuarterRange {
    /// Whether a quarter is named, catalogued or not.
    pub fn contains(&self, quarter: Quarter) -> bool {
        self.spans.iter().any(|span| span.contains(quarter))
    }

    /// The entries of the named quarters, each once and in the catalogue's order.
    ///
    /// # Errors
    /// A quarter that is named outright, alone or as an end, is not among `entries`.
    pub fn select<'a>(&self, entries: &'a [CatalogueEntry]) -> Result<Vec<&'a CatalogueEntry>> {
        let ends = self.spans.iter().flat_map(|span| [span.from, span.to]).flatten();
        for quarter in ends {
            if !entries.iter().any(|entry| entry.quarter == quarter) {
                return Err(self.not_catalogued(quarter, entries));
            }
        }
        Ok(entries.iter().filter(|entry| self.contains(entry.quarter)).collect())
    }

    fn not_catalogued(&self, quarter: Quarter, entries: &[CatalogueEntry]) -> Error {
        let known = match (entries.first(), entries.last()) {
            (Some(first), Some(last)) => format!("{} to {}", first.quarter, last.quarter),
            _ => "none".to_owned(),
        };
        Error::usage(
            place(&self.text),
            format!("{quarter} is not in the catalogue of this version (it has {known})"),
            "Name a catalogued quarter, end with \"..\" for all up to the last one, or download a \
             newer quarter by hand: iatro ingest accepts it.",
        )
    }
}

impl FromStr for QuarterRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let spans = text.split(',').map(|item| span(item.trim(), text)).collect::<Result<_>>()?;
        Ok(Self { text: text.to_owned(), spans })
    }
}

fn span(item: &str, text: &str) -> Result<Span> {
    let Some((from, to)) = item.split_once("..") else {
        let only = Some(quarter(item, text)?);
        return Ok(Span { from: only, to: only });
    };
    let end = |part: &str| match part.trim() {
        "" => Ok(None),
        part => quarter(part, text).map(Some),
    };
    let span = Span { from: end(from)?, to: end(to)? };
    match (span.from, span.to) {
        (Some(from), Some(to)) if from > to => Err(Error::usage(
            place(text),
            format!("{from} is later than {to}"),
            format!("Write the earlier quarter first: {to}..{from}."),
        )),
        _ => Ok(span),
    }
}

fn quarter(part: &str, text: &str) -> Result<Quarter> {
    part.parse().map_err(|_| {
        let problem = match part {
            "" => "a quarter is missing".to_owned(),
            _ => format!("\"{part}\" is not a quarter"),
        };
        Error::usage(
            place(text),
            problem,
            "Expected quarters from 2004Q1 on: 2022Q4, 2004Q1..2005Q2, 2004Q1.., ..2005Q4, or \
             several of these with commas between them.",
        )
    })
}

fn place(text: &str) -> Place {
    Place::file(format!("quarters \"{text}\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::ErrorKind;
    use crate::faers::catalogue::catalogue;

    fn selected(text: &str) -> Vec<String> {
        let range: QuarterRange = text.parse().unwrap();
        let entries = range.select(catalogue()).unwrap();
        entries.iter().map(|entry| entry.quarter.to_string()).collect()
    }

    fn refused(text: &str) -> String {
        let error = match text.parse::<QuarterRange>() {
            Ok(range) => range.select(catalogue()).unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.kind(), ErrorKind::Usage, "{text}");
        error.to_string()
    }

    #[test]
    fn reads_every_form() {
        assert_eq!(selected("2004Q1"), ["2004Q1"]);
        assert_eq!(selected("2004q4..2005q2"), ["2004Q4", "2005Q1", "2005Q2"]);
        assert_eq!(selected("2026Q1.."), ["2026Q1", "2026Q2"]);
        assert_eq!(selected("..2004Q2"), ["2004Q1", "2004Q2"]);
        assert_eq!(selected("..").len(), 90);
        assert_eq!(selected("2022Q4 .. 2022Q4"), ["2022Q4"]);
    }

    #[test]
    fn a_list_is_sorted_and_has_every_quarter_once() {
        assert_eq!(
            selected("2022Q4, 2004Q1..2004Q3,2004Q2..2004Q4"),
            ["2004Q1", "2004Q2", "2004Q3", "2004Q4", "2022Q4"]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, part) in [
            ("", "quarters \"\": a quarter is missing. Expected"),
            ("2004Q1,", "a quarter is missing"),
            ("2004Q5", "\"2004Q5\" is not a quarter"),
            ("2004Q1...2005Q1", "\".2005Q1\" is not a quarter"),
            ("2004Q1-2005Q1", "\"2004Q1-2005Q1\" is not a quarter"),
            (
                "2005Q1..2004Q1",
                "2005Q1 is later than 2004Q1. Write the earlier quarter first: 2004Q1",
            ),
            ("2026Q3", "2026Q3 is not in the catalogue of this version (it has 2004Q1 to 2026Q2)"),
            ("2004Q1..2030Q1", "2030Q1 is not in the catalogue"),
        ] {
            let message = refused(text);
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
