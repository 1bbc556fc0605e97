//! The order of the folders in `src`: a path in the code points only down the list of layers, no
//! modules form a cycle, and the engine does not use the clock, the environment, threads or files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::common::paths::{Reference, Target, references};
use crate::common::repository;
use crate::common::source::rust_files;

/// The layers in a folder of `src`, from top to bottom. Modules on one line may use each other, but
/// not in a cycle. Files of `src` count as folders.
const LAYERS: &[(&str, &[&[&str]])] = &[
    (
        "",
        &[
            &["main", "lib", "program"],
            &["commands"],
            &["cli", "in_memory"],
            &["tasks"],
            &["args"],
            &["run"],
            &["report", "export", "view"],
            &["settings"],
            &["lint"],
            &["table"],
            &["stats", "redact", "infer"],
            &["select"],
            &["capture"],
            &["guard"],
            &["call", "time"],
            &["contract"],
            &["json"],
            &["text"],
            &["exit", "host"],
        ],
    ),
    (
        "capture",
        &[
            &["find"],
            &["parse"],
            &["split"],
            &["source"],
            &["location"],
        ],
    ),
];

/// Folders whose `mod.rs` and files may use each other. A JSON value has members, which are values.
const MUTUAL: &[&str] = &["json"];

/// Paths to the surroundings of the program, which the engine gets as values.
const SURROUNDINGS: &[&str] = &[
    "Utc::now",
    "chrono::Local",
    "SystemTime::now",
    "Instant::now",
    "std::env",
    "std::thread",
    "std::fs",
    "tempfile",
];

/// Modules outside the engine, which may use [`SURROUNDINGS`].
const OUTSIDE_ENGINE: &[&str] = &[
    "main",
    "run",
    "cli",
    "commands",
    "settings",
    "capture/source/files",
];

#[test]
fn paths_point_down_and_form_no_cycles() {
    let references = repository_references();
    let upward = upward_references(&references);
    let mut faults: Vec<String> = upward
        .iter()
        .map(|fault| format!("{}:{} uses {}", fault.from, fault.line, fault.to))
        .collect();
    let is_upward = |reference: &Reference| {
        let from = reference.from.join("/");
        let mut upward = upward.iter();
        upward.any(|fault| fault.from == from && fault.line == reference.line)
    };
    let downward: Vec<_> = references.into_iter().filter(|r| !is_upward(r)).collect();
    for (folder, modules) in cycles(&downward) {
        faults.push(format!("cycle in src/{folder}: {}", modules.join(", ")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_engine_uses_no_surroundings() {
    let uses = surroundings(&repository_references());
    let faults: Vec<String> = uses
        .iter()
        .map(|fault| format!("{}:{} uses {}", fault.from, fault.line, fault.to))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A path that the order of the layers forbids.
#[derive(Debug)]
struct Fault {
    from: String,
    line: usize,
    to: String,
}

/// All paths in `src`.
fn repository_references() -> Vec<Reference> {
    let folder = repository().join("src");
    let files: Vec<(String, String)> = rust_files(&folder)
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).expect("it is below the folder");
            let name = name.to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).expect("a source file"))
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(n, s)| (n.as_str(), s.as_str()))
        .collect();
    let references = references(&files);
    assert!(
        references.len() > 3000,
        "only {} paths found",
        references.len()
    );
    references
}

/// True if `module` is `folder` or below it.
fn is_in(module: &str, folder: &str) -> bool {
    module
        .strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The name of the module of `folder` that contains `module`; `None` if none does.
fn part_of<'m>(folder: &[&str], module: &'m [String]) -> Option<&'m str> {
    let is_below = folder
        .iter()
        .zip(module)
        .all(|(folder, module)| folder == module);
    if folder.is_empty() && module.is_empty() {
        return Some("lib");
    }
    module
        .get(folder.len())
        .filter(|_| is_below)
        .map(String::as_str)
}

