//! The sections of a report.

/// A section of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StatsSection {
    /// Number of calls, period, outcomes and talk time
    Calls,
    /// Answered, two-way and goal rates, and funnels
    Rates,
    /// Leads reached, and answer rates by attempt
    Leads,
    /// The numbers of the assistants
    Numbers,
    /// The groups of --by
    Groups,
    /// Silent calls, words of the customers, and how long they stay
    Conversations,
    /// Billed minutes, estimated, and their cost
    Billing,
    /// Calls that the settings of their campaign do not allow
    Audit,
    /// What the extracted variables hold
    Variables,
    /// Calls per day
    Days,
    /// Answer rates by hour and weekday
    Week,
    /// Calls to look at, with their reasons; only if it is named
    Review,
}

/// Some of the sections, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StatsSections(u16);

impl StatsSections {
    /// All sections but the calls to look at, which identify people.
    pub(crate) const ALL: Self = Self(!(1 << StatsSection::Review as u16));

    /// These sections and another one.
    #[must_use]
    pub(crate) fn with(self, section: StatsSection) -> Self {
        Self(self.0 | 1 << section as u16)
    }

    #[must_use]
    pub(crate) fn contains(self, section: StatsSection) -> bool {
        self.0 >> section as u16 & 1 == 1
    }

    /// True if a section has figures of the turns of transcripts.
    #[must_use]
    pub(super) fn need_turns(self) -> bool {
        use StatsSection::{Conversations, Groups, Numbers, Rates, Review};
        let sections = [Rates, Numbers, Groups, Conversations, Review];
        sections.into_iter().any(|section| self.contains(section))
    }
}

impl FromIterator<StatsSection> for StatsSections {
    fn from_iter<I: IntoIterator<Item = StatsSection>>(sections: I) -> Self {
        let bits = sections.into_iter().map(|section| 1 << section as u16);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

impl StatsSection {
    /// The sections for people if none are requested: an overview that fits one screen.
    pub(crate) const OVERVIEW: [Self; 5] = [
        Self::Calls,
        Self::Rates,
        Self::Leads,
        Self::Numbers,
        Self::Groups,
    ];
}
