//! One run of the program: its output and messages, what it has seen, and how it will end. Commands say what to do with a body; how bodies
//! are reached, what is told of the others, and the exit code are settled here.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::rc::Rc;

use super::chosen::Chosen;
use super::complaint::{Complaint, Rejects};
use super::made::{Made, made_of_calls, made_of_items};
use super::stdout::{Noting, has_lost_its_reader};
use crate::cli::{Color, GlobalArgs, InputArgs};
use crate::exit::Exit;
use crate::input::batch::Batch;
use crate::input::doubts::Doubts;
use crate::input::envelope::{Body, Item};
use crate::input::place::{Locator, Position};
use crate::input::seen::Seen;
use crate::input::source::{Inputs, Unreadable, may_pause};
use crate::input::unpack::Coding;
use crate::pipeline::{self, Step};
use crate::view::progress::{self, Progress};
use crate::view::safe_text::{self, TerminalGuard};
use crate::view::table::Layout;
use crate::view::theme::Theme;
use crate::view::words::counted;
use anyhow::Context as _;

/// So many messages about bad data are told, and the others counted.
const MOST_COMPLAINTS: u64 = 100;

const OUTPUT_BUFFER_BYTES: usize = 64 * 1024;

/// Where a run writes, and what has come of it so far.
pub struct Session {
    /// Standard output.
    pub out: Box<dyn Write>,
    /// Width and colours for what people read.
    pub layout: Layout,
    /// How far it is, for people.
    pub progress: Progress,
    threads: Option<u16>,
    stdin_is_terminal: bool,
    out_is_terminal: bool,
    /// Whether something was written to standard output, and the run has to go on where nobody reads it any more.
    out_has_begun: Rc<Cell<bool>>,
    outlives_reader: bool,
    exit: Exit,
    seen: Seen,
    /// What could not be read.
    unreadable: Vec<Unreadable>,
    /// How often it was to be said what is wrong with the data.
    complaints: u64,
    /// Where records go that are complained of, if they are to be kept.
    rejects: Option<Rejects>,
}

impl Session {
    /// A session on the process's own streams.
    #[must_use]
    pub fn new(global: &GlobalArgs) -> Self {
        let stdout = io::stdout();
        let out_is_terminal = stdout.is_terminal();
        let choice = match global.color {
            Color::Auto => anstream::AutoStream::choice(&stdout),
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        let theme = match choice {
            anstream::ColorChoice::Never => Theme::Plain,
            _ => Theme::Ansi,
        };
        let progress = Progress::new();
        let stdout: Box<dyn Write> = if out_is_terminal {
            progress.beside(stdout)
        } else {
            Box::new(stdout)
        };
        let out_has_begun = Rc::<Cell<bool>>::default();
        let stdout = Noting {
            out: stdout,
            has_begun: Rc::clone(&out_has_begun),
        };
        Self {
            out: Box::new(BufWriter::with_capacity(OUTPUT_BUFFER_BYTES, stdout)),
            layout: Layout {
                width: width(out_is_terminal),
                theme,
            },
            progress,
            threads: global.threads,
            stdin_is_terminal: io::stdin().is_terminal(),
            out_is_terminal,
            out_has_begun,
            outlives_reader: false,
            exit: Exit::Done,
            seen: Seen::default(),
            unreadable: Vec::new(),
            complaints: 0,
            rejects: None,
        }
    }

    /// From here on standard output is data, not text for people: a terminal is shown control characters instead of obeying them.
    pub fn guard_terminal(&mut self) {
        if self.out_is_terminal {
            let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
            self.out = Box::new(TerminalGuard::new(out));
        }
    }

    /// From here on, what nobody reads any more is dropped, and the run goes on.
    pub fn outlive_reader(&mut self) {
        let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
        self.out = Box::new(UntilClosed(Some(out)));
        self.outlives_reader = true;
    }

    /// How the run ends, as far as is known.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// The run ends at least as badly as this.
    pub fn fail(&mut self, exit: Exit) {
        self.exit = self.exit.max(exit);
    }

    /// What was met in the input so far.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Has the records that are complained of kept in `rejects`.
    pub fn keep_rejects(&mut self, rejects: Rejects) {
        self.rejects = Some(rejects);
    }

    /// The records kept so far; handed out once.
    pub fn take_rejects(&mut self) -> Option<Rejects> {
        self.rejects.take()
    }

    /// What could not be read so far; handed out once.
    pub fn take_unreadable(&mut self) -> Vec<Unreadable> {
        std::mem::take(&mut self.unreadable)
    }

    /// How many threads work.
    #[must_use]
    pub fn threads(&self) -> usize {
        pipeline::count(self.threads)
    }

    /// Says something on standard error.
    pub fn tell(&mut self, message: &str) {
        tell(message);
    }

    /// Writes what is waiting.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.out.flush().context("standard output")
    }

