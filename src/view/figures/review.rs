//! The calls to look at.

use super::parts::{FigureTable, cell};
use crate::stats::model::{ReviewCall, ReviewFigures, ReviewReason};
use crate::table::writer::{Fit, Heading};
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::view::terminal::Terminal;

pub(super) fn review_table(review: &ReviewFigures, terminal: Terminal) -> FigureTable {
    let dash = terminal.symbols.dash();
    let text = |text: &Option<String>| cell(text.clone().unwrap_or_else(|| dash.to_owned()));
    let rows = review.queue.iter().map(|call| {
        vec![
            cell(location(call)),
            text(&call.found.id),
            text(&call.found.created_at),
            text(&call.found.talk_time.map(|time| time.to_string())),
            cell(reasons(call)),
        ]
    });
    let mut notes = Vec::new();
    let calls = format_grouped_count(review.calls, "call");
    let shown = review.queue.len() as u64;
    notes.push(if review.calls == 0 {
        "No call has a reason to look at it.".to_owned()
    } else if shown < review.calls {
        format!(
            "{} of {calls} to look at, with an equal share for each reason.",
            format_grouped(shown)
        )
    } else {
        format!("{calls} to look at.")
    });
    let counts = review.reasons.iter().filter(|count| count.calls > 0);
    let counts = counts.map(|count| {
        let calls = format_grouped(count.calls);
        format!("{} {calls}", label(count.reason))
    });
    let counts: Vec<String> = counts.collect();
    if !counts.is_empty() {
        notes.push(counts.join(", "));
    }
    if let Some(reason) = &review.goal_unknown {
        notes.push(format!("{}: {reason}", label(ReviewReason::GoalMissing)));
    }
    FigureTable {
        title: "Calls to look at".to_owned(),
        headings: vec![
            Heading::new("Location"),
            Heading::new("Call"),
            Heading::new("Started").dropped(2),
            Heading::new("Talk").right_aligned().dropped(1),
            // Below the others in a narrow terminal: a location that is cut finds nothing.
            Heading::new("Reasons").fitted(Fit::Below {
                min_width: 30,
                lines: usize::MAX,
            }),
        ],
        rows: rows.collect(),
        notes,
        has_few: false,
    }
}

fn location(call: &ReviewCall) -> String {
    let location = call.found.location();
    match call.found.decoded {
        Some(coding) => format!("{location} (decoded from {coding})"),
        None => location,
    }
}

fn reasons(call: &ReviewCall) -> String {
    let reasons = call.reasons.iter().map(|reason| label(*reason));
    reasons.collect::<Vec<_>>().join(", ")
}

fn label(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::OutsideHours => "outside allowed days or hours",
        ReviewReason::AfterGoal => "after the goal",
        ReviewReason::TooManyAttempts => "after the last attempt",
        ReviewReason::TooManyInParallel => "too many running",
        ReviewReason::EarlyRetry => "early retry",
        ReviewReason::Errors => "error findings",
        ReviewReason::GoalMissing => "long talk without goal",
        ReviewReason::Silent => "silent",
        ReviewReason::Short => "under 10 s",
    }
}
