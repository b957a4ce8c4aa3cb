//! What a report says of patient, sender and time, in the form in which reports are stratified.
//!
//! What a report does not say is unknown: a level of its own, never a default.

mod table;

use std::borrow::Cow;

use arrow_array::{Array, Date32Array, Float64Array, RecordBatch, UInt16Array, UInt64Array};
use iatro_reports::Error;
use iatro_reports::model::date::{PartialDate, Precision};

use super::Corpus;
use super::rows::Wanted;
use crate::columns::{Texts, column};

pub(crate) use self::table::FactTable;

/// The age of the patient, in bands. The first year stands alone, and the second: primary HLH appears
/// at the age at which most vaccines are given.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum AgeBand {
    /// Below 1 year.
    Infant,
    /// 1 year.
    Toddler,
    /// 2 to 11 years.
    Child,
    /// 12 to 17 years.
    Adolescent,
    /// 18 to 44 years.
    Adult,
    /// 45 to 64 years.
    MiddleAged,
    /// 65 years and older.
    Older,
    /// Not reported.
    Unknown,
}

impl AgeBand {
    /// Every band, from young to old, then unknown.
    pub const ALL: [Self; 8] = [
        Self::Infant,
        Self::Toddler,
        Self::Child,
        Self::Adolescent,
        Self::Adult,
        Self::MiddleAged,
        Self::Older,
        Self::Unknown,
    ];

    /// The band of an age in years; unknown for `None` and for what is no age.
    pub fn of(age_years: Option<f64>) -> Self {
        match age_years {
            Some(age) if !(0.0..=150.0).contains(&age) => Self::Unknown,
            Some(age) if age < 1.0 => Self::Infant,
            Some(age) if age < 2.0 => Self::Toddler,
            Some(age) if age < 12.0 => Self::Child,
            Some(age) if age < 18.0 => Self::Adolescent,
            Some(age) if age < 45.0 => Self::Adult,
            Some(age) if age < 65.0 => Self::MiddleAged,
            Some(_) => Self::Older,
            None => Self::Unknown,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Infant => "0 years",
            Self::Toddler => "1 year",
            Self::Child => "2-11 years",
            Self::Adolescent => "12-17 years",
            Self::Adult => "18-44 years",
            Self::MiddleAged => "45-64 years",
            Self::Older => "65 years and older",
            Self::Unknown => "age unknown",
        }
    }
}

/// The sex of the patient.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Sex {
    /// F.
    Female,
    /// M.
    Male,
    /// Not reported.
    Unknown,
}

impl Sex {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Female, Self::Male, Self::Unknown];

    fn of(code: Option<&str>) -> Self {
        match code {
            Some("F") => Self::Female,
            Some("M") => Self::Male,
            _ => Self::Unknown,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Unknown => "sex unknown",
        }
    }
}

/// Who reported.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reporter {
    /// Physician, pharmacist, nurse or another health professional.
    HealthProfessional,
    /// A consumer, a lawyer.
    Other,
    /// Not reported.
    Unknown,
}

impl Reporter {
    fn of(code: Option<&str>) -> Self {
        match code {
            Some("MD" | "PH" | "HP" | "OT" | "RN") => Self::HealthProfessional,
            Some(_) => Self::Other,
            None => Self::Unknown,
        }
    }
}

/// A report's facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<'r> {
    /// The patient's age.
    pub age: AgeBand,
    /// The patient's sex.
    pub sex: Sex,
    /// The day of receipt, in days since 1970-01-01; the first of the month or year where no more is known.
    pub received: Option<i32>,
    /// When the event happened.
    pub event_date: Option<PartialDate>,
    /// The country where it happened, else that of the reporter, as the report states it.
    pub country: Option<Cow<'r, str>>,
    /// Who reported.
    pub reporter: Reporter,
    /// The outcomes, as bits of [`outcome_bit`](iatro_reports::model::codes::outcome_bit).
    pub outcomes: u16,
    /// Reports with the same sender and number, by the id of the first of them.
    pub duplicate_cluster: Option<u64>,
}

impl Fact<'_> {
    /// The facts of a report that says nothing.
    pub const UNKNOWN: Fact<'static> = Fact {
        age: AgeBand::Unknown,
        sex: Sex::Unknown,
        received: None,
        event_date: None,
        country: None,
        reporter: Reporter::Unknown,
        outcomes: 0,
        duplicate_cluster: None,
    };

    /// The year of receipt.
    pub fn year(&self) -> Option<i16> {
        let day = PartialDate::from_first_day(self.received?, Precision::Day);
        day.map(PartialDate::year)
    }
}

