//! DEMO rows: the fields of a report version, with the flaws of its row.

use rand::RngExt;

use crate::calendar::{Precision, compact, partial};
use crate::quarter::Era;
use crate::quirk::Quirk;
use crate::report::{NumberMark, Report, Sender};
use crate::sampler::{Rng, chance, choose};
use crate::sighting::Sighting;

/// The fictional senders: name and the code in their numbers. The first has an accent and is only
/// drawn at the rate of its quirk.
pub(crate) const COMPANIES: [(&str, &str); 13] = [
    ("LABORATOIRES SYNTHÉTIQUES A", "LABSYNA"),
    ("SYNTHETIC PHARMA A", "SYNPHA"),
    ("SYNTHETIC PHARMA B", "SYNPHB"),
    ("SYNTHETIC PHARMA C", "SYNPHC"),
    ("SYNTHETIC BIOTECH A", "SYNBIA"),
    ("SYNTHETIC GENERICS A", "SYNGEA"),
    ("SYNTHETIC PHARMA D", "SYNPHD"),
    ("SYNTHETIC GENERICS B", "SYNGEB"),
    ("SYNTHETIC BIOTECH B", "SYNBIB"),
    ("SYNTHETIC VACCINES A", "SYNVAA"),
    ("SYNTHETIC PHARMA E", "SYNPHE"),
    ("SYNTHETIC GENERICS C", "SYNGEC"),
    ("SYNTHETIC CELL THERAPIES A", "SYNCEA"),
];

/// The fields of a DEMO row that take more than a look-up.
#[derive(Debug)]
pub(crate) struct DemoRow<'a> {
    sighting: Sighting<'a>,
    era: Era,
    age: (String, &'static str),
    weight: (String, &'static str),
    sex: &'static str,
    event_date: String,
    report_type: &'static str,
    sent: i32,
    authority: String,
    literature: String,
}

impl<'a> DemoRow<'a> {
    /// Prepares a row; `flaw` is what befalls it.
    pub(crate) fn new(
        rng: &mut Rng,
        sighting: Sighting<'a>,
        era: Era,
        flaw: Option<Quirk>,
    ) -> Self {
        let report = sighting.report;
        let year = crate::calendar::civil(sighting.received).0;
        let direct = report.sender.is_none();
        Self {
            sighting,
            era,
            age: age(rng, report, flaw),
            weight: weight(rng, report, flaw),
            sex: match flaw {
                Some(Quirk::SexJunk) => choose(rng, [("UNK", 0.5), ("NS", 0.3), ("YR", 0.2)]),
                _ => report.patient.sex,
            },
            event_date: event_date(rng, report, flaw),
            report_type: match flaw {
                Some(Quirk::ReportTypeDays) => choose(rng, [("30DAY", 0.7), ("5DAY", 0.3)]),
                _ => report.report_type,
            },
            sent: sighting.received - rng.random_range(0..4),
            authority: authority(rng, report, direct),
            literature: if report.literature {
                format!("Generated reference. Synthetic case series. Synth J. {year};1(1):1-9")
            } else {
                String::new()
            },
        }
    }

    /// Writes the field of a column.
    pub(crate) fn field(&self, column: &str, out: &mut Vec<u8>) {
        let s = &self.sighting;
        let report = s.report;
        match column {
            "isr" | "primaryid" => number(out, s.ids.report),
            "case" | "caseid" => number(out, s.ids.case),
            "caseversion" => number(out, u64::from(s.version)),
            "foll_seq" if !s.initial => number(out, u64::from(s.version.max(2) - 1)),
            "i_f_cod" | "i_f_code" => text(out, if s.initial { "I" } else { "F" }),
            "image" => text(out, &format!("{}-{}", s.ids.report, s.ids.report % 10)),
            "event_dt" => text(out, &self.event_date),
            "mfr_dt" if report.sender.is_some() => text(out, &compact(self.sent - 9)),
            "init_fda_dt" => text(out, &compact(s.first_received)),
            "fda_dt" => text(out, &compact(s.received)),
            "rept_dt" => text(out, &compact(self.sent)),
            "rept_cod" => text(out, self.report_type),
            "auth_num" => text(out, &self.authority),
            "mfr_num" => {
                if let Some(sender) = &report.sender {
                    text(out, &sender_number(report, sender));
                }
            }
            "mfr_sndr" => {
                if let Some(sender) = &report.sender {
                    company(out, sender, self.era);
                }
            }
            "lit_ref" => text(out, &self.literature),
            "age" => text(out, &self.age.0),
            "age_cod" => text(out, self.age.1),
            "age_grp" => text(out, report.patient.age_group),
            "sex" | "gndr_cod" => text(out, self.sex),
            "wt" => text(out, &self.weight.0),
            "wt_cod" => text(out, self.weight.1),
            _ => self.coded(column, out),
        }
    }

    fn coded(&self, column: &str, out: &mut Vec<u8>) {
        let s = &self.sighting;
        let report = s.report;
        match column {
            "e_sub" => text(out, if self.era == Era::Legacy { "N" } else { "Y" }),
            "occp_cod" => text(out, report.occupation),
            "to_mfr" | "confid" if report.sender.is_none() => text(out, "N"),
            "death_dt" if report.outcomes.contains(&"DE") => {
                text(out, &compact((report.onset.day + 20).min(s.received)));
            }
            "reporter_country" if self.era == Era::Legacy => text(out, report.country.name),
            "reporter_country" => text(out, report.country.code),
            "occr_country" if report.country.code.len() == 2 => text(out, report.country.code),
            _ => {}
        }
    }
}

pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

pub(crate) fn number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(number.to_string().as_bytes());
}

