//! The tables that engines read: of a corpus in memory, and of lakes as an ingest writes them.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, UInt8Array, UInt32Array, UInt64Array};
use iatro_reports::ingest::{Input, Options, Progress, ingest};
use iatro_reports::lake::Snapshot;
use iatro_signals::corpus::Corpus;
use iatro_synth::generate;
use parquet::arrow::ArrowWriter;

struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

/// A folder as an engine is given it.
pub(crate) fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

/// Writes `exposure` and `reaction` of a corpus, with the types that a lake has.
pub(crate) fn write(corpus: &Corpus, folder: &Path) {
    let (mut reports, mut substances, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    let (mut reacted, mut terms) = (Vec::new(), Vec::new());
    for place in 0..corpus.reports() {
        for exposure in corpus.exposures(place) {
            reports.push(corpus.report_id(place));
            substances.push(exposure.substance);
            roles.push(exposure.roles);
        }
        for &term in corpus.events(place) {
            reacted.push(corpus.report_id(place));
            terms.push(term);
        }
    }
    let exposure: [(&str, ArrayRef); 3] = [
        ("report_id", Arc::new(UInt64Array::from(reports))),
        ("substance_id", Arc::new(UInt32Array::from(substances))),
        ("roles", Arc::new(UInt8Array::from(roles))),
    ];
    let reaction: [(&str, ArrayRef); 2] = [
        ("report_id", Arc::new(UInt64Array::from(reacted))),
        ("term_id", Arc::new(UInt32Array::from(terms))),
    ];
    write_table(&folder.join("exposure.parquet"), &RecordBatch::try_from_iter(exposure).unwrap());
    write_table(&folder.join("reaction.parquet"), &RecordBatch::try_from_iter(reaction).unwrap());
}

pub(crate) fn write_table(path: &Path, rows: &RecordBatch) {
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None).unwrap();
    writer.write(rows).unwrap();
    writer.close().unwrap();
}

/// A lake of a generated corpus, and a line list behind it: the second source does not begin at 0.
pub(crate) fn two_sources(folder: &Path) -> Snapshot {
    let files = folder.join("corpus");
    generate(&iatro_synth::Corpus::small(11, 700), &files).unwrap();
    let rows = "report_id,drug,event,role\n\
        1,X,Rash,PS\n1,Y,Fever,SS\n2,X,RASH,PS\n2,x,Rash,SS\n3,Y,Rash,PS\n4,X,Fever,PS\n5,Z,Fever,PS\n5,Y,,C\n";
    std::fs::write(folder.join("list.csv"), rows).unwrap();
    let read = |input: &Input| {
        let options = Options { lake: folder.join("lake"), replace: false, rxnorm: None };
        ingest(input, &options, &mut Quiet).unwrap().snapshot
    };
    read(&Input::Faers(vec![files]));
    read(&Input::Csv(vec![folder.join("list.csv")]))
}
