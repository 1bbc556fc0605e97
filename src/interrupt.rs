//! What is done before a signal ends the process (Ctrl-C, SIGTERM, SIGHUP): whoever would leave something behind says how it goes away.

use std::sync::Mutex;

/// The exit code of a program that Ctrl-C ended (128 + SIGINT), as shells count.
const INTERRUPTED: i32 = 130;

static LAST_ACTS: Mutex<Vec<fn()>> = Mutex::new(Vec::new());

/// Has `act` done, by another thread, before a signal ends the process. An act that is given again comes once.
pub fn before_end(act: fn()) {
    if let Ok(mut acts) = LAST_ACTS.lock()
        && !acts.iter().any(|other| std::ptr::fn_addr_eq(*other, act))
    {
        acts.push(act);
    }
    #[expect(
        clippy::exit,
        reason = "a signal ends the process at once; no main would be reached"
    )]
    let handler = || {
        for act in LAST_ACTS.lock().iter().flat_map(|acts| acts.iter()) {
            act();
        }
        std::process::exit(INTERRUPTED);
    };
    // It is set once; without one something is left behind: no reason not to run.
    let _ = ctrlc::set_handler(handler);
}
