//! Hot verbs work on sets: callers that come at the same time share one handful of statements and one commit. What every
//! call of a machine reads is read for many as well.

use std::{fmt, panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt, future::BoxFuture};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    Error, Refusal, Result, api_key,
    env::Env,
    invite::{self, Invited, Inviting},
    redeem::{self, Redeemed, Try},
    secret::SecretKey,
    store::{
        Store,
        keys::Live,
        records::{RecordRow, SummaryRow},
    },
    user::{
        mark::{self, Mark},
        record,
    },
};

/// How many callers share a batch at the most.
const MOST: usize = 256;

/// SQLite's codes for a lock that somebody else did not give back in time, plain and extended.
const SQLITE_BUSY: [&str; 4] = ["5", "261", "517", "773"];

/// How many batches of one kind of reading are under way at once.
const READERS: usize = 2;

/// The verbs that are worth batching.
#[derive(Clone, Debug)]
pub(crate) struct Batches {
    pub redeem: Batch<Try, (Redeemed, Option<SummaryRow>)>,
    pub mark_verified: Batch<Mark, ()>,
    pub invite: Batch<Inviting, Invited>,
    /// Live API keys by the hash of their secret.
    pub key: Batch<String, Live>,
    /// Whole users, as they are stored.
    pub record: Batch<record::Asked, RecordRow>,
}

impl Batches {
    pub fn start(store: &Store, env: &Arc<dyn Env>, key: &Arc<SecretKey>) -> Self {
        let (env_1, env_2, env_3, env_4, key) = (env.clone(), env.clone(), env.clone(), env.clone(), key.clone());
        let writers = store.batch_workers();
        Self {
            redeem: Batch::start(store, writers, move |store, tries: Arc<Vec<Try>>| {
                let (env, key) = (env_1.clone(), key.clone());
                Box::pin(async move {
                    store
                        .write(move |tx| {
                            let (env, key, tries) = (env.clone(), key.clone(), tries.clone());
                            Box::pin(async move { redeem::redeem_and_tell(tx, env.as_ref(), &key, &tries).await })
                        })
                        .await
                })
            }),
            mark_verified: Batch::start(store, writers, move |store, marks: Arc<Vec<Mark>>| {
                let env = env_2.clone();
                Box::pin(async move {
                    store
                        .write(move |tx| {
                            let (env, marks) = (env.clone(), marks.clone());
                            Box::pin(async move { mark::mark_all(tx, env.as_ref(), &marks).await })
                        })
                        .await
                })
            }),
            invite: Batch::start(store, writers, move |store, invitings: Arc<Vec<Inviting>>| {
                let env = env_3.clone();
                Box::pin(async move {
                    store
                        .write(move |tx| {
                            let (env, invitings) = (env.clone(), invitings.clone());
                            Box::pin(async move { invite::invite_all(tx, env.as_ref(), &invitings).await })
                        })
                        .await
                })
            }),
            key: Batch::start(store, READERS, move |store, hashes: Arc<Vec<String>>| {
                let env = env_4.clone();
                Box::pin(async move { api_key::live_all(&mut store.read().await?, &hashes, env.now()).await })
            }),
            record: Batch::start(store, READERS, |store, asked: Arc<Vec<_>>| {
                Box::pin(async move { record::rows(&mut store.read().await?, &asked).await })
            }),
        }
    }
}

type Answer<O> = Result<O, Refusal>;
type Asked<R, O> = (R, oneshot::Sender<Result<Answer<O>>>);

/// A queue in front of a verb that works on a slice. While one batch is under way the next one gathers.
pub(crate) struct Batch<R, O> {
    queue: mpsc::Sender<Asked<R, O>>,
}

impl<R, O> Clone for Batch<R, O> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<R, O> fmt::Debug for Batch<R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").finish_non_exhaustive()
    }
}

