//! The sections of a report.

/// A section of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
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
