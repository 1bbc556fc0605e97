//! Searches texts with regular expressions that a user wrote.

use std::fmt::Write as _;
use std::ops::Range;
use std::str::FromStr;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{self, Ast, ClassSetItem, Visitor};
use unicode_width::UnicodeWidthStr;

/// Maximum size of a compiled pattern in bytes.
const MAX_COMPILED_BYTES: usize = 10 << 20;

/// A regular expression in smart case, as in ripgrep: upper and lower case make no difference,
/// unless the pattern contains an upper-case letter.
#[derive(Clone, Debug)]
pub(crate) struct TextPattern(Regex);

impl FromStr for TextPattern {
    type Err = String;

    fn from_str(pattern: &str) -> Result<Self, String> {
        if pattern.is_empty() {
            return Err("expected a regular expression, such as storno or '(ab|um)sagen'".into());
        }
        let ast = Parser::new().parse(pattern).map_err(|error| {
            describe_syntax_error(pattern, &error.kind().to_string(), error.span())
        })?;
        let regex = RegexBuilder::new(pattern)
            .case_insensitive(!has_upper_case(&ast))
            .size_limit(MAX_COMPILED_BYTES)
            .build();
        regex
            .map(Self)
            .map_err(|error| describe_build_error(pattern, &error))
    }
}

/// Explains an error of a pattern that is well-formed, such as an unknown name in `\p{…}`.
fn describe_build_error(pattern: &str, error: &regex::Error) -> String {
    match (error, regex_syntax::parse(pattern)) {
        (regex::Error::CompiledTooBig(_), _) => "the pattern is too large: compiled, it would \
             exceed 10 MB; use smaller repetitions, such as {1,100}"
            .to_owned(),
        (_, Err(regex_syntax::Error::Translate(error))) => {
            describe_syntax_error(pattern, &error.kind().to_string(), error.span())
        }
        _ => "not a valid regular expression".to_owned(),
    }
}

/// Formats an error with the pattern on a line of its own, and carets below the wrong part.
fn describe_syntax_error(pattern: &str, reason: &str, span: &ast::Span) -> String {
    /// Number of characters of the pattern that are shown before and after the start of the error.
    const MAX_SHOWN: usize = 40;
    let (start, end) = (span.start.offset, span.end.offset);
    let line_start = pattern[..start].rfind('\n').map_or(0, |index| index + 1);
    let line_end = pattern[start..].find('\n');
    let line_end = line_end.map_or(pattern.len(), |index| start + index);
    let before = &pattern[line_start..start];
    let cut = before.char_indices().nth_back(MAX_SHOWN - 1);
    let shown_start = line_start + cut.map_or(0, |(index, _)| index);
    let after = &pattern[start..line_end];
    let cut = after.char_indices().nth(MAX_SHOWN);
    let shown_end = start + cut.map_or(after.len(), |(index, _)| index);
    let dots = |is_cut: bool| if is_cut { "…" } else { "" };
    let shown = format!(
        "{}{}{}",
        dots(shown_start > line_start),
        &pattern[shown_start..shown_end],
        dots(shown_end < line_end)
    );
    let indent = dots(shown_start > line_start).width() + pattern[shown_start..start].width();
    let marked = pattern[start..end.clamp(start, shown_end)].width().max(1);
    let carets = " ".repeat(indent) + &"^".repeat(marked);
    let mut message = format!("{reason}\n\n    {shown}\n    {carets}");
    let escaped = regex_syntax::escape(pattern);
    if escaped.len() <= MAX_SHOWN && !escaped.contains('\'') {
        let _ = write!(
            message,
            "\n\n  tip: to search for this text itself, use '{escaped}'"
        );
    }
    message
}

/// True if a letter of the pattern is in upper case. Escapes such as `\W` and `\p{Lu}` do not
/// count.
fn has_upper_case(ast: &Ast) -> bool {
    struct UpperCase(bool);

    impl UpperCase {
        fn add(&mut self, literal: &ast::Literal) {
            self.0 |= literal.c.is_uppercase();
        }
    }

    impl Visitor for UpperCase {
        type Output = bool;
        type Err = std::convert::Infallible;

        fn finish(self) -> Result<bool, Self::Err> {
            Ok(self.0)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
            if let Ast::Literal(literal) = ast {
                self.add(literal);
            }
            Ok(())
        }

        fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
            match item {
                ClassSetItem::Literal(literal) => self.add(literal),
                ClassSetItem::Range(range) => {
                    self.add(&range.start);
                    self.add(&range.end);
                }
                _ => {}
            }
            Ok(())
        }
    }

    ast::visit(ast, UpperCase(false)).is_ok_and(|has_upper_case| has_upper_case)
}

/// A search for texts that match any of several patterns. White space around a text does not count,
/// so `^` is its first word.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextSearch(Vec<TextPattern>);

impl TextSearch {
    /// Creates the search for these patterns.
    #[must_use]
    pub(crate) fn new(patterns: Vec<TextPattern>) -> Self {
        Self(patterns)
    }

