//! Organizations and the policy that each sets for its people.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Result, Vestibule,
    code::{CodeStyle, EMAIL_LENGTHS},
    env::{DAY, HOUR, MINUTE, SECOND},
    limit,
    store::accounts,
    word::words,
};

/// The tenant: PingOne's environment, Zitadel's resource owner.
#[derive(Clone, Debug, Serialize)]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub policy: Policy,
    pub created_at: i64,
}

words! {
    /// A first way to sign in.
    Method {
        Password = "password",
    }
}

/// What an organization allows. Durations are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    pub code_style: CodeStyle,
    /// Signs in an email code, 6 to 12.
    pub code_length: usize,
    pub code_lifetime: i64,
    /// How often a code may be tried.
    pub tries: i32,
    /// Between two mails to one address.
    pub cool_down: i64,
    pub invite_lifetime: i64,
    /// What an invited person may choose first.
    pub first_methods: Vec<Method>,
    /// Fewest characters of a password.
    pub password_min: i32,
    /// Most code mails to one address in a day.
    pub mails_a_day: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            code_style: CodeStyle::Letters,
            code_length: 8,
            code_lifetime: 15 * MINUTE,
            tries: 5,
            cool_down: 60 * SECOND,
            invite_lifetime: 7 * DAY,
            first_methods: vec![Method::Password],
            password_min: 12,
            mails_a_day: 10,
        }
    }
}

impl Policy {
    /// Whether every figure is one that keeps people safe and lets them in.
    fn is_sound(&self) -> bool {
        EMAIL_LENGTHS.contains(&self.code_length)
            && (MINUTE..=DAY).contains(&self.code_lifetime)
            && (1..=10).contains(&self.tries)
            && (10 * SECOND..=HOUR).contains(&self.cool_down)
            && (HOUR..=90 * DAY).contains(&self.invite_lifetime)
            && (8..=128).contains(&self.password_min)
            && (1..=100).contains(&self.mails_a_day)
            && !self.first_methods.is_empty()
    }
}

impl Vestibule {
    /// Makes the first organization if there is none yet; gives the oldest.
    pub async fn first_organization(&self, name: &str) -> Result<Organization> {
        let fresh = Organization {
            id: self.env.id(),
            name: name.to_owned(),
            policy: Policy::default(),
            created_at: self.env.now(),
        };
        let env = self.env.clone();
        self.store
            .write(move |tx| {
                let (env, fresh) = (env.clone(), fresh.clone());
                Box::pin(async move {
                    limit::alone(tx, env.as_ref(), "first-organization").await?;
                    if let Some(oldest) = accounts::organizations(tx).await?.into_iter().next() {
                        return Ok(oldest);
                    }
                    accounts::insert_organization(tx, &fresh).await?;
                    Ok(fresh)
                })
            })
            .await
    }

    /// All organizations, oldest first.
    pub async fn organizations(&self) -> Result<Vec<Organization>> {
        accounts::organizations(&mut self.store.read().await?).await
    }

    pub async fn organization(&self, id: &str) -> Result<Organization> {
        Ok(accounts::organization(&mut self.store.read().await?, id).await?.ok_or(Refusal::NotFound)?)
    }

    /// Replaces an organization's policy. For the operator; the console's settings come through here as well.
    pub async fn set_policy(&self, organization_id: &str, policy: &Policy) -> Result<()> {
        if !policy.is_sound() {
            return Err(Refusal::Text.into());
        }
        let (id, policy) = (organization_id.to_owned(), serde_json::to_string(policy)?);
        self.store
            .write(move |tx| {
                let (id, policy) = (id.clone(), policy.clone());
                Box::pin(async move {
                    if accounts::set_policy(tx, &id, &policy).await? { Ok(()) } else { Err(Refusal::NotFound.into()) }
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_is_sound_and_a_missing_field_means_its_default() {
        assert!(Policy::default().is_sound());
        let policy: Policy = serde_json::from_str(r#"{"tries":3}"#).unwrap();
        assert_eq!(policy, Policy { tries: 3, ..Policy::default() });
        assert!(!Policy { code_length: 4, ..Policy::default() }.is_sound());
    }
}
