//! Opens inputs that can be read only once, for runs that read their input twice.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::input_streams::{CopiedStream, RereadableStreams};
use super::read_ahead::ReadAhead;
use crate::text::named_stream::NamedStream;

/// Creates an unnamed temporary file.
pub(crate) type CreateFile = fn() -> io::Result<NamedStream<File>>;

/// Opens those of the inputs at `paths` that can be read only once, with a file for each that
/// `create` returns. Inputs that cannot be opened are skipped.
pub(super) fn open_streams(paths: &[PathBuf], create: CreateFile) -> io::Result<RereadableStreams> {
    let streams = paths.iter().map(|path| {
        let stream =
            open_if_single_use(path).map(|input| Ok(CopiedStream::new(input, Box::new(create()?))));
        stream.transpose()
    });
    streams.collect()
}

/// Opens an input, or returns `None` if it can be opened again.
fn open_if_single_use(path: &Path) -> Option<Box<dyn Read + Send>> {
    if path.as_os_str() == "-" {
        return Some(Box::new(ReadAhead::new(io::stdin())));
    }
    let is_rereadable = path
        .metadata()
        .map_or(true, |metadata| metadata.is_file() || metadata.is_dir());
    let file = File::open(path).ok().filter(|_| !is_rereadable)?;
    Some(Box::new(ReadAhead::new(file)))
}
