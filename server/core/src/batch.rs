//! Hot verbs work on sets: callers that come at the same time share one handful of statements and one commit. What every
//! call of a machine reads is read for many as well.

use std::{fmt, sync::Arc};

use futures::future::BoxFuture;
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
    R: Send + Sync + 'static,
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
                    let answers = run(store.clone(), Arc::new(requests)).await;
                    answer_all(answers, replies);
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
