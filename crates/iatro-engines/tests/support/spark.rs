//! Spark in one process, with its Connect server.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::Server;
use super::process::Process;
use super::python::{cannot_be_installed, environment, python, skipped};
use super::server::free_port;

const REQUIREMENTS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../iatro-engines/tests/support/spark.txt");
pub(crate) const CONNECT: &str = "org.apache.spark.sql.connect.service.SparkConnectServer";
/// Set by `cargo xtask test --spark`.
const ASKED: &str = "IATRO_TEST_SPARK";

/// Whether Spark is to be tested; if not, that is said.
pub(crate) fn is_asked_for() -> bool {
    let asked = std::env::var_os(ASKED).is_some();
    if !asked {
        eprintln!("skipped: Spark is tested by `cargo xtask test --spark`");
    }
    asked
}

/// A local Spark with two threads and further settings; none, which is said, if it is not asked for or Java is missing.
pub(crate) fn spark(settings: &[(&str, &str)]) -> Option<Server> {
    let home = Home::find()?;
    let folder = tempfile::tempdir().unwrap();
    Some(connect_server(&home, "local[2]", settings, folder))
}

/// Where Spark is installed.
pub(crate) struct Home {
    pub(crate) python: PathBuf,
    pub(crate) path: PathBuf,
}

impl Home {
    pub(crate) fn find() -> Option<Self> {
        if !is_asked_for() {
            return None;
        }
        // Java comes first: without it nothing needs to be installed.
        if let Err(why) = java() {
            skipped("Spark", &why);
            return None;
        }
        match environment(REQUIREMENTS) {
            Ok(environment) => Some(Self::within(&environment)),
            Err(why) => {
                cannot_be_installed("Spark", &why);
                None
            }
        }
    }

    fn within(environment: &std::path::Path) -> Self {
        let lib = std::fs::read_dir(environment.join("lib")).unwrap();
        let path = lib.flatten().map(|version| version.path().join("site-packages/pyspark"));
        let path = path.into_iter().find(|path| path.is_dir()).unwrap();
        Self { python: python(environment), path }
    }

    /// Starts a class of Spark on loopback; the process is the JVM itself, for the scripts end by becoming it.
    pub(crate) fn start(
        &self,
        script: &str,
        arguments: &[&str],
        folder: &std::path::Path,
        log: &str,
    ) -> Process {
        let within = folder.to_str().unwrap();
        let environment = [
            ("SPARK_HOME", self.path.to_str().unwrap()),
            ("SPARK_LOCAL_IP", "127.0.0.1"),
            ("SPARK_LOCAL_HOSTNAME", "127.0.0.1"),
            ("SPARK_LOCAL_DIRS", within),
            ("SPARK_WORKER_DIR", within),
            ("SPARK_DAEMON_MEMORY", "1g"),
        ];
        let program = self.path.join("bin").join(script);
        Process::start(&self.python, &program, arguments, &environment, &folder.join(log))
    }
}

fn java() -> Result<(), String> {
    let output = Command::new("java").arg("-version").output();
    let output = output.map_err(|error| format!("Java cannot be started ({error})"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let version = said.split('"').nth(1).unwrap_or_default();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major >= Some(17) { Ok(()) } else { Err(format!("Java 17 or later is needed; {version}")) }
}

/// A Connect server over a master.
pub(crate) fn connect_server(
    home: &Home,
    master: &str,
    settings: &[(&str, &str)],
    folder: tempfile::TempDir,
) -> Server {
    let port = free_port();
    let mut settings: Vec<String> = settings.iter().map(|(k, v)| format!("{k}={v}")).collect();
    settings.extend([
        format!("spark.connect.grpc.binding.port={port}"),
        "spark.connect.grpc.binding.address=127.0.0.1".to_owned(),
        "spark.driver.bindAddress=127.0.0.1".to_owned(),
        "spark.driver.host=127.0.0.1".to_owned(),
        "spark.driver.memory=1g".to_owned(),
        "spark.ui.enabled=false".to_owned(),
        "spark.sql.shuffle.partitions=4".to_owned(),
        format!("spark.sql.warehouse.dir={}/warehouse", folder.path().display()),
    ]);
    let mut arguments = vec!["--master", master, "--class", CONNECT];
    for setting in &settings {
        arguments.extend(["--conf", setting]);
    }
    // What Spark itself puts where a class of its own is run, and no file of ours.
    arguments.push("spark-internal");
    let process = home.start("spark-submit", &arguments, folder.path(), "connect.log");
    let mut server = Server { process, port, folder };
    server.wait(Duration::from_secs(600));
    server
}
