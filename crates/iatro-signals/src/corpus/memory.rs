//! A corpus without a lake: from reports in memory, such as a simulation draws.

use std::collections::BTreeMap;
use std::sync::Arc;

use iatro_reports::SourceKind;
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::model::codes::Role;
use iatro_reports::model::date::PartialDate;

use super::facts::Fact;
use super::rows::{DrugRow, IndicationRow, MemoryRows, Rows};
use super::{Corpus, Exposure, Lists, ROLE_UNKNOWN, Substance, Term, packed};

/// A drug of a report in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryDrug {
    /// Its substances, each once.
    pub substances: Vec<String>,
    /// The role; `None` if the report gives none.
    pub role: Option<Role>,
    /// When it was started.
    pub start: Option<PartialDate>,
    /// Terms that say why it was given.
    pub indications: Vec<String>,
}

/// A report in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryReport {
    /// What it says of patient, sender and time.
    pub fact: Fact<'static>,
    /// Its drugs.
    pub drugs: Vec<MemoryDrug>,
    /// Its event terms.
    pub events: Vec<String>,
}

/// Names with ids in the order in which they are first met.
#[derive(Default)]
struct Ids(BTreeMap<String, u32>, Vec<String>);

impl Ids {
    fn id(&mut self, name: &str) -> u32 {
        let key = fold_term(name);
        if let Some(id) = self.0.get(&key) {
            return *id;
        }
        let id = u32::try_from(self.1.len()).unwrap_or(u32::MAX);
        self.0.insert(key, id);
        self.1.push(name.to_owned());
        id
    }
}

impl Corpus {
    /// A corpus of these reports, in their order; the source counts as a line list.
    pub fn of_reports(reports: &[MemoryReport]) -> Self {
        let (mut exposures, mut events) = (Lists::default(), Lists::default());
        let (mut substances, mut terms) = (Ids::default(), Ids::default());
        let mut rows = MemoryRows::default();
        let mut event_rows: BTreeMap<u32, u64> = BTreeMap::new();
        for (place, report) in reports.iter().enumerate() {
            let mut exposed = Vec::new();
            for (seq, drug) in (1..).zip(&report.drugs) {
                let role = drug.role.map_or(ROLE_UNKNOWN, Role::bit);
                for name in &drug.substances {
                    let substance = substances.id(name);
                    exposed.push(Exposure { substance, roles: role });
                    let start = drug.start;
                    rows.drugs.push(DrugRow { place, seq: Some(seq), substance, role, start });
                }
                for name in &drug.indications {
                    let term = terms.id(name);
                    rows.indications.push(IndicationRow { place, seq: Some(seq), term });
                }
            }
            exposures.items.extend(packed(exposed));
            exposures.ends.push(exposures.items.len() as u32);
            let mut reacted: Vec<u32> = report.events.iter().map(|name| terms.id(name)).collect();
            reacted.iter().for_each(|term| *event_rows.entry(*term).or_default() += 1);
            reacted.sort_unstable();
            reacted.dedup();
            events.items.append(&mut reacted);
            events.ends.push(events.items.len() as u32);
            rows.facts.push(report.fact.clone());
        }
        let term = |(id, name): (u32, String)| Term {
            folded: fold_term(&name),
            name,
            event_rows: event_rows.get(&id).copied().unwrap_or(0),
            versions: None,
        };
        Self {
            source: SourceKind::Csv,
            first_report: 0,
            exposures,
            events,
            substances: substances
                .1
                .into_iter()
                .map(|name| Substance { name, class: None })
                .collect(),
            terms: (0..).zip(terms.1).map(term).collect(),
            rows: Rows::Memory(Box::new(rows)),
            kept: Arc::default(),
        }
    }
}
