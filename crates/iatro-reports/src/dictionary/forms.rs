//! The word lists that shorten a name: salts, esters and hydrates; dose forms, routes and units; the
//! ends of biologic names.
//!
//! The lists are data files, so that a reader can see and question every word.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const SALTS: &str = include_str!("../../data/salts.tsv");
const FORMS: &str = include_str!("../../data/dose_forms.tsv");
const STEMS: &str = include_str!("../../data/biologic_stems.tsv");

/// Punctuation that says nothing at the end of an active-ingredient entry; a dash may ("tocopherol, d-").
pub(crate) const ENTRY_END: [char; 4] = [' ', '.', ',', ';'];
/// Punctuation that says nothing at the end of a verbatim name.
pub(crate) const TRAILING: [char; 17] =
    [' ', '.', ',', ';', ':', '*', '-', '_', '/', '\\', '+', '&', '|', '=', '~', '^', '\''];

/// What a word beside an active moiety is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Salt {
    /// A salt or an ester.
    SaltOrEster,
    /// Water, or its absence.
    Hydrate,
}

/// What a word after the name of a product is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// A dose form, route, release type or other word that is no part of the name.
    Word,
    /// A unit of measure; after a number it makes a strength.
    Unit,
    /// A unit only after a number or a slash.
    Per,
}

#[derive(Debug, Default)]
struct Salts {
    words: HashMap<&'static str, Salt>,
    ions: HashSet<&'static str>,
    whole: HashSet<&'static str>,
}

static SALT_WORDS: LazyLock<Salts> = LazyLock::new(|| read_salts(SALTS).unwrap_or_default());
static FORM_WORDS: LazyLock<HashMap<&'static str, Form>> =
    LazyLock::new(|| read_forms(FORMS).unwrap_or_default());
static STEM_ENDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| read_stems(STEMS).unwrap_or_default());

/// Returns what kind of salt word this is, if it is one. `word` is in lower case.
pub(crate) fn salt(word: &str) -> Option<Salt> {
    SALT_WORDS.words.get(word).copied()
}

/// Says whether a name that begins with this word keeps its salt ("ferrous" sulfate).
pub(crate) fn is_ion(word: &str) -> bool {
    SALT_WORDS.ions.contains(word)
}

/// Says whether the whole name is itself a salt ("sodium chloride") and is never shortened.
pub(crate) fn is_whole(name: &str) -> bool {
    SALT_WORDS.whole.contains(name)
}

/// Returns what kind of form word this is, if it is one. `word` is in lower case.
pub(crate) fn form(word: &str) -> Option<Form> {
    FORM_WORDS.get(word).copied()
}

/// Says whether a name ends as names of biologics, cell and gene therapies do.
pub(crate) fn ends_as_biologic(name: &str) -> bool {
    STEM_ENDS.iter().any(|stem| name.ends_with(stem))
}

/// Returns a substance name and its shortenings, longest first: without the suffix of a biologic,
/// then word by word without hydrates, salts and esters. The last one is the base.
///
/// `name` is folded. A name that is itself a salt has no shortenings, and none is empty.
pub(crate) fn shortenings(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    while let Some(shorter) = all.last().and_then(|name| shorten(name)) {
        all.push(shorter);
    }
    all
}

/// Returns the rest of a folded name that begins with an ion ("sodium valproate").
pub(crate) fn without_ion(name: &str) -> Option<&str> {
    name.split_once(' ').filter(|(first, _)| is_ion(first)).map(|(_, rest)| rest)
}

fn shorten(name: &str) -> Option<String> {
    if is_whole(name) {
        return None;
    }
    if let Some(base) = without_suffix(name) {
        return Some(base.to_owned());
    }
    let (first, after) = name.split_once(' ')?;
    let (before, last) = name.rsplit_once(' ')?;
    let shorter = match (salt(first), salt(last)) {
        (_, Some(Salt::Hydrate)) => before,
        (Some(Salt::Hydrate), _) => after,
        (_, Some(Salt::SaltOrEster)) if !is_ion(first) => before,
        _ => return None,
    };
    let shorter = shorter.trim_end_matches(ENTRY_END);
    let stands_alone = shorter.split(' ').any(|word| salt(word).is_none() && !is_ion(word));
    (stands_alone || salt(last) == Some(Salt::Hydrate))
        .then(|| shorter.to_owned())
        .filter(|shorter| !shorter.is_empty())
}

