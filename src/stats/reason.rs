//! Why a figure has no value.

use std::fmt;

use serde::{Serialize, Serializer};

/// Why a figure has no value. Its JSON form is its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    NoCampaignCalls,
    /// No campaign has a call that was not connected: probably only completed calls were sent.
    AllConnected,
    /// This campaign has no call that was not connected.
    AllCallsConnected,
    /// `postcall.toml` says that the webhook sends only completed calls.
    OnlyCompleted,
    /// No call of a campaign that shows an answer rate.
    NoRatedCalls,
    NoConnectedCalls,
    NoTranscript,
    /// No connected call has a readable duration.
    NoDuration,
    NoConversations,
    NoLeads,
    /// No call of this attempt is over.
    NoFinishedCalls,
    /// No lead had the time for this number of attempts.
    NoChance,
    NoGoals,
    NoReadableTime,
    /// No lead was called again.
    NoRetries,
    /// No body has the setting of its campaign.
    NoSetting,
    /// All times are in UTC, and no zone was chosen.
    NoZone,
    /// Connected calls have the variable of the goal, but none says whether it was reached.
    GoalNotSaid,
    /// No call has the variable of the goal.
    NoVariable(Box<str>),
    /// Calls without a campaign, whose direction is not in the body.
    PerhapsInbound,
    /// The calls are grouped by something that depends on whether they were connected.
    FollowsFromResult,
    /// No call has the field of `--by`.
    NoField(Box<str>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::NoCampaignCalls => "no campaign calls",
            Self::AllConnected => "no campaign has a call that was not connected",
            Self::AllCallsConnected => "no call that was not connected",
            Self::OnlyCompleted => "the webhook sends only completed calls (postcall.toml)",
            Self::NoRatedCalls => {
                "calls of no campaign, or only of campaigns without unanswered calls"
            }
            Self::NoConnectedCalls => "no connected calls",
            Self::NoTranscript => "no connected call has a readable transcript",
            Self::NoDuration => "no connected call has a readable duration",
            Self::NoConversations => "no conversations",
            Self::NoLeads => "no leads",
            Self::NoFinishedCalls => "no call that is over",
            Self::NoChance => "no lead had the chance",
            Self::NoGoals => "no campaign call reached the goal",
            Self::NoReadableTime => "no campaign call has a readable time",
            Self::PerhapsInbound => "these calls may be inbound",
            Self::FollowsFromResult => "the groups follow from the results of the calls",
            Self::NoRetries => "no lead was called again",
            Self::NoSetting => "no call whose campaign has such a limit",
            Self::NoZone => "the times are in UTC: choose a zone with --tz",
            Self::GoalNotSaid => {
                "no connected call says whether it was reached: write a test, 'nps>=9'"
            }
            Self::NoVariable(name) => return write!(f, "no call has the variable `{name}`"),
            Self::NoField(name) => return write!(f, "no call has `{name}`"),
        })
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
