//! What the server does: an answer, and what goes wrong with each stream in turn.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_ipc::writer::StreamWriter;

use crate::connect::message::{ArrowBatch, ExecutePlanResponse, Nothing, Payload};

/// What goes wrong with one stream; the number is the message at which it does, counted within the stream.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// The stream ends in good order after so many messages.
    End(usize),
    /// The stream ends with "unavailable" after so many messages.
    Break(usize),
    /// The stream stays open and silent after so many messages.
    Stall(usize),
    Repeat(usize),
    /// Not the last: see `SkipLast`.
    Skip(usize),
    SkipLast,
    WrongOperation(usize),
    WrongSession(usize),
    Unnumbered(usize),
    WrongRows(usize),
    Garbage(usize),
    OtherColumns(usize),
    InPieces(usize),
    Restarted(usize),
    /// This stream and all that follow end without the word that the answer is complete.
    NeverComplete,
    /// That word alone.
    OnlyComplete,
    Gone,
    NoPath,
    Denied,
    Unknown,
    /// An error without a text, but with a class in its details.
    Wordless,
}

/// The server's part.
#[derive(Default)]
pub(super) struct Script {
    pub(super) batches: Vec<Vec<i64>>,
    pub(super) faults: VecDeque<Fault>,
    pub(super) version: Option<String>,
    pub(super) loses_rows: bool,
}

impl Script {
    pub(super) fn new(batches: &[Vec<i64>], faults: &[Fault]) -> Self {
        Self {
            batches: batches.to_vec(),
            faults: faults.iter().copied().collect(),
            version: Some("4.3.0".to_owned()),
            loses_rows: false,
        }
    }

    pub(super) fn of_version(mut self, version: Option<&str>) -> Self {
        self.version = version.map(ToOwned::to_owned);
        self
    }

    pub(super) fn that_loses_rows(mut self) -> Self {
        self.loses_rows = true;
        self
    }
}

/// Whom a stream answers.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) session: String,
    pub(super) operation: String,
}

/// The messages of a whole answer: batches, then the end.
pub(super) fn messages(batches: &[Vec<i64>], asker: &Asker) -> Vec<ExecutePlanResponse> {
    let mut offset = 0;
    let mut messages = Vec::new();
    for batch in batches {
        let rows = rows("n", batch, offset);
        offset += rows.row_count;
        messages.push(Some(Payload::Rows(rows)));
    }
    // What a client does not know, such as progress, comes between.
    messages.insert(0, None);
    messages.push(Some(Payload::Complete(Nothing {})));
    let numbered = |(number, payload)| ExecutePlanResponse {
        session_id: asker.session.clone(),
        operation_id: asker.operation.clone(),
        response_id: format!("{}-{number}", asker.operation),
        server_side_session_id: "side".to_owned(),
        payload,
    };
    messages.into_iter().enumerate().map(numbered).collect()
}

fn rows(column: &str, values: &[i64], offset: i64) -> ArrowBatch {
    let numbers: ArrayRef = Arc::new(Int64Array::from(values.to_vec()));
    let batch = RecordBatch::try_from_iter([(column, numbers)]).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    ArrowBatch {
        row_count: i64::try_from(values.len()).unwrap(),
        data: writer.into_inner().unwrap(),
        start_offset: Some(offset),
        chunks: None,
    }
}

/// Spoils messages that hold rows, counted among these.
pub(super) fn spoil(messages: &mut Vec<ExecutePlanResponse>, fault: Fault) {
    let with_rows: Vec<usize> = (0..messages.len())
        .filter(|&at| matches!(messages[at].payload, Some(Payload::Rows(_))))
        .collect();
    let nth = |n: usize| with_rows.get(n).copied();
    let before_the_last = |n: usize| nth(n).filter(|&at| Some(&at) != with_rows.last());
    let at = match fault {
        Fault::Skip(n) => before_the_last(n),
        Fault::SkipLast => with_rows.last().copied(),
        Fault::Repeat(n)
        | Fault::WrongOperation(n)
        | Fault::WrongSession(n)
        | Fault::Unnumbered(n)
        | Fault::WrongRows(n)
        | Fault::Garbage(n)
        | Fault::OtherColumns(n)
        | Fault::InPieces(n)
        | Fault::Restarted(n) => nth(n),
        _ => None,
    };
    let Some(at) = at else { return };
    match fault {
        Fault::Repeat(_) => messages.insert(at, messages[at].clone()),
        Fault::Skip(_) | Fault::SkipLast => drop(messages.remove(at)),
        Fault::WrongOperation(_) => messages[at].operation_id.push('x'),
        Fault::WrongSession(_) => messages[at].session_id.push('x'),
        Fault::Unnumbered(_) => messages[at].response_id.clear(),
        Fault::Restarted(_) => messages[at].server_side_session_id.push('x'),
        _ => spoil_rows(&mut messages[at], fault),
    }
}

fn spoil_rows(message: &mut ExecutePlanResponse, fault: Fault) {
    let Some(Payload::Rows(batch)) = &mut message.payload else { return };
    match fault {
        Fault::WrongRows(_) => batch.row_count += 1,
        Fault::Garbage(_) => batch.data = b"no arrow".to_vec(),
        Fault::OtherColumns(_) => {
            let offset = batch.start_offset.unwrap();
            *batch = rows("m", &vec![0; usize::try_from(batch.row_count).unwrap()], offset);
        }
        Fault::InPieces(_) => batch.chunks = Some(2),
        _ => {}
    }
}
