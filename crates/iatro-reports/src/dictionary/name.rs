//! From a verbatim name to its key, and from a key to substances.
//!
//! [`clean_name`] takes away what is written around a product's name; [`ingredients`] reads the
//! active-ingredient column of a report file; [`map_verbatim`] tries the built-in dictionary on a
//! name that has no such column beside it. All three are rules over visible word lists: the same
//! name always gives the same answer.

use std::collections::BTreeSet;

use super::forms;
use super::seed;
use super::term::fold_term;

mod clean;

/// How a verbatim name was mapped; stored beside the mapping, so that anyone can check it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Rule {
    /// The name as written is in the dictionary.
    Exact,
    /// The cleaned name is in the dictionary.
    Cleaned,
    /// The cleaned name is in the dictionary once salt words or a biologic suffix are dropped.
    Salt,
    /// The name lists several ingredients, and each of them is in the dictionary.
    Combination,
    /// The text in brackets behind the name is in the dictionary, and the name does not deny it
    /// ("placebo", "no", "blinded").
    Bracket,
}

/// The ingredients of a verbatim name and the rule that found them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mapped {
    /// Substances in lower case, sorted, each once; never empty.
    pub ingredients: Vec<String>,
    /// The rule that found them.
    pub rule: Rule,
}

/// Returns the key of a verbatim name.
///
/// Lower case; of its first 1,000 characters; without manufacturer or strength in brackets, WHO drug codes, strengths, dose forms
/// and routes at the end, and punctuation at the ends. A step that would leave no letter is not
/// taken, so only a blank name gives an empty key. Cleaning a key gives the same key.
///
/// ```
/// use iatro_reports::dictionary::name::clean_name;
/// assert_eq!(clean_name("KEYTRUDA (PEMBROLIZUMAB) 100 MG/4 ML"), "keytruda");
/// assert_eq!(clean_name("ASPIRIN /00002701/"), "aspirin");
/// ```
pub fn clean_name(verbatim: &str) -> String {
    let mut key = bounded(&fold_term(verbatim)).to_owned();
    loop {
        let shorter = clean::clean_once(&key);
        if shorter == key {
            return key;
        }
        key = shorter;
    }
}

/// Returns the substances of an active-ingredient entry, in which `\` separates ingredients.
///
/// Salt, ester and hydrate words go by rule, and so does a four-letter biologic suffix; a name that
/// is itself a salt stays whole. Names that the built-in dictionary knows come out as their
/// international non-proprietary name. Lower case, sorted, each once; empty only if the entry names
/// nothing.
///
/// ```
/// use iatro_reports::dictionary::name::ingredients;
/// assert_eq!(ingredients("SULFAMETHOXAZOLE\\TRIMETHOPRIM"), ["sulfamethoxazole", "trimethoprim"]);
/// assert_eq!(ingredients("INFLIXIMAB-DYYB"), ["infliximab"]);
/// assert_eq!(ingredients("SODIUM CHLORIDE"), ["sodium chloride"]);
/// ```
pub fn ingredients(prod_ai: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    for part in prod_ai.split('\\') {
        let folded = fold_term(part);
        let name = bounded(&folded).trim_end_matches(forms::ENTRY_END);
        if name.is_empty() {
            continue;
        }
        match known(name) {
            [] => found.extend(forms::shortenings(name).pop()),
            known => found.extend(known.iter().map(|&substance| substance.to_owned())),
        }
    }
    found.into_iter().collect()
}

/// Returns what the built-in dictionary makes of a verbatim name, or `None` if it knows too little.
///
/// A name is taken apart at `\`, `;`, `/`, `+`, `,`, `&`, "and" or "with" only if every part is
/// known.
pub fn map_verbatim(verbatim: &str) -> Option<Mapped> {
    let folded = fold_term(verbatim);
    let cleaned = clean_name(verbatim);
    let mapped = |rule, ingredients: &[&str]| {
        let ingredients = ingredients.iter().map(|&name| name.to_owned()).collect();
        Some(Mapped { ingredients, rule })
    };
    match (seed::lookup(&folded), seed::lookup(&cleaned), known(&cleaned)) {
        ([], [], []) => {}
        ([], [], salt) => return mapped(Rule::Salt, salt),
        ([], cleaned, _) => return mapped(Rule::Cleaned, cleaned),
        (exact, _, _) => return mapped(Rule::Exact, exact),
    }
    let listed =
        |text: &str, rule| combination(text).map(|ingredients| Mapped { ingredients, rule });
    listed(&cleaned, Rule::Combination).or_else(|| {
        let (before, inner, after) = clean::split_at_bracket(&folded)?;
        if denies(before) || denies(after) {
            return None;
        }
        listed(inner, Rule::Bracket)
    })
}

