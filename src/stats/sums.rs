//! Sums over calls.

use std::ops::AddAssign;

use super::facts::{CallFacts, Class};
use super::goal::GoalState;
use super::rate::{Rate, to_f64};
use super::reason::Reason;

/// Connected calls under this length are counted as short.
pub(super) const SHORT_SECONDS: u32 = 10;

/// The least that the vendor bills for a connected call.
const LEAST_SECONDS: u32 = 30;

/// Number of calls by class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    pub(crate) connected: u64,
    pub(crate) not_connected: u64,
    pub(crate) open: u64,
    pub(crate) unclassed: u64,
}

impl Classes {
    /// Number of calls that were connected or not.
    pub(super) fn decided(self) -> u64 {
        self.connected + self.not_connected
    }

    pub(super) fn add(&mut self, class: Class) {
        *match class {
            Class::Connected => &mut self.connected,
            Class::NotConnected => &mut self.not_connected,
            Class::Open => &mut self.open,
            Class::Unclassed => &mut self.unclassed,
        } += 1;
    }
}

impl AddAssign for Classes {
    fn add_assign(&mut self, other: Self) {
        self.connected += other.connected;
        self.not_connected += other.not_connected;
        self.open += other.open;
        self.unclassed += other.unclassed;
    }
}

/// Sums over the calls of a group, without their conversations. Times are those of connected calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CallSums {
    pub(crate) count: u64,
    pub(crate) classes: Classes,
    /// Talk time in seconds, and the number of calls that have one.
    pub(crate) seconds: u64,
    pub(crate) timed: u64,
    /// Calls under [`SHORT_SECONDS`].
    pub(crate) short: u64,
    /// Talk time as it is billed: at least [`LEAST_SECONDS`] per call.
    pub(crate) billed_seconds: u64,
}

impl CallSums {
    /// Adds a call of this class. `seconds` is its talk time, if it is readable.
    pub(crate) fn add(&mut self, class: Class, seconds: Option<u32>) {
        self.count += 1;
        self.classes.add(class);
        if let (Class::Connected, Some(seconds)) = (class, seconds) {
            self.seconds += u64::from(seconds);
            self.timed += 1;
            self.short += u64::from(seconds < SHORT_SECONDS);
            self.billed_seconds += u64::from(seconds.max(LEAST_SECONDS));
        }
    }

    /// Mean talk time of the connected calls that have one, in seconds.
    #[must_use]
    pub(crate) fn mean_seconds(&self) -> Option<f64> {
        (self.timed > 0).then(|| to_f64(self.seconds) / to_f64(self.timed))
    }

    /// Mean talk time in whole seconds, rounded to the nearest.
    #[must_use]
    pub(crate) fn rounded_mean_seconds(&self) -> Option<u64> {
        (self.seconds + self.timed / 2).checked_div(self.timed)
    }

    /// True if these calls of a campaign show an answer rate: some were not connected, so that not
    /// only completed calls were sent.
    #[must_use]
    pub(crate) fn are_rated(&self) -> bool {
        self.classes.not_connected > 0
    }

    /// The answer rate of these calls of a campaign. `only_completed` is true if the webhook sends
    /// only completed calls.
    #[must_use]
    pub(crate) fn answered(&self, only_completed: bool) -> Rate {
        if only_completed {
            Rate::unknown(Reason::OnlyCompleted)
        } else if self.are_rated() {
            Rate::new(
                self.classes.connected,
                self.classes.decided(),
                Reason::NoCampaignCalls,
            )
        } else {
            Rate::unknown(Reason::AllCallsConnected)
        }
    }
}

impl AddAssign for CallSums {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.classes += other.classes;
        self.seconds += other.seconds;
        self.timed += other.timed;
        self.short += other.short;
        self.billed_seconds += other.billed_seconds;
    }
}

/// Sums over the calls of a group. All but `calls` are over connected calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) calls: CallSums,
    /// Calls with a readable transcript, and what they show.
    pub(crate) readable: u64,
    pub(crate) two_way: u64,
    pub(crate) conversations: u64,
    pub(crate) goals: u64,
    pub(crate) goals_missed: u64,
    /// Conversations that reached the goal.
    pub(crate) goal_conversations: u64,
}

impl Sums {
    pub(super) fn add(&mut self, facts: &CallFacts) {
        self.calls.add(facts.class, facts.seconds);
        if facts.class != Class::Connected {
            return;
        }
        self.readable += u64::from(facts.is_readable);
        self.two_way += u64::from(facts.is_two_way);
        self.conversations += u64::from(facts.is_conversation);
        self.goals += u64::from(facts.goal == GoalState::Reached);
        self.goals_missed += u64::from(facts.goal == GoalState::Missed);
        let is_goal = facts.is_conversation && facts.goal == GoalState::Reached;
        self.goal_conversations += u64::from(is_goal);
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.readable += other.readable;
        self.two_way += other.two_way;
        self.conversations += other.conversations;
        self.goals += other.goals;
        self.goals_missed += other.goals_missed;
        self.goal_conversations += other.goal_conversations;
    }
}
