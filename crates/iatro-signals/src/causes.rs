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

use iatro_reports::Error;
use iatro_reports::dictionary::term::fold_term;

use crate::corpus::Corpus;
use crate::count::Plan;
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
        let set_aside = SetAside::read(corpus, question.therapies(study), plan)?;
        plan.selection.set_aside |= &set_aside.entries;
        let triggers = Triggers::read(corpus, study, question.evidence, plan)?;
        Ok(Self { set_aside, triggers })
    }
}

/// The ids of the substances of the corpus with one of these names, sorted.
pub(crate) fn substance_ids<'n>(
    corpus: &Corpus,
    names: impl IntoIterator<Item = &'n str>,
) -> Vec<u32> {
    let folded: std::collections::BTreeSet<String> = names.into_iter().map(fold_term).collect();
    let substances = corpus.substances().iter().zip(0..);
    substances.filter(|(s, _)| folded.contains(&fold_term(&s.name))).map(|(_, id)| id).collect()
}
