//! Spark, or what speaks its Connect protocol, over gRPC.
//!
//! A small client for one purpose: SQL over Parquet files that the server sees, with small results that are whole or an
//! error. What it does not take on trust:
//! - **The end of a stream.** Only the server's word that the result is complete ends it. A stream that ends earlier is
//!   taken up again behind the last message that arrived; servers cut streams after some minutes by design.
//! - **The number of rows.** Each batch says how many rows it has and how many came before; both are counted here.
//! - **A silent server.** HTTP/2 keep-alive finds a stopped one; every call has a deadline, after which the server is
//!   asked to give the query up.
//! - **A restarted server.** The id of its side of the session must stay; otherwise the tables opened on it are gone.
//!
//! What it cannot see: a server that says "complete" and has left out its last rows. The protocol has no number of all
//! rows; against that stand the control totals of counting.
//!
//! Every failure is one [`SessionError`](iatro_signals::count::sql::SessionError) that names the server.

mod answer;
mod follow;
mod link;
mod message;
mod options;
mod rows;
mod session;
mod trouble;
mod url;
mod version;

pub use options::Options;
pub use session::Session;
pub use url::{ConnectUrl, DEFAULT_PORT, UrlError};
pub use version::ServerVersion;

#[cfg(test)]
mod tests;
