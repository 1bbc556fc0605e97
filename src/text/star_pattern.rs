//! Patterns in which `*` matches any text, and `\*` is a star.

/// A pattern for a whole text. All characters but `*` match themselves, and so does a backslash
/// that is not before a star.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StarPattern {
    /// The texts before, between and after the stars.
    pieces: Vec<String>,
}

impl StarPattern {
    /// Parses a pattern. Every text is one.
    #[must_use]
    pub(crate) fn new(text: &str) -> Self {
        let mut pieces = vec![String::new()];
        let mut rest = text;
        while let Some(star) = rest.find('*') {
            let (before, after) = rest.split_at(star);
            let piece = pieces.last_mut().expect("there is always a piece");
            if let Some(before) = before.strip_suffix('\\') {
                piece.push_str(before);
                piece.push('*');
            } else {
                piece.push_str(before);
                pieces.push(String::new());
            }
            rest = &after[1..];
        }
        let piece = pieces.last_mut().expect("there is always a piece");
        piece.push_str(rest);
        Self { pieces }
    }

    /// The text without a star that this pattern matches; `None` if it has stars.
    #[must_use]
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// True if the pattern is only stars, and so matches any text.
    #[must_use]
    pub(crate) fn is_any(&self) -> bool {
        self.pieces.len() > 1 && self.pieces.iter().all(String::is_empty)
    }

    /// The texts before, between and after the stars.
    #[must_use]
    pub(crate) fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// Returns true if the pattern matches the whole `text`.
    #[must_use]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let (first, others) = self.pieces.split_first().expect("there is always a piece");
        let Some((last, middle)) = others.split_last() else {
            return text == first;
        };
        let rest = text.strip_prefix(first.as_str());
        let Some(mut rest) = rest.and_then(|rest| rest.strip_suffix(last.as_str())) else {
            return false;
        };
        // The first occurrence of a piece leaves most text for the others.
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(start) => rest = &rest[start + piece.len()..],
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::StarPattern;

    fn is_match(pattern: &str, text: &str) -> bool {
        StarPattern::new(pattern).is_match(text)
    }

    #[test]
    fn only_stars_are_special() {
        for (pattern, text) in [
            ("a[b]{c,d}?", "a[b]{c,d}?"),
            ("a*", "a"),
            ("a*", "abc\n"),
            ("*c", "abc"),
            ("*b*", "abc"),
            ("a*b*c", "abbbc"),
            ("a**c", "ac"),
            ("*", ""),
            (r"\*", "*"),
            (r"a\*b*", "a*bc"),
            (r"*\*", "50 *"),
            (r"C:\neu*", r"C:\neu\x"),
            ("", ""),
        ] {
            assert!(is_match(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("a", "ab"),
            ("ab*ba", "aba"),
            ("a*b*c", "acb"),
            (r"\*", "a"),
            (r"a\*", "ab"),
            ("", "a"),
            ("*aa*aa*", "aaa"),
        ] {
            assert!(!is_match(pattern, text), "{pattern} {text}");
        }
        assert!(StarPattern::new("**").is_any() && !StarPattern::new(r"\*").is_any());
        assert_eq!(StarPattern::new(r"a\*b").literal(), Some("a*b"));
        assert_eq!(StarPattern::new("a*").literal(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_match_is_the_same_as_that_of_a_regular_expression(
            pattern in r"[ab*\\]{0,8}", text in r"[ab*\\]{0,8}"
        ) {
            let mut regex = String::from("(?s)^");
            let mut rest = pattern.as_str();
            while let Some(character) = rest.chars().next() {
                let (piece, length) = match rest {
                    _ if rest.starts_with(r"\*") => (r"\*".to_owned(), 2),
                    _ if character == '*' => (".*".to_owned(), 1),
                    _ => (regex::escape(&rest[..1]), 1),
                };
                regex.push_str(&piece);
                rest = &rest[length..];
            }
            regex.push('$');
            let regex = regex::Regex::new(&regex).expect("a pattern");
            prop_assert_eq!(is_match(&pattern, &text), regex.is_match(&text));
        }
    }
}
