//! A sample as the corpus in which the methods count, without files between.

use iatro_reports::model::codes::{Role, outcome_bit};
use iatro_reports::model::date::{PartialDate, Precision};
use iatro_signals::corpus::Corpus;
use iatro_signals::corpus::facts::{AgeBand, Fact, Reporter, Sex};
use iatro_signals::corpus::memory::{MemoryDrug, MemoryReport};
use iatro_synth::{DatePrecision, Sample, SampledDate, SampledDrug, SampledReport};

/// The reports of a sample, in their order: what a reader sees of them, nothing of the truth.
pub fn corpus(sample: &Sample) -> Corpus {
    let reports: Vec<MemoryReport> = sample.reports.iter().map(report).collect();
    Corpus::of_reports(&reports)
}

/// What a reader sees of a report.
pub fn report(report: &SampledReport) -> MemoryReport {
    MemoryReport {
        fact: fact(report),
        drugs: drugs(&report.drugs),
        events: report.events.iter().map(ToString::to_string).collect(),
    }
}

fn fact(report: &SampledReport) -> Fact<'static> {
    let outcomes = report.outcomes.iter().filter_map(|code| outcome_bit(code));
    Fact {
        age: AgeBand::of(report.age_years),
        sex: match report.sex {
            Some(iatro_synth::Sex::Female) => Sex::Female,
            Some(iatro_synth::Sex::Male) => Sex::Male,
            None => Sex::Unknown,
        },
        received: Some(report.received),
        event_date: report.event_date.and_then(date),
        country: report.country.map(|country| country.to_owned().into()),
        reporter: match report.reporter {
            Some("MD" | "PH" | "HP" | "OT") => Reporter::HealthProfessional,
            Some(_) => Reporter::Other,
            None => Reporter::Unknown,
        },
        outcomes: outcomes.fold(0, |bits, bit| bits | bit),
        duplicate_cluster: report.duplicate_cluster,
    }
}

/// Ingredients of one drug row stand together, as a combination.
fn drugs(drugs: &[SampledDrug]) -> Vec<MemoryDrug> {
    let of_row = |row: &[SampledDrug]| {
        let first = row.first()?;
        Some(MemoryDrug {
            substances: row.iter().map(|drug| drug.substance.to_string()).collect(),
            role: Role::from_code(first.role.code()),
            start: first.start.and_then(date),
            indications: first.indications.iter().map(ToString::to_string).collect(),
        })
    };
    drugs.chunk_by(|one, next| one.sequence == next.sequence).filter_map(of_row).collect()
}

fn date(date: SampledDate) -> Option<PartialDate> {
    let precision = match date.precision {
        DatePrecision::Year => Precision::Year,
        DatePrecision::Month => Precision::Month,
        DatePrecision::Day => Precision::Day,
    };
    PartialDate::from_first_day(date.day, precision)
}
