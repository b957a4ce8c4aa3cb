//! `iatro demo`: the main job on a generated corpus, and what it found against the planted truth.

mod told;

use std::fs;
use std::path::{Path, PathBuf};

use iatro_reports::dictionary::name::ingredients;
use iatro_reports::ingest::{Ingested, Input, Options, ingest};
use iatro_review::page::{PlantedRole, PlantedRow, PlantedTruth};
use iatro_signals::run::Settings;
use iatro_signals::study::Study;
use iatro_synth::{Corpus, Truth, generate};

use super::review;
use crate::engine::EngineArgs;
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::lake::{At, on_disk};
use crate::output;
use crate::progress::Steps;

/// Marks a folder that a demo may clear.
const MARKER: &str = "iatro-demo.txt";

/// Where and what.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: iatro demo --out iatro-demo")]
pub(crate) struct Args {
    /// The folder for corpus, lake and page; made if there is none.
    #[arg(long, default_value = "iatro-demo", value_name = "DIR")]
    out: PathBuf,
    /// The seed of the corpus.
    #[arg(long, default_value_t = Corpus::default().seed, value_name = "N")]
    seed: u64,
    #[command(flatten)]
    engine: EngineArgs,
}

pub(crate) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    on_disk("--out", &args.out, "nothing is written there")?;
    let lake = args.out.join("lake");
    let chosen = args.engine.chosen(&At::new(&lake))?;
    prepare(&args.out)?;
    let corpus_folder = args.out.join("corpus");
    output::remark(global, "generating reports in FAERS format …");
    let corpus = Corpus { seed: args.seed, ..Corpus::default() };
    let truth = generate(&corpus, &corpus_folder)?;
    output::remark(global, "reading them into a lake …");
    let options = Options { lake, replace: false, rxnorm: None };
    let mut progress = Steps::new(global);
    let ingested = ingest(&Input::Faers(vec![corpus_folder]), &options, &mut progress);
    progress.finish();
    let ingested = ingested?;
    output::remark(global, "counting, and writing the page …");
    let study = Study::embedded("hlh")?;
    let (page, run) = review::build(
        &ingested.snapshot,
        &study,
        &Settings::default(),
        chosen.of(&ingested.snapshot)?.as_ref(),
        &args.out.join("review"),
        |_| Some(planted(&truth)),
    )?;
    chosen.tell(global);
    let totals = Totals::compare(&truth, &ingested);
    let planted = planted(&truth);
    output::write(&told::answer(&truth, &planted, &run, &totals, &page), global)?;
    Ok(if totals.agree() { Status::Fine } else { Status::CheckFailed })
}

/// Clears what an earlier demo left in the folder; any other folder that is not empty is refused.
fn prepare(out: &Path) -> Result<(), CliError> {
    let write_error = |e| iatro_reports::Error::write(out, e);
    if out.join(MARKER).exists() {
        for folder in ["corpus", "lake", "review"] {
            match fs::remove_dir_all(out.join(folder)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(write_error(e))?,
                _ => {}
            }
        }
    } else if out.exists() && fs::read_dir(out).map_err(write_error)?.next().is_some() {
        return Err(CliError::refused(format!(
            "{}: the folder is not empty, and no demo made it. Nothing was changed. Name another \
             with --out.",
            out.display()
        )));
    }
    fs::create_dir_all(out).map_err(write_error)?;
    let note = "Made by `iatro demo`, which clears corpus, lake and review when it runs again.\n";
    fs::write(out.join(MARKER), note).map_err(write_error)?;
    Ok(())
}

/// What was planted, in the words of the page.
fn planted(truth: &Truth) -> PlantedTruth {
    let mut rows = Vec::new();
    let mut add = |substance: &str, role: PlantedRole, because: String, hazard: Option<f64>| {
        // A combination is counted by its ingredients.
        for substance in ingredients(substance) {
            let because = because.clone();
            rows.push(PlantedRow { substance, role, because, hazard_per_report: hazard });
        }
    };
    for culprit in &truth.culprits {
        add(&culprit.substance, PlantedRole::Culprit, String::new(), Some(culprit.hazard));
    }
    for bystander in &truth.bystanders {
        let with = ingredients(&bystander.with).join(" with ");
        let because = format!("co-reported with {with}");
        add(&bystander.substance, PlantedRole::Bystander, because, None);
    }
    for channelled in &truth.channelled {
        let because = format!("given for {}", channelled.disease);
        add(&channelled.substance, PlantedRole::Channelled, because, None);
    }
    for therapy in &truth.therapies {
        let because = "given because of HLH".to_owned();
        add(&therapy.substance, PlantedRole::Therapy, because, None);
    }
    PlantedTruth { corpus_note: truth.note.clone(), rows }
}

/// What the reader must have found, and what it found.
struct Totals(Vec<(&'static str, u64, u64)>);

impl Totals {
    fn compare(truth: &Truth, ingested: &Ingested) -> Self {
        let manifest = ingested.snapshot.manifest();
        Self(vec![
            ("current reports", truth.cases.current, manifest.reports()),
            ("superseded versions", truth.cases.superseded, manifest.superseded()),
            ("withdrawn cases", truth.cases.deleted, manifest.deleted()),
        ])
    }

    fn agree(&self) -> bool {
        self.0.iter().all(|(_, planted, read)| planted == read)
    }
}
