//! Any command line with any input ends with a documented exit code, and prints no control
//! characters for people.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use clap::{Arg, Command, CommandFactory as _, ValueHint};
use postcall::cli::Cli;
use postcall::exit::EXIT_CODES;

/// The result of a run.
pub struct Outcome {
    /// The exit code.
    pub code: Option<i32>,
    /// The bytes on standard output.
    pub stdout: Vec<u8>,
    /// The bytes on standard error.
    pub stderr: Vec<u8>,
}

/// Runs the program with these arguments, its name not included, and with this standard input.
pub type Run<'r> = &'r dyn Fn(&[String], &[u8]) -> Outcome;

/// Commands whose output is for other programs: it has values verbatim, or shell code.
const COMMANDS_FOR_PROGRAMS: &[&str] = &["export", "extract", "completions", "man"];

/// Formats that have values verbatim.
const FORMATS_FOR_PROGRAMS: &[&str] = &["--format=csv", "--format=tsv"];

/// Values of options without a fixed list of values. Most options accept some of them.
const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "2",
    "480601",
    "a",
    "id",
    "completed",
    "+4915123456789",
    "*.summary",
    "id=Call,customer_phone,lead",
    "-transcript",
    "2024-01-15",
    "2024-01-15T10:30:00Z",
    "7d",
    "90s",
    "1h",
    "Europe/Berlin",
    "utc",
    "local",
    "nps>=9",
    "status=true",
    "summary",
    "missing-field",
    "missing-field:/lead/**",
    "all",
    "format",
    "/body",
    "/*/0/a~1b",
    "1K",
    "1M",
    ";",
    "tab",
    "|",
    "NULL",
    "yes/no",
    "%d.%m.%Y %H:%M",
    "excel",
    "excel-de",
];

/// Extensions of output files.
const EXTENSIONS: &[&str] = &[".csv", ".tsv", ".jsonl", ".xlsx", ".parquet", ".json", ""];

/// The parts of an input of the fuzzer, see [`split`].
struct Parts<'d> {
    choices: Unstructured<'d>,
    /// Content of the settings file.
    settings: &'d [u8],
    /// The bytes that the program reads.
    input: &'d [u8],
}

/// Checks one run. The first byte is the number of bytes that choose the command line, the second
/// the number of bytes of the settings file; both follow, then the input of the program. `folder`
/// is for its files.
pub fn check(data: &[u8], folder: &Path, run: Run) {
    let Some(mut parts) = split(data) else {
        return;
    };
    let mut files = Files::create(folder, &parts);
    let Ok(arguments) = arguments(&mut parts.choices, &mut files) else {
        return;
    };
    let outcome = run(&arguments, &files.stdin);
    let is_documented = |code| EXIT_CODES.iter().any(|(exit, _)| *exit as i32 == code);
    let text = String::from_utf8_lossy(&outcome.stdout);
    let messages = String::from_utf8_lossy(&outcome.stderr);
    assert!(
        outcome.code.is_some_and(is_documented) && !messages.contains("panicked"),
        "{arguments:?} ends with {:?}: {messages}",
        outcome.code
    );
    assert!(
        !has_control_characters(&messages),
        "{arguments:?}: {messages:?}"
    );
    if is_for_people(&arguments) {
        assert!(!has_control_characters(&text), "{arguments:?}: {text:?}");
    }
    files.remove_outputs();
}

/// Splits the bytes; `None` if there are too few.
fn split(data: &[u8]) -> Option<Parts<'_>> {
    let ([choices, settings], rest) = data.split_first_chunk()?;
    let (choices, rest) = rest.split_at_checked(usize::from(*choices))?;
    let (settings, input) = rest.split_at_checked(usize::from(*settings))?;
    Some(Parts {
        choices: Unstructured::new(choices),
        settings,
        input,
    })
}

/// The files that a command line can name. All are in one folder.
struct Files<'f> {
    folder: &'f Path,
    input: &'f [u8],
    stdin: Vec<u8>,
    has_outputs: bool,
}

impl<'f> Files<'f> {
    /// Writes the settings file.
    fn create(folder: &'f Path, parts: &Parts<'f>) -> Self {
        fs::write(folder.join("settings"), parts.settings).expect("a writable folder");
        Self {
            folder,
            input: parts.input,
            stdin: Vec::new(),
            has_outputs: false,
        }
    }

    /// A path for output.
    fn output(&mut self, name: &str) -> String {
        self.has_outputs = true;
        let outputs = self.folder.join("outputs");
        fs::create_dir_all(&outputs).expect("a writable folder");
        text_of(outputs.join(name))
    }

    fn remove_outputs(&self) {
        if self.has_outputs {
            fs::remove_dir_all(self.folder.join("outputs")).expect("a writable folder");
        }
    }

