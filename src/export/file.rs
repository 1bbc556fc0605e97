//! Output files that appear whole or not at all: a temporary file beside the target takes its place when it is complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, bail};
use tempfile::NamedTempFile;

use crate::input::source::{self, Inputs};
use crate::interrupt;

const BUFFER_BYTES: usize = 256 * 1024;

/// A file that is being written.
#[derive(Debug)]
pub struct OutputFile {
    /// As the user wrote it.
    name: String,
    /// Behind links.
    path: PathBuf,
    /// Whether there is a file already that is lost when this one takes its place.
    replaces: bool,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// Takes the place of `path` in the end.
    Beside(BufWriter<NamedTempFile>),
    /// A device or a pipe, which can not be replaced.
    Direct(BufWriter<File>),
}

impl OutputFile {
    /// Begins the file at `path`, which must be none of `inputs`. Nothing can be seen there before [`OutputFile::complete`].
    pub fn create(path: &Path, inputs: &Inputs) -> anyhow::Result<Self> {
        let is_stream = fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir());
        // What a pipe is called behind links is no path.
        let real = if is_stream {
            path.to_owned()
        } else {
            behind_links(path)
        };
        // To look at a pipe would be to read from it.
        if !is_stream && source::reads(inputs, &real) {
            bail!("{}: is an input too; write to another file", path.display());
        }
        let name = || path.display().to_string();
        let existing = fs::metadata(&real);
        let replaces = existing.is_ok();
        let target = match existing {
            Ok(metadata) if metadata.is_dir() => {
                bail!("{}: is a folder; name a file in it", path.display())
            }
            Ok(metadata) if !metadata.is_file() => {
                let file = OpenOptions::new()
                    .write(true)
                    .open(&real)
                    .with_context(name)?;
                Target::Direct(BufWriter::with_capacity(BUFFER_BYTES, file))
            }
            existing => {
                let file = beside(&real, existing.ok().as_ref()).with_context(name)?;
                Target::Beside(BufWriter::with_capacity(BUFFER_BYTES, file))
            }
        };
        Ok(Self {
            name: name(),
            path: real,
            replaces,
            target,
        })
    }

    /// The path, for messages.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// What was written so far, from its beginning; none where it can not be read. Nothing may be written behind it any more.
    pub fn read_back(&mut self) -> io::Result<Option<File>> {
        self.flush()?;
        let Target::Beside(file) = &self.target else {
            return Ok(None);
        };
        let mut file = file.get_ref().as_file().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Some(file))
    }

    /// Whether what is written can be read back.
    #[must_use]
    pub fn can_be_read_back(&self) -> bool {
        matches!(self.target, Target::Beside(_))
    }

    /// Lets the complete file appear.
    pub fn complete(self) -> anyhow::Result<()> {
        let finish = || -> io::Result<()> {
            match self.target {
                Target::Beside(file) => {
                    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                    // Should the power fail, one of the two is there. Where there is none to lose, nobody has to wait for the disk.
                    if self.replaces {
                        file.as_file().sync_all()?;
                    }
                    let temporary = file.into_temp_path();
                    let name = temporary.to_path_buf();
                    temporary.persist(&self.path).map_err(|error| error.error)?;
                    forget_unfinished(&name);
                    Ok(())
                }
                Target::Direct(mut file) => file.flush(),
            }
        };
        finish().with_context(|| self.name.clone())
    }
}

/// A temporary file in the folder of `path`, with the permissions that the file there has or a new one would get.
fn beside(path: &Path, existing: Option<&fs::Metadata>) -> io::Result<NamedTempFile> {
    if existing.is_some() {
        // A file that may not be written may not be replaced either.
        OpenOptions::new().append(true).open(path)?;
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".postcall-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the process's mask leaves of it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder_of(path))?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    remove_when_interrupted(file.path());
    Ok(file)
}

/// Whether both paths mean the same file, whether it is there already or not.
#[must_use]
pub fn are_same(path: &Path, other: &Path) -> bool {
    behind_links(path) == behind_links(other)
}

/// The file that `path` means: a link stays, the file that it names is written, also when that does not exist yet.
fn behind_links(path: &Path) -> PathBuf {
    if let Ok(there) = fs::canonicalize(path) {
        return there;
    }
    let target = fs::read_link(path).map(|target| folder_of(path).join(target));
    let target = target.unwrap_or_else(|_| path.to_owned());
    match (fs::canonicalize(folder_of(&target)), target.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => target,
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The temporary files of what is being written.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Has the temporary file removed when the process is asked to end.
fn remove_when_interrupted(path: &Path) {
    if let Ok(mut unfinished) = UNFINISHED.lock() {
        unfinished.push(path.to_owned());
    }
    interrupt::before_end(|| {
        for path in UNFINISHED.lock().iter().flat_map(|paths| paths.iter()) {
            // Nothing more can be done when this fails.
            let _ = fs::remove_file(path);
        }
    });
}

fn forget_unfinished(path: &Path) {
    if let Ok(mut unfinished) = UNFINISHED.lock() {
        unfinished.retain(|other| other != path);
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Beside(file) => file.write(bytes),
            Target::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Beside(file) => file.flush(),
            Target::Direct(file) => file.flush(),
        }
    }
}
