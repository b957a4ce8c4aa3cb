//! The header of a table: where its columns stand, and which fields of a broken line can stand in
//! them.

use std::ops::Range;

use super::layout::{ColumnKind, FaersTable, ID, column_kind};
use crate::error::{Error, Place, Result};
use crate::input::Member;
use crate::text::trimmed;

/// The columns of a table, in the order of its header.
pub(crate) struct Header {
    names: Vec<String>,
    kinds: Vec<ColumnKind>,
    /// Where the report's identifier stands.
    id: usize,
}

impl Header {
    pub(super) fn parse(line: &str) -> Self {
        let mut names: Vec<String> =
            line.split('$').map(|name| name.trim().to_ascii_lowercase()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let kinds = names.iter().map(|name| column_kind(name)).collect();
        let mut header = Self { names, kinds, id: 0 };
        header.id = header.column(ID).unwrap_or_default();
        header
    }

    /// The position of the first of these names that the header has.
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.iter().position(|n| n == name))
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn columns(&self) -> usize {
        self.names.len()
    }

    pub(super) fn is_legacy(&self) -> bool {
        self.column(&["isr"]).is_some()
    }

    pub(super) fn check(&self, table: FaersTable, member: &Member) -> Result<()> {
        for names in table.required_columns() {
            if self.column(names).is_some() {
                continue;
            }
            let wanted: Vec<_> = names.iter().map(|n| format!("\"{n}\"")).collect();
            return Err(Error::bad_data(
                Place::line(member.name(), 1),
                format!("no column {} (found: {})", wanted.join(" or "), shorten(&self.names)),
                format!(
                    "Expected the header of a FAERS {} table. Check that the file is one, and whole.",
                    table.name().to_uppercase()
                ),
            ));
        }
        Ok(())
    }

    /// Whether the fields can be a row, or its beginning: an identifier, and fitting values.
    pub(super) fn fits(&self, text: &str, fields: &[Range<usize>]) -> bool {
        self.has_id(text, fields)
            && fields.iter().zip(&self.kinds).all(|(range, kind)| kind.admits(value(text, range)))
    }

    /// Whether a number stands where the identifier should.
    pub(super) fn has_id(&self, text: &str, fields: &[Range<usize>]) -> bool {
        let id = fields.get(self.id).map_or("", |range| value(text, range));
        let id = trimmed(id);
        !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())
    }

    /// Whether a short line begins a row of its own rather than continuing the one before.
    pub(super) fn begins_row(&self, text: &str, fields: &[Range<usize>]) -> bool {
        let second = fields.get(1).map_or("", |range| value(text, range));
        !second.trim().is_empty() && self.fits(text, fields)
    }

    /// Whether the fields are two or more whole rows, each with an identifier and fitting values.
    pub(super) fn is_glued(&self, text: &str, fields: &[Range<usize>]) -> bool {
        let columns = self.columns();
        columns > 1
            && fields.len() >= 2 * columns
            && fields.len().is_multiple_of(columns)
            && fields.chunks(columns).all(|row| self.fits(text, row))
    }

    /// The fields with the two neighbours joined that an embedded `$` has parted.
    ///
    /// Only when the typed columns leave one place for it, or several among free texts that name no
    /// drug and no term. Of these the sender's number is taken, where published files have it; else
    /// the first.
    pub(super) fn merged(&self, text: &str, fields: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
        let candidates = self.merges(text, fields);
        let first = *candidates.first()?;
        if candidates.len() > 1 && self.names_something(&candidates) {
            return None;
        }
        let number = candidates.iter().find(|&&at| self.names[at] == "mfr_num");
        Some(merge_at(fields, *number.unwrap_or(&first)))
    }

    /// Whether the last of one field too many is only the end of the row.
    ///
    /// `ended`: whether rows of this file end in a delimiter that the header lacks. Where they do not,
    /// it is only the end if no value can have been parted.
    pub(super) fn is_only_ended(&self, text: &str, fields: &[Range<usize>], ended: bool) -> bool {
        let fits = self.fits(text, &fields[..self.columns()]);
        if ended {
            fits || self.merged(text, fields).is_none()
        } else {
            fits && self.merges(text, fields).is_empty()
        }
    }

    /// The places where joining a field with the next makes a row of fitting values. A blank behind
    /// the last delimiter is no part of a value.
    fn merges(&self, text: &str, fields: &[Range<usize>]) -> Vec<usize> {
        if fields.len() != self.columns() + 1 {
            return Vec::new();
        }
        (0..self.columns())
            .filter(|&at| self.kinds[at] == ColumnKind::Text)
            .filter(|&at| at + 1 < self.columns() || !is_blank(text, fields.last()))
            .filter(|&at| self.fits(text, &merge_at(fields, at)))
            .collect()
    }

    fn names_something(&self, columns: &[usize]) -> bool {
        let names = ["drugname", "prod_ai", "pt", "indi_pt"];
        columns.iter().any(|&at| names.contains(&self.names[at].as_str()))
    }
}

