//! The account of a finished corpus: `truth.json` from what was tallied and written.

use std::collections::BTreeMap;

use super::Run;
use crate::layout::TableKind;
use crate::quirk::QuirkCounts;
use crate::truth::{NOTE, QuarterTruth, ScaleTruth, ScaledRows, TRUTH_SCHEMA, TableCounts, Truth};

impl Run<'_> {
    pub(super) fn truth(self, quarters: Vec<QuarterTruth>) -> Truth {
        let mut tables: BTreeMap<String, TableCounts> = BTreeMap::new();
        let mut quirks = QuirkCounts::default();
        for quarter in &quarters {
            quirks.merge(&quarter.quirks);
            for (table, counts) in &quarter.tables {
                tables.entry(table.clone()).or_default().add(*counts);
            }
        }
        let scale = self.scale(&tables, &quarters);
        let planted = self.tally.planted();
        let mut cases = self.tally.cases;
        cases.superseded = cases.reports - cases.cases;
        cases.revived = self.revived;
        Truth {
            note: NOTE.to_owned(),
            schema: TRUTH_SCHEMA,
            generator: concat!("iatro-synth ", env!("CARGO_PKG_VERSION")).to_owned(),
            seed: self.corpus.seed,
            scale,
            model: self.corpus.model.clone(),
            cases,
            tables,
            event: self.tally.event,
            culprits: planted.culprits,
            bystanders: planted.bystanders,
            channelled: planted.channelled,
            therapies: planted.therapies,
            plants: planted.plants,
            interactions: self.tally.interactions,
            diseases: self.tally.diseases,
            quirks,
            quarters,
        }
    }

    fn scale(
        &self,
        tables: &BTreeMap<String, TableCounts>,
        quarters: &[QuarterTruth],
    ) -> Option<ScaleTruth> {
        let (scale, wanted) = (self.corpus.scale?, self.wanted.as_ref()?);
        let (substances, terms) = self.composer.catalogue.size();
        let rows = |kind: TableKind| {
            let published = wanted.iter().map(|rows| rows[kind as usize]).sum();
            let records = tables.get(kind.key()).map_or(0, |counts| counts.records);
            (kind.key().to_owned(), ScaledRows { published, records })
        };
        Some(ScaleTruth {
            scale,
            substances: substances as u64,
            terms: terms as u64,
            tables: TableKind::ALL.into_iter().map(rows).collect(),
            listed_ids: quarters.iter().filter_map(|quarter| quarter.deleted_ids).sum(),
            drugs: self.tally.drugs.spread(),
        })
    }
}
