//! What can be wrong with a hierarchy or with the counts on it.

use thiserror::Error;

use crate::DomainError;

/// A hierarchy that is not one. `line` is the line of the text, or the number of the link, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TreeError {
    /// Nothing was given.
    #[error("no nodes; expected at least one line `node,parent` (a root has an empty parent)")]
    Empty,
    /// A line of the text is not `node,parent`.
    #[error(
        "line {line}: {found} field(s); expected two, `node,parent` (a root is `node,`; a name with \
         a comma stands in double quotes)"
    )]
    Fields {
        /// Line, from 1.
        line: usize,
        /// Fields found.
        found: usize,
    },
    /// A quoted name does not end, or goes on after its closing quote.
    #[error(
        "line {line}: a quoted name that does not end at a comma or the end of the line; expected \
         `\"name\"`, with a quote inside it written twice"
    )]
    Quote {
        /// Line, from 1.
        line: usize,
    },
    /// A node without a name.
    #[error("line {line}: the node has no name; expected `node,parent`")]
    NoName {
        /// Line, from 1.
        line: usize,
    },
    /// The same link twice.
    #[error(
        "line {line}: \"{node}\" under {} stands on line {first} already; remove one of the two",
        parent_in_words(.parent.as_deref())
    )]
    Duplicate {
        /// Line, from 1.
        line: usize,
        /// Line of the first mention.
        first: usize,
        /// Node.
        node: String,
        /// Parent; `None` for a root.
        parent: Option<String>,
    },
    /// A node that is a root on one line and has a parent on another.
    #[error(
        "line {line}: \"{node}\" has a parent, and is a root on line {root}; expected one or the \
         other"
    )]
    RootWithParent {
        /// Line of the first link with a parent, from 1.
        line: usize,
        /// Line that makes it a root.
        root: usize,
        /// Node.
        node: String,
    },
    /// A parent that is not a node itself.
    #[error(
        "line {line}: the parent \"{parent}\" of \"{node}\" is not a node; expected a line of its \
         own for it (`{parent},` if it is a root)"
    )]
    UnknownParent {
        /// Line, from 1.
        line: usize,
        /// Node.
        node: String,
        /// Parent.
        parent: String,
    },
    /// Nodes that are their own ancestors.
    #[error(
        "line {line}: \"{}\" is its own ancestor (by {} link(s), {}); expected a hierarchy, in which \
         every node leads up to a root",
        .nodes.first().map_or("", String::as_str), .nodes.len(), chain(.nodes)
    )]
    Cycle {
        /// Line of a link in the cycle, from 1.
        line: usize,
        /// The cycle, each node followed by its parent.
        nodes: Vec<String>,
    },
}

fn parent_in_words(parent: Option<&str>) -> String {
    parent.map_or_else(|| "no parent".to_owned(), |parent| format!("\"{parent}\""))
}

/// The first nodes of a cycle.
fn chain(nodes: &[String]) -> String {
    let shown = nodes.iter().take(5).map(|node| format!("\"{node}\""));
    let mut text = shown.collect::<Vec<_>>().join(" under ");
    if nodes.len() > 5 {
        text.push_str(" under ...");
    }
    text
}

/// Counts or settings that a scan cannot take. `row` is the index of the row, from 0.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ScanError {
    /// A row that names no node.
    #[error("row {row}: no node; expected at least one node of the hierarchy")]
    NoNodes {
        /// Row, from 0.
        row: usize,
    },
    /// A row that names a node which the hierarchy does not have.
    #[error(
        "row {row}: \"{node}\" is not a node of the hierarchy; expected one of its names (add a line \
         `{node},parent`, or leave the row out knowingly)"
    )]
    UnknownNode {
        /// Row, from 0.
        row: usize,
        /// Name given.
        node: String,
    },
    /// An expected count that is not one.
    #[error("row {row}: expected is {value}; expected a finite number, 0 or above")]
    Expected {
        /// Row, from 0.
        row: usize,
        /// Value given.
        value: f64,
    },
    /// Cases where none can be.
    #[error(
        "\"{node}\" has {cases} case(s) but its expected count is 0; expected a number above 0 \
         wherever there are cases (join the node with its neighbours, or leave it out)"
    )]
    NothingExpected {
        /// Node.
        node: String,
        /// Cases there.
        cases: u64,
    },
    /// More than a replicate can draw.
    #[error("{what} is {total}; expected at most {} in all", i32::MAX)]
    TooMany {
        /// What was added up.
        what: &'static str,
        /// Sum, as far as it was added up.
        total: f64,
    },
    /// An excluded node that does not exist.
    #[error("excluded: \"{node}\" is not a node of the hierarchy; expected one of its names")]
    UnknownExcluded {
        /// Name given.
        node: String,
    },
    /// A number out of its range.
    #[error(transparent)]
    Domain(#[from] DomainError),
}
