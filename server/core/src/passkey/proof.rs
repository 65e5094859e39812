//! Proving a passkey by who is known already: an administrator's second factor, and showing again who one is.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication, PublicKeyCredential};

use super::{Answer, Begun, CeremonyKind, fact, not_accepted, used::Used};
use crate::{
    Refusal, Result, Vestibule,
    actor::Person,
    event::{EventKind, record},
    limit,
    organization::Policy,
    store::{
        Tx, accounts, authorizations,
        passkeys::{self, Holder},
    },
};

impl Vestibule {
    /// Asks the browser for one of the person's own passkeys. Refuses with `NotFound` where they have none.
    pub async fn begin_passkey_proof(&self, person: &Person) -> Result<Begun> {
        let webauthn = self.webauthn()?;
        let stored = passkeys::credentials(&mut self.store.read().await?, &person.user_id).await?;
        if stored.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let known = stored.iter().map(|one| serde_json::from_str(one)).collect::<Result<Vec<Passkey>, _>>()?;
        let (options, state) = webauthn.start_passkey_authentication(&known).map_err(crate::Error::internal)?;
        let ceremony = self.ceremony(CeremonyKind::Authentication, Some(&person.user_id), &state)?;
        let id = ceremony.id.clone();
        let limited = (format!("ceremony:user:{}", person.user_id), limit::CEREMONIES_PER_IP, limit::WRONG_WINDOW);
        self.keep(ceremony, Some(limited)).await?;
        Ok(Begun { ceremony: id, options: serde_json::to_value(options.public_key)? })
    }

    /// Checks the browser's answer (`AuthenticationResponseJSON`). The ceremony is spent whatever comes of it; a passkey
    /// that is not the person's, or is gone meanwhile, is refused with `Passkey`.
    pub async fn finish_passkey_proof(&self, person: &Person, ceremony: &str, credential: &str) -> Result<()> {
        let webauthn = self.webauthn()?;
        let now = self.env.now();
        let state = self
            .store
            .change((ceremony.to_owned(), person.user_id.clone()), move |tx, (id, user_id)| {
                Box::pin(async move { passkeys::take(tx, id, CeremonyKind::Authentication, Some(user_id), now).await })
            })
            .await?
            .ok_or(Refusal::CeremonyOver)?;
        let state: PasskeyAuthentication = serde_json::from_str(&state)?;
        let answer: PublicKeyCredential = serde_json::from_str(credential).map_err(not_accepted)?;
        let outcome = webauthn.finish_passkey_authentication(&answer, &state).map_err(not_accepted)?;
        let id = URL_SAFE_NO_PAD.encode(outcome.cred_id());
        let holder = passkeys::holder(&mut self.store.read().await?, &id).await?;
        let legal = |holder: &Holder| holder.user_id == person.user_id && !holder.disabled && !holder.locked;
        let holder = holder.filter(legal).ok_or(Refusal::Passkey)?;
        let passkey: Passkey = serde_json::from_str(&holder.credential)?;
        self.store
            .change(Used::new(holder, passkey, &outcome)?, move |tx, used| {
                Box::pin(async move { if used.store(tx, now).await? { Ok(()) } else { Err(Refusal::Passkey.into()) } })
            })
            .await
    }

    /// Stores the passkey of an administrator who needs one and has none, begun with [`Vestibule::begin_passkey`].
    /// Refuses with `HasMethod` where there is one meanwhile: then that one is to be proven.
    pub async fn finish_needed_passkey(&self, person: &Person, answer: &Answer) -> Result<()> {
        self.finish_only(&person.organization_id, &person.user_id, answer).await
    }

    /// Whether an administrator asks themselves for a passkey; the organization's policy asks beside it.
    pub async fn asks_own_passkey(&self, person: &Person) -> Result<bool> {
        let account = accounts::account_by_id(&mut self.store.read().await?, &person.user_id).await?;
        Ok(account.is_some_and(|account| account.needs_passkey == Some(true)))
    }

    /// Has an administrator be asked for a passkey as well, whatever else they sign in with, or no longer. They must have
    /// one: `PasskeyNeeded`. Others are refused.
    pub async fn ask_own_passkey(&self, person: &Person, asks: bool) -> Result<()> {
        self.webauthn()?;
        self.store
            .change((self.env.clone(), person.clone()), move |tx, (env, person)| {
                Box::pin(async move {
                    // Beside nobody who takes their last passkey away.
                    limit::alone(tx, env.as_ref(), &format!("methods:{}", person.user_id)).await?;
                    let account = accounts::account_by_id(tx, &person.user_id).await?;
                    account.and_then(|account| account.role).ok_or(Refusal::Forbidden)?;
                    if asks && passkeys::credentials(tx, &person.user_id).await?.is_empty() {
                        return Err(Refusal::PasskeyNeeded.into());
                    }
                    if !accounts::set_needs_passkey(tx, &person.user_id, asks).await? {
                        return Ok(());
                    }
                    if asks {
                        authorizations::revoke_of_user(tx, &person.user_id, env.now()).await?;
                    }
                    let changed = fact(&person.user_id, EventKind::UserChanged, person.actor(), None);
                    record(tx, env.as_ref(), &[changed]).await
                })
            })
            .await
    }

    /// Asks no administrator of an organization for a passkey any more, for the operator: should nobody be left who has
    /// theirs.
    pub async fn forgo_passkeys(&self, organization_id: &str) -> Result<()> {
        self.store
            .change(organization_id.to_owned(), |tx, id| {
                Box::pin(async move {
                    let organization = accounts::organization(tx, id).await?.ok_or(Refusal::NotFound)?;
                    let policy = Policy { admin_passkey: false, ..organization.policy };
                    accounts::set_policy(tx, id, &serde_json::to_string(&policy)?).await?;
                    accounts::forgo_passkeys(tx, id).await
                })
            })
            .await
    }
}

/// Refuses to leave an administrator without a passkey who is asked for one.
pub(super) async fn must_keep_needed(tx: &mut Tx, person: &Person) -> Result<()> {
    let Some(account) = accounts::account_by_id(tx, &person.user_id).await?.filter(|own| own.role.is_some()) else {
        return Ok(());
    };
    let organization = accounts::organization(tx, &person.organization_id).await?;
    let by_policy = organization.is_some_and(|organization| organization.policy.admin_passkey);
    let needed = by_policy || account.needs_passkey == Some(true);
    if needed && passkeys::credentials(tx, &person.user_id).await?.len() < 2 {
        return Err(Refusal::PasskeyNeeded.into());
    }
    Ok(())
}
