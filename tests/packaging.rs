//! What a release needs: one address, a complete crate, and templates that name real targets.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{markdown, repository};

/// The address of the repository stands in `Cargo.toml`, and nowhere else.
#[test]
fn only_the_manifest_names_the_repository() {
    let manifest = read(&repository().join("Cargo.toml"));
    let address = quoted_value(&manifest, "repository");
    let owner_and_name = address
        .strip_prefix("https://github.com/")
        .expect("an address on GitHub");
    let mut naming = Vec::new();
    for path in files(repository()) {
        if read(&path).contains(owner_and_name) {
            naming.push(
                path.strip_prefix(repository())
                    .expect("a file in it")
                    .to_owned(),
            );
        }
    }
    assert_eq!(naming, [PathBuf::from("Cargo.toml")]);
}

/// Every template is filled from archives that `build.sh` writes.
#[test]
fn templates_name_targets_that_are_built() {
    let script = read(&repository().join("packaging/build.sh"));
    let mut names = 0;
    for template in files(&repository().join("packaging/templates")) {
        for part in read(&template).split("@SHA256:").skip(1) {
            let (target, _) = part.split_once('@').expect("the end of a placeholder");
            assert!(script.contains(target), "{}: {target}", template.display());
            names += 1;
        }
    }
    assert!(names > 5, "only {names} targets in templates");
}

/// The pages in an archive link only to files in it. `archive` in `build.sh` copies them.
#[test]
fn links_of_packaged_pages_stay_in_the_package() {
    let script = read(&repository().join("packaging/build.sh"));
    let (_, copied) = script
        .split_once("\n    cp -r README.md")
        .expect("the command");
    let (copied, _) = copied.split_once("/pages\"\n").expect("its end");
    let packaged: HashSet<&str> = copied.split_whitespace().chain(["README.md"]).collect();
    let is_packaged = |path: &str| packaged.contains(path.split('/').next().unwrap_or_default());
    let mut checked = 0;
    let mut outside = Vec::new();
    for page in markdown::pages() {
        if !is_packaged(&page.name) {
            continue;
        }
        let folder = page.path.parent().expect("a file is in a folder");
        for target in markdown::links(&page.text) {
            let (file, _) = target.split_once('#').unwrap_or((target, ""));
            if target.contains("://") || file.is_empty() {
                continue;
            }
            let path = folder.join(file).canonicalize().expect("the target");
            let path = path.strip_prefix(repository().canonicalize().expect("a folder"));
            let path = path.expect("a file of the repository").to_string_lossy();
            checked += 1;
            if !is_packaged(&path) {
                outside.push(format!("{}: {target}", page.name));
            }
        }
    }
    assert!(checked > 30, "only {checked} links");
    assert!(outside.is_empty(), "not in the package: {outside:?}");
}

/// The value of `name = "value"`.
fn quoted_value<'t>(text: &'t str, name: &str) -> &'t str {
    let start = format!("\n{name} = \"");
    let (_, rest) = text.split_once(&start).expect("the name");
    rest.split('"').next().expect("a value")
}

/// Files below `folder` that are part of the project.
fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(folder).hidden(false).build();
    let entries = walk.map(|entry| entry.expect("a readable folder"));
    let of_project = entries.filter(|entry| {
        !entry
            .path()
            .components()
            .any(|part| part.as_os_str() == ".git")
    });
    of_project
        .map(ignore::DirEntry::into_path)
        .filter(|path| path.is_file())
        .collect()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).expect("a readable file")).into_owned()
}
