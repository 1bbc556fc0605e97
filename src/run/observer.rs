//! What a person sees of a run besides its output.

use crate::capture::source::files::inputs::Inputs;
use crate::host::OutputProgress;

/// Receives the messages and the progress of a run.
pub(crate) trait Observer {
    /// Receives a message: one line, with its line break.
    fn print(&mut self, line: &str);

    /// Receives lines with styles of terminals.
    fn print_table(&mut self, text: &[u8]);

    /// True if a person reads the messages as they come, so that results are printed, too.
    fn is_watched(&self) -> bool;

    /// The run starts to read `inputs`.
    fn start_reading(&mut self, inputs: &Inputs);

    /// A part of the input was processed. `calls` is the number of calls so far.
    fn update(&mut self, calls: u64);

    /// The input pauses. `calls` is the number of calls so far.
    fn pause(&mut self, calls: u64);

    /// All input was read.
    fn finish_reading(&self);

    /// The progress of writing output, after all input was read.
    fn write_progress(&self) -> Box<dyn OutputProgress>;
}
