//! Sail: a small engine that speaks the protocol of Spark Connect.

use std::time::Duration;

use super::Server;
use super::process::Process;
use super::python::{cannot_be_installed, environment, python};

const REQUIREMENTS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../iatro-engines/tests/support/sail.txt");

/// A Sail server with variables of its own; none if Python is not there to install it, which is said.
pub(crate) fn sail_with(variables: &[(&str, &str)]) -> Option<Server> {
    let environment = match environment(REQUIREMENTS) {
        Ok(environment) => environment,
        Err(why) => {
            cannot_be_installed("Sail", &why);
            return None;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("sail.log");
    let program = environment.join("bin/sail");
    let arguments = ["spark", "server", "--ip", "127.0.0.1", "--port", "0"];
    let mut process = Process::start(&python(&environment), &program, &arguments, variables, &log);
    let port = process.wait_for(Duration::from_secs(60), |process| port(&process.said()));
    let mut server = Server { process, port, folder };
    server.wait(Duration::from_secs(60));
    Some(server)
}

/// A Sail server.
pub(crate) fn sail() -> Option<Server> {
    sail_with(&[])
}

/// The port in "… server on 127.0.0.1:37451...".
fn port(said: &str) -> Option<u16> {
    let (_, after) = said.split_once("server on 127.0.0.1:")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    // The line may not be whole yet.
    if after.len() > digits.len() { digits.parse().ok() } else { None }
}
