//! A causality instrument as data: questions with points, branches or rules, and categories.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::CausalityError;
use super::condition::Condition;
use crate::evidence::{Citation, EvidenceStatus};

/// A causality instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its id: `naranjo`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub purpose: String,
    /// In whom and for what it was made.
    pub population: String,
    /// How its answers become a category.
    pub method: Method,
    /// Of what it may be asked.
    #[serde(default)]
    pub scope: Scope,
    /// The edition in use if none is asked for.
    pub default_edition: Option<String>,
    /// Where its content was read.
    pub sources: Vec<String>,
    /// What a reader must know.
    #[serde(default)]
    pub caveats: Vec<String>,
    /// Whether it was read in a source.
    #[serde(default)]
    pub status: EvidenceStatus,
    /// The paper.
    pub citation: Citation,
    /// Its editions, if there are several.
    #[serde(default, rename = "edition")]
    pub editions: Vec<Edition>,
    /// When there is a liver injury, and of which type.
    pub liver: Option<Liver>,
    /// Its questions, in reading order; a flow chart begins at the first.
    #[serde(default, rename = "question")]
    pub questions: Vec<Query>,
    /// Answers to several questions taken together.
    #[serde(default, rename = "fact")]
    pub facts: Vec<Fact>,
    /// Its categories, from least to most likely; with `from`, by the total.
    #[serde(default, rename = "category")]
    pub categories: Vec<Category>,
    /// What comes out where a total may not be formed.
    #[serde(default, rename = "outside")]
    pub outside: Vec<Category>,
    /// Its rules; the first that holds decides.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

/// How answers become a category.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Points are added up.
    Points,
    /// A flow chart is walked.
    Flow,
    /// The first rule that holds.
    Rules,
    /// Not at all: a narrative.
    Grid,
}

/// Of what an instrument may be asked.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Any drug and event.
    #[default]
    Any,
    /// Vaccines.
    Vaccine,
    /// A liver injury in the case.
    Liver,
    /// Stevens-Johnson syndrome, toxic epidermal necrolysis.
    SjsTen,
}

/// An edition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its id: `1993`.
    pub id: String,
    /// In words.
    pub label: String,
}

/// When there is a liver injury, in multiples of the upper limit, and where R parts the types.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liver {
    /// ALT above this is an injury.
    pub alt_above: Decimal,
    /// Alkaline phosphatase above this is one.
    pub alp_above: Decimal,
    /// By edition.
    pub parts: Vec<LiverParts>,
}

/// Where R = (ALT/ULN)/(ALP/ULN) parts the types; what is neither is mixed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiverParts {
    /// The edition.
    pub edition: String,
    /// `>= 5`.
    pub hepatocellular: crate::observation::Reading,
    /// `<= 2`.
    pub cholestatic: crate::observation::Reading,
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Its id: `q5`.
    pub id: String,
    /// A heading, for rows of a grid.
    pub label: Option<String>,
    /// In words.
    pub text: String,
    /// What is to be found out, shared by questions of several instruments.
    #[serde(default)]
    pub topic: String,
    /// How it is read from the fields of a case; left out if only a person can answer it.
    pub derive: Option<super::derive::Derivation>,
    /// The branch taken while it is not known.
    pub when_unknown: Option<String>,
    /// Whether it can hardly ever be answered in this event.
    #[serde(default)]
    pub hardly_answerable: bool,
    /// The forms it belongs to; empty for all.
    #[serde(default)]
    pub forms: Vec<String>,
    /// The editions it belongs to; empty for all.
    #[serde(default)]
    pub editions: Vec<String>,
    /// Whether it was read in a source.
    #[serde(default)]
    pub status: EvidenceStatus,
    /// Its answers; `unknown` is one of them.
    #[serde(default)]
    pub options: Vec<Choice>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// In words; the id if left out.
    pub label: Option<String>,
    /// Its points.
    pub points: Option<Decimal>,
    /// The question to go to.
    pub next: Option<String>,
    /// The category in which it ends.
    pub category: Option<String>,
    /// The least of the number (days from the start, years) for which it stands.
    pub least: Option<i64>,
    /// The most.
    pub most: Option<i64>,
    /// The least number of days from the stop.
    pub stop_least: Option<i64>,
    /// The most.
    pub stop_most: Option<i64>,
}

impl Choice {
    /// In words.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.id)
    }
}

/// Answers taken together: yes if any is, no if all are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its id.
    pub id: String,
    /// The questions.
    pub any_of: Vec<String>,
}

/// A category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// In words.
    pub label: String,
    /// The least total; left out for the lowest, and where points are not added up.
    pub from: Option<Decimal>,
}

/// A rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The category.
    pub category: String,
    /// In words.
    pub label: String,
    /// What must hold, all of it.
    pub when: Vec<Condition>,
}

/// The files, in the order in which instruments are shown.
pub(crate) const FILES: [(&str, &str); 7] = [
    ("naranjo", include_str!("../../data/causality/naranjo.toml")),
    ("who-umc", include_str!("../../data/causality/who-umc.toml")),
    ("liverpool", include_str!("../../data/causality/liverpool.toml")),
    ("who-aefi", include_str!("../../data/causality/who-aefi.toml")),
    ("rucam", include_str!("../../data/causality/rucam.toml")),
    ("alden", include_str!("../../data/causality/alden.toml")),
    ("bradford-hill", include_str!("../../data/causality/bradford-hill.toml")),
];

static READ: LazyLock<Result<Vec<Definition>, CausalityError>> =
    LazyLock::new(|| FILES.iter().map(|(id, text)| load(id, text)).collect());

