//! Plausibility of times: their order, the talk time within them, and the future.

use crate::contract::FIELDS;
use crate::json::Json;
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule};
use crate::time::timestamp::Timestamp;

pub(crate) static RULES: &[&RuleCheck] = &[&FINISH_BEFORE_START, &LONGER_THAN_SPAN, &FUTURE_TIME];

static FINISH_BEFORE_START: RuleCheck = RuleCheck {
    rule: Rule {
        id: "finish-before-start",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a call that finished before it was created",
        explanation: "\
finished_at is the time of the last update of the call's record, so it cannot be before \
created_at. If it is, one of the two was written with a different offset, or changed along the \
way. All values computed from them are wrong.",
        bad: "\"created_at\": \"2024-01-15T10:30:00Z\",\n\"finished_at\": \"2024-01-15T10:27:00Z\"",
        good: "\"created_at\": \"2024-01-15T10:30:00Z\",\n\"finished_at\": \"2024-01-15T10:33:00Z\"",
        fix: "\
Look for a step that changes one of the two times, probably by the offset of a time zone.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(finish_before_start),
};

fn finish_before_start<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some([start, finish]) = start_and_finish(whole) else {
        return;
    };
    if finish.1.time < start.1.time {
        let message = Message::new(
            format!("a time at or after created_at ({})", start.0.text()),
            describe(finish.0),
        );
        context.report(finish.0.text(), "/finished_at".to_owned(), message);
    }
}

/// Values and times of `created_at` and `finished_at`; `None` unless both are readable.
fn start_and_finish<'a>(whole: &WholeCall<'_, 'a>) -> Option<[(Json<'a>, Timestamp); 2]> {
    let read = |value: Option<Json<'a>>| Some((value?, whole.times.read(value?)?));
    Some([
        read(whole.call.created_at())?,
        read(whole.call.finished_at())?,
    ])
}

static LONGER_THAN_SPAN: RuleCheck = RuleCheck {
    rule: Rule {
        id: "longer-than-span",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a talk time longer than the time from created_at to finished_at",
        explanation: "\
duration is the talk time in seconds, and the conversation takes place between created_at and \
finished_at. A longer duration is wrong or in another unit (such as milliseconds), and distorts \
bills and averages.

A difference of one second is accepted, because times are rounded to the second.",
        bad: "\"duration\": 180000",
        good: "\"duration\": 180",
        fix: "Check the unit: the vendor documents seconds.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(longer_than_span),
};

fn longer_than_span<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    const ROUNDING: i128 = 1;
    let call = whole.call;
    let (Some([start, finish]), Some(talk), Some(duration)) =
        (start_and_finish(whole), call.talk_time(), call.duration())
    else {
        return;
    };
    let span = (finish.1.time - start.1.time).num_seconds();
    if span >= 0 && talk.0 > i128::from(span) + ROUNDING {
        let message = Message::new(
            format!("at most {span} seconds (from created_at to finished_at)"),
            describe(duration),
        );
        context.report(marked_text(duration), "/duration".to_owned(), message);
    }
}

static FUTURE_TIME: RuleCheck = RuleCheck {
    rule: Rule {
        id: "future-time",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a time that is in the future",
        explanation: "\
A webhook reports past events, so none of its times can be later than now. Such a time has the \
wrong offset or year, or comes from a clock that is fast.

Times up to five minutes ahead are accepted because clocks differ; times without a zone, up to 14 \
hours ahead.",
        bad: "\"finished_at\": \"2124-01-15T10:33:00Z\"",
        good: "\"finished_at\": \"2024-01-15T10:33:00Z\"",
        fix: "Check the clock of this machine first, then the step that wrote the time.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(future_time),
};

fn future_time<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    // `past_time` is before now. If no time is later than it, reading the clock is unnecessary.
    if whole.times.latest_read() <= Some(whole.past_time) {
        return;
    }
    for field in FIELDS.iter().filter(|field| field.is_timestamp()) {
        let Some((value, pointer)) = whole.find(field) else {
            continue;
        };
        let time = whole.times.read(value);
        let now = whole.clock.now();
        if time.is_some_and(|time| time.is_in_future(now)) {
            let now = now.format("%Y-%m-%dT%H:%MZ");
            let message = Message::new("a time in the past", describe(value))
                .with_help(format!("it is now {now}"));
            context.report(value.text(), pointer, message);
        }
    }
}
