//! The sizes at which sources are cut into batches.

/// Target size of a batch in bytes: large enough that passing it between threads is cheap, small
/// enough to have many in flight.
pub(crate) const BATCH_BYTES: usize = 1024 * 1024;

/// Objects of more bytes are split. A body is far smaller, and a buffer of this size takes little
/// memory.
const SPLIT_OBJECT_BYTES: usize = 4 * BATCH_BYTES;

/// The sizes at which a source is cut into batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutSizes {
    /// Target size of a batch in bytes.
    pub(crate) batch: usize,
    /// An object of more bytes is split at the elements of its first large array, so that it need
    /// not be held in memory as a whole; `None` keeps all objects whole.
    pub(crate) object: Option<usize>,
}

impl CutSizes {
    /// Each object is in one batch.
    pub(crate) const WHOLE_OBJECTS: Self = Self {
        batch: BATCH_BYTES,
        object: None,
    };
}

impl Default for CutSizes {
    fn default() -> Self {
        Self {
            object: Some(SPLIT_OBJECT_BYTES),
            ..Self::WHOLE_OBJECTS
        }
    }
}
