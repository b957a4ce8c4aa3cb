//! Generated data: what was planted, what plain disproportionality found of it, and what checks and attribution
//! make of that.

mod story;

use iatro_signals::attribution::AttributedCause;
use iatro_signals::bench::{SubstanceVerdict, Verdict};
use iatro_signals::run::{Signal, SignalRun};

use super::caption::Captions;
use super::table::{Kind, count, header, logarithm, ratio, row_name, text, value};
use super::{ReviewPage, badge, paragraph, section};
use crate::interval::Interval;
use crate::markup::{Markup, at};
use crate::number::{counted, thousands};
use crate::prose::{attributed_in_short, attributed_row, called, listed, tally};

pub(super) const SECTION: (&str, &str) =
    ("planted", "Generated data: what was planted, and what was found of it");

/// What is known about a generated corpus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlantedTruth {
    /// That the data are generated, and for what use.
    pub corpus_note: String,
    /// The planted substances.
    pub rows: Vec<PlantedRow>,
}

/// A planted substance.
#[derive(Clone, Debug, PartialEq)]
pub struct PlantedRow {
    /// Its name, as the run has it.
    pub substance: String,
    /// What it was planted as.
    pub role: PlantedRole,
    /// Why it may stand on reports of the event, such as "co-reported with lamotrigine"; may be empty.
    pub because: String,
    /// The hazard of the event that a report of it adds, if one was planted.
    pub hazard_per_report: Option<f64>,
}

/// What a substance was planted as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PlantedRole {
    /// It has a hazard of its own.
    Culprit,
    /// It has none, and is reported together with a culprit.
    Bystander,
    /// It has none, and is given for a disease that has a hazard.
    Channelled,
    /// It has none, and is given because of the event.
    Therapy,
}

impl PlantedRole {
    /// Every role, culprits first.
    pub const ALL: [Self; 4] = [Self::Culprit, Self::Bystander, Self::Channelled, Self::Therapy];

    fn heading(self) -> &'static str {
        match self {
            Self::Culprit => "Culprits: a hazard of their own was planted",
            Self::Bystander => "Bystanders: no hazard, reported together with a culprit",
            Self::Channelled => "Channelled drugs: no hazard, given for a disease that has one",
            Self::Therapy => "Therapies: no hazard, given because of the event",
        }
    }

    /// `2 bystanders`.
    fn counted(self, count: u64) -> String {
        match self {
            Self::Culprit => counted(count, "culprit", "culprits"),
            Self::Bystander => counted(count, "bystander", "bystanders"),
            Self::Channelled => counted(count, "channelled drug", "channelled drugs"),
            Self::Therapy => counted(count, "therapy", "therapies"),
        }
    }
}

/// A planted substance with everything that a run says of it.
#[derive(Clone, Copy, Debug)]
pub struct PlantedFinding<'a> {
    /// What was planted.
    pub row: &'a PlantedRow,
    /// Its counts, if any eligible report names it.
    pub signal: Option<&'a Signal>,
    /// What the attribution leaves it.
    pub attributed: Option<&'a AttributedCause>,
    /// Its verdict.
    pub verdict: Option<&'a SubstanceVerdict>,
    /// Entries set aside because the event was there first.
    pub set_aside: u64,
}

impl PlantedTruth {
    /// What a run says of every planted substance, in the order of the rows.
    pub fn findings<'a>(&'a self, run: &'a SignalRun) -> Vec<PlantedFinding<'a>> {
        self.rows.iter().map(|row| PlantedFinding::new(row, run)).collect()
    }
}

impl<'a> PlantedFinding<'a> {
    fn new(row: &'a PlantedRow, run: &'a SignalRun) -> Self {
        let name = &row.substance;
        let aside = run.set_aside.iter().filter(|aside| aside.substance == *name);
        Self {
            row,
            signal: run.signal(name),
            attributed: attributed_row(run, name),
            verdict: run.verdict(name),
            set_aside: aside.map(|a| a.event_as_indication + a.therapy_after_onset).sum(),
        }
    }

    /// Whether plain disproportionality flags it.
    pub fn is_flagged(&self) -> bool {
        self.signal.is_some_and(Signal::is_disproportionate)
    }

    /// Whether the attribution calls it: the lower limit of its cases is above none.
    pub fn is_called(&self) -> bool {
        self.attributed.and_then(called) == Some(true)
    }

    /// Whether it has this verdict.
    pub fn has(&self, verdict: Verdict) -> bool {
        self.verdict.is_some_and(|found| found.verdict == verdict)
    }

    fn plainly(&self) -> &'static str {
        match (self.signal, self.is_flagged(), self.row.role) {
            (None, _, _) => "on no eligible report",
            (Some(_), true, PlantedRole::Culprit) => "found",
            (Some(_), false, PlantedRole::Culprit) => "missed",
            (Some(_), true, _) => "flagged as well",
            (Some(_), false, _) => "not flagged",
        }
    }
}

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    let Some(planted) = page.planted else { return };
    let found = planted.findings(page.run);
    section(m, SECTION, |m| {
        m.within("div", &[at("class", "generated")], |m| {
            paragraph(m, &planted.corpus_note);
            paragraph(m, &summary(&found));
            paragraph(m, &others(&found, page.run));
            paragraph(
                m,
                "Nothing in the plain numbers of a single substance tells a culprit from a bystander, a channelled \
                 drug or a therapy. Whoever reads only such numbers will take one for the other.",
            );
            for sentence in story::told(&found, page.run) {
                paragraph(m, &sentence);
            }
        });
        captions.table(
            m,
            ("planted-table", "planted"),
            |m| m.text("Planted substances: what plain disproportionality says of them (flagged: IC025 > 0), what the \
                 attribution leaves them, and the verdict."),
            |m| table(m, &found),
        );
    });
}

