//! Globs in which only `*` is special. Names in user data may contain the other characters that
//! globs usually interpret.

use globset::{GlobBuilder, GlobMatcher};

/// Compiles `text`, which consists of names joined by slashes, to a matcher in which `*` matches
/// any text within one name.
pub(crate) fn with_stars(text: &str) -> Result<GlobMatcher, String> {
    let pieces: Vec<String> = text.split('*').map(globset::escape).collect();
    let glob = GlobBuilder::new(&pieces.join("*"))
        .literal_separator(true)
        .backslash_escape(false)
        .build();
    glob.map(|glob| glob.compile_matcher())
        .map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::with_stars;

    #[test]
    fn only_stars_are_special() {
        let matches =
            |glob: &str, text: &str| with_stars(glob).is_ok_and(|glob| glob.is_match(text));
        assert!(matches("a[b]{c,d}?\\*", "a[b]{c,d}?\\ef"));
        assert!(!matches("a?", "ab"));
        assert!(matches("/a/*", "/a/b") && !matches("/a/*", "/a/b/c"));
    }
}
