//! What a command reads, by its arguments and the settings file.

use std::path::{Path, PathBuf};

use super::check_args::CheckSettings;
use super::undeclared::undeclared_variable;
use crate::args::InputArgs;
use crate::contract::declared_variables::DeclaredVariables;
use crate::exit::UsageError;
use crate::host::Clock;
use crate::run::read_plan::ReadOptions;
use crate::select::filter::Filter;
use crate::settings::config::Config;

impl InputArgs {
    /// The inputs to read, and the conditions on their calls. Fails if a filter names an extracted
    /// variable that the settings file does not declare.
    pub(crate) fn read_options(
        &self,
        config: &Config,
        clock: Clock,
    ) -> anyhow::Result<ReadOptions> {
        let mut options = self.options_without_settings(clock)?;
        let settings = config.name.as_ref().map(PathBuf::from);
        options.settings_files.extend(settings);
        if options.filter.names_extracted_variables()
            && let Some((file, declared)) = config.read_variables().map_err(UsageError)?
        {
            check_variables(&options.filter, &declared, &file)?;
            options.settings_files.push(file);
        }
        Ok(options)
    }

    /// Like [`Self::read_options`], with the variables that `settings` declare.
    pub(crate) fn read_options_for(
        &self,
        settings: &CheckSettings,
        clock: Clock,
    ) -> anyhow::Result<ReadOptions> {
        let mut options = self.options_without_settings(clock)?;
        let config = settings.config.as_ref().map(PathBuf::from);
        let files = config.into_iter().chain(settings.variables_file.clone());
        options.settings_files.extend(files);
        let declared = settings.webhook.variables.as_ref();
        if let Some((declared, file)) = declared.zip(settings.variables_file.as_deref()) {
            check_variables(&options.filter, declared, file)?;
        }
        Ok(options)
    }
}

/// Fails if the filter has an extracted variable that `file` does not declare.
fn check_variables(
    filter: &Filter,
    declared: &DeclaredVariables,
    file: &Path,
) -> anyhow::Result<()> {
    match filter.undeclared_variable(declared) {
        None => Ok(()),
        Some(name) => Err(undeclared_variable("--var", name, declared, file).into()),
    }
}
