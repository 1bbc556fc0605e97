//! Runs cleanups before a signal ends the process. The process then dies by that signal, so that a
//! shell or a script sees what it sees of other programs.

use std::sync::{Mutex, Once, PoisonError};

static CLEANUPS: Mutex<Vec<fn()>> = Mutex::new(Vec::new());

/// Done once signals are handled.
static WATCH: Once = Once::new();

/// Registers `cleanup` to run before a signal ends the process. It runs in another thread, and once
/// even if it is registered again.
pub(crate) fn add_cleanup(cleanup: fn()) {
    let mut cleanups = CLEANUPS.lock().unwrap_or_else(PoisonError::into_inner);
    let is_known = |known: &fn()| std::ptr::fn_addr_eq(*known, cleanup);
    if !cleanups.iter().any(is_known) {
        cleanups.push(cleanup);
    }
    drop(cleanups);
    WATCH.call_once(platform::watch);
}

/// Prepares the process: a write beyond the limit of `ulimit -f` returns an error instead of ending
/// the process, and signals end the first process of a container too. The kernel does not do that
/// by itself.
pub(crate) fn prepare() {
    static IS_PREPARED: Once = Once::new();
    IS_PREPARED.call_once(platform::return_size_errors);
    if std::process::id() == FIRST_PROCESS {
        add_cleanup(|| {});
    }
}

const FIRST_PROCESS: u32 = 1;

fn run_cleanups() {
    // A copy, so that a cleanup that waits for a thread cannot block one that registers another.
    let cleanups = CLEANUPS.lock().map(|cleanups| cleanups.clone());
    for cleanup in cleanups.unwrap_or_default() {
        cleanup();
    }
}

#[cfg(unix)]
mod platform {
    use std::ffi::c_int;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::signal::{
        SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ,
    };
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::{emulate_default_handler, exit};

    /// The signals that end a process by default and that users, shells and systems send.
    const WATCHED: [c_int; 8] = [
        SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGXCPU,
    ];

    /// Time limit of the cleanups. One that waits for a file system that does not answer must not
    /// keep the process alive.
    const CLEANUP_TIME: Duration = Duration::from_secs(2);

    /// Handles the signal of a write beyond the limit. The write then returns an error.
    pub(super) fn return_size_errors() {
        // Without a handler, the signal ends the process, which is no reason not to run.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }

    /// Starts a thread that waits for signals. If it cannot be started, signals end the process
    /// without cleanups, which is no reason not to run.
    pub(super) fn watch() {
        let (sender, is_watching) = mpsc::channel();
        let spawned = thread::Builder::new().spawn(move || {
            let ignored = ignored_signals();
            let watched = WATCHED.iter().filter(|signal| !ignored.contains(signal));
            let Ok(mut signals) = Signals::new(watched) else {
                return;
            };
            // Fails if nothing waits for it.
            let _ = sender.send(());
            if let Some(signal) = signals.forever().next() {
                run_cleanups_in_time();
                die(signal);
            }
        });
        if spawned.is_ok() {
            // Fails if the thread has ended.
            let _ = is_watching.recv();
        }
    }

    fn run_cleanups_in_time() {
        let (sender, is_done) = mpsc::channel();
        let spawned = thread::Builder::new().spawn(move || {
            super::run_cleanups();
            sender.send(())
        });
        match spawned {
            // Fails after the time limit.
            Ok(_) => drop(is_done.recv_timeout(CLEANUP_TIME)),
            Err(_) => super::run_cleanups(),
        }
    }

    /// Ends the process by `signal`, or with the exit code that shells show for it.
    fn die(signal: c_int) {
        if std::process::id() != super::FIRST_PROCESS {
            // Returns only for signals that it does not know.
            let _ = emulate_default_handler(signal);
        }
        exit(128 + signal);
    }

    /// The signals that were ignored when the program was started, as by `nohup`, and must stay
    /// so. Where that is unknown, these are the signals for which it is likely.
    fn ignored_signals() -> Vec<c_int> {
        let status = std::fs::read_to_string("/proc/self/status");
        let ignored = status.ok().and_then(|status| parse_ignored(&status));
        ignored.unwrap_or_else(|| vec![SIGHUP])
    }

    /// Parses `SigIgn` of `/proc/self/status`: bit 0 is signal 1 (proc(5)).
    fn parse_ignored(status: &str) -> Option<Vec<c_int>> {
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))?;
        let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
        let is_ignored = |signal: &c_int| mask >> (signal - 1) & 1 == 1;
        Some((1..=64).filter(is_ignored).collect())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn ignored_signals_are_parsed() {
            let status = "Name:\tpostcall\nSigBlk:\t0000000000000002\nSigIgn:\t8000000000001001\n";
            assert_eq!(parse_ignored(status), Some(vec![1, 13, 64]));
            assert_eq!(parse_ignored("SigIgn:\t0000000000000000\n"), Some(vec![]));
            for unknown in ["", "SigIgn:\tx\n"] {
                assert_eq!(parse_ignored(unknown), None, "{unknown}");
            }
        }
    }
}

#[cfg(not(unix))]
mod platform {
    /// The exit code that shells show for a program that Ctrl-C has ended.
    const EXIT_CODE: i32 = 130;

    /// Does nothing: there is no such signal.
    pub(super) fn return_size_errors() {}

    /// Sets a handler for Ctrl-C. Without one, Ctrl-C leaves files behind, which is no reason not
    /// to run.
    pub(super) fn watch() {
        #[expect(clippy::exit, reason = "no main would be reached")]
        let handler = || {
            super::run_cleanups();
            std::process::exit(EXIT_CODE);
        };
        let _ = ctrlc::set_handler(handler);
    }
}
