//! Rules on the webhook settings that the user has declared (vendor page, "Webhook Settings"). A
//! rule runs only if its setting is declared.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashSet;

use super::meaning::connection::{is_connected, never_connected};
use crate::call::is_empty_value;
use crate::call::variable_value::VariableValue;
use crate::contract::declared_variables::{DeclaredVariables, VariableType};
use crate::json::pointer;
use crate::json::{Json, Kind, Member, Object};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text, shorten};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule, Setting};
use crate::text::similar::similar;

pub(crate) static RULES: &[&RuleCheck] = &[
    &NOT_COMPLETED,
    &MISSING_RECORDING,
    &MISSING_VARIABLE,
    &UNDECLARED_VARIABLE,
    &VARIABLE_TYPE,
    &LOOSE_VARIABLE,
];

const VARIABLES: &str = "/extracted_variables";

static NOT_COMPLETED: RuleCheck = RuleCheck {
    rule: Rule {
        id: "not-completed",
        family: Family::Settings,
        level: Some(Level::Error),
        summary: "a call that was not completed, although only completed calls are sent",
        explanation: "\
With \"Send webhook only on completed\", the vendor sends completed calls only. If you declare \
this setting with --only-completed, calls with any other status are reported. The statuses \
completed, ended, ended_by_customer and ended_by_assistant count as completed.",
        bad: "\"status\": \"busy\"",
        good: "\"status\": \"completed\"",
        fix: "\
Check the assistant's webhook settings: the setting may be off, or another assistant may send to \
the same URL.",
        in_schema: false,
        setting: Some(Setting {
            option: "--only-completed",
            is_declared: |settings| settings.only_completed,
        }),
    },
    check: Check::Call(|whole, context| {
        let text = whole
            .call
            .status()
            .filter(|status| status.kind() == Kind::String);
        if let Some(status) = text.filter(|_| !is_connected(whole.call)) {
            let message = Message::new("the status of a completed call", describe(status));
            context.report(status.text(), "/status".to_owned(), message);
        }
    }),
};

static MISSING_RECORDING: RuleCheck = RuleCheck {
    rule: Rule {
        id: "missing-recording",
        family: Family::Settings,
        level: Some(Level::Error),
        summary: "a completed call without recording_url, although recordings are included",
        explanation: "\
With \"Include recording in webhook\", every connected call has a recording_url. If you declare \
this setting with --include-recording, completed calls whose recording_url is missing or null are \
reported. Calls that never connected have no recording.",
        bad: "\"recording_url\": null",
        good: "\"recording_url\": \"https://recordings.famulor.de/call-480336.mp3\"",
        fix: "\
Check the assistant's webhook settings. Recording can also be off for individual assistants or \
countries.",
        in_schema: false,
        setting: Some(Setting {
            option: "--include-recording",
            is_declared: |settings| settings.include_recording,
        }),
    },
    check: Check::Call(missing_recording),
};

fn missing_recording<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let is_missing = whole.call.recording_url().is_none_or(is_empty_value);
    if is_missing && is_connected(whole.call) {
        let url = whole.members.get("recording_url");
        let message = Message::new(
            "the URL of the recording",
            url.map_or_else(|| "none".to_owned(), describe),
        );
        context.report(
            whole.marked_text_of("recording_url"),
            "/recording_url".to_owned(),
            message,
        );
    }
}

static MISSING_VARIABLE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "missing-variable",
        family: Family::Settings,
        level: Some(Level::Error),
        summary: "a declared variable that was not extracted",
        explanation: "\
The assistant's post-call schema declares the variables that the AI extracts from each \
conversation. If you pass it with --variables FILE, calls that lack any of them are reported. If \
a variable is missing, a cell of your spreadsheet stays empty, or a branch of your automation \
never runs.

Calls that never connected have no conversation and are not reported.",
        bad: "\"extracted_variables\": {}",
        good: "\"extracted_variables\": {\n\"customer_interested\": true",
        fix: "\
Compare the file with the assistant's post-call schema in the dashboard: one of the two may be \
older than the calls.",
        in_schema: true,
        setting: Some(Setting {
            option: "--variables FILE",
            is_declared: |settings| settings.variables.is_some(),
        }),
    },
    check: Check::Call(missing_variable),
};

fn missing_variable<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let (Some((declared, members)), Some(object)) = (
        declarations_and_members(whole),
        whole.call.extracted_variables().value(),
    ) else {
        return;
    };
    if never_connected(whole.call) {
        return;
    }
    let names = names_of(&members);
    for variable in declared.iter() {
        if !names.contains(&*variable.name) {
            let variable_text = format!(
                "variable `{}` ({})",
                variable.name,
                variable.kind.describe()
            );
            let message = Message::new(format!("a {variable_text}"), "no such variable")
                .with_problem(format!("missing {variable_text}"));
            context.report(
                marked_text(object),
                pointer::child(VARIABLES, &variable.name),
                message,
            );
        }
    }
}

static UNDECLARED_VARIABLE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "undeclared-variable",
        family: Family::Settings,
        level: Some(Level::Warning),
        summary: "an extracted variable that is not declared",
        explanation: "\
If you pass the assistant's post-call schema with --variables FILE, extracted variables that it \
does not declare are reported: misspelled ones, and those of an older schema or another assistant. \
Every assistant extracts status and summary, which need no declaration.",
        bad: "\"budget_2023\": 4000",
        good: "\"budget\": 5000",
        fix: "\
Correct the name in the assistant's post-call schema, or save the current schema to FILE.",
        in_schema: true,
        setting: Some(Setting {
            option: "--variables FILE",
            is_declared: |settings| settings.variables.is_some(),
        }),
    },
    check: Check::Call(undeclared_variable),
};

