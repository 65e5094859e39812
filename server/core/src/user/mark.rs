//! *Mark verified* and *un-verify*: what an administrator says about an address.

use std::collections::HashMap;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Operator},
    api_key::Scope,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    is_id,
    password::revoke_ways_in,
    prove::{ProofKind, Proving, prove},
    store::{Tx, emails, emails::EmailKey},
    user::{outranks, parse_text},
};

/// Longest reason, in characters.
pub const REASON: usize = 500;

/// An address that somebody with the right to do so declares verified.
#[derive(Clone, Debug)]
pub struct Mark {
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
    pub(crate) email_id: String,
    pub(crate) proof: ProofKind,
    pub(crate) actor: Actor,
    pub(crate) reason: Option<String>,
    pub(crate) ip: Option<String>,
}

impl Vestibule {
    /// Marks an address verified with a reason. Open codes for it stop working. One that is verified already stays as
    /// it is, with its first proof.
    pub async fn mark_verified(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        email_id: &str,
        reason: &str,
        ip: Option<String>,
    ) -> Result<()> {
        let by = by.into();
        by.must(Scope::Verify)?;
        let reason = reason_of(&by, reason)?;
        // One unreadable id must not spoil the batch that it would share with others.
        if !is_id(user_id) || !is_id(email_id) {
            return Err(Refusal::NotFound.into());
        }
        let mark = Mark {
            organization_id: by.organization_id.clone(),
            user_id: user_id.to_owned(),
            email_id: email_id.to_owned(),
            proof: if by.user_id.is_some() { ProofKind::Admin } else { ProofKind::Api },
            actor: by.actor(),
            reason,
            ip,
        };
        self.batches.mark_verified.call(mark).await
    }

    /// Takes *verified* back, with a reason.
    pub async fn unverify(&self, by: impl Into<Operator>, user_id: &str, email_id: &str, reason: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let reason = reason_of(&by, reason)?;
        let (env, by, user_id, email_id) = (self.env.clone(), by.clone(), user_id.to_owned(), email_id.to_owned());
        self.store
            .write(move |tx| {
                let (env, by, user_id, email_id, reason) =
                    (env.clone(), by.clone(), user_id.clone(), email_id.clone(), reason.clone());
                Box::pin(async move {
                    let email =
                        emails::by_id(tx, &by.organization_id, &user_id, &email_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, &by, &user_id).await?;
                    if !emails::unverify(tx, &email_id).await? {
                        return Err(Refusal::NotVerified.into());
                    }
                    revoke_ways_in(tx, env.as_ref(), &user_id).await?;
                    let data = EventData { reason, ..EventData::address(&email.canonical) };
                    let fact = Fact { user_id, kind: EventKind::EmailUnverified, actor: by.actor(), data };
                    record(tx, env.as_ref(), &[fact]).await
                })
            })
            .await
    }
}

/// An administrator must give a reason; a client, whose request is its reason, may.
fn reason_of(by: &Operator, reason: &str) -> Result<Option<String>, Refusal> {
    let reason = parse_text(reason, REASON)?;
    if reason.is_empty() && by.user_id.is_some() {
        return Err(Refusal::Text);
    }
    Ok((!reason.is_empty()).then_some(reason))
}

/// Marks a batch verified in a fixed handful of statements.
pub(crate) async fn mark_all(tx: &mut Tx, env: &dyn Env, marks: &[Mark]) -> Result<Vec<Result<(), Refusal>>> {
    let keys: Vec<EmailKey<'_>> = marks
        .iter()
        .map(|mark| EmailKey { organization_id: &mark.organization_id, user_id: &mark.user_id, id: &mark.email_id })
        .collect();
    let found: HashMap<String, String> =
        emails::by_keys(tx, &keys).await?.into_iter().map(|email| (email.id, email.canonical)).collect();
    // The same address may be marked twice in one batch; the first mark counts.
    let mut provings: Vec<Proving> = Vec::with_capacity(marks.len());
    let mut answers = Vec::with_capacity(marks.len());
    for mark in marks {
        let Some(canonical) = found.get(&mark.email_id) else {
            answers.push(Err(Refusal::NotFound));
            continue;
        };
        if !provings.iter().any(|proving| proving.email_id == mark.email_id) {
            provings.push(Proving {
                email_id: mark.email_id.clone(),
                user_id: mark.user_id.clone(),
                canonical: canonical.clone(),
                proof: mark.proof,
                actor: mark.actor.clone(),
                reason: mark.reason.clone(),
                message: None,
                ip: mark.ip.clone(),
                completes: true,
            });
        }
        answers.push(Ok(()));
    }
    if !provings.is_empty() {
        prove(tx, env, &provings, Vec::new()).await?;
    }
    Ok(answers)
}
