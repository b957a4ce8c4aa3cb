//! The rows of an answer, counted as they arrive.

use std::collections::HashSet;
use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_schema::SchemaRef;

use super::message::{ArrowBatch, ExecutePlanResponse, Payload};

/// Whose answer it is.
pub(super) struct Whose<'a> {
    pub(super) session_id: &'a str,
    pub(super) operation_id: &'a str,
}

/// What has arrived of an answer.
#[derive(Default)]
pub(super) struct Answer {
    batches: Vec<RecordBatch>,
    schema: Option<SchemaRef>,
    rows: usize,
    bytes: usize,
    /// Ids of the messages that arrived: none may come twice.
    arrived: HashSet<String>,
    last: Option<String>,
    complete: bool,
}

impl Answer {
    /// The last message that arrived, behind which the stream is taken up again.
    pub(super) fn last(&self) -> Option<String> {
        self.last.clone()
    }

    /// Whether the server has said that the answer is whole.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// Takes the next message; an error says why it cannot belong to a whole answer.
    pub(super) fn take(
        &mut self,
        message: ExecutePlanResponse,
        whose: &Whose<'_>,
        limit: usize,
    ) -> Result<(), String> {
        check("session", &message.session_id, whose.session_id)?;
        check("operation", &message.operation_id, whose.operation_id)?;
        if message.response_id.is_empty() {
            return Err("a message without a number, so that none could be missed".to_owned());
        }
        if !self.arrived.insert(message.response_id.clone()) {
            return Err(format!("message {} came twice", message.response_id));
        }
        self.last = Some(message.response_id);
        match message.payload {
            Some(Payload::Rows(batch)) => self.take_rows(&batch, limit)?,
            Some(Payload::Complete(_)) => self.complete = true,
            None => {}
        }
        Ok(())
    }

    fn take_rows(&mut self, batch: &ArrowBatch, limit: usize) -> Result<(), String> {
        if let Some(chunks) = batch.chunks.filter(|&chunks| chunks > 1) {
            return Err(format!("a batch in {chunks} pieces, which was not asked for"));
        }
        if let Some(offset) = batch.start_offset
            && usize::try_from(offset).ok() != Some(self.rows)
        {
            return Err(format!("rows from {offset} on came after {} rows", self.rows));
        }
        self.bytes = self.bytes.saturating_add(batch.data.len());
        if self.bytes > limit {
            return Err(format!(
                "the answer is larger than {} MiB, which is as much as is kept",
                limit >> 20
            ));
        }
        let before = self.rows;
        self.decode(&batch.data)?;
        let rows = self.rows - before;
        if usize::try_from(batch.row_count).ok() == Some(rows) {
            return Ok(());
        }
        Err(format!("a batch of {rows} rows that was announced with {}", batch.row_count))
    }

    fn decode(&mut self, data: &[u8]) -> Result<(), String> {
        let unreadable = |error| format!("rows that cannot be read: {error}");
        let reader = StreamReader::try_new(Cursor::new(data), None).map_err(unreadable)?;
        let schema = self.schema.get_or_insert_with(|| reader.schema()).clone();
        if reader.schema().fields() != schema.fields() {
            return Err("batches with different columns".to_owned());
        }
        for batch in reader {
            let batch = batch.map_err(unreadable)?;
            self.rows += batch.num_rows();
            self.batches.push(batch);
        }
        Ok(())
    }

    /// The rows of a query. A query without rows has at least one batch that names its columns.
    pub(super) fn into_rows(self) -> Result<Vec<RecordBatch>, String> {
        let Some(schema) = self.schema.filter(|_| self.complete) else {
            return Err("an empty answer, without even the names of its columns".to_owned());
        };
        if self.batches.is_empty() {
            return Ok(vec![RecordBatch::new_empty(schema)]);
        }
        Ok(self.batches)
    }
}

fn check(what: &str, said: &str, ours: &str) -> Result<(), String> {
    if said == ours {
        return Ok(());
    }
    Err(format!("a message of {what} \"{said}\" in answer to {what} {ours}"))
}
