//! The steps that take away what is written around a product's name.

use crate::dictionary::forms::{self, Form, TRAILING};

const OPENING: [char; 3] = ['(', '[', '{'];
const CLOSING: [char; 3] = [')', ']', '}'];

/// Takes every cleaning step once; a step that would leave no letter is not taken.
pub(super) fn clean_once(key: &str) -> String {
    let steps: [fn(&str) -> String; 5] =
        [without_marks, without_brackets, without_codes, without_strengths, without_forms];
    let mut key = key.to_owned();
    for step in steps {
        let shorter = trimmed(&step(&key));
        if shorter.chars().any(char::is_alphabetic) {
            key = shorter;
        }
    }
    key
}

/// Drops punctuation at the ends and joins runs of blanks. A leading point stays (".alpha.-").
fn trimmed(text: &str) -> String {
    let mut text = text.trim_end_matches(TRAILING);
    if !text.contains(OPENING) {
        text = text.trim_end_matches(CLOSING).trim_end_matches(TRAILING);
    }
    let text = text.trim_start_matches(|c| c != '.' && TRAILING.contains(&c));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Drops quotation marks, trade marks and what stands between two carets, which stand for quotation
/// marks in report files ("thiamine ^sad^").
fn without_marks(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !matches!(c, '"' | '®' | '™' | '©')).collect();
    match plain.split('^').collect::<Vec<_>>().as_slice() {
        [before, _, after] => format!("{before} {after}"),
        _ => plain,
    }
}

/// Drops bracketed text. A name that begins with a bracket keeps what stands in it; so does a
/// letter or two inside a word ("rho(d)").
fn without_brackets(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inner, after)) = split_at_bracket(rest) {
        kept.push_str(before);
        let sign = matches!(inner, "" | "r" | "c" | "tm");
        if before.ends_with(char::is_alphanumeric) && inner.chars().count() <= 2 && !sign {
            kept.push_str(&rest[before.len()..rest.len() - after.len()]);
        } else if kept.trim().is_empty() {
            kept = format!("{inner} ");
        } else {
            kept.push(' ');
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// Returns the text before the first bracket, in it (to the end if it is not closed) and after it.
pub(super) fn split_at_bracket(text: &str) -> Option<(&str, &str, &str)> {
    let (before, group) = text.split_at(text.find(OPENING)?);
    let mut depth = 0_usize;
    for (at, c) in group.char_indices() {
        if OPENING.contains(&c) {
            depth += 1;
        } else if CLOSING.contains(&c) {
            depth -= 1;
        }
        if depth == 0 {
            return Some((before, &group[1..at], &group[at + 1..]));
        }
    }
    Some((before, &group[1..], ""))
}

/// Drops WHO drug codes: six to eleven digits between slashes, or after a slash at the end.
fn without_codes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('/') {
        kept.push_str(before);
        let next = after.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = after.len() - next.len();
        let closed = next.strip_prefix('/');
        let code = (6..=11).contains(&digits) && (closed.is_some() || next.is_empty());
        kept.push(if code { ' ' } else { '/' });
        rest = if code { closed.unwrap_or("") } else { after };
    }
    kept.push_str(rest);
    kept
}

/// Drops amounts with their unit, in one word or two, wherever they stand.
fn without_strengths(text: &str) -> String {
    let mut words = text.split(' ').peekable();
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        let unit_follows = words.peek().is_some_and(|next| forms::is_unit(bare(next)));
        if forms::is_amount(bare(word)) && unit_follows {
            words.next();
        } else if !forms::is_strength(bare(word)) {
            kept.push(word);
        }
    }
    kept.join(" ")
}

/// Drops dose forms, routes, bare units and ratios of strengths ("100/50") from the end.
fn without_forms(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_no_name(word)) {
        words.pop();
    }
    words.join(" ")
}

