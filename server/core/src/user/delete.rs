//! Deleting, locking and signing out.

use std::collections::HashMap;

use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    api_key::Scope,
    event::{EventData, EventKind, Fact, record, tally},
    store::{authorizations, sessions, users},
    user::{may_shut_out, outranks},
};

impl Vestibule {
    /// Deletes a user and everything that belongs to them but the history, which says who did it.
    pub async fn delete_user(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        if by.user_id.as_deref() == Some(id) {
            return Err(Refusal::Yourself.into());
        }
        self.store
            .change((self.env.clone(), by, id.to_owned()), |tx, (env, by, id)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?;
                    may_shut_out(tx, env.as_ref(), by, id).await?;
                    record(tx, env.as_ref(), &[fact(by, id, EventKind::UserDeleted)]).await?;
                    // Read again: until the history was written, somebody else could have moved the user on.
                    let user = users::by_id(tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?;
                    users::delete(tx, id).await?;
                    tally(tx, env.as_ref(), HashMap::from([((user.organization_id, user.standing), -1)])).await
                })
            })
            .await
    }

    /// Keeps a user from signing in, sessions included, without shutting them out of anything else.
    pub async fn lock_user(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        self.set_locked(by.into(), id, true).await
    }

    pub async fn unlock_user(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        self.set_locked(by.into(), id, false).await
    }

    async fn set_locked(&self, by: Operator, id: &str, locks: bool) -> Result<()> {
        by.must(Scope::Write)?;
        if locks && by.user_id.as_deref() == Some(id) {
            return Err(Refusal::Yourself.into());
        }
        self.store
            .change((self.env.clone(), by, id.to_owned()), move |tx, (env, by, id)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?;
                    if locks {
                        may_shut_out(tx, env.as_ref(), by, id).await?;
                    } else {
                        outranks(tx, by, id).await?;
                    }
                    if !users::set_locked(tx, &by.organization_id, id, locks.then(|| env.now())).await? {
                        return Err(Refusal::Stale.into());
                    }
                    let kind = if locks {
                        sessions::delete_of_user(tx, id).await?;
                        authorizations::revoke_of_user(tx, id, env.now()).await?;
                        EventKind::UserLocked
                    } else {
                        EventKind::UserUnlocked
                    };
                    record(tx, env.as_ref(), &[fact(by, id, kind)]).await
                })
            })
            .await
    }

    /// Signs a user out everywhere.
    pub async fn end_sessions(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.store
            .change((self.env.clone(), by, id.to_owned()), |tx, (env, by, id)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, id).await?;
                    sessions::delete_of_user(tx, id).await?;
                    authorizations::revoke_of_user(tx, id, env.now()).await?;
                    record(tx, env.as_ref(), &[fact(by, id, EventKind::SessionsEnded)]).await
                })
            })
            .await
    }
}

fn fact(by: &Operator, user_id: &str, kind: EventKind) -> Fact {
    Fact { user_id: user_id.to_owned(), kind, actor: by.actor(), data: EventData::default() }
}
