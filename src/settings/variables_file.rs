//! Reads the file that declares an assistant's variables.

use std::path::Path;

use anyhow::Context as _;

use super::owners::TrustedOwners;
use super::settings_file::{MAX_MIB, read_text};
use crate::contract::declared_variables::DeclaredVariables;
use crate::text::path_name::path_name;
use crate::text::shorten::shorten_middle;

/// Reads the declarations from the file at `path`, which the user named. It is an error if the file
/// is unreadable, is not UTF-8 JSON, or does not contain exactly one valid list of declarations.
pub(crate) fn read_declared_variables(path: &Path) -> anyhow::Result<DeclaredVariables> {
    read_variables_of(path, None)
}

/// Like [`read_declared_variables`]; with `owners`, the file must belong to one of them.
pub(super) fn read_variables_of(
    path: &Path,
    owners: Option<TrustedOwners>,
) -> anyhow::Result<DeclaredVariables> {
    let name = || shorten_middle(&path_name(path)).into_owned();
    let text = read_text(path, owners, MAX_MIB)
        .map_err(anyhow::Error::msg)
        .with_context(name)?;
    DeclaredVariables::from_json(&text).with_context(name)
}
