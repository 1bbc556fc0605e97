//! The workers of a run, for work after the input was read.

use super::session::Session;
#[cfg(not(feature = "cli"))]
use crate::host::OneWorker;
use crate::host::Workers;
#[cfg(feature = "cli")]
use crate::run::pipeline::{Threads, thread_count};

impl Session {
    /// The worker threads.
    #[cfg(feature = "cli")]
    pub(crate) fn workers(&self) -> impl Workers + use<> {
        Threads(thread_count(self.threads))
    }

    /// The calling thread.
    #[cfg(not(feature = "cli"))]
    #[expect(
        clippy::unused_self,
        reason = "with threads, the session has their number"
    )]
    pub(crate) fn workers(&self) -> impl Workers + use<> {
        OneWorker
    }
}
