//! A mail's text comes last: its code and link are drawn when it is about to leave.

use super::{Drawn, Letter, Message};
use crate::{
    Refusal, Result,
    code::{Code, CodeStyle, INVITE_LENGTH, PASSKEY_LENGTH, Purpose},
    env::Env,
    link_template::{LinkTemplate, Name},
    secret::{SecretKey, Token},
    store::{Tx, accounts, challenges, messages, users},
    user::UserState,
};

pub(super) async fn is_for_disabled(tx: &mut Tx, message: &Message) -> Result<bool> {
    let Some(user_id) = &message.user_id else { return Ok(false) };
    let user = users::by_id(tx, &message.organization_id, user_id).await?;
    Ok(user.is_some_and(|user| user.state == UserState::Disabled))
}

pub(super) async fn letter(tx: &mut Tx, env: &dyn Env, key: &SecretKey, message: Message) -> Result<Option<Letter>> {
    let organization = accounts::organization(tx, &message.organization_id).await?.ok_or(Refusal::NotFound)?;
    let mut letter = Letter {
        id: message.id,
        kind: message.kind,
        recipient: message.recipient,
        language: message.language,
        organization: organization.name.clone(),
        data: serde_json::from_str(&message.data)?,
        secret: None,
        replaces: None,
    };
    let Some(challenge_id) = message.challenge_id else { return Ok(Some(letter)) };
    if let Some(lifetime) = letter.data.lifetime {
        challenges::prolong(tx, &challenge_id, env.now() + lifetime).await?;
    }
    letter.replaces = challenges::newest_generation_at(tx, &challenge_id, &letter.id).await?;
    letter.secret = draw(tx, env, key, &challenge_id, Some(&letter.id)).await?;
    if letter.secret.is_none() {
        messages::cancel_for_challenges(tx, &[challenge_id], env.now()).await?;
        return Ok(None);
    }
    Ok(Some(letter))
}

/// Draws a code and a link for an open challenge and stores what they are checked by. `None` where it has ended.
pub(crate) async fn draw(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    challenge_id: &str,
    message_id: Option<&str>,
) -> Result<Option<Drawn>> {
    let Some(challenge) = challenges::by_id(tx, challenge_id).await? else { return Ok(None) };
    let policy = accounts::organization(tx, &challenge.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    let code = match challenge.purpose {
        Purpose::Email | Purpose::Reset => Code::draw(env, policy.code_style, policy.code_length),
        Purpose::Passkey => Code::draw(env, CodeStyle::Letters, PASSKEY_LENGTH),
        Purpose::Invite => Code::draw(env, CodeStyle::Letters, INVITE_LENGTH),
    };
    let token = Token::draw(env);
    let generation = challenges::NewGeneration {
        challenge_id,
        number: env.number(),
        code_mac: code.mac(key, challenge_id),
        link_hash: token.hash(),
        message_id,
        created_at: env.now(),
    };
    let stored = challenges::insert_generation(tx, &generation).await?;
    let (purpose, expires_at) = (challenge.purpose, challenge.expires_at);
    let values = |name| match name {
        Name::UserId => challenge.user_id.clone(),
        Name::OrgId => challenge.organization_id.clone(),
        Name::Code => code.plain().to_owned(),
        Name::CodeId => challenge_id.to_owned(),
    };
    let link = challenge.url_template.as_deref().and_then(LinkTemplate::stored).map(|template| template.render(values));
    let application = challenge.application;
    Ok(stored.then(|| Drawn {
        challenge_id: challenge_id.to_owned(),
        purpose,
        code,
        token,
        expires_at,
        link,
        application,
    }))
}
