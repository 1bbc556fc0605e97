//! The names of members that are kept: those that hardly name a person.

use memchr::memmem;

use crate::json::{Json, Kind, Token, scan};

/// Texts of a body that its member names must not repeat, as names of variables: each on a line.
pub(super) struct KnownTexts(String);

impl KnownTexts {
    /// The short texts in `body`, and the words of those of two or three words.
    pub(super) fn of(body: Json) -> Self {
        const LONGEST: usize = 64;
        let mut texts = "\n".to_owned();
        scan(body, |_, token| {
            let Token::Scalar(value) = token else {
                return;
            };
            if value.text().len() > LONGEST || value.kind() != Kind::String {
                return;
            }
            let Some(text) = value.as_str() else {
                return;
            };
            let start = texts.len();
            push_folded(&text, &mut texts);
            let folded = texts.split_off(start);
            let words = || folded.split('_').filter(|word| word.len() > 2);
            if (2..=3).contains(&words().count()) {
                for word in words() {
                    texts.push_str(word);
                    texts.push('\n');
                }
            }
            if !folded.is_empty() {
                texts.push_str(&folded);
                texts.push('\n');
            }
        });
        Self(texts)
    }

    /// True if the name is a text of the body.
    pub(super) fn contains(&self, name: &str) -> bool {
        let name = name.trim_matches('_');
        !name.is_empty()
            && memmem::find(self.0.as_bytes(), format!("\n{name}\n").as_bytes()).is_some()
    }
}

/// True for a name in lower case that is not the number of something. It may name a person, but
/// hardly does.
#[must_use]
pub(super) fn is_plain_name(name: &str) -> bool {
    const SHORTEST_NUMBER: usize = 6;
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let mut runs = name.split(|character: char| !character.is_ascii_digit());
    name.len() <= 32
        && name.bytes().all(is_plain)
        && runs.all(|digits| digits.len() < SHORTEST_NUMBER)
}

/// Appends the text as the name of a variable: `juergen_gross` for `Jürgen Groß`.
fn push_folded(text: &str, out: &mut String) {
    let start = out.len();
    for character in text.chars() {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            'A'..='Z' => out.push(character.to_ascii_lowercase()),
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'ß' | 'ẞ' => out.push_str("ss"),
            _ if out.len() > start && !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    while out.len() > start && out.ends_with('_') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_are_plain_unless_they_are_numbers() {
        for name in ["", "nps", "address_2", "iso_8601"] {
            assert!(is_plain_name(name), "{name}");
        }
        for name in ["Name", "größe", "a b", "kunde_4915123", &"a".repeat(33)] {
            assert!(!is_plain_name(name), "{name}");
        }
    }

    #[test]
    fn texts_of_the_body_are_known() {
        let body = r#"{"extracted_variables":{"name":"Jürgen Groß","city":"Ulm","n":7,
            "summary":"The customer wants to know more about it"}}"#;
        let known = KnownTexts::of(Json::from_well_formed(body));
        for name in ["juergen_gross", "juergen", "gross", "ulm", "_ulm"] {
            assert!(known.contains(name), "{name}");
        }
        for name in ["customer", "name", "n", ""] {
            assert!(!known.contains(name), "{name}");
        }
    }
}
