//! What sending a code does to its challenge.

use super::{Asker, CodeRequest, Issued, Target, Way};
use crate::{
    Refusal, Result,
    challenge::Ended,
    code::Purpose,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    link_template::LinkTemplate,
    outbox::{self, MessageData, MessageKind},
    secret::SecretKey,
    store::{
        Tx, accounts, challenges,
        emails::{self, EmailRow},
        messages, users,
        users::UserRow,
    },
    user::UserState,
};

/// A user who may get mail, and the address that it goes to.
pub(crate) async fn recipient(
    tx: &mut Tx,
    organization_id: &str,
    user_id: &str,
    email_id: Option<&str>,
) -> Result<(UserRow, EmailRow)> {
    let user = users::by_id(tx, organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
    let email = match email_id {
        Some(id) => emails::by_id(tx, organization_id, user_id, id).await?,
        None => emails::primary_of(tx, user_id).await?,
    };
    if user.state == UserState::Disabled {
        return Err(Refusal::Disabled.into());
    }
    Ok((user, email.ok_or(Refusal::NotFound)?))
}

/// Sends or draws a code: renews the open challenge of the address for this purpose, or makes one.
pub(crate) async fn issue(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    target: &Target,
    purpose: Purpose,
    request: &CodeRequest,
    asker: &Asker,
) -> Result<Issued> {
    let policy = accounts::organization(tx, &target.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    let now = env.now();
    let mailed = request.way == Way::Mail;
    if mailed {
        limit::mail_to(tx, env, &target.canonical, &policy).await?;
    }
    let expires_at = now + request.lifetime.unwrap_or(policy.code_lifetime);
    let newest = challenges::newest(tx, &target.email_id, purpose).await?;
    let open = newest.filter(|newest| newest.ended.is_none() && newest.canonical == target.canonical);
    let challenge_id = if let Some(open) = open {
        if !challenges::renew(tx, &open.id, policy.tries, expires_at, now).await? {
            return Err(Ended::Used.refusal().into());
        }
        messages::cancel_for_challenges(tx, std::slice::from_ref(&open.id), now).await?;
        open.id
    } else {
        let challenge = challenges::NewChallenge {
            id: env.id(),
            organization_id: &target.organization_id,
            user_id: &target.user_id,
            email_id: &target.email_id,
            purpose,
            canonical: &target.canonical,
            created_at: now,
            expires_at,
            tries_left: policy.tries,
        };
        challenges::insert(tx, std::slice::from_ref(&challenge)).await?;
        challenge.id
    };
    dress(tx, &challenge_id, request).await?;
    if request.account {
        users::require_verification(tx, &target.user_id).await?;
    }
    let drawn = if mailed {
        let data = MessageData { lifetime: Some(expires_at - now), ..MessageData::default() };
        queue(tx, env, target, &challenge_id, kind_of(purpose), data, asker).await?;
        None
    } else {
        let data = EventData {
            challenge: Some(challenge_id.clone()),
            ip: asker.ip.clone(),
            ..EventData::address(&target.canonical)
        };
        let user_id = target.user_id.clone();
        record(tx, env, &[Fact { user_id, kind: EventKind::SecretShown, actor: asker.actor.clone(), data }]).await?;
        outbox::draw(tx, env, key, &challenge_id, None).await?
    };
    let again_at = if mailed { now + policy.cool_down } else { now };
    Ok(Issued { challenge_id, expires_at, again_at, drawn })
}

/// Writes down where the links of a challenge lead and how its codes travel.
pub(crate) async fn dress(tx: &mut Tx, challenge_id: &str, request: &CodeRequest) -> Result<()> {
    let template = request.template.as_ref().map(LinkTemplate::as_str);
    let returned = request.way == Way::Return;
    challenges::dress(tx, challenge_id, template, request.application.as_deref(), returned).await
}

pub(crate) fn kind_of(purpose: Purpose) -> MessageKind {
    match purpose {
        Purpose::Email => MessageKind::Code,
        Purpose::Invite => MessageKind::Invite,
        Purpose::Reset => MessageKind::Reset,
        Purpose::Passkey => MessageKind::PasskeyLink,
    }
}

/// Queues a challenge's mail and writes the history.
pub(crate) async fn queue(
    tx: &mut Tx,
    env: &dyn Env,
    target: &Target,
    challenge_id: &str,
    kind: MessageKind,
    data: MessageData,
    asker: &Asker,
) -> Result<()> {
    let message = messages::NewMessage {
        id: env.id(),
        number: env.number(),
        organization_id: target.organization_id.clone(),
        user_id: Some(target.user_id.clone()),
        challenge_id: Some(challenge_id.to_owned()),
        kind,
        recipient: target.address.clone(),
        language: target.language,
        data: serde_json::to_string(&data)?,
        created_at: env.now(),
    };
    let data = EventData {
        challenge: Some(challenge_id.to_owned()),
        message: Some(message.id.clone()),
        ip: asker.ip.clone(),
        ..EventData::address(&target.canonical)
    };
    messages::insert(tx, &[message]).await?;
    let (user_id, actor) = (target.user_id.clone(), asker.actor.clone());
    record(tx, env, &[Fact { user_id, kind: EventKind::CodeRequested, actor, data }]).await
}
