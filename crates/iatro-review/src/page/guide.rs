//! How to read the numbers, in plain words, with the top signal as the example.

use super::{ReviewPage, forest, section};
use crate::markup::{Markup, at};
use crate::prose::signal_in_english;

pub(super) const SECTION: (&str, &str) = ("guide", "How to read this");

const ENTRIES: [(&str, &str); 12] = [
    (
        "Cases and expected cases",
        "A case is a report that names the substance in a counted role and holds a term of the event. \
         Expected is the number of cases there would be if substance and event were reported independently of \
         each other.",
    ),
    (
        "ROR, the reporting odds ratio",
        "The odds of the event among reports that name the substance, divided by the odds among the reports it \
         is compared with. 1 means that the event is reported as often as expected.",
    ),
    (
        "PRR, the proportional reporting ratio",
        "The share of reports with the event among those that name the substance, divided by that share among \
         the reports it is compared with.",
    ),
    (
        "IC, the information component",
        "The logarithm to base 2 of observed over expected cases, half a case added to each, so that a few \
         cases alone do not make a high value. 0 means as many as expected, 1 twice as many, 2 four times.",
    ),
    (
        "EBGM, the empirical Bayes geometric mean",
        "Observed over expected cases, drawn towards what most pairs of the same reports show: strongly where few \
         cases are expected, hardly where many are. EB05 and EB95 hold it with 90 %.",
    ),
    (
        "q",
        "How many of the substances with a q as low as this or lower would be there by chance alone, as a share, \
         if the counts were the only source of error. A small q says nothing about bias.",
    ),
    (
        "Intervals",
        "They show how far a number could lie off by chance alone. They know nothing about how reports come \
         about: a narrow interval around a biased number is a biased number.",
    ),
    (
        "Signal of disproportionate reporting",
        "Here: the lower 95 % limit of the IC, IC025, is above 0. It says that a pair is reported more often \
         than expected and should be looked at, case by case.",
    ),
    (
        "Check",
        "A second count of the whole question with something changed: reports left out, other roles, another \
         comparator, strata. A signal holds if it is there under the check too, ends if it is not although it could \
         have been, appears if it is there only under the check. Not assessable means that the check cannot say, with \
         the reason.",
    ),
    (
        "Verdict",
        "What the plain count, the checks and the attribution come to, by rules that were fixed before: robust, \
         fragile, explained, unchecked, no signal, insufficient. The first rule that holds is given.",
    ),
    (
        "Attributed cases",
        "Every event report is divided, once, among the substances and triggers on it and the background. What a \
         substance is left with are its attributed cases; the rest of its cases go to what stands beside it.",
    ),
    (
        "Met, not met, not assessable",
        "The last column of the table answers each decision rule. Not met means that the numbers were there and fell short; not \
         assessable that an estimate it reads is not defined for the table of counts.",
    ),
];

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>) {
    section(m, SECTION, |m| {
        m.within("dl", &[at("class", "pairs")], |m| {
            for (term, meaning) in ENTRIES {
                m.within("div", &[], |m| {
                    m.leaf("dt", &[], term);
                    m.leaf("dd", &[], meaning);
                });
            }
        });
        let drawn = forest::drawn(page).signals;
        // A therapy would be an example of what not to read into a number.
        let example = drawn.iter().find(|signal| !signal.therapy).or(drawn.first());
        if let Some(signal) = example {
            m.within("p", &[], |m| {
                m.leaf("strong", &[], "For example:");
                m.text(" ");
                m.text(&signal_in_english(signal));
            });
        }
    });
}
