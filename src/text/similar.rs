//! Suggestions for misspelled names.

/// The maximum length of names to compare in bytes. A longer word is not a misspelled name, and
/// comparing it costs time.
pub(crate) const MAX_LEN: usize = 100;

/// The candidate that is most similar to `word`, or `None` if no candidate is similar enough.
/// The comparison is case-sensitive.
#[must_use]
pub(crate) fn similar<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    candidates
        .into_iter()
        .filter_map(|candidate| Some((similarity(word, candidate)?, candidate)))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// The similarity of two names, from 0 to 1, or `None` if one is probably not meant as the other.
/// The comparison is case-sensitive.
#[must_use]
pub(crate) fn similarity(word: &str, candidate: &str) -> Option<f64> {
    /// The minimum Jaro-Winkler similarity (0 to 1). Below it, a suggestion would be a guess.
    const MIN_SIMILARITY: f64 = 0.82;
    /// The minimum length in bytes of both names for one typo to be enough.
    const MIN_LEN_OF_TYPO: usize = 3;
    if word.len().max(candidate.len()) > MAX_LEN {
        return None;
    }
    let similarity = strsim::jaro_winkler(word, candidate);
    // Jaro-Winkler underrates short names with one typo, such as `nsp` for `nps`. The distance is
    // slow to compute, and cannot be 1 if the lengths differ by more than a character.
    let is_one_typo = || {
        word.len().min(candidate.len()) >= MIN_LEN_OF_TYPO
            && word.len().abs_diff(candidate.len()) <= char::MAX.len_utf8()
            && strsim::osa_distance(word, candidate) == 1
    };
    (similarity > MIN_SIMILARITY || is_one_typo()).then_some(similarity)
}

/// Like [`similarity`], but a candidate that contains the word is similar too. This is for names
/// that users choose, which they often remember in part.
#[must_use]
pub(crate) fn similarity_to_part(word: &str, candidate: &str) -> Option<f64> {
    /// The similarity of a candidate that contains the word.
    const CONTAINING: f64 = 0.9;
    /// Minimum length of such a word in bytes.
    const MIN_LEN: usize = 3;
    let is_part = word.len() >= MIN_LEN && candidate.len() <= MAX_LEN && candidate.contains(word);
    let part = is_part.then_some(CONTAINING);
    greater(similarity(word, candidate), part)
}

/// The greater of two similarities.
#[must_use]
pub(crate) fn greater(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    // `None` is less than any number.
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::{similar, similarity_to_part};

    #[test]
    fn only_a_very_similar_candidate_is_suggested() {
        let fields = ["recording_url", "transcript", "status"];
        assert_eq!(similar("recording_ulr", fields), Some("recording_url"));
        assert_eq!(similar("statuss", fields), Some("status"));
        assert_eq!(similar("note", fields), None);
        assert_eq!(similar("nsp", ["nps", "city"]), Some("nps"));
        assert_eq!(similar("no", ["to", "at"]), None);
        assert_eq!(similar(&"status".repeat(20), fields), None);
    }

    #[test]
    fn a_part_of_a_name_is_similar_to_it() {
        let winter = "kundenzufriedenheit winter";
        assert!(similarity_to_part("winter", winter).is_some());
        assert!(
            similarity_to_part("kundenzufriedenheit", winter)
                > similarity_to_part("winter", winter)
        );
        assert!(similarity_to_part("sommer", winter).is_none());
        assert!(similarity_to_part("wi", winter).is_none());
        assert!(similarity_to_part("winter", &winter.repeat(9)).is_none());
    }
}
