//! Runs cleanups before a signal ends the process (Ctrl-C, SIGTERM, SIGHUP).

use std::sync::Mutex;

/// Exit code after a signal: that of a program ended by Ctrl-C (128 + SIGINT), by shell convention.
const EXIT_CODE: i32 = 130;

static CLEANUPS: Mutex<Vec<fn()>> = Mutex::new(Vec::new());

/// Registers `cleanup` to run before a signal ends the process. It runs in another thread, and once
/// even if it is registered again.
pub(crate) fn add_cleanup(cleanup: fn()) {
    if let Ok(mut cleanups) = CLEANUPS.lock()
        && !cleanups
            .iter()
            .any(|known| std::ptr::fn_addr_eq(*known, cleanup))
    {
        cleanups.push(cleanup);
    }
    #[expect(
        clippy::exit,
        reason = "a signal ends the process at once; no main would be reached"
    )]
    let handler = || {
        for cleanup in CLEANUPS.lock().iter().flat_map(|cleanups| cleanups.iter()) {
            cleanup();
        }
        std::process::exit(EXIT_CODE);
    };
    // Fails if the handler is set already. Without a handler a signal leaves something behind,
    // which is no reason not to run.
    let _ = ctrlc::set_handler(handler);
}
