//! `infer`: a declaration of the extracted variables, from the bodies.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use crate::capture::source::reader::TableUse;
use crate::cli::{DeclarationFormat, InferArgs};
use crate::contract::declared_variables::{DeclaredVariables, is_vendor_name};
use crate::exit::{Exit, UsageError};
use crate::infer::changes::Changes;
use crate::infer::evidence::{InferredVariable, Variable, infer};
use crate::infer::observed::ObservedVariables;
use crate::infer::toml_table::{format_entry, format_key, format_table};
use crate::infer::{json_list, toml_merge};
use crate::run::claims::OUTPUT_OPTION;
use crate::run::output_file::{OutputFile, is_same_file};
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::settings::declaration_file::{DeclarationFile, parse_toml};
use crate::settings::variables_file::read_declared_variables;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;
use crate::text::shorten::shorten;

/// Maximum number of messages about variables of one kind.
const MAX_MESSAGES: usize = 20;

pub(crate) fn run(args: &InferArgs, session: &mut Session) -> anyhow::Result<()> {
    let mut read = args.input.read_options(&session.config, session.clock)?;
    // The rows of a table have texts, not the types of the body.
    read.inputs.tables = TableUse::Refuse;
    if args.check {
        return check(args, &mut read, session);
    }
    let Some(path) = args.file() else {
        let format = args.format().map_err(UsageError)?;
        let Some(observed) = read_calls(&read, session)? else {
            return Ok(());
        };
        return print_declaration(&observed, format, session);
    };
    // The declaration is a part of the settings, which other commands only read.
    read.settings_files.retain(|file| !is_same_file(file, path));
    session.claim_outputs(&mut read, &[(OUTPUT_OPTION, path)], None)?;
    let format = args.format().map_err(UsageError)?;
    let existing = match format {
        DeclarationFormat::Toml => DeclarationFile::read_toml(path),
        DeclarationFormat::Json => DeclarationFile::read_json(path),
    };
    let existing = existing.map_err(UsageError)?;
    let file = OutputFile::create(path)?;
    let Some(observed) = read_calls(&read, session)? else {
        return Ok(());
    };
    match existing {
        None => write_new(&observed, format, path, file, session),
        Some(existing) => merge(&observed, format, path, &existing, file, session),
    }
}

/// The variables of the selected calls; `None` if the input has no calls, which is a failure.
fn read_calls(
    read: &ReadOptions,
    session: &mut Session,
) -> anyhow::Result<Option<ObservedVariables>> {
    let mut observed = ObservedVariables::default();
    session.for_each_call(
        read,
        |body, batch: &mut ObservedVariables| batch.add(body),
        |_, batch| {
            observed.append(batch);
            observed.check_limits()
        },
    )?;
    if let Some(skipped) = &observed.not_objects {
        let calls = format_count(skipped.count, "call");
        let first = &skipped.first.location;
        session.print_message(&format!(
            "{calls} skipped: extracted_variables is not an object, first {first}"
        ));
    }
    Ok((!session.lacks_calls()).then_some(observed))
}

/// Prints what would change in the declaration, and sets the exit code if anything would.
fn check(args: &InferArgs, read: &mut ReadOptions, session: &mut Session) -> anyhow::Result<()> {
    let (file, declared, format) = declaration(args, session).map_err(UsageError)?;
    read.settings_files.push(file);
    let Some(observed) = read_calls(read, session)? else {
        return Ok(());
    };
    let changes = changes_of(format, Changes::find(&declared, &observed));
    session.guard_terminal();
    let out = &mut session.out;
    for variable in &changes.new {
        let (entry, first) = (format_entry(variable), variable.first());
        writeln!(out, "new: {entry}, first in {first}")?;
    }
    for variable in &changes.retyped {
        let (name, description) = (variable.inferred.name, variable.description());
        writeln!(out, "retyped: {}: {description}", format_key(name))?;
    }
    if observed.calls > 0 {
        for name in &changes.vanished {
            writeln!(out, "vanished: {}", format_key(name))?;
        }
    }
    if !changes.is_empty() {
        session.fail(Exit::BadData);
    }
    session.flush()
}

