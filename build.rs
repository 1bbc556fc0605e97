//! Sets `POSTCALL_VERSION`, which `postcall --version` prints: the version and, in a release build,
//! the commit.

use std::env;
use std::path::Path;
use std::process::Command;

/// How much of the hash of a commit is printed. Longer prefixes are no clearer to a person.
const HASH_DIGITS: usize = 10;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=POSTCALL_COMMIT");
    let version = variable("CARGO_PKG_VERSION");
    // A debug build would be compiled anew after each commit.
    let commit = (variable("PROFILE") == "release").then(commit).flatten();
    let text = match commit {
        Some(hash) => format!("{version} ({hash})"),
        None => version,
    };
    println!("cargo::rustc-env=POSTCALL_VERSION={text}");
}

/// The commit of the source: given by those who build packages from an archive, or from Git, or
/// recorded in a crate from crates.io.
fn commit() -> Option<String> {
    let hash = env::var("POSTCALL_COMMIT").ok();
    let hash = hash.or_else(commit_of_checkout).or_else(commit_of_crate)?;
    let hash = hash.trim();
    let is_hash = hash.len() >= HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| hash[..HASH_DIGITS].to_owned())
}

fn commit_of_checkout() -> Option<String> {
    // Without this, an archive unpacked in another repository would take that repository's commit.
    if !Path::new(".git").exists() {
        return None;
    }
    // This file changes with every commit and checkout.
    println!(
        "cargo::rerun-if-changed={}",
        git(&["rev-parse", "--git-path", "logs/HEAD"])?.trim()
    );
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// The commit in the file that `cargo package` adds to a crate:
/// `{"git": {"sha1": "0123…"}, "path_in_vcs": ""}`.
fn commit_of_crate() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let hash = text.split("\"sha1\"").nth(1)?.split('"').nth(1)?;
    Some(hash.to_owned())
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