/// Like [`part_of`], but the module of the folder itself is `mod` unless the folder is
/// [`MUTUAL`].
fn part_or_mod<'m>(folder: &[&str], module: &'m [String]) -> Option<&'m str> {
    let is_itself = !folder.is_empty() && module.iter().eq(folder);
    if is_itself && !MUTUAL.contains(&&*folder.join("/")) {
        return Some("mod");
    }
    part_of(folder, module)
}

/// The modules on the path to `folder`, such as `["capture", "find"]`.
fn segments(folder: &str) -> Vec<&str> {
    folder.split('/').filter(|name| !name.is_empty()).collect()
}

/// The references that point up in [`LAYERS`].
fn upward_references(references: &[Reference]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (folder, layers) in LAYERS {
        let folder = segments(folder);
        let layer_of = |part: &str| {
            let layer = layers.iter().position(|layer| layer.contains(&part));
            layer.unwrap_or_else(|| panic!("{part} is missing from LAYERS"))
        };
        for reference in references {
            let Target::Module(target) = &reference.target else {
                continue;
            };
            if let (Some(from), Some(to)) =
                (part_of(&folder, &reference.from), part_of(&folder, target))
                && layer_of(to) < layer_of(from)
            {
                let to = if target.is_empty() {
                    "lib".to_owned()
                } else {
                    target.join("/")
                };
                let (from, line) = (reference.from.join("/"), reference.line);
                faults.push(Fault { from, line, to });
            }
        }
    }
    faults
}

/// The cycles between the modules of each folder, with the folder. The module of the folder itself
/// counts as `mod`, except in [`MUTUAL`] folders: either it uses its files or they use it.
fn cycles(references: &[Reference]) -> Vec<(String, Vec<String>)> {
    let modules = references.iter().map(|reference| reference.from.as_slice());
    let folders: BTreeSet<&[String]> = modules
        .flat_map(|module| (0..module.len()).map(|length| &module[..length]))
        .collect();
    let mut found = Vec::new();
    for folder in folders {
        let names: Vec<&str> = folder.iter().map(String::as_str).collect();
        let part_of = |module| part_or_mod(&names, module);
        let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for reference in references {
            let Target::Module(target) = &reference.target else {
                continue;
            };
            if let (Some(from), Some(to)) = (part_of(&reference.from), part_of(target))
                && from != to
            {
                uses.entry(from).or_default().insert(to);
            }
        }
        let cyclic: Vec<String> = uses
            .keys()
            .filter(|module| reachable(&uses, module).contains(*module))
            .map(|module| (*module).to_owned())
            .collect();
        if !cyclic.is_empty() {
            found.push((names.join("/"), cyclic));
        }
    }
    found
}

/// The modules that `start` uses directly or indirectly.
fn reachable<'m>(uses: &BTreeMap<&'m str, BTreeSet<&'m str>>, start: &str) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for next in uses.get(module).into_iter().flatten() {
            if found.insert(*next) {
                open.push(next);
            }
        }
    }
    found
}

/// The references of the engine to [`SURROUNDINGS`].
fn surroundings(references: &[Reference]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for reference in references {
        let from = reference.from.join("/");
        let Target::External(path) = &reference.target else {
            continue;
        };
        let is_forbidden = |forbidden: &&str| {
            let forbidden: Vec<&str> = forbidden.split("::").collect();
            path.windows(forbidden.len())
                .any(|window| window == forbidden)
        };
        let is_outside = OUTSIDE_ENGINE.iter().any(|outside| is_in(&from, outside));
        let is_glob_of_std = path == &["std", "*"];
        if !is_outside && (is_glob_of_std || SURROUNDINGS.iter().any(is_forbidden)) {
            let (line, to) = (reference.line, path.join("::"));
            faults.push(Fault { from, line, to });
        }
    }
    faults
}

