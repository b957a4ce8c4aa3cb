//! Columns of the lake, by name and type.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Int32Array, RecordBatch, StringArray};
use iatro_reports::{Error, Place};

/// A column; a lake that verifies always has it.
pub(crate) fn column<'b, T: Array + 'static>(
    batch: &'b RecordBatch,
    name: &str,
) -> Result<&'b T, Error> {
    let found = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
    found.ok_or_else(|| defect(&format!("column {name} is missing or has another type")))
}

/// A column of numbered texts of a batch, of which each distinct one was asked for its meaning once.
pub(crate) struct Texts<'b, T> {
    numbers: &'b Int32Array,
    /// By number.
    meanings: Vec<T>,
    /// That of no text.
    of_none: T,
}

impl<'b, T: Copy> Texts<'b, T> {
    /// The column of a name, where `meaning` says what a text is, and no text.
    pub(crate) fn read(
        batch: &'b RecordBatch,
        name: &str,
        meaning: impl Fn(Option<&'b str>) -> T,
    ) -> Result<Self, Error> {
        let column = column::<DictionaryArray<Int32Type>>(batch, name)?;
        let wrong = || defect(&format!("column {name} holds other values than texts"));
        let texts: &StringArray = column.values().as_string_opt().ok_or_else(wrong)?;
        let numbers = column.keys();
        let has_text = |number| usize::try_from(number).is_ok_and(|number| number < texts.len());
        if !numbers.iter().flatten().all(has_text) {
            return Err(defect(&format!("column {name} has a number that stands for no text")));
        }
        let meanings = texts.iter().map(&meaning).collect();
        Ok(Self { numbers, meanings, of_none: meaning(None) })
    }

    /// What the text of a row means.
    pub(crate) fn of(&self, row: usize) -> T {
        if self.numbers.is_null(row) {
            return self.of_none;
        }
        let number = usize::try_from(self.numbers.value(row)).unwrap_or(usize::MAX);
        // Every number has a text, as was checked.
        self.meanings.get(number).copied().unwrap_or(self.of_none)
    }
}

/// A lake that holds what no ingest writes.
pub(crate) fn defect(what: &str) -> Error {
    Error::bad_data(
        Place::file("lake"),
        format!("the tables do not fit together ({what})"),
        "`iatro lake verify` tells whether the lake is damaged. If it is not, this is a defect of \
         iatro.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use arrow_array::ArrayRef;

    use super::*;

    #[test]
    fn a_text_means_the_same_on_every_row_and_none_is_not_one() {
        let said: DictionaryArray<Int32Type> =
            [Some("yes"), None, Some("no"), Some("yes")].into_iter().collect();
        let batch = RecordBatch::try_from_iter([
            ("said", Arc::new(said) as ArrayRef),
            ("plain", Arc::new(StringArray::from(vec!["yes"; 4]))),
        ])
        .unwrap();
        let meaning = |text: Option<&str>| text.map(|text| text == "yes");
        let texts = Texts::read(&batch, "said", meaning).unwrap();
        let meant: Vec<Option<bool>> = (0..4).map(|row| texts.of(row)).collect();
        assert_eq!(meant, [Some(true), None, Some(false), Some(true)]);
        for name in ["plain", "absent"] {
            let refused = Texts::read(&batch, name, meaning).map(drop).unwrap_err();
            assert!(refused.to_string().contains(name), "{refused}");
        }
    }
}