/// Says whether a word at the end of a name is not part of it.
fn is_no_name(word: &str) -> bool {
    let word = bare(word);
    let abbreviation = word.replace('.', "");
    match forms::form(word).or_else(|| forms::form(&abbreviation)) {
        Some(Form::Word) => true,
        Some(Form::Unit) => word.chars().count() > 1,
        Some(Form::Per) => false,
        None => word.is_empty() || (word.contains('/') && forms::is_amount(word)),
    }
}

/// Returns a word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(TRAILING)
}

#[cfg(test)]
mod tests {
    use crate::dictionary::name::clean_name;

    #[test]
    fn real_looking_names_are_cleaned() {
        for (verbatim, key) in [
            ("LAMICTAL", "lamictal"),
            ("ZYPREXA", "zyprexa"),
            ("  PREDNISOLONE   ACETATE ", "prednisolone acetate"),
            ("KEYTRUDA (PEMBROLIZUMAB)", "keytruda"),
            ("ASPIRIN /00002701/", "aspirin"),
            ("ATARAX                             /00058402/", "atarax"),
            ("TYLENOL /00020001/ 500 MG TABLETS", "tylenol"),
            ("METHOTREXATE SODIUM.", "methotrexate sodium"),
            ("BACTRIM DS", "bactrim"),
            ("INFLIXIMAB-DYYB", "infliximab-dyyb"),
            ("BACTRIM CONTINUING (SULFAMETOXAZOLE/TRIMETHOPRIM)", "bactrim"),
            ("(OXALIPLATIN) - SOLUTION- 85 MG/M2", "oxaliplatin"),
            ("DI-ANTALVIC(PARACETAMOL, DEXTROPROPOXYPHENE) CAPSULE, 6U", "di-antalvic"),
            ("CALCIUM WITH VITAMIN D (ERGOCALCIFEROL, CALCIUM SOD", "calcium with vitamin d"),
            ("ZOCOR(SIMVASTATIN) TABLET, IU", "zocor"),
            ("PROCYCLIDINE HYDROCHLORIDE 2MG TAB", "procyclidine hydrochloride"),
            ("ADVAIR DISKUS 100/50", "advair diskus"),
            ("THIAMINE ^SAD^ (THIAMINE)", "thiamine"),
            ("0.9% SODIUM CHLORIDE", "sodium chloride"),
            ("CLARITIN-D 24 HOUR", "claritin-d"),
            ("LEVOTHYROXINE 0,05 MG/ML I.V. SOLUTION FOR INJECTION", "levothyroxine"),
            ("DEPAKOTE ER", "depakote"),
            ("SANDOSTATIN LAR DEPOT", "sandostatin"),
            ("HUMAN RHO(D) IMMUNE GLOBULIN", "human rho(d) immune globulin"),
            ("IMMUNE GLOBULIN RHO(D)", "immune globulin rho(d)"),
            ("PROZAC(R)", "prozac"),
            ("Lamictal® 25 mg Tablets", "lamictal"),
            ("GARDASIL 9", "gardasil 9"),
            (".ALPHA.-TOCOPHEROL ACETATE, D-", ".alpha.-tocopherol acetate, d"),
            ("COVID-19 VACCINE NOS", "covid-19 vaccine"),
            ("FISH OIL", "fish oil"),
            ("Levothyroxine Sodium (SYNTHROID)", "levothyroxine sodium"),
        ] {
            assert_eq!(clean_name(verbatim), key, "{verbatim}");
        }
    }

    #[test]
    fn a_name_is_never_cleaned_away() {
        for (verbatim, key) in [
            ("TABLET", "tablet"),
            ("INJECTION.", "injection"),
            ("50 MG", "50 mg"),
            ("()", "()"),
            ("...", "..."),
            ("/00123401/", "/00123401/"),
            ("(TYLENOL) (ACETAMINOPHEN)", "tylenol"),
            ("[THERAPY UNSPECIFIED]", "therapy"),
            ("\t \n", ""),
        ] {
            assert_eq!(clean_name(verbatim), key, "{verbatim}");
        }
    }
}
