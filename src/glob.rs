//! Globs in which only `*` has a meaning: what users name may hold whatever else other globs mean something by.

use globset::{GlobBuilder, GlobMatcher};

/// Matches what `text` says, in which `*` stands for any text, or, where names are joined by slashes, for any within one name (`in_names`).
pub fn with_stars(text: &str, in_names: bool) -> Result<GlobMatcher, String> {
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
    fn only_stars_mean_something() {
        let is =
            |glob: &str, text: &str| with_stars(glob, false).is_ok_and(|glob| glob.is_match(text));
        assert!(is("a[b]{c,d}?\\*", "a[b]{c,d}?\\e/f"));
        assert!(!is("a?", "ab"));
        let names = with_stars("/a/*", true).expect("a glob");
        assert!(names.is_match("/a/b") && !names.is_match("/a/b/c"));
    }
}