/// The longest name that the rules look at, in characters: some take a step for every bracket.
const LONGEST: usize = 1000;

/// The beginning of a folded name, which is the whole of any real one.
fn bounded(folded: &str) -> &str {
    let end = folded.char_indices().nth(LONGEST).map_or(folded.len(), |(at, _)| at);
    folded.get(..end).unwrap_or(folded).trim_end()
}

/// Whether the text around a bracket says that what stands in it was not given, or may not have been.
fn denies(around: &str) -> bool {
    const WORDS: [&str; 9] =
        ["placebo", "no", "not", "non", "comparator", "blind", "blinded", "vehicle", "sham"];
    around.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Returns the ingredients of a folded name that the dictionary knows, with or without its salt.
fn known(name: &str) -> &'static [&'static str] {
    let shorter = forms::shortenings(name);
    let acid = shorter.last().and_then(|base| forms::without_ion(base));
    shorter
        .iter()
        .map(String::as_str)
        .chain(acid)
        .map(seed::lookup)
        .find(|found| !found.is_empty())
        .unwrap_or(&[])
}

/// Returns the ingredients of a list of names, or `None` if one of them is not known.
fn combination(text: &str) -> Option<Vec<String>> {
    let marked = text.replace(" and ", "\\").replace(" with ", "\\").replace(" w/", "\\");
    let mut found = BTreeSet::new();
    for part in marked.split(['\\', ';', '/', '+', ',', '&']) {
        match known(&clean_name(part)) {
            [] => return None,
            known => found.extend(known.iter().map(|&substance| substance.to_owned())),
        }
    }
    Some(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn active_ingredients_lose_their_salts() {
        for (prod_ai, expected) in [
            ("SITAGLIPTIN PHOSPHATE", vec!["sitagliptin"]),
            ("LAMOTRIGINE", vec!["lamotrigine"]),
            ("PREDNISOLONE ACETATE", vec!["prednisolone"]),
            ("METHYLPREDNISOLONE SODIUM SUCCINATE", vec!["methylprednisolone"]),
            ("METHOTREXATE SODIUM.", vec!["methotrexate"]),
            ("RITUXIMAB-ABBS", vec!["rituximab"]),
            ("EMAPALUMAB-LZSG", vec!["emapalumab"]),
            ("CYCLOSPORINE", vec!["ciclosporin"]),
            ("DIVALPROEX SODIUM", vec!["valproic acid"]),
            ("SODIUM VALPROATE", vec!["valproic acid"]),
            ("MYCOPHENOLATE MOFETIL HYDROCHLORIDE", vec!["mycophenolic acid"]),
            ("SULFAMETHOXAZOLE\\TRIMETHOPRIM", vec!["sulfamethoxazole", "trimethoprim"]),
            ("AMOXICILLIN\\CLAVULANATE POTASSIUM", vec!["amoxicillin", "clavulanic acid"]),
            ("METRONIDAZOLE\\METRONIDAZOLE HYDROCHLORIDE", vec!["metronidazole"]),
            ("YELLOW FEVER VIRUS STRAIN 17D-204 LIVE ANTIGEN", vec!["yellow fever vaccine"]),
            ("IRON AND VITAMINS", vec!["iron and vitamins"]),
            ("\\ \\", vec![]),
        ] {
            assert_eq!(ingredients(prod_ai), expected, "{prod_ai}");
        }
    }

    #[test]
    fn names_that_are_salts_stay_whole() {
        for name in [
            "SODIUM CHLORIDE",
            "POTASSIUM CHLORIDE",
            "CALCIUM CARBONATE",
            "FERROUS SULFATE",
            "LITHIUM CARBONATE",
            "MAGNESIUM SULFATE",
            "SODIUM OXYBATE",
            "DIMETHYL FUMARATE",
            "ZINC OXIDE",
        ] {
            assert_eq!(ingredients(name), [name.to_lowercase()]);
        }
    }

    #[test]
    fn verbatim_names_are_mapped_by_a_named_rule() {
        for (verbatim, expected, rule) in [
            ("Lamictal", vec!["lamotrigine"], Rule::Exact),
            ("LAMICTAL 25 MG TABLETS", vec!["lamotrigine"], Rule::Cleaned),
            ("LAMICTAL XR", vec!["lamotrigine"], Rule::Cleaned),
            ("BACTRIM DS", vec!["sulfamethoxazole", "trimethoprim"], Rule::Cleaned),
            ("KEYTRUDA (PEMBROLIZUMAB)", vec!["pembrolizumab"], Rule::Cleaned),
            ("METHOTREXATE SODIUM.", vec!["methotrexate"], Rule::Salt),
            ("RITUXIMAB-ABBS", vec!["rituximab"], Rule::Salt),
            ("NIVOLUMAB AND IPILIMUMAB", vec!["ipilimumab", "nivolumab"], Rule::Combination),
            ("IMURAN/AZATHIOPRINE", vec!["azathioprine"], Rule::Combination),
            ("RITUXIMAB;ANAKINRA", vec!["anakinra", "rituximab"], Rule::Combination),
            ("CYTOSTATIC (ETOPOSIDE PHOSPHATE)", vec!["etoposide"], Rule::Bracket),
            ("COVID19 (COVID19 (MODERNA))", vec!["elasomeran"], Rule::Exact),
        ] {
            let mapped = map_verbatim(verbatim).unwrap();
            assert_eq!(mapped.ingredients, expected, "{verbatim}");
            assert_eq!(mapped.rule, rule, "{verbatim}");
        }
    }

    #[test]
    fn half_known_names_are_not_mapped() {
        for verbatim in ["ZYPREXA", "RITUXIMAB;URELUMAB", "COZAAR/LOSARTAN", "HRT (X)", "", "+"] {
            assert_eq!(map_verbatim(verbatim), None, "{verbatim}");
        }
    }

    #[test]
    fn a_name_that_denies_what_stands_in_brackets_is_not_mapped() {
        for verbatim in [
            "PLACEBO (NIVOLUMAB)",
            "NO DRUG (LAMOTRIGINE)",
            "COMPARATOR (METHOTREXATE)",
            "Blinded therapy (METHOTREXATE)",
            "NON-STUDY DRUG [LAMOTRIGINE]",
            "SHAM (NIVOLUMAB)",
            "(NIVOLUMAB) PLACEBO",
        ] {
            assert_eq!(map_verbatim(verbatim), None, "{verbatim}");
        }
        let mapped = map_verbatim("STUDY DRUG NOVEL (LAMOTRIGINE)").unwrap();
        assert_eq!((mapped.ingredients, mapped.rule), (vec!["lamotrigine".into()], Rule::Bracket));
    }

    #[test]
    fn an_endless_name_is_cleaned_in_no_time() {
        for piece in
            ["(", "(a)", "[a] ", "^", "/", "sodium ", "a-", "aspirin,", "\\", "a 5 mg ", "İ"]
        {
            check_invariants(&piece.repeat((1 << 20) / piece.len()));
        }
        let long = format!("{} (x)", "é ".repeat(600));
        assert_eq!(clean_name(&long).chars().count(), 999);
    }

    /// Names made of the words and signs that the rules look for.
    fn name_like() -> impl Strategy<Value = String> {
        let pieces = [
            "aspirin",
            "Sodium",
            "chloride",
            "100",
            "MG",
            "mg/ml",
            "0.9%",
            "(",
            ")",
            "[",
            "/",
            "/00002701/",
            "\\",
            " ",
            "  ",
            "TABLETS",
            "iv",
            "^",
            "-",
            "dyyb",
            "infliximab-",
            ".",
            "rho(d)",
            "İ",
            "Σ",
            "é",
            "anhydrous",
            "IU",
            "+",
            "and",
            "®",
            "\"",
            "hydrate",
            "ferrous",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12)
            .prop_map(|pieces| pieces.concat())
    }

    fn check_invariants(name: &str) {
        let key = clean_name(name);
        assert_eq!(clean_name(&key), key);
        assert_eq!(key.is_empty(), name.trim().is_empty());
        let found = ingredients(name);
        assert!(found.iter().all(|name| !name.is_empty()));
        assert!(found.is_sorted_by(|a, b| a < b));
        for base in &found {
            assert_eq!(&ingredients(base), std::slice::from_ref(base));
        }
        assert!(map_verbatim(name).is_none_or(|mapped| !mapped.ingredients.is_empty()));
    }

    proptest! {
        #[test]
        fn any_text_is_cleaned_once_and_for_all(name in "\\PC{0,80}") {
            check_invariants(&name);
        }

        #[test]
        fn any_name_is_cleaned_once_and_for_all(name in name_like()) {
            check_invariants(&name);
        }

        #[test]
        fn control_characters_do_no_harm(name in prop::collection::vec(any::<char>(), 0..40)) {
            check_invariants(&name.into_iter().collect::<String>());
        }
    }
}
