//! What a command answers: rows for machines, a document for JSON, a text for people.

use serde_json::{Map, Number, Value};

/// A value of a row. Missing is missing: never 0, never an empty text that means something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Missing,
    Text(String),
    Count(u64),
    /// A whole number that may be below 0, as only queries give.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    Integer(i64),
    Number(f64),
    /// A number in digits that neither of the others holds exactly, as only queries give.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    Decimal(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Missing }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl Cell {
    /// As JSON; missing is null.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Text(text) | Self::Decimal(text) => Value::String(text.clone()),
            Self::Count(count) => Value::from(*count),
            Self::Integer(integer) => Value::from(*integer),
            Self::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
        }
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Text,
    Count,
    Number,
}

/// Rows with named columns; `N` is another kind of name where a question chooses the columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows<N = &'static str> {
    pub(crate) columns: Vec<(N, Kind)>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// What is to be said below the rows where they are for people (Markdown).
    pub(crate) note: Option<String>,
}

impl Rows {
    pub(crate) fn new(columns: &[(&'static str, Kind)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), note: None }
    }

    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// One JSON object a row.
    pub(crate) fn to_objects(&self) -> Vec<Value> {
        self.rows.iter().map(|row| self.to_object(row)).collect()
    }

    /// A row of these columns as a JSON object.
    pub(crate) fn to_object(&self, row: &[Cell]) -> Value {
        let named = self.columns.iter().zip(row);
        let fields = named.map(|((name, _), cell)| ((*name).to_owned(), cell.to_json()));
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

/// The answer of a command.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// For CSV, NDJSON, Markdown and Parquet.
    pub(crate) rows: Rows,
    /// For JSON; the rows as an array where a command has nothing richer.
    pub(crate) document: Value,
    /// For people.
    pub(crate) text: String,
}

impl Answer {
    /// An answer whose JSON is its rows.
    pub(crate) fn of_rows(rows: Rows, text: String) -> Self {
        let document = Value::Array(rows.to_objects());
        Self { rows, document, text }
    }
}
