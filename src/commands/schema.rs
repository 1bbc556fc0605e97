//! `schema`: prints the contract, or the format of `postcall.toml`, as JSON Schema.

use std::io::Write as _;

use serde_json::Value;

use crate::cli::{SchemaArgs, SchemaKind};
use crate::contract::schema::{SchemaOptions, build_schema};
use crate::exit::UsageError;
use crate::run::session::Session;
use crate::settings::config_schema::build_config_schema;
use crate::settings::variables_file::read_declared_variables;

pub(crate) fn run(args: &SchemaArgs, session: &mut Session) -> anyhow::Result<()> {
    args.check_options().map_err(UsageError)?;
    let schema = match args.schema {
        SchemaKind::PostCall => body_schema(args).map_err(UsageError)?,
        SchemaKind::Config => build_config_schema(),
    };
    // Names of declared variables come from a file and could contain control characters.
    session.guard_terminal();
    Ok(writeln!(session.out, "{schema:#}")?)
}

fn body_schema(args: &SchemaArgs) -> anyhow::Result<Value> {
    let declared = args.variables.as_deref().map(read_declared_variables);
    Ok(build_schema(SchemaOptions {
        strict: args.strict,
        variables: declared.transpose()?.as_ref(),
    }))
}
