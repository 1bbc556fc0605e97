//! `postcall.toml`: levels and webhook settings that a project keeps beside its bodies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Deserialize;
use toml::Spanned;

use super::levels::{Target, Verdict};
use crate::input::source::reason;

/// The file's name.
pub const FILE_NAME: &str = "postcall.toml";

/// What a configuration file says.
#[derive(Debug, Default)]
pub struct Config {
    /// Warnings become errors.
    pub strict: bool,
    /// Changes of levels, in the order of the file.
    pub levels: Vec<(Verdict, Target)>,
    /// "Send webhook only on completed".
    pub only_completed: bool,
    /// "Include recording in webhook".
    pub include_recording: bool,
    /// The file that holds the assistant's post-call schema.
    pub variables: Option<PathBuf>,
}

/// The file as it is written. Unknown keys are errors: a misspelled one would be a gate that stands open.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Written {
    strict: bool,
    rules: BTreeMap<Spanned<String>, Verdict>,
    webhook: WrittenWebhook,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct WrittenWebhook {
    only_completed: bool,
    include_recording: bool,
    /// Relative to the folder of the configuration file.
    variables: Option<PathBuf>,
}

impl Config {
    /// Reads the file at `path`. Errors name the file, the line and the key.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => bail!("{name}: {}", reason(&error)),
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::from_toml(&text, folder).map_err(|(offset, problem)| {
            let before = &text[..offset.min(text.len())];
            let number = before.matches('\n').count() + 1;
            let line = text.lines().nth(number - 1).unwrap_or_default();
            // The library does not always say which key it is about.
            let key = line.split_once('=').map(|(key, _)| key.trim());
            let key = key.filter(|key| !problem.contains(&format!("`{}`", key.trim_matches('"'))));
            let key = key.map_or(String::new(), |key| format!("{key}: "));
            anyhow::anyhow!("{name}:{number}: {key}{problem}")
        })
    }

    /// The file that counts in `folder`: the nearest one in it or above it.
    #[must_use]
    pub fn find_from(folder: &Path) -> Option<PathBuf> {
        let mut places = folder.ancestors().map(|folder| folder.join(FILE_NAME));
        places.find(|path| path.is_file())
    }

    /// What `text` says, or what is wrong with it at which byte. Paths in it are relative to `folder`.
    fn from_toml(text: &str, folder: &Path) -> Result<Self, (usize, String)> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let message = error.message().replace('\n', "; ");
            // Its words for values that stand for a level.
            let message = message.replace(
                "wanted string or table",
                "expected \"allow\", \"warn\" or \"deny\"",
            );
            (offset, message)
        })?;
        let mut rules: Vec<_> = written.rules.into_iter().collect();
        rules.sort_by_key(|(target, _)| target.span().start);
        let levels = rules.into_iter().map(|(target, verdict)| {
            let read = target.get_ref().parse::<Target>();
            read.map(|read| (verdict, read))
                .map_err(|problem| (target.span().start, problem))
        });
        Ok(Self {
            strict: written.strict,
            levels: levels.collect::<Result<_, _>>()?,
            only_completed: written.webhook.only_completed,
            include_recording: written.webhook.include_recording,
            variables: written.webhook.variables.map(|path| folder.join(path)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;
    use crate::rules;
    use crate::settings::levels::Levels;

    fn read(text: &str) -> Result<Config, (usize, String)> {
        Config::from_toml(text, Path::new("folder"))
    }

    #[test]
    fn rules_count_in_the_order_of_the_file() {
        let missing = rules::find("missing-field").expect("a rule");
        let level = |text: &str| {
            let config = read(text).expect("well-formed");
            Levels::new(config.levels, config.strict).of(missing, "/lead/id", "")
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
        assert_eq!(config.variables, Some(PathBuf::from("folder/a.json")));
        assert!(config.only_completed && !config.include_recording);
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_place() {
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
