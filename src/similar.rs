//! What somebody may have meant: the most similar of the words that there are.

/// The candidate most like `word`, if it is so like it that it is no guess. Case counts.
#[must_use]
pub fn similar<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    /// Below this likeness (Jaro-Winkler, 0 to 1) it would be a guess.
    const ALIKE: f64 = 0.82;
    /// Longer words are no misspelled names; comparing them would only take time.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn only_what_is_much_alike_is_meant() {
        let fields = ["recording_url", "transcript", "status"];
        assert_eq!(similar("recording_ulr", fields), Some("recording_url"));
        assert_eq!(similar("statuss", fields), Some("status"));
        assert_eq!(similar("note", fields), None);
        assert_eq!(similar(&"status".repeat(20), fields), None);
    }
}
