//! Which version a server says it is, and whether it is one to work with.

use std::time::Duration;

use iatro_signals::count::sql::{SessionError, SessionErrorKind};
use tonic::Status;

use super::link::{CLIENT, Link};
use super::message::{AnalyzePlanRequest, AnalyzePlanResponse, Analyzed, Asked, Nothing};
use super::trouble::{failed, is_of_the_network};

/// What a server says of its version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ServerVersion {
    /// A version, as in "4.3.0".
    Said(String),
    /// The server does not say it; why. Sail does not, unless PySpark is installed beside it.
    Unsaid(String),
}

/// The first version with streams that can be taken up again, on which every answer relies.
const FIRST: (u32, u32) = (3, 5);
/// The last major version whose protocol is known here.
const LAST_MAJOR: u32 = 4;

/// Asks for the version; an error if it is not one to work with, or if the server is not there.
pub(super) async fn checked(link: &Link) -> Result<ServerVersion, SessionError> {
    let doing = "asking for its version";
    let answer = match asked(link, link.options.connect).await {
        Ok(answer) => answer,
        Err(status) => {
            let error = failed(&link.name, doing, &status);
            let unsaid = error.kind == SessionErrorKind::Query && !is_of_the_network(&status);
            return if unsaid { Ok(ServerVersion::Unsaid(error.said)) } else { Err(error) };
        }
    };
    let lost = |said| SessionError::new(SessionErrorKind::Lost, &link.name, doing, said);
    link.observe(&answer.server_side_session_id).map_err(lost)?;
    let Some(Analyzed::Version(version)) = answer.analyzed else {
        return Ok(ServerVersion::Unsaid("an answer without a version".to_owned()));
    };
    if is_known(&version.version) {
        return Ok(ServerVersion::Said(version.version));
    }
    let said = format!("it is version \"{}\"; expected Spark 3.5 to 4.x", version.version);
    Err(SessionError::new(SessionErrorKind::Version, &link.name, doing, said))
}

async fn asked(link: &Link, within: Duration) -> Result<AnalyzePlanResponse, Status> {
    let request = AnalyzePlanRequest {
        session_id: link.session_id.clone(),
        user_context: link.user(),
        client_type: Some(CLIENT.to_owned()),
        asked: Some(Asked::Version(Nothing {})),
    };
    link.unary("AnalyzePlan", request, within).await
}

/// Whether the server answers at all, even with a refusal.
pub(super) async fn sign_of_life(link: &Link, within: Duration) -> Result<(), ()> {
    match asked(link, within).await {
        Err(status) if is_of_the_network(&status) => Err(()),
        _ => Ok(()),
    }
}

fn is_known(version: &str) -> bool {
    let mut numbers = version.split(['.', '-', '_', ' ']).map(|part| part.parse::<u32>().ok());
    let (Some(Some(major)), Some(Some(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    (major, minor) >= FIRST && major <= LAST_MAJOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_are_known_are_told_from_others() {
        for known in ["3.5.0", "3.5.6-databricks", "4.0.0", "4.3.0", "4.12.1-SNAPSHOT", "4.1"] {
            assert!(is_known(known), "{known}");
        }
        for other in ["3.4.4", "2.4.8", "5.0.0", "", "4", "four.0", "99999999999.1"] {
            assert!(!is_known(other), "{other}");
        }
    }
}