/// Drops the four letters that tell one maker's biologic from another's ("infliximab-dyyb").
fn without_suffix(name: &str) -> Option<&str> {
    let (base, suffix) = name.rsplit_once('-')?;
    let four_letters = suffix.len() == 4 && suffix.bytes().all(|b| b.is_ascii_lowercase());
    let part_of_the_name = matches!(suffix, "alfa" | "beta");
    (four_letters && !part_of_the_name && ends_as_biologic(base)).then_some(base)
}

/// Says whether a word is an amount with its unit in one ("100mg", "0.9%", "10mg/5ml").
pub(crate) fn is_strength(word: &str) -> bool {
    starts_with_digit(word)
        && word.split('/').all(|part| amount(part).is_some() || form_of_unit(part))
        && word.split('/').any(|part| amount(part).is_some_and(has_unit) || form_of_unit(part))
}

/// Says whether a word is a bare amount ("100", "0,5", "5-10", "800/160").
pub(crate) fn is_amount(word: &str) -> bool {
    word.split('/').all(|part| amount(part) == Some(""))
}

/// Says whether a word is the unit of the amount before it ("mg", "mg/5ml", "mg/125").
pub(crate) fn is_unit(word: &str) -> bool {
    let mut parts = word.split('/');
    parts.next().is_some_and(form_of_unit)
        && parts.all(|part| form_of_unit(part) || amount(part).is_some())
}

fn starts_with_digit(word: &str) -> bool {
    word.bytes().next().is_some_and(|b| b.is_ascii_digit())
}

fn form_of_unit(word: &str) -> bool {
    matches!(form(word), Some(Form::Unit | Form::Per))
}

fn has_unit(rest: &str) -> bool {
    !rest.is_empty()
}

/// Returns what follows the number that `part` begins with, if that is nothing or a unit.
fn amount(part: &str) -> Option<&str> {
    let rest =
        part.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'));
    (starts_with_digit(part) && (rest.is_empty() || form_of_unit(rest))).then_some(rest)
}

/// Reads a table of tab-separated columns: `#` lines are notes, the first other line is the header.
///
/// Returns each row with its line number, counted from 1; `Err` names the first line that does not
/// fit.
pub(crate) fn table_rows<const N: usize>(
    text: &'static str,
    columns: [&str; N],
) -> Result<Vec<(usize, [&'static str; N])>, String> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#'));
    let header = lines.next().map_or("", |(_, line)| line);
    if !header.split('\t').eq(columns) {
        return Err(format!("header {header:?}: expected {}", columns.join(", ")));
    }
    lines.map(|(number, line)| cells(number, line)).collect()
}

