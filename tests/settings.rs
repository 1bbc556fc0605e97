//! Which settings files a run finds, which it rejects, and which reports name the file in force.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{copy_program, program, repository, temporary_folder};

/// The users in these tests. None of them needs to exist.
const USER: u32 = 61_001;
const OTHER: u32 = 61_002;
const STRANGER: u32 = 61_003;

/// Settings that make the warning of `body.json` an error.
const STRICT: &str = "strict = true\n";

/// A temporary folder with a body that has a warning. The home folder of the user is elsewhere.
struct Folder {
    folder: TempDir,
    home: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let folder = temporary_folder();
        let body = repository().join("samples/broken/unknown-status.json");
        fs::copy(body, folder.path().join("body.json")).expect("a sample");
        let home = folder.path().join("home");
        Self { folder, home }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn create_folder(&self, name: &str) {
        fs::create_dir_all(self.path(name)).expect("a new folder");
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a new file");
    }

    /// The program, to be run in the folder `name`.
    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = program(arguments);
        command.current_dir(self.path(name)).env("HOME", &self.home);
        command
    }

    /// Validates the body in the folder `name`, and returns the settings file in force or the
    /// error.
    fn config(&self, name: &str, options: &[&str]) -> Result<Option<String>, String> {
        let body = self.path("body.json");
        let body = body.to_str().expect("UTF-8");
        let arguments = [&["validate", "--format", "json", body], options].concat();
        config(&run(self.program(name, &arguments)))
    }
}

fn run(mut command: Command) -> Output {
    command.output().expect("the program runs")
}