fn summary(found: &[PlantedFinding<'_>]) -> String {
    let count = |role: PlantedRole, flagged: bool| -> u64 {
        found.iter().map(|f| u64::from(f.row.role == role && f.is_flagged() == flagged)).sum()
    };
    let (hits, misses) = (count(PlantedRole::Culprit, true), count(PlantedRole::Culprit, false));
    let missed: Vec<&str> = found
        .iter()
        .filter(|f| f.row.role == PlantedRole::Culprit && !f.is_flagged())
        .map(|f| f.row.substance.as_str())
        .collect();
    let missed = if missed.is_empty() {
        "misses none".to_owned()
    } else {
        format!("misses {} ({})", thousands(misses), listed(&missed, "and"))
    };
    let innocent: Vec<String> = PlantedRole::ALL[1..]
        .iter()
        .map(|role| {
            let flagged = count(*role, true);
            let all = flagged + count(*role, false);
            format!("{} of {}", thousands(flagged), role.counted(all))
        })
        .collect();
    let total: u64 = PlantedRole::ALL[1..].iter().map(|role| count(*role, true)).sum();
    format!(
        "Of {} with a planted hazard, plain disproportionality finds {} and {missed}. It flags {} without one as \
         well: {}.",
        counted(hits + misses, "substance", "substances"),
        thousands(hits),
        counted(total, "substance", "substances"),
        listed(&innocent, "and"),
    )
}

/// Signals of substances that were not planted.
fn others(found: &[PlantedFinding<'_>], run: &SignalRun) -> String {
    let mut flagged: Vec<&str> =
        found.iter().filter(|f| f.is_flagged()).map(|f| f.row.substance.as_str()).collect();
    flagged.sort_unstable();
    flagged.dedup();
    let all = tally(run).signals;
    match all.saturating_sub(flagged.len() as u64) {
        0 => "No other substance is flagged.".to_owned(),
        1 => "1 more substance is flagged that was not planted at all.".to_owned(),
        more => format!(
            "{} more substances are flagged that were not planted at all: misspelt names of planted ones, \
             company on the same reports, or chance.",
            thousands(more)
        ),
    }
}

fn table(m: &mut Markup, found: &[PlantedFinding<'_>]) {
    let columns = [
        ("Substance", Kind::Text),
        ("Why it stands on reports of the event", Kind::Text),
        ("Hazard per report", Kind::Number),
        ("Cases", Kind::Number),
        ("ROR (Wald 95 %)", Kind::Number),
        ("IC (exact gamma 95 %)", Kind::Number),
        ("Plain disproportionality", Kind::Text),
        ("Attributed (95 %)", Kind::Text),
        ("Set aside", Kind::Number),
        ("Verdict", Kind::Text),
    ];
    header(m, &columns);
    for role in PlantedRole::ALL {
        let of_role: Vec<_> = found.iter().filter(|f| f.row.role == role).collect();
        if of_role.is_empty() {
            continue;
        }
        m.within("tbody", &[], |m| {
            m.within("tr", &[at("class", "group")], |m| {
                let attrs = [at("scope", "rowgroup"), at("colspan", columns.len())];
                m.leaf("th", &attrs, role.heading());
            });
            for found in of_role {
                m.within("tr", &[], |m| row(m, found));
            }
        });
    }
}

fn row(m: &mut Markup, found: &PlantedFinding<'_>) {
    row_name(m, &found.row.substance, &[]);
    let because = match (found.row.because.as_str(), found.row.role) {
        ("", PlantedRole::Culprit) => "hazard of its own",
        (because, _) => because,
    };
    text(m, because);
    match found.row.hazard_per_report {
        Some(_) => value(m, found.row.hazard_per_report),
        None => m.leaf("td", &[at("class", "n na")], "none"),
    }
    match found.signal {
        Some(signal) => {
            count(m, signal.estimates.a);
            ratio(m, Interval::ror(signal));
            logarithm(m, Interval::ic(signal));
        }
        None => {
            for _ in 0..3 {
                m.leaf("td", &[at("class", "n na")], "–");
            }
        }
    }
    let class = match (found.is_flagged(), found.row.role) {
        (true, PlantedRole::Culprit) => "r met",
        (true, _) => "r met also",
        (false, _) => "r not",
    };
    m.leaf("td", &[at("class", class)], found.plainly());
    match found.attributed {
        Some(row) => attributed(m, row),
        None => m.leaf("td", &[at("class", "na")], "–"),
    }
    count(m, found.set_aside);
    let reason = found.verdict.map(|v| badge::reason(v, found.attributed)).unwrap_or_default();
    badge::cell(m, found.verdict.map(|v| v.verdict), &reason);
}

fn attributed(m: &mut Markup, row: &AttributedCause) {
    m.within("td", &[], |m| {
        m.text(&attributed_in_short(row));
        if !row.members.is_empty() {
            m.text(" ");
            m.leaf("small", &[], &format!("together: {}", row.cause));
        }
    });
}
