//! The generator: quarter by quarter, case by case.
//!
//! Of one quarter's tables only what is not yet compressed is in memory, with the cases that will be seen again within the next
//! three quarters of the plan (one legacy case in a hundred waits for the first FAERS quarter) and
//! the ids that later lists will delete.

use std::fs;
use std::path::Path;

use rand::{RngExt, SeedableRng};

use crate::catalogue::Catalogue;
use crate::chain::{Chain, follow_ups};
use crate::compose::Composer;
use crate::corpus::Corpus;
use crate::deletion::Lists;
use crate::duplicate;
use crate::error::SynthError;
use crate::files::QuarterFiles;
use crate::habits::Habits;
use crate::numbering::{Numbers, numbers};
use crate::pace::Pace;
use crate::plot::Plot;
use crate::publish;
use crate::quarter::{Era, Quarter};
use crate::quirk::Quirk;
use crate::report::{NumberMark, Report};
use crate::sampler::{Rng, chance};
use crate::sighting::{Ids, Sighting};
use crate::tally::Tally;
use crate::truth::{QuarterTruth, Truth};
use crate::volume::Rows;

mod account;

/// First case ids of pairs that share a primaryid; between the legacy and the FAERS ids.
const SHARED: u64 = 9_900_000;
/// Pairs at most, so that the ids keep their number of digits.
const MOST_SHARED: u64 = 90_000;

/// Generates a corpus into a folder: one zip a quarter, and `truth.json`. The folder is created if
/// it is not there; files of the same names are replaced, others are left alone.
///
/// # Errors
/// A setting makes no sense, or a file cannot be written.
pub fn generate(corpus: &Corpus, out: &Path) -> Result<Truth, SynthError> {
    corpus.check()?;
    let rows = corpus.rows()?;
    let catalogue = if rows.is_some() { Catalogue::large()? } else { Catalogue::load()? };
    let plot = Plot::new(&corpus.model, &catalogue)?;
    let composer = Composer::new(&catalogue, &plot, &corpus.quirks);
    fs::create_dir_all(out).map_err(|source| SynthError::Io { path: out.to_path_buf(), source })?;
    let mut run = Run::new(corpus, &composer, rows);
    let mut quarters = Vec::new();
    for place in 0..corpus.quarters.len() {
        quarters.push(run.quarter(place, out)?);
    }
    let truth = run.truth(quarters);
    truth.write(out)?;
    Ok(truth)
}

/// What is carried from quarter to quarter.
struct Run<'a> {
    corpus: &'a Corpus,
    composer: &'a Composer<'a>,
    /// For each place of the plan the cases that will be seen again there.
    pending: Vec<Vec<Chain>>,
    lists: Lists,
    tally: Tally<'a>,
    /// The rows that each quarter is to have, where it follows the published one.
    wanted: Option<Vec<Rows>>,
    numbers: Vec<Numbers>,
    next_case: u64,
    next_report: u64,
    next_shared: u64,
    revived: u64,
}

impl<'a> Run<'a> {
    fn new(corpus: &'a Corpus, composer: &'a Composer<'a>, wanted: Option<Vec<Rows>>) -> Self {
        Self {
            corpus,
            composer,
            pending: vec![Vec::new(); corpus.quarters.len()],
            lists: Lists::new(&corpus.quarters),
            tally: Tally::new(composer.plot),
            numbers: numbers(corpus, wanted.as_deref()),
            wanted,
            next_case: 0,
            next_report: 0,
            next_shared: SHARED,
            revived: 0,
        }
    }

    /// Generates and writes one quarter.
    fn quarter(&mut self, place: usize, out: &Path) -> Result<QuarterTruth, SynthError> {
        let quarter = self.corpus.quarters[place];
        let mut rng = Rng::seed_from_u64(self.corpus.seed);
        rng.set_stream(quarter.index() + 1);
        let numbers = self.numbers[place];
        (self.next_case, self.next_report) = (numbers.case, numbers.report);
        let mut files = QuarterFiles::new(self.composer, quarter, &numbers)?;
        for mut chain in std::mem::take(&mut self.pending[place]) {
            if chain.seen_in_legacy || chain.seen_in_faers {
                self.return_to(&mut rng, &mut files, &mut chain, quarter);
            }
            self.follow(&mut rng, &mut files, chain, place);
        }
        let reports = self.wanted.as_ref().map(|rows| rows[place][0]);
        let reports = reports.unwrap_or(self.corpus.reports_per_quarter as u64);
        while files.reports() < reports {
            self.new_case(&mut rng, &mut files, place);
        }
        numbers.check(quarter, self.next_case)?;
        let (rows, rates) = (files.reports(), &self.corpus.quirks);
        let list = self.lists.take(&mut rng, place, quarter, rows, rates, &mut files.counts);
        let wanted = self.wanted.as_ref().map(|rows| &rows[place]);
        publish::quarter(files, quarter, list, wanted, out)
    }

