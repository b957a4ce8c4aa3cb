//! A standalone Spark cluster on loopback: a master, two workers, a Connect server.

use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::Server;
use super::process::{Process, children};
use super::server::free_port;
use super::spark::{Home, connect_server};

const WORKERS: usize = 2;

/// The cluster; stopped when dropped, the Connect server first.
pub(crate) struct Cluster {
    pub(crate) server: Server,
    pub(crate) workers: Vec<Process>,
    pub(crate) master: Process,
    home: Home,
    address: String,
    /// Where its processes write; removed behind them.
    folder: TempDir,
}

impl Cluster {
    /// Starts one with further settings for its Connect server; none, which is said, if Spark is not asked for or Java is
    /// missing.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Option<Self> {
        let home = Home::find()?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port().to_string();
        let class = "org.apache.spark.deploy.master.Master";
        let arguments = [class, "--host", "127.0.0.1", "--port", &port, "--webui-port", "0"];
        let mut master = home.start("spark-class", &arguments, folder.path(), "master.log");
        master.wait_for(Duration::from_secs(300), |master| master.said().find("New state: ALIVE"));
        let address = format!("spark://127.0.0.1:{port}");
        let mut workers: Vec<Process> =
            (0..WORKERS).map(|number| worker(&home, &address, folder.path(), number)).collect();
        workers.iter_mut().for_each(wait_for_master);
        let server = connect_server(&home, &address, settings, tempfile::tempdir().unwrap());
        Some(Self { server, workers, master, home, address, folder })
    }

    /// Ends the Connect server, however it stands, and starts another one on the same workers.
    pub(crate) fn restart_server(&mut self) {
        self.server.process.end();
        let folder = tempfile::tempdir().unwrap();
        self.server = connect_server(&self.home, &self.address, &[], folder);
    }

    /// Ends a worker, however it stands, and starts another one in its place.
    pub(crate) fn replace_worker(&mut self, number: usize) {
        self.workers[number].end();
        let mut worker = worker(&self.home, &self.address, self.folder.path(), number);
        wait_for_master(&mut worker);
        self.workers[number] = worker;
    }

    /// The process ids of the executors of a worker.
    pub(crate) fn executors(&self, worker: usize) -> Vec<u32> {
        children(self.workers[worker].id(), "CoarseGrainedExecutorBackend")
    }
}

impl Drop for Cluster {
    /// Executors end with their worker, unless they stand still.
    fn drop(&mut self) {
        for executor in (0..self.workers.len()).flat_map(|worker| self.executors(worker)) {
            let _ = Command::new("kill").args(["-KILL", &executor.to_string()]).status();
        }
    }
}

fn wait_for_master(worker: &mut Process) {
    worker.wait_for(Duration::from_secs(300), |worker| {
        worker.said().find("Successfully registered with master")
    });
}

fn worker(home: &Home, master: &str, folder: &std::path::Path, number: usize) -> Process {
    let class = "org.apache.spark.deploy.worker.Worker";
    let own = folder.join(format!("worker-{number}"));
    let arguments = [
        class,
        "--host",
        "127.0.0.1",
        "--webui-port",
        "0",
        "--cores",
        "1",
        "--memory",
        "1g",
        "--work-dir",
        own.to_str().unwrap(),
        master,
    ];
    home.start("spark-class", &arguments, folder, &format!("worker-{number}.log"))
}
