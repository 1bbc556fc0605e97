//! What the sink of a run receives.

use crate::capture::source::reader::UnreadableInput;

/// An event while the input is read.
pub(crate) enum PipelineStep<T> {
    /// The result of the next batch, or the reason why it could not be read.
    Done(Result<T, UnreadableInput>),
    /// The input pauses, and the results of all batches read so far have been passed on. This event
    /// is repeated every 200 ms while the pause lasts.
    Pause,
}
