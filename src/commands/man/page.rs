//! Man pages in roff (man(7)), with the texts of the command line's definition.

use std::fmt::Write as _;

use clap::{Arg, Command};
use roff::{Inline, Roff, bold, italic, roman};

use crate::exit::EXIT_CODES;

/// Environment variables that the program reads, each with its effect.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "NO_COLOR",
        "If set, output has no colours, unless `--color` is given.",
    ),
    (
        "CLICOLOR_FORCE",
        "If set, output has colours in pipes and files too, unless `--color` is given.",
    ),
    (
        "COLUMNS",
        "Width of tables and cards, instead of the width of the terminal.",
    ),
    (
        "POSTCALL_TZ",
        "Time zone. Overrides `tz` in `postcall.toml`; `--tz` overrides it.",
    ),
    (
        "SOURCE_DATE_EPOCH",
        "Time in seconds since 1970 that replaces the current time, for reproducible output.",
    ),
    ("TMPDIR", "Folder for temporary files."),
];

const CONFIG_FILE: &str = "Levels of rules, settings of the webhook, and defaults of options. The \
    nearest file is used, in the working directory or above.";

/// The commands that have a page.
pub(super) fn commands(root: &Command) -> impl Iterator<Item = &Command> {
    root.get_subcommands()
        .filter(|command| command.get_name() != "help")
}

/// The name of the page: `postcall-export`.
pub(super) fn name(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

/// The page of `command`, which is `root` or one of its commands. Both are built.
#[must_use]
pub(super) fn render(command: &Command, root: &Command) -> String {
    let is_root = name(command) == name(root);
    let mut page = ManPage::default();
    page.title(name(command));
    page.section("NAME");
    page.text(&format!("{} - {}", name(command), about(command)));
    page.synopsis(command);
    page.section("DESCRIPTION");
    page.paragraphs(&description(command), "PP");
    if is_root {
        page.control("PP");
        page.text("Options without a command are those of `postcall show`.");
        page.section("COMMANDS");
        for command in commands(root) {
            page.control("TP");
            page.inlines(reference(command));
            page.text(&about(command));
        }
    }
    page.options(command, is_root);
    page.section("EXIT STATUS");
    page.text("If several apply, the highest wins.");
    for (exit, meaning) in EXIT_CODES {
        page.term([bold((*exit as u8).to_string())], &sentence(meaning));
    }
    if is_root {
        page.section("ENVIRONMENT");
        for (variable, effect) in ENVIRONMENT {
            page.term([bold(*variable)], effect);
        }
        page.section("FILES");
        page.term([italic("postcall.toml")], CONFIG_FILE);
    }
    page.examples(command);
    page.section("SEE ALSO");
    page.see_also(is_root, root);
    page.finish()
}

/// The long description, without its first paragraph, which is in NAME, and the aliases.
fn description(command: &Command) -> String {
    let long = command.get_long_about().map(ToString::to_string);
    let long = long.unwrap_or_default();
    let mut text = match long.split_once("\n\n") {
        Some((_, rest)) => rest.to_owned(),
        None => format!("{}.", about(command)),
    };
    let aliases: Vec<&str> = command.get_visible_aliases().collect();
    if !aliases.is_empty() {
        let _ = write!(text, "\n\nAlias: `{}`.", aliases.join("`, `"));
    }
    text
}

fn about(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string);
    about.unwrap_or_default()
}

/// Adds a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    format!(
        "{}{}.",
        first.map(String::from).unwrap_or_default(),
        characters.as_str()
    )
}

/// A reference to the page of a command.
fn reference(command: &Command) -> Vec<Inline> {
    vec![bold(name(command)), roman("(1)")]
}

/// A page while it is written.
#[derive(Default)]
struct ManPage(Roff);

impl ManPage {
    fn title(&mut self, name: &str) {
        let source = concat!("postcall ", env!("CARGO_PKG_VERSION"));
        // Without a date, the page does not depend on the day of the build.
        let arguments = [&*name.to_uppercase(), "1", "\"\"", source, "User Commands"];
        self.0.control("TH", arguments);
        // Without wide gaps between words.
        self.0.control("ad", ["l"]);
    }

    fn control(&mut self, name: &str) {
        self.0.control(name, []);
    }

    fn section(&mut self, title: &str) {
        self.0.control("SH", [&*title.to_uppercase()]);
    }

    fn inlines(&mut self, inlines: impl Into<Vec<Inline>>) {
        self.0.text(inlines);
    }

    /// Writes text in which backticks mark code.
    fn text(&mut self, text: &str) {
        let pieces = text.split('`').enumerate();
        let inlines = pieces.map(|(index, piece)| match index % 2 {
            0 => roman(piece),
            _ => bold(piece),
        });
        self.inlines(inlines.collect::<Vec<_>>());
    }

    /// Writes the paragraphs of `text`, each but the first after the macro `separator`.
    fn paragraphs(&mut self, text: &str, separator: &str) {
        for (index, paragraph) in text.split("\n\n").enumerate() {
            if index > 0 {
                self.control(separator);
            }
            self.text(paragraph);
        }
    }