fn merge_at(fields: &[Range<usize>], at: usize) -> Vec<Range<usize>> {
    let mut merged = fields.to_vec();
    let next = merged.remove(at + 1);
    merged[at].end = next.end;
    merged
}

fn is_blank(text: &str, field: Option<&Range<usize>>) -> bool {
    field.is_none_or(|range| value(text, range).trim().is_empty())
}

fn value<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    text.get(range.clone()).unwrap_or_default()
}

fn shorten(names: &[String]) -> String {
    let mut shown: String = names.join(", ").chars().take(160).collect();
    if shown.is_empty() {
        shown.push_str("nothing");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faers::fields::field_ranges;

    const DRUG: &str = "ISR$DRUG_SEQ$ROLE_COD$DRUGNAME$VAL_VBM$DOSE_VBM$DECHAL";

    fn values<'a>(text: &'a str, fields: &[Range<usize>]) -> Vec<&'a str> {
        fields.iter().map(|range| value(text, range)).collect()
    }

    #[test]
    fn columns_are_found_by_any_name_case_and_place() {
        let header = Header::parse("Sex$ PRIMARYID $rept_dt $$");
        assert_eq!(header.columns(), 3);
        assert_eq!(header.column(&["isr", "primaryid"]), Some(1));
        assert_eq!(header.column(&["rept_dt"]), Some(2));
        assert_eq!(header.column(&["wt"]), None);
        assert!(!header.is_legacy() && Header::parse(DRUG).is_legacy());
        let text = "F$71$x";
        assert!(header.has_id(text, &field_ranges(text.as_bytes())));
    }

    #[test]
    fn a_line_that_continues_a_row_does_not_begin_one() {
        let header = Header::parse(DRUG);
        let begins = |text: &str| header.begins_row(text, &field_ranges(text.as_bytes()));
        assert!(begins("11$5$PS") && begins("11$5$PS$A$1$ORAL$Y$"));
        for text in ["MORNING$Y", "5 MG$5", "5$$$", "5$Y$", "", "$5"] {
            assert!(!begins(text), "{text}");
        }
    }

    #[test]
    fn whole_rows_are_told_from_a_value_with_delimiters() {
        let header = Header::parse(DRUG);
        let glued = |text: &str| header.is_glued(text, &field_ranges(text.as_bytes()));
        let row = "11$5$PS$A$1$ORAL$Y";
        assert!(glued(&[row, row].join("$")) && glued(&[row, row, row].join("$")));
        for text in [
            row.to_owned(),
            format!("{row}$x{row}"),
            format!("{row}$$5$PS$A$1$ORAL$Y"),
            format!("{row}$11$5$PS$A$1$ORAL$SOMETHING LONG"),
            format!("{row}$11$5$PS$A$1$ORAL"),
        ] {
            assert!(!glued(&text), "{text}");
        }
    }

    #[test]
    fn a_parted_value_is_joined_only_where_its_place_is_clear() {
        let header = Header::parse(DRUG);
        let merged = |text: &'static str| {
            let fields = field_ranges(text.as_bytes());
            header.merged(text, &fields).map(|fields| values(text, &fields))
        };
        assert_eq!(merged("11$5$PS$A NAME$NO CODE$NOR THIS$1$Y"), None, "no place fits");
        let clear = merged("11$5$PS$PART$OF A NAME$1$ORAL$Y");
        assert_eq!(clear, Some(vec!["11", "5", "PS", "PART$OF A NAME", "1", "ORAL", "Y"]));
        let dose = merged("11$5$PS$TWO WORDS$1$HALF A$TABLET$Y");
        assert_eq!(dose, Some(vec!["11", "5", "PS", "TWO WORDS", "1", "HALF A$TABLET", "Y"]));
        assert_eq!(merged("11$5$PS$A$B$1$C$Y"), None, "a name or a dose");
        assert_eq!(merged("11$5$PS$A$1$ORAL$Y"), None, "nothing is parted");
    }

    #[test]
    fn the_end_of_a_row_is_told_from_a_parted_value() {
        let header = Header::parse(DRUG);
        let ended =
            |text: &str, ended| header.is_only_ended(text, &field_ranges(text.as_bytes()), ended);
        let row = "11$5$PS$A NAME$1$HALF A TABLET$Y$";
        assert!(ended(row, true) && !ended(row, false), "the dose may go on in the last column");
        let parted = "11$5$PS$A NAME$1$HALF A TABLET$AND A QUARTER$";
        assert!(!ended(parted, true) && !ended(parted, false));
        let either = "11$5$PS$A$B$ORAL$$";
        assert!(ended(either, true) && !ended(either, false));
        let junk = "11$5$PS$A NAME$SOME LONG WORDS$x y$HALF A TABLET$";
        assert!(ended(junk, true) && !ended(junk, false));
    }
}
