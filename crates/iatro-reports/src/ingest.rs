//! Files in, a snapshot out.
//!
//! Two passes: the first reads what decides the fate of every report (which version of a case is
//! current, which cases are withdrawn), the second reads everything, part by part, and writes it where
//! it belongs; one part is written while the next is read. Parts that the lake already holds take part
//! in both, read back from its snapshot, so that a lake grown quarter by quarter equals one made at once.

mod dictionaries;
mod source;
mod summary;
mod threads;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cases::{Cases, Fate, Resolved};
use crate::dictionary::rxnorm::RxNorm;
use crate::error::{Error, Place, Result};
use crate::lake::build::{Clusters, SnapshotBuilder, defect};
use crate::lake::manifest::{Extent, Manifest, PartSummary};
use crate::lake::schema::Table;
use crate::lake::store::Staging;
use crate::lake::{Lake, Snapshot, incidence, replay};
use crate::part::{Part, PartKey, Sighting, Symbols, Withdrawal};
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
        let (Resolved { fates, shared_keys }, seen) = self.resolve(staging, progress)?;
        let mut builder = SnapshotBuilder::new(staging.folder(), Clusters::new(&shared_keys))?;
        drop(shared_keys);
        let old_symbols = self.previous.map(replay::symbols).transpose()?.unwrap_or_default();
        let sources: Vec<(&Source<'_>, Seen)> = self.sources.iter().zip(seen).collect();
        let mut parts = Vec::new();
        threads::one_ahead(
            &sources,
            |(source, seen)| self.read(source, *seen, &old_symbols),
            |at, (part, summary)| {
                let what = format!("writing {}", summary.key);
                progress.step(&what, at, self.sources.len());
                parts.push(self.write_part(&mut builder, &part, summary, &fates.of_part(at))?);
                Ok(())
            },
        )?;
        progress.step("mapping names to substances", 0, 1);
        let mut dictionary = dictionaries::write(&builder, self.rxnorm)?;
        let mut tables = builder.finish()?;
        tables.append(&mut dictionary.tables);
        progress.step("listing what stands on each report", 0, 1);
        let mut incidence = incidence::write(staging.folder(), &mut parts, &tables)?;
        tables.append(&mut incidence.tables);
        Ok(Manifest::new(parts, tables, incidence.arrays, dictionary.summary))
    }

    /// The fate of every report and the suspected duplicates; and what was seen of each part.
    fn resolve(
        &self,
        staging: &Staging,
        progress: &mut dyn Progress,
    ) -> Result<(Resolved, Vec<Seen>)> {
        let all = self.sources.len();
        let mut cases = Cases::new(&staging.spill_folder(), all);
        let mut seen = vec![Seen::default(); all];
        let mut done = 0;
        threads::each(
            &self.sources,
            |source| self.sightings(source),
            |at, (sightings, withdrawals)| {
                let Some((source, seen)) = self.sources.get(at).zip(seen.get_mut(at)) else {
                    return Ok(());
                };
                let key = source.key();
                progress.step(&format!("sighting cases in {key}"), done, all);
                done += 1;
                *seen = Seen::new(&sightings, &withdrawals);
                cases.add(at, (key.source, source.period_order()), &sightings, &withdrawals)
            },
        )?;
        progress.step("telling which versions are current", 0, 1);
        Ok((cases.resolve()?, seen))
    }

    fn sightings(&self, source: &Source<'_>) -> Result<(Vec<Sighting>, Vec<Withdrawal>)> {
        match source {
            Source::New(part) => part.sightings(),
            Source::Old(summary) => replay::part_sightings(self.snapshot(summary)?, summary),
        }
    }

    /// A part, and its summary so far.
    fn read(
        &self,
        source: &Source<'_>,
        seen: Seen,
        old_symbols: &Symbols,
    ) -> Result<(Part, PartSummary)> {
        match source {
            Source::New(new) => {
                let part = new.read()?;
                new.check_unchanged(seen, Seen::new(&part.sightings, &part.withdrawals))?;
                let summary = summary::of_new_part(new, &part)?;
                Ok((part, summary))
            }
            Source::Old(summary) => {
                let part = replay::part(self.snapshot(summary)?, summary, old_symbols)?;
                Ok((part, (*summary).clone()))
            }
        }
    }

    /// Writes a part; returns its summary, whole and checked.
    fn write_part(
        &self,
        builder: &mut SnapshotBuilder,
        part: &Part,
        mut summary: PartSummary,
        fates: &[Fate],
    ) -> Result<PartSummary> {
        let before = builder.offsets();
        let bits = builder.write_part(&summary.key, part, fates)?;
        match self.old(&summary.key) {
            None => write_logs(builder, &summary.key, part)?,
            Some(old) => {
                let snapshot = self.snapshot(old)?;
                for table in [Table::Withdrawal, Table::Quarantine, Table::ValueIssue] {
                    builder.write(table, &replay::extent(snapshot, old, table.name())?)?;
                }
            }
        }
        summary.extents = extents(&before, &builder.offsets());
        summary::count_fates(&mut summary, fates);
        summary::check_totals(&summary)?;
        summary::check_controls(&summary, &Controls::new(bits, &part.logs))?;
        Ok(summary)
    }

    /// What the manifest says of a part, if it is one that the lake holds already.
    fn old(&self, key: &PartKey) -> Option<&PartSummary> {
        self.sources.iter().find_map(|source| match source {
            Source::Old(summary) if summary.key == *key => Some(*summary),
            _ => None,
        })
    }

    fn snapshot(&self, old: &PartSummary) -> Result<&Snapshot> {
        let missing = || defect(&format!("{} is old, but there is no snapshot", old.key));
        self.previous.ok_or_else(missing)
    }
}

fn write_logs(builder: &mut SnapshotBuilder, key: &PartKey, part: &Part) -> Result<()> {
    builder.write(Table::Withdrawal, &summary::withdrawals(key, &part.withdrawals)?)?;
    for log in &part.logs {
        builder.write(Table::Quarantine, &summary::quarantine(key, log)?)?;
        builder.write(Table::ValueIssue, &summary::value_issues(key, log)?)?;
    }
    Ok(())
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
