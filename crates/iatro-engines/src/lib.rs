//! What is outside of this process or too large for a default build: sessions on engines that read SQL, behind one trait
//! ([`SqlSession`](iatro_signals::count::sql::SqlSession)), and lakes on object storage.
//!
//! Each engine is a feature, because each costs build time that counting in this process does not need. Never here:
//! what is counted, statistics, or the terminal.

#[cfg(feature = "spark")]
pub mod connect;
#[cfg(feature = "datafusion")]
pub mod datafusion;
#[cfg(feature = "s3")]
pub mod storage;
