//! REDCap: a data dictionary that any project can import, and a case as its record.
//!
//! One form of the patient and the event, and five that repeat: observations, triggers, drugs, their courses, and answers
//! to causality questions. A number in the unit of the catalogue goes into a field of its own with that unit's limits;
//! every other number is kept as recorded, with its unit, beside it. A full day goes into a date field; every other time
//! is kept as text.

mod dictionary;
mod field;
mod read;
mod record;

pub use dictionary::{COLUMNS, dictionary};
pub use read::read_record;
pub use record::{RecordCsv, record};
