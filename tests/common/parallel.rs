//! Independent cases in several threads.

use std::sync::Mutex;
use std::thread;

/// Calls `check` with each item, in more threads than there are processors, because many checks
/// wait for a process. Panics if a check panics.
pub(crate) fn in_parallel<T: Send>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    check: impl Fn(T) + Sync,
) {
    let threads = 2 * thread::available_parallelism().map_or(1, usize::from);
    let items = Mutex::new(items.into_iter());
    let next = || items.lock().expect("the iterator does not panic").next();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = next() {
                    check(item);
                }
            });
        }
    });
}
