//! The field whose values group the calls of a report.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, FixedOffset, Timelike as _};

use crate::call::contract_object::ContractObject;
use crate::call::phone::to_e164;
use crate::call::{Call, value_at};
use crate::contract::{FIELDS, Field, FieldType, WEEKDAYS, documented_status};
use crate::json::{Json, plain_text};
use crate::select::filter::{FilterNames, VariableTest};
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// A field that groups calls.
#[derive(Clone, Debug)]
pub(crate) struct GroupBy {
    /// As the user wrote it.
    name: String,
    key: GroupKey,
}

#[derive(Clone, Debug)]
enum GroupKey {
    Campaign,
    Country,
    Day,
    Week,
    Hour,
    Weekday,
    Field(&'static Field),
    Variable(VariableTest),
}

/// The fields that no column has.
const COMPUTED: [(&str, GroupKey); 6] = [
    ("campaign", GroupKey::Campaign),
    ("country", GroupKey::Country),
    ("day", GroupKey::Day),
    ("week", GroupKey::Week),
    ("hour", GroupKey::Hour),
    ("weekday", GroupKey::Weekday),
];

impl FromStr for GroupBy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim();
        if name.contains(',') {
            return Err("expected one field; run stats once for each".to_owned());
        }
        let mut computed = COMPUTED.into_iter();
        let computed = computed.find(|(known, _)| *known == name);
        let column = || columns().find(|(column, _)| column == name);
        let key = if let Some((_, key)) = computed {
            key
        } else if let Some((_, field)) = column() {
            GroupKey::Field(field)
        } else {
            let variable = format!("{name}=*").parse().ok();
            let variable =
                variable.filter(|_| !name.is_empty() && !name.contains(['=', '!', '<', '>']));
            GroupKey::Variable(variable.ok_or(
                "expected campaign, country, day, week, hour, weekday, a column or a variable",
            )?)
        };
        Ok(Self {
            name: name.to_owned(),
            key,
        })
    }
}

/// The columns whose values are not objects.
fn columns() -> impl Iterator<Item = (String, &'static Field)> {
    let fields = FIELDS.iter();
    let fields = fields.filter(|field| field.kind != FieldType::Object);
    fields.map(|field| (field.column(), field))
}

impl fmt::Display for GroupBy {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl GroupBy {
    /// The names of variables in the field, to find out whether any call has them.
    #[must_use]
    pub(crate) fn names(&self) -> Option<FilterNames> {
        match &self.key {
            GroupKey::Variable(test) => Some(FilterNames::of_variables(std::slice::from_ref(test))),
            _ => None,
        }
    }

    /// The message if no call has the variable: with the most similar field that is no variable,
    /// else that of [`FilterNames::absent`].
    #[must_use]
    pub(crate) fn absence(&self, absent: String) -> String {
        let columns: Vec<String> = columns().map(|(column, _)| column).collect();
        let computed = COMPUTED.iter().map(|(name, _)| *name);
        let fields = computed.chain(columns.iter().map(String::as_str));
        match similar(&self.name, fields) {
            Some(field) => {
                let name = shorten(&self.name);
                format!("no call has the variable `{name}`; did you mean `{field}`?")
            }
            None => absent,
        }
    }

    /// True if the groups have a natural order: that of time.
    #[must_use]
    pub(crate) fn is_chronological(&self) -> bool {
        matches!(
            self.key,
            GroupKey::Day | GroupKey::Week | GroupKey::Hour | GroupKey::Weekday
        )
    }

    /// True if the groups are campaigns, whose names are shown with their ids.
    #[must_use]
    pub(super) fn is_campaign(&self) -> bool {
        matches!(self.key, GroupKey::Campaign)
    }

    /// True if the values follow from the result of a call: an answer rate of their calls says
    /// nothing. Variables are extracted from connected calls only.
    #[must_use]
    pub(super) fn follows_from_result(&self) -> bool {
        const RESULTS: [&str; 3] = ["/status", "/duration", "/recording_url"];
        match &self.key {
            GroupKey::Field(field) => RESULTS.contains(&field.pointer),
            GroupKey::Variable(test) => test.extracted_name().is_some(),
            _ => false,
        }
    }

    /// The group of a call; `None` if it lacks the field. `time` is its local time, and `campaign`
    /// the key of its campaign.
    pub(super) fn value<'a>(
        &self,
        call: &Call<'a>,
        body: &ContractObject<'a>,
        time: Option<DateTime<FixedOffset>>,
        campaign: Option<&'a str>,
    ) -> Option<Cow<'a, str>> {
        let field =
            |field: &Field| value_at(&body.members, field.pointer).filter(|it| has_text(*it));
        Some(match &self.key {
            GroupKey::Campaign => Cow::Borrowed(campaign?),
            GroupKey::Country => Cow::Owned(format!("+{}", call.customer_country()?)),
            GroupKey::Day => Cow::Owned(time?.format("%Y-%m-%d").to_string()),
            GroupKey::Week => Cow::Owned(time?.format("%G-W%V").to_string()),
            GroupKey::Hour => Cow::Owned(format!("{:02}", time?.hour())),
            GroupKey::Weekday => {
                Cow::Borrowed(WEEKDAYS[time?.weekday().num_days_from_monday() as usize])
            }
            GroupKey::Field(known) if known.pointer == "/status" => {
                let status = plain_text(field(known)?);
                documented_status(&status).map_or(status, Cow::Borrowed)
            }
            GroupKey::Field(known) if known.is_phone() => {
                let phone = plain_text(field(known)?);
                to_e164(&phone).map_or(phone, Cow::Owned)
            }
            GroupKey::Field(known) => plain_text(field(known)?),
            GroupKey::Variable(test) => plain_text(test.find_in(body).filter(|it| has_text(*it))?),
        })
    }
}

/// True for a value that is not null and not an empty string.
fn has_text(value: Json) -> bool {
    !value.is_null() && !plain_text(value).trim().is_empty()
}

/// The position of a weekday in the week; other values are after all of them.
#[must_use]
pub(super) fn weekday_index(value: &str) -> usize {
    let mut days = WEEKDAYS.iter();
    days.position(|day| *day == value).unwrap_or(WEEKDAYS.len())
}
