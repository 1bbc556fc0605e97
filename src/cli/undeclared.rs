//! The error for an extracted variable that the user names but nothing declares.

use std::path::Path;

use anyhow::anyhow;

use crate::contract::declared_variables::DeclaredVariables;
use crate::exit::UsageError;
use crate::text::path_name::path_name;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// The error for the variable `name` in the argument of `option`, which `file` does not declare. It
/// names a similar variable, or those that are declared. The name may start with that of the
/// object.
pub(crate) fn undeclared_variable(
    option: &str,
    name: &str,
    declared: &DeclaredVariables,
    file: &Path,
) -> UsageError {
    /// Maximum number of declared variables in a message.
    const MAX_NAMES: usize = 10;
    let names = declared.iter().map(|variable| variable.name.as_str());
    let variable = name.strip_prefix("extracted_variables.").unwrap_or(name);
    let hint = if let Some(near) = similar(variable, names.clone()) {
        format!("did you mean `{}`?", shorten(near))
    } else {
        let more = if names.len() > MAX_NAMES { ", …" } else { "" };
        let names: Vec<_> = names.take(MAX_NAMES).map(shorten).collect();
        format!("it declares: {}{more}", names.join(", "))
    };
    let (name, file) = (shorten(name), path_name(file));
    UsageError(anyhow!(
        "{option} {name}: {file} does not declare this variable; {hint}"
    ))
}
