//! A corpus of ids, for tests of counting.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::rows::Rows;
use super::{Corpus, Exposure, Lists, SourceKind, Substance, Term, fold_term, packed};

/// The substances of a report with their roles, and its terms; all by id.
pub(crate) type Report = (Vec<(u32, u8)>, Vec<u32>);

impl Corpus {
    /// A corpus of these reports. Substance 3 is named `s3`; terms have the names given.
    pub(crate) fn of_ids(reports: &[Report], substances: u32, terms: &[&str]) -> Self {
        let (mut exposures, mut events) = (Lists::default(), Lists::default());
        for (named, reacted) in reports {
            let exposed = named.iter().map(|&(substance, roles)| Exposure { substance, roles });
            exposures.items.extend(packed(exposed.collect()));
            exposures.ends.push(exposures.items.len() as u32);
            let distinct: BTreeSet<u32> = reacted.iter().copied().collect();
            events.items.extend(distinct);
            events.ends.push(events.items.len() as u32);
        }
        let substance = |id| Substance { name: format!("s{id}"), class: None };
        let term = |name: &&str| Term {
            name: (*name).to_owned(),
            folded: fold_term(name),
            event_rows: 0,
            versions: None,
        };
        Self {
            source: SourceKind::Csv,
            first_report: 0,
            exposures,
            events,
            substances: (0..substances).map(substance).collect(),
            terms: terms.iter().map(term).collect(),
            rows: Rows::Memory(Box::default()),
            kept: Arc::default(),
        }
    }
}
