//! Suggestions for misspelled names.

/// The candidate that is most similar to `word`, or `None` if no candidate is similar enough.
/// The comparison is case-sensitive.
#[must_use]
pub(crate) fn similar<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    /// The minimum Jaro-Winkler similarity (0 to 1). Below it, a suggestion would be a guess.
    const MIN_SIMILARITY: f64 = 0.82;
    /// The maximum length of a word in bytes. A longer word is not a misspelled name, and
    /// comparing it costs time.
    const MAX_LEN: usize = 64;
    if word.len() > MAX_LEN {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(similarity, _)| *similarity > MIN_SIMILARITY)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn only_a_very_similar_candidate_is_suggested() {
        let fields = ["recording_url", "transcript", "status"];
        assert_eq!(similar("recording_ulr", fields), Some("recording_url"));
        assert_eq!(similar("statuss", fields), Some("status"));
        assert_eq!(similar("note", fields), None);
        assert_eq!(similar(&"status".repeat(20), fields), None);
    }
}
