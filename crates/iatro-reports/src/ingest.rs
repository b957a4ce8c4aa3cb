//! Files in, a snapshot out.
//!
//! Two passes: the first reads what decides the fate of every report (which version of a case is
//! current, which cases are withdrawn), the second reads everything, part by part, and writes it where
//! it belongs. Parts that the lake already holds take part in both, read back from its snapshot, so
//! that a lake grown quarter by quarter equals one made at once.

mod dictionaries;
mod source;
mod summary;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cases::{self, Fate, PartSightings};
use crate::dictionary::rxnorm::RxNorm;
use crate::error::{Error, Place, Result};
use crate::lake::build::{Clusters, SnapshotBuilder};
use crate::lake::manifest::{Extent, Manifest, PartSummary};
use crate::lake::schema::Table;
use crate::lake::store::Staging;
use crate::lake::{Lake, Snapshot, incidence, replay};
use crate::part::{Part, PartKey, SourceKind, Symbols};
use source::{NewPart, Seen};
use summary::Controls;

/// What to ingest.
#[derive(Clone, Debug)]
pub enum Input {
    /// FAERS/AEMS quarterly zips or unpacked folders.
    Faers(Vec<PathBuf>),
    /// VAERS yearly zips, folders or CSV files.
    Vaers {
        /// Where they are.
        paths: Vec<PathBuf>,
        /// Whether free texts are kept.
        with_narratives: bool,
    },
    /// Line lists.
    Csv(Vec<PathBuf>),
}

/// How to ingest.
#[derive(Clone, Debug)]
pub struct Options {
    /// The lake's folder; made if there is none.
    pub lake: PathBuf,
    /// Whether a part that the lake holds from another file may be replaced.
    pub replace: bool,
    /// RxNorm's `RXNCONSO.RRF`, if the user has it.
    pub rxnorm: Option<PathBuf>,
}

/// Told what is going on.
pub trait Progress {
    /// A step begins: what it is, how many parts are done and how many there are.
    fn step(&mut self, what: &str, done: usize, all: usize);
}

/// The outcome of an ingest.
#[derive(Clone, Debug)]
pub struct Ingested {
    /// The snapshot that is now current.
    pub snapshot: Snapshot,
    /// The parts that this ingest read.
    pub added: Vec<PartKey>,
    /// The parts named that the lake held already.
    pub already_there: Vec<PartKey>,
}

/// A part of the next snapshot.
enum Source<'s> {
    New(Box<NewPart>),
    Old(&'s PartSummary),
}

impl Source<'_> {
    fn key(&self) -> PartKey {
        match self {
            Self::New(part) => part.key(),
            Self::Old(summary) => summary.key.clone(),
        }
    }

    fn period_order(&self) -> u16 {
        match self {
            Self::New(part) => part.period_order(),
            Self::Old(summary) => summary.period_order,
        }
    }
}

/// Ingests files into a lake and makes the result its current snapshot.
///
/// On an error the lake is as it was, except that a failure after the new snapshot became visible
/// leaves it there; the message then says so.
pub fn ingest(input: &Input, options: &Options, progress: &mut dyn Progress) -> Result<Ingested> {
    let new = source::discover(input)?;
    let rxnorm = options.rxnorm.as_deref().map(RxNorm::read).transpose()?;
    let staging = Staging::begin(&options.lake)?;
    let previous = previous(options, progress)?;
    let (new, already_there) = match &previous {
        Some(snapshot) => source::without_known(new, snapshot.manifest(), options.replace)?,
        None => (new, Vec::new()),
    };
    let added: Vec<PartKey> = new.iter().map(NewPart::key).collect();
    if let Some(snapshot) = &previous {
        let dictionary = &snapshot.manifest().dictionary;
        check_rxnorm(options, dictionary.rxnorm_sha256.as_deref(), rxnorm.as_ref())?;
        let same_rxnorm =
            dictionary.rxnorm_sha256.as_deref() == rxnorm.as_ref().map(RxNorm::sha256);
        if added.is_empty() && same_rxnorm {
            return Ok(Ingested { snapshot: snapshot.clone(), added, already_there });
        }
    }
    let sources = in_order(new, previous.as_ref().map(Snapshot::manifest));
    let run = Run { sources, previous: previous.as_ref(), rxnorm: rxnorm.as_ref() };
    let manifest = run.write(&staging, progress)?;
    progress.step("publishing the snapshot", 1, 1);
    let snapshot = staging.publish(&manifest)?;
    Ok(Ingested { snapshot, added, already_there })
}

