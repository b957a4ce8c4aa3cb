//! `iatro signal pairs`: every pair of a substance and a preferred term.

use std::sync::mpsc::{SyncSender, sync_channel};

use iatro_reports::SourceKind;
use iatro_reports::ingest::Progress;
use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_signals::count::Memory;
use iatro_signals::run::{PairQuestion, PairRun, PairSettings, PairSignal, pairs_within};
use rayon::prelude::*;
use serde_json::json;

use super::shown::{ESTIMATES, estimate_cells, prior_text};
use crate::answer::{Answer, Cell, Kind, Rows};
use crate::engine::EngineArgs;
use crate::error::{CliError, Status};
use crate::global::{Format, Global};
use crate::lake::{At, Wanted};
use crate::output::{self, Block, Form, Interrupted, table};
use crate::progress::Steps;

/// How many pairs a table, a Markdown table and a JSON document have.
const TOP: usize = 40;

/// Rows that are made ready and written at once.
const BLOCK: usize = 1 << 11;
/// Blocks that may wait to be written.
const WAITING: usize = 2;
/// Blocks that are made at once.
const AT_ONCE: usize = 4;

/// Which pairs.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    /// The source, where the lake holds several: faers, vaers or csv.
    #[arg(long, value_name = "SOURCE")]
    source: Option<SourceKind>,
    /// Roles that count as exposure [default: PS,SS,I].
    #[arg(long, value_delimiter = ',', value_name = "PS,SS,I,C")]
    roles: Vec<String>,
    /// List only pairs on at least this many reports; every pair is counted all the same.
    #[arg(long, default_value_t = 1, value_name = "N")]
    min_count: u64,
    /// Only the N pairs whose IC has the highest lower limit, highest first. Without it, csv, ndjson
    /// and parquet have every pair, by name; table, markdown and json have the top 40.
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Count within about this much memory, as 2GiB or 500MB: block by block, with a temporary file, if the reports
    /// do not fit. Without it all reports are in memory.
    #[arg(long, value_name = "SIZE")]
    memory: Option<Memory>,
    #[command(flatten)]
    engine: EngineArgs,
}

/// Whether rows of a form are written one after another, and so as many as there are.
fn is_made_of_rows(format: Format) -> bool {
    match format {
        Format::Csv | Format::Ndjson | Format::Parquet => true,
        Format::Table | Format::Json | Format::Markdown => false,
    }
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    let mut progress = Steps::new(global);
    let done = count_and_write(args, global, &mut progress);
    progress.finish();
    done.map(|()| Status::Fine)
}

fn count_and_write(args: &Args, global: &Global, progress: &mut Steps) -> Result<(), CliError> {
    let run = count(args, global, progress)?;
    let listed = run.listed(args.min_count);
    match args.top {
        None if is_made_of_rows(global.format()) => {
            write_every(&run, args.min_count, listed, global, progress)
        }
        top => {
            progress.step("ranking pairs", 2, 3);
            let top = run.top(args.min_count, top.unwrap_or(TOP))?;
            progress.finish();
            output::write(&answer(&run, args.min_count, listed, &top)?, global)
        }
    }
}

fn count(args: &Args, global: &Global, progress: &mut Steps) -> Result<PairRun, CliError> {
    let here = args.engine.counts_here();
    if args.memory.is_some() && !here {
        return Err(CliError::usage(
            "--memory bounds the counting in this process, but --engine lets another one count. Leave one of them out.",
        ));
    }
    let chosen = args.engine.chosen(&args.at)?;
    let wanted = if here { Wanted::Counting } else { Wanted::Dictionaries };
    let snapshot = args.at.snapshot(wanted, global)?;
    let settings = PairSettings { source: args.source, roles: args.roles.clone() };
    let question = PairQuestion::resolve(snapshot.manifest(), &settings)?;
    progress.step("counting pairs", 1, 3);
    if let Some(memory) = args.memory {
        return Ok(pairs_within(&snapshot, question, memory)?);
    }
    let run = chosen.pairs(&snapshot, question)?;
    if !here {
        progress.finish();
        chosen.tell(global);
    }
    Ok(run)
}