    /// The paths from which the program reads the input: none for standard input.
    fn input(&mut self, choices: &mut Unstructured) -> Result<Vec<String>> {
        let path = self.folder.join("inputs");
        let file = path.join("calls.json");
        let named = *choices.choose(&["stdin", "-", "file", "folder", "files", "missing"])?;
        if matches!(named, "stdin" | "-") {
            self.stdin = self.input.to_vec();
        } else {
            fs::create_dir_all(&path).expect("a writable folder");
            fs::write(&file, self.input).expect("a writable folder");
        }
        let paths = match named {
            "stdin" => vec![],
            "file" => vec![file],
            "folder" => vec![path],
            "files" => vec![file.clone(), file],
            "missing" => vec![path.join("missing"), file],
            name => vec![PathBuf::from(name)],
        };
        Ok(paths.into_iter().map(text_of).collect())
    }
}

fn text_of(path: PathBuf) -> String {
    path.into_os_string()
        .into_string()
        .expect("a temporary folder in UTF-8")
}

/// The commands with all their options, from the definition of the command line.
static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let mut cli = Cli::command();
    cli.build();
    cli.get_subcommands().cloned().collect()
});

/// Chooses a command, options with values, and the input.
fn arguments(choices: &mut Unstructured, files: &mut Files) -> Result<Vec<String>> {
    let command = choices.choose(&COMMANDS)?;
    let mut arguments = vec![command.get_name().to_owned()];
    let all: Vec<&Arg> = command.get_arguments().collect();
    let count = choices.int_in_range(0..=5)?;
    for _ in 0..count {
        if !all.is_empty() {
            arguments.extend(argument(choices.choose(&all)?, choices, files)?);
        }
    }
    if all.iter().any(|argument| argument.get_id() == "paths") {
        arguments.extend(files.input(choices)?);
    }
    Ok(arguments)
}

/// An option with a value, or a value without an option; `None` for paths of the input.
fn argument(
    argument: &Arg,
    choices: &mut Unstructured,
    files: &mut Files,
) -> Result<Option<String>> {
    if argument.get_id() == "paths" {
        return Ok(None);
    }
    let option = argument.get_long().map(|name| format!("--{name}"));
    if !argument.get_action().takes_values() {
        return Ok(option);
    }
    let value = value_of(argument, choices, files)?;
    Ok(Some(match option {
        Some(option) => format!("{option}={value}"),
        // Not a first word that could be an option.
        None => value.trim_start_matches('-').to_owned(),
    }))
}

/// A value that the option may have. Outputs are only in the folder of the run.
fn value_of(argument: &Arg, choices: &mut Unstructured, files: &mut Files) -> Result<String> {
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let value = possible[choices.choose_index(possible.len())?].clone();
        return Ok(value.get_name().to_owned());
    }
    let name = argument.get_long().unwrap_or_default();
    Ok(match (name, argument.get_value_hint()) {
        ("threads", _) => choices.int_in_range(1..=3)?.to_string(),
        ("config" | "variables", _) => text_of(files.folder.join("settings")),
        ("report", _) => {
            let formats = [
                "human", "concise", "json", "jsonl", "sarif", "junit", "github",
            ];
            let format = *choices.choose(&formats)?;
            format!("{format}={}", files.output("report"))
        }
        (_, ValueHint::FilePath | ValueHint::DirPath | ValueHint::AnyPath) => {
            let extension = *choices.choose(EXTENSIONS)?;
            files.output(&format!("{name}{extension}"))
        }
        _ if choices.ratio(3, 4)? => (*choices.choose(VALUES)?).to_owned(),
        // An argument cannot contain NUL.
        _ => choices.arbitrary::<&str>()?.replace('\0', "0"),
    })
}

/// True if people read the standard output of the run on a terminal. JSON is included, because
/// terminals show it most often.
fn is_for_people(arguments: &[String]) -> bool {
    let is = |list: &[&str], argument: &String| list.contains(&argument.as_str());
    !is(COMMANDS_FOR_PROGRAMS, &arguments[0])
        && !arguments
            .iter()
            .any(|argument| is(FORMATS_FOR_PROGRAMS, argument))
}

/// True if the text has characters that a terminal might interpret instead of showing them, apart
/// from codes for colours. This is independent of the check in the program.
fn has_control_characters(text: &str) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let is_control = (character.is_control() && character != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&character)
            || ('\u{2066}'..='\u{2069}').contains(&character);
        if is_control && !(character == '\u{1b}' && skip_colour(&mut characters)) {
            return true;
        }
    }
    false
}

/// Skips the rest of a code for a colour. Returns false if it is another code.
fn skip_colour(characters: &mut std::str::Chars) -> bool {
    characters.next() == Some('[')
        && characters.find(|c| !c.is_ascii_digit() && *c != ';') == Some('m')
}
