//! Invented substances and terms, for corpora of true size.
//!
//! The names are made of syllables by number and say what they are: a substance ends in `SYN`, its
//! names in trade begin with `SYN`, and a term is called "Synthetic term" with its number. They are
//! no names of products, and no content of a terminology.

use std::sync::LazyLock;

/// Substances that are invented, so that there are 4,000 with those of `data/substances.tsv`.
const SUBSTANCES: usize = 3_604;
/// Terms that are invented, so that there are 20,000 with those of `data/terms.tsv`.
const TERMS: usize = 19_377;
/// The most names in trade of a substance.
const MOST_NAMES: usize = 3;

const CONSONANTS: [&str; 16] =
    ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "t", "v", "z", "br", "tr", "kl"];
const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
const SYLLABLES: usize = CONSONANTS.len() * VOWELS.len();

/// An invented substance.
#[derive(Debug)]
pub(crate) struct Invented {
    pub(crate) name: String,
    /// Names in trade.
    pub(crate) names: Vec<String>,
}

/// The invented substances, made once.
pub(crate) fn substances() -> &'static [Invented] {
    static ALL: LazyLock<Vec<Invented>> = LazyLock::new(|| (0..SUBSTANCES).map(invented).collect());
    &ALL
}

/// The invented terms, made once.
pub(crate) fn terms() -> &'static [String] {
    static ALL: LazyLock<Vec<String>> =
        LazyLock::new(|| (1..=TERMS).map(|n| format!("Synthetic term {n:05}")).collect());
    &ALL
}

/// The first two syllables name the number; the third makes neighbours unlike each other.
fn invented(number: usize) -> Invented {
    let (first, second) = (number % SYLLABLES, (number / SYLLABLES + number * 13) % SYLLABLES);
    let third = |offset: usize| syllable((number * 31 + offset) % SYLLABLES);
    let name = format!("{}{}{}syn", syllable(first), syllable(second), third(17));
    let trade = |offset: usize| {
        format!("syn{}{}{}", syllable(second), syllable(first), third(1 + offset * 29))
    };
    let names = (0..number % (MOST_NAMES + 1)).map(trade);
    Invented {
        name: name.to_ascii_uppercase(),
        names: names.map(|name| name.to_ascii_uppercase()).collect(),
    }
}

fn syllable(number: usize) -> String {
    format!("{}{}", CONSONANTS[number % CONSONANTS.len()], VOWELS[number / CONSONANTS.len()])
}