fn write_every(
    run: &PairRun,
    min_count: u64,
    listed: usize,
    global: &Global,
    progress: &mut Steps,
) -> Result<(), CliError> {
    if global.output.is_none() {
        // Rows on a terminal and a bar on the same terminal would be neither.
        progress.finish();
    }
    output::stream(global, &columns(), |form, sink| {
        std::thread::scope(|scope| {
            // Rows are made while those before them are written.
            let (ready, blocks) = sync_channel(WAITING);
            std::thread::Builder::new()
                .spawn_scoped(scope, move || send_every(run, min_count, form, &ready))?;
            let mut written = 0;
            for made in blocks {
                let (rows, block) = made?;
                sink.write(block)?;
                written += rows;
                if global.output.is_some() {
                    progress.step("writing pairs", written, listed);
                }
            }
            Ok(())
        })
    })
}

/// Some rows in the form in which they are written, and how many they are.
type Made = Result<(usize, Block), Interrupted>;

/// Makes rows block by block, and ends early if whoever writes them does.
fn send_every(run: &PairRun, min_count: u64, form: &Form, ready: &SyncSender<Made>) {
    let send = |made: Made| ready.send(made).map_err(|_| ());
    let made = |signals: &[PairSignal<'_>]| -> Made {
        Ok((signals.len(), form.block(&rows(run, signals))?))
    };
    // What ends it early is known to whoever writes: an error it was sent, or its own.
    let _ = run.chunks(min_count).try_for_each(|chunk| match chunk {
        Err(error) => send(Err(error.into())).and(Err(())),
        Ok(signals) => signals.chunks(BLOCK * AT_ONCE).try_for_each(|some| {
            let blocks: Vec<Made> = some.par_chunks(BLOCK).map(made).collect();
            blocks.into_iter().try_for_each(send)
        }),
    });
}

/// A column: its name, what its values are, and where they come from.
type Column = (&'static str, Kind, fn(&PairRun, &PairSignal<'_>) -> Cell);

/// Every column, in order.
const COLUMNS: [Column; 33] = [
    ("substance", Kind::Text, |_, s| s.substance.into()),
    ("term", Kind::Text, |_, s| s.term.into()),
    ("a", Kind::Count, |_, s| s.estimates.a.into()),
    ("b", Kind::Count, |_, s| s.estimates.b.into()),
    ("c", Kind::Count, |_, s| s.estimates.c.into()),
    ("d", Kind::Count, |_, s| s.estimates.d.into()),
    ("expected", Kind::Number, |_, s| s.estimates.expected.into()),
    ("ror", Kind::Number, |_, s| s.estimates.ror.into()),
    ("ror_lo", Kind::Number, |_, s| s.estimates.ror_lo.into()),
    ("ror_hi", Kind::Number, |_, s| s.estimates.ror_hi.into()),
    ("prr", Kind::Number, |_, s| s.estimates.prr.into()),
    ("prr_lo", Kind::Number, |_, s| s.estimates.prr_lo.into()),
    ("prr_hi", Kind::Number, |_, s| s.estimates.prr_hi.into()),
    ("chi2_yates", Kind::Number, |_, s| s.estimates.chi2_yates.into()),
    ("ic", Kind::Number, |_, s| s.estimates.ic.into()),
    ("ic025", Kind::Number, |_, s| s.estimates.ic025.into()),
    ("ic975", Kind::Number, |_, s| s.estimates.ic975.into()),
    ("ebgm", Kind::Number, |_, s| s.shrinkage.ebgm.into()),
    ("eb05", Kind::Number, |_, s| s.shrinkage.eb05.into()),
    ("eb95", Kind::Number, |_, s| s.shrinkage.eb95.into()),
    ("fisher_mid_p", Kind::Number, |_, s| s.test.fisher_mid_p.into()),
    ("q", Kind::Number, |_, s| s.test.q.into()),
    ("rrr", Kind::Number, |_, s| s.further.rrr.into()),
    ("ror_conditional", Kind::Number, |_, s| s.further.ror_conditional.into()),
    ("ror_conditional_lo", Kind::Number, |_, s| s.further.ror_conditional_lo.into()),
    ("ror_conditional_hi", Kind::Number, |_, s| s.further.ror_conditional_hi.into()),
    ("chi2", Kind::Number, |_, s| s.further.chi2.into()),
    ("llr", Kind::Number, |_, s| s.further.llr.into()),
    ("fisher_p", Kind::Number, |_, s| s.further.fisher_p.into()),
    ("ic_noren025", Kind::Number, |_, s| s.further.ic_noren025.into()),
    ("ic_noren975", Kind::Number, |_, s| s.further.ic_noren975.into()),
    ("dataset_id", Kind::Text, |run, _| run.dataset_id.as_str().into()),
    ("run_id", Kind::Text, |run, _| run.run_id.as_str().into()),
];

