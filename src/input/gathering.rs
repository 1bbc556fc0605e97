//! What another program writes bit by bit, read in large pieces as long as it comes fast, and at once where it does not.

use std::io::{self, Read};

/// Reads a pipe, a terminal or a device.
#[derive(Debug)]
pub(super) struct Gathering<R>(R);

#[cfg(target_os = "linux")]
impl<R: std::os::fd::AsFd> Gathering<R> {
    /// Reads `reader`; if it is a pipe, it is made as large as the system lets it be.
    pub(super) fn new(reader: R) -> Self {
        use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

        // So much may anybody ask for (`pipe-max-size` in pipe(7)). In the usual 64 KiB the two programs wait for each other most of the time.
        const LARGE: usize = 1024 * 1024;
        if fcntl_getpipe_size(&reader).is_ok_and(|size| size < LARGE) {
            // Where that is not granted, it stays as it is.
            let _ = fcntl_setpipe_size(&reader, LARGE);
        }
        Self(reader)
    }
}

#[cfg(not(target_os = "linux"))]
impl<R> Gathering<R> {
    /// Reads `reader`.
    pub(super) fn new(reader: R) -> Self {
        Self(reader)
    }
}

#[cfg(unix)]
impl<R: Read + std::os::fd::AsFd> Read for Gathering<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = self.0.read(buffer)?;
        // To the last byte: less than was asked for would be taken for input that comes slowly.
        while read > 0 && read < buffer.len() && comes_soon(&self.0) {
            // What was read is not lost to an error; if that was no accident, it comes again.
            let more = self.0.read(&mut buffer[read..]).unwrap_or(0);
            if more == 0 {
                break;
            }
            read += more;
        }
        Ok(read)
    }
}

/// Whether there is more to read, or there will be in a moment: long for a program that writes all the time, nothing for people.
#[cfg(unix)]
fn comes_soon(reader: &impl std::os::fd::AsFd) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let moment = Timespec {
        tv_sec: 0,
        tv_nsec: 1_000_000,
    };
    let mut asked = [PollFd::new(reader, PollFlags::IN)];
    poll(&mut asked, Some(&moment)).is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
impl<R: Read> Read for Gathering<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Write, pipe};

    use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

    use super::*;

    #[test]
    fn a_pipe_gets_larger_and_never_smaller() {
        let (reader, _writer) = pipe().expect("there are pipes");
        fcntl_setpipe_size(&reader, 4096).expect("less is always granted");
        let Gathering(reader) = Gathering::new(reader);
        assert!(fcntl_getpipe_size(&reader).is_ok_and(|size| size > 4096));
        let size = fcntl_getpipe_size(&reader);
        let Gathering(reader) = Gathering::new(reader);
        assert_eq!(fcntl_getpipe_size(&reader), size);
    }

    #[test]
    fn what_is_no_pipe_is_read_all_the_same() {
        let mut read = Vec::new();
        let null = std::fs::File::open("/dev/null").expect("it is there");
        assert!(matches!(Gathering::new(null).read_to_end(&mut read), Ok(0)));
    }

    #[test]
    fn what_waits_is_read_at_once() {
        let (reader, mut writer) = pipe().expect("there are pipes");
        writer.write_all(b"ab").expect("it is open");
        writer.write_all(b"c").expect("it is open");
        let mut buffer = [0; 8];
        let read = Gathering::new(reader).read(&mut buffer);
        assert!(matches!(read, Ok(3)));
        assert_eq!(&buffer[..3], b"abc");
    }
}
