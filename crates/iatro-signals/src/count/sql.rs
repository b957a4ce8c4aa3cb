//! Counting on an engine that reads SQL: the plan goes there as text and as sets of bits, only counts come back.
//!
//! One text for every engine (DataFusion, Spark, Sail, DuckDB): bit operations on BIGINT, every id cast to it, no
//! function that one of them spells otherwise. Control totals are other texts over the same tables: semi-joins and
//! distinct reports where the count joins and adds.

mod answer;
mod control;
mod engine;
mod engines;
mod error;
mod extent;
mod pairs;
mod plan;
mod session;
mod strata;
mod text;
mod upload;

pub use engine::SqlEngine;
pub use engines::SqlEngines;
pub use error::{SessionError, SessionErrorKind};
pub use extent::Extent;
pub use session::SqlSession;