/// The current snapshot of the lake, if there is a lake and it has one; every byte of it is checked,
/// because the next snapshot gets new hashes, under which damage would look whole.
fn previous(options: &Options, progress: &mut dyn Progress) -> Result<Option<Snapshot>> {
    if !options.lake.join("lake.json").exists() {
        return Ok(None);
    }
    let snapshot = Lake::open(&options.lake)?.current_if_any()?;
    if let Some(snapshot) = &snapshot {
        progress.step("checking the current snapshot", 0, 1);
        snapshot.check_whole()?;
    }
    Ok(snapshot)
}

/// A lake made with RxNorm is not continued without it: names would silently map otherwise.
fn check_rxnorm(options: &Options, before: Option<&str>, now: Option<&RxNorm>) -> Result<()> {
    match (before, now) {
        (Some(before), None) => Err(Error::usage(
            Place::from(&options.lake),
            format!("this lake was made with an RxNorm file (SHA-256 {before})"),
            "Name it again with --rxnorm RXNCONSO.RRF, so that names map as before.",
        )),
        _ => Ok(()),
    }
}

/// New and old parts in the order of the lake; a new part stands for an old one with its key.
fn in_order(new: Vec<NewPart>, manifest: Option<&Manifest>) -> Vec<Source<'_>> {
    let replaced: Vec<PartKey> = new.iter().map(NewPart::key).collect();
    let old = manifest.into_iter().flat_map(|manifest| &manifest.parts);
    let kept = old.filter(|part| !replaced.contains(&part.key)).map(Source::Old);
    let mut sources: Vec<Source<'_>> =
        new.into_iter().map(|part| Source::New(Box::new(part))).chain(kept).collect();
    sources.sort_by_key(Source::key);
    sources
}

struct Run<'r> {
    sources: Vec<Source<'r>>,
    previous: Option<&'r Snapshot>,
    rxnorm: Option<&'r RxNorm>,
}

