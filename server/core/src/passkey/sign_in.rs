//! Signing in with a passkey: the browser finds it, and it says who it is of.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PublicKeyCredential};

use super::{Begun, CeremonyKind, fact, handle, used::Used};
use crate::{
    Refusal, Result, Vestibule,
    actor::Actor,
    event::{EventData, EventKind, Fact, record},
    limit,
    password::SignedIn,
    store::{limits, passkeys, users},
};

impl Vestibule {
    /// Begins a sign-in for whoever asks; it names nobody and answers everybody alike. Browsers may offer it in the field
    /// of the user name, too.
    pub async fn begin_passkey_sign_in(&self, ip: Option<&str>) -> Result<Begun> {
        let (options, state) = self.webauthn()?.start_discoverable_authentication().map_err(crate::Error::internal)?;
        let ceremony = self.ceremony(CeremonyKind::Authentication, None, &state)?;
        let id = ceremony.id.clone();
        let limited = ip.map(|ip| (format!("ceremony:ip:{ip}"), limit::CEREMONIES_PER_IP, limit::WRONG_WINDOW));
        self.keep(ceremony, limited).await?;
        Ok(Begun { ceremony: id, options: serde_json::to_value(options.public_key)? })
    }

    /// Signs in with the browser's answer (`AuthenticationResponseJSON`). An unknown passkey, a wrong signature and a user
    /// who is disabled or locked answer alike; only who was too slow is told so.
    pub async fn finish_passkey_sign_in(
        &self,
        ceremony: &str,
        credential: &str,
        ip: Option<String>,
    ) -> Result<SignedIn> {
        let (key, now) = (limit::sign_in_ip_key(ip.as_deref()), self.env.now());
        let state = self
            .store
            .change((self.env.clone(), ceremony.to_owned(), key.clone()), move |tx, (env, id, key)| {
                Box::pin(async move {
                    // Counted as failed until it has succeeded.
                    limit::take(tx, env.as_ref(), key.clone(), limit::SIGN_INS_PER_IP, limit::WRONG_WINDOW).await?;
                    passkeys::take(tx, id, CeremonyKind::Authentication, None, now).await
                })
            })
            .await?
            .ok_or(Refusal::CeremonyOver)?;
        let used = self.check(&state, credential).await?.ok_or(Refusal::SignInFailed)?;
        self.store
            .change((self.env.clone(), used, key, ip), move |tx, (env, used, key, ip)| {
                Box::pin(async move {
                    let user_id = &used.holder.user_id;
                    if !used.store(tx, now).await? {
                        return Err(Refusal::SignInFailed.into());
                    }
                    limits::give_back(tx, key).await?;
                    users::signed_in(tx, user_id, now, ip.as_deref()).await?;
                    let signed_in = fact(user_id, EventKind::SignedIn, Actor::Person { id: user_id.clone() }, None);
                    let data = EventData { ip: ip.clone(), ..EventData::default() };
                    record(tx, env.as_ref(), &[Fact { data, ..signed_in }]).await?;
                    Ok(SignedIn {
                        user_id: user_id.clone(),
                        is_administrator: used.holder.role.is_some(),
                        must_change: None,
                    })
                })
            })
            .await
    }

    /// Checks the answer against the ceremony and the stored passkey; `None` where it does not let anybody in.
    async fn check(&self, state: &str, credential: &str) -> Result<Option<Used>> {
        let webauthn = self.webauthn()?;
        let state: DiscoverableAuthentication = serde_json::from_str(state)?;
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(credential) else { return Ok(None) };
        let Ok((shown, id)) = webauthn.identify_discoverable_authentication(&answer) else { return Ok(None) };
        let id = URL_SAFE_NO_PAD.encode(id);
        let holder = passkeys::holder(&mut self.store.read().await?, &id).await?;
        let Some(holder) = holder.filter(|holder| handle(&holder.user_id) == shown) else { return Ok(None) };
        let passkey: Passkey = serde_json::from_str(&holder.credential)?;
        let outcome = match webauthn.finish_discoverable_authentication_v2(&answer, state, &passkey) {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::debug!(%error, "a passkey's answer was not accepted");
                return Ok(None);
            }
        };
        if holder.disabled || holder.locked {
            return Ok(None);
        }
        Used::new(holder, passkey, &outcome).map(Some)
    }
}
