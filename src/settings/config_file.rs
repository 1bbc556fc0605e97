//! The layout of `postcall.toml`. The reader and the JSON Schema (`config_schema.rs`) are derived
//! from the same structs. The doc comments of the fields are what an editor shows.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, Error, IntoDeserializer as _, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::rules_schema::rules_schema;
use super::variables_setting::{VariablesSetting, variables_schema};
use crate::lint::levels::Verdict;
use crate::select::sequencer::Dedupe;

/// # Settings of postcall
///
/// The settings of a project, in a file named `postcall.toml`.
// Unknown keys are errors, so that a typo cannot silently disable a check.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct ConfigFile {
    /// Report all warnings as errors, like `--strict`.
    pub(super) strict: bool,
    /// Levels of findings, by rule, family of rules or `all`, such as `unknown-status = "allow"`. A
    /// JSON Pointer limits them: `"missing-field:/lead/**" = "warn"`. If several entries match a
    /// finding, the last one applies.
    #[schemars(schema_with = "rules_schema")]
    pub(super) rules: BTreeMap<Spanned<String>, Word<Verdict>>,
    /// The settings of your webhook, which `validate` checks.
    pub(super) webhook: WebhookTable,
    /// Values of options that are not on the command line.
    pub(super) defaults: DefaultsTable,
    /// What `redact` leaves unchanged.
    pub(super) redact: RedactTable,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct RedactTable {
    /// The names of variables whose values stay, like `--keep`. `*` matches any text.
    pub(super) keep: Vec<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct WebhookTable {
    /// The webhook sends only completed calls, like `--only-completed`.
    pub(super) only_completed: bool,
    /// The webhook includes recordings, like `--include-recording`.
    pub(super) include_recording: bool,
    /// The declaration of the variables: a table with the type of each one, such as
    /// `nps = "number"`, or a file like that of `--variables`: the assistant's
    /// `post_call_schema`, or JSON that contains it. The path is relative to this file.
    #[schemars(schema_with = "variables_schema")]
    pub(super) variables: Option<Spanned<VariablesSetting>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct DefaultsTable {
    /// The time zone in which times are shown, like `--tz`: a name such as `Europe/Berlin`, `local`
    /// or `utc`.
    #[schemars(with = "String")]
    pub(super) tz: Option<Spanned<String>>,
    /// Draw tables and cards with ASCII characters only, like `--ascii`.
    pub(super) ascii: bool,
    /// Keep one call per id, like `--dedupe`. `validate` ignores it.
    #[schemars(with = "Dedupe")]
    pub(super) dedupe: Option<Word<Dedupe>>,
    /// The goal of a call, like `--goal` of `stats`: a variable, such as `interested`, or a test,
    /// such as `nps>=9`.
    #[schemars(with = "String")]
    pub(super) goal: Option<Spanned<String>>,
}

/// A variant of `T` as a string. The `toml` crate also reads `{deny = {}}` as the variant `deny`.
#[derive(Debug)]
pub(super) struct Word<T>(pub(super) T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor(PhantomData))
    }
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: DeserializeOwned> Visitor<'_> for WordVisitor<T> {
    type Value = Word<T>;

    /// Names the variants, as the error for an unknown one does.
    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let none: StrDeserializer<serde::de::value::Error> = "".into_deserializer();
        let error = T::deserialize(none).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        let (_, words) = error.split_once("expected ").unwrap_or(("", "a string"));
        formatter.write_str(words)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Word<T>, E> {
        T::deserialize(word.into_deserializer()).map(Word)
    }
}
