//! What else could have brought the event about: triggers, indications, other suspects. And what the drug itself
//! brought about on the way, which is no rival.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::CausalityError;
use super::agents::{Agents, names_it};
use super::dates::{Order, exposure_order};
use super::standing::standing;
use crate::case::{Case, Drug, DrugRole, Trigger, TriggerRole, TriggerStatus};
use crate::evidence::EvidenceStatus;

/// Diseases that bring the event about by themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Diseases {
    pub(crate) class: Vec<Disease>,
}

/// A class of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Disease {
    pub(crate) label: String,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) status: EvidenceStatus,
    pub(crate) names: Vec<String>,
}

static READ: LazyLock<Result<Diseases, CausalityError>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/causality/triggers.toml")).map_err(|error| {
        CausalityError::Data { file: "triggers.toml".to_owned(), problem: error.to_string() }
    })
});

/// The embedded file.
pub(crate) fn diseases() -> Result<&'static Diseases, CausalityError> {
    READ.as_ref().map_err(Clone::clone)
}

/// The diseases among the indications and triggers of a case, looked up once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Indicated<'a>(BTreeMap<&'a str, &'static Disease>);

impl<'a> Indicated<'a> {
    pub(crate) fn new(
        case: &'a Case,
        diseases: &'static Diseases,
        include_unverified: bool,
    ) -> Self {
        let given = case.drugs.iter().filter_map(|drug| drug.indication.as_deref());
        let names = given.chain(case.triggers.iter().map(|trigger| trigger.name.as_str()));
        let found =
            names.filter_map(|name| Some((name, disease(diseases, name, include_unverified)?)));
        Self(found.collect())
    }

    fn class(&self, name: &str) -> Option<&'static Disease> {
        self.0.get(name).copied()
    }
}

/// Something that bears on a drug, with the row that says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rival {
    pub(crate) text: String,
    pub(crate) row: String,
    pub(crate) source: Option<String>,
    /// Whether it is recorded as a cause of its own.
    pub(crate) confirmed: bool,
}

/// What else is in the case, as one drug sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rivals {
    /// Could have brought the event about by itself.
    pub(crate) credible: Vec<Rival>,
    /// Could be one, but its time is not known.
    pub(crate) uncertain: Vec<Rival>,
    /// Brought about by this drug.
    pub(crate) mediators: Vec<Rival>,
    /// Present, but no rival, and why.
    pub(crate) harmless: Vec<Rival>,
    /// Looked for and not found.
    pub(crate) excluded: Vec<Rival>,
    /// Not looked for, or the record does not say.
    pub(crate) untested: Vec<Rival>,
}

/// Sorts what is in the case.
pub(crate) fn rivals(
    case: &Case,
    drug: &Drug,
    agents: &Agents,
    indicated: &Indicated<'_>,
    include_unverified: bool,
) -> Rivals {
    let mut found = Rivals::default();
    for trigger in &case.triggers {
        let (list, rival) = of_trigger(&mut found, trigger, drug, indicated);
        list.push(rival);
    }
    for other in &case.drugs {
        if let Some(text) = &other.indication
            && let Some(class) = indicated.class(text)
            && !case.triggers.iter().any(|trigger| trigger.name.eq_ignore_ascii_case(text))
        {
            found.credible.push(Rival {
                text: format!(
                    "{text}, for which {} was given ({}: {})",
                    other.name, class.label, class.source
                ),
                row: format!("drugs.{}.indication", other.id),
                source: other.source.clone(),
                confirmed: false,
            });
        }
    }
    let others = case.drugs.iter().filter(|other| other.id != drug.id);
    for other in others.filter(|other| is_suspect(other)) {
        if standing(case, other, agents, include_unverified).assessed {
            of_suspect(&mut found, case, other);
        }
    }
    found
}

fn is_suspect(drug: &Drug) -> bool {
    matches!(drug.role, DrugRole::Suspect | DrugRole::Interacting)
}

/// The class of diseases to which a name belongs.
fn disease(
    diseases: &'static Diseases,
    name: &str,
    include_unverified: bool,
) -> Option<&'static Disease> {
    diseases
        .class
        .iter()
        .filter(|class| class.status.usable(include_unverified))
        .find(|class| class.names.iter().any(|pattern| names_it(name, pattern)))
}

fn of_trigger<'f>(
    found: &'f mut Rivals,
    trigger: &Trigger,
    drug: &Drug,
    indicated: &Indicated<'_>,
) -> (&'f mut Vec<Rival>, Rival) {
    let rival = |text: String| Rival {
        text,
        row: format!("triggers.{}", trigger.id),
        source: trigger.source.clone(),
        confirmed: trigger.status == TriggerStatus::Present
            && trigger.role == TriggerRole::Alternative,
    };
    let name = &trigger.name;
    match trigger.status {
        TriggerStatus::TestedNegative => {
            return (&mut found.excluded, rival(format!("{name}: tested for and not found")));
        }
        TriggerStatus::NotTested => {
            return (&mut found.untested, rival(format!("{name}: not tested for")));
        }
        TriggerStatus::NotReported => {
            return (&mut found.untested, rival(format!("{name}: not reported")));
        }
        TriggerStatus::Present => {}
    }
    match trigger.role {
        TriggerRole::Alternative => {
            (&mut found.credible, rival(format!("{name}, recorded as a cause of its own")))
        }
        TriggerRole::Unknown => {
            (&mut found.credible, rival(format!("{name}, present, its part not known")))
        }
        TriggerRole::Mediator if trigger.mediator_of.contains(&drug.id) => {
            (&mut found.mediators, rival(format!("{name}, brought about by {}", drug.name)))
        }
        TriggerRole::Mediator => {
            let by = trigger.mediator_of.join(", ");
            (&mut found.credible, rival(format!("{name}, brought about by another drug ({by})")))
        }
        TriggerRole::Indication => match indicated.class(name) {
            Some(class) => {
                let text = format!(
                    "{name}, what a drug was given for ({}: {})",
                    class.label, class.source
                );
                (&mut found.credible, rival(text))
            }
            None => {
                let text = format!(
                    "{name}, what a drug was given for, is not among the diseases known here to bring the \
                     event about"
                );
                (&mut found.harmless, rival(text))
            }
        },
    }
}

fn of_suspect(found: &mut Rivals, case: &Case, other: &Drug) {
    let rival = |text: String| Rival {
        text,
        row: format!("drugs.{}", other.id),
        source: other.source.clone(),
        confirmed: false,
    };
    match case.event.onset.and_then(|onset| exposure_order(other, onset)) {
        Some(Order::Before) => {
            let text = format!("{}, suspected too, begun before the onset", other.name);
            found.credible.push(rival(text));
        }
        Some(Order::After) => {
            let text = format!("{}, suspected too, but begun after the onset", other.name);
            found.harmless.push(rival(text));
        }
        Some(Order::Open) | None => {
            let text = format!("{}, suspected too, its time not known exactly", other.name);
            found.uncertain.push(rival(text));
        }
    }
}
