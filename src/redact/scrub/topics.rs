//! What a conversation is about at each word: after "Ihre Kundennummer?", digits are one.

use super::number_words::parse_number_word;
use super::tokens::{Conversation, Kind};
use super::words::{List, is_in};

/// What is talked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Topic {
    #[default]
    None,
    /// A phone, customer, account or card number.
    Number,
    Email,
    Birthday,
    Address,
    /// Prices, times, amounts.
    Harmless,
}

/// Topics of a conversation.
pub(super) struct Topics {
    /// The topic at each token: that of the last cue before it.
    at: Vec<Topic>,
    /// The topic at the end of each turn, if the turn has a cue.
    of_turn: Vec<Topic>,
    /// True for turns that ask for a name, or end with the word for it.
    pub(super) asks_name: Vec<bool>,
}

impl Topics {
    pub(super) fn new(conversation: &Conversation) -> Self {
        // Turns that a topic lasts, with that of its cue.
        const MOST_TURNS: usize = 3;
        let mut topics = Self {
            at: Vec::with_capacity(conversation.tokens.len()),
            of_turn: Vec::with_capacity(conversation.turns.len()),
            asks_name: Vec::with_capacity(conversation.turns.len()),
        };
        let mut topic = Topic::None;
        let mut turns_left: usize = 0;
        for turn in &conversation.turns {
            let mut of_turn = Topic::None;
            for index in turn.tokens.clone() {
                if let Some(cue) = cue_at(conversation, index) {
                    (topic, of_turn) = (cue, cue);
                }
                topics.at.push(topic);
            }
            let any_token = |is_so: fn(&Conversation, usize) -> bool| {
                turn.tokens.clone().any(|index| is_so(conversation, index))
            };
            topics.of_turn.push(of_turn);
            topics.asks_name.push(any_token(asks_name));
            // An answer may come after a question back, and a long number takes several turns.
            turns_left = match of_turn {
                Topic::Harmless => 1,
                Topic::None if any_token(is_number) => turns_left.max(1),
                Topic::None => turns_left.saturating_sub(1),
                _ => MOST_TURNS,
            };
            if turns_left == 0 {
                topic = Topic::None;
            }
        }
        topics
    }

    /// The topic at a token.
    pub(super) fn at(&self, index: usize) -> Topic {
        self.at.get(index).copied().unwrap_or_default()
    }

    /// The topic that a cue in this turn gives, also behind the token that is asked about.
    pub(super) fn of_turn(&self, turn: usize) -> Topic {
        self.of_turn[turn]
    }
}

/// True for digits and number words.
fn is_number(conversation: &Conversation, index: usize) -> bool {
    conversation.tokens[index].kind == Kind::Digits
        || parse_number_word(conversation.word(index)).is_some()
}

/// The topic that the word at `index` starts.
fn cue_at(conversation: &Conversation, index: usize) -> Option<Topic> {
    let word = conversation.word(index);
    let before = conversation.word_before(index);
    let after = conversation.word_after(index);
    let topic = match word {
        "" => return None,
        "adresse" | "address" | "adressen" | "addresses" if follows_mail(conversation, index) => {
            Topic::Email
        }
        "number" | "nummer" if before == "house" || after == "of" => Topic::Address,
        "number" if matches!(before, "wrong" | "any") => return None,
        "geburtstag" if matches!(before, "zum" | "gute" | "im" | "einen" | "den") => return None,
        "birthday" if !matches!(before, "your" | "his" | "her" | "their" | "the") => return None,
        "birth" | "born" | "dob" | "birthday" | "geboren" | "geboarn" | "geborn" | "geb"
        | "geburtsdatum" | "geburtsdaten" | "geburtstag" | "geburtsjahr" => Topic::Birthday,
        "mail" | "email" | "mailadresse" | "emailadresse" | "emails" | "mailaccount" => {
            Topic::Email
        }
        _ if is_in(List::AddressCues, word) => Topic::Address,
        _ if is_number_cue(word, before, after) => Topic::Number,
        "wann" | "when" if is_question(conversation, index) => Topic::Harmless,
        _ if is_harmless_cue(word, before) => Topic::Harmless,
        _ => return None,
    };
    Some(topic)
}

