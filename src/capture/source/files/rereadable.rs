//! Temporary copies of inputs that can be read only once, for runs that read their input twice.

use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read_ahead::ReadAhead;
use crate::text::named_stream::NamedStream;
use crate::text::path_name::path_name;

/// Creates an unnamed temporary file.
pub(crate) type CreateFile = fn() -> io::Result<NamedStream<File>>;

/// Copies of inputs, by the index of its path; `None` for an input that can be
/// reopened. The copies are unnamed temporary files that vanish when the run ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputCopies(Vec<Option<Arc<File>>>);

impl InputCopies {
    /// True before the inputs are copied.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Copies those of the inputs at `paths` that can be read only once to files that `create`
    /// returns. Inputs that cannot be opened are skipped. `stdin_name` is the name of stdin in
    /// errors.
    pub(super) fn of(paths: &[PathBuf], stdin_name: &str, create: CreateFile) -> io::Result<Self> {
        let copies = paths.iter();
        let copies = copies.map(|path| copy_if_single_use(path, stdin_name, create));
        Ok(Self(copies.collect::<io::Result<_>>()?))
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
fn copy_if_single_use(
    path: &Path,
    stdin_name: &str,
    create: CreateFile,
) -> io::Result<Option<Arc<File>>> {
    let is_stdin = path.as_os_str() == "-";
    let input: Box<dyn Read> = if is_stdin {
        Box::new(ReadAhead::new(io::stdin()))
    } else {
        let is_rereadable = path
            .metadata()
            .map_or(true, |metadata| metadata.is_file() || metadata.is_dir());
        match File::open(path) {
            Ok(file) if !is_rereadable => Box::new(ReadAhead::new(file)),
            _ => return Ok(None),
        }
    };
    let name = if is_stdin {
        stdin_name.to_owned()
    } else {
        path_name(path)
    };
    let mut copy = create()?;
    io::copy(&mut NamedStream::new(name, input), &mut copy)?;
    Ok(Some(Arc::new(copy.stream)))
}
