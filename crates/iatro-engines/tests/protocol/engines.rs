//! The engines that the suite runs on.

use iatro_engines::datafusion::DataFusion;
use iatro_signals::count::sql::SqlSession;

/// An engine, and how many random corpora it is asked about: a question elsewhere costs more.
pub(crate) struct Engine {
    pub(crate) session: Box<dyn SqlSession>,
    pub(crate) corpora: u32,
}

pub(crate) fn datafusion() -> Engine {
    Engine { session: Box::new(DataFusion::new(Some(1 << 30)).unwrap()), corpora: 24 }
}

#[cfg(feature = "spark")]
pub(crate) fn of_server(server: &crate::launch::Server, corpora: u32) -> Engine {
    Engine { session: Box::new(server.session()), corpora }
}
