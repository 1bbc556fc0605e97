//! What another program writes bit by bit, read in large pieces as long as it comes fast, and at once where it does not.

use std::io::{self, Read};

/// Reads a pipe, a terminal or a device.
#[derive(Debug)]
pub(super) struct Gathering<R>(pub(super) R);

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
