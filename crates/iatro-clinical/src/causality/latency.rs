//! t
use super::result::{DayRange, PublishedLatency};
pub(super) fn published_for(
    _name: &str,
    _latency: Option<DayRange>,
    _u: bool,
) -> Vec<PublishedLatency> {
    Vec::new()
}
