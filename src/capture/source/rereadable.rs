//! Temporary copies of inputs that can be read only once, for runs that read their input twice.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::inputs::{Inputs, STDIN};

/// Copies of inputs, by the input's index in [`Inputs::paths`]; `None` for an input that can be
/// reopened. The copies are unnamed temporary files that vanish when the run ends.
#[derive(Clone, Debug, Default)]
pub struct InputCopies(Vec<Option<Arc<File>>>);

impl InputCopies {
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

impl Inputs {
    /// Copies stdin, pipes and all other inputs that can be read only once, so that the inputs can
    /// be read twice. Inputs that cannot be opened are skipped here: reading them reports the
    /// error.
    pub fn make_rereadable(&mut self) -> anyhow::Result<()> {
        if self.paths.is_empty() {
            self.paths.push(PathBuf::from("-"));
        }
        let copies: anyhow::Result<Vec<_>> = self
            .paths
            .iter()
            .map(|path| copy_if_single_use(path))
            .collect();
        self.copies = InputCopies(copies?);
        Ok(())
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
        .with_context(|| format!("{}: it could not be copied to a temporary file", name()))
}
