//! A process that ends with the test, however the test ends.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Becomes the program after asking the kernel to end it with the thread that started it (Linux) and after so many
/// seconds (anywhere). The process keeps its id, so that a signal to it reaches the program itself.
const BOUNDED: &str = "\
import ctypes, os, signal, sys
try:
    ctypes.CDLL(None).prctl(1, 9)
except Exception:
    pass
signal.alarm(int(sys.argv[1]))
os.execvp(sys.argv[2], sys.argv[2:])
";

/// The longest life of a server, in seconds.
const LIFE: &str = "3600";

/// A running server process; killed when dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program with its output in a file.
    pub(crate) fn start(
        python: &Path,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
        log: &Path,
    ) -> Self {
        let output = File::create(log).unwrap();
        let mut command = Command::new(python);
        command.args(["-c", BOUNDED, LIFE]).arg(program).args(arguments);
        command.envs(environment.iter().copied());
        command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        Self { child: command.spawn().unwrap(), log: log.to_owned() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until something holds of the process; panics with what it wrote if it ends, or if that takes too long.
    pub(crate) fn wait_for<T>(
        &mut self,
        within: Duration,
        holds: impl Fn(&Self) -> Option<T>,
    ) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = holds(self) {
                return found;
            }
            if let Some(status) = self.ended() {
                panic!("the server ended with {status}:\n{}", self.said());
            }
            assert!(began.elapsed() < within, "no server after {within:?}:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Ends it, however it stands, if it has not ended already.
    pub(crate) fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends a signal, by name.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.id(), name);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends a signal to a process that this test, or a server of it, started; a stopped one stands still on return.
pub(crate) fn signal(id: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status();
    assert!(status.unwrap().success(), "kill -{name} {id}");
    while name == "STOP" && !is_stopped(id) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Whether all threads of a process are stopped; one that is gone stands still, too.
fn is_stopped(id: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let mut states = threads.filter_map(|t| fs::read_to_string(t.path().join("stat")).ok());
    states.all(|stat| stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('T')))
}

/// The children of a process whose command line holds a word.
pub(crate) fn children(of: u32, word: &str) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{of}/task/{of}/children")).unwrap_or_default();
    // A JVM starts children from any of its threads.
    let threads = fs::read_dir(format!("/proc/{of}/task")).into_iter().flatten().flatten();
    let others = threads.filter_map(|t| fs::read_to_string(t.path().join("children")).ok());
    let mut ids: Vec<u32> = std::iter::once(listed)
        .chain(others)
        .flat_map(|list| list.split_whitespace().map(|id| id.parse().unwrap()).collect::<Vec<_>>())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(word)
    });
    ids
}