/// The changes that a declaration in this format can hold.
fn changes_of(format: DeclarationFormat, changes: Changes) -> Changes {
    match format {
        DeclarationFormat::Toml => changes,
        DeclarationFormat::Json => changes.without_refused_names(),
    }
}

/// The declaration to check, its file, and the format of the declaration.
fn declaration(
    args: &InferArgs,
    session: &Session,
) -> anyhow::Result<(PathBuf, DeclaredVariables, DeclarationFormat)> {
    if let Some(path) = &args.variables {
        let declared = read_declared_variables(path)?;
        return Ok((path.clone(), declared, DeclarationFormat::Json));
    }
    let (path, declared) = session.config.read_variables()?.context(
        "--check needs a declaration: use --variables FILE, or set `variables` under [webhook] in postcall.toml",
    )?;
    let format = if session.config.has_variables_file() {
        DeclarationFormat::Json
    } else {
        DeclarationFormat::Toml
    };
    Ok((path, declared, format))
}

fn print_declaration(
    observed: &ObservedVariables,
    format: DeclarationFormat,
    session: &mut Session,
) -> anyhow::Result<()> {
    let text = format_declaration(observed, format)?;
    session.write_after_reading(None, true, |out, _| Ok(out.write_all(text.as_bytes())?))?;
    if format == DeclarationFormat::Json {
        print_undeclarable(observed, session);
        print_refused(observed, None, session);
        print_advice(&declarable(observed), session);
    }
    Ok(())
}

fn format_declaration(
    observed: &ObservedVariables,
    format: DeclarationFormat,
) -> anyhow::Result<String> {
    match format {
        DeclarationFormat::Toml => Ok(format_table(observed)),
        DeclarationFormat::Json => json_list::format_list(&declarable(observed)),
    }
}

fn declarable(observed: &ObservedVariables) -> Vec<InferredVariable<'_>> {
    let variables = infer(observed).filter_map(|variable| match variable {
        Variable::Declarable(variable) => Some(variable),
        Variable::Undeclarable(_) => None,
    });
    variables.collect()
}

/// Writes the declaration to a new file.
fn write_new(
    observed: &ObservedVariables,
    format: DeclarationFormat,
    path: &Path,
    file: OutputFile,
    session: &mut Session,
) -> anyhow::Result<()> {
    let text = format_declaration(observed, format)?;
    write(&text, file, session)?;
    if format == DeclarationFormat::Json {
        print_undeclarable(observed, session);
        print_refused(observed, None, session);
        print_advice(&declarable(observed), session);
    }
    let variables = declarable(observed).into_iter();
    let written = variables
        .filter(|variable| format == DeclarationFormat::Toml || is_vendor_name(variable.name));
    let count = written.count() as u64;
    session.print_written(&[format_count(count, "variable")], path, false);
    Ok(())
}

/// Writes the changes into an existing file, and prints them. The file is not touched if there are
/// none.
fn merge(
    observed: &ObservedVariables,
    format: DeclarationFormat,
    path: &Path,
    existing: &DeclarationFile,
    file: OutputFile,
    session: &mut Session,
) -> anyhow::Result<()> {
    // An empty declaration is none yet: it gets the variables that every assistant extracts, too.
    let declared = existing.declared.as_ref();
    let declared = declared.filter(|declared| declared.iter().len() > 0);
    let changes = match declared {
        Some(declared) => Changes::find(declared, observed),
        None => Changes {
            new: declarable(observed),
            ..Changes::default()
        },
    };
    let changes = changes_of(format, changes);
    let text = match format {
        _ if changes.is_empty() && existing.declared.is_some() => None,
        DeclarationFormat::Toml => Some(merge_toml(path, existing, &changes)?),
        DeclarationFormat::Json => Some(json_list::merge(&existing.text, &changes)?),
    };
    if let Some(text) = &text {
        let text = format!("{}{text}", existing.byte_order_mark);
        write(&text, file, session)?;
    }
    print_changes(&changes, observed, session);
    if format == DeclarationFormat::Json {
        print_refused(observed, declared, session);
        print_advice(&changes.new, session);
    }
    let counts = [
        format!("{} new", changes.new.len()),
        format!("{} retyped", changes.retyped.len()),
    ];
    match text {
        Some(_) => session.print_written(&counts, path, true),
        None => session.print_result(&format!("{}: no changes", path_name(path))),
    }
    Ok(())
}

