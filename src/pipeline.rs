//! Ordered work over N threads: whichever has nothing to do reads the next batch of the input, or whatever else there is, and works on it; the calling thread
//! takes the results in the order of what was read. What is in flight is bounded, so memory does not follow the input's size, and the output is the same for
//! any number of threads.

use std::iter;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::input::batch::{BATCH_BYTES, Batch, Batches};
use crate::input::source::{Inputs, Unreadable, are_small, may_pause, sources};

type ReadBatch = Result<Batch, Unreadable>;

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
/// As many `threads` as there are cores if no other number is given. The run ends when `sink` says so, without reading on; an error of `sink` is returned.
pub fn run<T: Send>(
    inputs: &Inputs,
    threads: Option<u16>,
    work: impl Fn(Batch) -> T + Sync,
    mut sink: impl FnMut(Step<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    let batches = batches(inputs);
    let work = |batch: ReadBatch| batch.map(&work);
    let mut each = |made: Option<_>| sink(made.map_or(Step::Pause, Step::Made));
    // One batch is no work for many.
    let threads = if are_small(inputs, BATCH_BYTES) {
        1
    } else {
        count(threads)
    };
    if !may_pause(inputs) {
        if threads > 1 {
            return work_off(threads, batches, work, each);
        }
        for batch in batches {
            if each(Some(work(batch)))?.is_break() {
                break;
            }
        }
        return Ok(());
    }
    let (give, read) = mpsc::sync_channel(1);
    // It only reads: who works could not tell a pause while he waits for input. It is not scoped: it may wait for stdin for ever while nobody reads our output
    // any more. It ends with the process.
    thread::spawn(move || {
        for batch in batches {
            if give.send(batch).is_err() {
                return;
            }
        }
    });
    if threads <= 1 {
        return each_until_break(&read, |batch| each(batch.map(work)));
    }
    let is_over = &AtomicBool::new(false);
    let over = Over(is_over);
    let batches = iter::from_fn(move || next(&read, is_over));
    work_off(threads, batches, work, move |made| {
        // It is dropped with this, before the workers are waited for.
        let _ = &over;
        each(made)
    })
}

/// Says, when it is dropped, however that comes about, that nobody wants any more.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What is read next, however long that takes, unless it is over before.
fn next<I>(read: &Receiver<I>, is_over: &AtomicBool) -> Option<I> {
    loop {
        match read.recv_timeout(PAUSE) {
            Ok(next) => return Some(next),
            Err(RecvTimeoutError::Timeout) if !is_over.load(Ordering::Relaxed) => {}
            Err(_) => return None,
        }
    }
}

/// Lets `work` make something of each of the `items`, in so many threads, and gives it to `sink`, in the order of the items. An error of `sink` ends it, and is
/// returned.
pub fn in_order<I: Send, T: Send>(
    threads: usize,
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> T + Sync,
    mut sink: impl FnMut(T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if threads <= 1 {
        return items.map(work).try_for_each(sink);
    }
    work_off(threads, items, work, |made| {
        made.map_or(Ok(()), &mut sink)?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Lets `work` make something of each of the `items`, in so many threads, and gives it to `each`, in the order of the items, until that has enough; none where
/// nothing comes for a while. A thread that has nothing to do takes the next item itself: what it reads is then near to it. For each thread one result may wait
/// for its turn while it works on the next.
fn work_off<I: Send, T: Send>(
    threads: usize,
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> T + Sync,
    each: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    // The places of the results, in the order of the items.
    let (ordered, results) = mpsc::sync_channel(threads);
    let items = Mutex::new(items.fuse());
    let take_and_work = |ordered: SyncSender<Receiver<T>>| {
        while let Ok(mut items) = items.lock()
            && let Some(item) = items.next()
        {
            let (give, take) = mpsc::sync_channel(1);
            // Nobody else takes an item before this one has its place.
            if ordered.send(take).is_err() {
                return;
            }
            drop(items);
            // Nobody takes it when the run has ended already.
            let _ = give.send(work(item));
        }
    };
    thread::scope(|scope| {
        // They are gone when this ends, so that nobody goes on working for them. And when the workers are gone, so is the last hope of a result.
        let (ordered, results, mut each) = (ordered, results, each);
        for started in 0..threads {
            let ordered = ordered.clone();
            let worker = || take_and_work(ordered);
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
                return each(None);
            };
            match result.recv() {
                Ok(made) => each(Some(made)),
                // A result that does not come is that of a worker that panicked, which the scope passes on.
                Err(_) => Ok(ControlFlow::Break(())),
            }
        })
    })
}

/// As many threads as were asked for, or as there are cores.
#[must_use]
pub fn count(threads: Option<u16>) -> usize {
    threads.map_or_else(cores, usize::from)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    const THREADS: [usize; 3] = [1, 2, 5];

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in THREADS {
            for count in [0, 1, 2000] {
                let mut seen = Vec::new();
                let result = in_order(
                    threads,
                    0..count,
                    |n| n * 2,
                    |n| {
                        seen.push(n);
                        Ok(())
                    },
                );
                assert!(result.is_ok());
                assert_eq!(seen, (0..count).map(|n| n * 2).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn an_error_ends_it_with_items_left() {
        for threads in THREADS {
            let result = in_order(
                threads,
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
    fn a_panic_is_passed_on_and_nobody_waits_for_ever() {
        for threads in THREADS {
            let in_work = || in_order(threads, 0.., |n| assert!(n < 100), |()| Ok(()));
            assert!(catch_unwind(AssertUnwindSafe(in_work)).is_err());
            let items = (0..).inspect(|n| assert!(*n < 100));
            let in_items = || in_order(threads, items, |n| n, |_| Ok(()));
            assert!(catch_unwind(AssertUnwindSafe(in_items)).is_err());
        }
    }
}