fn columns() -> Vec<(&'static str, Kind)> {
    COLUMNS.iter().map(|(name, kind, _)| (*name, *kind)).collect()
}

fn rows(run: &PairRun, signals: &[PairSignal<'_>]) -> Rows {
    let mut rows = Rows::new(&columns());
    for signal in signals {
        rows.push(COLUMNS.iter().map(|(_, _, cell)| cell(run, signal)).collect());
    }
    rows
}

fn answer(
    run: &PairRun,
    min_count: u64,
    listed: usize,
    top: &[PairSignal<'_>],
) -> Result<Answer, CliError> {
    let document = json!({
        "dataset_id": run.dataset_id,
        "run_id": run.run_id,
        "question": run.question,
        "reports": run.reports,
        "substances": with_reports(&run.substances),
        "terms": with_reports(&run.terms),
        "renamed_terms": run.renamed,
        "pairs_counted": run.pairs.len(),
        "occurrences": run.occurrences,
        "prior": run.prior,
        "min_count": min_count,
        "pairs_listed": listed,
        "pairs_shown": top.len(),
        "order": "highest ic025 first",
        "pairs": top,
        "notice": RESEARCH_USE,
    });
    let mut rows = rows(run, top);
    let note = note(listed - top.len(), min_count);
    let text = text(run, top, &note);
    rows.note = Some(format!("{note} {RESEARCH_USE}"));
    Ok(Answer { rows, document, text })
}

/// How many of them have a report.
fn with_reports(margins: &[iatro_signals::run::Margin]) -> u64 {
    margins.iter().filter(|margin| margin.reports > 0).count() as u64
}

/// What is not shown, and what the numbers are not.
fn note(hidden: usize, min_count: u64) -> String {
    let of_at_least = match min_count {
        0 | 1 => String::new(),
        n => format!(" on at least {} reports", table::thousands(n)),
    };
    format!(
        "{} more pairs{of_at_least} not shown (--top, or --format csv for all). A signal of \
         disproportionate reporting says that a pair is reported more often than expected, and \
         nothing about why.",
        table::thousands(hidden as u64)
    )
}

fn text(run: &PairRun, top: &[PairSignal<'_>], note: &str) -> String {
    let mut text = format!(
        "{}: {} pairs of {} substances and {} preferred terms on {} eligible reports\n\
         roles {}; each substance against all other reports, each term against all other terms\n",
        run.question.source.title(),
        table::thousands(run.pairs.len() as u64),
        table::thousands(with_reports(&run.substances)),
        table::thousands(with_reports(&run.terms)),
        table::thousands(run.reports),
        run.question.roles.join(" "),
    );
    for renamed in &run.renamed {
        text.push_str(&format!("{} counted as {}\n", renamed.term, renamed.counted_as));
    }
    let mut shown =
        Rows::new(&[("substance", Kind::Text), ("term", Kind::Text), ("a", Kind::Count)]);
    shown.columns.extend(ESTIMATES);
    top.iter().for_each(|signal| shown.push(shown_row(signal)));
    text.push_str(&format!(
        "\n{}\n\n{note}\n{}\ndataset {}  run {}\n{RESEARCH_USE}",
        table::render(&shown),
        prior_text(run.prior.as_ref(), false),
        run.dataset_id,
        run.run_id,
    ));
    text
}

fn shown_row(signal: &PairSignal<'_>) -> Vec<Cell> {
    let e = &signal.estimates;
    let mut row = vec![signal.substance.into(), signal.term.into(), e.a.into()];
    row.extend(estimate_cells(e, &signal.shrinkage, &signal.test));
    row
}
