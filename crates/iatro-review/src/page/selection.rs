//! Which substances a page shows, and in which order.

use iatro_signals::run::{Signal, SignalRun};

/// The signals by the lower limit of the IC, highest first, then by name; those without one last.
pub(super) fn by_lower_limit(run: &SignalRun) -> Vec<&Signal> {
    let mut signals: Vec<&Signal> = run.signals.iter().collect();
    let limit = |signal: &Signal| {
        signal.estimates.ic025.filter(|l| !l.is_nan()).unwrap_or(f64::NEG_INFINITY)
    };
    signals
        .sort_by(|a, b| limit(b).total_cmp(&limit(a)).then_with(|| a.substance.cmp(&b.substance)));
    signals
}

/// The signals of substances with at least this many cases, in the same order.
pub(super) fn with_cases(run: &SignalRun, least: u64) -> Vec<&Signal> {
    by_lower_limit(run).into_iter().filter(|signal| signal.estimates.a >= least).collect()
}

/// What the study says of a substance, in words; empty if nothing.
pub(super) fn mark(signal: &Signal) -> &'static str {
    match (signal.therapy, signal.listed_agent) {
        (true, true) => "therapy of the event; listed agent",
        (true, false) => "therapy of the event",
        (false, true) => "listed agent",
        (false, false) => "",
    }
}
