//! The session: one run of the program with its output, messages, counts and exit code. A command
//! passes a function for bodies or batches; the session reads the input, runs the function in
//! worker threads, writes the results in input order and reports problems.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::rc::Rc;

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;

use super::batch_result::{BatchResult, process_calls, process_items};
use super::output_file::OutputFile;
use super::problem::{Problem, RejectFile};
use super::read_plan::{ReadOptions, ReadPlan};
use super::stdout::{TrackedStdout, is_reader_gone};
use crate::capture::find::deferred::Deferred;
use crate::capture::find::envelope::{Body, Item};
use crate::capture::source::inputs::{UnreadableInput, may_pause};
use crate::capture::split::batch::Batch;
use crate::exit::Exit;
use crate::run::pipeline::{self, PipelineStep};
use crate::run::progress::{self, Progress};
use crate::select::counts::Counts;
use crate::text::plural::format_count;
use crate::text::safe_text::{self, TerminalGuard};
use crate::view::table::Terminal;
use crate::view::theme::Theme;

/// Number of problems that are printed. Later ones are only counted.
const MAX_PROBLEMS_SHOWN: u64 = 100;

const OUTPUT_BUFFER_BYTES: usize = 64 * 1024;

/// Options of every run, whatever the command.
#[derive(Clone, Copy, Debug)]
pub struct SessionOptions {
    /// When to use colours on standard output.
    pub color: ColorChoice,
    /// Number of worker threads; `None` means one per core.
    pub threads: Option<u16>,
}

/// One run of the program: its streams, and its result so far.
pub struct Session {
    /// Standard output.
    pub out: Box<dyn Write>,
    /// Width and colours of output for people.
    pub terminal: Terminal,
    /// The progress line on standard error.
    pub progress: Progress,
    threads: Option<u16>,
    stdin_is_terminal: bool,
    out_is_terminal: bool,
    /// True once anything was written to standard output.
    stdout_has_output: Rc<Cell<bool>>,
    /// True if the run goes on after the reader of standard output has closed it.
    ignores_closed_pipe: bool,
    exit: Exit,
    counts: Counts,
    /// Inputs that could not be read.
    unreadable: Vec<UnreadableInput>,
    /// Number of problems so far, printed or not.
    problem_count: u64,
    /// The file of records that have a problem, with `--rejects`.
    rejects: Option<RejectFile>,
}

impl Session {
    /// A session on the standard streams of the process.
    #[must_use]
    pub fn new(options: SessionOptions) -> Self {
        let stdout = io::stdout();
        let out_is_terminal = stdout.is_terminal();
        let color = match options.color {
            ColorChoice::Auto => AutoStream::choice(&stdout),
            choice => choice,
        };
        let theme = match color {
            ColorChoice::Never => Theme::Plain,
            _ => Theme::Ansi,
        };
        let progress = Progress::new();
        let stdout: Box<dyn Write> = if out_is_terminal {
            progress.wrap_stdout(stdout)
        } else {
            Box::new(stdout)
        };
        let out_has_begun = Rc::<Cell<bool>>::default();
        let stdout = TrackedStdout {
            out: stdout,
            has_output: Rc::clone(&out_has_begun),
        };
        Self {
            out: Box::new(BufWriter::with_capacity(OUTPUT_BUFFER_BYTES, stdout)),
            terminal: Terminal {
                width: terminal_width(out_is_terminal),
                theme,
            },
            progress,
            threads: options.threads,
            stdin_is_terminal: io::stdin().is_terminal(),
            out_is_terminal,
            stdout_has_output: out_has_begun,
            ignores_closed_pipe: false,
            exit: Exit::Done,
            counts: Counts::default(),
            unreadable: Vec::new(),
            problem_count: 0,
            rejects: None,
        }
    }

