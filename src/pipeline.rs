//! Ordered work over N threads: one thread reads batches of the input or whatever else there is, N work, and the calling thread takes the results in the
//! order of what was read. What is in flight is bounded, so memory does not follow the input's size, and the output is the same for any number of threads.

use std::iter;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::input::batch::{BATCH_BYTES, Batch, Batches};
use crate::input::source::{Inputs, Unreadable, are_small, may_pause, sources};

type ReadBatch = Result<Batch, Unreadable>;

/// Batches per thread that may wait, be worked on or wait for their turn to be written.
const IN_FLIGHT_PER_THREAD: usize = 3;

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
pub fn run<T: Send + 'static>(
    inputs: &Inputs,
    threads: Option<u16>,
    work: impl Fn(Batch) -> T + Sync,
    mut sink: impl FnMut(Step<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    let mut batches = batches(inputs);
    // One batch is no work for many.
    let threads = if are_small(inputs, BATCH_BYTES) {
        1
    } else {
        count(threads)
    };
    if threads <= 1 && !may_pause(inputs) {
        let step = batches.try_for_each(|batch| match sink(Step::Made(batch.map(&work))) {
            Ok(ControlFlow::Continue(())) => ControlFlow::Continue(()),
            ended => ControlFlow::Break(ended.map(|_| ())),
        });
        return step.break_value().unwrap_or(Ok(()));
    }
    if threads <= 1 {
        let (give, read) = mpsc::sync_channel(1);
        // It only reads: the one thread that works could not tell a pause while it waits for input.
        thread::spawn(move || {
            for batch in batches {
                if give.send(batch).is_err() {
                    return;
                }
            }
        });
        return each_until_break(&read, |step| match step {
            Some(batch) => sink(Step::Made(batch.map(&work))),
            None => sink(Step::Pause),
        });
    }
    let (feeder, workers) = line(threads, threads * IN_FLIGHT_PER_THREAD);
    // Not scoped: it may wait for stdin for ever while nobody reads our output any more. It ends with the process.
    thread::spawn(move || feeder.feed(batches));
    workers.work_off(
        |batch: ReadBatch| batch.map(&work),
        |made| sink(made.map_or(Step::Pause, Step::Made)),
    )
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
    // Items may be large, and nobody has to wait for them.
    let (feeder, workers) = line(threads, threads);
    thread::scope(|scope| {
        let feed = || feeder.feed(items);
        (thread::Builder::new().spawn_scoped(scope, feed)).context(NO_THREAD)?;
        workers.work_off(work, |made| {
            made.map_or(Ok(()), &mut sink)?;
            Ok(ControlFlow::Continue(()))
        })
    })
}

const NO_THREAD: &str = "no thread could be started";

/// An item, and where its result goes.
type Task<I, T> = (I, SyncSender<T>);

/// Who hands items out, and who works them off in so many threads. At most `in_flight` are waiting, worked on, or waiting for their turn, besides the one that
/// is handed out and the one whose turn it is.
fn line<I, T>(threads: usize, in_flight: usize) -> (Feeder<I, T>, Workers<I, T>) {
    let (tasks, waiting) = mpsc::channel();
    let (ordered, results) = mpsc::sync_channel(in_flight);
    let feeder = Feeder {
        tasks: Tasks {
            queue: tasks.clone(),
            workers: threads,
        },
        ordered,
    };
    let workers = Workers {
        tasks: Tasks {
            queue: tasks,
            workers: threads,
        },
        waiting: Mutex::new(waiting),
        results,
    };
    (feeder, workers)
}

/// Hands items out.
struct Feeder<I, T> {
    tasks: Tasks<I, T>,
    /// The places of the results, in the order of the items; how many there may be bounds what is in flight.
    ordered: SyncSender<Receiver<T>>,
}

impl<I, T> Feeder<I, T> {
    /// Hands `items` out as long as anybody wants them.
    fn feed(self, items: impl Iterator<Item = I>) {
        for item in items {
            let (give, take) = mpsc::sync_channel(1);
            if self.ordered.send(take).is_err()
                || self.tasks.queue.send(Some((item, give))).is_err()
            {
                return;
            }
        }
    }
}

/// Works off what is handed out.
struct Workers<I, T> {
    tasks: Tasks<I, T>,
    waiting: Mutex<Receiver<Option<Task<I, T>>>>,
    results: Receiver<Receiver<T>>,
}

impl<I: Send, T: Send> Workers<I, T> {
    /// Gives what `work` made of each item to `each`, in the order of the items, until it has enough; none where nothing comes for a while.
    fn work_off(
        self,
        work: impl Fn(I) -> T + Sync,
        mut each: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
    ) -> anyhow::Result<()> {
        let Self {
            tasks,
            waiting,
            results,
        } = self;
        // When it ends early: the tasks are dropped first, which ends the workers, and with the results the last hope of who hands items out.
        thread::scope(|scope| {
            let tasks = tasks;
            for started in 0..tasks.workers {
                let worker = || {
                    while let Ok(Ok(Some((item, give)))) =
                        waiting.lock().map(|waiting| waiting.recv())
                    {
                        // Nobody takes it when the run has ended already.
                        let _ = give.send(work(item));
                    }
                };
                match thread::Builder::new().spawn_scoped(scope, worker) {
                    Ok(_) => {}
                    // Those that are there will do.
                    Err(_) if started > 0 => break,
                    Err(error) => return Err(error).context(NO_THREAD),
                }
            }
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

/// What the workers are handed; when it is dropped, however that comes about, every one of them is told to end.
struct Tasks<I, T> {
    queue: Sender<Option<Task<I, T>>>,
    workers: usize,
}

impl<I, T> Drop for Tasks<I, T> {
    fn drop(&mut self) {
        for _ in 0..self.workers {
            // Workers that are gone need not be told.
            let _ = self.queue.send(None);
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