fn age(rng: &mut Rng, report: &Report, flaw: Option<Quirk>) -> (String, &'static str) {
    if flaw == Some(Quirk::ImpossibleAge) {
        let (value, unit) =
            choose(rng, [(("1912", "YR"), 0.4), (("-3", "YR"), 0.3), (("57", "DEC"), 0.3)]);
        return (value.to_owned(), unit);
    }
    report.patient.age.map_or((String::new(), ""), |(value, unit)| (value.to_string(), unit))
}

fn weight(rng: &mut Rng, report: &Report, flaw: Option<Quirk>) -> (String, &'static str) {
    let tenths = report.patient.weight.map_or(700, |(tenths, _)| tenths);
    let decimal = |tenths: u32| match tenths % 10 {
        0 => (tenths / 10).to_string(),
        part => format!("{}.{part}", tenths / 10),
    };
    match flaw {
        Some(Quirk::AbsurdWeight) => ((3_000 + rng.random_range(0..4_000)).to_string(), "KG"),
        Some(Quirk::OddWeightUnit) => {
            let unit = choose(rng, [("KGS", 0.4), ("IB", 0.3), ("GMS", 0.2), ("MG", 0.1)]);
            let value = match unit {
                "GMS" => u64::from(tenths) * 100,
                "MG" => u64::from(tenths) * 100_000,
                _ => return (decimal(tenths), unit),
            };
            (value.to_string(), unit)
        }
        _ => report.patient.weight.map_or((String::new(), ""), |(t, unit)| (decimal(t), unit)),
    }
}

fn event_date(rng: &mut Rng, report: &Report, flaw: Option<Quirk>) -> String {
    let date = partial(report.onset.day, report.onset.precision);
    if flaw != Some(Quirk::ImpossibleEventYear) {
        return date;
    }
    let year = if chance(rng, 0.5) { "1025" } else { "2444" };
    let rest = partial(report.onset.day, Precision::Day);
    format!("{year}{}", &rest[4..])
}

fn authority(rng: &mut Rng, report: &Report, direct: bool) -> String {
    if direct || !chance(rng, 0.03) {
        return String::new();
    }
    format!("{}-SYNTH-ADR {:08}", short_code(report), rng.random_range(0..100_000_000u32))
}

/// The country in sender numbers.
fn short_code(report: &Report) -> &'static str {
    if report.country.code.len() == 2 { report.country.code } else { "ZZ" }
}

/// `US-SYNPHA-2014US10640001`; the number is the sender's own and stays with a duplicate.
pub(crate) fn sender_number(report: &Report, sender: &Sender) -> String {
    let country = short_code(report);
    let code = COMPANIES[sender.company].1;
    let mark = match sender.mark {
        NumberMark::None => "",
        NumberMark::Quote => "\"",
        NumberMark::Dollar => "$E2B",
    };
    format!("{country}-{code}-{mark}{}{country}{}", sender.year, sender.serial)
}

/// The company's name: cp1252 before 2014Q3, UTF-8 from then on.
fn company(out: &mut Vec<u8>, sender: &Sender, era: Era) {
    let name = COMPANIES[sender.company].0;
    if era == Era::Modern {
        return text(out, name);
    }
    // Every letter of the names is in Latin-1, where its number is its byte.
    out.extend(name.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')));
}