/// True for "when" at the start of a question.
fn is_question(conversation: &Conversation, index: usize) -> bool {
    let verbs = [
        "do", "does", "is", "are", "would", "can", "will", "did", "should", "was",
    ];
    conversation.tokens[index].starts_sentence
        || verbs.contains(&conversation.word_after(index))
        || matches!(conversation.word_before(index), "und" | "and")
}

/// True for the last word of `E-Mail-Adresse` and `email address`.
fn follows_mail(conversation: &Conversation, index: usize) -> bool {
    let start = conversation.hyphenated_start(index);
    let is_mail = |word: &str| matches!(word, "mail" | "email");
    (start..index).any(|part| is_mail(conversation.word(part)))
        || is_mail(conversation.word_before(index))
}

/// True for a word after which a personal number is expected, alone or with those around it.
fn is_number_cue(word: &str, before: &str, after: &str) -> bool {
    is_in(List::NumberCues, word)
        || is_number_name(word)
        || matches!(
            (before, word, after),
            ("sort" | "pac", "code", _)
                | ("insurance" | "id", "card", _)
                | (_, "card", "details" | "number")
                | (_, "ending", "in" | "with")
        )
}

/// True for German compounds that name a number: "Kundennummer", "Aktenzeichen", "Kreditkarte".
fn is_number_name(word: &str) -> bool {
    if word.ends_with("nummer") || word.ends_with("nummern") {
        !matches!(word, "zimmernummer" | "modellnummer" | "artikelnummer")
    } else if word.ends_with("zeichen") {
        word.len() > 9 && word != "leerzeichen"
    } else {
        word.ends_with("karte") && word.len() > 6 && word != "speisekarte"
    }
}

/// True for a word after which an amount, a price or a time is expected, alone or with the one
/// before it.
fn is_harmless_cue(word: &str, before: &str) -> bool {
    is_in(List::AmountCues, word)
        || matches!(
            (before, word),
            ("wie", "viele" | "viel" | "hoch" | "gross" | "lange")
                | ("how", "many" | "much" | "long" | "big")
                | ("what", "time")
                | ("which" | "what", "date" | "dates")
                | ("error" | "fehler", "code")
        )
}

/// True for a word that asks for a name, alone or with those around it.
fn asks_name(conversation: &Conversation, index: usize) -> bool {
    let before = conversation.word_before(index);
    let after = conversation.word_after(index);
    match conversation.word(index) {
        "called" | "heiss" => after.is_empty(),
        "wem" => before == "mit",
        "wer" => matches!(
            after,
            "spricht" | "ist" | "sind" | "ruft" | "kommt" | "holt" | "war"
        ),
        "who" => matches!(
            after,
            "am" | "is" | "are" | "should" | "shall" | "will" | "can" | "was"
        ),
        "sind" => before == "sie" && after.is_empty(),
        // "And you are?"
        "are" => {
            before == "you" && after.is_empty() && conversation.word_before(index - 1) == "and"
        }
        word => is_in(List::NameCues, word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic_at_end(text: &str) -> Topic {
        let conversation = Conversation::new(text);
        Topics::new(&conversation).at(conversation.tokens.len() - 1)
    }

    #[test]
    fn questions_give_the_topic_of_answers() {
        for (text, expected) in [
            ("Agent: Ihre Kundennummer?\nKunde: zwei", Topic::Number),
            ("Agent: Ihre E-Mail-Adresse?\nKunde: a", Topic::Email),
            ("Agent: Ihre Adresse?\nKunde: a", Topic::Address),
            ("Agent: When were you born?\nUser: a", Topic::Birthday),
            ("Agent: What time?\nUser: a", Topic::Harmless),
            (
                "Agent: Account?\nUser: a\nAgent: b\nUser: c\nAgent: d",
                Topic::None,
            ),
        ] {
            assert_eq!(topic_at_end(text), expected, "{text}");
        }
    }
}