impl Run<'_> {
    fn write(&self, staging: &Staging, progress: &mut dyn Progress) -> Result<Manifest> {
        let Resolved { fates, seen, clusters } = self.resolve(progress)?;
        let mut builder = SnapshotBuilder::new(staging.folder(), clusters)?;
        let old_symbols = self.previous.map(replay::symbols).transpose()?.unwrap_or_default();
        let mut parts = Vec::new();
        for (at, ((source, fates), seen)) in self.sources.iter().zip(&fates).zip(&seen).enumerate()
        {
            progress.step(&format!("reading {}", source.key()), at, self.sources.len());
            let before = builder.offsets();
            let (mut summary, controls) = match source {
                Source::New(part) => write_new(&mut builder, part, fates, *seen)?,
                Source::Old(summary) => {
                    let snapshot = self.previous.ok_or_else(|| missing_snapshot(&summary.key))?;
                    write_old(&mut builder, snapshot, summary, &old_symbols, fates)?
                }
            };
            summary.extents = extents(&before, &builder.offsets());
            summary::count_fates(&mut summary, fates);
            summary::check_totals(&summary)?;
            summary::check_controls(&summary, &controls)?;
            parts.push(summary);
        }
        progress.step("mapping names to substances", 0, 1);
        let mut dictionary = dictionaries::write(&builder, self.rxnorm)?;
        let mut tables = builder.finish()?;
        tables.append(&mut dictionary.tables);
        progress.step("listing what stands on each report", 0, 1);
        let mut incidence = incidence::write(staging.folder(), &mut parts, &tables)?;
        tables.append(&mut incidence.tables);
        Ok(Manifest::new(parts, tables, incidence.arrays, dictionary.summary))
    }

    /// The fate of every report, part by part, and the suspected duplicates among the current ones.
    fn resolve(&self, progress: &mut dyn Progress) -> Result<Resolved> {
        let mut of_source: BTreeMap<SourceKind, Vec<PartSightings>> = BTreeMap::new();
        let mut seen = Vec::new();
        for (at, source) in self.sources.iter().enumerate() {
            progress.step(&format!("sighting cases in {}", source.key()), at, self.sources.len());
            let (sightings, withdrawals) = match source {
                Source::New(part) => part.sightings()?,
                Source::Old(summary) => {
                    let snapshot = self.previous.ok_or_else(|| missing_snapshot(&summary.key))?;
                    replay::part_sightings(snapshot, summary)?
                }
            };
            seen.push(Seen::new(&sightings, &withdrawals));
            let withdrawn = withdrawals.iter().map(|withdrawal| withdrawal.case).collect();
            let part = PartSightings { sightings, withdrawn, period: source.period_order() };
            of_source.entry(source.key().source).or_default().push(part);
        }
        // Parts are sorted by source first, so the fates come out in the order of the parts.
        let mut fates = Vec::new();
        let mut keys = Vec::new();
        for parts in of_source.values() {
            let resolved = cases::resolve(parts);
            for (part, fates) in parts.iter().zip(&resolved) {
                let current =
                    part.sightings.iter().zip(fates).filter(|(_, f)| **f == Fate::Current);
                keys.extend(current.map(|(sighting, _)| sighting.duplicate_key));
            }
            fates.extend(resolved);
        }
        Ok(Resolved { fates, seen, clusters: Clusters::new(keys.into_iter()) })
    }
}

/// What the first pass found.
struct Resolved {
    /// Of every report, part by part.
    fates: Vec<Vec<Fate>>,
    /// By part.
    seen: Vec<Seen>,
    clusters: Clusters,
}

fn write_new(
    builder: &mut SnapshotBuilder,
    source: &NewPart,
    fates: &[Fate],
    seen: Seen,
) -> Result<(PartSummary, Controls)> {
    let part = source.read()?;
    source.check_unchanged(seen, Seen::new(&part.sightings, &part.withdrawals))?;
    let key = source.key();
    let bits = builder.write_part(&key, &part, fates)?;
    write_logs(builder, &key, &part)?;
    Ok((summary::of_new_part(source, &part)?, Controls::new(bits, &part.logs)))
}

fn write_logs(builder: &mut SnapshotBuilder, key: &PartKey, part: &Part) -> Result<()> {
    builder.write(Table::Withdrawal, &summary::withdrawals(key, &part.withdrawals)?)?;
    for log in &part.logs {
        builder.write(Table::Quarantine, &summary::quarantine(key, log)?)?;
        builder.write(Table::ValueIssue, &summary::value_issues(key, log)?)?;
    }
    Ok(())
}

fn write_old(
    builder: &mut SnapshotBuilder,
    snapshot: &Snapshot,
    summary: &PartSummary,
    symbols: &Symbols,
    fates: &[Fate],
) -> Result<(PartSummary, Controls)> {
    let part = replay::part(snapshot, summary, symbols)?;
    let bits = builder.write_part(&summary.key, &part, fates)?;
    for table in [Table::Withdrawal, Table::Quarantine, Table::ValueIssue] {
        builder.write(table, &replay::extent(snapshot, summary, table.name())?)?;
    }
    Ok((summary.clone(), Controls::new(bits, &part.logs)))
}

fn extents(
    before: &BTreeMap<String, u64>,
    after: &BTreeMap<String, u64>,
) -> BTreeMap<String, Extent> {
    let extent = |(name, &end): (&String, &u64)| {
        let offset = before.get(name).copied().unwrap_or_default();
        (name.clone(), Extent { offset, rows: end - offset })
    };
    after.iter().map(extent).collect()
}

fn missing_snapshot(key: &PartKey) -> Error {
    crate::lake::build::defect(&format!("{key} is old, but there is no snapshot"))
}
