//! What was set aside, in a sentence.

use iatro_signals::causes::SetAsideSubstance;

use super::words::{listed, paragraph};
use crate::number::{counted, thousands};

/// How many substances are named.
const NAMED: usize = 8;

/// Returns what a run set aside: suspect substances that are no exposures on some reports, because the
/// event was there first. One paragraph; it also says if nothing was.
pub fn set_aside_in_english(substances: &[SetAsideSubstance]) -> String {
    if substances.is_empty() {
        return paragraph(
            "",
            "Set aside: nothing. No report lists a suspect substance as given for the event, or a therapy of the \
             event that was started on or after the onset.",
        );
    }
    let sum = |of: fn(&SetAsideSubstance) -> u64| substances.iter().map(of).sum::<u64>();
    let (indicated, late) = (sum(|s| s.event_as_indication), sum(|s| s.therapy_after_onset));
    let one = |s: &SetAsideSubstance| {
        format!("{} {}", s.substance, thousands(s.event_as_indication + s.therapy_after_onset))
    };
    let mut named: Vec<String> = substances.iter().take(NAMED).map(one).collect();
    let more = substances.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("{} more", thousands(more as u64)));
    }
    paragraph(
        "",
        &format!(
            "Set aside as no exposures, because the event was there first: {} ({} with the event as the indication, \
             {} a therapy started on or after the onset), {} of them on event reports: {}.",
            counted(indicated + late, "entry of a report", "entries of reports"),
            thousands(indicated),
            thousands(late),
            thousands(sum(|s| s.cases)),
            listed(&named, "and"),
        ),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wording::check;

    #[test]
    fn what_was_set_aside_is_counted_and_named() {
        let one = |at: u64| SetAsideSubstance {
            substance: format!("s{at}"),
            event_as_indication: 1_000 + at,
            therapy_after_onset: at,
            cases: 1,
        };
        let many: Vec<_> = (0..10).map(one).collect();
        for (substances, said) in [
            (&many[..0], "Set aside: nothing."),
            (
                &many[..1],
                "1,000 entries of reports (1,000 with the event as the indication, 0 a therapy started on or \
                 after the onset), 1 of them on event reports: s0 1,000.",
            ),
            (&many[..], "s6 1,012, s7 1,014 and 2 more."),
        ] {
            let text = set_aside_in_english(substances);
            let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(plain.contains(said), "{text}");
            assert_eq!(check(&text), []);
        }
    }
}
