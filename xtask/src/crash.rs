//! Crash tests at scale: an ingest is killed at random moments, then run again.
//!
//! After every kill the lake must hold what it held before, or all of the new; after the next run it must have the
//! dataset id and the files of a lake that was made in one go, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::machine::machine;
use crate::steps::{Step, say};

const IATRO: &str = "target/release/iatro";
const KEPT: &str = "benches/runs/crash.txt";
/// Quarters that are ingested together: the last of the folder.
const QUARTERS: usize = 10;
const KILLS: u32 = 50;
const SEED: u64 = 20_120_828;

/// Kills an ingest of the last ten quarterly zips of a folder at fifty random moments; one that had ended before its kill
/// is checked like the others and does not count.
pub(crate) fn crash(arguments: &[String]) -> Result<(), String> {
    let (zips, work, kills) = match arguments {
        [zips] => (zips, "target/crash", KILLS),
        [zips, work] => (zips, work.as_str(), KILLS),
        [zips, work, kills] => (zips, work.as_str(), kills.parse().map_err(|_| HELP.to_owned())?),
        _ => return Err(HELP.to_owned()),
    };
    Step::cargo("iatro", &["build", "--release", "--locked", "--package", "iatro-cli"]).run()?;
    let trial = Trial::prepare(last_zips(Path::new(zips))?, Path::new(work))?;
    let mut tally = Tally::default();
    let mut random = SEED;
    while tally.running < kills {
        let moment = trial.lasts.mul_f64(uniform(&mut random));
        // Every other lake holds a quarter already, so that both a first ingest and a further one are killed.
        let further = tally.running % 2 == 1;
        let running = trial.kill_and_run_again(moment, further, &mut tally)?;
        let (number, moment) = (tally.running, moment.as_secs_f64());
        let what = if running { "killed" } else { "another one had ended by itself" };
        say(&format!(
            "{number} of {kills}: {what} after {moment:.1} s, same lake after the next run"
        ));
        if tally.finished > kills {
            return Err(
                "most ingests end before they are killed; nothing is shown by that".to_owned()
            );
        }
    }
    fs::remove_dir_all(work).map_err(|error| format!("{work}: {error}"))?;
    let kept = tally.text(&trial, kills);
    fs::write(KEPT, &kept).map_err(|error| format!("{KEPT}: {error}"))?;
    say(&kept);
    Ok(())
}

const HELP: &str = "cargo xtask crash ZIPS [WORK [KILLS]]: ZIPS is a folder with quarterly zips";

/// The lake made in one go, and what is killed.
struct Trial {
    zips: Vec<PathBuf>,
    lake: PathBuf,
    dataset: String,
    files: BTreeSet<String>,
    lasts: Duration,
}

#[derive(Default)]
struct Tally {
    running: u32,
    finished: u32,
    staging_left: u32,
    further: u32,
}

impl Trial {
    fn prepare(zips: Vec<PathBuf>, work: &Path) -> Result<Self, String> {
        if work.exists() {
            return Err(format!("{}: exists; name a folder that is not there yet", work.display()));
        }
        let whole = work.join("whole");
        let started = Instant::now();
        finish(ingest(&zips, &whole))?;
        let lasts = started.elapsed();
        verify(&whole)?;
        let (dataset, files) = (current(&whole)?, listing(&whole)?);
        Ok(Self { zips, lake: work.join("lake"), dataset, files, lasts })
    }

    /// Returns whether the ingest was still running when it was killed.
    fn kill_and_run_again(
        &self,
        moment: Duration,
        further: bool,
        tally: &mut Tally,
    ) -> Result<bool, String> {
        let before = if further {
            finish(ingest(&self.zips[..1], &self.lake))?;
            Some(current(&self.lake)?)
        } else {
            None
        };
        let mut child =
            ingest(&self.zips, &self.lake).spawn().map_err(|error| error.to_string())?;
        std::thread::sleep(moment);
        let running = child.try_wait().map_err(|error| error.to_string())?.is_none();
        child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
        tally.running += u32::from(running);
        tally.finished += u32::from(!running);
        tally.further += u32::from(further && running);
        tally.staging_left += u32::from(self.lake.join("staging").exists());
        self.check_after_kill(before.as_deref())?;
        finish(ingest(&self.zips, &self.lake))?;
        self.check_whole(before.as_deref())?;
        fs::remove_dir_all(&self.lake).map_err(|error| error.to_string())?;
        Ok(running)
    }

