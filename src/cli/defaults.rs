//! Values of options that are not on the command line, from the environment and the settings file.

use std::env;

use anyhow::anyhow;

use super::Command;
use super::command_line::CommandLine;
use crate::args::filter_args::{CallArgs, parse_zone};
use crate::settings::config::{Config, Written};
use crate::text::shorten::shorten;
use crate::time::zone::Zone;

/// Environment variable with the time zone of runs without `--tz`.
const ZONE_VARIABLE: &str = "POSTCALL_TZ";

impl CommandLine {
    /// True if the command reads the settings file.
    #[must_use]
    pub(crate) fn has_settings(&self) -> bool {
        !matches!(
            self.command,
            Command::Schema(_) | Command::Completions { .. } | Command::Man(_)
        )
    }

    /// Sets the options that are not on the command line: from the environment, else from `config`.
    /// `validate` checks all calls, so it does not deduplicate them.
    pub(crate) fn set_defaults(&mut self, config: &Config) -> anyhow::Result<()> {
        if let Command::Stats(args) = &mut self.command
            && args.goal.is_none()
        {
            let goal = config.goal.as_ref();
            args.goal = goal
                .map(|written| parse_written("goal", written, str::parse))
                .transpose()?;
        }
        let checks_all = matches!(self.command, Command::Validate(_));
        let Some(calls) = self.call_args_mut() else {
            return Ok(());
        };
        if calls.zone.is_none() {
            if let Some(zone) = zone_of_environment()? {
                calls.zone = Some(zone);
                calls.zone_origin = Some(ZONE_VARIABLE.to_owned());
            } else if let Some(written) = &config.tz {
                calls.zone = Some(parse_written("tz", written, parse_zone)?);
                calls.zone_origin = Some(written.origin.clone());
            }
        }
        if !checks_all {
            calls.dedupe = calls.dedupe.or(config.dedupe);
        }
        Ok(())
    }

    /// The arguments that select calls; `None` for a command that reads no calls.
    fn call_args_mut(&mut self) -> Option<&mut CallArgs> {
        let input = match &mut self.command {
            Command::Show(args) => &mut args.input,
            Command::Campaigns(args) | Command::Transcript(args) => &mut args.input,
            Command::Stats(args) => &mut args.input,
            Command::List(args) => &mut args.table.input,
            Command::Variables(args) => &mut args.table.input,
            Command::Validate(args) => &mut args.input,
            Command::Export(args) => &mut args.input,
            Command::Extract(args) => &mut args.input,
            Command::Infer(args) => &mut args.input,
            Command::Redact(args) => &mut args.input,
            Command::Rules(_)
            | Command::Schema(_)
            | Command::Completions { .. }
            | Command::Man(_) => return None,
        };
        Some(&mut input.calls)
    }
}

/// The zone of [`ZONE_VARIABLE`]; `None` if it is empty or not set.
fn zone_of_environment() -> anyhow::Result<Option<Zone>> {
    let Some(name) = env::var_os(ZONE_VARIABLE).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let name = name.to_string_lossy();
    let zone = parse_zone(&name);
    let zone = zone.map_err(|problem| anyhow!("{ZONE_VARIABLE}={}: {problem}", shorten(&name)))?;
    Ok(Some(zone))
}

/// The meaning of a value in the settings file. The error names its line and `key`.
fn parse_written<T>(
    key: &str,
    written: &Written<String>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> anyhow::Result<T> {
    let Written { value, origin } = written;
    parse(value).map_err(|problem| anyhow!("{origin}: {key} = {}: {problem}", shorten(value)))
}
