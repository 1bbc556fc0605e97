//! Ordered batches over N threads: they read and work, one after another reading, and the calling thread takes the results in input order. What is in
//! flight is bounded, so memory does not follow the input's size, and the output is the same for any number of threads.

use std::iter;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::input::batch::{Batch, Batches};
use crate::input::source::{Inputs, Unreadable, may_pause, sources};

type ReadBatch = Result<Batch, Unreadable>;

type AnyBatches = Box<dyn Iterator<Item = ReadBatch> + Send>;

/// Batches per thread that may wait, be worked on or wait for their turn to be written.
const IN_FLIGHT_PER_THREAD: usize = 4;

/// Batches that are read while all threads work, where reading can not wait for them.
const READ_AHEAD: usize = 2;

/// When nothing has been read for so long, the input pauses: long for a program that feeds us, short for people who watch.
const PAUSE: Duration = Duration::from_millis(200);

/// What a run hands on.
pub enum Step<T> {
    /// What was made of the next batch, or why it could not be read.
    Made(Result<T, Unreadable>),
    /// The input pauses, and all that was read has been handed on. It comes again and again while the pause lasts.
    Pause,
}

/// Reads the `inputs`, lets `work` make something of each batch and gives it to `sink`, in input order. `work` takes batches up in that order too.
/// `sink` is told when the input pauses.
/// The run ends when `sink` says so, without reading on; an error of `sink` is returned.
pub fn run<T: Send>(
    inputs: &Inputs,
    threads: usize,
    work: impl Fn(Batch) -> T + Sync,
    mut sink: impl FnMut(Step<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    let may_pause = may_pause(inputs);
    let mut batches = batches(inputs);
    if threads <= 1 && !may_pause {
        let step = batches.try_for_each(|batch| match sink(Step::Made(batch.map(&work))) {
            Ok(ControlFlow::Continue(())) => ControlFlow::Continue(()),
            ended => ControlFlow::Break(ended.map(|_| ())),
        });
        return step.break_value().unwrap_or(Ok(()));
    }

    let (batches, end) = if may_pause {
        let (batches, end) = read_ahead(batches);
        (batches, Some(end))
    } else {
        let batches: AnyBatches = Box::new(batches);
        (batches, None)
    };
    let batches = Mutex::new(batches);
    // The places of the results, in input order; how many there may be bounds what is in flight.
    let (ordered, results) = mpsc::sync_channel(threads * IN_FLIGHT_PER_THREAD);
    thread::scope(|scope| {
        // Dropped before the workers are waited for, however the run ends: then none of them waits for room, or for more input.
        let (ordered, results, _end) = (ordered, results, end);
        for started in 0..threads {
            let ordered = ordered.clone();
            let worker = || work_through(&batches, ordered, &work);
            match thread::Builder::new().spawn_scoped(scope, worker) {
                Ok(_) => {}
                // Those that are there will do.
                Err(_) if started > 0 => break,
                Err(error) => return Err(error).context("no thread could be started"),
            }
        }
        drop(ordered);
        each_until_break(&results, |step| {
            let Some(result) = step else {
                return sink(Step::Pause);
            };
            match result.recv() {
                Ok(result) => sink(Step::Made(result)),
                // A result that does not come is that of a worker that panicked, which the scope passes on.
                Err(_) => Ok(ControlFlow::Break(())),
            }
        })
    })
}

/// Works on batches until there are no more, or nobody takes the results. Who works on a batch reads it too: its bytes are near at hand then.
fn work_through<T>(
    batches: &Mutex<AnyBatches>,
    ordered: SyncSender<Receiver<Result<T, Unreadable>>>,
    work: impl Fn(Batch) -> T,
) {
    let take_up = || {
        let mut batches = batches.lock().ok()?;
        let batch = batches.next()?;
        let (give, take) = mpsc::sync_channel(1);
        ordered.send(take).ok()?;
        Some((batch, give))
    };
    while let Some((batch, give)) = take_up() {
        // Nobody takes it when the run has ended already.
        let _ = give.send(batch.map(&work));
    }
}

/// Reads the batches in a thread of its own, a little ahead. It may wait for stdin for ever while nobody reads our output any more: it ends with the process,
/// and the batches end when what is returned beside them is dropped.
fn read_ahead(batches: impl Iterator<Item = ReadBatch> + Send + 'static) -> (AnyBatches, End) {
    let (give, read) = mpsc::sync_channel(READ_AHEAD);
    let has_ended = Arc::<AtomicBool>::default();
    let end = End(Arc::clone(&has_ended), give.clone());
    thread::spawn(move || {
        for batch in batches {
            if give.send(Some(batch)).is_err() {
                return;
            }
        }
        // The one that waits for more is told, and the others need not ask.
        let _ = give.send(None);
    });
    let batches = iter::from_fn(move || {
        if has_ended.load(Ordering::Acquire) {
            return None;
        }
        let next = read.recv().ok().flatten();
        has_ended.fetch_or(next.is_none(), Ordering::Release);
        next
    });
    (Box::new(batches), end)
}

/// Ends the reading when it is dropped.
struct End(Arc<AtomicBool>, SyncSender<Option<ReadBatch>>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        // Who waits already finds this; where there is no room for it, nobody waits.
        let _ = self.1.try_send(None);
    }
}

/// Gives `each` what is received until it has enough or no more comes; none where nothing comes for a while.
fn each_until_break<T>(
    received: &Receiver<T>,
    mut each: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    loop {
        let step = match received.recv_timeout(PAUSE) {
            Ok(next) => Some(next),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        if each(step)?.is_break() {
            return Ok(());
        }
    }
}

/// The batches of all sources, numbered throughout.
fn batches(inputs: &Inputs) -> impl Iterator<Item = ReadBatch> + Send + use<> {
    let mut numbers = 0..;
    let batches = sources(inputs).flat_map(|source| {
        let batches: Box<dyn Iterator<Item = ReadBatch> + Send> = match source {
            Ok(source) => Box::new(Batches::new(source)),
            Err(unreadable) => Box::new(iter::once(Err(unreadable))),
        };
        batches
    });
    batches.map(move |batch| {
        batch.map(|batch| Batch {
            number: numbers.next().unwrap_or_default(),
            ..batch
        })
    })
}
