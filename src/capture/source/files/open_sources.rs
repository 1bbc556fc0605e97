//! Opens the inputs, whatever they are.

use std::sync::Arc;

use super::inputs::Inputs;
#[cfg(feature = "cli")]
use super::open::open_files;
use crate::capture::source::named_sources::open_named_sources;
use crate::capture::source::sources::Sources;

/// Opens the sources of the inputs, one at a time and in their order. An input that cannot be
/// opened yields an error, and the iteration goes on.
pub(crate) fn open_sources(inputs: &Inputs) -> Sources {
    inputs.skipped.reset();
    if let Some(sources) = &inputs.named {
        return open_named_sources(Arc::clone(sources), inputs.source_options());
    }
    #[cfg(feature = "cli")]
    return Box::new(open_files(inputs));
    #[cfg(not(feature = "cli"))]
    Box::new(std::iter::empty())
}
