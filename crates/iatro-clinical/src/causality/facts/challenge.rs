//! What followed when the drug was withdrawn, and when it was given again.

use super::{DrugFacts, Fact};
use crate::case::{DrugRole, Outcome};
use crate::logic::Ternary;
use crate::observation::Presence;

impl DrugFacts<'_> {
    /// Whether the event abated because the drug was withdrawn: not known where a treatment of it may be why.
    pub(in crate::causality) fn dechallenge(&self) -> Fact {
        let row = self.row("dechallenge");
        let Some(dechallenge) = &self.drug.dechallenge else {
            return Fact::new(Ternary::Unknown, "no withdrawal is recorded", Some(&row));
        };
        let fact = |state, reason: String| Fact::new(state, reason, Some(&row));
        match (dechallenge.abated, dechallenge.with_treatment) {
            (Presence::Unknown, _) => {
                fact(Ternary::Unknown, "what came of the withdrawal is not known".to_owned())
            }
            (Presence::No, _) => {
                fact(Ternary::NotMet, "the event went on after the withdrawal".to_owned())
            }
            (Presence::Yes, Some(Presence::No)) => {
                fact(Ternary::Met, "it abated after the withdrawal, without treatment".to_owned())
            }
            (Presence::Yes, Some(Presence::Yes)) => fact(
                Ternary::Unknown,
                format!("it abated after the withdrawal under treatment{}", self.treatments()),
            ),
            (Presence::Yes, _) => fact(
                Ternary::Unknown,
                format!(
                    "it abated after the withdrawal; whether a treatment is why is not stated{}",
                    self.treatments()
                ),
            ),
        }
    }

    /// Whether it came back when the drug was given again.
    pub(in crate::causality) fn rechallenge(&self) -> Fact {
        let row = self.row("rechallenge");
        let Some(rechallenge) = &self.drug.rechallenge else {
            return Fact::new(Ternary::Unknown, "no rechallenge is recorded", Some(&row));
        };
        match rechallenge.recurred {
            Presence::Yes => Fact::new(Ternary::Met, "it came back on rechallenge", Some(&row)),
            Presence::No => {
                Fact::new(Ternary::NotMet, "it did not come back on rechallenge", Some(&row))
            }
            Presence::Unknown => {
                Fact::new(Ternary::Unknown, "what came of the rechallenge is not known", Some(&row))
            }
        }
    }

    /// What cannot be true together, if anything.
    pub(in crate::causality) fn contradiction(&self) -> Option<String> {
        let event = &self.case.event;
        if let (Some(onset), Some(end)) = (event.onset, event.outcome_time)
            && end.latest() < onset.earliest()
        {
            return Some(format!("the event ended {end}, before its onset {onset}"));
        }
        let withdrawn = self.drug.dechallenge.as_ref();
        let abated = withdrawn.is_some_and(|row| row.abated == Presence::Yes);
        let fatal = event.outcome == Some(Outcome::Fatal);
        if abated && fatal {
            return Some("it abated after the withdrawal, and its outcome is fatal".to_owned());
        }
        let stop = withdrawn.and_then(|row| row.time)?;
        if let Some(start) = self.first_start().filter(|start| stop.latest() < start.earliest()) {
            return Some(format!("withdrawn {stop}, before its first dose {start}"));
        }
        let again = self.drug.rechallenge.as_ref().and_then(|row| row.time)?;
        (again.latest() < stop.earliest())
            .then(|| format!("given again {again}, before it was withdrawn {stop}"))
    }

    /// The treatments of the event, as ` (dexamethasone since 2026-03-05)`.
    fn treatments(&self) -> String {
        let given = self.case.drugs.iter().filter(|drug| drug.role == DrugRole::Treatment);
        let named: Vec<String> = given
            .map(|drug| match drug.courses.first().and_then(|course| course.start) {
                Some(start) => format!("{} since {start}", drug.name),
                None => drug.name.clone(),
            })
            .collect();
        if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
    }
}
