//! Sessions on engines that read SQL, behind one trait ([`SqlSession`](iatro_signals::count::sql::SqlSession)).
//!
//! Each engine is a feature, because each costs build time that counting in this process does not need. Never here:
//! what is counted, statistics, or the terminal.

#[cfg(feature = "spark")]
pub mod connect;
#[cfg(feature = "datafusion")]
pub mod datafusion;
