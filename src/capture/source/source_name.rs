//! The name of a source. That of a member of an archive also has the length of the archive's path,
//! because reports for other programs name a file that exists.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Name of stdin in messages and findings.
pub(crate) const STDIN: &str = "<stdin>";

/// The name of a source, as people read it: the path as the user typed it, or [`STDIN`]. That of a
/// member of an archive is a path too: `calls.zip/2024/a.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceName {
    text: Arc<str>,
    /// Length of the path of the file, which the name of a member follows after a slash.
    file_bytes: usize,
}

impl SourceName {
    /// The path of the file, or [`STDIN`]: `calls.zip`.
    #[must_use]
    pub(crate) fn file(&self) -> &str {
        &self.text[..self.file_bytes]
    }

    /// The path of the member in the archive: `2024/a.json`. `None` if the source is a whole file.
    #[must_use]
    pub(crate) fn member(&self) -> Option<&str> {
        self.text.get(self.file_bytes + 1..)
    }

    /// The name of the member at `path` of the archive with this name.
    #[must_use]
    pub(crate) fn join(&self, path: &str) -> Self {
        Self {
            text: format!("{self}/{path}").into(),
            file_bytes: self.file_bytes,
        }
    }

    /// The name as one word of a command, or `FILE` if it is no file or would have to be quoted.
    #[must_use]
    pub(crate) fn in_command(&self) -> &str {
        let is_plain = |char: char| char.is_alphanumeric() || "/._-+@,:".contains(char);
        let is_word = !self.text.starts_with('-') && self.text.chars().all(is_plain);
        if self.member().is_none() && is_word {
            self
        } else {
            "FILE"
        }
    }

    /// True if `other` was cloned from the same name: two sources may have equal names.
    #[must_use]
    pub(crate) fn is_clone_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
    }
}

impl Deref for SourceName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T: Into<Arc<str>>> From<T> for SourceName {
    fn from(path: T) -> Self {
        let text: Arc<str> = path.into();
        let file_bytes = text.len();
        Self { text, file_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_the_path_of_its_archive() {
        let archive = SourceName::from("logs/calls.zip");
        assert_eq!((archive.file(), archive.member()), ("logs/calls.zip", None));
        let nested = archive.join("2024/inner.zip").join("a.json");
        assert_eq!(&*nested, "logs/calls.zip/2024/inner.zip/a.json");
        assert_eq!(nested.file(), "logs/calls.zip");
        assert_eq!(nested.member(), Some("2024/inner.zip/a.json"));
    }
}
