//! Servers for tests: started on loopback, stopped when dropped, bounded in time whatever happens.
//!
//! Included by test binaries, also of other crates beside this one, with `#[path = "…/support/launch.rs"] mod launch;`.

#![allow(dead_code, unused_imports)]

mod cluster;
mod process;
mod python;
mod sail;
mod server;
mod spark;

pub(crate) use cluster::Cluster;
pub(crate) use process::{Process, signal};
pub(crate) use python::NOTES;
pub(crate) use sail::{sail, sail_with};
pub(crate) use server::Server;
pub(crate) use spark::{is_asked_for, spark};
