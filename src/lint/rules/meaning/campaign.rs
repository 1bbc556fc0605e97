//! Plausibility of campaigns and leads: calling hours, and whether the two belong together.

use crate::call::lead::Lead;
use crate::call::parse_string;
use crate::call::phone::to_e164;
use crate::contract::setting_range;
use crate::json::pointer;
use crate::json::{Json, Kind};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule};
use crate::time::time_of_day::seconds_since_midnight;

pub(crate) static RULES: &[&RuleCheck] = &[
    &NO_CALLING_DAY,
    &EMPTY_CALLING_WINDOW,
    &CAMPAIGN_SETTINGS,
    &LEAD_WITHOUT_CAMPAIGN,
    &CAMPAIGN_WITHOUT_LEAD,
    &LEAD_PHONE_MISMATCH,
];

static NO_CALLING_DAY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "no-calling-day",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a campaign without calling days",
        explanation: "\
A campaign calls on its allowed days only. This campaign made the call, but its list of days is \
empty: the days were changed after the call, or lost along the way.",
        bad: "\"allowed_days\": []",
        good: "\"allowed_days\": [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]",
        fix: "Check the campaign's calling days in the vendor's dashboard.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(no_calling_day),
};

fn no_calling_day<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if let Some(campaign) = &whole.call.campaign
        && let Some(days) = campaign.allowed_days()
        && days.kind() == Kind::Array
        && days.is_empty_container()
    {
        let message = Message::new("at least one weekday", "an empty array");
        context.report(
            marked_text(days),
            pointer::child(campaign.pointer, "allowed_days"),
            message,
        );
    }
}

static EMPTY_CALLING_WINDOW: RuleCheck = RuleCheck {
    rule: Rule {
        id: "empty-calling-window",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a campaign whose calling hours end before they start",
        explanation: "\
A campaign calls between allowed_hours_start_time and allowed_hours_end_time. If the end is not \
after the start, no time is left to call. The vendor documents no calling hours that cross \
midnight.",
        bad: "\"allowed_hours_start_time\": \"18:00:00\",\n\"allowed_hours_end_time\": \"09:00:00\"",
        good: "\"allowed_hours_start_time\": \"09:00:00\",\n\"allowed_hours_end_time\": \"18:00:00\"",
        fix: "Check the campaign's calling hours in the vendor's dashboard.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(empty_calling_window),
};

fn empty_calling_window<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some(campaign) = &whole.call.campaign else {
        return;
    };
    let read =
        |value: Option<Json<'a>>| Some((value?, parse_string(value?, seconds_since_midnight)?));
    if let (Some(start), Some(end)) = (
        read(campaign.allowed_hours_start_time()),
        read(campaign.allowed_hours_end_time()),
    ) && end.1 <= start.1
    {
        let message = Message::new(
            format!("a time after allowed_hours_start_time ({})", start.0.text()),
            describe(end.0),
        );
        let pointer = pointer::child(campaign.pointer, "allowed_hours_end_time");
        context.report(end.0.text(), pointer, message);
    }
}

static CAMPAIGN_SETTINGS: RuleCheck = RuleCheck {
    rule: Rule {
        id: "campaign-settings",
        family: Family::Meaning,
        level: Some(Level::Note),
        summary: "a campaign setting outside the range of the vendor's dashboard",
        explanation: "\
The vendor's dashboard allows 1 to 5 retries, 10 to 4320 minutes between them, and 1 to 10 calls at \
a time. The documented contract has no limits, so another value is valid. It may come from the API \
or from a plan with other limits, or be in another unit, such as seconds.",
        bad: "\"retry_interval\": 5",
        good: "\"retry_interval\": 60",
        fix: "Compare the value with the campaign's settings in the vendor's dashboard.",
        in_schema: false,
        setting: None,
    },
    check: Check::Field {
        applies: |field| setting_range(field).is_some(),
        check: |member, context| {
            let Some((smallest, largest)) = setting_range(member.field) else {
                return;
            };
            let number: Option<f64> = member.value.text().parse().ok();
            let allowed = f64::from(smallest)..=f64::from(largest);
            let is_outside =
                number.is_some_and(|number| number >= 0.0 && !allowed.contains(&number));
            if is_outside && member.value.is_integer() {
                let expected = format!("a number from {smallest} to {largest}");
                let message = Message::new(expected, describe(member.value));
                context.report(member.value.text(), member.pointer(), message);
            }
        },
    },
};

static LEAD_WITHOUT_CAMPAIGN: RuleCheck = RuleCheck {
    rule: Rule {
        id: "lead-without-campaign",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a call with a lead but without a campaign",
        explanation: "\
The vendor documents a lead only for calls that belong to a campaign. A lead without a campaign \
means that the campaign was lost along the way. Totals per campaign do not include this call.",
        bad: "\"campaign\": null",
        good: "\"campaign\": {",
        fix: "Look for a step that drops the campaign.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(|whole, context| {
        let call = whole.call;
        if call.lead.is_some() && call.campaign.is_none() {
            let message = Message::new("a campaign, because the call has a lead", "none")
                .with_problem("lead without a campaign");
            context.report(
                whole.marked_text_of("campaign"),
                "/campaign".to_owned(),
                message,
            );
        }
    }),
};

static CAMPAIGN_WITHOUT_LEAD: RuleCheck = RuleCheck {
    rule: Rule {
        id: "campaign-without-lead",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a call with a campaign but without a lead",
        explanation: "\
A campaign calls its leads, so each of its calls has a lead. Without the lead, the call does not \
show which lead the campaign called.",
        bad: "\"lead\": null",
        good: "\"lead\": {",
        fix: "Look for a step that drops the lead.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(|whole, context| {
        let call = whole.call;
        if call.campaign.is_some() && call.lead.is_none() {
            let message = Message::new("a lead, because the call has a campaign", "none")
                .with_problem("campaign without a lead");
            context.report(whole.marked_text_of("lead"), "/lead".to_owned(), message);
        }
    }),
};

static LEAD_PHONE_MISMATCH: RuleCheck = RuleCheck {
    rule: Rule {
        id: "lead-phone-mismatch",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a lead whose phone number is not the customer's",
        explanation: "\
In a campaign call the customer is the lead, so lead.phone_number and customer_phone are the same \
number. If they differ, the lead may belong to another call, and data about one person may be \
saved for another.

Numbers are compared in E.164 format: spaces, dashes and a leading 00 do not matter.",
        bad: "\"phone_number\": \"+4915199999999\"",
        good: "\"phone_number\": \"+4915123456789\"",
        fix: "\
Find out which of the two numbers was called. A likely cause is a step that joins calls and leads \
by position instead of by id.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(lead_phone_mismatch),
};

fn lead_phone_mismatch<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let number = |value: Json<'a>| Some((value, to_e164(&value.as_str()?)?));
    let lead = whole.call.lead.as_ref().and_then(Lead::phone_number);
    let (Some(lead), Some(customer)) = (lead, whole.call.customer_phone()) else {
        return;
    };
    if lead == customer {
        return;
    }
    let (Some(lead), Some(customer)) = (number(lead), number(customer)) else {
        return;
    };
    if lead.1 != customer.1 {
        let message = Message::new(
            format!("the number in customer_phone ({})", customer.0.text()),
            describe(lead.0),
        );
        context.report(lead.0.text(), "/lead/phone_number".to_owned(), message);
    }
}
