//! What stands beside the numbers of an attribution: what was left out, what was learned, what is assumed.

use iatro_signals::attribution::{Attribution, AttributionRun, BackgroundLevel, LearnedGroup};

use super::set_aside::set_aside_in_english;
use super::words::paragraph;
use crate::number::{counted, decimals, short, thousands};

/// What an attribution is.
pub const ATTRIBUTION: &str = "Attribution of reporting under a stated model: the event reports, divided among what \
    stands on them.";

/// Returns what belongs beside the numbers of an attribution, as lines of text: what was set aside, which
/// triggers were left to their substance, the background by level, what was learned, and what the model takes
/// for granted.
pub fn attribution_notes(run: &AttributionRun) -> String {
    let attribution = &run.attribution;
    let mut text = set_aside_in_english(&run.run.set_aside);
    text.push_str(&left_out(attribution));
    text.push('\n');
    text.push_str(&background(&attribution.background));
    text.push_str(&learned(&attribution.learned));
    text.push_str("\nAssumed:\n");
    for assumption in attribution.assumptions {
        text.push_str(&paragraph("  • ", assumption));
    }
    text
}

fn left_out(attribution: &Attribution) -> String {
    let mediators = match attribution.mediators {
        0 => "No trigger on an event report is a mediator of a substance there.".to_owned(),
        1 => {
            "1 trigger on an event report was left to a substance that is known to bring it about."
                .to_owned()
        }
        many => format!(
            "{} triggers on event reports were left to substances that are known to bring them about.",
            thousands(many)
        ),
    };
    let others = counted(
        attribution.without_cases as u64,
        "substance, trigger or pair",
        "substances, triggers and pairs",
    );
    let stand = if attribution.without_cases == 1 { "stands" } else { "stand" };
    paragraph(
        "",
        &format!(
            "{mediators} {others} more {stand} on eligible reports of which none is an event report."
        ),
    )
}

/// What a level does to the background, factor by factor.
fn background(levels: &[BackgroundLevel]) -> String {
    let mut factors: Vec<&str> = levels.iter().map(|level| level.factor).collect();
    factors.dedup();
    if factors.is_empty() {
        return paragraph("", "The background is the same for every report: no strata.");
    }
    let mut text = paragraph("", "The background is multiplied by (95 % credible interval):");
    for factor in factors {
        let own: Vec<&BackgroundLevel> =
            levels.iter().filter(|level| level.factor == factor).collect();
        let said = match own[..] {
            [only] => format!("{} on every report, which tells nothing", only.level),
            _ => own.iter().map(|level| multiplier(level)).collect::<Vec<_>>().join("; "),
        };
        text.push_str(&paragraph("  • ", &format!("{}: {said}", factor.replace('_', " "))));
    }
    text
}

fn multiplier(level: &BackgroundLevel) -> String {
    let interval = level
        .interval
        .map_or("–".to_owned(), |(low, high)| format!("{}–{}", short(low), short(high)));
    format!("{} {} ({interval})", level.level, short(level.multiplier))
}

fn learned(groups: &[LearnedGroup]) -> String {
    let group = |learned: &LearnedGroup| {
        let kind = match learned.group.name() {
            "interaction" => "named pairs",
            "trigger" => "triggers",
            _ => "substances",
        };
        format!(
            "of the {kind} {} % are active, and an active one adds {} per 10,000 reports on average",
            decimals(learned.active_share * 100.0, 1),
            short(learned.active_mean * 1e4),
        )
    };
    let groups: Vec<String> = groups.iter().map(group).collect();
    if groups.is_empty() {
        return String::new();
    }
    paragraph("", &format!("Learned: {}.", groups.join("; ")))
}