    /// Gives each call of the input to `work`, in worker threads, and what came of each batch to `sink`, in input order. What is no call
    /// is told on standard error.
    pub fn for_each_call<T: Default + Send + 'static>(
        &mut self,
        input: &InputArgs,
        work: impl Fn(&Body, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.for_each_call_and_pause(input, work, sink, |_| Ok(()))
    }

    /// The same; where the input pauses, `pause` shows what waits.
    pub fn for_each_call_and_pause<T: Default + Send + 'static>(
        &mut self,
        input: &InputArgs,
        work: impl Fn(&Body, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let chosen = self.choose(input)?;
        let mut doubts = Doubts::default();
        let with_records = self.rejects.is_some();
        self.for_each_batch(
            &chosen,
            |batch| made_of_calls(&batch, &chosen.selection, with_records, &work),
            &mut doubts,
            sink,
            pause,
        )?;
        let neighbours = self.seen.neighbours.clone();
        self.tell_skipped(&neighbours, &doubts);
        self.end_of_input(self.has_explained());
        Ok(())
    }

    /// Gives each item of the input to `work`, call or not, in worker threads, and what came of each batch to `sink`, in input order. Where the input
    /// pauses, `pause` shows what waits.
    pub fn for_each_item<T: Default + Send + 'static>(
        &mut self,
        input: &InputArgs,
        work: impl Fn(&Item, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let chosen = self.choose(input)?;
        let work = |batch: Batch| made_of_items(&batch, &chosen.selection, &work);
        self.for_each_batch(&chosen, work, &mut Doubts::default(), sink, pause)?;
        // What was handed on explains it too.
        let others = self.seen.others > 0 || self.seen.has_told_others();
        self.end_of_input(self.has_explained() || others);
        Ok(())
    }

    /// Settles what is read and which calls of it are asked for.
    pub fn choose(&mut self, input: &InputArgs) -> anyhow::Result<Chosen> {
        let inputs = self.inputs(input)?;
        Chosen::settle(inputs, input, self.threads, &mut self.progress)
    }

