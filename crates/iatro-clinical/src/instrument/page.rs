//! The page of an instrument in the documentation, written from its data file.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::definition::{Combine, Instrument, Item, ProbabilityTable, Rule, Since, Variant};
use super::words;
use crate::evidence::{Citation, EvidenceStatus};

/// Stands on every page.
pub const NOTICE: &str = "Research use. Not a medical device. Not validated for iatrogenic HLH.";

impl Instrument {
    /// The page in Markdown: what it asks with every cut-off, comparator, unit and point, its rule, categories,
    /// probabilities and variants, in whom it was made, where it was read, and what a reader must know.
    pub fn page(&self) -> String {
        let mut page = format!("# {}\n\n{}\n\n", self.name, text(&self.purpose));
        page.push_str(&facts(self));
        page.push_str(&items(self));
        page.push_str(&verdict(self));
        page.push_str(&categories(self));
        page.push_str(&self.probability.as_ref().map(probability).unwrap_or_default());
        page.push_str(&variants(self));
        page.push_str(&list("What to know", &self.caveats));
        page.push_str(&list("Published performance", &self.performance));
        page.push_str(&list("Read in", &self.sources));
        let _ = writeln!(page, "\n{NOTICE}\n\nGenerated from `data/instruments/{}.toml`.", self.id);
        page
    }
}

fn facts(one: &Instrument) -> String {
    let scope = one.scope.as_ref().map_or_else(
        || "its data file states no restriction".to_owned(),
        |scope| format!("{} ({})", scope.label, words::of(&scope.when, one)),
    );
    let status = match one.evidence_status {
        EvidenceStatus::Verified => "verified: read in the copies named below",
        EvidenceStatus::Unverified => {
            "unverified: recalled, not read in a source; off unless `--include-unverified` is given"
        }
    };
    let mut table = String::from("| | |\n|---|---|\n");
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(table, "| {name} | {value} |");
    };
    row("Id", &format!("`{}`", one.id));
    row("Made in", &text(&one.population));
    row("Asked of", &text(&scope));
    if let Some(Since::CellInfusion) = one.since {
        row("Counts", "what was observed from the day of the last infusion of cells on");
    }
    row("Evidence", status);
    row("Citation", &text(&citation(&one.citation)));
    row("For iatrogenic HLH", "not validated");
    table
}

/// Authors, journal and identifiers.
pub(crate) fn citation(citation: &Citation) -> String {
    let doi = citation.doi.as_ref().map(|doi| format!(", doi {doi}"));
    let pmid = citation.pmid.as_ref().map(|pmid| format!(", PMID {pmid}"));
    format!("{}{}{}", citation.text, doi.unwrap_or_default(), pmid.unwrap_or_default())
}

fn items(one: &Instrument) -> String {
    let how = match one.combine {
        Combine::Sum => "Points are added; of each item the first line that holds counts.",
        Combine::Worst => "The worst item decides; of each item the first line that holds counts.",
    };
    let mut page = format!("\n## Items\n\n{how}\n\n| item | asks | points |\n|---|---|---:|\n");
    one.items.iter().for_each(|item| page.push_str(&item_rows(item, one)));
    page
}

/// A line a level, the item named on the first, what holds for the rest last.
fn item_rows(item: &Item, one: &Instrument) -> String {
    let mut rows = String::new();
    let unverified =
        if item.evidence_status == EvidenceStatus::Unverified { " *(unverified)*" } else { "" };
    let mut name = format!("{}{unverified}", text(&item.label));
    let mut row = |asks: &str, points: &str| {
        let _ = writeln!(rows, "| {} | {asks} | {points} |", std::mem::take(&mut name));
    };
    for level in &item.levels {
        let criterion = words::of(&level.when, one);
        let asks = match &level.label {
            Some(label) => format!("{label}: {criterion}"),
            None => criterion,
        };
        row(&text(&asks), &level.points.to_string());
    }
    if let Some(linear) = &item.linear {
        let label = crate::observable::find(&linear.observable)
            .map_or(linear.observable.as_str(), |known| known.label.as_str());
        row(&text(&format!("{label}, for each {}", linear.unit)), &linear.coefficient.to_string());
    } else if item.otherwise != Decimal::ZERO || item.levels.len() > 1 {
        row("otherwise", &item.otherwise.to_string());
    }
    if let Some(points) = item.unknown {
        row("not known, as published", &points.to_string());
    }
    if let Some(note) = &item.note {
        row(&format!("*{}*", text(note)), "");
    }
    rows
}

fn verdict(one: &Instrument) -> String {
    let mut page = String::new();
    if let Some(requires) = &one.requires {
        let asks = text(&words::of(&requires.when, one));
        let _ = writeln!(page, "\nNothing counts unless: {} ({asks}).", text(&requires.label));
    }
    match &one.rule {
        Some(rule) => {
            let _ = writeln!(page, "\n## Fulfilled\n\n{}", rule_in_words(rule, one));
        }
        None => page.push_str("\n## Fulfilled\n\nIt has no rule: it gives a total, no verdict.\n"),
    }
    page
}

fn rule_in_words(rule: &Rule, one: &Instrument) -> String {
    let unverified = match rule.evidence_status {
        EvidenceStatus::Verified => "",
        EvidenceStatus::Unverified => {
            " *(unverified: gives no verdict unless `--include-unverified` is given)*"
        }
    };
    format!("{}{unverified}: {}.", text(&rule.label), text(&words::of(&rule.when, one)))
}

fn categories(one: &Instrument) -> String {
    if one.categories.is_empty() {
        return String::new();
    }
    let mut page = String::from("\n## Categories\n\n| total from | category |\n|---:|---|\n");
    for category in &one.categories {
        let from = category.from.map_or_else(|| "below".to_owned(), |from| from.to_string());
        let _ = writeln!(page, "| {from} | {} |", text(&category.label));
    }
    page
}

fn probability(table: &ProbabilityTable) -> String {
    let mut page = format!(
        "\n## Probability\n\nOf {}, as published; between two rows it is interpolated on the logit and labelled so. At \
         and below the first row and at and above the last its text stands.\n\n| total | per cent |\n|---:|---:|\n",
        text(&table.of)
    );
    for row in &table.row {
        let _ = writeln!(page, "| {} | {} |", row.total, text(&row.percent));
    }
    page
}

fn variants(one: &Instrument) -> String {
    if one.variants.is_empty() {
        return String::new();
    }
    let mut page = String::from("\n## Other readings\n\nOff unless asked for.\n");
    one.variants.iter().for_each(|variant| page.push_str(&variant_part(variant, one)));
    page
}

fn variant_part(variant: &Variant, one: &Instrument) -> String {
    let mut part =
        format!("\n### `--variant {}:{}`\n\n{}\n", one.id, variant.id, text(&variant.label));
    if let Some(rule) = &variant.rule {
        let _ = writeln!(part, "\nFulfilled: {}", rule_in_words(rule, one));
    }
    if !variant.items.is_empty() {
        part.push_str("\n| item | asks | points |\n|---|---|---:|\n");
        variant.items.iter().for_each(|item| part.push_str(&item_rows(item, one)));
    }
    part
}

/// A part with a list; nothing where the list is empty.
pub(crate) fn list(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut page = format!("\n## {title}\n\n");
    for line in lines {
        let _ = writeln!(page, "- {}", text(line));
    }
    page
}

/// Words that are no markup: what would be read as such is escaped.
pub(crate) fn text(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\n' => escaped.push(' '),
            '*' | '_' | '|' | '`' | '[' | ']' | '<' => escaped.extend(['\\', letter]),
            other => escaped.push(other),
        }
    }
    escaped
}
