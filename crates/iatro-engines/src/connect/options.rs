//! Limits of a session.

use std::time::Duration;

/// Limits of a session. All of them end in an error, never in a shorter answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How long a query may take, from the call to the last row.
    pub deadline: Duration,
    /// How long the server may take to accept a connection, and as long again to agree on TLS; at every connection.
    pub connect: Duration,
    /// How long the connection may be quiet before the server is asked whether it is still there.
    pub keep_alive: Duration,
    /// How long it may take to answer that.
    pub keep_alive_timeout: Duration,
    /// The largest message that is accepted, in bytes.
    pub message_bytes: usize,
    /// The largest answer that is kept, in bytes of its encoded rows.
    pub answer_bytes: usize,
    /// Certificates (PEM) to trust beside those of the system, for servers with a certificate of their own house.
    pub certificates: Option<Vec<u8>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(30 * 60),
            connect: Duration::from_secs(10),
            keep_alive: Duration::from_secs(8),
            keep_alive_timeout: Duration::from_secs(7),
            message_bytes: 128 << 20,
            answer_bytes: 1 << 30,
            certificates: None,
        }
    }
}

impl Options {
    /// The usual limits with another deadline.
    pub fn with_deadline(deadline: Duration) -> Self {
        Self { deadline, ..Self::default() }
    }
}
