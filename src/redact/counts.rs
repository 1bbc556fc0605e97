//! What was done, in numbers. No value is kept.

use std::ops::AddAssign;

use super::residuals::Residuals;
use super::scrub::Class;

/// A class of values that are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueClass {
    Id,
    Phone,
    Email,
    Time,
    Url,
    CampaignName,
    Status,
    Label,
    MemberName,
    Number,
    Iban,
    Card,
    Date,
    Text,
    Transcript,
}

impl ValueClass {
    /// All classes, in the order of reports.
    pub(crate) const ALL: [Self; 15] = [
        Self::Id,
        Self::Phone,
        Self::Email,
        Self::Time,
        Self::Url,
        Self::CampaignName,
        Self::Status,
        Self::Label,
        Self::MemberName,
        Self::Number,
        Self::Iban,
        Self::Card,
        Self::Date,
        Self::Text,
        Self::Transcript,
    ];

    /// The name in the report, with words joined by underscores; in the plural.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "ids",
            Self::Phone => "phones",
            Self::Email => "emails",
            Self::Time => "times",
            Self::Url => "urls",
            Self::CampaignName => "campaign_names",
            Self::Status => "statuses",
            Self::Label => "labels",
            Self::MemberName => "member_names",
            Self::Number => "numbers",
            Self::Iban => "ibans",
            Self::Card => "cards",
            Self::Date => "dates",
            Self::Text => "texts",
            Self::Transcript => "transcripts",
        }
    }
}

/// The counts of a run, or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RedactionCounts {
    replaced: [u64; ValueClass::ALL.len()],
    /// Parts of texts that `--text scrub` replaced.
    found: [u64; Class::ALL.len()],
    /// What `--text scrub` left and may be personal.
    pub(crate) residuals: Residuals,
    /// Values that `--keep` names.
    pub(crate) kept_by_name: u64,
    /// Texts that `--text keep` left unchanged.
    pub(crate) kept_texts: u64,
    /// Times after now, which stay.
    pub(crate) future_times: u64,
    /// Ids of fewer than six digits, which become ids of nine.
    pub(crate) short_ids: u64,
}

impl RedactionCounts {
    /// Counts one value that was replaced.
    pub(super) fn add(&mut self, class: ValueClass) {
        self.replaced[class as usize] += 1;
    }

    /// Counts a part of a text that was replaced.
    pub(super) fn add_found(&mut self, class: Class) {
        self.found[class as usize] += 1;
    }

    /// Number of parts of texts of the class that were replaced.
    #[must_use]
    pub(crate) fn found(&self, class: Class) -> u64 {
        self.found[class as usize]
    }

    /// Number of values of the class that were replaced.
    #[must_use]
    pub(crate) fn replaced(&self, class: ValueClass) -> u64 {
        self.replaced[class as usize]
    }
}

impl AddAssign for RedactionCounts {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.replaced.iter_mut().zip(other.replaced) {
            *count += more;
        }
        for (count, more) in self.found.iter_mut().zip(other.found) {
            *count += more;
        }
        self.residuals += other.residuals;
        self.kept_by_name += other.kept_by_name;
        self.kept_texts += other.kept_texts;
        self.future_times += other.future_times;
        self.short_ids += other.short_ids;
    }
}