/// Maximum number of names that are compared to find suggestions for one call, which takes up to
/// 50 milliseconds. The number of pairs of names grows with the square of the input.
const MAX_COMPARISONS: usize = 10_000;

fn undeclared_variable<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some((declared, members)) = declarations_and_members(whole) else {
        return;
    };
    let missing = LazyCell::new(|| {
        let names = names_of(&members);
        let declared = declared.iter().map(|variable| variable.name.as_str());
        declared
            .filter(|name| !names.contains(*name))
            .collect::<Vec<_>>()
    });
    let mut comparisons_left = MAX_COMPARISONS;
    for member in members.effective() {
        if declared.expects(&member.name()) {
            continue;
        }
        let left = comparisons_left.checked_sub(missing.len());
        comparisons_left = left.unwrap_or(comparisons_left);
        let near = left.and_then(|_| similar(&member.name(), missing.iter().copied()));
        let shown = format!("`{}`", shorten(&member.name()));
        let message = Message {
            help: near.map(|near| format!("did you mean `{near}`?")),
            ..Message::new("declared variables only", &shown)
                .with_problem(format!("undeclared variable {shown}"))
        };
        let pointer = pointer::child(VARIABLES, &member.name());
        context.report(member.name_text(), pointer, message);
    }
}

static VARIABLE_TYPE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "variable-type",
        family: Family::Settings,
        level: Some(Level::Error),
        summary: "an extracted variable whose type differs from the declared one",
        explanation: "\
The assistant's post-call schema declares each variable as string, number or bool. If you pass it \
with --variables FILE, values of other types are reported. A budget of \"about 500\" cannot be \
added up, and breaks a numeric column.

null, \"\", \"-\" and \"–\" mean that there is no value. The rule loose-variable reports them, and \
booleans in quotes.",
        bad: "\"customer_satisfaction\": \"nine\"",
        good: "\"customer_satisfaction\": 9",
        fix: "\
Describe the format of the answer in the variable's description, or declare the variable as a \
string.",
        in_schema: true,
        setting: Some(Setting {
            option: "--variables FILE",
            is_declared: |settings| settings.variables.is_some(),
        }),
    },
    check: Check::Call(|whole, context| report_fit(whole, context, Fit::Wrong)),
};

static LOOSE_VARIABLE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "loose-variable",
        family: Family::Settings,
        level: Some(Level::Warning),
        summary: "an extracted variable without a value, or a boolean in quotes",
        explanation: "\
The AI does not find every variable in every conversation. If it finds no value, it writes null, \
an empty string or a dash, even for numbers and booleans. Some booleans arrive as \"true\" and \
\"false\". Both are common and unambiguous, but a typed receiver has to handle them.",
        bad: "\"customer_interested\": \"true\"",
        good: "\"customer_interested\": true",
        fix: "\
Make the receiver read null, an empty string and a dash as no value, and \"true\" as true. \
Otherwise, allow the rule.",
        in_schema: true,
        setting: Some(Setting {
            option: "--variables FILE",
            is_declared: |settings| settings.variables.is_some(),
        }),
    },
    check: Check::Call(|whole, context| report_fit(whole, context, Fit::Loose)),
};

/// How well a value fits the declared type of its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Right,
    /// A known variant.
    Loose,
    Wrong,
}

fn fit_of(kind: VariableType, value: Json) -> Fit {
    if kind.admits(value) {
        return Fit::Right;
    }
    match VariableValue::read(value) {
        VariableValue::Nothing => Fit::Loose,
        VariableValue::Boolean(_) if kind == VariableType::Bool => Fit::Loose,
        _ => Fit::Wrong,
    }
}

/// Reports the declared variables whose values have the given fit.
fn report_fit<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>, fit: Fit) {
    let Some((declared, members)) = declarations_and_members(whole) else {
        return;
    };
    for member in members.effective() {
        let Some(variable) = declared.get(&member.name()) else {
            continue;
        };
        if fit_of(variable.kind, member.value()) == fit {
            let declared = variable.kind.describe();
            let message = Message::new(
                format!("{declared} (the declared type of `{}`)", variable.name),
                describe(member.value()),
            );
            let pointer = pointer::child(VARIABLES, &member.name());
            context.report(marked_text(member.value()), pointer, message);
        }
    }
}

fn names_of<'m>(members: &'m Object) -> HashSet<Cow<'m, str>> {
    members.iter().map(Member::name).collect()
}

/// The declarations and the members of `extracted_variables`. An empty array counts as an object
/// without members. `None` if nothing is declared or the field is missing or of another type.
fn declarations_and_members<'o, 'a>(
    whole: &WholeCall<'o, 'a>,
) -> Option<(&'o DeclaredVariables, Object<'a>)> {
    let declared = whole.settings.variables.as_ref()?;
    let value = whole.call.extracted_variables().value()?;
    match value.kind() {
        Kind::Object => Some((declared, value.members()?)),
        Kind::Array if value.is_empty_container() => Some((declared, Object::default())),
        _ => None,
    }
}