    /// Treats standard output as data from now on: if it is a terminal, control characters are
    /// escaped, so that the data cannot control the terminal.
    pub fn guard_terminal(&mut self) {
        if self.out_is_terminal {
            let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
            self.out = Box::new(TerminalGuard::new(out));
        }
    }

    /// Keeps the run going after the reader of standard output has closed it: further output is
    /// dropped.
    pub fn ignore_closed_pipe(&mut self) {
        let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
        self.out = Box::new(PipeTolerantStdout(Some(out)));
        self.ignores_closed_pipe = true;
    }

    /// The exit code, as far as it is known.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Raises the exit code to at least `exit`.
    pub fn fail(&mut self, exit: Exit) {
        self.exit = self.exit.max(exit);
    }

    /// Number of items of each kind in the input so far.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Writes the records that have a problem to `rejects`, from now on.
    pub fn set_rejects(&mut self, rejects: RejectFile) {
        self.rejects = Some(rejects);
    }

    /// Removes and returns the file of rejects, if there is one.
    pub fn take_rejects(&mut self) -> Option<RejectFile> {
        self.rejects.take()
    }

    /// Removes and returns the list of inputs that could not be read so far.
    pub fn take_unreadable(&mut self) -> Vec<UnreadableInput> {
        std::mem::take(&mut self.unreadable)
    }

    /// Number of worker threads.
    #[must_use]
    pub fn threads(&self) -> usize {
        pipeline::thread_count(self.threads)
    }

    /// Prints one line on standard error: `postcall: message`.
    pub fn print_message(&mut self, message: &str) {
        print_message(message);
    }

