//! Ordered batches over N threads: one thread reads, N work, and the calling thread takes the results in input order. What is in
//! flight is bounded, so memory does not follow the input's size, and the output is the same for any number of threads.

use std::collections::BTreeMap;
use std::iter;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};
use std::thread;

use crate::input::batch::{Batch, Batches};
use crate::input::source::{Unreadable, sources};

type ReadBatch = Result<Batch, Unreadable>;

/// Batches per thread that may wait, be worked on or wait for their turn to be written.
const IN_FLIGHT_PER_THREAD: usize = 4;

/// Reads the inputs at `paths`, lets `work` make something of each batch and gives it to `sink`, in input order. An error of `sink` ends the
/// run and is returned.
pub fn run<T: Send>(
    paths: &[PathBuf],
    threads: usize,
    work: impl Fn(&Batch) -> T + Sync,
    mut sink: impl FnMut(Result<T, Unreadable>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut batches = batches(paths);
    if threads <= 1 {
        return batches.try_for_each(|batch| sink(batch.map(|batch| work(&batch))));
    }

    let (tasks, waiting) = mpsc::channel::<Option<(u64, ReadBatch)>>();
    let waiting = Mutex::new(waiting);
    let (permits, permitted) = mpsc::channel::<()>();
    let (results, done) = mpsc::channel();
    for _ in 0..threads * IN_FLIGHT_PER_THREAD {
        permits.send(()).expect("the receiver is still here");
    }
    let stop_when_read = StopWorkers(tasks.clone(), threads);
    // Not scoped: it may wait for stdin for ever while nobody reads our output any more. It ends with the process.
    thread::spawn(move || {
        let stop_when_read = stop_when_read;
        for (number, batch) in iter::zip(0.., batches) {
            if permitted.recv().is_err() || stop_when_read.0.send(Some((number, batch))).is_err() {
                return;
            }
        }
    });
    thread::scope(|scope| {
        let _stop_when_written = StopWorkers(tasks, threads);
        for _ in 0..threads {
            let (waiting, work, results) = (&waiting, &work, results.clone());
            scope.spawn(move || {
                loop {
                    let task = waiting.lock().map(|waiting| waiting.recv());
                    let Ok(Ok(Some((number, batch)))) = task else {
                        return;
                    };
                    let result: Result<T, Unreadable> = batch.map(|batch| work(&batch));
                    if results.send((number, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (number, result) in done {
            early.insert(number, result);
            while let Some(result) = early.remove(&next) {
                sink(result)?;
                next += 1;
                // The reader may have ended already.
                let _ = permits.send(());
            }
        }
        Ok(())
    })
}

/// Tells every worker to end when it is dropped, however that comes about.
struct StopWorkers<T>(Sender<Option<T>>, usize);

impl<T> Drop for StopWorkers<T> {
    fn drop(&mut self) {
        for _ in 0..self.1 {
            // Workers that are gone need not be told.
            let _ = self.0.send(None);
        }
    }
}

fn batches(paths: &[PathBuf]) -> impl Iterator<Item = ReadBatch> + Send + use<> {
    sources(paths).flat_map(|source| {
        let batches: Box<dyn Iterator<Item = ReadBatch> + Send> = match source {
            Ok(source) => Box::new(Batches::new(source)),
            Err(unreadable) => Box::new(iter::once(Err(unreadable))),
        };
        batches
    })
}
