//! Reads `postcall.toml`, which holds the rule levels and webhook settings of a project.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use toml::Spanned;

use super::variables_file::read_declared_variables;
use crate::contract::declared_variables::DeclaredVariables;
use crate::lint::levels::{Scope, Verdict};
use crate::text::io_error::describe_io_error;

/// Name of the configuration file.
pub(crate) const FILE_NAME: &str = "postcall.toml";

/// Contents of a configuration file.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Path of the file; empty if there is none.
    path: PathBuf,
    /// Report warnings as errors.
    pub(crate) strict: bool,
    /// Level changes, in file order.
    pub(crate) levels: Vec<(Verdict, Scope)>,
    /// The webhook setting "Send webhook only on completed".
    pub(crate) only_completed: bool,
    /// The webhook setting "Include recording in webhook".
    pub(crate) include_recording: bool,
    /// The file that holds the assistant's post-call schema.
    variables: Option<VariablesFile>,
}

/// The value of the key `variables`.
#[derive(Debug, PartialEq, Eq)]
struct VariablesFile {
    path: PathBuf,
    /// The line of the key in the configuration file, from 1.
    line: usize,
}

/// Layout of the file. Unknown keys are errors, so that a typo cannot silently disable a check.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct ConfigFile {
    strict: bool,
    rules: BTreeMap<Spanned<String>, Verdict>,
    webhook: WrittenWebhook,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct WrittenWebhook {
    only_completed: bool,
    include_recording: bool,
    /// Path relative to the folder of the configuration file.
    variables: Option<Spanned<PathBuf>>,
}

impl Config {
    /// Reads the file at `path`, or else the nearest `postcall.toml` from the working directory up.
    /// Without a file, all settings have their defaults.
    pub(crate) fn load(path: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(path) = path {
            return Self::read(path);
        }
        let folder = env::current_dir().context("the working directory")?;
        Self::find_from(&folder).map_or_else(|| Ok(Self::default()), |path| Self::read(&path))
    }

    /// Reads the file at `path`. Error messages contain the file, the line and the key.
    fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => bail!("{name}: {}", describe_io_error(&error)),
        };
        Self::from_toml(&text, path).map_err(|(offset, problem)| {
            let number = line_of(&text, offset);
            let line = text.lines().nth(number - 1).unwrap_or_default();
            // Some messages of the `toml` crate do not name the key.
            let key = line.split_once('=').map(|(key, _)| key.trim());
            let key = key.filter(|key| !problem.contains(&format!("`{}`", key.trim_matches('"'))));
            let key = key.map_or(String::new(), |key| format!("{key}: "));
            anyhow::anyhow!("{name}:{number}: {key}{problem}")
        })
    }

    /// Reads the declared variables, and returns them with the path of their file. The error names
    /// the line of this configuration file.
    pub(crate) fn read_variables(&self) -> anyhow::Result<Option<(PathBuf, DeclaredVariables)>> {
        let Some(VariablesFile { path, line }) = &self.variables else {
            return Ok(None);
        };
        let origin = || format!("{}:{line}: variables", self.path.display());
        let variables = read_declared_variables(path).with_context(origin)?;
        Ok(Some((path.clone(), variables)))
    }

    /// Finds the configuration file for `folder`: the nearest one in it or its ancestors.
    #[must_use]
    fn find_from(folder: &Path) -> Option<PathBuf> {
        let mut candidates = folder.ancestors().map(|folder| folder.join(FILE_NAME));
        candidates.find(|path| path.is_file())
    }

    /// Parses the `text` of the file at `path`. Paths are relative to its folder. An error is a
    /// byte offset and a message.
    fn from_toml(text: &str, path: &Path) -> Result<Self, (usize, String)> {
        let file: ConfigFile = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let message = error.message().replace('\n', "; ");
            // How the `toml` crate describes the values of `Verdict`.
            let message = message.replace(
                "wanted string or table",
                "expected \"allow\", \"warn\" or \"deny\"",
            );
            (offset, message)
        })?;
        let mut rules: Vec<_> = file.rules.into_iter().collect();
        rules.sort_by_key(|(key, _)| key.span().start);
        let levels = rules.into_iter().map(|(key, verdict)| {
            let scope = key.get_ref().parse::<Scope>();
            scope
                .map(|scope| (verdict, scope))
                .map_err(|problem| (key.span().start, problem))
        });
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Self {
            path: path.to_owned(),
            strict: file.strict,
            levels: levels.collect::<Result<_, _>>()?,
            only_completed: file.webhook.only_completed,
            include_recording: file.webhook.include_recording,
            variables: file.webhook.variables.map(|path| VariablesFile {
                line: line_of(text, path.span().start),
                path: folder.join(path.into_inner()),
            }),
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
    use crate::lint::rule::Level;
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
        let file = VariablesFile {
            path: PathBuf::from("folder/a.json"),
            line: 2,
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
