//! Processes items in N threads and returns the results in input order. An idle worker reads the
//! next batch of the input (or any other item) and processes it; the calling thread receives the
//! results. The number of items in flight is bounded, so memory does not grow with the input, and
//! the output does not depend on the number of threads.

use std::iter;
use std::mem;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use super::pipeline_step::{PipelineStep, ReadOutcome, process_here, process_outcome, run_here};
use crate::capture::source::cut_sizes::BATCH_BYTES;
use crate::capture::source::files::input_facts::{are_small, may_pause};
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::files::open_sources::open_sources;
use crate::capture::split::batch::{Batch, batches_of};
use crate::host::{OneWorker, Workers};

/// The input counts as paused after this long without a batch: longer than the gaps of a program
/// that writes steadily, too short for people to notice.
const PAUSE_AFTER: Duration = Duration::from_millis(200);

/// Reads the `inputs`, processes each batch with `process`, and passes the results to `sink` in
/// input order. Calls of `process` start in that order too. It passes on the result of its batch in
/// parts, in order, and waits where many are not yet written. So a batch whose result is much
/// larger than its bytes does not fill the memory. `sink` is also called when the input pauses.
///
/// If `threads` is `None`, uses one thread per core. The run ends, without reading the rest, when
/// `sink` returns `Break` or an error; the error is returned.
pub(crate) fn run<T: Send>(
    inputs: &Inputs,
    threads: Option<u16>,
    process: impl Fn(Batch, &mut dyn FnMut(T)) + Sync,
    mut sink: impl FnMut(PipelineStep<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    let batches = batches_of(open_sources(inputs));
    let process = &process_outcome(process);
    let mut sink = |result: Option<_>| sink(result.map_or(PipelineStep::Pause, PipelineStep::Done));
    // A single batch needs only one thread: for a small file, starting more takes a tenth of the
    // time of the whole run.
    let threads = if are_small(inputs, BATCH_BYTES) {
        1
    } else {
        thread_count(threads)
    };
    if !may_pause(inputs) {
        if threads > 1 {
            let (groups, process) = (groups_of(batches), process_each(process));
            return run_workers(threads, groups, process, pass_each(sink));
        }
        // Without a worker thread, which takes no more instructions or time, but 2 MB more memory.
        return run_here(batches, process, sink);
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    // This thread only reads: a worker that waits for input cannot report a pause. It is not
    // scoped, because it may wait for stdin forever after the reader of our output has gone. It
    // ends with the process.
    thread::spawn(move || {
        for batch in batches {
            if sender.send(batch).is_err() {
                return;
            }
        }
    });
    if threads <= 1 {
        return drain_until_break(&receiver, |batch| match batch {
            Some(batch) => process_here(batch, process, &mut sink),
            None => sink(None),
        });
    }
    let is_stopped = &AtomicBool::new(false);
    let stop = StopOnDrop(is_stopped);
    let batches = iter::from_fn(move || receive_or_stop(&receiver, is_stopped));
    run_workers(threads, batches, process, move |result| {
        // This closure owns `stop`, and is dropped before the workers are joined.
        let _ = &stop;
        sink(result)
    })
}

/// Batches that one thread processes.
type Group = Vec<ReadOutcome>;

/// A group has at least this many bytes, unless it is the last one, or has [`GROUP_BATCHES`].
const GROUP_BYTES: usize = 128 * 1024;
const GROUP_BATCHES: usize = 64;

/// Groups the batches of small files: to pass each of them, or its result, to another thread takes
/// longer than to search it. Without groups, `list` of files of one call takes half as long again.
/// Not for input that pauses, whose calls must not wait for others.
fn groups_of(batches: impl Iterator<Item = ReadOutcome>) -> impl Iterator<Item = Group> {
    let mut batches = batches.fuse();
    iter::from_fn(move || {
        let mut group = Group::new();
        let mut bytes = 0;
        while bytes < GROUP_BYTES
            && group.len() < GROUP_BATCHES
            && let Some(batch) = batches.next()
        {
            bytes += batch.as_ref().map_or(0, |batch| batch.bytes.len());
            group.push(batch);
        }
        (!group.is_empty()).then_some(group)
    })
}

/// Processes each batch of a group with `process`, and passes on the parts of their results: those
/// of small batches together, and those of a batch with several parts one by one.
fn process_each<T>(
    process: impl Fn(ReadOutcome, &mut dyn FnMut(T)) + Sync,
) -> impl Fn(Group, &mut dyn FnMut(Vec<T>)) + Sync {
    move |group, emit| {
        let mut parts = Vec::new();
        for batch in group {
            let mut has_part = false;
            process(batch, &mut |part| {
                parts.push(part);
                if mem::replace(&mut has_part, true) {
                    emit(mem::take(&mut parts));
                }
            });
        }
        emit(parts);
    }
}

/// A sink of the parts of groups, which passes them one by one to `sink`.
fn pass_each<T>(
    mut sink: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> impl FnMut(Option<Vec<T>>) -> anyhow::Result<ControlFlow<()>> {
    move |parts| {
        let Some(parts) = parts else {
            return sink(None);
        };
        for part in parts {
            if sink(Some(part))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Sets the flag when it is dropped, even during a panic, so that workers stop waiting for input.
struct StopOnDrop<'o>(&'o AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits for the next item without a time limit. Returns `None` if there is none or `is_stopped` is
/// set.
fn receive_or_stop<I>(receiver: &Receiver<I>, is_stopped: &AtomicBool) -> Option<I> {
    loop {
        match receiver.recv_timeout(PAUSE_AFTER) {
            Ok(next) => return Some(next),
            Err(RecvTimeoutError::Timeout) if !is_stopped.load(Ordering::Relaxed) => {}
            Err(_) => return None,
        }
    }
}

/// Workers that are this many threads of the process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(pub(crate) usize);

impl Workers for Threads {
    fn count(self) -> usize {
        self.0.max(1)
    }

    fn at_most(self, count: usize) -> Self {
        Self(self.0.min(count))
    }

    fn run_in_order<I: Send, T: Send>(
        self,
        items: impl Iterator<Item = I> + Send,
        process: impl Fn(I) -> T + Sync,
        mut sink: impl FnMut(T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if self.count() == 1 {
            return OneWorker.run_in_order(items, process, sink);
        }
        let process = |item, emit: &mut dyn FnMut(T)| emit(process(item));
        run_workers(self.0, items, process, |result| {
            result.map_or(Ok(()), &mut sink)?;
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// Processes `items` with `process` in `threads` threads, and passes the parts of their results to
/// `sink` in the order of the items, until that returns `Break`. It passes `None` if no item comes
/// for a while. An idle worker fetches the next item itself, so that the data it reads is in its
/// CPU cache. While a worker processes an item, one part of it may wait for its turn, and the last
/// part of one earlier item per thread.
fn run_workers<I: Send, T: Send>(
    threads: usize,
    items: impl Iterator<Item = I> + Send,
    process: impl Fn(I, &mut dyn FnMut(T)) + Sync,
    sink: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    // A receiver per item, in the order of the items: each receives the parts of its item's result,
    // and `None` behind the last one.
    let (ordered, results) = mpsc::sync_channel(threads);
    let items = Mutex::new(items.fuse());
    let work_loop = |ordered: SyncSender<Receiver<Option<T>>>| {
        while let Ok(mut items) = items.lock()
            && let Some(item) = items.next()
        {
            // Room for the last part and the `None` behind it: then the worker need not wait for
            // its turn.
            let (sender, receiver) = mpsc::sync_channel(2);
            // The lock is still held, so that receivers are sent in the order of the items.
            if ordered.send(receiver).is_err() {
                return;
            }
            drop(items);
            // Sending fails if the run has ended: the result is not needed then.
            process(item, &mut |part| drop(sender.send(Some(part))));
            drop(sender.send(None));
        }
    };
    thread::scope(|scope| {
        // Move these into the scope: they are dropped before the workers are joined, which stops
        // the workers.
        let (ordered, results, mut sink) = (ordered, results, sink);
        for started in 0..threads {
            let ordered = ordered.clone();
            let worker = || work_loop(ordered);
            match thread::Builder::new().spawn_scoped(scope, worker) {
                Ok(_) => {}
                // The threads started so far suffice.
                Err(_) if started > 0 => break,
                Err(error) => return Err(error).context("no thread could be started"),
            }
        }
        // Only workers hold senders now, so that `results` disconnects when all of them have ended.
        drop(ordered);
        drain_until_break(&results, |step| {
            let Some(parts) = step else {
                return sink(None);
            };
            loop {
                match parts.recv() {
                    Ok(Some(part)) => {
                        if sink(Some(part))?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    Ok(None) => return Ok(ControlFlow::Continue(())),
                    // The worker has panicked; the scope propagates the panic.
                    Err(_) => return Ok(ControlFlow::Break(())),
                }
            }
        })
    })
}

/// Returns the requested number of threads, or the number of cores.
#[must_use]
pub(crate) fn thread_count(threads: Option<u16>) -> usize {
    threads.map_or_else(core_count, usize::from)
}

fn core_count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Passes received items to `sink` until it returns `Break` or the channel closes. Passes `None` if
/// nothing is received for a while.
fn drain_until_break<T>(
    received: &Receiver<T>,
    mut sink: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    loop {
        let step = match received.recv_timeout(PAUSE_AFTER) {
            Ok(next) => Some(next),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        if sink(step)?.is_break() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    const THREADS: [usize; 3] = [1, 2, 5];

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in THREADS {
            for count in [0, 1, 2000] {
                let mut results = Vec::new();
                let result = Threads(threads).run_in_order(
                    0..count,
                    |n| n * 2,
                    |n| {
                        results.push(n);
                        Ok(())
                    },
                );
                assert!(result.is_ok());
                assert_eq!(results, (0..count).map(|n| n * 2).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn an_error_of_the_sink_ends_the_run() {
        for threads in THREADS {
            let result = Threads(threads).run_in_order(
                0..,
                |n| n,
                |n| match n {
                    100 => Err(anyhow::anyhow!("enough")),
                    _ => Ok(()),
                },
            );
            let error = result.expect_err("it ended");
            assert_eq!(error.to_string(), "enough");
        }
    }

    #[test]
    fn a_panic_is_propagated_and_no_thread_waits_forever() {
        for threads in THREADS {
            let in_process =
                || Threads(threads).run_in_order(0.., |n| assert!(n < 100), |()| Ok(()));
            assert!(catch_unwind(AssertUnwindSafe(in_process)).is_err());
            let items = (0..).inspect(|n| assert!(*n < 100));
            let in_items = || Threads(threads).run_in_order(items, |n| n, |_| Ok(()));
            assert!(catch_unwind(AssertUnwindSafe(in_items)).is_err());
        }
    }
}
