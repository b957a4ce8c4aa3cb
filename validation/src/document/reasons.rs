//! Why the model loses where it does: known from how the scenarios are made.

/// Scenario and reason.
const REASONS: [(&str, &str); 12] = [
    (
        "culprits",
        "Nothing confounds here, and the crude limits rank well; attribution ranks by whole cases.",
    ),
    (
        "power",
        "Nothing confounds here; with few cases the lower limit of attributed cases is 0 or 1 for most substances, and the mean has to break ties.",
    ),
    ("nothing", "There is no culprit to find."),
    (
        "channelled",
        "One report in twenty does not mention the disease; its drug then competes with the background alone.",
    ),
    (
        "masking",
        "Most event reports name the giant, so that the others often stand beside it and share its reports.",
    ),
    (
        "age",
        "Few infants' reports leave the multiplier of the first year uncertain, and what it leaves open goes to what infants are given.",
    ),
    (
        "interaction",
        "Unless the pair is named, the model gives the cases of both to one of the two, and cannot tell to which: the interval of each reaches from none to all.",
    ),
    (
        "notoriety",
        "Reports of substance and event are sent more often than either explains; the model takes the excess for a hazard.",
    ),
    (
        "drug-and-event",
        "Reports of substance and event are sent more often than either explains; the model takes the excess for a hazard, and lambda of the notorious culprit is too high for the same reason.",
    ),
    (
        "missing-indications",
        "A disease that the report does not mention cannot compete; its cases go to the drug given for it, or to the background.",
    ),
    (
        "wrong-roles",
        "A culprit under the role of a concomitant is no exposure; its cases go to the bystander that is left, or to the background.",
    ),
    (
        "unknown-age",
        "Without the age a report is in the stratum of unknown ages, where infants are mixed with others; their excess goes to what infants are given.",
    ),
];

/// The reason for a scenario.
pub(super) fn reason(scenario: &str) -> &'static str {
    let found = REASONS.iter().find(|(id, _)| *id == scenario);
    found.map_or("Several of the distortions of the other scenarios act together.", |(_, why)| why)
}

/// All of them as a list.
pub(super) fn text() -> String {
    let mut out = String::from(
        "What each scenario takes from the model, whether or not a goal was missed in this run:\n\n",
    );
    for (scenario, why) in REASONS {
        out.push_str(&format!("- `{scenario}`: {why}\n"));
    }
    out.push_str(
        "- The background of a scenario with strong culprits: what few cases many substances without a \
         hazard are allowed adds up, and is taken from the background.\n",
    );
    out
}
