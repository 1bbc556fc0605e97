//! Reads the file into which `infer` writes a declaration.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::config::Config;
use super::settings_file::{BYTE_ORDER_MARK, MAX_MIB, decode, read_bytes};
use crate::contract::declared_variables::DeclaredVariables;
use crate::text::path_name::path_name;
use crate::text::shorten::shorten_middle;

/// An existing file that holds a declaration, or may hold one.
pub(crate) struct DeclarationFile {
    /// The byte order mark of the file; empty if it has none.
    pub(crate) byte_order_mark: String,
    /// The text after the byte order mark.
    pub(crate) text: String,
    /// The declaration; `None` if a settings file has none yet.
    pub(crate) declared: Option<DeclaredVariables>,
}

impl DeclarationFile {
    /// Reads the settings file at `path`; `None` if there is no such file, or a pipe or a device,
    /// which holds nothing. It is an error if the file is no valid `postcall.toml`, or if it names
    /// another file that declares the variables.
    pub(crate) fn read_toml(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some((byte_order_mark, text)) = read_existing(path)? else {
            return Ok(None);
        };
        let declared = parse_toml(&text, path)?;
        Ok(Some(Self {
            byte_order_mark,
            text,
            declared,
        }))
    }

    /// Reads the JSON file at `path`; `None` if there is no such file, or a pipe or a device. It is
    /// an error if it holds anything but a list of declarations, which a new list would replace.
    pub(crate) fn read_json(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some((byte_order_mark, text)) = read_existing(path)? else {
            return Ok(None);
        };
        let declared = DeclaredVariables::from_list(&text);
        let declared = declared.with_context(|| {
            let name = shorten_middle(&path_name(path)).into_owned();
            format!("refusing to overwrite {name}")
        })?;
        Ok(Some(Self {
            byte_order_mark,
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

/// The byte order mark of a file, and the text after it; `None` if there is no file.
fn read_existing(path: &Path) -> anyhow::Result<Option<(String, String)>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        // Whoever writes the file reports folders.
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) => {}
    }
    let text = read_bytes(path, None, MAX_MIB).and_then(decode);
    let mut mark =
        text.map_err(|problem| anyhow!("{}: {problem}", shorten_middle(&path_name(path))))?;
    let has_mark = mark.starts_with(BYTE_ORDER_MARK);
    let text = mark.split_off(if has_mark {
        BYTE_ORDER_MARK.len_utf8()
    } else {
        0
    });
    Ok(Some((mark, text)))
}
