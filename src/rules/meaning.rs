//! Rules on what a body says: well-formed and well-typed, but not likely.

use super::{Check, Rule, RuleRemarks, in_words};
use crate::call::{Call, timestamp};
use crate::contract::{CALL_STATUSES, CAMPAIGN_STATUSES, LEAD_STATUSES};
use crate::finding::{Level, Remark};
use crate::json::Json;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "finish-before-start",
        level: Level::Warning,
        summary: "a call that finished before it was created",
        check: Check::Call(finish_before_start),
    },
    Rule {
        id: "unknown-status",
        level: Level::Warning,
        summary: "a call, lead or campaign status outside the known ones",
        check: Check::Call(unknown_status),
    },
];

fn finish_before_start<'a>(call: &Call<'a>, remarks: &mut RuleRemarks<'_, 'a>) {
    let (Some(created_at), Some(finished_at)) = (call.created_at, call.finished_at) else {
        return;
    };
    if let (Some(start), Some(finish)) = (timestamp(created_at), timestamp(finished_at))
        && finish.time < start.time
    {
        remarks.add(
            finished_at.text(),
            "/finished_at".to_owned(),
            Remark {
                expected: format!("a time at or after created_at ({})", created_at.text()),
                found: in_words(finished_at),
                help: None,
            },
        );
    }
}

fn unknown_status<'a>(call: &Call<'a>, remarks: &mut RuleRemarks<'_, 'a>) {
    let lead = call.lead.as_ref().and_then(|lead| lead.status);
    let campaign = call.campaign.as_ref().and_then(|campaign| campaign.status);
    let campaign_at = call
        .campaign
        .as_ref()
        .map_or("", |campaign| campaign.pointer);
    let (at_call, at_lead) = ("/status".to_owned(), "/lead/status".to_owned());
    let statuses: [(Option<Json<'a>>, String, &str, &[&str]); 3] = [
        (call.status, at_call, "call", CALL_STATUSES),
        (lead, at_lead, "lead", LEAD_STATUSES),
        (
            campaign,
            format!("{campaign_at}/status"),
            "campaign",
            CAMPAIGN_STATUSES,
        ),
    ];
    for (status, pointer, whose, known) in statuses {
        let Some(value) = status else { continue };
        let Some(text) = value.as_str() else { continue };
        if !known.contains(&text.as_ref()) {
            let known = known.iter().filter(|name| {
                !name.contains('_') || !known.contains(&name.replace('_', "-").as_str())
            });
            let known: Vec<&str> = known.copied().collect();
            remarks.add(
                value.text(),
                pointer,
                Remark {
                    expected: format!("a known {whose} status ({})", known.join(", ")),
                    found: in_words(value),
                    help: None,
                },
            );
        }
    }
}
