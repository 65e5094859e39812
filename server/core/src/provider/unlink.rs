//! Taking a user's company account away, for those who look after users.

use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    api_key::Scope,
    event::{EventData, EventKind, Fact, record},
    outbox::{MessageData, MessageKind},
    store::{providers, users},
    user::{addresses::tell, outranks},
};

impl Vestibule {
    /// Takes a user's accounts at a provider away for an operator, or only that of a subject; the last way to sign in
    /// too, should it be in the wrong hands. Sessions go on, as they do without a passkey or a password;
    /// [`Vestibule::end_sessions`] ends them.
    pub async fn unlink_provider_of(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        provider_id: &str,
        subject: Option<&str>,
    ) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let link = (user_id.to_owned(), provider_id.to_owned(), subject.map(str::to_owned));
        self.store
            .change((self.env.clone(), by, link), |tx, (env, by, (user_id, provider_id, subject))| {
                Box::pin(async move {
                    let user = users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    let provider = providers::by_id(tx, provider_id).await?.ok_or(Refusal::NotFound)?;
                    let gone = providers::unlink_all(tx, provider_id, subject.as_deref(), user_id).await?;
                    if gone == 0 {
                        return Err(Refusal::NotFound.into());
                    }
                    let data = MessageData { what: provider.name.clone(), ..MessageData::default() };
                    tell(tx, env.as_ref(), &user, MessageKind::CompanyUnlinked, data).await?;
                    let data = EventData { reason: Some(provider.name), ..EventData::default() };
                    let kind = EventKind::ProviderUnlinked;
                    let fact = Fact { user_id: user_id.clone(), kind, actor: by.actor(), data };
                    record(tx, env.as_ref(), &[fact]).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}
