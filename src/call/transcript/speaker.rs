//! Speakers of turns, and the labels that name them.

use std::borrow::Cow;

/// The speaker of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The AI assistant.
    Assistant,
    /// The human on the phone.
    Customer,
    /// Any other speaker, or none that is named. The label of the turn names the speaker.
    Unknown,
}

impl Speaker {
    /// The name in views: `Assistant`, `Customer`, or an empty string.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Assistant => "Assistant",
            Self::Customer => "Customer",
            Self::Unknown => "",
        }
    }

    /// The speaker that `label` names, in any case; a hyphen or underscore counts as a space.
    pub(crate) fn from_label(label: &str) -> Option<Self> {
        // Fast path: nearly all labels are these.
        match label {
            "Assistant" | "Assistent" => return Some(Self::Assistant),
            "Customer" | "Kunde" => return Some(Self::Customer),
            _ => {}
        }
        let label = normalize(label)?;
        if is_assistant(&label) {
            Some(Self::Assistant)
        } else if is_customer(&label) {
            Some(Self::Customer)
        } else {
            None
        }
    }
}

/// True for the labels of the assistant in the transcripts of this and other vendors.
fn is_assistant(label: &str) -> bool {
    matches!(
        label,
        "agent"
            | "ai"
            | "ai agent"
            | "ai assistant"
            | "asistente"
            | "assistant"
            | "assistante"
            | "assistent"
            | "assistente"
            | "assistentin"
            | "bot"
            | "chatbot"
            | "ia"
            | "ki"
            | "ki agent"
            | "ki assistent"
            | "ki assistentin"
            | "ki bot"
            | "sprachassistent"
            | "sprachassistentin"
            | "telefonassistent"
            | "telefonassistentin"
            | "virtual agent"
            | "virtual assistant"
            | "voice agent"
            | "voice assistant"
            | "voice bot"
            | "voicebot"
    )
}

/// True for the labels of the human on the phone.
fn is_customer(label: &str) -> bool {
    matches!(
        label,
        "angerufene"
            | "angerufener"
            | "anrufer"
            | "anruferin"
            | "appelant"
            | "appelante"
            | "benutzer"
            | "benutzerin"
            | "callee"
            | "caller"
            | "client"
            | "cliente"
            | "customer"
            | "end user"
            | "endkunde"
            | "endkundin"
            | "human"
            | "kunde"
            | "kunde/kundin"
            | "kundin"
            | "mensch"
            | "nutzer"
            | "nutzerin"
            | "user"
            | "usuario"
            | "usuário"
            | "utente"
            | "utilisateur"
    )
}

/// Other speakers that have turns of their own.
const OTHER_LABELS: &[&str] = &[
    "human agent",
    "ivr",
    "live agent",
    "mitarbeiter",
    "mitarbeiterin",
    "operator",
    "supervisor",
    "system",
    "tool",
    "voicemail",
];

/// Words that name a speaker together with a number or letter: `Speaker 1`, `SPEAKER_00`.
const NUMBERED_LABELS: &[&str] = &[
    "agent",
    "anrufer",
    "assistant",
    "bot",
    "caller",
    "channel",
    "customer",
    "kanal",
    "kunde",
    "participant",
    "speaker",
    "spk",
    "sprecher",
    "teilnehmer",
    "user",
];

/// True if `label` names a speaker other than the assistant and the customer: the system, or a
/// numbered speaker.
pub(super) fn is_other_label(label: &str) -> bool {
    let Some(label) = normalize(label) else {
        return false;
    };
    let is_number = |text: &str| {
        let is_short = (1..=3).contains(&text.len());
        is_short && text.bytes().all(|byte| byte.is_ascii_digit())
            || text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    OTHER_LABELS.contains(&&*label)
        || label
            .rsplit_once(' ')
            .is_some_and(|(word, number)| NUMBERED_LABELS.contains(&word) && is_number(number))
}

/// Longest label in bytes, number included.
const MAX_LENGTH: usize = 30;

/// The label in lower case, with spaces for hyphens and underscores. `None` if it is too long to be
/// known.
fn normalize(label: &str) -> Option<Cow<'_, str>> {
    let label = label.trim();
    if label.len() > MAX_LENGTH {
        return None;
    }
    if label.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(Cow::Borrowed(label));
    }
    if label.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(Cow::Owned(label.to_ascii_lowercase()));
    }
    let words = label.to_lowercase().replace(['-', '_', '\u{a0}'], " ");
    Some(Cow::Owned(words))
}

