//! A rule as data: its id, family, level and documentation.
//! [`RuleCheck`](super::rule_check::RuleCheck) adds the check function.

use serde::{Serialize, Serializer};

use crate::contract::webhook::WebhookSettings;

/// A rule without its check function.
#[derive(Debug)]
pub struct Rule {
    /// Name in reports and options: the problem in two or three words, in kebab-case.
    pub id: &'static str,
    /// The group of rules that it belongs to.
    pub(crate) family: Family,
    /// Default level of its findings; `None` if the rule is allowed by default.
    pub level: Option<Level>,
    /// The problem that it finds, in one line.
    pub summary: &'static str,
    /// The subject of the check and why it matters, in paragraphs separated by an empty line.
    pub explanation: &'static str,
    /// Example: a fragment of a body that has a finding.
    pub bad: &'static str,
    /// Example: the corrected fragment.
    pub good: &'static str,
    /// How to fix a finding.
    pub(crate) fix: &'static str,
    /// True if the printed JSON Schema enforces this rule too.
    pub in_schema: bool,
    /// The webhook setting that activates the rule, if it needs one.
    pub(crate) setting: Option<Setting>,
}

impl Rule {
    /// True if the rule runs with these settings.
    #[must_use]
    pub(crate) fn is_active(&self, settings: &WebhookSettings) -> bool {
        (self.setting.as_ref()).is_none_or(|setting| (setting.is_declared)(settings))
    }

    /// The default level by name: `error`, `warning`, `note` or `allow`.
    #[must_use]
    pub(crate) fn default_level(&self) -> &'static str {
        self.level.map_or("allow", Level::name)
    }

    /// The option that activates the rule, such as `--variables FILE`, if it needs one.
    #[must_use]
    pub(crate) fn needs(&self) -> Option<&'static str> {
        self.setting.as_ref().map(|setting| setting.option)
    }
}

/// A webhook setting that a rule verifies. The rule runs only if the user has declared it.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The option that declares it.
    pub(crate) option: &'static str,
    /// True if it is declared.
    pub(crate) is_declared: fn(&WebhookSettings) -> bool,
}

/// A group of rules on one aspect of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Reading: is the input JSON, and is it a call?
    Reading,
    /// Structure: are the documented members present, and of the documented type?
    Shape,
    /// Text formats: phone numbers, timestamps, links.
    Format,
    /// Known variants of the vendor that are harmless to read.
    Variants,
    /// Plausibility of the values.
    Meaning,
    /// Agreement with the webhook settings that the user has declared.
    Settings,
    /// Data of a real person. Its rules are allowed by default, because a real body has such data.
    PersonalData,
}

impl Family {
    /// All families, in registry order.
    pub(crate) const ALL: [Self; 7] = [
        Self::Reading,
        Self::Shape,
        Self::Format,
        Self::Variants,
        Self::Meaning,
        Self::Settings,
        Self::PersonalData,
    ];

    /// Name of the family in options and reports.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Shape => "shape",
            Self::Format => "format",
            Self::Variants => "variants",
            Self::Meaning => "meaning",
            Self::Settings => "settings",
            Self::PersonalData => "personal-data",
        }
    }

    /// True if all rules of the family are allowed by default. Such a rule is turned on by its own
    /// name or by that of its family; a level for `all` rules does not turn it on.
    #[must_use]
    pub(crate) fn is_opt_in(self) -> bool {
        self == Self::PersonalData
    }
}

/// Severity of a finding, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; needs no action.
    Note,
    /// Allowed by the contract but suspicious, or a known variant of the vendor that is harmless
    /// to read.
    Warning,
    /// Breaks the documented contract.
    Error,
}

impl Level {
    /// All levels, most severe first.
    pub(crate) const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// Name of the level in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
