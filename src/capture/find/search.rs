//! The part of the input to search, as `--at` selects it.

use std::str::FromStr;

use crate::text::shorten::shorten;

/// The part of the input in which bodies are searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Search {
    /// Anywhere in the input.
    #[default]
    Everywhere,
    /// Only at this path below each top-level value. Every value there is a body.
    At(Vec<PathStep>),
}

/// One step of a JSON Pointer with wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The member with this name, or the element with this index.
    Name(String),
    /// Every member or element.
    Every,
}

impl FromStr for Search {
    type Err = String;

    /// Parses a JSON Pointer (RFC 6901) in which `*` means every element or member.
    fn from_str(pointer: &str) -> Result<Self, String> {
        if pointer.is_empty() {
            return Ok(Self::At(Vec::new()));
        }
        let Some(steps) = pointer.strip_prefix('/') else {
            let pointer = shorten(pointer);
            return Err(format!("a JSON Pointer starts with a slash: /{pointer}"));
        };
        let step = |step: &str| match step {
            "*" => PathStep::Every,
            name => PathStep::Name(name.replace("~1", "/").replace("~0", "~")),
        };
        Ok(Self::At(steps.split('/').map(step).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisk_in_a_pointer_is_a_wildcard() {
        assert_eq!(
            "/a~1b/*/0".parse(),
            Ok(Search::At(vec![
                PathStep::Name("a/b".to_owned()),
                PathStep::Every,
                PathStep::Name("0".to_owned())
            ]))
        );
        assert!("a".parse::<Search>().is_err());
    }
}