/// First words of lines in notes and lists, in lower case: never taken as the name of a speaker.
const NOTE_WORDS: &[&str] = &[
    "achtung",
    "address",
    "adresse",
    "aktion",
    "amount",
    "anlass",
    "anmerkung",
    "antwort",
    "appointment",
    "betrag",
    "betreff",
    "budget",
    "call",
    "comment",
    "company",
    "confirmation",
    "data",
    "date",
    "daten",
    "datum",
    "dauer",
    "details",
    "duration",
    "email",
    "ergebnis",
    "ende",
    "fazit",
    "firma",
    "frage",
    "geburtsdatum",
    "grund",
    "hinweis",
    "info",
    "information",
    "kommentar",
    "kontakt",
    "link",
    "location",
    "mail",
    "mobil",
    "nachricht",
    "name",
    "note",
    "notes",
    "notiz",
    "nummer",
    "number",
    "option",
    "ort",
    "outcome",
    "phone",
    "p.s.",
    "postscript",
    "preis",
    "price",
    "produkt",
    "product",
    "ps",
    "question",
    "reason",
    "remark",
    "result",
    "schritt",
    "status",
    "step",
    "stichwort",
    "straße",
    "subject",
    "summary",
    "telefon",
    "telefonnummer",
    "termin",
    "thema",
    "time",
    "tipp",
    "titel",
    "title",
    "todo",
    "topic",
    "uhr",
    "uhrzeit",
    "url",
    "vorname",
    "warning",
    "warnung",
    "website",
    "zeit",
    "ziel",
    "zusammenfassung",
];

/// True if `label` may be a person's name: one to three capitalized words without digits, and not a
/// word that starts notes.
pub(super) fn may_be_name(label: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "von", "van", "de", "der", "den", "da", "di", "el", "al", "zu",
    ];
    let is_name_word = |word: &str| {
        let starts_upper = word.chars().next().is_some_and(char::is_uppercase);
        let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.');
        (starts_upper || PARTICLES.contains(&word)) && word.chars().all(is_letter)
    };
    let mut words = 0;
    label.len() <= MAX_LENGTH
        && label.split(' ').all(|word| {
            words += 1;
            words <= 3 && is_name_word(word) && !is_note_word(word)
        })
}

fn is_note_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let mut parts = lower.split(['-', '.']).filter(|part| !part.is_empty());
    parts.any(|part| NOTE_WORDS.contains(&part))
        || NOTE_WORDS.contains(&&*lower)
        || lower.chars().count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_recognized_in_any_case() {
        for label in [
            "AI",
            "ki-assistent",
            "KI_Assistent",
            "Voicebot",
            "agent",
            " Assistentin ",
        ] {
            assert_eq!(
                Speaker::from_label(label),
                Some(Speaker::Assistant),
                "{label}"
            );
        }
        for label in ["Anrufer", "KUNDIN", "Usuário", "end-user"] {
            assert_eq!(
                Speaker::from_label(label),
                Some(Speaker::Customer),
                "{label}"
            );
        }
        for label in [
            "",
            "Lena",
            "Aide",
            "a i",
            "Kunden",
            "customers",
            "the customer",
        ] {
            assert_eq!(Speaker::from_label(label), None, "{label}");
            assert!(!is_other_label(label), "{label}");
        }
        for label in ["System", "Speaker 1", "SPEAKER_00", "Sprecher A", "Agent 2"] {
            assert!(is_other_label(label), "{label}");
        }
        for label in [
            "Speaker",
            "Speaker one",
            "Speaker 2024",
            "Haus 1",
            "Systeme",
        ] {
            assert!(!is_other_label(label), "{label}");
        }
    }

    #[test]
    fn names_are_capitalized_words_that_start_no_note() {
        for name in [
            "Lena",
            "Max Mustermann",
            "Anna-Lena",
            "Ludwig van Beethoven",
            "Dr. O'Brien",
        ] {
            assert!(may_be_name(name), "{name}");
        }
        for label in [
            "Hinweis", "E-Mail", "Name", "lena", "Haus 5", "Und dann", "P.S.", "A", "",
        ] {
            assert!(!may_be_name(label), "{label}");
        }
    }
}
