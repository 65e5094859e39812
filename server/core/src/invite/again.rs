//! Inviting a user who is there already, and sending the mail of an open invite again.

use super::{Inviting, WORDS, invite_all};
use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    address::EmailAddress,
    api_key::Scope,
    code::Purpose,
    code_request::{Asker, CodeRequest, Issued, Way, dress, recipient},
    env::Env,
    limit,
    link_template::LinkTemplate,
    outbox,
    resend::renew,
    secret::SecretKey,
    store::{Tx, accounts, challenges, invites, users},
    user::{outranks, parse_text},
};

impl Vestibule {
    /// Invites a user who is there already and has no method. An open invite is replaced; where a template or an
    /// application is left out, it is that of the newest invite.
    pub async fn invite_user(&self, by: impl Into<Operator>, user_id: &str, request: CodeRequest) -> Result<Issued> {
        let by = by.into();
        by.must(Scope::Write)?;
        request.check()?;
        let context = (self.env.clone(), self.key.clone(), by, user_id.to_owned(), request);
        let issued = self
            .store
            .change(context, |tx, (env, key, by, user_id, request)| {
                Box::pin(async move { invite_again(tx, env.as_ref(), key, by, user_id, request).await })
            })
            .await;
        self.wake_outbox();
        issued
    }

    /// Sends the mail of a user's open invite again. Refuses with `NoneOpen` where none is, or the last code was handed
    /// to a client.
    pub async fn resend_invite_of(&self, by: impl Into<Operator>, user_id: &str) -> Result<Issued> {
        let by = by.into();
        by.must_send()?;
        let context = (self.env.clone(), by, user_id.to_owned());
        let issued = self
            .store
            .change(context, |tx, (env, by, user_id)| {
                Box::pin(async move {
                    let (_, email) = recipient(tx, &by.organization_id, user_id, None).await?;
                    let newest = challenges::newest(tx, &email.id, Purpose::Invite).await?;
                    let open = newest.filter(|newest| newest.ended.is_none() && !newest.returned);
                    let open = open.ok_or(Refusal::NoneOpen)?;
                    let asker = Asker { actor: by.actor(), ip: None };
                    let again_at = renew(tx, env.as_ref(), &open, &asker).await?;
                    let renewed = challenges::by_id(tx, &open.id).await?.ok_or(Refusal::NoneOpen)?;
                    Ok(Issued { challenge_id: renewed.id, expires_at: renewed.expires_at, again_at, drawn: None })
                })
            })
            .await;
        self.wake_outbox();
        issued
    }
}

/// Invites a user who is there already, by mail or by giving the code back.
pub(crate) async fn invite_again(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    by: &Operator,
    user_id: &str,
    request: &CodeRequest,
) -> Result<Issued> {
    // Of two at once only one is the first, and the address must not change between the look and the invite.
    users::lock(tx, [user_id]).await?;
    let (user, email) = recipient(tx, &by.organization_id, user_id, None).await?;
    outranks(tx, by, user_id).await?;
    let policy = accounts::organization(tx, &by.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    let newest = challenges::newest(tx, &email.id, Purpose::Invite).await?;
    let mails = request.way == Way::Mail;
    let inviting = Inviting {
        organization_id: by.organization_id.clone(),
        name: user.name.clone(),
        address: EmailAddress::parse(&email.address).map_err(Refusal::Address)?,
        language: user.language,
        words: parse_text(&request.words, WORDS)?,
        lifetime: request.lifetime,
        actor: by.actor(),
        rank: by.rank,
        inviter: by.name.clone(),
        mails,
    };
    let invited = invite_all(tx, env, &[inviting]).await?.pop().ok_or(Refusal::NotFound)??;
    // After what cannot be repaired by waiting.
    if mails && newest.is_some() {
        limit::cool_down(tx, env, &email.canonical, &policy).await?;
    } else if mails {
        // The first one is never too soon: a user may have been made, and sent a code, a moment ago.
        limit::begin_cool_down(tx, env, &email.canonical, &policy).await?;
    }
    let inherited = newest.as_ref();
    let stored = || inherited.and_then(|newest| LinkTemplate::stored(newest.url_template.as_deref()?));
    let request = CodeRequest {
        template: request.template.clone().or_else(stored),
        application: request.application.clone().or_else(|| inherited.and_then(|newest| newest.application.clone())),
        ..request.clone()
    };
    dress(tx, &invited.challenge_id, &request).await?;
    let drawn = if mails { None } else { outbox::draw(tx, env, key, &invited.challenge_id, None).await? };
    if drawn.is_some() {
        invites::mark_sent(tx, &invited.challenge_id, env.now()).await?;
    }
    let challenge = challenges::by_id(tx, &invited.challenge_id).await?.ok_or(Refusal::NotFound)?;
    let again_at = if mails { env.now() + policy.cool_down } else { env.now() };
    Ok(Issued { challenge_id: challenge.id, expires_at: challenge.expires_at, again_at, drawn })
}
