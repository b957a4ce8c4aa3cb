//! Mutants of a data file: its text with one comparator, number or list changed.

use std::ops::Range;

use iatro_clinical::Decimal;
use iatro_clinical::instrument::Criterion;

/// A mutant: what was changed, and the text.
pub struct Mutant {
    pub what: String,
    pub text: String,
}

/// Every mutant of a text.
pub fn of(text: &str) -> Vec<Mutant> {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for literal in literals(text) {
        let inside = &text[literal.clone()];
        // Prose does not parse as a criterion; what does is one.
        match inside.parse::<Criterion>() {
            Ok(Criterion::Compare { .. } | Criterion::Score { .. }) => {
                comparison(inside, literal.start, &mut changes);
            }
            Ok(Criterion::Finding { .. } | Criterion::Choice { .. }) => {
                alternatives(inside, literal.start, &mut changes);
            }
            _ if key_before(text, literal.start) == "percent" => {
                percent(inside, literal.clone(), &mut changes);
            }
            _ => {}
        }
    }
    for key in ["points", "otherwise", "unknown", "at_least", "from"] {
        numbers(
            text,
            key,
            |number| vec![number - Decimal::ONE, number + Decimal::ONE],
            &mut changes,
        );
    }
    for key in ["coefficient", "total"] {
        numbers(text, key, |number| nudged(number).to_vec(), &mut changes);
    }
    changes.into_iter().map(|(at, new)| mutant(text, at, &new)).collect()
}

fn mutant(text: &str, at: Range<usize>, new: &str) -> Mutant {
    let line = 1 + text[..at.start].matches('\n').count();
    let start = text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at.end..].find('\n').map_or(text.len(), |newline| at.end + newline);
    let what = format!(
        "line {line}: {}[{} -> {new}]{}",
        text[start..at.start].trim_start(),
        &text[at.clone()],
        &text[at.end..end]
    );
    Mutant { what, text: format!("{}{new}{}", &text[..at.start], &text[at.end..]) }
}

/// Where double-quoted strings of one line stand, without their quotes; comments are read past.
fn literals(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut open = None;
        let mut escaped = false;
        for (at, c) in line.char_indices() {
            match (c, open) {
                ('#', None) => break,
                ('"', None) => open = Some(at + 1),
                ('"', Some(from)) if !escaped => {
                    found.push(start + from..start + at);
                    open = None;
                }
                _ => {}
            }
            escaped = c == '\\' && !escaped;
        }
        start += line.len();
    }
    found
}

/// The key of `key = "` before a literal.
fn key_before(text: &str, at: usize) -> &str {
    let before = text[..at - 1].trim_end().trim_end_matches('=').trim_end();
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |p| p + 1);
    &before[start..]
}

/// The comparator strict or not, and to the other side; each cut-off by one last digit both ways.
fn comparison(inside: &str, start: usize, changes: &mut Vec<(Range<usize>, String)>) {
    let at = inside.find(['<', '>', '=']).unwrap();
    let length = inside[at..].find(|c| !matches!(c, '<' | '>' | '=')).unwrap();
    let others: &[&str] = match &inside[at..at + length] {
        ">=" => &[">", "<=", "<"],
        ">" => &[">=", "<", "<="],
        "<=" => &["<", ">=", ">"],
        "<" => &["<=", ">", ">="],
        _ => &["<", ">"],
    };
    let place = start + at..start + at + length;
    changes.extend(others.iter().map(|other| (place.clone(), (*other).to_owned())));
    let mut offset = at + length;
    for limit in inside[at + length..].split('|') {
        let lead = limit.len() - limit.trim_start().len();
        let number = limit.trim_start().split(' ').next().unwrap();
        let place = start + offset + lead..start + offset + lead + number.len();
        let value: Decimal = number.parse().unwrap();
        changes.extend(nudged(value).map(|new| (place.clone(), new.to_string())));
        offset += limit.len() + 1;
    }
}

/// One less and one more in the last digit.
fn nudged(number: Decimal) -> [Decimal; 2] {
    let step = Decimal::new(1, number.scale());
    [number - step, number + step]
}

/// Every list of options or sites without one of them.
fn alternatives(inside: &str, start: usize, changes: &mut Vec<(Range<usize>, String)>) {
    let from = inside.find(" in ").map(|at| at + 4).or_else(|| inside.find('=').map(|at| at + 1));
    let Some(from) = from else { return };
    let options: Vec<&str> = inside[from..].split('|').collect();
    for dropped in (0..options.len()).filter(|_| options.len() > 1) {
        let kept: Vec<&str> = options
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != dropped)
            .map(|(_, one)| *one)
            .collect();
        changes.push((start + from..start + inside.len(), format!(" {}", kept.join("|").trim())));
    }
}

fn percent(inside: &str, place: Range<usize>, changes: &mut Vec<(Range<usize>, String)>) {
    let digits = inside.trim_start_matches(['<', '>']);
    let number: u32 = digits.parse().unwrap();
    let bound = &inside[..inside.len() - digits.len()];
    changes.push((place.clone(), format!("{bound}{}", number + 1)));
    changes.push((place.clone(), format!("{bound}{}", number - 1)));
    if !bound.is_empty() {
        changes.push((place, digits.to_owned()));
    }
}

/// Every `key = number` outside of strings.
fn numbers(
    text: &str,
    key: &str,
    change: impl Fn(Decimal) -> Vec<Decimal>,
    changes: &mut Vec<(Range<usize>, String)>,
) {
    let strings = literals(text);
    let sought = format!("{key} = ");
    for (at, _) in text.match_indices(&sought) {
        let word =
            at == 0 || !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if !word || strings.iter().any(|one| one.contains(&at)) {
            continue;
        }
        let from = at + sought.len();
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
        let to = text[from..].find(|c| !is_digit(c)).map_or(text.len(), |length| from + length);
        let Ok(number) = text[from..to].parse::<Decimal>() else { continue };
        changes.extend(change(number).into_iter().map(|new| (from..to, new.to_string())));
    }
}