    /// What it held before, or all of the new.
    fn check_after_kill(&self, before: Option<&str>) -> Result<(), String> {
        let now = self.lake.join("CURRENT").exists().then(|| current(&self.lake)).transpose()?;
        if now.is_some() {
            verify(&self.lake)?;
        }
        if now.as_deref() == before || now.as_deref() == Some(&self.dataset) {
            return Ok(());
        }
        Err(format!(
            "after the kill the lake holds {now:?}; expected {before:?} or {}",
            self.dataset
        ))
    }

    fn check_whole(&self, before: Option<&str>) -> Result<(), String> {
        let dataset = current(&self.lake)?;
        if dataset != self.dataset {
            return Err(format!("after the next run {dataset}; expected {}", self.dataset));
        }
        verify(&self.lake)?;
        // A lake that grew keeps the snapshot that it had before; all else must be the same.
        let earlier = before.map(|before| format!("snapshots/{before}"));
        let snapshots =
            |path: &&String| earlier.as_ref().is_none_or(|earlier| !path.starts_with(earlier));
        let files = listing(&self.lake)?;
        let (ours, whole) = (files.iter().filter(snapshots), self.files.iter().filter(snapshots));
        match ours.clone().find(|path| !self.files.contains(*path)) {
            Some(path) => Err(format!("{path} was left behind")),
            None if ours.count() != whole.count() => Err("a file is missing".to_owned()),
            None => Ok(()),
        }
    }
}

impl Tally {
    fn text(&self, trial: &Trial, kills: u32) -> String {
        format!(
            "cargo xtask crash\n{}; ingest of {} quarters, {} to {} ({:.1} s in one go), killed at {kills} random \
             moments\n\n\
             killed while it ran                         {:>4}\n\
             had ended before, and was drawn again       {:>4}\n\
             of a lake that held a quarter already       {:>4}\n\
             left a staging folder until the next run    {:>4}\n\
             \n\
             Every kill left the lake as it was before, or whole; every next run gave the dataset id and the files of\n\
             the ingest in one go. The first lake for which that does not hold ends the task with an error.\n",
            machine(),
            trial.zips.len(),
            trial.zips.first().map_or_else(String::new, |zip| period(zip)),
            trial.zips.last().map_or_else(String::new, |zip| period(zip)),
            trial.lasts.as_secs_f64(),
            self.running,
            self.finished,
            self.further,
            self.staging_left,
        )
    }
}

fn last_zips(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut zips: Vec<PathBuf> =
        paths.filter(|p| p.extension().is_some_and(|e| e == "zip")).collect();
    // By period, which ends the name: aers_ascii_2012q3.zip comes before faers_ascii_2012q4.zip.
    zips.sort_by_key(|path| period(path));
    let from = zips.len().saturating_sub(QUARTERS);
    match zips.split_off(from) {
        zips if zips.len() == QUARTERS => Ok(zips),
        _ => Err(format!("{}: fewer than {QUARTERS} zips", folder.display())),
    }
}

/// The period that ends the name of a zip.
fn period(zip: &Path) -> String {
    let stem = zip.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    stem.rsplit('_').next().unwrap_or_default().to_owned()
}

fn ingest(zips: &[PathBuf], lake: &Path) -> Command {
    let mut command = Command::new(IATRO);
    command.args(["ingest", "faers", "--quiet", "--lake"]).arg(lake).args(zips);
    command.stdout(Stdio::null());
    command
}

fn verify(lake: &Path) -> Result<(), String> {
    let mut command = Command::new(IATRO);
    command.args(["lake", "verify", "--quiet", "--lake"]).arg(lake).stdout(Stdio::null());
    finish(command)
}

fn finish(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?} cannot be started ({error})")),
    }
}

/// The dataset id of the current snapshot.
fn current(lake: &Path) -> Result<String, String> {
    let path = lake.join("CURRENT");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.trim().to_owned())
}

/// Every file and folder below a folder.
fn listing(folder: &Path) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let entries =
            fs::read_dir(&next).map_err(|error| format!("{}: {error}", next.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if let Ok(relative) = path.strip_prefix(folder) {
                found.insert(relative.to_string_lossy().into_owned());
            }
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    Ok(found)
}

/// The next of a fixed sequence of numbers from 0 to 1 (SplitMix64): the moments are the same every time.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}
