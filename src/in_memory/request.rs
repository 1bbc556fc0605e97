//! A request: the command with its options, as JSON.

use anyhow::{Context as _, anyhow, bail};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::host::Clock;

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    List { lines: bool },
    Validate,
    Export,
}

/// A parsed request.
pub(super) struct Request {
    pub(super) command: Command,
    pub(super) clock: Clock,
}

/// The members of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    command: String,
    #[serde(default)]
    options: Map<String, Value>,
    now: i64,
}

impl Request {
    /// Parses a request. Commands, options and values that are not known are errors.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let members: Members = serde_json::from_str(text).context("malformed request")?;
        let time = DateTime::from_timestamp(members.now, 0);
        let format = read_format(&members.options)?;
        let command = match (&*members.command, format) {
            ("list", "json") => Command::List { lines: false },
            ("list", "jsonl") => Command::List { lines: true },
            ("validate", "json") => Command::Validate,
            ("export", "csv") => Command::Export,
            (command, format) => bail!("no command {command} with the format {format}"),
        };
        Ok(Self {
            command,
            clock: Clock::Fixed(time.ok_or_else(|| anyhow!("now: not a time"))?),
        })
    }
}

fn read_format(options: &Map<String, Value>) -> anyhow::Result<&str> {
    if let Some(unknown) = options.keys().find(|name| *name != "format") {
        bail!("unknown option {unknown}");
    }
    let format = options.get("format").and_then(Value::as_str);
    format.ok_or_else(|| anyhow!("the option format is missing"))
}
