//! The hierarchy.

use super::TreeError;

/// A hierarchy of named nodes. A node may have several parents (a term under two groups); no node is
/// its own ancestor.
///
/// Nodes are numbered from 0 in the order of their names, so nothing depends on the order in which
/// the links were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    names: Vec<String>,
    /// Parents of node i: `parents[starts[i]..starts[i + 1]]`, ascending.
    starts: Vec<usize>,
    parents: Vec<usize>,
}

/// A link with the names as numbers.
struct Link {
    node: usize,
    parent: Option<usize>,
    line: usize,
}

impl Tree {
    /// Returns the hierarchy of `links`, pairs (node, parent) in any order. A root has the parent
    /// `None`; a node with several parents has a pair for each. Every parent needs a pair as a node.
    ///
    /// # Errors
    /// [`TreeError`] with the number of the pair, from 1: no pairs, an empty name, the same pair
    /// twice, a root with a parent, a parent that is not a node, a cycle.
    pub fn from_links<'a>(
        links: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, TreeError> {
        Self::from_numbered(links.into_iter().zip(1..).map(|((node, parent), i)| (i, node, parent)))
    }

    /// The same with a line number for each link.
    pub(super) fn from_numbered<'a>(
        links: impl IntoIterator<Item = (usize, &'a str, Option<&'a str>)>,
    ) -> Result<Self, TreeError> {
        let links: Vec<(usize, &str, Option<&str>)> = links.into_iter().collect();
        if let Some(&(line, ..)) = links.iter().find(|(_, node, _)| node.is_empty()) {
            return Err(TreeError::NoName { line });
        }
        let mut names: Vec<&str> = links.iter().map(|&(_, node, _)| node).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Err(TreeError::Empty);
        }
        let mut numbered = Vec::with_capacity(links.len());
        for (line, node, parent) in links {
            numbered.push(number(&names, line, node, parent)?);
        }
        numbered.sort_by_key(|link| (link.node, link.parent, link.line));
        check_pairs(&names, &numbered)?;
        let tree = Self::assemble(&names, &numbered);
        tree.check_cycles(&numbered)?;
        Ok(tree)
    }

    /// Sorted links without doubles, as a table of parents.
    fn assemble(names: &[&str], links: &[Link]) -> Self {
        let mut starts = vec![0; names.len() + 1];
        for link in links {
            starts[link.node + 1] += usize::from(link.parent.is_some());
        }
        for i in 0..names.len() {
            starts[i + 1] += starts[i];
        }
        let parents = links.iter().filter_map(|link| link.parent).collect();
        Self { names: names.iter().map(|&name| name.to_owned()).collect(), starts, parents }
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Always false: a hierarchy has at least one node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Number of the node with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|probe| probe.as_str().cmp(name)).ok()
    }

    /// Name of a node; `None` beyond the last.
    #[must_use]
    pub fn name(&self, node: usize) -> Option<&str> {
        self.names.get(node).map(String::as_str)
    }

    /// Names of all nodes, by number.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Numbers of the parents of a node, ascending; none for a root or beyond the last node.
    #[must_use]
    pub fn parents(&self, node: usize) -> &[usize] {
        match (self.starts.get(node), self.starts.get(node + 1)) {
            (Some(&from), Some(&to)) => self.parents.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Numbers of `nodes` and of all their ancestors, each once, ascending. Numbers beyond the last
    /// node are left out.
    #[must_use]
    pub fn with_ancestors(&self, nodes: &[usize]) -> Vec<usize> {
        let mut open: Vec<usize> = nodes.iter().copied().filter(|&n| n < self.len()).collect();
        let mut seen = Vec::with_capacity(8);
        while let Some(node) = open.pop() {
            // A branch is a handful of nodes long: a look through the list is the fastest set.
            if !seen.contains(&node) {
                seen.push(node);
                open.extend_from_slice(self.parents(node));
            }
        }
        seen.sort_unstable();
        seen
    }

    /// Takes away nodes all of whose parents are gone, roots first; what stays leads to a cycle.
    fn check_cycles(&self, links: &[Link]) -> Result<(), TreeError> {
        let mut waiting: Vec<usize> = (0..self.len()).map(|n| self.parents(n).len()).collect();
        let mut children = vec![Vec::new(); self.len()];
        for node in 0..self.len() {
            for &parent in self.parents(node) {
                children[parent].push(node);
            }
        }
        let mut free: Vec<usize> = (0..self.len()).filter(|&n| waiting[n] == 0).collect();
        while let Some(node) = free.pop() {
            for &child in &children[node] {
                waiting[child] -= 1;
                if waiting[child] == 0 {
                    free.push(child);
                }
            }
        }
        match waiting.iter().position(|&parents| parents > 0) {
            Some(stuck) => Err(self.cycle_above(stuck, &waiting, links)),
            None => Ok(()),
        }
    }

    /// The cycle reached from `stuck` by going up among nodes that are waiting.
    fn cycle_above(&self, stuck: usize, waiting: &[usize], links: &[Link]) -> TreeError {
        let mut place = vec![usize::MAX; self.len()];
        let mut path = Vec::new();
        let mut node = stuck;
        while place[node] == usize::MAX {
            place[node] = path.len();
            path.push(node);
            let up = self.parents(node).iter().copied().find(|&parent| waiting[parent] > 0);
            node = up.unwrap_or(node);
        }
        let cycle = &path[place[node]..];
        let parent = cycle.get(1).copied().unwrap_or(node);
        let link = links.iter().find(|link| link.node == node && link.parent == Some(parent));
        TreeError::Cycle {
            line: link.map_or(0, |link| link.line),
            nodes: cycle.iter().map(|&node| self.names[node].clone()).collect(),
        }
    }
}

fn number(
    names: &[&str],
    line: usize,
    node: &str,
    parent: Option<&str>,
) -> Result<Link, TreeError> {
    let find = |name: &str| names.binary_search(&name).ok();
    let unknown = |parent: &str| TreeError::UnknownParent {
        line,
        node: node.to_owned(),
        parent: parent.to_owned(),
    };
    let parent = match parent {
        Some(parent) => Some(find(parent).ok_or_else(|| unknown(parent))?),
        None => None,
    };
    Ok(Link { node: find(node).unwrap_or_default(), parent, line })
}

/// Refuses pairs given twice and roots with a parent; `links` are sorted.
fn check_pairs(names: &[&str], links: &[Link]) -> Result<(), TreeError> {
    for pair in links.windows(2) {
        let [first, next] = pair else { continue };
        if first.node != next.node {
            continue;
        }
        let node = names[next.node].to_owned();
        if first.parent == next.parent {
            let parent = next.parent.map(|parent| names[parent].to_owned());
            return Err(TreeError::Duplicate { line: next.line, first: first.line, node, parent });
        }
        if first.parent.is_none() {
            return Err(TreeError::RootWithParent { line: next.line, root: first.line, node });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn error(links: &[(&str, Option<&str>)]) -> String {
        Tree::from_links(links.iter().copied()).unwrap_err().to_string()
    }

    #[test]
    fn two_parents_and_their_common_ancestor_count_once() {
        let links = [("top", None), ("a", Some("top")), ("b", Some("top"))];
        let tree = Tree::from_links(links.into_iter().chain([("x", Some("a")), ("x", Some("b"))]));
        let tree = tree.unwrap();
        let x = tree.find("x").unwrap();
        let names = |nodes: &[usize]| -> Vec<&str> {
            nodes.iter().map(|&node| tree.name(node).unwrap()).collect()
        };
        assert_eq!(names(tree.parents(x)), ["a", "b"]);
        assert_eq!(names(&tree.with_ancestors(&[x])), ["a", "b", "top", "x"]);
        let a = tree.find("a").unwrap();
        assert_eq!(names(&tree.with_ancestors(&[a, x, 99])), ["a", "b", "top", "x"]);
        assert_eq!(tree.parents(99), [0_usize; 0]);
        assert_eq!((tree.len(), tree.is_empty(), tree.find("y")), (4, false, None));
    }

    #[test]
    fn the_order_of_the_links_does_not_matter() {
        let links = [("top", None), ("a", Some("top")), ("b", Some("a")), ("b", Some("top"))];
        let there = Tree::from_links(links);
        assert_eq!(there, Tree::from_links(links.into_iter().rev()));
    }

    #[test]
    fn what_is_not_a_hierarchy_is_refused() {
        assert!(error(&[]).starts_with("no nodes;"));
        assert!(error(&[("a", None), ("", None)]).starts_with("line 2: the node has no name;"));
        let twice = error(&[("a", None), ("b", Some("a")), ("b", Some("a"))]);
        assert!(
            twice.starts_with("line 3: \"b\" under \"a\" stands on line 2 already;"),
            "{twice}"
        );
        let twice = error(&[("a", None), ("a", None)]);
        assert!(twice.starts_with("line 2: \"a\" under no parent stands on line 1"), "{twice}");
        let both = error(&[("a", None), ("b", None), ("b", Some("a"))]);
        assert!(both.starts_with("line 3: \"b\" has a parent, and is a root on line 2;"), "{both}");
        let unknown = error(&[("a", None), ("b", Some("c"))]);
        assert!(
            unknown.starts_with("line 2: the parent \"c\" of \"b\" is not a node;"),
            "{unknown}"
        );
    }

    #[test]
    fn cycles_are_named() {
        let own = error(&[("a", Some("a"))]);
        assert!(
            own.starts_with("line 1: \"a\" is its own ancestor (by 1 link(s), \"a\")"),
            "{own}"
        );
        let links = [("top", None), ("a", Some("b")), ("b", Some("c")), ("c", Some("a"))];
        let below = [("d", Some("a")), ("a", Some("top"))];
        let three = error(&links.into_iter().chain(below).collect::<Vec<_>>());
        assert!(three.contains("\"a\" under \"b\" under \"c\""), "{three}");
        assert!(three.starts_with("line 2:"), "{three}");
    }

    /// A branch of 20,000 nodes: nothing recurses.
    #[test]
    fn a_deep_branch_is_fine() {
        let names: Vec<String> = (0..20_000).map(|i| format!("{i:06}")).collect();
        let parents = std::iter::once(None).chain(names.iter().map(|n| Some(n.as_str())));
        let tree = Tree::from_links(names.iter().map(String::as_str).zip(parents)).unwrap();
        assert_eq!(tree.with_ancestors(&[19_999]).len(), 20_000);
    }
}