/// The settings file in force according to a JSON report, which has an error if there is one.
fn config(output: &Output) -> Result<Option<String>, String> {
    if output.status.code() == Some(2) {
        assert!(output.stdout.is_empty());
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let config = report["config"].as_str().map(str::to_owned);
    let is_strict = report["summary"]["errors"] != 0;
    assert_eq!(config.is_some(), is_strict, "{report}");
    Ok(config)
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with results")]
fn found(name: &str) -> Result<Option<String>, String> {
    Ok(Some(name.to_owned()))
}

/// Fails unless the run was an error that names `file`, `reason` and both options.
fn assert_rejected(result: &Result<Option<String>, String>, file: &str, reason: &str) {
    let error = result.as_ref().expect_err("an error");
    let start = format!("postcall: error: {file}: ");
    assert!(
        error.starts_with(&start) && error.contains(reason),
        "{error}"
    );
    assert!(
        error.contains("--config FILE") && error.contains("--no-config"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");
}

/// Tests that need other owners do nothing without root, because only root can change owners.
fn is_root() -> bool {
    let folder = temporary_folder();
    chown(folder.path(), Some(OTHER), None).is_ok()
}

#[test]
fn the_search_ends_at_the_repository() {
    let folder = Folder::new();
    folder.create_folder("repository/calls/2024");
    folder.write("postcall.toml", STRICT);
    assert_eq!(folder.config("repository/calls", &[]), Ok(None));
    folder.create_folder("repository/.git");
    assert_eq!(folder.config("repository/calls", &[]), Ok(None));
    folder.write("repository/postcall.toml", STRICT);
    assert_eq!(folder.config("repository", &[]), found("postcall.toml"));
    assert_eq!(
        folder.config("repository/calls", &[]),
        found("../postcall.toml")
    );
    assert_eq!(
        folder.config("repository/calls/2024", &[]),
        found("../../postcall.toml")
    );
    folder.write("repository/calls/postcall.toml", STRICT);
    assert_eq!(
        folder.config("repository/calls/2024", &[]),
        found("../postcall.toml")
    );
}

/// In worktrees and submodules, `.git` is a file. A broken link counts too.
#[test]
fn a_marker_of_any_kind_makes_a_repository() {
    let folder = Folder::new();
    for (name, marker) in [("file", "gitdir: elsewhere\n"), ("empty", "")] {
        folder.create_folder(&format!("{name}/calls"));
        folder.write(&format!("{name}/.git"), marker);
        folder.write(&format!("{name}/postcall.toml"), STRICT);
        assert_eq!(
            folder.config(&format!("{name}/calls"), &[]),
            found("../postcall.toml")
        );
    }
    folder.create_folder("link/calls");
    symlink("missing", folder.path("link/.git")).expect("a link");
    folder.write("link/postcall.toml", STRICT);
    assert_eq!(folder.config("link/calls", &[]), found("../postcall.toml"));
}

#[test]
fn without_a_repository_the_search_ends_at_the_home_folder() {
    let mut folder = Folder::new();
    folder.create_folder("home/work/calls");
    folder.create_folder("elsewhere/calls");
    folder.write("postcall.toml", STRICT);
    assert_eq!(folder.config("home/work/calls", &[]), Ok(None));
    folder.write("home/postcall.toml", STRICT);
    assert_eq!(folder.config("home", &[]), found("postcall.toml"));
    assert_eq!(
        folder.config("home/work/calls", &[]),
        found("../../postcall.toml")
    );
    folder.write("elsewhere/postcall.toml", STRICT);
    assert_eq!(folder.config("elsewhere", &[]), found("postcall.toml"));
    assert_eq!(folder.config("elsewhere/calls", &[]), Ok(None));
    // A folder whose name only starts like that of the home folder is not below it.
    folder.create_folder("home2/calls");
    folder.write("home2/postcall.toml", STRICT);
    assert_eq!(folder.config("home2/calls", &[]), Ok(None));

    symlink("home", folder.path("link")).expect("a link");
    folder.home = folder.path("link");
    assert_eq!(folder.config("home/work", &[]), found("../postcall.toml"));
    for home in ["", "home", "../..", "missing"] {
        folder.home = PathBuf::from(home);
        assert_eq!(folder.config("home/work", &[]), Ok(None), "{home}");
    }
}

/// The path through which the user entered the folder does not matter.
#[test]
fn links_to_the_working_directory_are_resolved() {
    let folder = Folder::new();
    folder.create_folder("repository/.git");
    folder.create_folder("repository/calls");
    folder.create_folder("elsewhere/.git");
    folder.write("elsewhere/postcall.toml", STRICT);
    symlink("../repository/calls", folder.path("elsewhere/calls")).expect("a link");
    assert_eq!(folder.config("elsewhere/calls", &[]), Ok(None));
    let mut command = folder.program(
        "elsewhere/calls",
        &["validate", "-f", "json", "../../body.json"],
    );
    command.env("PWD", folder.path("elsewhere/calls"));
    assert_eq!(config(&run(command)), Ok(None));
}

#[test]
fn options_name_a_file_or_none() {
    let folder = Folder::new();
    folder.create_folder("a");
    folder.write("a/postcall.toml", "strikt = 1");
    folder.write("other.toml", STRICT);
    assert_eq!(folder.config("a", &["--no-config"]), Ok(None));
    let other = folder.path("other.toml");
    let other = other.to_str().expect("UTF-8");
    for path in ["../other.toml", "./../other.toml", other] {
        assert_eq!(
            folder.config("a", &["--config", path]),
            found("../other.toml"),
            "{path}"
        );
    }
    assert_eq!(folder.config("", &["--config", other]), found("other.toml"));

    // All commands have the options, and none ignores a wrong file.
    for command in [
        "show",
        "list",
        "export",
        "rules",
        "schema",
        "man",
        "completions bash",
    ] {
        let run = |options: &str| {
            let arguments: Vec<&str> = command.split(' ').chain(options.split(' ')).collect();
            let mut command = folder.program("a", &arguments);
            command.stdin(fs::File::open(folder.path("body.json")).expect("the body"));
            run(command).status.code()
        };
        assert_eq!(run("--no-config"), Some(0), "{command}");
        assert_eq!(run("--config ../other.toml"), Some(0), "{command}");
        assert_eq!(run("--config missing.toml"), Some(2), "{command}");
        assert_eq!(run("--config postcall.toml"), Some(2), "{command}");
        assert_eq!(
            run("--config ../other.toml --no-config"),
            Some(2),
            "{command}"
        );
    }
}

#[test]
fn settings_are_not_overwritten() {
    let folder = Folder::new();
    folder.write("a.json", r#"[{"name":"city","type":"string"}]"#);
    folder.write("other.toml", "[webhook]\nvariables = \"a.json\"\n");
    folder.write("postcall.toml", "[webhook]\nvariables = \"a.json\"\n");
    symlink("postcall.toml", folder.path("link")).expect("a link");
    for line in [
        "validate body.json --report json=postcall.toml",
        "validate body.json --report json=./link",
        "validate body.json --report json=a.json",
        "validate body.json --config other.toml --report json=other.toml",
        "validate body.json --no-config --variables a.json --report json=a.json",
        "export body.json --config other.toml -o other.toml -f csv",
        "export body.json --var city=x -o a.json -f csv",
        "extract body.json --var city=x -o postcall.toml",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = run(folder.program("", &arguments));
        let messages = String::from_utf8_lossy(&output.stderr);
        let is_refused = messages.contains("it holds the settings of this run");
        assert!(is_refused, "{line}: {messages}");
        assert_eq!(output.status.code(), Some(3), "{line}");
    }
    for file in ["postcall.toml", "other.toml"] {
        assert!(
            fs::read_to_string(folder.path(file)).is_ok_and(|text| text.starts_with("[webhook]"))
        );
    }
    let variables = fs::read_to_string(folder.path("a.json")).expect("a file");
    assert!(variables.contains("city"));
}

/// Creates something other than a regular file at `path`.
type Create = fn(&Path);

/// Things that are not regular files, each with the reason to reject it.
const NOT_FILES: &[(Create, &str)] = &[
    (
        |path| fs::create_dir(path).expect("a folder"),
        "found a folder",
    ),
    (|path| link("/dev/null", path), "found a device"),
    (|path| link("/dev/zero", path), "found a device"),
    (|path| link("/dev/tty", path), "found a device"),
    (|path| link("missing", path), "link to a missing file"),
    (|path| link("postcall.toml", path), "symbolic links"),
    (
        |path| drop(UnixListener::bind(path).expect("a socket")),
        "found a socket",
    ),
    (create_pipe, "found a pipe"),
];

fn link(target: &str, path: &Path) {
    symlink(target, path).expect("a link");
}

fn create_pipe(path: &Path) {
    let status = Command::new("mkfifo").arg(path).status();
    assert!(status.expect("mkfifo").success());
}

#[test]
fn only_regular_files_are_settings() {
    for (create, reason) in NOT_FILES {
        let folder = Folder::new();
        folder.create_folder("repository/.git");
        folder.create_folder("repository/calls");
        create(&folder.path("repository/postcall.toml"));
        assert_rejected(
            &folder.config("repository/calls", &[]),
            "../postcall.toml",
            reason,
        );
        let named = folder.config("repository", &["--config", "postcall.toml"]);
        assert!(named.expect_err("an error").contains(reason));
        let named = folder.config(
            "repository",
            &["--no-config", "--variables", "postcall.toml"],
        );
        assert!(named.expect_err("an error").contains(reason));

        // The file that the settings name.
        let folder = Folder::new();
        folder.write("toml", "[webhook]\nvariables = \"postcall.toml\"\n");
        create(&folder.path("postcall.toml"));
        let error = folder
            .config("", &["--config", "toml"])
            .expect_err("an error");
        let start = "postcall: error: toml:2: variables: postcall.toml: ";
        assert!(
            error.starts_with(start) && error.contains(reason),
            "{error}"
        );
        let mut command = folder.program(
            "",
            &["list", "--var", "a=b", "--config", "toml", "body.json"],
        );
        command.env("HOME", "/");
        let output = run(command);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(reason));
    }
}

#[test]
fn the_content_is_bounded_utf_8() {
    let folder = Folder::new();
    for (content, reason) in [
        (b"strict = true\n# \xe4\n".to_vec(), "line 2 is not UTF-8"),
        (b"\xff\xfes\0t\0".to_vec(), "UTF-16"),
        (b"\xfe\xff\0s\0t".to_vec(), "UTF-16"),
        (vec![b'#'; (16 << 20) + 1], "larger than 16 MiB"),
    ] {
        folder.write("postcall.toml", content);
        assert_rejected(&folder.config("", &[]), "postcall.toml", reason);
        let error = folder.config("", &["--no-config", "--variables", "postcall.toml"]);
        assert!(error.expect_err("an error").contains(reason));
    }
    folder.write("postcall.toml", "\u{feff}strict = true\n");
    assert_eq!(folder.config("", &[]), found("postcall.toml"));
    folder.write("postcall.toml", "\u{feff}strict = true\nstrikt = 1\n");
    let error = folder.config("", &[]).expect_err("an unknown key");
    assert!(error.contains("postcall.toml:2: "), "{error}");
    folder.write("postcall.toml", format!("{STRICT}{}", "#".repeat(1 << 20)));
    assert_eq!(folder.config("", &[]), found("postcall.toml"));
}

#[test]
fn long_keys_and_values_are_cut_in_messages() {
    let folder = Folder::new();
    let long = "ä".repeat(100_000);
    for content in [
        format!("\"{long}\" = 1"),
        format!("strict = \"{long}\""),
        format!("[rules]\n\"{long}\" = \"deny\""),
        format!("[rules]\n\"no-call:/{long}\" = \"{long}\""),
        format!("[webhook]\nvariables = [\"{long}\"]"),
        format!("[webhook]\nvariables = \"{long}\""),
        format!("{long} = true"),
    ] {
        folder.write("postcall.toml", content);
        let error = folder.config("", &[]).expect_err("an error");
        assert!(error.chars().count() < 1000, "{error}");
    }
}

#[test]
fn long_names_of_variables_are_cut_in_messages() {
    let folder = Folder::new();
    let long = "a".repeat(100_000);
    for content in [
        format!(r#"[{{"name":"{long}","type":"{long}"}}]"#),
        format!(r#"[{{"name":"{long}","type":"bool"}},{{"name":"{long}","type":"bool"}}]"#),
    ] {
        folder.write("variables.json", content);
        let error = folder.config("", &["--no-config", "--variables", "variables.json"]);
        let error = error.expect_err("an error");
        assert!(error.chars().count() < 1000, "{error}");
    }
}

/// Deep nesting is an error or is ignored, but never overflows the stack.
#[test]
fn deep_nesting_is_an_error() {
    let folder = Folder::new();
    let depth = 1 << 20;
    for content in [
        format!("a = {}", "[".repeat(depth)),
        format!("a = {}", "{a=".repeat(depth)),
        format!("{}a = 1", "a.".repeat(depth)),
        format!("[{}a]", "a.".repeat(depth)),
    ] {
        folder.write("postcall.toml", content);
        folder.config("", &[]).expect_err("an error");
    }
    for content in ["[".repeat(depth), r#"{"a":"#.repeat(depth)] {
        folder.write("variables.json", content);
        let error = folder.config("", &["--no-config", "--variables", "variables.json"]);
        error.expect_err("an error");
    }
}

#[test]
fn a_deleted_working_directory_has_no_settings_to_search_for() {
    let folder = Folder::new();
    folder.create_folder("a");
    let validate = |options: &str| {
        let script = format!("mkdir gone && cd gone && rmdir ../gone && exec \"$@\" {options}");
        let program = folder.program("", &[]);
        let mut command = Command::new("sh");
        command
            .args(["-c", &script, "sh"])
            .arg(program.get_program())
            .args(["validate", "--format", "json"])
            .arg(folder.path("body.json"))
            .current_dir(folder.path(""));
        config(&run(command))
    };
    assert_rejected(&validate(""), "the working directory", "No such file");
    assert_eq!(validate("--no-config"), Ok(None));
    folder.write("named.toml", STRICT);
    let named = folder.path("named.toml");
    let named = named.to_str().expect("UTF-8");
    assert_eq!(validate(&format!("--config {named}")), found(named));
}

#[test]
fn files_of_strangers_are_rejected() {
    if !is_root() {
        return;
    }
    let folder = Folder::new();
    folder.create_folder("repository/.git");
    folder.create_folder("repository/calls");
    let file = folder.path("repository/postcall.toml");
    folder.write("repository/postcall.toml", STRICT);
    chown(&file, Some(STRANGER), None).expect("root");
    let name = "../postcall.toml";
    let reason = "the owner is user 61003";
    assert_rejected(&folder.config("repository/calls", &[]), name, reason);
    assert_eq!(
        folder.config("repository/calls", &["--no-config"]),
        Ok(None)
    );
    assert_eq!(
        folder.config("repository/calls", &["--config", name]),
        found(name)
    );

    // Root often runs in a container, over the checkout of another user.
    chown(folder.path("repository"), Some(STRANGER), None).expect("root");
    assert_eq!(folder.config("repository/calls", &[]), found(name));
    chown(folder.path("repository"), Some(OTHER), None).expect("root");
    assert_rejected(&folder.config("repository/calls", &[]), name, reason);
    // The owner of `.git` itself does not count.
    chown(folder.path("repository/.git"), Some(STRANGER), None).expect("root");
    assert_rejected(&folder.config("repository/calls", &[]), name, reason);

    // A link to a trusted file could choose between several.
    fs::remove_file(&file).expect("it exists");
    folder.write("trusted.toml", STRICT);
    symlink("../trusted.toml", &file).expect("a link");
    assert_eq!(folder.config("repository/calls", &[]), found(name));
    lchown(&file, Some(STRANGER), None).expect("root");
    assert_rejected(&folder.config("repository/calls", &[]), name, reason);
    lchown(&file, Some(0), None).expect("root");
    chown(folder.path("trusted.toml"), Some(STRANGER), None).expect("root");
    assert_rejected(&folder.config("repository/calls", &[]), name, reason);
}

#[test]
fn variables_of_strangers_are_rejected_if_the_settings_were_found() {
    if !is_root() {
        return;
    }
    let folder = Folder::new();
    folder.write(
        "postcall.toml",
        "strict = true\n[webhook]\nvariables = \"a.json\"\n",
    );
    folder.write("a.json", "[]");
    assert_eq!(folder.config("", &[]), found("postcall.toml"));
    chown(folder.path("a.json"), Some(STRANGER), None).expect("root");
    let name = "postcall.toml:3: variables: a.json";
    assert_rejected(&folder.config("", &[]), name, "the owner is user 61003");
    assert_eq!(
        folder.config("", &["--config", "postcall.toml"]),
        found("postcall.toml")
    );
    assert_eq!(
        folder.config("", &["--variables", "a.json"]),
        found("postcall.toml")
    );
}

#[test]
fn users_trust_themselves_root_and_the_owner_of_the_repository() {
    if !is_root() {
        return;
    }
    let folder = Folder::new();
    let set_mode = |name: &str, mode: u32| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.path(name), permissions).expect("root");
    };
    folder.create_folder("repository/.git");
    folder.create_folder("repository/private/calls");
    folder.write("repository/postcall.toml", STRICT);
    let program = copy_program(folder.folder.path());
    for name in ["", "repository", "body.json", "postcall"] {
        set_mode(name, 0o755);
    }
    let file = "repository/postcall.toml";
    let validate = |place: &str| {
        let mut command = Command::new(&program);
        command
            .args(["validate", "--format", "json"])
            .arg(folder.path("body.json"))
            .current_dir(folder.path(place))
            .uid(USER)
            .gid(USER);
        config(&run(command))
    };
    for (owner, repository, is_accepted) in [
        (0, OTHER, true),
        (USER, OTHER, true),
        (OTHER, OTHER, true),
        (STRANGER, OTHER, false),
        (STRANGER, 0, false),
        (STRANGER, USER, false),
    ] {
        chown(folder.path("repository"), Some(repository), None).expect("root");
        chown(folder.path(file), Some(owner), None).expect("root");
        let result = validate("repository");
        assert_eq!(
            result.is_ok(),
            is_accepted,
            "{owner} {repository} {result:?}"
        );
    }

    chown(folder.path(file), Some(0), None).expect("root");
    set_mode(file, 0o600);
    assert_rejected(
        &validate("repository"),
        "postcall.toml",
        "Permission denied",
    );
    set_mode(file, 0o644);
    // The settings could be in a folder that the user cannot search.
    assert_eq!(
        validate("repository/private/calls"),
        found("../../postcall.toml")
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", "cd repository/private/calls && chmod 700 .. && exec setpriv --reuid=61001 --regid=61001 --clear-groups \"$@\"", "sh"])
        .arg(&program)
        .args(["validate", "--format", "json"])
        .arg(folder.path("body.json"))
        .current_dir(folder.path(""));
    assert_rejected(
        &config(&run(command)),
        "../postcall.toml",
        "Permission denied",
    );
}
