//! The language of a conversation.

use super::tokens::{Conversation, Token};

/// Language of most function words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    German,
    English,
}

impl Language {
    pub(super) fn of(conversation: &Conversation) -> Self {
        let count = |words: &[&str]| {
            let is_listed = |token: &&Token| words.contains(&&*token.folded);
            conversation.tokens.iter().filter(is_listed).count()
        };
        let german = count(&[
            "der", "die", "das", "und", "ich", "ist", "nicht", "sie", "mit", "ein",
        ]);
        let english = count(&[
            "the", "and", "is", "you", "it", "to", "of", "my", "that", "for",
        ]);
        if german >= english {
            Self::German
        } else {
            Self::English
        }
    }
}
