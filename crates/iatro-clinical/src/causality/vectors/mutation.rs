//! Each point, band, span, branch and rule of a data file, changed one at a time: some vector must notice.

use toml::Value;

use super::{FILES, failures, load};

/// A change of a file: what it is, and the file with it.
type Mutant = (String, Value);

/// Where to find a value: keys and indices.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    At(usize),
}

fn at<'a>(root: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(root, |value, step| match step {
        Step::Key(key) => value.get_mut(key.as_str()).unwrap(),
        Step::At(index) => value.get_mut(*index).unwrap(),
    })
}

/// Every value with its path.
fn walk(value: &Value, path: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Value)>) {
    found.push((path.clone(), value.clone()));
    match value {
        Value::Table(table) => {
            for (key, inner) in table {
                path.push(Step::Key(key.clone()));
                walk(inner, path, found);
                path.pop();
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                path.push(Step::At(index));
                walk(inner, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn shown(path: &[Step]) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::At(index) => index.to_string(),
        })
        .collect();
    parts.join(".")
}

fn ids(root: &Value, lists: &[&str]) -> Vec<String> {
    let rows = lists.iter().filter_map(|list| root.get(list)?.as_array()).flatten();
    rows.filter_map(|row| Some(row.get("id")?.as_str()?.to_owned())).collect()
}

/// What a value may be changed to.
fn others(root: &Value, path: &[Step], value: &Value) -> Vec<Value> {
    let keys: Vec<&str> = path
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::At(_) => None,
        })
        .collect();
    let texts = |texts: Vec<String>| texts.into_iter().map(Value::String).collect::<Vec<_>>();
    match (keys.as_slice(), value) {
        (
            [
                ..,
                "points" | "from" | "least" | "most" | "stop_least" | "stop_most" | "alt_above"
                | "alp_above",
            ],
            Value::Integer(number),
        ) => vec![Value::Integer(number + 1), Value::Integer(number - 1)],
        ([.., "next"], Value::String(_)) => texts(ids(root, &["question"])),
        ([.., "category"], Value::String(_)) => texts(ids(root, &["category", "outside"])),
        ([.., "hepatocellular" | "cholestatic"], Value::String(text)) => {
            let (sign, number) = text.split_once(' ').unwrap();
            let number: i64 = number.parse().unwrap();
            let strict = if sign.len() == 2 { sign[..1].to_owned() } else { format!("{sign}=") };
            texts(vec![
                format!("{strict} {number}"),
                format!("{sign} {}", number + 1),
                format!("{sign} {}", number - 1),
            ])
        }
        (["rule", "when"], Value::String(text)) => {
            let (subject, option) = text.split_once(" = ").unwrap();
            let all = ["yes", "no", "unknown"].iter().filter(|other| **other != option);
            let mut changed: Vec<String> =
                all.map(|other| format!("{subject} = {other}")).collect();
            changed.retain(|text| text.as_str() != option);
            texts(changed)
        }
        (["question", "when_unknown"], Value::String(_)) => {
            texts(vec!["low".to_owned(), "unknown".to_owned()])
        }
        (["question", "hardly_answerable"], Value::Boolean(held)) => vec![Value::Boolean(!held)],
        _ => Vec::new(),
    }
}

/// Lists of which an element is left out: conditions of a rule, questions of a fact.
fn shorter(path: &[Step], value: &Value) -> Vec<Value> {
    let Some(Step::Key(key)) = path.last() else {
        return Vec::new();
    };
    let Value::Array(list) = value else {
        return Vec::new();
    };
    if !["when", "any_of", "editions", "forms"].contains(&key.as_str()) {
        return Vec::new();
    }
    let without = |index: usize| {
        let mut list = list.clone();
        list.remove(index);
        Value::Array(list)
    };
    (0..list.len()).map(without).collect()
}

fn mutants(root: &Value) -> Vec<Mutant> {
    let mut values = Vec::new();
    walk(root, &mut Vec::new(), &mut values);
    let mut found = Vec::new();
    for (path, value) in values {
        let changed = others(root, &path, &value).into_iter().chain(shorter(&path, &value));
        for other in changed.filter(|other| *other != value) {
            let mut mutant = root.clone();
            *at(&mut mutant, &path) = other.clone();
            found.push((format!("{} {value} -> {other}", shown(&path)), mutant));
        }
    }
    found
}

#[test]
fn every_change_of_a_number_or_branch_is_noticed() {
    let mut total = 0;
    let mut alive = Vec::new();
    for (id, text) in FILES {
        let root: Value = toml::from_str(text).unwrap();
        for (what, mutant) in mutants(&root) {
            total += 1;
            let text = toml::to_string(&mutant).unwrap();
            // A file that does not hold together is noticed when it is read.
            if let Ok(definition) = load(id, &text)
                && failures(&definition).is_empty()
            {
                alive.push(format!("{id}: {what}"));
            }
        }
    }
    assert!(total > 500, "{total} changes");
    assert_eq!(alive, Vec::<String>::new(), "{} of {total}", alive.len());
}