impl<R, O> Batch<R, O>
where
    R: Clone + Send + Sync + 'static,
    O: Send + 'static,
{
    fn start<F>(store: &Store, workers: usize, run: F) -> Self
    where
        F: Fn(Store, Arc<Vec<R>>) -> BoxFuture<'static, Result<Vec<Answer<O>>>> + Send + Sync + 'static,
    {
        let (queue, asked) = mpsc::channel::<Asked<R, O>>(4 * MOST);
        let (asked, run) = (Arc::new(Mutex::new(asked)), Arc::new(run));
        for _ in 0..workers {
            let (asked, run, store) = (asked.clone(), run.clone(), store.clone());
            tokio::spawn(async move {
                let mut batch = Vec::with_capacity(MOST);
                // The lock is held while waiting, so that what arrives together goes to one worker.
                while asked.lock().await.recv_many(&mut batch, MOST).await > 0 {
                    let (requests, replies): (Vec<R>, Vec<_>) = batch.drain(..).unzip();
                    let requests = Arc::new(requests);
                    match caught(run(store.clone(), requests.clone())).await {
                        // What one of them may have brought on is not the others' fault.
                        Err(error) if requests.len() > 1 && may_be_of_one(&error) => {
                            for (request, reply) in requests.iter().zip(replies) {
                                let alone = Arc::new(vec![request.clone()]);
                                answer_all(caught(run(store.clone(), alone)).await, vec![reply]);
                            }
                        }
                        answers => answer_all(answers, replies),
                    }
                }
            });
        }
        Self { queue }
    }

    /// Asks for one, which is a batch of one if nobody else asks at the time.
    pub async fn call(&self, request: R) -> Result<O> {
        let gone = || Error::internal("the batch worker is gone");
        let (reply, answer) = oneshot::channel();
        self.queue.send((request, reply)).await.map_err(|_| gone())?;
        Ok(answer.await.map_err(|_| gone())???)
    }
}

/// Runs to the end or to a panic, which must not end the worker.
async fn caught<T>(run: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(run).catch_unwind().await.unwrap_or_else(|_| Err(Error::internal("the batch panicked")))
}

/// Whether a fault can come from what one caller asked for. One of the machinery would meet everybody again, each
/// after as long a wait.
fn may_be_of_one(error: &Error) -> bool {
    match error {
        Error::Refused(_) | Error::Internal(_) => true,
        Error::Store(error) => match error.as_ref() {
            sqlx::Error::Database(error) => !SQLITE_BUSY.contains(&error.code().unwrap_or_default().as_ref()),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
            _ => false,
        },
    }
}

fn answer_all<O>(answers: Result<Vec<Answer<O>>>, replies: Vec<oneshot::Sender<Result<Answer<O>>>>) {
    match answers {
        Ok(answers) => {
            for (reply, answer) in replies.into_iter().zip(answers) {
                let _ = reply.send(Ok(answer));
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    /// A batch that cannot bear thirteen, and gives everything else back.
    async fn superstitious(fault: fn() -> Error) -> Vec<Result<u32>> {
        let folder = std::env::temp_dir().join(format!("vestibule_batch_{}_{}", std::process::id(), fault as usize));
        let store = Store::open(&format!("sqlite:{}", folder.join("vestibule.db").display())).await.unwrap();
        let batch: Batch<u32, u32> = Batch::start(&store, 1, move |_, asked: Arc<Vec<u32>>| {
            Box::pin(async move {
                assert!(!asked.contains(&14), "the worker is to catch this");
                if asked.contains(&13) { Err(fault()) } else { Ok(asked.iter().map(|number| Ok(*number)).collect()) }
            })
        });
        // On one thread they are all in the queue before the worker looks.
        let answers = join_all([12, 13, 14, 15].map(|number| batch.call(number))).await;
        assert_eq!(batch.call(16).await.unwrap(), 16, "the worker goes on");
        store.close().await;
        std::fs::remove_dir_all(folder).unwrap();
        answers
    }

    #[tokio::test]
    async fn everybody_gets_their_own_answer_where_one_of_them_is_at_fault() {
        for fault in [|| Refusal::NotFound.into(), || Error::internal("broken by the test")] {
            let answers = superstitious(fault).await;
            let shown: Vec<Option<u32>> = answers.iter().map(|answer| answer.as_ref().ok().copied()).collect();
            assert_eq!(shown, [Some(12), None, None, Some(15)]);
        }
    }

    #[test]
    fn a_store_that_does_not_answer_is_asked_once() {
        assert!(!may_be_of_one(&sqlx::Error::PoolTimedOut.into()));
        assert!(may_be_of_one(&Error::internal("the verb panicked")));
    }
}
