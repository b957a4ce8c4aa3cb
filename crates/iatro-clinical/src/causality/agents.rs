//! t
use super::result::AgentClass;
pub(super) fn classes_of(_name: &str, _include_unverified: bool) -> Vec<AgentClass> {
    Vec::new()
}
