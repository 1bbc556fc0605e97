//! A request: the command with its options, as JSON.

use std::fmt::Display;
use std::str::FromStr;

use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::text::shorten::shorten;

/// A request of the page.
pub(super) struct Request {
    pub(super) command: String,
    pub(super) options: Options,
    pub(super) now: DateTime<Utc>,
}

/// The members of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    command: String,
    #[serde(default)]
    options: Map<String, Value>,
    /// Seconds since 1970.
    now: i64,
}

impl Request {
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let members: Members = serde_json::from_str(text).context("malformed request")?;
        let now = DateTime::from_timestamp(members.now, 0);
        Ok(Self {
            command: members.command,
            options: Options::new(members.options),
            now: now.ok_or_else(|| anyhow!("now: not a time"))?,
        })
    }
}

/// The options of a request. Each is taken once, by its name on the command line; those that are
/// left at the end are unknown.
#[derive(Default)]
pub(super) struct Options {
    given: Map<String, Value>,
    /// The names that were asked for.
    known: Vec<&'static str>,
}

impl Options {
    fn new(given: Map<String, Value>) -> Self {
        Self {
            given,
            known: Vec::new(),
        }
    }

    /// The names of all options that were asked for.
    pub(super) fn into_known(self) -> Vec<&'static str> {
        self.known
    }

    /// Fails if an option was not asked for.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        match self.given.keys().next() {
            Some(name) => bail!("unknown option {}", shorten(name)),
            None => Ok(()),
        }
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.given.remove(name)
    }

    /// An option without a value: `true`, or `false` as if it was not given.
    pub(super) fn flag(&mut self, name: &'static str) -> anyhow::Result<bool> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(is_set)) => Ok(is_set),
            Some(_) => bail!("{name}: expected true or false"),
        }
    }

    /// The text of an option that can be given once.
    pub(super) fn text(&mut self, name: &'static str) -> anyhow::Result<Option<String>> {
        self.take(name)
            .map(|value| text_of(name, value))
            .transpose()
    }

    /// The texts of an option that can be given several times, as an array or as one value.
    pub(super) fn texts(&mut self, name: &'static str) -> anyhow::Result<Vec<String>> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                let texts = values.into_iter().map(|value| text_of(name, value));
                texts.collect()
            }
            Some(value) => Ok(vec![text_of(name, value)?]),
        }
    }

    /// Like [`Self::texts`], for an option whose values are also separated by commas.
    pub(super) fn items(&mut self, name: &'static str) -> anyhow::Result<Vec<String>> {
        let texts = self.texts(name)?;
        let items = texts.iter().flat_map(|text| text.split(','));
        Ok(items.map(str::to_owned).collect())
    }

    /// The parsed text of an option that can be given once.
    pub(super) fn value<T: FromStr<Err: Display>>(
        &mut self,
        name: &'static str,
    ) -> anyhow::Result<Option<T>> {
        let text = self.text(name)?;
        text.map(|text| parse(name, &text)).transpose()
    }

    /// The parsed texts of an option that can be given several times.
    pub(super) fn values<T: FromStr<Err: Display>>(
        &mut self,
        name: &'static str,
    ) -> anyhow::Result<Vec<T>> {
        let texts = self.texts(name)?;
        texts.iter().map(|text| parse(name, text)).collect()
    }

    /// Like [`Self::values`], for an option whose values are also separated by commas.
    pub(super) fn value_items<T: FromStr<Err: Display>>(
        &mut self,
        name: &'static str,
    ) -> anyhow::Result<Vec<T>> {
        let items = self.items(name)?;
        items.iter().map(|text| parse(name, text)).collect()
    }

    /// An option whose values are a list of names.
    pub(super) fn choice<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
    ) -> anyhow::Result<Option<T>> {
        let text = self.text(name)?;
        text.map(|text| choose(name, &text)).transpose()
    }

    /// Like [`Self::choice`], for an option with several values, also separated by commas.
    pub(super) fn choices<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
    ) -> anyhow::Result<Vec<T>> {
        let items = self.items(name)?;
        items.iter().map(|text| choose(name, text)).collect()
    }
}

fn text_of(name: &str, value: Value) -> anyhow::Result<String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => bail!("{name}: expected a text or a number"),
    }
}

fn parse<T: FromStr<Err: Display>>(name: &str, text: &str) -> anyhow::Result<T> {
    let parsed = text.parse();
    parsed.map_err(|reason: T::Err| anyhow!("{name} {}: {reason}", shorten(text)))
}

/// The value with the name `text`. The error lists all names.
pub(super) fn choose<T: DeserializeOwned>(option: &str, text: &str) -> anyhow::Result<T> {
    let value = Value::String(text.to_owned());
    serde_json::from_value(value).map_err(|error| anyhow!("{option}: {error}"))
}
