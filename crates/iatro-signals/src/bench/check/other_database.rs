//! The same question put to the other sources of the lake.

use iatro_reports::SourceKind;
use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::Snapshot;

use super::super::context::{Subject, table};
use super::{Answer, Bench, Check, FewLeft, NAMED_COMPARATOR, Recount, Recounting, Row, RunError};
use crate::corpus::Corpus;
use crate::count::counted;
use crate::run::{Estimates, Prepared, Question, Settings};

pub(super) const CHECK: Check = Check {
    id: "other_database",
    title: "the same question in the other sources of the lake",
    rationale: "A signal of one database may be made by how its reports come about.",
    bias: "dependence on one database",
    few_left: FewLeft::WeighedByRatio,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    if bench.has_comparator() {
        return Ok(Answer::not_applicable(NAMED_COMPARATOR).into());
    }
    let Some(snapshot) = bench.snapshot else {
        return Ok(Answer::not_applicable("the reports are not in a lake").into());
    };
    let sources = snapshot.manifest().sources();
    let others = sources.into_iter().filter(|source| *source != bench.question.source);
    let mut recounts = Vec::new();
    for source in others {
        recounts.extend(in_source(bench, snapshot, source)?);
    }
    if recounts.is_empty() {
        return Ok(Answer::not_applicable("the lake has no other source with a case").into());
    }
    Ok(Answer::Counted(recounts).into())
}

/// The count of another source; `None` if it has no case.
fn in_source(
    bench: &Bench<'_>,
    snapshot: &Snapshot,
    source: SourceKind,
) -> Result<Option<Recount>, RunError> {
    let asked = bench.question;
    let settings = Settings {
        source: Some(source),
        roles: asked.roles.iter().map(|role| (*role).to_owned()).collect(),
        evidence: asked.evidence,
        ..Settings::default()
    };
    let question = Question::of_source(source, bench.study, &settings)?.with_event_of(asked);
    let corpus = Corpus::load(snapshot, source)?;
    let prepared = Prepared::new(&corpus, bench.study, &question)?;
    let counts = counted(bench.engines.over(&corpus)?.as_ref(), &prepared.plan)?;
    if counts.cases == 0 {
        return Ok(None);
    }
    let row = |subject: &Subject| -> Result<Row, RunError> {
        let folded = fold_term(&subject.name);
        let named = corpus.substances().iter().zip(&counts.cells);
        let named = named.filter(|(s, cell)| cell.exposed > 0 && fold_term(&s.name) == folded);
        match named.map(|(_, cell)| cell).max_by_key(|cell| cell.exposed) {
            None => Ok(Row::not_applicable(&format!("no {} report names it", source.title()))),
            Some(cell) => Ok(Row::counted(Estimates::of(&table(cell)?)).with(source.title())),
        }
    };
    let rows = bench.subjects.iter().map(row).collect::<Result<Vec<Row>, RunError>>()?;
    Ok(Some(Recount { reports: Some(counts.reports), cases: Some(counts.cases), rows }))
}
