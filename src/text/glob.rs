//! Globs in which only `*` is special. Names in user data may contain the other characters that
//! globs usually interpret.

use globset::{GlobBuilder, GlobMatcher};

/// Compiles `text` to a matcher in which `*` matches any text. With `in_names`, `text` consists of
/// names joined by slashes, and `*` matches only within one name.
pub(crate) fn with_stars(text: &str, in_names: bool) -> Result<GlobMatcher, String> {
    let pieces: Vec<String> = text.split('*').map(globset::escape).collect();
    let glob = GlobBuilder::new(&pieces.join("*"))
        .literal_separator(in_names)
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
            |glob: &str, text: &str| with_stars(glob, false).is_ok_and(|glob| glob.is_match(text));
        assert!(matches("a[b]{c,d}?\\*", "a[b]{c,d}?\\e/f"));
        assert!(!matches("a?", "ab"));
        let names = with_stars("/a/*", true).expect("a glob");
        assert!(names.is_match("/a/b") && !names.is_match("/a/b/c"));
    }
}
