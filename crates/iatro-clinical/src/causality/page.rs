//! The page of a causality instrument in the documentation, written from its data file.

use std::fmt::Write as _;

use super::definition::{Choice, Definition, Method, Query, Scope};
use crate::evidence::EvidenceStatus;
use crate::instrument::NOTICE;
use crate::instrument::page::{citation, list, text};

impl Definition {
    /// The page in Markdown: every question with its answers, points and branches, rules, categories and editions, of what
    /// it may be asked, where it was read, and what a reader must know.
    pub fn page(&self) -> String {
        let mut page = format!("# {}\n\n{}\n\n", self.name, text(&self.purpose));
        page.push_str(&facts(self));
        page.push_str(&editions(self));
        page.push_str(&questions(self));
        page.push_str(&rules(self));
        page.push_str(&categories(self));
        page.push_str(&list("What to know", &self.caveats));
        page.push_str(&list("Read in", &self.sources));
        let _ = writeln!(
            page,
            "\nA category is never derived from a measure of disproportionality.\n\n{NOTICE}\n\nGenerated from \
             `data/causality/{}.toml`.",
            self.id
        );
        page
    }
}

fn facts(one: &Definition) -> String {
    let how = match one.method {
        Method::Points => {
            "points are added; what is not known has the points that the instrument gives it"
        }
        Method::Flow => "a flow chart from the first question on",
        Method::Rules => "the first rule that holds",
        Method::Grid => "a narrative: no points, no sum, no category",
    };
    let scope = match one.scope {
        Scope::Any => "any drug and event",
        Scope::Vaccine => "vaccines",
        Scope::Liver => "a drug and a liver injury in the case",
        Scope::SjsTen => "Stevens-Johnson syndrome and toxic epidermal necrolysis",
    };
    let status = match one.status {
        EvidenceStatus::Verified => "verified: read in the copies named below",
        EvidenceStatus::Unverified => {
            "unverified: recalled, not read in a source; off unless `--include-unverified` is given"
        }
    };
    let rows = [
        ("Id", format!("`{}`", one.id)),
        ("Made in", text(&one.population)),
        ("Asked of", scope.to_owned()),
        ("How", how.to_owned()),
        ("Evidence", status.to_owned()),
        ("Citation", text(&citation(&one.citation))),
        ("For iatrogenic HLH", "not validated".to_owned()),
    ];
    let rows: Vec<String> =
        rows.iter().map(|(name, value)| format!("| {name} | {value} |\n")).collect();
    format!("| | |\n|---|---|\n{}", rows.concat())
}

fn editions(one: &Definition) -> String {
    if one.editions.is_empty() {
        return String::new();
    }
    let mut page = String::from("\n## Editions\n\n");
    for edition in &one.editions {
        let usual = one.default_edition.as_deref() == Some(edition.id.as_str());
        let usual = if usual { "; used unless another is asked for" } else { "" };
        let _ = writeln!(
            page,
            "- {} (`--variant {}:{}`){usual}",
            text(&edition.label),
            one.id,
            edition.id
        );
    }
    page
}

fn questions(one: &Definition) -> String {
    let header = match one.method {
        Method::Points => "| question | answer | points |\n|---|---|---:|\n",
        Method::Flow => "| question | answer | leads to |\n|---|---|---|\n",
        Method::Rules => "| question | answer | |\n|---|---|---|\n",
        Method::Grid => "| viewpoint | asks | |\n|---|---|---|\n",
    };
    let mut page = format!("\n## Questions\n\n{header}");
    one.questions.iter().for_each(|query| page.push_str(&question_rows(query, one)));
    page
}

/// A line an answer, the question on the first.
fn question_rows(query: &Query, one: &Definition) -> String {
    let unverified = match query.status {
        EvidenceStatus::Verified => "",
        EvidenceStatus::Unverified => " *(unverified)*",
    };
    if query.options.is_empty() {
        let label = query.label.as_deref().unwrap_or(&query.id);
        return format!("| {}{unverified} | {} |  |\n", text(label), text(&query.text));
    }
    let only: Vec<&str> = query.forms.iter().chain(&query.editions).map(String::as_str).collect();
    let only = if only.is_empty() { String::new() } else { format!(" ({} only)", only.join(", ")) };
    let hardly = if query.hardly_answerable { " *(hardly ever answerable in HLH)*" } else { "" };
    let mut name = format!("`{}` {}{only}{unverified}{hardly}", query.id, text(&query.text));
    let mut rows = String::new();
    for choice in &query.options {
        let name = std::mem::take(&mut name);
        let _ = writeln!(
            rows,
            "| {name} | {} | {} |",
            text(&answer(choice)),
            text(&consequence(choice, query, one))
        );
    }
    rows
}

/// The answer in words, with its id where that is another.
fn answer(choice: &Choice) -> String {
    let label = choice.label().replace('_', " ");
    if label == choice.id { label } else { format!("{label} ({})", choice.id) }
}

fn consequence(choice: &Choice, query: &Query, one: &Definition) -> String {
    if let Some(points) = choice.points {
        return points.to_string();
    }
    if let Some(next) = &choice.next {
        return next.clone();
    }
    if let Some(category) = &choice.category {
        let known = one.all_categories().find(|known| known.id == *category);
        return known.map_or(category.clone(), |known| known.label.clone());
    }
    match (&query.when_unknown, one.method) {
        (Some(taken), Method::Flow) => format!("as {taken}"),
        (None, Method::Flow) => "open".to_owned(),
        _ => String::new(),
    }
}

fn rules(one: &Definition) -> String {
    if one.rules.is_empty() {
        return String::new();
    }
    let mut page = String::from(
        "\n## Rules\n\nThe first that holds decides.\n\n| category | because | when |\n|---|---|---|\n",
    );
    for rule in &one.rules {
        let category = one.all_categories().find(|known| known.id == rule.category);
        let when: Vec<String> = rule
            .when
            .iter()
            .map(|condition| format!("{} is {}", condition.subject, condition.options.join(" or ")))
            .collect();
        let when =
            if when.is_empty() { "none of the others".to_owned() } else { when.join(", and ") };
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            text(category.map_or(&rule.category, |known| &known.label)),
            text(&rule.label),
            text(&when)
        );
    }
    for fact in &one.facts {
        let _ = writeln!(page, "\n`{}`: any of {}.", fact.id, text(&fact.any_of.join(", ")));
    }
    page
}

fn categories(one: &Definition) -> String {
    if one.categories.is_empty() {
        return String::new();
    }
    let mut page = String::from(
        "\n## Categories\n\nFrom least to most likely.\n\n| category | total from |\n|---|---:|\n",
    );
    for category in &one.categories {
        let from = match (one.method, category.from) {
            (_, Some(from)) => from.to_string(),
            (Method::Points, None) => "below".to_owned(),
            _ => String::new(),
        };
        let _ = writeln!(page, "| {} | {from} |", text(&category.label));
    }
    for category in &one.outside {
        let _ = writeln!(page, "\nWhere no total may be formed: {}.", text(&category.label));
    }
    page
}