/// A small crate for planted paths, with re-exports in `lib.rs` and `call/mod.rs`.
fn planted(file: &str, source: &str) -> Vec<Reference> {
    let mut files = vec![
        (
            "lib.rs",
            "mod cli; mod text; pub use cli::Arguments;\npub fn text() {}",
        ),
        ("cli/mod.rs", "pub mod list;\npub struct Arguments;"),
        ("cli/list.rs", ""),
        ("export/mod.rs", "pub mod csv;"),
        ("export/csv.rs", "use crate::json::Json;"),
        ("view/mod.rs", "use crate::export::csv;"),
        ("lint/mod.rs", "pub mod levels; pub mod rules;"),
        ("lint/levels.rs", ""),
        ("lint/rules/mod.rs", "pub mod shape; use super::levels;"),
        ("lint/rules/shape.rs", ""),
        ("capture/mod.rs", "pub mod find; pub mod split;"),
        ("capture/find.rs", "use super::split;"),
        ("capture/split.rs", ""),
        (
            "call/mod.rs",
            "mod lead; pub use lead::Lead; pub use super::time as clock;",
        ),
        ("call/lead.rs", ""),
        ("time/mod.rs", "pub mod zone;"),
        ("time/zone.rs", ""),
        ("json/mod.rs", "pub mod number;"),
        ("json/number.rs", ""),
        ("text/mod.rs", "pub mod wrap;"),
        ("text/wrap.rs", ""),
    ];
    files.retain(|(name, _)| *name != file);
    files.push((file, source));
    references(&files)
}

