//! Inviting many at once: one batch is a fixed handful of statements.

use std::collections::{HashMap, HashSet};

use super::{InviteState, Invited, Inviting};
use crate::{
    Refusal, Result,
    code::Purpose,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    organization::Policy,
    outbox::{MessageData, MessageKind},
    store::{
        Tx, accounts, challenges, emails,
        emails::{CanonicalKey, Holder},
        invites,
        limits::Bucket,
        messages,
        messages::NewMessage,
        users,
    },
    user::{
        change::{Change, change_details},
        new::{Insertion, insert_users, new_user},
    },
};

/// Invites a batch in a fixed handful of statements.
pub(crate) async fn invite_all(
    tx: &mut Tx,
    env: &dyn Env,
    invitings: &[Inviting],
) -> Result<Vec<Result<Invited, Refusal>>> {
    let policies: HashMap<String, Policy> = accounts::organizations(tx)
        .await?
        .into_iter()
        .map(|organization| (organization.id, organization.policy))
        .collect();
    // Before anything is locked, as all do who count mails.
    let mailed = invitings.iter().filter(|inviting| inviting.mails);
    let counted = limit::count_mails(tx, env, &mailed.map(|inviting| inviting.address.canonical()).collect()).await?;
    let keys: Vec<CanonicalKey<'_>> = invitings
        .iter()
        .map(|inviting| CanonicalKey {
            organization_id: &inviting.organization_id,
            canonical: inviting.address.canonical(),
        })
        .collect();
    let mut holders = emails::holders(tx, &keys).await?;
    if !holders.is_empty() {
        // An address may have gone to somebody else, or its holder have got a way to sign in, before the lock was ours.
        users::lock(tx, holders.iter().map(|holder| holder.user_id.as_str())).await?;
        holders = emails::holders(tx, &keys).await?;
    }
    let holders: HashMap<(String, String), Holder> = holders
        .into_iter()
        .map(|holder| ((holder.organization_id.clone(), holder.canonical.clone()), holder))
        .collect();
    let people = make_users(tx, env, invitings, &holders, &policies, &counted).await?;
    let now = env.now();
    let (mut rows, mut new_invites, mut mails, mut facts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut answers = Vec::with_capacity(invitings.len());
    for (inviting, person) in invitings.iter().zip(&people) {
        let person = match person {
            Ok(person) => person,
            Err(refusal) => {
                answers.push(Err(refusal.clone()));
                continue;
            }
        };
        // The whole batch is undone for it, as its user must not stay; the others are then invited one by one.
        let policy = policies.get(&inviting.organization_id).ok_or(Refusal::NotFound)?;
        if !person.is_new {
            replace_open(tx, &person.email_id, &person.user_id, now).await?;
            let holder = holders.get(&key_of(inviting)).filter(|holder| is_called_otherwise(holder, inviting));
            if holder.is_some() {
                facts.extend(call_as_invited(tx, env, inviting, &person.user_id).await?);
            }
        }
        let invited = Invited { id: env.id(), user_id: person.user_id.clone(), challenge_id: env.id() };
        let lifetime = inviting.lifetime.unwrap_or(policy.invite_lifetime);
        rows.push(challenges::NewChallenge {
            id: invited.challenge_id.clone(),
            organization_id: &inviting.organization_id,
            user_id: &person.user_id,
            email_id: &person.email_id,
            purpose: Purpose::Invite,
            canonical: inviting.address.canonical(),
            created_at: now,
            expires_at: now + lifetime,
            tries_left: policy.tries,
        });
        let mail = if inviting.mails { Some(mail(env, inviting, &invited, lifetime)?) } else { None };
        facts.extend(history(inviting, &invited, person.is_new, mail.as_ref().map(|mail| mail.id.clone())));
        mails.extend(mail);
        new_invites.push((invited.clone(), inviting));
        answers.push(Ok(invited));
    }
    if rows.is_empty() {
        return Ok(answers);
    }
    challenges::insert(tx, &rows).await?;
    let new_invites: Vec<invites::NewInvite<'_>> = new_invites
        .iter()
        .map(|(invited, inviting)| invites::NewInvite {
            id: invited.id.clone(),
            number: env.number(),
            organization_id: &inviting.organization_id,
            user_id: &invited.user_id,
            challenge_id: &invited.challenge_id,
            inviter: &inviting.inviter,
            words: &inviting.words,
            created_at: now,
        })
        .collect();
    invites::insert(tx, &new_invites).await?;
    messages::insert(tx, &mails).await?;
    record(tx, env, &facts).await?;
    Ok(answers)
}

fn key_of(inviting: &Inviting) -> (String, String) {
    (inviting.organization_id.clone(), inviting.address.canonical().to_owned())
}

struct Person {
    user_id: String,
    email_id: String,
    is_new: bool,
}

/// Makes the users that do not exist. Who has a method already, or stands twice in the batch, is refused.
async fn make_users(
    tx: &mut Tx,
    env: &dyn Env,
    invitings: &[Inviting],
    holders: &HashMap<(String, String), Holder>,
    policies: &HashMap<String, Policy>,
    mails: &HashMap<String, Bucket>,
) -> Result<Vec<Result<Person, Refusal>>> {
    let (mut new_users, mut new_emails, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    let mut people: Vec<Result<Person, Refusal>> = Vec::with_capacity(invitings.len());
    for inviting in invitings {
        let key = key_of(inviting);
        let most = policies.get(&inviting.organization_id).map_or(i64::MAX, |policy| policy.mails_a_day);
        let bucket = mails.get(&limit::mails_key(inviting.address.canonical())).filter(|_| inviting.mails);
        let full = bucket.filter(|bucket| bucket.count > most);
        people.push(match (holders.get(&key), full) {
            _ if !seen.insert(key) => Err(Refusal::AddressTaken),
            (Some(holder), _) if holder.has_method => Err(Refusal::HasMethod),
            (Some(holder), _) if holder.role.is_some_and(|role| inviting.rank > role) => Err(Refusal::Forbidden),
            (Some(holder), _) if holder.disabled => Err(Refusal::Disabled),
            (_, Some(bucket)) => Err(limit::limited(bucket)),
            (Some(holder), None) => {
                Ok(Person { user_id: holder.user_id.clone(), email_id: holder.email_id.clone(), is_new: false })
            }
            (None, None) => {
                let (user, email) =
                    new_user(env, &inviting.organization_id, &inviting.name, &inviting.address, inviting.language);
                let person = Person { user_id: user.id.clone(), email_id: email.id.clone(), is_new: true };
                new_users.push(user);
                new_emails.push(email);
                Ok(person)
            }
        });
    }
    if new_users.is_empty() {
        return Ok(people);
    }
    let made = insert_users(tx, env, &new_users, new_emails).await?;
    for person in &mut people {
        if person.as_ref().is_ok_and(|person| person.is_new && made.get(&person.user_id) != Some(&Insertion::Made)) {
            *person = Err(Refusal::AddressTaken);
        }
    }
    Ok(people)
}

/// Ends what was sent before a new invite: an older one to another address would let its holder into the account.
async fn replace_open(tx: &mut Tx, email_id: &str, user_id: &str, now: i64) -> Result<()> {
    let ended = challenges::end_for_invite(tx, email_id, user_id, now).await?;
    messages::cancel_for_challenges(tx, &ended, now).await?;
    invites::end_of_user(tx, user_id, InviteState::Revoked, now).await
}

/// Whether somebody is called, or spoken to, otherwise than an invite says. An administrator's name is theirs to change.
fn is_called_otherwise(holder: &Holder, inviting: &Inviting) -> bool {
    holder.role.is_none() && (holder.name != inviting.name || holder.language != inviting.language)
}

/// Has a user who was invited before be called, and spoken to, as the new invite says: it may be there to correct the first.
async fn call_as_invited(tx: &mut Tx, env: &dyn Env, inviting: &Inviting, user_id: &str) -> Result<Option<Fact>> {
    let change = Change { name: Some(inviting.name.clone()), language: Some(inviting.language), ..Change::default() };
    let changed = change_details(tx, env, &inviting.organization_id, user_id, &change).await?;
    Ok(changed.then(|| Fact {
        user_id: user_id.to_owned(),
        kind: EventKind::UserChanged,
        actor: inviting.actor.clone(),
        data: EventData::default(),
    }))
}

fn mail(env: &dyn Env, inviting: &Inviting, invited: &Invited, lifetime: i64) -> Result<NewMessage> {
    let data = MessageData {
        name: inviting.name.clone(),
        inviter: inviting.inviter.clone(),
        words: inviting.words.clone(),
        lifetime: Some(lifetime),
        ..MessageData::default()
    };
    Ok(NewMessage {
        id: env.id(),
        number: env.number(),
        organization_id: inviting.organization_id.clone(),
        user_id: Some(invited.user_id.clone()),
        challenge_id: Some(invited.challenge_id.clone()),
        kind: MessageKind::Invite,
        recipient: inviting.address.typed().to_owned(),
        language: inviting.language,
        data: serde_json::to_string(&data)?,
        created_at: env.now(),
    })
}

fn history(inviting: &Inviting, invited: &Invited, is_new: bool, message: Option<String>) -> Vec<Fact> {
    let fact = |kind, data| Fact { user_id: invited.user_id.clone(), kind, actor: inviting.actor.clone(), data };
    let address = EventData::address(inviting.address.canonical());
    let created = is_new.then(|| fact(EventKind::UserCreated, address.clone()));
    let sent = EventData { challenge: Some(invited.challenge_id.clone()), message, ..address };
    created.into_iter().chain([fact(EventKind::Invited, sent)]).collect()
}
