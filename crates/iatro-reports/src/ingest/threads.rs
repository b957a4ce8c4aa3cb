//! Work on parts side by side, within bounds: what waits to be taken is never more than a part a
//! thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope};

use crate::error::{Error, Place, Result};

/// Does `work` on every item, on as many threads as there are processors, and hands each result to
/// `take` on this thread, in the order in which they come.
///
/// The error is that of the first item, in the order of the items, that failed.
pub(super) fn each<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R> + Sync,
    mut take: impl FnMut(usize, R) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let mut first_error: Option<(usize, Error)> = None;
    thread::scope(|scope| -> Result<()> {
        let (send, results) = sync_channel(0);
        for _ in 0..rayon::current_num_threads().min(items.len()) {
            let send: SyncSender<(usize, Result<R>)> = send.clone();
            let (next, work) = (&next, &work);
            let worker = move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    if send.send((at, work(item))).is_err() {
                        break;
                    }
                }
            };
            spawn(scope, worker)?;
        }
        drop(send);
        for (at, result) in results {
            if let Err(error) = result.and_then(|result| take(at, result)) {
                // Items before this one are begun already; none is begun after it.
                next.store(items.len(), Ordering::Relaxed);
                if first_error.as_ref().is_none_or(|(first, _)| at < *first) {
                    first_error = Some((at, error));
                }
            }
        }
        Ok(())
    })?;
    first_error.map_or(Ok(()), |(_, error)| Err(error))
}

/// Does `work` on one item after another, on another thread, and hands each result to `take` on this
/// one, in order: while one is taken, the next is worked on, and no more than that.
pub(super) fn one_ahead<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R> + Send,
    mut take: impl FnMut(usize, R) -> Result<()>,
) -> Result<()> {
    thread::scope(|scope| {
        let (send, results): (SyncSender<Result<R>>, Receiver<_>) = sync_channel(0);
        let worker = move || {
            for item in items {
                let result = work(item);
                let failed = result.is_err();
                if send.send(result).is_err() || failed {
                    break;
                }
            }
        };
        spawn(scope, worker)?;
        results.into_iter().enumerate().try_for_each(|(at, result)| take(at, result?))
    })
}

fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() + Send + 'scope,
) -> Result<()> {
    let no_thread = |error: std::io::Error| {
        Error::refused(
            Place::file("ingest"),
            format!("the system gave no thread to work on ({error})"),
            "Nothing was changed. Raise the limit of processes of this user, then repeat.",
        )
    };
    thread::Builder::new().spawn_scoped(scope, work).map(|_| ()).map_err(no_thread)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::lake::build::defect;

    #[test]
    fn every_result_is_taken_once() {
        let items: Vec<usize> = (0..100).collect();
        let mut taken = vec![0; items.len()];
        each(
            &items,
            |&item| Ok(item * 2),
            |at, result| {
                assert_eq!(result, at * 2);
                taken[at] += 1;
                Ok(())
            },
        )
        .unwrap();
        assert!(taken.iter().all(|&times| times == 1));
        let mut order = Vec::new();
        one_ahead(
            &items,
            |&item| Ok(item),
            |at, item| {
                order.push((at, item));
                Ok(())
            },
        )
        .unwrap();
        assert!(order.iter().zip(&items).all(|(taken, &item)| *taken == (item, item)));
        assert_eq!(order.len(), items.len());
        each(&[] as &[u8], |_| Ok(()), |_, ()| Ok(())).unwrap();
    }

    #[test]
    fn the_first_failure_is_the_one_that_is_told_and_ends_the_work() {
        let items: Vec<usize> = (0..1000).collect();
        let fails = |&item: &usize| match item {
            7 | 8 | 30 => Err(defect(&item.to_string())),
            _ => Ok(item),
        };
        for _ in 0..20 {
            let error = each(&items, fails, |_, _| Ok(())).unwrap_err();
            assert!(error.to_string().contains("(7)"), "{error}");
        }
        let mut taken = Vec::new();
        let error = one_ahead(&items, fails, |at, _| {
            taken.push(at);
            Ok(())
        });
        assert!(error.unwrap_err().to_string().contains("(7)"));
        assert_eq!(taken, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_failure_to_take_ends_the_work() {
        let items: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let work = |&item: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            Ok(item)
        };
        let take = |at, _| if at == 3 { Err(defect("full")) } else { Ok(()) };
        assert!(one_ahead(&items, work, take).is_err());
        assert!(begun.load(Ordering::Relaxed) <= 5);
        assert!(each(&items, work, take).is_err());
        assert!(begun.load(Ordering::Relaxed) < 500);
    }
}
