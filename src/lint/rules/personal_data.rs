//! Personal data: a gate that keeps bodies of real people out of a repository. The rules are
//! allowed by default, because every real body has such data.

use crate::call::phone_search::{
    FoundPhone, find_phones, find_phones_in_field, find_phones_in_number,
};
use crate::contract::Field;
use crate::lint::body_texts::{BodyText, Occurrences, Offsets, TextKind, report_texts};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck};
use crate::lint::rule_data::{Family, Rule};
use crate::text::email::find_emails;

pub(crate) static RULES: &[&RuleCheck] = &[&REAL_PHONE, &REAL_EMAIL];

static REAL_PHONE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "real-phone",
        family: Family::PersonalData,
        level: None,
        summary: "a phone number that may be real",
        explanation: "\
Bodies are often committed as test fixtures. A real number in them is personal data, and a test \
that dials it calls a stranger.

Numbers that are not in use are accepted: those of the country code +999, as `postcall redact` writes \
them, and those that regulators keep for films, such as +49 30 23125 000 to 999, +1 212 555 0100 \
to 0199 (in any area code) and +44 7700 900000 to 900999. Phone fields are checked in any \
spelling; all other texts, names of members and links for numbers after + or 00.

The finding does not quote the number.",
        bad: "\"customer_phone\": \"+4915123456789\"",
        good: "\"customer_phone\": \"+999123456789012\"",
        fix: "\
Commit the output of `postcall redact`, or replace the number by +999 and 12 digits.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(|whole, context| report_texts(whole, context, real_phones, phone_message)),
};

fn real_phones(text: &BodyText) -> Offsets {
    let is_field = text.place.field().is_some_and(Field::is_phone);
    let phones = match text.kind {
        TextKind::String if is_field => find_phones_in_field(text.text),
        TextKind::Number if is_field => find_phones_in_number(text.text),
        TextKind::Number => Vec::new(),
        _ => find_phones(text.text),
    };
    let real = |phone: FoundPhone| (!phone.is_fake).then_some(phone.range.start);
    phones.into_iter().filter_map(real).collect()
}

fn phone_message(found: &Occurrences) -> Message {
    Message::new(
        "phone numbers that are not in use, such as +999 and 12 digits",
        found.describe(
            "a phone number that may be real",
            "phone numbers that may be real",
        ),
    )
}

static REAL_EMAIL: RuleCheck = RuleCheck {
    rule: Rule {
        id: "real-email",
        family: Family::PersonalData,
        level: None,
        summary: "an e-mail address at a domain that can exist",
        explanation: "\
Bodies are often committed as test fixtures. A real address in them is personal data, and a test \
that writes to it reaches a stranger.

Addresses at the domains that are reserved for examples and tests (RFC 2606, RFC 6761) are \
accepted: example.com, example.net, example.org and all domains below them, and those that end \
with .example, .test, .invalid or .localhost. All texts and names of members are checked.

The finding does not quote the address.",
        bad: "\"email\": \"max.mustermann@web.de\"",
        good: "\"email\": \"user-3f2a1b@example.com\"",
        fix: "\
Commit the output of `postcall redact`, or replace the address by one at example.com.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(|whole, context| report_texts(whole, context, real_emails, email_message)),
};

fn real_emails(text: &BodyText) -> Offsets {
    let emails = find_emails(text.text).into_iter();
    let real = emails.filter(|email| !email.is_fake);
    real.map(|email| email.range.start).collect()
}

fn email_message(found: &Occurrences) -> Message {
    Message::new(
        "e-mail addresses at a reserved domain, such as example.com",
        found.describe(
            "an address at a domain that can exist",
            "addresses at domains that can exist",
        ),
    )
}
