//! `iatro review`: pages.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use iatro_reports::lake::Snapshot;
use iatro_review::page::{PlantedTruth, ReviewPage};
use iatro_signals::corpus::Corpus;
use iatro_signals::count::Engines;
use iatro_signals::run::{Question, Settings, SignalRun, run_on};
use iatro_signals::study::Study;
use serde_json::json;

use super::study;
use crate::answer::{Answer, Kind, Rows};
use crate::engine::EngineArgs;
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::lake::{At, Wanted, on_disk};
use crate::output;

/// What to write.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write one self-contained page: what was read, the signals, the figures, how to read them.
    #[command(after_help = "Example: iatro review build --lake lake --study hlh --out review")]
    Build {
        #[command(flatten)]
        at: At,
        /// A built-in study, or a study file.
        #[arg(long, default_value = "hlh", value_name = "STUDY")]
        study: String,
        /// The source, where the lake holds several: faers, vaers or csv.
        #[arg(long, value_name = "SOURCE")]
        source: Option<iatro_reports::SourceKind>,
        /// An event definition of the study (narrow, broad).
        #[arg(long, value_name = "NAME")]
        event: Option<String>,
        /// The folder for the page; made if there is none.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        engine: EngineArgs,
    },
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    let Command::Build { at, study, source, event, out, engine } = command;
    on_disk("--out", out, "no page is written there")?;
    let study = study::load(study)?;
    let settings = Settings { source: *source, event: event.clone(), ..Settings::default() };
    let chosen = engine.chosen(at)?;
    let snapshot = at.snapshot(Wanted::Counting, global)?;
    let engines = chosen.of(&snapshot)?;
    let (page, run) = build(&snapshot, &study, &settings, engines.as_ref(), out, |_| None)?;
    chosen.tell(global);
    let mut rows =
        Rows::new(&[("page", Kind::Text), ("dataset_id", Kind::Text), ("run_id", Kind::Text)]);
    rows.push(vec![
        page.display().to_string().into(),
        run.dataset_id.as_str().into(),
        run.run_id.as_str().into(),
    ]);
    let document = json!({
        "page": page.display().to_string(),
        "dataset_id": run.dataset_id,
        "run_id": run.run_id,
    });
    let text = format!("page: {}", page.display());
    output::write(&Answer { rows, document, text }, global)?;
    Ok(Status::Fine)
}

/// Counts the study and writes its page into a folder; returns the page's path and the run.
pub(crate) fn build(
    snapshot: &Snapshot,
    study: &Study,
    settings: &Settings,
    engines: &dyn Engines,
    out: &Path,
    planted: impl FnOnce(&SignalRun) -> Option<PlantedTruth>,
) -> Result<(PathBuf, SignalRun), CliError> {
    let question = Question::resolve(snapshot.manifest(), study, settings)?;
    let corpus = Corpus::load(snapshot, question.source)?;
    let run = run_on(&corpus, snapshot, study, question, engines)?;
    let planted = planted(&run);
    let hits = iatro_reports::lake::dictionary::event_rows(snapshot)?;
    let html = ReviewPage {
        manifest: snapshot.manifest(),
        study,
        run: &run,
        term_rows: &hits,
        planted: planted.as_ref(),
    }
    .render();
    std::fs::create_dir_all(out).map_err(|e| iatro_reports::Error::write(out, e))?;
    let page = out.join("index.html");
    output::write_whole(&page, html.as_bytes())
        .map_err(|e| iatro_reports::Error::write(page.as_path(), e))?;
    Ok((page, run))
}