/// The text of the settings file with the changes. Fails if the file is written in a way that the
/// result does not declare what it should.
fn merge_toml(
    path: &Path,
    existing: &DeclarationFile,
    changes: &Changes,
) -> anyhow::Result<String> {
    let text = toml_merge::merge(&existing.text, changes)?;
    let declared = parse_toml(&text, path)?.unwrap_or_default();
    let retyped = changes.retyped.iter().map(|retyped| &retyped.inferred);
    let mut expected = changes.new.iter().chain(retyped);
    let before = existing
        .declared
        .as_ref()
        .map_or(0, |declared| declared.iter().len());
    let is_declared = |variable: &InferredVariable| {
        declared.get(variable.name).map(|declared| declared.kind) == Some(variable.kind)
    };
    ensure!(
        expected.all(is_declared) && declared.iter().len() == before + changes.new.len(),
        "{}: cannot add variables to this file; write [webhook.variables] as a table of its own",
        path_name(path)
    );
    Ok(text)
}

fn write(text: &str, file: OutputFile, session: &mut Session) -> anyhow::Result<()> {
    session.write_after_reading(Some(Box::new(file)), true, |out, _| {
        Ok(out.write_all(text.as_bytes())?)
    })
}

/// Prints what changed in an existing file, and what was not declared.
fn print_changes(changes: &Changes, observed: &ObservedVariables, session: &mut Session) {
    let retyped = changes.retyped.iter();
    let retyped = retyped.map(|variable| {
        let name = format_key(&shorten(variable.inferred.name));
        format!("retyped: {name}: {}", variable.description())
    });
    print_list(retyped, session);
    if observed.calls > 0 {
        let vanished = changes.vanished.iter();
        let vanished = vanished.map(|name| {
            let name = format_key(&shorten(name));
            format!("kept: {name}: declared, but not in the input")
        });
        print_list(vanished, session);
    }
    print_undeclarable(observed, session);
}

/// Prints which variables are not declared, and why.
fn print_undeclarable(observed: &ObservedVariables, session: &mut Session) {
    let messages = infer(observed).filter_map(|variable| match variable {
        Variable::Declarable(_) => None,
        Variable::Undeclarable(variable) => {
            let name = format_key(&shorten(variable.name));
            Some(format!("{name}: {}", variable.reason()))
        }
    });
    print_list(messages, session);
}

/// Prints which variables are not declared because the vendor does not accept their names.
fn print_refused(
    observed: &ObservedVariables,
    declared: Option<&DeclaredVariables>,
    session: &mut Session,
) {
    let refused = declarable(observed).into_iter().filter(|variable| {
        let is_declared = declared.is_some_and(|declared| declared.get(variable.name).is_some());
        !is_vendor_name(variable.name) && !is_declared
    });
    let refused = refused.map(|variable| {
        let name = format_key(&shorten(variable.name));
        format!("{name}: not declared: the vendor accepts letters, digits and _ only")
    });
    print_list(refused, session);
}

/// Prints what is missing from the new declarations of `variables`.
fn print_advice(variables: &[InferredVariable], session: &mut Session) {
    let mut names = variables.iter().map(|variable| variable.name);
    if names.any(is_vendor_name) {
        session.print_message(
            "the descriptions repeat the names; replace them, because the AI reads them",
        );
    }
}

/// Prints the first [`MAX_MESSAGES`] of the messages, and the number of the others.
fn print_list(messages: impl Iterator<Item = String>, session: &mut Session) {
    let mut messages = messages;
    for message in messages.by_ref().take(MAX_MESSAGES) {
        session.print_message(&message);
    }
    let more = messages.count();
    if more > 0 {
        session.print_message(&format!(
            "… and {}",
            format_count(more as u64, "more variable")
        ));
    }
}
