//! Counting on an engine that reads SQL: the plan goes there as text and as sets of bits, only counts come back.

mod error;
mod session;

pub use error::{SessionError, SessionErrorKind};
pub use session::SqlSession;
