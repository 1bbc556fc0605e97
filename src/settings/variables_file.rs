//! Reads the file that declares an assistant's variables.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::contract::declared_variables::DeclaredVariables;
use crate::text::io_error::describe_io_error;

/// Reads the declarations from the file at `path`. It is an error if the file is unreadable, is not
/// UTF-8 JSON, or does not contain exactly one valid list of declarations.
pub(crate) fn read_declared_variables(path: &Path) -> anyhow::Result<DeclaredVariables> {
    let name = path.display();
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => bail!("{name}: {}", describe_io_error(&error)),
    };
    let text = String::from_utf8(bytes).with_context(|| format!("{name}: not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    DeclaredVariables::from_json(text).with_context(|| name.to_string())
}
