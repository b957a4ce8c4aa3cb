//! A server that speaks Spark Connect, for one test.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use iatro_engines::connect::{ConnectUrl, Options, Session};
use iatro_signals::count::sql::SessionError;
use tempfile::TempDir;

use super::Process;

/// A server with its own folder for logs and temporary files; stopped when dropped.
pub(crate) struct Server {
    pub(crate) process: Process,
    pub(crate) port: u16,
    /// Removed behind the process.
    pub(super) folder: TempDir,
}

impl Server {
    pub(crate) fn url(&self) -> ConnectUrl {
        ConnectUrl::parse(&format!("sc://127.0.0.1:{}", self.port)).unwrap()
    }

    pub(crate) fn connect(&self, options: Options) -> Result<Session, SessionError> {
        Session::connect(&self.url(), options)
    }

    /// A session with a deadline that leaves a slow machine time.
    pub(crate) fn session(&self) -> Session {
        self.connect(Options::with_deadline(Duration::from_secs(300))).unwrap()
    }

    /// Waits until the server answers a query.
    pub(super) fn wait(&mut self, within: Duration) {
        let began = Instant::now();
        loop {
            let tried = self.connect(Options::with_deadline(Duration::from_secs(120)));
            let Err(error) = tried else { return };
            if let Some(status) = self.process.ended() {
                panic!("the server ended with {status}:\n{}", self.process.said());
            }
            assert!(began.elapsed() < within, "{error}\n{}", self.process.said());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
