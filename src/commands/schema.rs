//! `schema`: prints the contract as JSON Schema.

use std::io::Write as _;

use crate::cli::SchemaArgs;
use crate::contract::schema::{SchemaOptions, build_schema};
use crate::exit::UsageError;
use crate::run::session::Session;
use crate::settings::variables_file::read_declared_variables;

pub(crate) fn run(args: &SchemaArgs, session: &mut Session) -> anyhow::Result<()> {
    let declared = args.variables.as_deref().map(read_declared_variables);
    let declared = declared.transpose().map_err(UsageError)?;
    let schema = build_schema(SchemaOptions {
        strict: args.strict,
        variables: declared.as_ref(),
    });
    // Names of declared variables come from a file and could contain control characters.
    session.guard_terminal();
    Ok(writeln!(session.out, "{schema:#}")?)
}
