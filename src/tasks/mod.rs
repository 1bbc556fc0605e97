//! What the commands do with their parsed arguments, for the program and for [`crate::in_memory`].
//! Files, settings and the environment are the affair of the commands.

pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod redact;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod validate;
