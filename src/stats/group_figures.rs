//! The figures by number of the assistant, and by the field of the request.

use std::collections::HashMap;

use super::context::{Answers, Context, goals_not_said, local_day, readable_rate};
use super::dial::Dial;
use super::group_by::weekday_index;
use super::groups::{Groups, NO_VALUE, OTHER_VALUES};
use super::model::{GroupFigures, GroupList};
use super::rate::Rate;
use super::reason::Reason;
use super::sums::Sums;

/// Days of a number's answer rate that are compared with those before.
const RECENT_DAYS: i32 = 7;

impl Context<'_> {
    pub(super) fn numbers(&self) -> GroupList {
        self.group_list("assistant_phone", &self.sums.numbers, |dial| dial.phone)
    }

    pub(super) fn groups(&self) -> GroupList {
        let by = self.request.by.as_ref().expect("it is requested");
        let mut list = self.group_list(&by.to_string(), &self.sums.groups, |dial| dial.group);
        if by.is_campaign() {
            let campaigns = self.sums.campaigns.indices();
            let names: HashMap<&str, &str> = campaigns
                .filter_map(|index| {
                    let name = self.sums.campaigns.get(index)?.name.as_deref()?;
                    Some((self.sums.campaigns.value(index)?, name))
                })
                .collect();
            for group in &mut list.groups {
                let name = group.value.as_deref().and_then(|id| names.get(id));
                group.name = name.map(|name| (*name).to_owned());
            }
        }
        if by.follows_from_result() {
            for group in &mut list.groups {
                for rate in [
                    &mut group.answered,
                    &mut group.answered_last_7_days,
                    &mut group.answered_before,
                ] {
                    *rate = Rate::unknown(Reason::FollowsFromResult);
                }
            }
        }
        if by.is_chronological() {
            list.is_chronological = true;
            list.groups.sort_by_cached_key(|group| {
                let value = group.value.clone().unwrap_or_else(|| "~".to_owned());
                (weekday_index(&value), value)
            });
        }
        let has_value = list.groups.iter().any(|group| group.value.is_some());
        if !has_value && self.sums.totals.calls.count > 0 {
            list.groups.clear();
            list.reason = Some(Reason::NoField(by.to_string().into()));
        }
        list
    }

    /// The figures of groups, those with the most calls first.
    fn group_list(
        &self,
        by: &str,
        groups: &Groups<Sums>,
        index_of: impl Fn(&Dial) -> u32,
    ) -> GroupList {
        let mut answers: HashMap<u32, [Answers; 3]> = HashMap::new();
        for dial in self.rated_dials() {
            let [all, recent, before] = answers.entry(index_of(dial)).or_default();
            all.add(dial);
            match (local_day(&self.sums.dials, dial), self.last_day) {
                (Some(day), Some(last)) if day > last - RECENT_DAYS => recent.add(dial),
                (Some(_), _) => before.add(dial),
                (None, _) => {}
            }
        }
        let mut list: Vec<GroupFigures> = groups
            .indices()
            .map(|index| {
                let sums = groups.get(index).copied().unwrap_or_default();
                let answers = answers.get(&index).copied().unwrap_or_default();
                GroupFigures {
                    value: groups.value(index).map(str::to_owned),
                    is_rest: index == OTHER_VALUES,
                    ..self.group_figures(&sums, answers)
                }
            })
            .collect();
        // The order of equal groups is that of their values.
        list.sort_by(|a, b| {
            let key = |group: &GroupFigures| (group.is_rest, std::cmp::Reverse(group.calls));
            key(a).cmp(&key(b)).then_with(|| a.value.cmp(&b.value))
        });
        let indices = groups.indices();
        GroupList {
            by: by.to_owned(),
            groups: list,
            distinct: indices
                .filter(|index| *index != NO_VALUE && *index != OTHER_VALUES)
                .count() as u64,
            is_incomplete: groups.is_incomplete(),
            is_chronological: false,
            reason: None,
        }
    }

    /// The rate of goals of a group; unknown if none of its calls says whether the goal was
    /// reached: other campaigns may have other goals.
    fn group_goals(&self, sums: &Sums) -> Rate {
        match self.goal_reason().or_else(|| goals_not_said(sums)) {
            Some(reason) => Rate::unknown(reason),
            None => Rate::new(
                sums.goals,
                sums.calls.classes.connected,
                Reason::NoConnectedCalls,
            ),
        }
    }

    fn group_figures(&self, sums: &Sums, [all, recent, before]: [Answers; 3]) -> GroupFigures {
        GroupFigures {
            value: None,
            name: None,
            is_rest: false,
            calls: sums.calls.count,
            connected: sums.calls.classes.connected,
            not_connected: sums.calls.classes.not_connected,
            talk_time: sums.calls.seconds,
            mean_talk_time: sums.calls.mean_seconds(),
            answered: self.answer_rate(all),
            under_10_seconds: Rate::new(
                sums.calls.short,
                sums.calls.timed,
                Reason::NoConnectedCalls,
            ),
            two_way: readable_rate(sums, sums.two_way),
            conversations: readable_rate(sums, sums.conversations),
            goals_of_connected: self.group_goals(sums),
            answered_last_7_days: self.answer_rate(recent),
            answered_before: self.answer_rate(before),
        }
    }
}
