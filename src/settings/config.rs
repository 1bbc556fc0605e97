//! Reads `postcall.toml`, which holds the rule levels, webhook settings and defaults of a project.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use toml::Spanned;

use super::config_file::ConfigFile;
use super::config_source::{ConfigPath, ConfigSource, relative_name};
use super::owners::TrustedOwners;
use super::settings_file::{MAX_MIB, read_text};
use super::variables_file::read_variables_of;
use super::variables_setting::{VariablesSetting, declare};
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
    /// The declaration of the variables.
    variables: Option<Declaration>,
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

/// Where the variables are declared.
#[derive(Debug, PartialEq, Eq)]
enum Declaration {
    /// In a file that holds the assistant's post-call schema.
    File(Written<PathBuf>),
    /// In a table of the settings file.
    Table(DeclaredVariables),
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
        Ok(Self {
            name: Some(relative_name(path)),
            owners: *owners,
            ..Self::parse(&text, path)?
        })
    }

    /// Parses the `text` of the file at `path`. Error messages contain the file, the line and the
    /// key.
    pub(super) fn parse(text: &str, path: &Path) -> anyhow::Result<Self> {
        Self::from_toml(text, path).map_err(|(offset, problem)| {
            let number = line_of(text, offset);
            let line = text.lines().nth(number - 1).unwrap_or_default();
            // Some messages of the `toml` crate do not name the key.
            let key = match line.split_once('=') {
                Some((key, _)) => Some(key.trim()),
                None => Some(line.trim()).filter(|heading| heading.starts_with('[')),
            };
            let key = key.filter(|key| !problem.contains(&format!("`{}`", key.trim_matches('"'))));
            let key = key.map_or(String::new(), |key| format!("{}: ", shorten(key)));
            let name = path_name(path);
            // The messages repeat keys and values of any length.
            anyhow!("{name}:{number}: {key}{}", shorten_middle(&problem))
        })
    }

    /// The variables that a table of the file declares; `None` if it has no such table. Fails if
    /// the file names another one that declares them.
    pub(super) fn into_table_of_variables(self) -> anyhow::Result<Option<DeclaredVariables>> {
        match self.variables {
            None => Ok(None),
            Some(Declaration::Table(variables)) => Ok(Some(variables)),
            Some(Declaration::File(Written { value, origin })) => {
                let file = path_name(&value);
                let file = shorten_middle(&file);
                bail!(
                    "{origin}: variables: {file} declares them; write to that file (-o {file} --format json), or delete this line"
                )
            }
        }
    }

    /// Reads the declared variables, and returns them with the path of the file that declares them,
    /// which is the settings file if they are a table of it. The error names the line of the
    /// settings file.
    pub(crate) fn read_variables(&self) -> anyhow::Result<Option<(PathBuf, DeclaredVariables)>> {
        match &self.variables {
            None => Ok(None),
            Some(Declaration::File(Written { value, origin })) => {
                let variables = read_variables_of(value, self.owners);
                let variables = variables.with_context(|| format!("{origin}: variables"))?;
                Ok(Some((value.clone(), variables)))
            }
            Some(Declaration::Table(variables)) => {
                let file = self.name.clone().unwrap_or_default();
                Ok(Some((file.into(), variables.clone())))
            }
        }
    }

    /// True if another file declares the variables: it is JSON.
    #[must_use]
    pub(crate) fn has_variables_file(&self) -> bool {
        matches!(self.variables, Some(Declaration::File(_)))
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
        let variables = file.webhook.variables.map(|variables| {
            let origin = origin(variables.span().start);
            Ok(match variables.into_inner() {
                VariablesSetting::Table(types) => Declaration::Table(declare(types)?),
                VariablesSetting::File(path) => Declaration::File(Written {
                    value: folder.join(path),
                    origin,
                }),
            })
        });
        let written = |value: Spanned<String>| Written {
            origin: origin(value.span().start),
            value: value.into_inner(),
        };
        Ok(Self {
            strict: file.strict,
            levels: levels.collect::<Result<_, _>>()?,
            only_completed: file.webhook.only_completed,
            include_recording: file.webhook.include_recording,
            variables: variables.transpose()?,
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
        assert_eq!(config.variables, Some(Declaration::File(file)));
        assert!(config.only_completed && !config.include_recording);
    }

    #[test]
    fn a_table_of_variables_keeps_the_order_of_the_file() {
        let config = read(
            "[webhook.variables]\nnps = \"number\"\n\"a.b c\" = 'string'\ncity = \"string\"\nA = \"bool\"",
        );
        let read = config.expect("well-formed").read_variables();
        let (_, variables) = read.expect("no file is read").expect("a declaration");
        let types: Vec<_> = variables
            .iter()
            .map(|v| (&*v.name, v.kind.name()))
            .collect();
        let expected = [
            ("nps", "number"),
            ("a.b c", "string"),
            ("city", "string"),
            ("A", "bool"),
        ];
        assert_eq!(types, expected);
        for empty in ["[webhook.variables]", "webhook.variables = {}"] {
            let read = read_variables(empty);
            assert_eq!(
                read.map(|variables| variables.iter().len()),
                Some(0),
                "{empty}"
            );
        }
    }

    fn read_variables(text: &str) -> Option<DeclaredVariables> {
        let read = read(text).expect("well-formed").read_variables();
        read.expect("no file is read")
            .map(|(_, variables)| variables)
    }

    #[test]
    fn errors_in_a_table_of_variables_are_at_the_variable() {
        for (text, marked, reasons) in [
            (
                "[webhook.variables]\na = \"bool\"\nb = \"nmuber\"",
                "\"nmuber\"",
                &[
                    "`b`",
                    "`nmuber`",
                    "string, number, bool",
                    "did you mean `number`?",
                ][..],
            ),
            (
                "[webhook]\nvariables = {a = 1}",
                "1}",
                &["integer `1`", "\"number\""],
            ),
            (
                "[webhook]\nvariables = [\"a\"]",
                "[\"a\"]",
                &["sequence", "JSON file"],
            ),
            (
                "[webhook.variables]\na = \"bool\"\n'a' = \"bool\"",
                "'a'",
                &["duplicate key"],
            ),
        ] {
            let (offset, problem) = read(text).expect_err(text);
            assert_eq!(Some(offset), text.find(marked), "{text}: {problem}");
            for reason in reasons {
                assert!(problem.contains(reason), "{text}: {problem}");
            }
        }
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