    /// Flushes standard output.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.out.flush().context("standard output")
    }

    /// Writes output that had to wait until the whole input was read: to `file`, which then appears
    /// under its name, or to standard output if there is none.
    pub(crate) fn write_after_reading<T>(
        &mut self,
        file: Option<OutputFile>,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let Some(mut file) = file else {
            self.guard_terminal();
            let result = write(&mut self.progress.track_writing(&mut self.out));
            let result = result.context("standard output")?;
            self.flush()?;
            return Ok(result);
        };
        let result = write(&mut self.progress.track_writing(&mut file));
        let result = result.with_context(|| file.name())?;
        file.complete()?;
        Ok(result)
    }

    /// Runs `handle` on each selected call, in worker threads. `handle` adds to a value per batch;
    /// `sink` receives these values in input order. Input that is not a call is reported on
    /// standard error.
    pub fn for_each_call<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        handle: impl Fn(&Body, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.for_each_call_with_pause(options, handle, sink, |_| Ok(()))
    }

    /// Like [`Self::for_each_call`]. While the input pauses, as `tail -f` does, `pause` writes
    /// buffered output.
    pub fn for_each_call_with_pause<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        handle: impl Fn(&Body, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let plan = self.plan(options)?;
        let mut deferred = Deferred::default();
        let with_records = self.rejects.is_some();
        self.for_each_batch(
            &plan,
            |batch| process_calls(&batch, &plan.selection, with_records, &handle),
            &mut deferred,
            sink,
            pause,
        )?;
        let other_payloads = self.counts.other_payloads.clone();
        self.warn_skipped(&other_payloads, &deferred);
        self.conclude_input(self.has_reported_problems());
        Ok(())
    }

    /// Runs `handle` on each item of the input, selected calls and everything that is not a call,
    /// in worker threads. `handle` adds to a value per batch; `sink` receives these values in
    /// input order. While the input pauses, `pause` writes buffered output.
    pub fn for_each_item<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        handle: impl Fn(&Item, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let plan = self.plan(options)?;
        let process = |batch: Batch| process_items(&batch, &plan.selection, &handle);
        self.for_each_batch(&plan, process, &mut Deferred::default(), sink, pause)?;
        // Items that `handle` received explain a lack of calls too.
        let has_others = self.counts.non_calls > 0 || self.counts.has_reported_others();
        self.conclude_input(self.has_reported_problems() || has_others);
        Ok(())
    }

    /// The read plan for `options`: the inputs, and the selection of calls. Reads the input once if
    /// [`Dedupe::Last`](super::read_plan::Dedupe::Last) needs it.
    ///
    /// Without a path, standard input is read, but not from a terminal: waiting for typed JSON
    /// would look like a hang.
    pub fn plan(&mut self, options: &ReadOptions) -> anyhow::Result<ReadPlan> {
        if options.inputs.paths.is_empty() && self.stdin_is_terminal {
            return Err(NoInput.into());
        }
        ReadPlan::prepare(options, self.threads, &mut self.progress)
    }

    /// Runs `process` on each batch of the input, in worker threads, and passes the results to
    /// `sink` in input order, until the selection is complete. Problems that depend on the rest of
    /// their source go through `deferred`. While the input pauses, `pause` writes buffered output.
    ///
    /// A batch is counted before its result is written, so that the exit code is right even if the
    /// reader closes the pipe.
    pub fn for_each_batch<T: Send + 'static>(
        &mut self,
        plan: &ReadPlan,
        process: impl Fn(Batch) -> BatchResult<T> + Sync,
        deferred: &mut Deferred<Problem>,
        mut sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        mut pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.progress.start(&plan.inputs);
        // Only streams can pause. For slow files, output must not depend on timing.
        let may_pause = may_pause(&plan.inputs);
        pipeline::run(&plan.inputs, self.threads, process, |step| {
            let batch = match step {
                PipelineStep::Done(Ok(batch)) => batch,
                PipelineStep::Done(Err(unreadable)) => {
                    self.report_unreadable(unreadable)?;
                    return Ok(ControlFlow::Continue(()));
                }
                PipelineStep::Pause => {
                    if may_pause {
                        pause(&mut self.out)?;
                        self.flush()?;
                    }
                    self.progress.pause(self.counts.calls);
                    self.check_reader()?;
                    return Ok(ControlFlow::Continue(()));
                }
            };
            let context = batch.counts.source_context();
            self.counts += batch.counts;
            if let Some((source, is_maybe)) = &batch.source {
                let problems = deferred.set_source(source, *is_maybe);
                self.report_problems(problems)?;
            }
            if batch.has_bad_data || !batch.problems.is_empty() {
                self.fail(Exit::BadData);
            }
            sink(&mut self.out, batch.result)?;
            self.flush()?;
            let problems = deferred.add_part(context, batch.deferred);
            self.report_problems(problems)?;
            self.report_problems(batch.problems)?;
            self.progress.update(self.counts.calls);
            Ok(batch.flow)
        })?;
        self.progress.finish_reading();
        let problems = deferred.finish_source();
        self.report_problems(problems)?;
        self.report_omitted_problems();
        Ok(())
    }

    /// Fails with a broken pipe if the reader of standard output has closed it. A write would fail
    /// too, but while the input pauses there may never be one.
    fn check_reader(&self) -> anyhow::Result<()> {
        if self.stdout_has_output.get() && !self.ignores_closed_pipe && is_reader_gone() {
            let closed = io::Error::from(io::ErrorKind::BrokenPipe);
            return Err(closed).context("standard output");
        }
        Ok(())
    }

    /// Prints and counts the problems, and adds their records to the file of rejects.
    fn report_problems(&mut self, problems: Vec<Problem>) -> anyhow::Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        self.fail(Exit::BadData);
        self.flush()?;
        for problem in problems {
            self.problem_count += 1;
            if self.problem_count <= MAX_PROBLEMS_SHOWN {
                self.print_message(&problem.message);
            }
            if let Some(rejects) = &mut self.rejects {
                rejects.add(&problem)?;
            }
        }
        Ok(())
    }

    fn report_unreadable(&mut self, unreadable: UnreadableInput) -> anyhow::Result<()> {
        self.flush()?;
        self.fail(if unreadable.is_partial {
            Exit::BadData
        } else {
            Exit::Failed
        });
        self.print_message(&format!("{}: {}", unreadable.name, unreadable.reason));
        self.unreadable.push(unreadable);
        Ok(())
    }

    /// Sets the exit code for the input as a whole and prints why no call is shown. Input without
    /// a call is a failure, unless it has broken JSON that was reported. `is_explained` is true if
    /// messages so far explain a lack of calls.
    pub fn conclude_input(&mut self, is_explained: bool) {
        let is_broken_input = self.counts.broken > 0 && is_explained;
        if self.counts.calls == 0 && !is_broken_input {
            self.fail(Exit::Failed);
            if !is_explained {
                self.print_message("no call found in the input");
            }
        }
        if self.counts.calls > 0 && self.counts.selected() == 0 {
            let filtered_out = format_count(self.counts.excluded, "call");
            self.print_message(&format!("no call matches: {filtered_out} passed over"));
        }
    }

    fn has_reported_problems(&self) -> bool {
        self.problem_count > 0 || !self.unreadable.is_empty()
    }

    /// Prints the number of problems that were not printed one by one.
    fn report_omitted_problems(&mut self) {
        let more = self.problem_count.saturating_sub(MAX_PROBLEMS_SHOWN);
        if more > 0 {
            self.print_message(&format!(
                "… and {more} more like these (postcall extract --list shows all)"
            ));
        }
    }

    /// Prints a summary of skipped items: `other_payloads` by name, and values and files without a
    /// call that `deferred` dropped.
    pub fn warn_skipped<T>(
        &mut self,
        other_payloads: &BTreeMap<&'static str, u64>,
        deferred: &Deferred<T>,
    ) {
        let other_payloads = other_payloads.iter();
        let mut skipped: Vec<String> = other_payloads
            .map(|(name, count)| format!("{count} × {name}"))
            .collect();
        for (count, noun) in [
            (deferred.dropped(), "value"),
            (deferred.dropped_sources(), "file"),
        ] {
            if count > 0 {
                skipped.push(format!("{} without a call", format_count(count, noun)));
            }
        }
        if !skipped.is_empty() {
            self.print_message(&format!(
                "skipped {} (postcall extract --list shows what and where)",
                skipped.join(", ")
            ));
        }
    }
}

