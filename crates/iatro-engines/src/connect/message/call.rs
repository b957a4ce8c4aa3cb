//! The calls of the service and what they answer.

use super::Plan;

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct UserContext {
    #[prost(string, tag = "1")]
    pub(crate) user_id: String,
}

/// A message without fields: what counts is that it is there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, prost::Message)]
pub(crate) struct Nothing {}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ExecutePlanRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(message, optional, tag = "3")]
    pub(crate) plan: Option<Plan>,
    #[prost(string, optional, tag = "4")]
    pub(crate) client_type: Option<String>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) request_options: Vec<RequestOption>,
    #[prost(string, optional, tag = "6")]
    pub(crate) operation_id: Option<String>,
    #[prost(string, optional, tag = "8")]
    pub(crate) observed: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct RequestOption {
    #[prost(oneof = "Requested", tags = "1")]
    pub(crate) kind: Option<Requested>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Requested {
    #[prost(message, tag = "1")]
    Reattach(ReattachOptions),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, prost::Message)]
pub(crate) struct ReattachOptions {
    #[prost(bool, tag = "1")]
    pub(crate) reattachable: bool,
}

/// One message of the stream that answers a plan.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ExecutePlanResponse {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(string, tag = "12")]
    pub(crate) operation_id: String,
    #[prost(string, tag = "13")]
    pub(crate) response_id: String,
    #[prost(string, tag = "15")]
    pub(crate) server_side_session_id: String,
    /// Rows or the end; anything else a server sends (progress, metrics) reads as none.
    #[prost(oneof = "Payload", tags = "2, 14")]
    pub(crate) payload: Option<Payload>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Payload {
    #[prost(message, tag = "2")]
    Rows(ArrowBatch),
    #[prost(message, tag = "14")]
    Complete(Nothing),
}

/// Rows as an Arrow IPC stream with one batch.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ArrowBatch {
    #[prost(int64, tag = "1")]
    pub(crate) row_count: i64,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) data: Vec<u8>,
    /// How many rows of the answer come before these.
    #[prost(int64, optional, tag = "3")]
    pub(crate) start_offset: Option<i64>,
    /// More than one if a batch comes in pieces, which this client does not ask for.
    #[prost(int64, optional, tag = "5")]
    pub(crate) chunks: Option<i64>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReattachExecuteRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(string, tag = "3")]
    pub(crate) operation_id: String,
    #[prost(string, optional, tag = "4")]
    pub(crate) client_type: Option<String>,
    /// The last message that arrived: the stream goes on behind it.
    #[prost(string, optional, tag = "5")]
    pub(crate) last_response_id: Option<String>,
    #[prost(string, optional, tag = "6")]
    pub(crate) observed: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReleaseExecuteRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(string, tag = "3")]
    pub(crate) operation_id: String,
    #[prost(string, optional, tag = "4")]
    pub(crate) client_type: Option<String>,
    #[prost(oneof = "Release", tags = "5")]
    pub(crate) release: Option<Release>,
}

#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum Release {
    #[prost(message, tag = "5")]
    All(Nothing),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReleaseExecuteResponse {
    #[prost(string, optional, tag = "2")]
    pub(crate) operation_id: Option<String>,
}

/// The type of an interrupt that names an operation.
pub(crate) const INTERRUPT_OPERATION: i32 = 3;

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct InterruptRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(string, optional, tag = "3")]
    pub(crate) client_type: Option<String>,
    #[prost(int32, tag = "4")]
    pub(crate) interrupt_type: i32,
    #[prost(string, optional, tag = "6")]
    pub(crate) operation_id: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct InterruptResponse {
    #[prost(string, repeated, tag = "2")]
    pub(crate) interrupted_ids: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AnalyzePlanRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(string, optional, tag = "3")]
    pub(crate) client_type: Option<String>,
    #[prost(oneof = "Asked", tags = "10")]
    pub(crate) asked: Option<Asked>,
}

#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum Asked {
    #[prost(message, tag = "10")]
    Version(Nothing),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AnalyzePlanResponse {
    #[prost(string, tag = "15")]
    pub(crate) server_side_session_id: String,
    #[prost(oneof = "Analyzed", tags = "8")]
    pub(crate) analyzed: Option<Analyzed>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Analyzed {
    #[prost(message, tag = "8")]
    Version(VersionText),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct VersionText {
    #[prost(string, tag = "1")]
    pub(crate) version: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReleaseSessionRequest {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) user_context: Option<UserContext>,
    #[prost(string, optional, tag = "3")]
    pub(crate) client_type: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReleaseSessionResponse {
    #[prost(string, tag = "1")]
    pub(crate) session_id: String,
}
