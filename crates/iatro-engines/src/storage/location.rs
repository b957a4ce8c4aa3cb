//! Where a lake is: `s3://bucket/prefix`.

use std::fmt;

use object_store::path::Path;

use super::error::{Result, StorageError, StorageErrorKind};

/// What an address begins with.
const SCHEME: &str = "s3://";

/// A bucket, and the place of a lake in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Location {
    bucket: String,
    prefix: Path,
}

impl Location {
    /// Whether a text is meant as such an address.
    fn is_meant(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
    }

    /// Reads `s3://bucket/prefix`; the prefix may be empty, and end in a slash.
    ///
    /// # Errors
    /// [`StorageErrorKind::Usage`] if it is no such address, or its names hold what stores and servers read in
    /// different ways: an empty part, `.` or `..`, control characters, and `* ? # % [ ] { }` or a backslash.
    pub fn parse(text: &str) -> Result<Self> {
        // What stands before an @ may be a key.
        let shown = if text.contains('@') { "with an @" } else { text };
        let wrong = |problem: String| {
            let help =
                "Expected s3://bucket/prefix, the place where the lake's folder was copied to.";
            StorageError::new(StorageErrorKind::Usage, format!("--lake {shown}"), problem, help)
        };
        let rest = text.get(SCHEME.len()..).filter(|_| Self::is_meant(text));
        let rest = rest.ok_or_else(|| wrong(format!("no address that begins with {SCHEME}")))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_bucket(bucket) {
            let allowed = "letters, digits, dots, dashes and underscores";
            return Err(wrong(format!("a bucket has a name of {allowed} only")));
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        if let Some(odd) = prefix.chars().find(|c| c.is_control() || "*?#%[]{}\\".contains(*c)) {
            return Err(wrong(format!(
                "the prefix holds {odd:?}, which not all read as it stands"
            )));
        }
        let parsed = Path::parse(prefix).ok().filter(|path| path.as_ref() == prefix);
        let prefix = parsed.ok_or_else(|| wrong("the prefix has an empty part or dots".into()))?;
        Ok(Self { bucket: bucket.to_owned(), prefix })
    }

    /// The bucket.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The same place in Hadoop's, and so in Spark's, way of writing: `s3a://bucket/prefix`.
    pub fn for_spark(&self) -> String {
        format!("s3a{}", &self.to_string()[2..])
    }

    /// The key of the lake's root; empty for the bucket itself.
    pub(super) fn root(&self) -> &Path {
        &self.prefix
    }

    /// The key of a file of the lake, named by its path in the lake's folder.
    pub(super) fn key(&self, file: &str) -> Path {
        file.split('/').fold(self.prefix.clone(), Path::join)
    }

    /// A file of the lake as people write it.
    pub(super) fn of(&self, file: &str) -> String {
        format!("{self}/{file}")
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.bucket)?;
        if self.prefix.as_ref().is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

fn is_bucket(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=255).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_is_read_and_said_again() {
        for (text, said, key) in [
            ("s3://b/lake", "s3://b/lake", "lake/snapshots/1/a.u32"),
            ("S3://b/my lakes/é/", "s3://b/my lakes/é", "my lakes/é/snapshots/1/a.u32"),
            ("s3://b", "s3://b", "snapshots/1/a.u32"),
            ("s3://b.c-d_e/", "s3://b.c-d_e", "snapshots/1/a.u32"),
        ] {
            let location = Location::parse(text).unwrap();
            assert_eq!(location.to_string(), said);
            assert_eq!(location.key("snapshots/1/a.u32").as_ref(), key);
            assert_eq!(location.for_spark(), said.replacen("s3", "s3a", 1));
        }
    }

    #[test]
    fn what_could_be_read_as_another_place_is_refused() {
        for text in [
            "s3://",
            "s3:///x",
            "s3://b//x",
            "s3://b/x//",
            "s3://b/../x",
            "s3://b/./x",
            "s3://b/a\n",
            "s3://b/x*",
            "s3://b/x?y",
            "s3://b/x%20y",
            "s3://b/x#1",
            "s3://u:p@b/x",
            "s3://b:1/x",
            "s3://../x",
            "s3a://b/x",
            "https://b/x",
            "b/x",
            "",
        ] {
            let error = Location::parse(text).unwrap_err();
            assert_eq!(error.kind(), Some(StorageErrorKind::Usage), "{text}");
            assert!(error.to_string().contains("s3://bucket/prefix"), "{error}");
        }
    }

    #[test]
    fn other_texts_are_not_meant_as_addresses() {
        assert!(Location::is_meant("s3://") && Location::is_meant("S3://x"));
        assert!(
            ["s3:/x", "s3", "é3://x", "lake", "./s3://x"].iter().all(|t| !Location::is_meant(t))
        );
    }
}