/// Prints one line on standard error, `postcall: message`, after clearing the progress line.
pub fn print_message(message: &str) {
    progress::clear_for_output();
    // A message about a failed message has nowhere to go.
    let _ = writeln!(io::stderr(), "postcall: {}", safe_text::one_line(message));
}

/// Standard output that drops everything once its reader has closed the pipe.
struct PipeTolerantStdout(Option<Box<dyn Write>>);

impl PipeTolerantStdout {
    fn write_if_open<T>(
        &mut self,
        nothing: T,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(out) = &mut self.0 else {
            return Ok(nothing);
        };
        match write(out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(nothing)
            }
            result => result,
        }
    }
}

impl Write for PipeTolerantStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_if_open(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_if_open((), |out| out.flush())
    }
}

/// The error of a run without a path whose standard input is a terminal.
#[derive(Debug)]
pub struct NoInput;

impl std::fmt::Display for NoInput {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("nothing to read: name a file or a folder, or pipe JSON in")
    }
}

impl std::error::Error for NoInput {}

/// Width of a line in columns, from `COLUMNS` or else from the terminal; `None` means no limit.
fn terminal_width(out_is_terminal: bool) -> Option<usize> {
    let requested = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let detected = || {
        let size = terminal_size::terminal_size().filter(|_| out_is_terminal);
        size.map(|(width, _)| usize::from(width.0))
    };
    requested.filter(|columns| *columns > 0).or_else(detected)
}

/// Adds the context `standard output` to a write error.
pub fn on_stdout(result: io::Result<()>) -> anyhow::Result<()> {
    result.context("standard output")
}
