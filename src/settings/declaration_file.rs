//! Reads the file into which `infer` writes a declaration.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::config::Config;
use super::settings_file::{MAX_MIB, read_text};
use crate::contract::declared_variables::DeclaredVariables;
use crate::text::path_name::path_name;
use crate::text::shorten::shorten_middle;

/// An existing file that holds a declaration, or may hold one.
pub(crate) struct DeclarationFile {
    pub(crate) text: String,
    /// The declaration; `None` if a settings file has none yet.
    pub(crate) declared: Option<DeclaredVariables>,
}

impl DeclarationFile {
    /// Reads the settings file at `path`; `None` if there is no such file, or a pipe or a device,
    /// which holds nothing. It is an error if the file is no valid `postcall.toml`, or if it names
    /// another file that declares the variables.
    pub(crate) fn read_toml(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some(text) = read_existing(path)? else {
            return Ok(None);
        };
        let declared = parse_toml(&text, path)?;
        Ok(Some(Self { text, declared }))
    }

    /// Reads the JSON file at `path`; `None` if there is no such file, or a pipe or a device. It is
    /// an error if it holds anything but a list of declarations, which a new list would replace.
    pub(crate) fn read_json(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some(text) = read_existing(path)? else {
            return Ok(None);
        };
        let declared = DeclaredVariables::from_list(&text);
        let declared = declared.with_context(|| {
            let name = shorten_middle(&path_name(path)).into_owned();
            format!("refusing to overwrite {name}")
        })?;
        Ok(Some(Self {
            text,
            declared: Some(declared),
        }))
    }
}

/// The variables that a settings file with this text declares in a table. Error messages contain
/// the file, the line and the key.
pub(crate) fn parse_toml(text: &str, path: &Path) -> anyhow::Result<Option<DeclaredVariables>> {
    Config::parse(text, path)?.into_table_of_variables()
}

/// The text of a file; `None` if there is none.
fn read_existing(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        // Whoever writes the file reports folders.
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) => {}
    }
    let text = read_text(path, None, MAX_MIB);
    text.map(Some)
        .map_err(|problem| anyhow!("{}: {problem}", shorten_middle(&path_name(path))))
}
