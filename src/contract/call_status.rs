//! Other spellings of the call statuses: in another case, with other separators, or translated, as
//! dashboards show them.

use super::known_values::CALL_STATUSES;

/// Translations, without separators and in lower case, each with the documented status.
const TRANSLATIONS: &[(&str, &str)] = &[
    ("initiiert", "initiated"),
    ("klingelt", "ringing"),
    ("besetzt", "busy"),
    ("imgespräch", "in-progress"),
    ("inbearbeitung", "in-progress"),
    ("läuft", "in-progress"),
    ("beendet", "ended"),
    ("abgeschlossen", "completed"),
    ("durchdenkundenbeendet", "ended_by_customer"),
    ("durchkundenbeendet", "ended_by_customer"),
    ("vomkundenbeendet", "ended_by_customer"),
    ("vonkundenbeendet", "ended_by_customer"),
    ("vonderkibeendet", "ended_by_assistant"),
    ("durchassistentenbeendet", "ended_by_assistant"),
    ("durchdenassistentenbeendet", "ended_by_assistant"),
    ("vomassistentenbeendet", "ended_by_assistant"),
    ("vomkiassistentenbeendet", "ended_by_assistant"),
    ("vonassistentenbeendet", "ended_by_assistant"),
    ("keineantwort", "no-answer"),
    ("nichtangenommen", "no-answer"),
    ("nichtbeantwortet", "no-answer"),
    ("notanswered", "no-answer"),
    ("unanswered", "no-answer"),
    ("noanswered", "no-answer"),
    ("nichterreicht", "no-answer"),
    ("beendetvomkunden", "ended_by_customer"),
    ("beendetdurchkunden", "ended_by_customer"),
    ("beendetdurchdenkunden", "ended_by_customer"),
    ("beendetvomassistenten", "ended_by_assistant"),
    ("beendetvonderki", "ended_by_assistant"),
    ("fehlgeschlagen", "failed"),
];

/// The documented spelling of a call status: `no-answer` for `No answer`, `noAnswer` and `keine
/// Antwort`. `None` for an unknown status.
#[must_use]
pub(crate) fn documented_status(text: &str) -> Option<&'static str> {
    const LONGEST: usize = 60;
    if let Some(known) = CALL_STATUSES.iter().find(|known| **known == text) {
        return Some(first_spelling(known));
    }
    if text.len() > LONGEST {
        return None;
    }
    let letters = without_separators(text);
    let known = CALL_STATUSES.iter();
    let mut known = known.filter(|known| without_separators(known) == letters);
    let translated = || {
        let mut translations = TRANSLATIONS.iter();
        let found = translations.find(|(translation, _)| *translation == letters);
        found.map(|(_, status)| *status)
    };
    known.next().copied().or_else(translated)
}

/// Of the spellings of a status in the documentation, the first.
fn first_spelling(status: &'static str) -> &'static str {
    let is_same = |known: &&&str| {
        let pairs = known.bytes().zip(status.bytes());
        known.len() == status.len()
            && pairs
                .into_iter()
                .all(|(left, right)| left == right || (left, right) == (b'-', b'_'))
    };
    CALL_STATUSES
        .iter()
        .find(is_same)
        .copied()
        .unwrap_or(status)
}

fn without_separators(text: &str) -> String {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.');
    let letters = text.chars().filter(|c| !is_separator(*c));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_have_a_documented_twin() {
        for (text, twin) in [
            ("completed", "completed"),
            ("Completed ", "completed"),
            ("no_answer", "no-answer"),
            ("no-answer", "no-answer"),
            ("noAnswer", "no-answer"),
            ("No Answer", "no-answer"),
            ("IN_PROGRESS", "in-progress"),
            ("Ended by customer", "ended_by_customer"),
            ("ended-by-assistant", "ended_by_assistant"),
            ("vom Kunden beendet", "ended_by_customer"),
            ("Vom KI-Assistenten beendet", "ended_by_assistant"),
            ("keine Antwort", "no-answer"),
            ("KEINE ANTWORT", "no-answer"),
            ("läuft", "in-progress"),
        ] {
            assert_eq!(documented_status(text), Some(twin), "{text}");
        }
        for text in [
            "",
            " ",
            "cancelled",
            "complete",
            "no",
            "answer",
            "nicht",
            "vom Kunden",
            "ende",
        ] {
            assert_eq!(documented_status(text), None, "{text}");
        }
    }

    #[test]
    fn every_translation_leads_to_a_documented_status() {
        for (translation, status) in TRANSLATIONS {
            assert!(CALL_STATUSES.contains(status), "{status}");
            assert_eq!(without_separators(translation), *translation);
            assert_eq!(first_spelling(status), *status);
        }
    }
}
