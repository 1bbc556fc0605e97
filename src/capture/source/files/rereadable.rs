//! Temporary copies of inputs that can be read only once, for runs that read their input twice.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use crate::capture::source::reader::STDIN;

/// Copies of inputs, by the index of its path; `None` for an input that can be
/// reopened. The copies are unnamed temporary files that vanish when the run ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputCopies(Vec<Option<Arc<File>>>);

impl InputCopies {
    /// Copies those of the inputs at `paths` that can be read only once. Inputs that cannot be
    /// opened are skipped.
    pub(super) fn of(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let copies = paths.iter().map(|path| copy_if_single_use(path));
        Ok(Self(copies.collect::<anyhow::Result<_>>()?))
    }

    /// Opens the copy of the input at `index` from its start, or returns `None` if there is no
    /// copy. All readers of a copy share one file offset, so only one of them can be used at a
    /// time.
    pub(crate) fn open(&self, index: usize) -> Option<io::Result<File>> {
        let file = self.0.get(index)?.as_ref()?;
        Some(file.try_clone().and_then(|mut file| {
            file.rewind()?;
            Ok(file)
        }))
    }
}

/// Copies an input to a temporary file, or returns `None` if it can be opened again.
fn copy_if_single_use(path: &Path) -> anyhow::Result<Option<Arc<File>>> {
    let mut input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let is_rereadable = path
            .metadata()
            .map_or(true, |metadata| metadata.is_file() || metadata.is_dir());
        match File::open(path) {
            Ok(file) if !is_rereadable => Box::new(file),
            _ => return Ok(None),
        }
    };
    let copied = tempfile::tempfile().and_then(|mut file| {
        io::copy(&mut input, &mut file)?;
        Ok(file)
    });
    let name = || match path.to_string_lossy() {
        name if name == "-" => STDIN.to_owned(),
        name => name.into_owned(),
    };
    copied
        .map(|file| Some(Arc::new(file)))
        .with_context(|| format!("{}: cannot be copied to a temporary file", name()))
}
