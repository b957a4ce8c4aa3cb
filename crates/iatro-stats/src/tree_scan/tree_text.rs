//! The hierarchy as text.

use super::{Tree, TreeError};

impl Tree {
    /// Returns the hierarchy that `text` writes down, a line `node,parent` for each link; `node,` is
    /// a root. A node with several parents has a line for each.
    ///
    /// A name with a comma or a quote stands in double quotes, a quote inside it written twice (RFC
    /// 4180). Blanks around a name that is not quoted, empty lines, and a first line `node,parent`
    /// (any case) are passed over. Lines end in LF or CR LF.
    ///
    /// # Errors
    /// [`TreeError`] with the line, from 1: what [`Tree::from_links`] refuses, other than two fields,
    /// a quoted name that does not end.
    pub fn parse(text: &str) -> Result<Self, TreeError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut links = Vec::new();
        for (line, content) in (1..).zip(text.lines()) {
            if content.trim().is_empty() || (line == 1 && is_header(content)) {
                continue;
            }
            let fields = fields(content, line)?;
            let found = fields.len();
            let [node, parent] =
                <[String; 2]>::try_from(fields).map_err(|_| TreeError::Fields { line, found })?;
            links.push((line, node, parent));
        }
        Self::from_numbered(links.iter().map(|(line, node, parent)| {
            (*line, node.as_str(), Some(parent.as_str()).filter(|parent| !parent.is_empty()))
        }))
    }
}

fn is_header(line: &str) -> bool {
    let mut fields = line.split(',').map(str::trim);
    let mut next_is = |name| fields.next().is_some_and(|field| field.eq_ignore_ascii_case(name));
    next_is("node") && next_is("parent") && fields.next().is_none()
}

/// The fields of a line.
fn fields(content: &str, line: usize) -> Result<Vec<String>, TreeError> {
    let mut fields = Vec::new();
    let mut rest = Some(content);
    while let Some(text) = rest {
        if let Some(quoted) = text.trim_start().strip_prefix('"') {
            let (name, after) = unquoted(quoted).ok_or(TreeError::Quote { line })?;
            fields.push(name);
            let after = after.trim_start();
            rest = after.strip_prefix(',');
            if rest.is_none() && !after.is_empty() {
                return Err(TreeError::Quote { line });
            }
        } else {
            let (name, after) = text.split_once(',').map_or((text, None), |(n, a)| (n, Some(a)));
            fields.push(name.trim().to_owned());
            rest = after;
        }
    }
    Ok(fields)
}

/// The text up to the closing quote, with doubled quotes made single, and what follows; `None` if
/// there is no closing quote.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn lines_quotes_header_and_line_ends() {
        let text =
            "\u{feff}Node,Parent\r\nall,\r\n\r\n\"a, b\", all\n \"say \"\"x\"\"\" ,\"a, b\"\n";
        let tree = Tree::parse(text).unwrap();
        assert_eq!(tree.names(), ["a, b", "all", "say \"x\""]);
        assert_eq!((tree.parents(0), tree.parents(2)), (&[1][..], &[0][..]));
    }

    #[test]
    fn a_header_is_only_on_the_first_line() {
        assert_eq!(Tree::parse("parent,\nnode,parent\n").unwrap().names(), ["node", "parent"]);
    }

    #[test]
    fn errors_name_the_line() {
        let message = |text: &str| Tree::parse(text).unwrap_err().to_string();
        assert!(message("").starts_with("no nodes"));
        assert!(message("node,parent\n").starts_with("no nodes"));
        assert!(message("a,\nb\n").starts_with("line 2: 1 field(s); expected two"));
        assert!(message("a,\n\nb,a,c\n").starts_with("line 3: 3 field(s)"));
        assert!(message("a,\n\"b,a\n").starts_with("line 2: a quoted name that does not end"));
        assert!(message("a,\n\"b\"x,a\n").starts_with("line 2: a quoted name"));
        assert!(message("a,\n,a\n").starts_with("line 2: the node has no name"));
        assert!(message("a,\n\nb,c\n").starts_with("line 3: the parent \"c\" of \"b\""));
        assert!(message("a,b\nb,a\n").starts_with("line 1: \"a\" is its own ancestor"));
    }
}
