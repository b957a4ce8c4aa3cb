//! The messages of the Spark Connect protocol that this client needs.
//!
//! Declared by hand, with the field numbers of Spark's published protocol. A field that is not named here is skipped
//! when read, as the protocol provides, so a newer server may send more than this client knows.

mod call;
mod detail;
mod plan;

pub(super) use call::{
    AnalyzePlanRequest, AnalyzePlanResponse, Analyzed, Asked, ExecutePlanRequest,
    INTERRUPT_OPERATION, InterruptRequest, InterruptResponse, Nothing, ReattachExecuteRequest,
    ReattachOptions, Release, ReleaseExecuteRequest, ReleaseExecuteResponse, ReleaseSessionRequest,
    ReleaseSessionResponse, RequestOption, Requested, UserContext,
};
pub(super) use call::{ArrowBatch, ExecutePlanResponse, Payload};
pub(super) use detail::error_class;
pub(super) use plan::{Plan, RelationKind};
#[cfg(test)]
pub(super) use {
    call::VersionText,
    detail::details_of_class,
    plan::{CommandKind, PlanKind},
};