/// Every causality instrument, in the order in which they are shown.
pub fn definitions() -> Result<&'static [Definition], CausalityError> {
    READ.as_deref().map_err(Clone::clone)
}

/// Reads a data file and checks that it holds together.
pub(crate) fn load(file: &str, text: &str) -> Result<Definition, CausalityError> {
    let wrong = |problem: String| CausalityError::Data { file: file.to_owned(), problem };
    let read: Definition = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
    check(&read).map_err(wrong)?;
    Ok(read)
}

fn check(read: &Definition) -> Result<(), String> {
    let category = |id: &String| read.all_categories().any(|known| known.id == *id);
    let question = |id: &String| read.questions.iter().any(|known| known.id == *id);
    for query in &read.questions {
        check_query(read, query)?;
        for choice in &query.options {
            if choice.next.as_ref().is_some_and(|next| !question(next))
                || choice.category.as_ref().is_some_and(|id| !category(id))
            {
                return Err(format!("{} {} leads nowhere", query.id, choice.id));
            }
        }
    }
    for rule in &read.rules {
        if !category(&rule.category) {
            return Err(format!("no category {}", rule.category));
        }
        if let Some(bad) = rule.when.iter().find(|c| !read.condition_can_hold(c)) {
            return Err(format!("rule {}: {} cannot hold", rule.category, bad.subject));
        }
    }
    let stray = read.facts.iter().flat_map(|fact| &fact.any_of).find(|id| !question(id));
    if let Some(id) = stray {
        return Err(format!("a fact names no question {id}"));
    }
    let last_holds = read.rules.last().is_none_or(|rule| rule.when.is_empty());
    if !last_holds {
        return Err("no rule holds if none of the others does".to_owned());
    }
    check_bands(read)
}

fn check_query(read: &Definition, query: &Query) -> Result<(), String> {
    let grid = read.method == Method::Grid;
    if grid != query.options.is_empty() || (!grid && query.choice("unknown").is_none()) {
        return Err(format!("{} lacks the answer unknown", query.id));
    }
    let points = read.method == Method::Points;
    for choice in &query.options {
        // Of what is not known an instrument may publish no points: then there is no total without it.
        let open = choice.id == "unknown";
        if points && choice.points.is_none() && choice.category.is_none() && !open {
            return Err(format!("{} {} has no points", query.id, choice.id));
        }
        if query.options.iter().filter(|other| other.id == choice.id).count() > 1 {
            return Err(format!("{} has {} twice", query.id, choice.id));
        }
    }
    check_spans(query)?;
    if query.when_unknown.as_ref().is_some_and(|id| query.choice(id).is_none()) {
        return Err(format!("{}: when_unknown is no answer", query.id));
    }
    if read.questions.iter().filter(|other| other.id == query.id).count() > 1 {
        return Err(format!("{} twice", query.id));
    }
    Ok(())
}

/// No number may have two answers.
fn check_spans(query: &Query) -> Result<(), String> {
    let from_start = query.options.iter().map(|c| (c.least, c.most)).collect::<Vec<_>>();
    let from_stop = query.options.iter().map(|c| (c.stop_least, c.stop_most)).collect();
    for spans in [from_start, from_stop] {
        let given = spans.into_iter().filter(|one| *one != (None, None));
        let mut sorted: Vec<(i64, i64)> = given
            .map(|(least, most)| (least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX)))
            .collect();
        sorted.sort_unstable();
        if !sorted.is_sorted_by(|a, b| a.1 < b.0) || sorted.iter().any(|(a, b)| a > b) {
            return Err(format!("{}: two answers stand for one number", query.id));
        }
    }
    Ok(())
}

fn check_bands(read: &Definition) -> Result<(), String> {
    if read.method != Method::Points {
        return Ok(());
    }
    let from: Vec<_> = read.categories.iter().map(|category| category.from).collect();
    let lowest = from.first().is_some_and(Option::is_none);
    if !lowest || from.iter().skip(1).any(Option::is_none) || !from.is_sorted_by(|a, b| a < b) {
        return Err("categories do not rise from one without a least total".to_owned());
    }
    Ok(())
}

impl Query {
    /// The answer of this id.
    pub fn choice(&self, id: &str) -> Option<&Choice> {
        self.options.iter().find(|choice| choice.id == id)
    }
}

impl Definition {
    pub(crate) fn all_categories(&self) -> impl Iterator<Item = &Category> {
        self.outside.iter().chain(&self.categories)
    }

    /// The questions of a form and edition, without unverified ones unless asked for.
    pub(crate) fn in_use(&self, use_of: &Use<'_>) -> Vec<&Query> {
        let of = |list: &[String], one: Option<&str>| {
            list.is_empty() || one.is_some_and(|one| list.iter().any(|own| own == one))
        };
        let rows = self.questions.iter().filter(|query| {
            of(&query.forms, use_of.form)
                && of(&query.editions, use_of.edition)
                && query.status.usable(use_of.include_unverified)
        });
        rows.collect()
    }

    fn condition_can_hold(&self, condition: &Condition) -> bool {
        if self.facts.iter().any(|fact| fact.id == condition.subject) {
            return condition
                .options
                .iter()
                .all(|o| ["yes", "no", "unknown"].contains(&o.as_str()));
        }
        let query = self.questions.iter().find(|query| query.id == condition.subject);
        query.is_some_and(|query| condition.options.iter().all(|o| query.choice(o).is_some()))
    }
}

/// The form and edition of an instrument in use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Use<'a> {
    pub(crate) form: Option<&'a str>,
    pub(crate) edition: Option<&'a str>,
    pub(crate) include_unverified: bool,
}
