//! Waits until a stream can be read or written. Node, ssh and other programs leave the streams that
//! they share with their children in non-blocking mode. To change the mode would change it for them
//! too.

use std::io;
#[cfg(unix)]
use std::os::fd::AsFd;
use std::time::Duration;

#[cfg(unix)]
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// What a stream is to be ready for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Readiness {
    /// Data or the end of the input.
    Read,
    /// Room for output, or a closed reader.
    Write,
}

/// A stream whose readiness is known to the system.
#[cfg(unix)]
pub(crate) trait Pollable: AsFd {}

#[cfg(unix)]
impl<S: AsFd> Pollable for S {}

/// A stream whose readiness is unknown.
#[cfg(not(unix))]
pub(crate) trait Pollable {}

#[cfg(not(unix))]
impl<S> Pollable for S {}

/// Calls `act` on the stream, again and again while it fails because the stream is not ready.
pub(crate) fn act_when_ready<S: Pollable, T>(
    stream: &mut S,
    readiness: Readiness,
    mut act: impl FnMut(&mut S) -> io::Result<T>,
) -> io::Result<T> {
    loop {
        match act(stream) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                match is_ready(stream, readiness, None) {
                    Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                    _ => {}
                }
            }
            result => return result,
        }
    }
}

/// Returns true if the stream is ready or becomes so before the time is over. `None` waits without
/// limit.
#[cfg(unix)]
pub(crate) fn is_ready(
    stream: &impl Pollable,
    readiness: Readiness,
    timeout: Option<Duration>,
) -> io::Result<bool> {
    let flags = match readiness {
        Readiness::Read => PollFlags::IN,
        Readiness::Write => PollFlags::OUT,
    };
    let mut polled = [PollFd::new(stream, flags)];
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    Ok(poll(&mut polled, timeout.as_ref())? > 0)
}

/// Always true: on this platform, streams are never in non-blocking mode.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
pub(crate) fn is_ready(
    _stream: &impl Pollable,
    _readiness: Readiness,
    _timeout: Option<Duration>,
) -> io::Result<bool> {
    Ok(true)
}
