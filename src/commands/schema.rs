//! `schema`: the contract as JSON Schema.

use std::io::Write as _;

use super::session::{Session, on_stdout};
use crate::cli::SchemaArgs;
use crate::exit::Misuse;
use crate::schema::{Options, schema};
use crate::settings::variables::DeclaredVariables;

pub(super) fn run(args: &SchemaArgs, session: &mut Session) -> anyhow::Result<()> {
    let declared = args.variables.as_deref().map(DeclaredVariables::read);
    let declared = declared.transpose().map_err(Misuse)?;
    let schema = schema(Options {
        strict: args.strict,
        variables: declared.as_ref(),
    });
    // Names of variables are the user's own: in a terminal they are shown, not obeyed.
    session.guard_terminal();
    on_stdout(writeln!(session.out, "{schema:#}"))
}
