//! Cells.

use crate::interval::Interval;
use crate::markup::{Attr, Markup, at};
use crate::number::{NOT_DEFINED, significant, thousands};

/// How a column is aligned and whether it can be sorted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Text,
    Number,
}

/// The header row.
pub(super) fn header(m: &mut Markup, columns: &[(&str, Kind)]) {
    m.within("thead", &[], |m| {
        m.within("tr", &[], |m| {
            for (name, kind) in columns {
                m.within("th", &[at("scope", "col"), kind_class(*kind)], |m| column_name(m, name));
            }
        });
    });
}

/// The name of a column; what stands in brackets behind it gets a line of its own.
fn column_name(m: &mut Markup, name: &str) {
    match name.split_once(" (") {
        Some((name, bracket)) => {
            m.text(&format!("{name} "));
            m.leaf("small", &[], &format!("({bracket}"));
        }
        None => m.text(name),
    }
}

fn kind_class(kind: Kind) -> Attr {
    at("class", if kind == Kind::Number { "n" } else { "t" })
}

/// The cell that names its row, with what there is to say of it below the name.
pub(super) fn row_name(m: &mut Markup, name: &str, notes: &[&str]) {
    let notes: Vec<&str> = notes.iter().copied().filter(|note| !note.is_empty()).collect();
    m.within("th", &[at("scope", "row")], |m| {
        m.name(name);
        if !notes.is_empty() {
            m.text(" ");
            m.leaf("small", &[], &notes.join("; "));
        }
    });
}

pub(super) fn text(m: &mut Markup, text: &str) {
    m.leaf("td", &[], text);
}

pub(super) fn count(m: &mut Markup, count: u64) {
    number(m, Some(count.to_string()), &thousands(count));
}

pub(super) fn value(m: &mut Markup, value: Option<f64>) {
    match value.filter(|value| value.is_finite()) {
        Some(value) => number(m, Some(value.to_string()), &significant(value)),
        None => undefined(m),
    }
}

pub(super) fn ratio(m: &mut Markup, interval: Interval) {
    estimate(m, interval, interval.ratio_point(), interval.ratio_limits());
}

pub(super) fn logarithm(m: &mut Markup, interval: Interval) {
    estimate(m, interval, interval.log_point(), interval.log_limits());
}

fn estimate(m: &mut Markup, interval: Interval, point: Option<String>, limits: Option<String>) {
    let (Some(value), Some(point)) = (interval.value(), point) else {
        return undefined(m);
    };
    m.within("td", &[at("class", "n"), at("data-v", value)], |m| {
        m.text(&format!("{point} "));
        match limits {
            Some(limits) => m.leaf("small", &[], &limits),
            None => m.leaf("small", &[], &format!("(interval {NOT_DEFINED})")),
        }
    });
}

/// The answers of rules, one a line, each with a shape so that it does not hang on colour.
pub(super) fn rules(m: &mut Markup, answers: &[(&str, &str)]) {
    m.within("td", &[at("class", "t")], |m| {
        for (name, answer) in answers {
            let class = match *answer {
                "met" => "r met",
                "not met" => "r not",
                _ => "r na",
            };
            m.leaf("div", &[at("class", class)], &format!("{name}: {answer}"));
        }
    });
}

fn undefined(m: &mut Markup) {
    m.leaf("td", &[at("class", "n na")], NOT_DEFINED);
}

fn number(m: &mut Markup, sortable: Option<String>, shown: &str) {
    let mut attrs = vec![at("class", "n")];
    attrs.extend(sortable.map(|value| at("data-v", value)));
    m.leaf("td", &attrs, shown);
}
