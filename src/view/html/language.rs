//! The language of a report.

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Language {
    /// English
    #[default]
    En,
    /// German
    De,
}

impl Language {
    /// Chooses between an English and a German text.
    pub(super) const fn choose<T: Copy>(self, english: T, german: T) -> T {
        match self {
            Self::En => english,
            Self::De => german,
        }
    }

    /// The language tag (BCP 47).
    pub(super) const fn tag(self) -> &'static str {
        self.choose("en", "de")
    }
}
