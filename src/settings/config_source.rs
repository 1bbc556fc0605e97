//! Which settings file a run reads.

use std::env;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::anyhow;

use super::owners::TrustedOwners;
use super::settings_file::ADVICE;
use crate::text::io_error::describe_io_error;
use crate::text::path_name::path_name;

/// Name of the settings file.
const FILE_NAME: &str = "postcall.toml";

/// Every folder with an entry of this name is the root of a repository: a folder, or a file in
/// worktrees and submodules.
const REPOSITORY_MARKER: &str = ".git";

/// Which settings file a run reads.
#[derive(Clone, Debug, Default)]
pub(crate) enum ConfigSource {
    /// The nearest `postcall.toml`, if there is one.
    #[default]
    Nearest,
    /// The file that the user named.
    File(PathBuf),
    /// No file.
    Nothing,
}

/// A settings file to read.
pub(super) struct ConfigPath {
    /// The path, which is relative to the working directory if the file was searched for.
    pub(super) path: PathBuf,
    /// The owners that the file may have; `None` if the user named the file.
    pub(super) owners: Option<TrustedOwners>,
}

impl ConfigSource {
    /// Returns the settings file, or `None` if there is none. The search fails if a folder does
    /// not allow it, because the file could have been there.
    pub(super) fn path(&self) -> anyhow::Result<Option<ConfigPath>> {
        match self {
            Self::Nearest => find_nearest(),
            Self::File(path) => Ok(Some(ConfigPath {
                path: path.clone(),
                owners: None,
            })),
            Self::Nothing => Ok(None),
        }
    }
}

/// Searches the working directory and its parents: up to the root of the repository, or else up to
/// the home folder. Outside of both, it searches only the working directory, because other users
/// may be able to write to its parents, as to `/tmp`.
fn find_nearest() -> anyhow::Result<Option<ConfigPath>> {
    let working_directory = working_directory()?;
    let mut nearest: Option<(usize, PathBuf)> = None;
    let mut repository = None;
    let levels = working_directory.ancestors().count();
    for level in 0..levels {
        let folder: PathBuf = std::iter::repeat_n("..", level).collect();
        let path = folder.join(FILE_NAME);
        if nearest.is_none() && exists(&path)? {
            nearest = Some((level, path));
        }
        if exists(&folder.join(REPOSITORY_MARKER))? {
            repository = Some(folder);
            break;
        }
    }
    let max_level = match repository {
        Some(_) => levels,
        None => home_level(&working_directory).unwrap_or(0),
    };
    let Some((_, path)) = nearest.filter(|(level, _)| *level <= max_level) else {
        return Ok(None);
    };
    let repository = repository.map(|folder| folder.join("."));
    let owners = TrustedOwners::new(repository.as_deref())
        .map_err(|error| search_error(&path_name(&path), &error))?;
    Ok(Some(ConfigPath {
        path,
        owners: Some(owners),
    }))
}

fn working_directory() -> anyhow::Result<PathBuf> {
    env::current_dir().map_err(|error| search_error("the working directory", &error))
}

fn search_error(place: &str, error: &io::Error) -> anyhow::Error {
    let reason = describe_io_error(error);
    anyhow!("{place}: {reason}; {ADVICE}")
}

/// True if the folder has this entry, of any kind.
fn exists(path: &Path) -> anyhow::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(search_error(&path_name(path), &error)),
    }
}

/// Number of levels from the working directory up to the home folder, if it is below it.
fn home_level(working_directory: &Path) -> Option<usize> {
    let home = env::home_dir().filter(|home| home.is_absolute())?;
    // Both without symbolic links. On Windows, both also get the same prefix.
    let home = fs::canonicalize(home).ok()?;
    let working_directory = fs::canonicalize(working_directory).ok()?;
    let below = working_directory.strip_prefix(home).ok()?;
    Some(below.components().count())
}

/// The path of a file relative to the working directory, with `/` between names. The path is
/// unchanged if there is no such path: on another drive, or if the working directory was deleted.
pub(crate) fn relative_name(path: &Path) -> String {
    let from = env::current_dir().unwrap_or_default();
    relative_to(&from, path).unwrap_or_else(|| path_name(path))
}

fn relative_to(from: &Path, path: &Path) -> Option<String> {
    let names = |path: &Path| -> Vec<String> {
        let names = path.components().filter(|part| *part != Component::CurDir);
        let names = names.map(|part| part.as_os_str().to_string_lossy().into_owned());
        names.collect()
    };
    if !path.is_absolute() {
        return Some(names(path).join("/"));
    }
    let (from, path) = (names(from), names(path));
    let common = from.iter().zip(&path).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return None;
    }
    let up = std::iter::repeat_n("..", from.len() - common);
    let down = path[common..].iter().map(String::as_str);
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_to_the_working_directory() {
        let relative = |path: &str| relative_to(Path::new("/work/calls"), Path::new(path));
        for (path, expected) in [
            ("postcall.toml", "postcall.toml"),
            ("./ci/./a.toml", "ci/a.toml"),
            ("../postcall.toml", "../postcall.toml"),
            ("/work/calls/ci/a.toml", "ci/a.toml"),
            ("/work/postcall.toml", "../postcall.toml"),
            ("/etc/postcall.toml", "../../etc/postcall.toml"),
        ] {
            assert_eq!(relative(path).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(relative_to(Path::new(""), Path::new("/a")), None);
    }
}
