//! Personal parts of a text.

use std::ops::Range;

/// Kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    /// The label of turns, which may be a name.
    Label,
    Name,
    /// A spelled name or address.
    Spelled,
    Phone,
    /// Any other number that identifies a person, contract or thing, in digits.
    Number,
    /// A number in words.
    SpokenNumber,
    Email,
    SpokenEmail,
    Address,
    Birthday,
    Url,
    /// A word that no list has.
    Word,
}

impl Class {
    /// All classes, in the order of reports.
    pub(crate) const ALL: [Self; 12] = [
        Self::Label,
        Self::Name,
        Self::Spelled,
        Self::Phone,
        Self::Number,
        Self::SpokenNumber,
        Self::Email,
        Self::SpokenEmail,
        Self::Address,
        Self::Birthday,
        Self::Url,
        Self::Word,
    ];

    /// The name in reports, with words joined by underscores; in the plural.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Label => "labels",
            Self::Name => "names",
            Self::Spelled => "spellings",
            Self::Phone => "phones",
            Self::Number => "numbers",
            Self::SpokenNumber => "spoken_numbers",
            Self::Email => "emails",
            Self::SpokenEmail => "spoken_emails",
            Self::Address => "addresses",
            Self::Birthday => "birthdays",
            Self::Url => "urls",
            Self::Word => "words",
        }
    }

    /// What stands for it in a text: `name` in `[name 1]`.
    #[must_use]
    pub(crate) fn placeholder(self) -> &'static str {
        match self {
            Self::Label | Self::Name => "name",
            Self::Spelled => "spelling",
            Self::Phone => "phone",
            Self::Number | Self::SpokenNumber => "number",
            Self::Email | Self::SpokenEmail => "e-mail",
            Self::Address => "address",
            Self::Birthday => "birthday",
            Self::Url => "link",
            Self::Word => "word",
        }
    }
}

/// A part of a text that is personal, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) range: Range<usize>,
    pub(crate) class: Class,
}

/// Collects findings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Found>,
}

impl From<Vec<Found>> for Findings {
    fn from(found: Vec<Found>) -> Self {
        Self { found }
    }
}

impl Findings {
    pub(crate) fn add(&mut self, range: Range<usize>, class: Class) {
        if !range.is_empty() {
            self.found.push(Found { range, class });
        }
    }

    /// The findings in order. Those that overlap become one, with the class of the longest.
    pub(crate) fn into_sorted(mut self) -> Vec<Found> {
        self.found.sort_by_key(|found| found.range.start);
        let mut sorted: Vec<Found> = Vec::with_capacity(self.found.len());
        let mut longest = 0;
        for found in self.found {
            let length = found.range.len();
            match sorted.last_mut() {
                Some(last) if found.range.start < last.range.end => {
                    last.range.end = last.range.end.max(found.range.end);
                    if length > longest {
                        (last.class, longest) = (found.class, length);
                    }
                }
                _ => {
                    sorted.push(found);
                    longest = length;
                }
            }
        }
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_do_not_overlap() {
        let mut findings = Findings::default();
        findings.add(5..9, Class::Email);
        findings.add(0..6, Class::Name);
        findings.add(6..8, Class::Number);
        findings.add(10..12, Class::Url);
        let sorted = findings.into_sorted();
        let ranges: Vec<_> = sorted.iter().map(|found| found.range.clone()).collect();
        assert_eq!(ranges, [0..9, 10..12]);
        assert_eq!(
            (sorted[0].class, sorted[1].class),
            (Class::Name, Class::Url)
        );
    }
}