    /// Writes a term with its text indented below it.
    fn term(&mut self, term: impl Into<Vec<Inline>>, text: &str) {
        self.control("TP");
        self.inlines(term);
        self.paragraphs(text, "IP");
    }

    fn synopsis(&mut self, command: &Command) {
        self.section("SYNOPSIS");
        let usage = command.clone().render_usage().to_string();
        let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
        let forms = usage.trim_start_matches("Usage:").lines().map(str::trim);
        for (index, form) in forms.enumerate() {
            if index > 0 {
                self.control("br");
            }
            match form.strip_prefix(name) {
                Some(arguments) => self.inlines([bold(name), roman(arguments)]),
                None => self.text(form),
            }
        }
    }

    /// Writes a section for each help heading. The page of the program has only global options,
    /// because the others are those of `show`.
    fn options(&mut self, command: &Command, is_root: bool) {
        let is_general = |argument: &&Arg| {
            argument.is_global_set() || ["help", "version"].contains(&argument.get_id().as_str())
        };
        let arguments = command.get_arguments();
        let mut arguments: Vec<&Arg> = arguments
            .filter(|argument| !argument.is_hide_set() && (!is_root || is_general(argument)))
            .collect();
        // Positional arguments first, like in the synopsis of other programs.
        arguments.sort_by_key(|argument| (!argument.is_positional(), argument.get_display_order()));
        let mut headings: Vec<&str> = Vec::new();
        for argument in &arguments {
            let heading = heading(argument);
            if !headings.contains(&heading) {
                headings.push(heading);
            }
        }
        headings.sort_by_key(|heading| *heading != "Options");
        for title in headings {
            self.section(title);
            let options = arguments
                .iter()
                .filter(|argument| heading(argument) == title);
            options.for_each(|argument| self.option(argument));
        }
    }

    fn option(&mut self, argument: &Arg) {
        let mut term = Vec::new();
        if let Some(short) = argument.get_short() {
            term.extend([bold(format!("-{short}")), roman(", ")]);
        }
        let name = argument.to_string();
        match name.split_once(' ') {
            _ if argument.is_positional() => term.push(italic(&name)),
            Some((name, value)) => term.extend([bold(name), roman(" "), italic(value)]),
            None => term.push(bold(&name)),
        }
        let help = argument.get_long_help().or(argument.get_help());
        let mut help = help.map(ToString::to_string).unwrap_or_default();
        let takes_values = argument.get_action().takes_values();
        if let ([default], true) = (argument.get_default_values(), takes_values) {
            let _ = write!(help, " [default: {}]", default.to_string_lossy());
        }
        self.term(term, &help);
        if takes_values {
            self.possible_values(argument);
        }
    }

    /// Writes the possible values of an option, with their meanings if they have one.
    fn possible_values(&mut self, argument: &Arg) {
        let values = argument.get_possible_values();
        let values: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).collect();
        if values.is_empty() {
            return;
        }
        let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        if values.iter().all(|value| value.get_help().is_none()) {
            self.control("IP");
            self.text(&format!("Possible values: {}", names.join(", ")));
            return;
        }
        let width = names
            .iter()
            .map(|name| name.len())
            .max()
            .unwrap_or_default()
            + 2;
        self.control("RS");
        self.0.control("PD", ["0"]);
        for value in values {
            self.0.control("TP", [&*width.to_string()]);
            self.inlines([bold(value.get_name())]);
            self.text(
                &value
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            );
        }
        self.control("PD");
        self.control("RE");
    }

    /// Writes a section for each block of the text after the help, except the exit codes. Its lines
    /// are neither filled nor hyphenated, so that they can be copied.
    fn examples(&mut self, command: &Command) {
        let text = command.get_after_help().map(ToString::to_string);
        for block in text.unwrap_or_default().split("\n\n") {
            let Some((heading, lines)) = block.split_once(":\n") else {
                continue;
            };
            if heading.starts_with("Exit codes") {
                continue;
            }
            self.section(heading);
            self.control("EX");
            for line in lines.lines() {
                self.inlines([roman(line.trim_start())]);
            }
            self.control("EE");
        }
    }

    fn see_also(&mut self, is_root: bool, root: &Command) {
        if !is_root {
            self.inlines(reference(root));
            return;
        }
        let mut references = Vec::new();
        for command in commands(root) {
            references.extend(reference(command));
            references.push(roman(", "));
        }
        references.extend([bold("jq"), roman("(1)")]);
        self.inlines(references);
    }

    fn finish(self) -> String {
        // `\%` prevents that a name is hyphenated.
        let text = self.0.render().replace(r"\fB", r"\fB\%");
        let mut page = String::new();
        for character in text.chars() {
            match character {
                // groff prints other characters for these two, which then cannot be copied.
                '~' => page.push_str(r"\(ti"),
                '^' => page.push_str(r"\(ha"),
                _ if character.is_ascii() => page.push(character),
                // Not all versions of roff read UTF-8.
                _ => {
                    let _ = write!(page, r"\[u{:04X}]", u32::from(character));
                }
            }
        }
        page
    }
}

fn heading(argument: &Arg) -> &str {
    argument.get_help_heading().unwrap_or("Options")
}
