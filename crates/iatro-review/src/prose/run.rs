//! What a run found, in sentences.

use iatro_signals::bench::Verdict;
use iatro_signals::run::{Signal, SignalRun};
use iatro_signals::study::Study;

use super::definition::EventName;
use super::words::listed;
use crate::interval::Interval;
use crate::number::{counted, decimals, significant, thousands};

/// How many substances of a run are what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Tally {
    /// Substances on eligible reports.
    pub(crate) substances: u64,
    /// Of these, with at least one case.
    pub(crate) with_cases: u64,
    /// Signals of disproportionate reporting: IC025 above 0.
    pub(crate) signals: u64,
    /// Of these, listed agents that are no therapies.
    pub(crate) agents: u64,
    /// Of these, therapies of the event.
    pub(crate) therapies: u64,
}

pub(crate) fn tally(run: &SignalRun) -> Tally {
    let count = |holds: &dyn Fn(&Signal) -> bool| -> u64 {
        run.signals.iter().map(|signal| u64::from(holds(signal))).sum()
    };
    Tally {
        substances: count(&|_| true),
        with_cases: count(&|signal| signal.estimates.a > 0),
        signals: count(&Signal::is_disproportionate),
        agents: count(&|s| s.is_disproportionate() && s.listed_agent && !s.therapy),
        therapies: count(&|s| s.is_disproportionate() && s.therapy),
    }
}

/// Returns the result of a run in a few sentences: reports, cases, signals, what they may mean.
pub fn run_in_english(study: &Study, run: &SignalRun) -> String {
    let event = EventName::of(&run.question, study);
    let cases = if run.cases == 1 { "reports" } else { "report" };
    let mut text = format!(
        "In {} of {}, {} {cases} {} {}.",
        counted(run.reports, "eligible report", "eligible reports"),
        run.question.source.title(),
        thousands(run.cases),
        event.plain,
        event.by_definition(),
    );
    let tally = tally(run);
    text.push_str(&signals_sentence(&tally));
    text.push_str(&kinds_sentence(&tally));
    text.push_str(&verdicts_sentence(run));
    text
}

fn signals_sentence(tally: &Tally) -> String {
    match tally.signals {
        0 => format!(
            " None of the {} on them is reported with it more often than expected (IC025 > 0).",
            counted(tally.substances, "substance", "substances"),
        ),
        1 => " 1 substance is reported with it more often than expected (IC025 > 0).".to_owned(),
        many => format!(
            " {} substances are reported with it more often than expected (IC025 > 0).",
            thousands(many)
        ),
    }
}

/// What the study says of the signals, so that nobody reads a therapy as a finding.
fn kinds_sentence(tally: &Tally) -> String {
    if tally.signals == 0 {
        return String::new();
    }
    let mut kinds = Vec::new();
    if tally.agents > 0 {
        kinds.push(be(tally.agents, "an agent", "agents"));
    }
    if tally.therapies > 0 {
        kinds.push(be(tally.therapies, "a therapy of the event", "therapies of the event"));
    }
    match (kinds.as_slice(), tally.therapies) {
        ([], _) => {
            " The study lists none of them as an agent or as a therapy of the event.".to_owned()
        }
        (kinds, 0) => format!(" Of these, the study lists {}.", listed(kinds, "and")),
        (kinds, _) => format!(
            " Of these, the study lists {}; a report may name a therapy because the event was there first.",
            listed(kinds, "and")
        ),
    }
}

/// What becomes of the signals under the checks and beside each other.
fn verdicts_sentence(run: &SignalRun) -> String {
    let count =
        |verdict| run.verdicts.iter().filter(|found| found.verdict == verdict).count() as u64;
    let [robust, fragile, explained, unchecked] =
        [Verdict::Robust, Verdict::Fragile, Verdict::Explained, Verdict::Unchecked].map(count);
    let judged = robust + fragile + explained + unchecked;
    if judged == 0 {
        return String::new();
    }
    let mut parts = vec![
        format!("{} robust against every declared check that could be made", thousands(robust)),
        format!("{} fragile (at least one check ends them)", thousands(fragile)),
    ];
    if run.attribution.is_some() {
        parts.push(format!(
            "{} explained by what stands beside them on their reports, under a stated model",
            thousands(explained)
        ));
    }
    if unchecked > 0 {
        parts.push(format!("{} unchecked", thousands(unchecked)));
    }
    let judged = if judged == 1 {
        "The 1 signal with cases enough is judged:".to_owned()
    } else {
        format!("Of the {} signals with cases enough,", thousands(judged))
    };
    format!(" {judged} {}.", listed(&parts, "and"))
}

/// `1 as an agent`, `13 as agents`.
fn be(count: u64, one: &str, many: &str) -> String {
    format!("{} as {}", thousands(count), if count == 1 { one } else { many })
}

/// Returns the estimates of one substance in a sentence.
pub fn signal_in_english(signal: &Signal) -> String {
    let Some(expected) = signal.estimates.expected else {
        return format!("{}: no reports to compare with; nothing is estimated.", signal.substance);
    };
    let how = match (signal.is_disproportionate(), signal.estimates.ic975) {
        (true, _) => "is reported with the event more often than expected",
        (false, Some(upper)) if upper < 0.0 => {
            "is reported with the event less often than expected"
        }
        _ => "shows no disproportionate reporting of the event",
    };
    format!(
        "{} {how}: {}, {} expected; {}; {}.",
        signal.substance,
        counted(signal.estimates.a, "case", "cases"),
        significant(expected),
        ror_sentence(Interval::ror(signal)),
        ic_sentence(Interval::ic(signal)),
    )
}

fn ror_sentence(ror: Interval) -> String {
    match (ror.ratio_point(), ror.limits()) {
        (Some(point), Some((lower, upper))) => {
            format!("ROR {point} (Wald 95 % {} to {})", significant(lower), significant(upper))
        }
        (Some(point), None) => format!("ROR {point}, its Wald interval not defined"),
        (None, _) => "ROR not defined".to_owned(),
    }
}

fn ic_sentence(ic: Interval) -> String {
    match (ic.log_point(), ic.limits()) {
        (Some(point), Some((lower, upper))) => format!(
            "IC {point} (exact gamma 95 % {} to {})",
            decimals(lower, 2),
            decimals(upper, 2)
        ),
        _ => "IC not defined".to_owned(),
    }
}
