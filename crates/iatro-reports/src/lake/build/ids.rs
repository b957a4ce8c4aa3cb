//! Ids of names and terms in a snapshot, in place of a part's own symbols.

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow_schema::ArrowError;

use crate::lake::schema::Table;
use crate::lake::usage::Usage;
use crate::part::{Child, Symbols};

/// The column of symbols that a child table has.
pub(super) fn symbol_column(table: Table) -> Option<&'static str> {
    match table {
        Table::Drug => Some("name_id"),
        Table::Event | Table::Indication => Some("term_id"),
        _ => None,
    }
}

/// The ids that the names and terms of one part have in the snapshot.
pub(super) struct Ids {
    names: Vec<Option<u32>>,
    terms: Vec<Option<u32>>,
}

impl Ids {
    pub(super) fn new(part: &Symbols) -> Self {
        Self { names: vec![None; part.names().len()], terms: vec![None; part.terms().len()] }
    }

    /// Gives ids to the symbols of a child table that have none yet.
    ///
    /// In the order of reports, so that ids do not depend on how the parts came in.
    pub(super) fn assign(
        &mut self,
        (table, child): (Table, &Child),
        order: &[u32],
        part: &Symbols,
        snapshot: &mut Symbols,
    ) -> Result<(), ArrowError> {
        let Some(column) = symbol_column(table) else { return Ok(()) };
        let symbols = uint32(&child.columns, column)?.values();
        let known = if table == Table::Drug { &mut self.names } else { &mut self.terms };
        for &row in order {
            let symbol = symbols[row as usize] as usize;
            if known.get(symbol).ok_or_else(no_symbol)?.is_some() {
                continue;
            }
            let id = if table == Table::Drug {
                snapshot.name(part.names().get(symbol).ok_or_else(no_symbol)?.clone())
            } else {
                let term = part.terms().get(symbol).ok_or_else(no_symbol)?;
                snapshot.folded_term(term.folded.clone(), term.variants.iter().cloned())
            };
            known[symbol] = Some(id);
        }
        Ok(())
    }

    /// Counts the rows of names and terms in current reports, and the versions terms are seen in.
    pub(super) fn count(
        &self,
        (table, child): (Table, &Child),
        is_current: impl Fn(u32) -> bool,
        usage: &mut Usage,
    ) -> Result<(), ArrowError> {
        let Some(column) = symbol_column(table) else { return Ok(()) };
        let symbols = uint32(&child.columns, column)?.values();
        let versions = versions(child);
        for (row, (&symbol, &owner)) in symbols.iter().zip(&child.owner).enumerate() {
            let id = self.of(table, symbol)? as usize;
            if let Some(versions) = versions.filter(|v| v.is_valid(row)) {
                usage.see_version(id, versions.value(row));
            }
            if is_current(owner) {
                usage.count(table, id);
            }
        }
        Ok(())
    }

    /// A column of symbols as ids.
    pub(super) fn column(
        &self,
        table: Table,
        symbols: &ArrayRef,
    ) -> Result<UInt32Array, ArrowError> {
        let wrong = || ArrowError::SchemaError("expected a column of u32".to_owned());
        let symbols: &UInt32Array = symbols.as_any().downcast_ref().ok_or_else(wrong)?;
        let ids = symbols.values().iter().map(|&symbol| self.of(table, symbol));
        Ok(UInt32Array::from(ids.collect::<Result<Vec<u32>, _>>()?))
    }

    /// The terms of the part that have an id.
    pub(super) fn terms(&self) -> &[Option<u32>] {
        &self.terms
    }

    fn of(&self, table: Table, symbol: u32) -> Result<u32, ArrowError> {
        let known = if table == Table::Drug { &self.names } else { &self.terms };
        known.get(symbol as usize).copied().flatten().ok_or_else(no_symbol)
    }
}

/// Dictionary versions, where a table has them and they say anything.
fn versions(child: &Child) -> Option<&StringArray> {
    let column = child.columns.column_by_name("dictionary_version")?;
    let versions: &StringArray = column.as_any().downcast_ref()?;
    (versions.null_count() < versions.len()).then_some(versions)
}

fn uint32<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b UInt32Array, ArrowError> {
    let wrong = || ArrowError::SchemaError(format!("expected a column {name} of u32"));
    batch.column_by_name(name).and_then(|c| c.as_any().downcast_ref()).ok_or_else(wrong)
}

fn no_symbol() -> ArrowError {
    ArrowError::InvalidArgumentError("a row with a symbol that its part lacks".to_owned())
}
