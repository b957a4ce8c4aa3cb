//! What on a report could account for the event: the suspect substances that are exposures, and the
//! triggers that stand beside them.
//!
//! Two questions are answered here, for every report, before anything is counted: which substances are
//! no exposures although the report lists them as suspect ([`set_aside`]), and which triggers the report
//! names, in which role ([`triggers`]).

pub mod set_aside;
pub mod triggers;

pub use set_aside::{Reason, SetAside, SetAsideSubstance};
pub use triggers::{Concept, TriggerHit, TriggerRole, Triggers};

use std::collections::BTreeSet;

use iatro_reports::Error;
use iatro_reports::dictionary::term::fold_term;

use crate::corpus::Corpus;
use crate::count::Plan;
use crate::count::bits::Bits;
use crate::run::Question;
use crate::study::Study;

/// What reports name beside the event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Causes {
    /// Suspect substances that are no exposures.
    pub set_aside: SetAside,
    /// Triggers.
    pub triggers: Triggers,
}

impl Causes {
    /// Reads what stands on the reports, and takes what is set aside out of the plan's exposures.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn read(
        corpus: &Corpus,
        study: &Study,
        question: &Question,
        plan: &mut Plan,
    ) -> Result<Self, Error> {
        if question.checks {
            // Two checks ask the same of other definitions of the event, and the attribution of its reports.
            let terms = terms_of_any_definition(corpus, study);
            corpus.dated_drugs(&set_aside::places_with(corpus, &terms)?)?;
        }
        let set_aside = SetAside::read(corpus, question.therapies(study), plan)?;
        plan.selection.set_aside |= &set_aside.entries;
        let triggers = Triggers::read(corpus, study, question.evidence, plan)?;
        Ok(Self { set_aside, triggers })
    }
}

/// The terms of all definitions that the study has of its event.
fn terms_of_any_definition(corpus: &Corpus, study: &Study) -> Bits {
    let sets = study.events.keys().filter_map(|name| study.event(name));
    let folded: BTreeSet<String> = sets
        .flat_map(|set| set.names().iter().map(|n| fold_term(&n.name)).collect::<Vec<_>>())
        .collect();
    let terms = (0_u32..).zip(corpus.terms()).filter(|(_, term)| folded.contains(&term.folded));
    let ids: Vec<u32> = terms.map(|(id, _)| id).collect();
    Bits::new(ids.iter().copied(), ids.last().copied())
}

/// The ids of the substances of the corpus with one of these names, sorted.
pub(crate) fn substance_ids<'n>(
    corpus: &Corpus,
    names: impl IntoIterator<Item = &'n str>,
) -> Vec<u32> {
    let folded: BTreeSet<String> = names.into_iter().map(fold_term).collect();
    let substances = corpus.substances().iter().zip(0..);
    substances.filter(|(s, _)| folded.contains(&fold_term(&s.name))).map(|(_, id)| id).collect()
}