    /// Gives each batch of the input to `work`, in worker threads, and what came of it to `sink`, in input order, until no more is wanted. What was seen
    /// counts before it is written: the exit code is right also when nobody reads on. Where the input pauses, `pause` shows what waits.
    pub fn for_each_batch<T: Send + 'static>(
        &mut self,
        chosen: &Chosen,
        work: impl Fn(Batch) -> Made<T> + Sync,
        doubts: &mut Doubts<Complaint>,
        mut sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        mut pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.progress.start(&chosen.inputs);
        // A file that is read slowly is not followed by anyone: what is made of it must not depend on when.
        let may_pause = may_pause(&chosen.inputs);
        pipeline::run(&chosen.inputs, self.threads, work, |step| {
            let made = match step {
                Step::Made(Ok(made)) => made,
                Step::Made(Err(unreadable)) => {
                    self.cannot_read(unreadable)?;
                    return Ok(ControlFlow::Continue(()));
                }
                Step::Pause => {
                    if may_pause {
                        pause(&mut self.out)?;
                        self.flush()?;
                    }
                    self.progress.pause(self.seen.calls);
                    self.end_without_reader()?;
                    return Ok(ControlFlow::Continue(()));
                }
            };
            let met = made.seen.met();
            self.seen += made.seen;
            if let Some((source, is_maybe)) = &made.source {
                let told = doubts.go_on_with(source, *is_maybe);
                self.complain(told)?;
            }
            if made.is_bad || !made.complaints.is_empty() {
                self.fail(Exit::BadData);
            }
            sink(&mut self.out, made.result)?;
            self.flush()?;
            let told = doubts.take(met, made.doubtful);
            self.complain(told)?;
            self.complain(made.complaints)?;
            self.progress.step(self.seen.calls);
            Ok(made.flow)
        })?;
        self.progress.rest();
        let told = doubts.end();
        self.complain(told)?;
        self.tell_more_complaints();
        Ok(())
    }

    /// Ends the run, as writing would, if nobody reads its output any more: input that pauses may never go on.
    fn end_without_reader(&self) -> anyhow::Result<()> {
        if self.out_has_begun.get() && !self.outlives_reader && has_lost_its_reader() {
            let closed = io::Error::from(io::ErrorKind::BrokenPipe);
            return Err(closed).context("standard output");
        }
        Ok(())
    }

    /// The inputs asked for; waiting for someone to type JSON would help nobody.
    fn inputs(&self, input: &InputArgs) -> anyhow::Result<Inputs> {
        if input.paths.is_empty() && self.stdin_is_terminal {
            return Err(NoInput.into());
        }
        Ok(input.inputs())
    }

    /// Says what is wrong with the data.
    fn complain(&mut self, complaints: Vec<Complaint>) -> anyhow::Result<()> {
        if complaints.is_empty() {
            return Ok(());
        }
        self.fail(Exit::BadData);
        self.flush()?;
        for complaint in complaints {
            self.complaints += 1;
            if self.complaints <= MOST_COMPLAINTS {
                self.tell(&complaint.message);
            }
            if let Some(rejects) = &mut self.rejects {
                rejects.add(&complaint)?;
            }
        }
        Ok(())
    }

    fn cannot_read(&mut self, unreadable: Unreadable) -> anyhow::Result<()> {
        self.flush()?;
        self.fail(if unreadable.in_part {
            Exit::BadData
        } else {
            Exit::Failed
        });
        self.tell(&format!("{}: {}", unreadable.name, unreadable.reason));
        self.unreadable.push(unreadable);
        Ok(())
    }

    /// Judges the input as a whole: it should have held a call, or at least the ruins of one that was told of. `is_explained` says that the user
    /// was told why there is none.
    pub fn end_of_input(&mut self, is_explained: bool) {
        let is_ruined = self.seen.broken > 0 && is_explained;
        if self.seen.calls == 0 && !is_ruined {
            self.fail(Exit::Failed);
            if !is_explained {
                self.tell("no call found in the input");
            }
        }
        if self.seen.calls > 0 && self.seen.chosen() == 0 {
            let passed_over = counted(self.seen.passed_over, "call");
            self.tell(&format!("no call matches: {passed_over} passed over"));
        }
    }

    fn has_explained(&self) -> bool {
        self.complaints > 0 || !self.unreadable.is_empty()
    }

    /// Says how many complaints were not told one by one.
    fn tell_more_complaints(&mut self) {
        let more = self.complaints.saturating_sub(MOST_COMPLAINTS);
        if more > 0 {
            self.tell(&format!(
                "… and {more} more like these (postcall extract --list shows all)"
            ));
        }
    }

    /// Says what was passed over.
    pub fn tell_skipped<T>(
        &mut self,
        neighbours: &BTreeMap<&'static str, u64>,
        doubts: &Doubts<T>,
    ) {
        let neighbours = neighbours.iter();
        let mut skipped: Vec<String> = neighbours
            .map(|(name, count)| format!("{count} × {name}"))
            .collect();
        for (count, what) in [
            (doubts.forgiven(), "value"),
            (doubts.forgiven_sources(), "file"),
        ] {
            if count > 0 {
                skipped.push(format!("{} without a call", counted(count, what)));
            }
        }
        if !skipped.is_empty() {
            self.tell(&format!(
                "skipped {} (postcall extract --list shows what and where)",
                skipped.join(", ")
            ));
        }
    }
}

/// Says something on standard error.
pub fn tell(message: &str) {
    progress::make_way();
    // There is nobody left to tell when this fails.
    let _ = writeln!(io::stderr(), "postcall: {}", safe_text::one_line(message));
}

/// Writes as long as somebody reads.
struct UntilClosed(Option<Box<dyn Write>>);

impl UntilClosed {
    fn unless_closed<T>(
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

impl Write for UntilClosed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), |out| out.flush())
    }
}

/// Nobody said what to read.
#[derive(Debug)]
pub struct NoInput;

impl std::fmt::Display for NoInput {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("nothing to read: name a file or a folder, or pipe JSON in")
    }
}

impl std::error::Error for NoInput {}

/// Columns that a line may have: those of the terminal, or what `COLUMNS` says.
fn width(out_is_terminal: bool) -> Option<usize> {
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let terminal = || {
        let size = terminal_size::terminal_size().filter(|_| out_is_terminal);
        size.map(|(width, _)| usize::from(width.0))
    };
    asked.filter(|columns| *columns > 0).or_else(terminal)
}

/// `line:column`, and in what, where those are not of the file: `3:14 in base64`
#[must_use]
pub fn place_in(locator: &Locator, offset: usize) -> String {
    let place = place(locator.position(offset));
    match coding_of_places(locator) {
        Some(coding) => format!("{place} in {coding}"),
        None => place,
    }
}

/// In what places are, where they are not places of the file: `base64`.
#[must_use]
pub fn coding_of_places(locator: &Locator) -> Option<&'static str> {
    let coding = locator.coding().filter(|coding| coding.moves_places());
    coding.map(Coding::name)
}

/// `line:column`
#[must_use]
pub fn place(position: Position) -> String {
    format!("{}:{}", position.line, position.column)
}

/// The result of writing to standard output; an error says so.
pub fn on_stdout(result: io::Result<()>) -> anyhow::Result<()> {
    result.context("standard output")
}