    /// Brings a case back in a later quarter.
    fn return_to(
        &mut self,
        rng: &mut Rng,
        files: &mut QuarterFiles<'_>,
        chain: &mut Chain,
        quarter: Quarter,
    ) {
        let rate = self.corpus.quirks.get(Quirk::RepeatedVersion);
        let repeat = chain.seen_in_faers && chance(rng, rate);
        if repeat {
            files.counts.add(Quirk::RepeatedVersion);
        }
        if !chain.seen_in_faers && quarter.era() != Era::Legacy {
            files.counts.add(Quirk::LegacyReturn);
        }
        chain.advance(rng, quarter, false, repeat, self.composer.catalogue);
    }

    /// Draws a new case and what will become of it.
    fn new_case(&mut self, rng: &mut Rng, files: &mut QuarterFiles<'_>, place: usize) {
        let quarter = self.corpus.quarters[place];
        let quirks = &self.corpus.quirks;
        let faers = quarter.era() != Era::Legacy;
        if faers && chance(rng, quirks.get(Quirk::SharedPrimaryId)) {
            self.shared_pair(rng, files, place);
        }
        let (report, received) = self.draw(rng, self.habits(files, place));
        let mut chain = Chain::new(report, self.take_case(), received);
        chain.upcoming = self.upcoming(rng, place);
        if faers && chance(rng, quirks.get(Quirk::VersionNineToTen)) {
            chain.version = 9;
            chain.initial = false;
            let next = (place + usize::from(chance(rng, 0.7))).min(self.pending.len() - 1);
            chain.upcoming = vec![next];
            files.counts.add(Quirk::VersionNineToTen);
        }
        self.revived += u64::from(self.lists.plan(rng, &mut chain, place, quirks));
        let model = self.composer.plot.model;
        let several = !chain.upcoming.is_empty();
        chain.withheld =
            several && chain.report.origin.is_some() && chance(rng, model.late_disclosure_share);
        let solitary = !several && !chain.deleted;
        if solitary && chain.report.is_plain() && self.spoil(rng, &mut chain) {
            self.follow(rng, files, chain, place);
            return;
        }
        self.maybe_duplicate(rng, files, &mut chain, place, solitary);
    }

    /// A report and the day of its receipt.
    fn draw(&self, rng: &mut Rng, habits: Habits) -> (Report, i32) {
        let (first, last) = habits.quarter.days();
        let received = rng.random_range(first..=last);
        let report = self.composer.report(rng, habits, received, self.next_case);
        (report, received)
    }

    /// How much the next report says: where the quarter follows the published one, what its tables
    /// still lack.
    fn habits(&self, files: &QuarterFiles<'_>, place: usize) -> Habits {
        let pace = self.wanted.as_ref().map(|rows| Pace::new(rows[place]));
        let intensity = pace.map(|pace| pace.intensity(&files.rows()));
        Habits { quarter: self.corpus.quarters[place], intensity }
    }

    /// The places of follow-ups; some legacy cases return in the first FAERS quarter.
    fn upcoming(&self, rng: &mut Rng, place: usize) -> Vec<usize> {
        let places = self.pending.len();
        let mut upcoming = follow_ups(rng, place, places, self.corpus.follow_up);
        let quarters = &self.corpus.quarters;
        if quarters[place].era() == Era::Legacy
            && chance(rng, self.corpus.quirks.get(Quirk::LegacyReturn))
            && let Some(first) = quarters.iter().position(|q| q.era() != Era::Legacy)
        {
            upcoming.retain(|other| *other != first);
            upcoming.push(first);
            upcoming.sort_unstable_by(|a, b| b.cmp(a));
        }
        upcoming
    }

    /// Gives a single-version report that matters to nothing else one of the flaws that take rows
    /// away; returns whether it did.
    fn spoil(&self, rng: &mut Rng, chain: &mut Chain) -> bool {
        let quirks = &self.corpus.quirks;
        chain.without_drug = chance(rng, quirks.get(Quirk::NoDrug));
        chain.without_reaction = !chain.without_drug && chance(rng, quirks.get(Quirk::NoReaction));
        let mut spoilt = chain.without_drug || chain.without_reaction;
        if !spoilt
            && chance(rng, quirks.get(Quirk::EmbeddedDollar))
            && let Some(sender) = &mut chain.report.sender
        {
            sender.mark = NumberMark::Dollar;
            spoilt = true;
        }
        spoilt
    }

