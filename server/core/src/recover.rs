//! A forgotten password: asked for by a stranger, chosen by who holds the mail.

use crate::{
    Refusal, Result, Vestibule,
    actor::Actor,
    address::EmailAddress,
    code::{Purpose, TypedCode},
    code_request::{Asker, CodeRequest, issue},
    env::Env,
    limit,
    organization::Method,
    password::NewPassword,
    redeem::{Redeemed, Secret, Try},
    resend::{Pace, guess_anew, let_ask, open_invite, renew},
    secret::{SecretKey, Token},
    store::{Tx, accounts, challenges, emails, emails::Asked, passkeys, users},
};

impl Vestibule {
    /// Sends a mail by which a new password can be chosen, to the primary address of somebody who can sign in; where that
    /// is not proven yet, a code to prove it. An invited person who has no way to sign in yet gets the invite again.
    /// Answers alike, in the same time, whether or not anybody has the address: when the next one may be
    /// asked for (unix milliseconds).
    pub async fn forgot_password(&self, address: &EmailAddress, ip: Option<String>) -> Result<i64> {
        let pace = Pace::start();
        let context = (self.env.clone(), self.key.clone(), address.canonical().to_owned(), Asker::stranger(ip));
        let answer = self
            .store
            .change(context, |tx, (env, key, canonical, asker)| {
                Box::pin(async move { forgot(tx, env.as_ref(), key, canonical, asker).await })
            })
            .await;
        self.wake_outbox();
        pace.keep().await;
        answer
    }

    /// Chooses a new password with the link from the mail. Every session of the person ends.
    pub async fn reset_password_by_link(
        &self,
        token: &Token,
        password: String,
        ip: Option<String>,
    ) -> Result<Redeemed> {
        let secret = Secret::For(Purpose::Reset, Box::new(Secret::Link(token.clone())));
        let challenge = self.challenge_of_link(token).await?.ok_or(Refusal::LinkUnknown)?;
        let row = challenges::by_id(&mut self.store.read().await?, &challenge).await?.ok_or(Refusal::LinkUnknown)?;
        let hash = self.hash_for(&row.organization_id, &row.user_id, password).await?;
        self.reset(Try { secret, by: None, ip }, hash, false).await
    }

    /// Chooses a new password with the code from the mail, at the page that asks for the address as well. Unknown
    /// addresses are answered as wrong codes are, in the same time.
    pub async fn reset_password_at(
        &self,
        address: &EmailAddress,
        code: TypedCode,
        password: String,
        ip: Option<String>,
    ) -> Result<Redeemed> {
        let holder = {
            let mut tx = self.store.read().await?;
            // Before the password is looked at: that costs more than the code that is not compared any more.
            limit::wrong_from(&mut tx, self.env.as_ref(), ip.as_deref()).await?;
            emails::asked_for(&mut tx, address.canonical()).await?.into_iter().next()
        };
        let organization_id = match holder {
            Some(holder) => holder.organization_id,
            None => self.organizations().await?.into_iter().next().ok_or(Refusal::NotFound)?.id,
        };
        // As strict and as long for nobody as for somebody: what is refused as their own name would tell the name.
        let new = NewPassword::Clear { password, must_change: false, check: true };
        let hash = self.hash_new(&organization_id, &new, &[address.typed()]).await?;
        let secret = Secret::For(Purpose::Reset, Box::new(Secret::CodeAt(address.clone(), code)));
        // Begun after the hash is made, which takes as long for everybody and longer than the pace where many are.
        let pace = Pace::start();
        let answer = self.reset(Try { secret, by: None, ip }, hash, false).await;
        if answer.is_err() {
            pace.keep().await;
        }
        answer
    }

    async fn hash_for(&self, organization_id: &str, user_id: &str, password: String) -> Result<String> {
        let user = {
            let mut tx = self.store.read().await?;
            users::by_id(&mut tx, organization_id, user_id).await?.ok_or(Refusal::LinkUnknown)?
        };
        let new = NewPassword::Clear { password, must_change: false, check: true };
        self.hash_new(organization_id, &new, &[&user.name, &user.username]).await
    }
}

async fn forgot(tx: &mut Tx, env: &dyn Env, key: &SecretKey, canonical: &str, asker: &Asker) -> Result<i64> {
    limit::asked_from(tx, env, asker.ip.as_deref()).await?;
    let again_at = let_ask(tx, env, canonical).await?;
    for asked in emails::asked_for(tx, canonical).await? {
        if asked.disabled {
            continue;
        }
        let asker = Asker { actor: Actor::Person { id: asked.user_id.clone() }, ip: asker.ip.clone() };
        if let Some(invite) = open_invite(tx, env, &asked.id).await? {
            limit::or_kept(renew(tx, env, &invite, &asker).await)?;
            break;
        }
        let Some(purpose) = way_back(tx, &asked).await? else { continue };
        limit::or_kept(issue(tx, env, key, &asked.into(), purpose, &CodeRequest::default(), &asker).await)?;
        break;
    }
    guess_anew(tx, canonical).await?;
    Ok(again_at)
}

/// By what somebody comes back in, if at all.
///
/// Who never had a way to sign in gets none by this one: their invite may have been taken back, or the policy have no
/// passwords. And a new password goes to the primary address alone, once it is proven: any other may be a slip of the
/// keyboard, and somebody else's.
async fn way_back(tx: &mut Tx, asked: &Asked) -> Result<Option<Purpose>> {
    let policy = accounts::organization(tx, &asked.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    let has_password = accounts::account_by_id(tx, &asked.user_id).await?.is_some_and(|account| account.hash.is_some());
    let another = policy.first_methods.contains(&Method::Password) && passkeys::methods(tx, &asked.user_id).await? > 0;
    if !asked.is_primary || !(has_password || another) {
        return Ok(None);
    }
    Ok(Some(if asked.verified_at.is_some() { Purpose::Reset } else { Purpose::Email }))
}