    /// True if there are no patterns. Such a search matches nothing.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if `text` matches a pattern.
    #[must_use]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let text = text.trim();
        self.0.iter().any(|pattern| pattern.0.is_match(text))
    }

    /// Returns the byte ranges of `text` that match a pattern: sorted, not empty and without
    /// overlaps.
    ///
    /// To find one match can take time in proportion to the rest of the text, as with `a(.*b)?`, so
    /// the number of ranges of a very long text is limited.
    #[must_use]
    pub(crate) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        /// Number of bytes to search, counted anew for each match.
        const MAX_BYTES: usize = 16 << 20;
        const MIN_RANGES: usize = 100;
        let start = text.len() - text.trim_start().len();
        let text = text.trim();
        let max_ranges = (MAX_BYTES / text.len().max(1)).max(MIN_RANGES);
        let found = self.0.iter().flat_map(|pattern| {
            let found = pattern.0.find_iter(text).take(max_ranges);
            found.map(|found| start + found.start()..start + found.end())
        });
        let mut found: Vec<Range<usize>> = found.filter(|range| !range.is_empty()).collect();
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(patterns: &[&str]) -> TextSearch {
        let patterns = patterns.iter().map(|pattern| pattern.parse());
        TextSearch::new(patterns.collect::<Result<_, _>>().expect("patterns"))
    }

    fn ranges(search: &TextSearch, text: &str) -> Vec<(usize, usize)> {
        let ranges = search.ranges(text).into_iter();
        ranges.map(|range| (range.start, range.end)).collect()
    }

    fn error(pattern: &str) -> String {
        pattern.parse::<TextPattern>().expect_err("an error")
    }

    #[test]
    fn case_counts_only_if_the_pattern_has_an_upper_case_letter() {
        for (pattern, text) in [
            ("termin", "Der TERMIN"),
            ("müller", "MÜLLER"),
            (r"\bja\b", "Ja, gern"),
            (r"\Wnein\W", "(NEIN)"),
            (r"\p{Lu}ermin", "der Termin"),
            (r"[a-c]x", "BX"),
            ("Termin", "der Termin"),
            (r"(?i)Termin", "der termin"),
        ] {
            assert!(search(&[pattern]).is_match(text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("Termin", "der termin"),
            ("[A-C]x", "ax"),
            ("[T]ermin", "termin"),
            (r"Ü", "ü"),
            (r"\x41", "a"),
            ("(?-i)termin", "Termin"),
        ] {
            assert!(!search(&[pattern]).is_match(text), "{pattern} {text}");
        }
    }

    #[test]
    fn anchors_are_the_ends_of_the_text() {
        let whole = search(&["^ja$"]);
        assert!(whole.is_match("Ja") && whole.is_match(" Ja\n"));
        assert!(!whole.is_match("Ja\nbitte") && !whole.is_match("Na\nJa"));
        assert_eq!(ranges(&whole, " Ja\n"), vec![(1, 3)]);
    }

    #[test]
    fn ranges_are_sorted_and_merged() {
        assert_eq!(
            search(&["b", "ab", "d"]).ranges("abcd b"),
            [0..2, 3..4, 5..6]
        );
        assert_eq!(ranges(&search(&["x*"]), "abx"), vec![(2, 3)]);
        assert_eq!(ranges(&search(&["ü"]), "aÜb"), vec![(1, 3)]);
        assert!(search(&[]).ranges("a").is_empty() && !search(&[]).is_match("a"));
    }

    #[test]
    fn long_texts_are_searched_in_little_time() {
        let text = "ja ".repeat(20_000);
        let search = search(&["ja(.*nein)?"]);
        assert!(search.is_match(&text));
        assert!(search.ranges(&text).len() < 1000);
    }

    #[test]
    fn errors_show_where_the_pattern_is_wrong() {
        let expected = "unclosed group\n\n    ja (nein\n       ^\n\n  \
                        tip: to search for this text itself, use 'ja \\(nein'";
        assert_eq!(error("ja (nein"), expected);
        assert!(error("田中(").contains("\n    田中(\n        ^\n"));
        assert!(
            error(r"\p{Nope}")
                .starts_with("Unicode property not found\n\n    \\p{Nope}\n    ^^^^^^^^\n")
        );
        assert!(error("(?x)\n a # b\n (").contains("\n     (\n     ^\n"));
        let long = error(&format!("{}(", "x".repeat(1000)));
        assert!(
            long.lines().all(|line| line.chars().count() < 110),
            "{long}"
        );
        assert!(
            long.contains(&format!(
                "\n    …{}(\n     {}^",
                "x".repeat(40),
                " ".repeat(40)
            )),
            "{long}"
        );
        assert!(error("").contains("a regular expression"));
        assert!(error(r"\w{1000}{1000}").contains("10 MB"));
        let deep = "(".repeat(1000) + &")".repeat(1000);
        assert!(error(&deep).contains("nest"), "{}", error(&deep));
    }
}
