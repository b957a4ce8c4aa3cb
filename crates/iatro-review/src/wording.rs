//! The words that a result of disproportionality may not use, and the few sentences that may.
//!
//! Disproportionality speaks about reporting. A sentence that turns it into a statement about patients
//! is a wrong result, whatever its numbers. Every sentence and page that this crate makes is read by a
//! test with [`check`]; so can any text around them.

use iatro_reports::lake::manifest::RESEARCH_USE;

/// Words and phrases that may not stand in a generated text, in lower case.
pub const FORBIDDEN: [&str; 35] = [
    "attributable to",
    "caused",
    "causal",
    "causality",
    "causally",
    "causation",
    "cause",
    "causes",
    "causing",
    "dangerous",
    "due to",
    "harmful",
    "higher rate",
    "incidence",
    "incidences",
    "induced by",
    "leads to",
    "less likely",
    "lower rate",
    "more likely",
    "prevalence",
    "probability of",
    "proof",
    "proved",
    "proven",
    "proves",
    "risk",
    "risks",
    "risky",
    "safe",
    "safely",
    "safer",
    "safest",
    "side effect",
    "unsafe",
];

/// What a signal of disproportionate reporting is not.
pub const ABOUT_REPORTING: &str = "A signal of disproportionate reporting is about reporting: it says \
    nothing about cause.";
/// What the numbers of a page cannot be used for.
pub const NO_COMPARISON: &str = "They cannot be used to compare the risk of one substance with that of \
    another.";
/// What spontaneous reports lack.
pub const NO_DENOMINATOR: &str = "Nobody knows how many people were given a substance, so there is no \
    incidence.";

/// The field's name of the bias by which the event comes before the substance.
pub const REVERSE: &str = "reverse causation (indication)";

/// The sentences that name a forbidden word in order to rule it out, and the name of a bias; [`check`] passes over
/// them.
pub const FIXED: [&str; 6] = [
    ABOUT_REPORTING,
    NO_COMPARISON,
    NO_DENOMINATOR,
    RESEARCH_USE,
    REVERSE,
    "Spontaneous reports cannot establish causality, incidence or comparative risk.",
];

/// A forbidden word found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// The word or phrase, from [`FORBIDDEN`].
    pub word: &'static str,
    /// The words around it.
    pub context: String,
}

/// Returns every forbidden word in a plain text, in the order of the text; empty if it may be shown.
///
/// Names quoted from reports are read like the rest: a preferred term may hold such a word, and it is
/// for the caller to leave quotations out.
pub fn check(text: &str) -> Vec<Violation> {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in FIXED {
        text = text.replace(sentence, ". ");
    }
    let words: Vec<String> = words(&text);
    (0..words.len()).flat_map(|place| found_at(&words, place)).collect()
}

/// Returns the text of HTML or SVG: without tags, styles and scripts.
pub fn text_of_markup(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((name, after)) = tag.split_once('>') else {
            return text;
        };
        rest = ["style", "script"]
            .into_iter()
            .find(|skipped| name.starts_with(skipped))
            .and_then(|skipped| after.find(&format!("</{skipped}")).map(|end| &after[end..]))
            .unwrap_or(after);
        if !is_inline(name) {
            text.push(' ');
        }
    }
    text.push_str(rest);
    unescaped(&text)
}

fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
    matches!(
        name,
        "a" | "abbr" | "bdi" | "code" | "em" | "small" | "span" | "strong" | "sub" | "sup"
    )
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn found_at(words: &[String], place: usize) -> Option<Violation> {
    let begins = |phrase: &&str| {
        let mut parts = phrase.split(' ');
        let mut here = words[place..].iter();
        parts.all(|part| here.next().is_some_and(|word| word == part))
    };
    let word = FORBIDDEN.into_iter().find(begins)?;
    let around = &words[place.saturating_sub(5)..words.len().min(place + 6)];
    Some(Violation { word, context: around.join(" ") })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        check(text).into_iter().map(|violation| violation.word).collect()
    }

    #[test]
    fn whole_words_are_found_whatever_their_case() {
        assert_eq!(
            found("The RISK-free, unsafe one leads\nto a cause."),
            ["risk", "unsafe", "leads to", "cause"]
        );
        assert_eq!(found("because asterisk incidental safety causeway"), [""; 0]);
        assert_eq!(check("a b c d e f risk g")[0].context, "b c d e f risk g");
    }

    #[test]
    fn the_fixed_sentences_may_stand() {
        for sentence in FIXED {
            assert_eq!(found(&format!("Before. {} After.", sentence.replace(' ', "\n "))), [""; 0]);
        }
        assert_eq!(found("Reports cannot establish risk."), ["risk"]);
    }

    #[test]
    fn the_list_is_in_lower_case() {
        assert!(FORBIDDEN.iter().all(|word| *word == word.to_lowercase()));
    }

    #[test]
    fn markup_is_read_as_text() {
        let html = "<p>R<em>is</em>k &amp; <bdi>a&lt;b</bdi></p><style>p{safe:1}</style><td>x</td>y\
                    <script>if (risk < 2) {}</script>";
        assert_eq!(found(html.split_once("<p>").unwrap().1), ["safe", "risk"]);
        let text = text_of_markup(html);
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["Risk", "&", "a<b", "x", "y"]);
    }
}