    /// Writes a case, and now and then the same again under other ids, now or next quarter.
    fn maybe_duplicate(
        &mut self,
        rng: &mut Rng,
        files: &mut QuarterFiles<'_>,
        chain: &mut Chain,
        place: usize,
        solitary: bool,
    ) {
        let model = self.composer.plot.model;
        let copies = duplicate::copies(rng, model, &self.corpus.quirks, &chain.report);
        if copies == 0 || chain.deleted {
            chain.expendable = solitary && chain.report.is_plain();
            self.follow(rng, files, chain.clone(), place);
            return;
        }
        let mut cluster = vec![chain.case];
        self.follow(rng, files, chain.clone(), place);
        for _ in 0..copies {
            let case = self.take_case();
            cluster.push(case);
            self.repeat(rng, files, chain, place, case);
        }
        if chain.report.origin.is_some() {
            self.tally.event.clusters.push(cluster);
        }
    }

    /// Writes a copy of a case, now or next quarter.
    fn repeat(
        &mut self,
        rng: &mut Rng,
        files: &mut QuarterFiles<'_>,
        chain: &Chain,
        place: usize,
        case: u64,
    ) {
        let (_, last) = self.corpus.quarters[place].days();
        let received = rng.random_range(chain.received..=last);
        let mut duplicate = chain.duplicate(rng, case, received);
        if place + 1 < self.pending.len() && chance(rng, 0.3) {
            let (first, last) = self.corpus.quarters[place + 1].days();
            duplicate.received = rng.random_range(first..=last);
            duplicate.first_received = duplicate.received;
            self.pending[place + 1].push(duplicate);
        } else {
            self.follow(rng, files, duplicate, place);
        }
    }

    /// Version 12 of a seven-digit case and version 2 of an eight-digit one: the same primaryid.
    fn shared_pair(&mut self, rng: &mut Rng, files: &mut QuarterFiles<'_>, place: usize) {
        if self.next_shared >= SHARED + MOST_SHARED {
            return;
        }
        let habits = self.habits(files, place);
        let drawn = (0..20).map(|_| self.draw(rng, habits));
        let plain: Vec<(Report, i32)> =
            drawn.filter(|(report, _)| report.is_plain()).take(2).collect();
        if plain.len() < 2 {
            return;
        }
        let ids = [(self.next_shared, 12), (self.next_shared * 10 + 1, 2)];
        self.next_shared += 1;
        for ((mut report, received), (case, version)) in plain.into_iter().zip(ids) {
            if let Some(sender) = &mut report.sender {
                sender.serial = case;
            }
            let mut chain = Chain::new(report, case, received);
            chain.version = version;
            chain.initial = false;
            chain.first_received = received - rng.random_range(200..900);
            self.follow(rng, files, chain, place);
        }
        files.counts.add(Quirk::SharedPrimaryId);
    }

    /// Writes this sighting and those that follow in the same quarter; keeps later ones.
    fn follow(
        &mut self,
        rng: &mut Rng,
        files: &mut QuarterFiles<'_>,
        mut chain: Chain,
        place: usize,
    ) {
        let quarter = self.corpus.quarters[place];
        loop {
            let id = self.sight(rng, files, &chain, quarter);
            chain.seen(quarter.era());
            match chain.upcoming.pop() {
                Some(next) if next == place => {
                    chain.advance(rng, quarter, true, false, self.composer.catalogue);
                }
                Some(next) => {
                    self.pending[next].push(chain);
                    return;
                }
                None => {
                    if chain.duplicate {
                        files.counts.add(Quirk::DuplicateCase);
                    }
                    self.tally.close(&chain, id, quarter.era());
                    return;
                }
            }
        }
    }

    /// Writes one sighting; returns its report id.
    fn sight(
        &mut self,
        rng: &mut Rng,
        files: &mut QuarterFiles<'_>,
        chain: &Chain,
        quarter: Quarter,
    ) -> u64 {
        self.tally.cases.reports += 1;
        let ids = Ids { case: chain.case, report: self.report_id(chain, quarter.era()) };
        files.write(
            rng,
            Sighting {
                report: &chain.report,
                ids,
                version: chain.version,
                initial: chain.initial,
                first_received: chain.first_received,
                received: chain.received,
                withheld: chain.withheld,
                expendable: chain.expendable,
                without_drug: chain.without_drug,
                without_reaction: chain.without_reaction,
            },
        );
        ids.report
    }

    /// The next ISR, or the case id followed by the version.
    fn report_id(&mut self, chain: &Chain, era: Era) -> u64 {
        if era == Era::Legacy {
            self.next_report += 1;
            return self.next_report;
        }
        let digits = if chain.version < 10 { 10 } else { 100 };
        chain.case * digits + u64::from(chain.version)
    }

    fn take_case(&mut self) -> u64 {
        self.next_case += 1;
        self.next_case - 1
    }
}
