//! Copies of what can be read only once, for runs that read their input twice.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::source::{Inputs, STDIN};

/// Copies of some of the inputs, by where they stand in the list. They lie in files without a name, which are gone when the run is over.
#[derive(Clone, Debug, Default)]
pub struct Copies(Vec<Option<Arc<File>>>);

impl Copies {
    /// A reader of the copy of the input at `index`, from its beginning; none where there is no copy. One at a time can be read.
    pub(super) fn open(&self, index: usize) -> Option<io::Result<File>> {
        let file = self.0.get(index)?.as_ref()?;
        Some(file.try_clone().and_then(|mut file| {
            file.rewind()?;
            Ok(file)
        }))
    }
}

impl Inputs {
    /// Copies stdin, pipes and whatever else can not be read again, so that the inputs can be read more than once. What can not be opened is left
    /// for the real reading to tell.
    pub fn keep(&mut self) -> anyhow::Result<()> {
        if self.paths.is_empty() {
            self.paths.push(PathBuf::from("-"));
        }
        let copies: anyhow::Result<Vec<_>> = self.paths.iter().map(|path| copy(path)).collect();
        self.copies = Copies(copies?);
        Ok(())
    }
}

fn copy(path: &Path) -> anyhow::Result<Option<Arc<File>>> {
    let mut once: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let stays = path
            .metadata()
            .map_or(true, |about| about.is_file() || about.is_dir());
        match File::open(path) {
            Ok(file) if !stays => Box::new(file),
            _ => return Ok(None),
        }
    };
    let copied = tempfile::tempfile().and_then(|mut file| {
        io::copy(&mut once, &mut file)?;
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
