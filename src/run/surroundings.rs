//! The local zone and storage of the computer. Without the command line, there is none to ask.

#[cfg(feature = "cli")]
pub(crate) use super::host::{LOCAL_ZONE, SCRATCH};
#[cfg(not(feature = "cli"))]
pub(crate) use in_memory::{LOCAL_ZONE, SCRATCH};

#[cfg(not(feature = "cli"))]
mod in_memory {
    use chrono::offset::MappedLocalTime;

    use crate::host::{InMemory, Scratch};
    use crate::time::zone::LocalZone;

    /// UTC. [`crate::in_memory`] refuses requests that depend on the local zone.
    pub(crate) const LOCAL_ZONE: LocalZone = LocalZone {
        localize: |time| time.to_utc().fixed_offset(),
        resolve: |local_time| MappedLocalTime::Single(local_time.and_utc().fixed_offset()),
    };

    pub(crate) const SCRATCH: &dyn Scratch = &InMemory;
}