#[test]
fn planted_upward_paths_are_found() {
    for source in [
        "use crate::cli::Arguments;",
        "pub use crate::cli::list;",
        "pub(in crate::json) use crate::cli::list;",
        "use crate::{text::wrap, cli::{Arguments, list}};",
        "use crate::cli as arguments;",
        "use super::super::cli::Arguments;",
        "use self::super::super::cli;",
        "mod inner { use super::super::super::cli::Arguments; }",
        "fn f() { use crate::cli::list; }",
        "fn f() { crate::cli::f(); }",
        "fn f() { super::super::cli::f(); }",
        "fn f<T: Into<crate::cli::Arguments>>() {}",
        "fn f() { <crate::cli::Arguments as Default>::default(); }",
        "fn f() { println!(\"{}\", crate::cli::f()); }",
        "macro_rules! f { () => { $crate::cli::f() } }",
        "#[arg(value_parser = crate::cli::f)]\nstruct S;",
        "#[serde(default = \"crate::cli::f\")]\nstruct S;",
        "#[cfg(test)]\nmod tests { fn f() {} }\nuse crate::cli;",
        "#[cfg(test)]\nuse crate::text::{wrap};\nuse crate::cli;",
        "fn f() { let c = '\"'; } use crate::cli; // \"",
        // Through `lib.rs`: re-exports, functions, and the root under another name.
        "use crate::Arguments;",
        "use crate::{Arguments};",
        "use super::super::Arguments;",
        "fn f() { crate::Arguments; }",
        "fn f() { crate::text(); }",
        "use crate::*;",
        "use crate as root;",
        "use super::super as root;",
        "extern crate self as root;",
        "use postcall::cli;",
        // Through a re-export of another folder.
        "use super::super::call::clock;",
    ] {
        let faults = upward_references(&planted("json/number.rs", source));
        let files: BTreeSet<&str> = faults.iter().map(|fault| fault.from.as_str()).collect();
        assert!(files.iter().eq(&["json/number"]), "{source}: {faults:?}");
    }
    let faults = upward_references(&planted("capture/split.rs", "use super::find::Body;"));
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn planted_harmless_paths_are_not_found() {
    for source in [
        "use crate::text::wrap;",
        "use super::super::text::wrap;",
        "pub(crate) fn f() {}",
        "pub(in crate::json) fn f() {}",
        "// use crate::cli;\n/// [`crate::cli`]\nfn f() {}",
        "const TEXT: &str = \"use crate::cli;\";",
        "const TEXT: &[u8] = br#\"\"use crate::cli;\"#;",
        "#[doc = \"crate::cli\"]\nfn f() {}",
        "#[cfg(test)]\nmod tests { use crate::cli; }",
        "#[cfg(test)]\n#[allow(dead_code)]\npub(crate) fn f() { crate::cli::f(); }",
        "#[cfg(test)]\nuse crate::{cli, lint};",
        "#[cfg(all(test, unix))]\nmod tests { use crate::cli; }",
        // Names outside the crate.
        "use cli::Arguments;",
        "use ::cli::Arguments;",
        "fn f() { cli::f(); }",
        "fn f(x: X) { x.cli::<u8>(); }",
        "fn f() -> impl Sized + use<'static> {}",
    ] {
        let faults = upward_references(&planted("json/number.rs", source));
        assert!(faults.is_empty(), "{source}: {faults:?}");
    }
    let test_file = planted("json/mod.rs", "pub mod number;\n#[cfg(test)]\nmod tests;");
    assert!(upward_references(&test_file).is_empty());
}

#[test]
fn planted_cycles_are_found() {
    assert_eq!(cycles(&planted("json/number.rs", "")), []);
    for (file, source, folder) in [
        // Between folders on one line, also through a re-export of a folder below.
        ("export/csv.rs", "use crate::view;", ""),
        ("export/csv.rs", "fn f() { super::super::view::f(); }", ""),
        ("time/zone.rs", "use crate::call::Lead;", ""),
        // Between a file and a sub-folder, and between files.
        ("lint/levels.rs", "use super::rules;", "lint"),
        (
            "lint/levels.rs",
            "fn f() { crate::lint::rules::shape::f(); }",
            "lint",
        ),
        ("lint/rules/shape.rs", "use super::super::levels;", "none"),
        // Between `mod.rs` and a file.
        ("call/lead.rs", "use super::Call;", "call"),
        ("call/lead.rs", "fn f() { crate::call::f(); }", "call"),
        ("time/zone.rs", "use super::Timestamp;", "none"),
    ] {
        let found = cycles(&planted(file, source));
        let folders: Vec<&str> = found.iter().map(|(folder, _)| folder.as_str()).collect();
        let expected: &[&str] = if folder == "none" { &[] } else { &[folder] };
        assert_eq!(folders, expected, "{file}: {source}");
    }
}

#[test]
fn planted_surroundings_are_found() {
    for source in [
        "fn f() { chrono::Utc::now(); }",
        "use chrono::{DateTime, Utc}; fn f() { Utc::now(); }",
        "use chrono::Utc as Clock; fn f() { Clock::now(); }",
        "fn f() { let now = ::chrono::Local::now; }",
        "use chrono::{Local, Utc};",
        "use std::time; fn f() { time::SystemTime::now(); }",
        "use std::time::Instant; fn f() { Instant::now(); }",
        "use std::{fs, io};",
        "use std::fs::File;",
        "use std as s; fn f() { s::fs::read(); }",
        "use std::*;",
        "fn f() { std::env::var(\"HOME\"); }",
        "use std::thread::spawn;",
        "fn f() { tempfile::tempfile(); }",
    ] {
        let in_file = |file| surroundings(&planted(file, source)).len();
        assert!(in_file("json/number.rs") > 0, "{source}");
        assert_eq!(in_file("cli/list.rs"), 0, "{source}");
    }
    for source in [
        "use std::io::Write;",
        "use chrono::Utc; fn f(now: DateTime<Utc>) {}",
        "#[cfg(test)]\nmod tests { use std::fs; }",
        "fn f(now: X) { now.fs(); }",
    ] {
        let faults = surroundings(&planted("json/number.rs", source));
        assert!(faults.is_empty(), "{source}: {faults:?}");
    }
}