/// Outcomes that make a report serious: death to other serious, not visits or recovery.
const SERIOUS: u16 = 1 | 2 | 4 | 8 | 16 | 32 | 64;

/// Whether an outcome of a report is serious.
pub(crate) fn is_serious(outcomes: u16) -> bool {
    outcomes & SERIOUS != 0
}

pub(super) const COLUMNS: [&str; 11] = [
    "report_id",
    "age_years",
    "sex",
    "received",
    "event_date",
    "event_date_precision",
    "occurred_country",
    "country",
    "reporter",
    "outcomes",
    "duplicate_cluster",
];

/// Calls `visit` with the place and the facts of the wanted reports of a batch, in order.
pub(super) fn of_batch(
    batch: &RecordBatch,
    corpus: &Corpus,
    wanted: Wanted<'_>,
    visit: &mut dyn FnMut(usize, Fact<'_>),
) -> Result<(), Error> {
    let ids = column::<UInt64Array>(batch, "report_id")?;
    let said = Said::read(batch)?;
    for row in 0..batch.num_rows() {
        let place = corpus.place_of(ids.value(row))?;
        if wanted.holds(place) {
            visit(place, said.on(row));
        }
    }
    Ok(())
}

/// What the reports of a batch say, by column.
struct Said<'b> {
    ages: &'b Float64Array,
    sexes: Texts<'b, Sex>,
    received: &'b Date32Array,
    events: &'b Date32Array,
    precisions: Texts<'b, Option<Precision>>,
    occurred: Texts<'b, Option<&'b str>>,
    countries: Texts<'b, Option<&'b str>>,
    reporters: Texts<'b, Reporter>,
    outcomes: &'b UInt16Array,
    clusters: &'b UInt64Array,
}

impl<'b> Said<'b> {
    fn read(batch: &'b RecordBatch) -> Result<Self, Error> {
        Ok(Self {
            ages: column(batch, "age_years")?,
            sexes: Texts::read(batch, "sex", Sex::of)?,
            received: column(batch, "received")?,
            events: column(batch, "event_date")?,
            precisions: Texts::read(batch, "event_date_precision", |said| {
                said.and_then(Precision::from_name)
            })?,
            occurred: Texts::read(batch, "occurred_country", |said| said)?,
            countries: Texts::read(batch, "country", |said| said)?,
            reporters: Texts::read(batch, "reporter", Reporter::of)?,
            outcomes: column(batch, "outcomes")?,
            clusters: column(batch, "duplicate_cluster")?,
        })
    }

    /// What the report of a row says.
    fn on(&self, row: usize) -> Fact<'b> {
        let precision = self.precisions.of(row).filter(|_| self.events.is_valid(row));
        let event_date =
            precision.and_then(|known| PartialDate::from_first_day(self.events.value(row), known));
        Fact {
            age: AgeBand::of(self.ages.is_valid(row).then(|| self.ages.value(row))),
            sex: self.sexes.of(row),
            received: self.received.is_valid(row).then(|| self.received.value(row)),
            event_date,
            country: self.occurred.of(row).or(self.countries.of(row)).map(Cow::Borrowed),
            reporter: self.reporters.of(row),
            outcomes: self.outcomes.value(row),
            duplicate_cluster: self.clusters.is_valid(row).then(|| self.clusters.value(row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infants_stand_apart_and_what_is_no_age_is_unknown() {
        let bands =
            [Some(0.0), Some(0.99), Some(1.0), Some(2.0), Some(11.9), Some(12.0), Some(17.99)];
        let names: Vec<&str> = bands.into_iter().map(|age| AgeBand::of(age).name()).collect();
        let expected = [
            "0 years",
            "0 years",
            "1 year",
            "2-11 years",
            "2-11 years",
            "12-17 years",
            "12-17 years",
        ];
        assert_eq!(names, expected);
        for age in [None, Some(-1.0), Some(f64::NAN), Some(151.0)] {
            assert_eq!(AgeBand::of(age), AgeBand::Unknown);
        }
        assert_eq!(AgeBand::of(Some(64.999)), AgeBand::MiddleAged);
        assert_eq!(AgeBand::of(Some(65.0)), AgeBand::Older);
    }

    #[test]
    fn a_visit_is_not_serious_and_no_reporter_is_not_a_consumer() {
        let fact = |outcomes| Fact { received: Some(0), outcomes, ..Fact::UNKNOWN };
        assert!(!is_serious(128 | 256 | 512) && is_serious(64) && is_serious(1));
        assert_eq!(fact(0).year(), Some(1970));
        assert_eq!(Reporter::of(None), Reporter::Unknown);
        assert_eq!(Reporter::of(Some("CN")), Reporter::Other);
    }
}
