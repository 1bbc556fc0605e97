//! The goal of a call: a variable that is true, or a test of a variable.

use std::fmt;
use std::str::FromStr;

use super::reason::Reason;
use crate::call::contract_object::ContractObject;
use crate::select::filter::{FilterNames, VariableTest};
use crate::text::shorten::shorten;
use crate::time::zone::Zone;

/// The variable that the vendor defines as "call goal reached".
const DEFAULT: &str = "status";

/// The condition that a successful call meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Goal {
    test: VariableTest,
    /// As the user wrote it.
    text: String,
    /// True if the goal is a name only: then it is reached if the variable is true.
    is_name: bool,
    /// True if the user chose the goal.
    pub(crate) is_given: bool,
}

/// Whether a call has reached the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GoalState {
    Reached,
    Missed,
    /// The value of the variable is none that the goal can be read from.
    NotSaid,
    /// The call lacks the variable.
    Absent,
}

impl Default for Goal {
    fn default() -> Self {
        let goal: Self = DEFAULT.parse().expect("a name is a goal");
        Self {
            text: format!("extracted_variables.{DEFAULT}"),
            is_given: false,
            ..goal
        }
    }
}

impl FromStr for Goal {
    type Err = String;

    /// Parses a name (`interested`), or a test as of `--var` (`city=Hamburg`, `nps>=9`).
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_name = !text.contains(['=', '!', '<', '>']);
        let parsed = if is_name && !text.is_empty() {
            format!("{text}=true").parse()
        } else {
            text.parse()
        };
        Ok(Self {
            test: parsed.map_err(|_: String| {
                "expected a variable, or a test of one: interested, city=Hamburg, 'nps>=9'"
                    .to_owned()
            })?,
            text: text.to_owned(),
            is_name,
            is_given: true,
        })
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Goal {
    /// The variable, to find out whether any call has it.
    #[must_use]
    pub(crate) fn names(&self) -> FilterNames {
        FilterNames::of_variables(std::slice::from_ref(&self.test))
    }

    /// Why there are no goals if no call has the variable.
    #[must_use]
    pub(super) fn absence(&self) -> Reason {
        Reason::NoVariable(shorten(&self.test.name()).into())
    }

    /// Whether the call has reached the goal. `zone` determines the day of a time.
    #[must_use]
    pub(super) fn state(&self, body: &ContractObject, zone: &Zone) -> GoalState {
        let Some(value) = self.test.find_in(body) else {
            return GoalState::Absent;
        };
        let is_readable = if self.is_name {
            VariableTest::is_boolean(value)
        } else {
            self.test.can_decide(value)
        };
        if !is_readable {
            GoalState::NotSaid
        } else if self.test.holds_for(value, zone) {
            GoalState::Reached
        } else {
            GoalState::Missed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GoalState::{Absent, Missed, NotSaid, Reached};
    use super::*;
    use crate::json::Json;

    #[test]
    fn a_value_that_says_nothing_is_neither_reached_nor_missed() {
        let state = |goal: &str, variables: &str| {
            let goal: Goal = goal.parse().expect("a goal");
            let body = format!("{{\"extracted_variables\":{variables}}}");
            let body = Json::from_well_formed(&body);
            let members = body.members().expect("an object");
            goal.state(&ContractObject::read("", body, members), &Zone::Utc)
        };
        for (goal, variables, expected) in [
            ("status", "{\"status\":true}", Reached),
            ("status", "{\"status\":\"true\"}", Reached),
            ("status", "{\"status\":\"False\"}", Missed),
            ("status", "{\"status\":null}", NotSaid),
            ("status", "{\"status\":\"maybe\"}", NotSaid),
            ("status", "{\"status\":1}", NotSaid),
            ("status", "{}", Absent),
            ("city=Ham*", "{\"city\":\"Hamburg\"}", Reached),
            ("city=Ham*", "{\"city\":\"Bonn\"}", Missed),
            ("city=Ham*", "{\"city\":\"\"}", NotSaid),
            ("city!=Bonn", "{}", Absent),
            ("city=*", "{\"city\":\"\"}", Missed),
            ("nps>=9", "{\"nps\":\"9\"}", Reached),
            ("nps>=9", "{\"nps\":8}", Missed),
        ] {
            assert_eq!(state(goal, variables), expected, "{goal} {variables}");
        }
        assert!("".parse::<Goal>().is_err() && "=1".parse::<Goal>().is_err());
    }
}
