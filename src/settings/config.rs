//! Reads `postcall.toml`, which holds the rule levels, webhook settings and defaults of a project.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use toml::Spanned;

use super::config_file::ConfigFile;
use super::config_source::{ConfigPath, ConfigSource, relative_name};
use super::owners::TrustedOwners;
use super::settings_file::{MAX_MIB, read_text};
use super::variables_file::read_variables_of;
use crate::contract::declared_variables::DeclaredVariables;
use crate::lint::levels::{Scope, Verdict};
use crate::select::sequencer::Dedupe;
use crate::text::path_name::path_name;
use crate::text::shorten::{shorten, shorten_middle};
use crate::text::symbols::Symbols;

/// Contents of a settings file.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file, relative to the working directory; `None` if there is none.
    pub(crate) name: Option<String>,
    /// The owners that a file named in this one may have; `None` if the user named this file.
    owners: Option<TrustedOwners>,
    /// Report warnings as errors.
    pub(crate) strict: bool,
    /// Level changes, in file order.
    pub(crate) levels: Vec<(Verdict, Scope)>,
    /// The webhook setting "Send webhook only on completed".
    pub(crate) only_completed: bool,
    /// The webhook setting "Include recording in webhook".
    pub(crate) include_recording: bool,
    /// The file that holds the assistant's post-call schema.
    variables: Option<Written<PathBuf>>,
    /// The name of the time zone, unless the command line has one.
    pub(crate) tz: Option<Written<String>>,
    /// The characters of tables and cards.
    pub(crate) symbols: Symbols,
    /// Which calls with the same id to keep, unless the command line has an option for it.
    pub(crate) dedupe: Option<Dedupe>,
    /// The goal of a call, unless the command line has one.
    pub(crate) goal: Option<Written<String>>,
    /// The names of variables whose values `redact` leaves unchanged.
    pub(crate) redact_keep: Vec<String>,
}

/// A value of the file, and where it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    /// The file, and the line of the value, from 1: `postcall.toml:3`.
    pub(crate) origin: String,
}

impl Config {
    /// Reads the settings. Without a file, all have their defaults.
    pub(crate) fn load(source: &ConfigSource) -> anyhow::Result<Self> {
        let file = source.path()?;
        file.map_or_else(|| Ok(Self::default()), |file| Self::read(&file))
    }

    /// Reads a file. Error messages contain the file, the line and the key.
    fn read(file: &ConfigPath) -> anyhow::Result<Self> {
        let ConfigPath { path, owners } = file;
        let name = path_name(path);
        let text =
            read_text(path, *owners, MAX_MIB).map_err(|problem| anyhow!("{name}: {problem}"))?;
        let config = Self::from_toml(&text, path).map_err(|(offset, problem)| {
            let number = line_of(&text, offset);
            let line = text.lines().nth(number - 1).unwrap_or_default();
            // Some messages of the `toml` crate do not name the key.
            let key = line.split_once('=').map(|(key, _)| key.trim());
            let key = key.filter(|key| !problem.contains(&format!("`{}`", key.trim_matches('"'))));
            let key = key.map_or(String::new(), |key| format!("{}: ", shorten(key)));
            // The messages repeat keys and values of any length.
            anyhow!("{name}:{number}: {key}{}", shorten_middle(&problem))
        })?;
        Ok(Self {
            name: Some(relative_name(path)),
            owners: *owners,
            ..config
        })
    }

    /// Reads the declared variables, and returns them with the path of their file. The error names
    /// the line of this settings file.
    pub(crate) fn read_variables(&self) -> anyhow::Result<Option<(PathBuf, DeclaredVariables)>> {
        let Some(Written { value, origin }) = &self.variables else {
            return Ok(None);
        };
        let variables = read_variables_of(value, self.owners);
        let variables = variables.with_context(|| format!("{origin}: variables"))?;
        Ok(Some((value.clone(), variables)))
    }

    /// Parses the `text` of the file at `path`. Paths are relative to its folder. An error is a
    /// byte offset and a message.
    fn from_toml(text: &str, path: &Path) -> Result<Self, (usize, String)> {
        let file: ConfigFile = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            (offset, error.message().replace('\n', "; "))
        })?;
        let mut rules: Vec<_> = file.rules.into_iter().collect();
        rules.sort_by_key(|(key, _)| key.span().start);
        let levels = rules.into_iter().map(|(key, verdict)| {
            let scope = key.get_ref().parse::<Scope>();
            scope
                .map(|scope| (verdict.0, scope))
                .map_err(|problem| (key.span().start, problem))
        });
        let folder = path.parent().unwrap_or(Path::new(""));
        let path_of_file = path_name(path);
        let origin = |offset| format!("{path_of_file}:{}", line_of(text, offset));
        let written = |value: Spanned<String>| Written {
            origin: origin(value.span().start),
            value: value.into_inner(),
        };
        Ok(Self {
            strict: file.strict,
            levels: levels.collect::<Result<_, _>>()?,
            only_completed: file.webhook.only_completed,
            include_recording: file.webhook.include_recording,
            variables: file.webhook.variables.map(|path| Written {
                origin: origin(path.span().start),
                value: folder.join(path.into_inner()),
            }),
            tz: file.defaults.tz.map(written),
            goal: file.defaults.goal.map(written),
            symbols: Symbols::new(file.defaults.ascii),
            dedupe: file.defaults.dedupe.map(|word| word.0),
            redact_keep: file.redact.keep,
            ..Self::default()
        })
    }
}

/// The line that contains byte `offset`, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text[..offset.min(text.len())].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::levels::Levels;
    use crate::lint::rule_data::Level;
    use crate::lint::rules;

    fn read(text: &str) -> Result<Config, (usize, String)> {
        Config::from_toml(text, Path::new("folder/postcall.toml"))
    }

    #[test]
    fn later_rule_entries_override_earlier_ones() {
        let missing = rules::find("missing-field").expect("a rule");
        let level = |text: &str| {
            let config = read(text).expect("well-formed");
            Levels::new(config.levels, config.strict).level_of(missing, "/lead/id", "")
        };
        let general = "missing-field = \"allow\"\n";
        let at_lead = "\"missing-field:/lead/*\" = \"deny\"\n";
        assert_eq!(
            level(&format!("[rules]\n{general}{at_lead}")),
            Some(Level::Error)
        );
        assert_eq!(level(&format!("[rules]\n{at_lead}{general}")), None);
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let config =
            read("[webhook]\nvariables = \"a.json\"\nonly-completed = true").expect("well-formed");
        let file = Written {
            value: PathBuf::from("folder/a.json"),
            origin: "folder/postcall.toml:2".to_owned(),
        };
        assert_eq!(config.variables, Some(file));
        assert!(config.only_completed && !config.include_recording);
    }

    #[test]
    fn errors_have_the_offset_and_name_the_problem() {
        let problem = |text: &str| read(text).expect_err("not understood");
        let (offset, message) = problem("strict = true\nstrikt = true\n");
        assert_eq!(offset, 14);
        assert!(message.contains("`strikt`"), "{message}");
        let (offset, message) = problem("[rules]\nmissing-feld = \"deny\"");
        assert_eq!(offset, 8);
        assert!(message.contains("`missing-field`"), "{message}");
        let (offset, message) = problem("[rules]\nmissing-field = \"error\"");
        assert_eq!(offset, 24);
        assert!(message.contains("`deny`"), "{message}");
    }
}
