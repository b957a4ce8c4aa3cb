//! The nearest of several words, for a question back.

/// The word with the fewest letters to change; the first of equals.
pub fn of<'a>(given: &str, words: impl Iterator<Item = &'a str>) -> String {
    let given: Vec<char> = given.chars().take(60).collect();
    words.min_by_key(|word| distance(&given, word)).unwrap_or_default().to_owned()
}

/// Letters to insert, delete or replace (Levenshtein).
fn distance(given: &[char], word: &str) -> usize {
    let mut row: Vec<usize> = (0..=given.len()).collect();
    for (index, letter) in word.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        for (cell, own) in row.iter_mut().skip(1).zip(given) {
            let replaced = diagonal + usize::from(*own != letter);
            diagonal = *cell;
            left = replaced.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        let letters: Vec<char> = "kitten".chars().collect();
        assert_eq!(distance(&letters, "sitting"), 3);
        assert_eq!(distance(&[], "abc"), 3);
        assert_eq!(distance(&letters, "kitten"), 0);
        assert_eq!(of("hemoglobine", ["ferritin", "hemoglobin", "age"].into_iter()), "hemoglobin");
    }
}
