//! The engines that the suite runs on.

use iatro_engines::datafusion::DataFusion;
use iatro_signals::count::sql::SqlSession;

/// An engine, and how many random corpora it is asked about: a start of a job elsewhere costs more.
pub struct Engine {
    pub session: Box<dyn SqlSession>,
    pub corpora: u32,
}

/// Runs a test on every engine there is.
pub fn each(test: impl Fn(&Engine)) {
    let session = Box::new(DataFusion::new(Some(1 << 30)).unwrap());
    test(&Engine { session, corpora: 48 });
}
