//! Something dies or stands still at a random moment of a count: right counts or a clear error, never a wrong number.

use std::path::Path;
use std::time::{Duration, Instant};

use iatro_engines::connect::{Options, Session};
use iatro_signals::count::sql::SessionError;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::counting::{self, Pairs};
use crate::launch::{Cluster, signal};
use crate::table::{self, Outcomes};

/// How long a count may take before the client gives it up; with cleaning up it stays within `PROMISED`.
const DEADLINE: Duration = Duration::from_secs(48);
/// Within this time there are counts or an error.
const PROMISED: Duration = Duration::from_secs(60);
/// A fault comes within the time that a healthy count takes.
const RUNS: u32 = 10;

/// A process of the cluster.
#[derive(Clone, Copy, PartialEq)]
enum Victim {
    Executor,
    Worker,
    Server,
}

#[test]
fn an_executor_is_killed() {
    faults("`kill -9` of an executor", Victim::Executor, "KILL");
}

#[test]
fn a_worker_is_killed() {
    faults("`kill -9` of a worker", Victim::Worker, "KILL");
}

#[test]
fn the_server_is_killed() {
    faults("`kill -9` of the server", Victim::Server, "KILL");
}

#[test]
fn an_executor_is_stopped() {
    faults("SIGSTOP of an executor", Victim::Executor, "STOP");
}

#[test]
fn a_worker_is_stopped() {
    faults("SIGSTOP of a worker", Victim::Worker, "STOP");
}

#[test]
fn the_server_is_stopped() {
    faults("SIGSTOP of the server", Victim::Server, "STOP");
}

fn faults(name: &str, victim: Victim, signal: &str) {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut cluster) = Cluster::start(&[]) else { return };
    let right = counting::write(folder.path());
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let healthy = usual(&cluster, folder.path(), &right, starts_anew(victim));
    let mut outcomes = Outcomes::of_counts_that_take(healthy);
    eprintln!("{name}: a healthy count takes {healthy:?}");
    while outcomes.runs < RUNS {
        let moment = healthy.mul_f64(random.random_range(0.02..0.9));
        let which = random.random_range(0..cluster.workers.len());
        let victims = ids(&cluster, victim, which);
        run(&cluster, folder.path(), &right, (moment, &victims, signal), &mut outcomes);
        if signal == "STOP" {
            victims.iter().for_each(|&id| crate::launch::signal(id, "CONT"));
        }
        if outcomes.runs < RUNS {
            recover(&mut cluster, victim, signal, which);
        }
    }
    table::keep(name, &outcomes);
    assert_eq!(outcomes.wrong, 0);
    assert!(outcomes.longest <= PROMISED, "{:?}", outcomes.longest);
}

/// Whether each run begins on executors that have counted nothing yet, which takes longer.
fn starts_anew(victim: Victim) -> bool {
    victim == Victim::Server
}

fn ids(cluster: &Cluster, victim: Victim, which: usize) -> Vec<u32> {
    match victim {
        Victim::Executor => cluster.executors(which),
        Victim::Worker => vec![cluster.workers[which].id()],
        Victim::Server => vec![cluster.server.process.id()],
    }
}

/// Makes the cluster whole again: with other processes in the place of dead ones, and of a server that stood still, which
/// may still be at work on a count that nobody waits for.
fn recover(cluster: &mut Cluster, victim: Victim, signal: &str, which: usize) {
    match (victim, signal) {
        (Victim::Server, _) => cluster.restart_server(),
        (Victim::Worker, "KILL") => cluster.replace_worker(which),
        _ => {}
    }
    let began = Instant::now();
    while (0..cluster.workers.len()).any(|worker| cluster.executors(worker).is_empty()) {
        assert!(began.elapsed() < Duration::from_secs(300), "a worker without an executor");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What a count takes when nothing happens: the first one, or one after it.
fn usual(cluster: &Cluster, folder: &Path, right: &Pairs, first: bool) -> Duration {
    let took = undisturbed(cluster, folder, right);
    if first { took } else { undisturbed(cluster, folder, right) }
}

/// Counts without any fault; returns how long it took.
fn undisturbed(cluster: &Cluster, folder: &Path, right: &Pairs) -> Duration {
    let session = cluster.server.session();
    counting::open(&session, folder).unwrap();
    let began = Instant::now();
    assert!(counting::count(&session).unwrap() == *right, "wrong without any fault");
    began.elapsed()
}

/// One count with a fault in it.
fn run(
    cluster: &Cluster,
    folder: &Path,
    right: &Pairs,
    (moment, victims, name): (Duration, &[u32], &str),
    outcomes: &mut Outcomes,
) {
    assert!(!victims.is_empty(), "nobody to send a signal to");
    let (answer, took, in_time) = std::thread::scope(|scope| {
        // The tables are opened before the fault: the count is what is interrupted.
        let session = session(cluster, folder).unwrap();
        let began = Instant::now();
        let counting = scope.spawn(move || (counting::count(&session), began.elapsed()));
        std::thread::sleep(moment);
        let in_time = !counting.is_finished();
        victims.iter().for_each(|&id| signal(id, name));
        let (answer, took) = counting.join().unwrap();
        (answer, took, in_time)
    });
    if !in_time {
        eprintln!("the count was done before the fault came; drawn again");
        assert!(answer.unwrap() == *right, "wrong without any fault");
        return;
    }
    outcomes.runs += 1;
    outcomes.longest = outcomes.longest.max(took);
    match answer {
        Ok(pairs) if pairs == *right => outcomes.right += 1,
        Ok(_) => outcomes.wrong += 1,
        Err(error) => {
            eprintln!("{error}");
            outcomes.hear(&error.to_string());
        }
    }
    let (right, errors) = (outcomes.right, outcomes.errors);
    eprintln!("at {moment:.1?} of a count: done in {took:.1?}; {right} right, {errors} errors");
}

fn session(cluster: &Cluster, folder: &Path) -> Result<Session, SessionError> {
    let session = cluster.server.connect(Options::with_deadline(DEADLINE))?;
    counting::open(&session, folder)?;
    Ok(session)
}
