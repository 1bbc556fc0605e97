//! Reads pipes in large blocks while their writer is fast, and without delay when it is slow.

use std::io::{self, Read};
#[cfg(unix)]
use std::time::Duration;

#[cfg(unix)]
use super::readiness::is_ready;
use super::readiness::{Pollable, Readiness, act_when_ready};

/// A reader of a pipe, a terminal or a device that fills its caller's buffer while more data comes
/// soon.
#[derive(Debug)]
pub(crate) struct ReadAhead<R>(R);

#[cfg(target_os = "linux")]
impl<R: std::os::fd::AsFd> ReadAhead<R> {
    /// Wraps `reader`. A pipe's capacity is raised to at least 1 MiB if the system allows it.
    pub(crate) fn new(reader: R) -> Self {
        use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

        // The limit for unprivileged processes (`pipe-max-size` in pipe(7)). With the usual 64 KiB
        // the two programs wait for each other most of the time.
        const LARGE: usize = 1024 * 1024;
        if fcntl_getpipe_size(&reader).is_ok_and(|size| size < LARGE) {
            // A refused request leaves the pipe unchanged.
            let _ = fcntl_setpipe_size(&reader, LARGE);
        }
        Self(reader)
    }
}

#[cfg(not(target_os = "linux"))]
impl<R> ReadAhead<R> {
    /// Wraps `reader`.
    pub(crate) fn new(reader: R) -> Self {
        Self(reader)
    }
}

impl<R: Read + Pollable> Read for ReadAhead<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let reader = &mut self.0;
        let mut read = act_when_ready(reader, Readiness::Read, |reader| reader.read(buffer))?;
        // Fill the whole buffer: the caller takes a short read as a sign of slow input.
        while read > 0 && read < buffer.len() && has_data_soon(&self.0) {
            // An error must not lose the bytes read so far; if it persists, the next read returns
            // it.
            let more = self.0.read(&mut buffer[read..]).unwrap_or(0);
            if more == 0 {
                break;
            }
            read += more;
        }
        Ok(read)
    }
}

/// Returns true if there is more to read now or within 1 ms. That is long for a program that writes
/// without pause, and imperceptible for people.
#[cfg(unix)]
fn has_data_soon(reader: &impl Pollable) -> bool {
    let soon = Duration::from_millis(1);
    is_ready(reader, Readiness::Read, Some(soon)).is_ok_and(|is_ready| is_ready)
}

/// Always false: this platform does not show whether there is more to read.
#[cfg(not(unix))]
fn has_data_soon(_reader: &impl Pollable) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Write, pipe};

    use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

    use super::*;

    #[test]
    fn a_pipe_is_enlarged_but_never_shrunk() {
        let (reader, _writer) = pipe().expect("there are pipes");
        fcntl_setpipe_size(&reader, 4096).expect("less is always granted");
        let ReadAhead(reader) = ReadAhead::new(reader);
        assert!(fcntl_getpipe_size(&reader).is_ok_and(|size| size > 4096));
        let size = fcntl_getpipe_size(&reader);
        let ReadAhead(reader) = ReadAhead::new(reader);
        assert_eq!(fcntl_getpipe_size(&reader), size);
    }

    #[test]
    fn inputs_other_than_pipes_are_read_too() {
        let mut read = Vec::new();
        let null = std::fs::File::open("/dev/null").expect("it is there");
        assert!(matches!(ReadAhead::new(null).read_to_end(&mut read), Ok(0)));
    }

    #[test]
    fn all_buffered_data_is_returned_by_one_read() {
        let (reader, mut writer) = pipe().expect("there are pipes");
        writer.write_all(b"ab").expect("it is open");
        writer.write_all(b"c").expect("it is open");
        let mut buffer = [0; 8];
        let read = ReadAhead::new(reader).read(&mut buffer);
        assert!(matches!(read, Ok(3)));
        assert_eq!(&buffer[..3], b"abc");
    }
}
