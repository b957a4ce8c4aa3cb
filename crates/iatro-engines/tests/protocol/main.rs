//! One suite for every engine that reads SQL: whatever is counted in this process is counted there alike, and what
//! an engine sees that is not this snapshot is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod counts;
mod draw;
mod engines;
mod lake;
mod pairs;
mod refused;
mod strata;
mod wrong;