fn cells<const N: usize>(
    number: usize,
    line: &'static str,
) -> Result<(usize, [&'static str; N]), String> {
    let cells: Vec<&'static str> = line.split('\t').map(str::trim).collect();
    let found = cells.len();
    <[&'static str; N]>::try_from(cells)
        .map(|row| (number, row))
        .map_err(|_| format!("line {number}: {found} columns, expected {N}"))
}

fn read_salts(text: &'static str) -> Result<Salts, String> {
    let mut salts = Salts::default();
    for (line, [name, kind]) in table_rows(text, ["name", "kind"])? {
        let new = match kind {
            "salt" | "ester" => salts.words.insert(name, Salt::SaltOrEster).is_none(),
            "hydrate" => salts.words.insert(name, Salt::Hydrate).is_none(),
            "ion" => salts.ions.insert(name),
            "whole" => salts.whole.insert(name),
            _ => return Err(format!("line {line}: no kind {kind:?}")),
        };
        if name.is_empty() || !new {
            return Err(format!("line {line}: {name:?} is empty or stands twice"));
        }
    }
    Ok(salts)
}

fn read_forms(text: &'static str) -> Result<HashMap<&'static str, Form>, String> {
    let mut forms = HashMap::new();
    for (line, [name, kind]) in table_rows(text, ["name", "kind"])? {
        let form = match kind {
            "form" | "route" | "release" | "strength" | "clutter" => Form::Word,
            "unit" => Form::Unit,
            "per" => Form::Per,
            _ => return Err(format!("line {line}: no kind {kind:?}")),
        };
        if name.is_empty() || forms.insert(name, form).is_some() {
            return Err(format!("line {line}: {name:?} is empty or stands twice"));
        }
    }
    Ok(forms)
}

fn read_stems(text: &'static str) -> Result<Vec<&'static str>, String> {
    table_rows(text, ["stem"])?
        .into_iter()
        .map(|(line, [stem])| {
            if stem.len() < 3 {
                return Err(format!("line {line}: {stem:?} is too short to be an end of names"));
            }
            Ok(stem)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn no_list_has_a_bad_line() {
        assert!(read_salts(SALTS).unwrap().words.len() > 100);
        assert!(read_forms(FORMS).unwrap().len() > 100);
        assert!(read_stems(STEMS).unwrap().len() > 20);
    }

    #[test]
    fn every_word_is_in_lower_case_and_single() {
        let words = read_salts(SALTS).unwrap().words.into_keys();
        for word in words.chain(read_forms(FORMS).unwrap().into_keys()) {
            assert_eq!(word, word.to_lowercase());
            assert!(!word.contains(' '), "{word}");
        }
    }

    #[test]
    fn bad_tables_are_refused() {
        assert!(read_salts("name\tkind\nsodium\tmetal\n").is_err());
        assert!(read_salts("name\tkind\nsodium\tsalt\nsodium\tsalt\n").is_err());
        assert!(read_forms("name\tkind\ntablet\n").unwrap_err().starts_with("line 2"));
        assert!(read_forms("word\tkind\n").unwrap_err().starts_with("header"));
        assert!(read_stems("stem\nab\n").is_err());
    }

    #[test]
    fn bases_lose_salts_but_not_themselves() {
        for (name, base) in [
            ("hydrocortisone sodium succinate", "hydrocortisone"),
            ("dexamethasone sodium phosphate", "dexamethasone"),
            ("candesartan cilexetil", "candesartan"),
            ("azithromycin dihydrate", "azithromycin"),
            ("anhydrous citric acid", "citric acid"),
            ("ferrous sulfate anhydrous", "ferrous sulfate"),
            ("aluminum chloride hexahydrate", "aluminum chloride"),
            ("calcium phosphate, dibasic, anhydrous", "calcium phosphate, dibasic"),
            ("clopidogrel hydrogen sulfate", "clopidogrel"),
            ("tenofovir disoproxil fumarate", "tenofovir disoproxil"),
            ("isosorbide dinitrate", "isosorbide dinitrate"),
            ("dimethyl fumarate", "dimethyl fumarate"),
            ("sodium lauryl sulfate", "sodium lauryl sulfate"),
            ("insulin glargine-yfgn", "insulin glargine"),
            ("onasemnogene abeparvovec-xioi", "onasemnogene abeparvovec"),
            ("ropeginterferon alfa-2b-njft", "ropeginterferon alfa-2b"),
            ("dornase-alfa", "dornase-alfa"),
            ("interferon beta-1a", "interferon beta-1a"),
            ("hydrochloride", "hydrochloride"),
            ("hydrate sodium", "hydrate sodium"),
        ] {
            assert_eq!(shortenings(name).last().map(String::as_str), Some(base), "{name}");
        }
    }

    #[test]
    fn strengths_and_amounts() {
        for word in ["100mg", "0.9%", "10mg/5ml", "20mg/12.5mg", "6u", "5mg/ml", "24h", "2.5-5mg"] {
            assert!(is_strength(word), "{word}");
        }
        for word in
            ["mg", "100", "5-fu", "6-mp", "3m", "17-hpc", "q10", "2b", "5-asa", "7/2009", ""]
        {
            assert!(!is_strength(word), "{word}");
        }
        assert!(is_amount("100") && is_amount("0,5") && is_amount("800/160") && is_amount("5-10"));
        assert!(!is_amount("b12") && !is_amount("") && !is_amount("5/"));
        assert!(is_unit("mg") && is_unit("mg/m2") && is_unit("mg/5ml") && !is_unit("mp"));
    }

    #[test]
    fn words_have_the_kind_of_their_list() {
        assert_eq!(salt("acetate"), Some(Salt::SaltOrEster));
        assert_eq!(salt("dihydrate"), Some(Salt::Hydrate));
        assert_eq!(salt("acid"), None);
        assert_eq!(form("tablets"), Some(Form::Word));
        assert_eq!(form("mcg"), Some(Form::Unit));
        assert!(is_ion("ferrous") && !is_ion("valproate"));
        assert!(is_whole("sodium chloride") && !is_whole("methotrexate sodium"));
        assert!(ends_as_biologic("infliximab") && !ends_as_biologic("penicillin"));
    }
}
