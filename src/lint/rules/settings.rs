//! Rules on the webhook settings that the user has declared (vendor page, "Webhook Settings"). A
//! rule runs only if its setting is declared.

use super::meaning::connection::{is_connected, never_connected};
use crate::call::is_empty_value;
use crate::call::variable_value::VariableValue;
use crate::contract::declared_variables::{DeclaredVariables, VariableType};
use crate::json::pointer;
use crate::json::{Json, Kind, Object};
use crate::lint::check::{Check, RuleCheck, WholeCall};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text, shorten};
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule, Setting};
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
        level: Level::Error,
        summary: "a call that was not completed, though only completed ones are sent",
        explanation: "\
With \"Send webhook only on completed\" the vendor sends bodies of completed calls only. Told so by --only-completed, this rule finds those of any other \
status. completed, ended, ended_by_customer and ended_by_assistant count as completed.",
        bad: "\"status\": \"busy\"",
        good: "\"status\": \"completed\"",
        fix: "Check the assistant's webhook settings: the switch may be off, or another assistant may send to the same address.",
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
            let message = Message {
                expected: "the status of a completed call".to_owned(),
                found: describe(status),
                help: None,
            };
            context.report(status.text(), "/status".to_owned(), message);
        }
    }),
};

static MISSING_RECORDING: RuleCheck = RuleCheck {
    rule: Rule {
        id: "missing-recording",
        family: Family::Settings,
        level: Level::Error,
        summary: "a completed call without recording_url, though recordings are included",
        explanation: "\
With \"Include recording in webhook\" every call that was talked in comes with recording_url. Told so by --include-recording, this rule finds completed \
calls that have none, or null. Calls that never connected have nothing to record.",
        bad: "\"recording_url\": null",
        good: "\"recording_url\": \"https://recordings.famulor.de/call-480336.mp3\"",
        fix: "Check the assistant's webhook settings. Recordings can also be switched off for single assistants or countries.",
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
        let message = Message {
            expected: "the link to the recording".to_owned(),
            found: url.map_or_else(|| "none".to_owned(), describe),
            help: None,
        };
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
    level: Level::Error,
    summary: "a variable of the post-call schema that was not extracted",
    explanation: "\
The assistant's post-call schema says which variables the AI extracts from each conversation. Told by --variables FILE, this rule finds calls in \
which one of them is not there at all: a column of your sheet stays empty, a branch of your automation is never taken.

Calls that never connected have no conversation to extract from, and are let pass.",
    bad: "\"extracted_variables\": {}",
    good: "\"extracted_variables\": {\n\"customer_interested\": true",
    fix: "Compare the file with the assistant's post-call schema in the dashboard: one of the two may be older than the calls.",
    in_schema: true,
    setting: Some(Setting { option: "--variables FILE", is_declared: |settings| settings.variables.is_some() }),
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
    for variable in &declared.0 {
        if members.get(&variable.name).is_none() {
            let message = Message {
                expected: format!(
                    "the variable `{}` ({})",
                    variable.name,
                    variable.kind.describe()
                ),
                found: "none of that name".to_owned(),
                help: None,
            };
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
        level: Level::Warning,
        summary: "an extracted variable that the post-call schema does not declare",
        explanation: "\
Told by --variables FILE what the assistant declares, this rule finds variables that come on top: misspelled ones, those of an older schema, or of another \
assistant. status and summary are extracted by every assistant and need no declaration.",
        bad: "\"budget_2023\": 4000",
        good: "\"budget\": 5000",
        fix: "Correct the name in the assistant's post-call schema, or save the schema anew.",
        in_schema: true,
        setting: Some(Setting {
            option: "--variables FILE",
            is_declared: |settings| settings.variables.is_some(),
        }),
    },
    check: Check::Call(undeclared_variable),
};

fn undeclared_variable<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some((declared, members)) = declarations_and_members(whole) else {
        return;
    };
    for member in members.effective() {
        if declared.expects(&member.name()) {
            continue;
        }
        let names = declared.0.iter().map(|variable| variable.name.as_str());
        let near = similar(&member.name(), names);
        let message = Message {
            expected: "declared variables only".to_owned(),
            found: format!("`{}`", shorten(&member.name())),
            help: near.map(|near| format!("did you mean `{near}`?")),
        };
        let pointer = pointer::child(VARIABLES, &member.name());
        context.report(member.name_text(), pointer, message);
    }
}

static VARIABLE_TYPE: RuleCheck = RuleCheck {
rule: Rule {
    id: "variable-type",
    family: Family::Settings,
    level: Level::Error,
    summary: "an extracted variable of another type than the post-call schema declares",
    explanation: "\
The post-call schema declares each variable as string, number or bool. Told by --variables FILE, this rule finds values of other types: a budget of \
\"about 500\" can not be summed up, and breaks the column that it is stored in.

null, \"\", \"-\" and \"–\" stand for nothing and are loose-variable's, like booleans in quotes.",
    bad: "\"customer_satisfaction\": \"nine\"",
    good: "\"customer_satisfaction\": 9",
    fix: "Say in the variable's description what form the AI is to answer in, or declare it as a string.",
    in_schema: true,
    setting: Some(Setting { option: "--variables FILE", is_declared: |settings| settings.variables.is_some() }),
},
    check: Check::Call(|whole, context| report_fit(whole, context, Fit::Wrong)),
};

static LOOSE_VARIABLE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "loose-variable",
        family: Family::Settings,
        level: Level::Warning,
        summary: "an extracted variable that says nothing, or a boolean in quotes",
        explanation: "\
The AI does not find every variable in every conversation. Where it found nothing it leaves null, an empty text or a dash, also in numbers and booleans; and some \
booleans come as \"true\" and \"false\". Both arrive often and can be understood, but a typed receiver has to expect them.",
        bad: "\"customer_interested\": \"true\"",
        good: "\"customer_interested\": true",
        fix: "Let the receiver take a dash for nothing and \"true\" for true, or allow the rule.",
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
            let message = Message {
                expected: format!(
                    "{}, as `{}` is declared",
                    variable.kind.describe(),
                    variable.name
                ),
                found: describe(member.value()),
                help: None,
            };
            let pointer = pointer::child(VARIABLES, &member.name());
            context.report(marked_text(member.value()), pointer, message);
        }
    }
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
