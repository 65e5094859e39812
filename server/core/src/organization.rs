//! Organizations and the policy that each sets for its people.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Admin, Role},
    code::{CodeStyle, EMAIL_LENGTHS},
    env::{DAY, HOUR, MINUTE, SECOND},
    event::{EventData, EventKind, Fact, record},
    limit,
    store::{accounts, authorizations, passkeys},
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
    /// A first way to sign in, in the order in which they are offered.
    Method {
        Passkey = "passkey",
        Password = "password",
        /// A company account.
        Provider = "provider",
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
    /// Whether administrators show a passkey as well, whatever else they sign in with.
    pub admin_passkey: bool,
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
            first_methods: Method::ALL.to_vec(),
            password_min: 12,
            mails_a_day: 10,
            admin_passkey: false,
        }
    }
}

impl Policy {
    /// Within these bounds people are safe and still get in.
    pub const CODE_LIFETIME: RangeInclusive<i64> = MINUTE..=DAY;
    pub const TRIES: RangeInclusive<i32> = 1..=10;
    pub const COOL_DOWN: RangeInclusive<i64> = 10 * SECOND..=HOUR;
    pub const INVITE_LIFETIME: RangeInclusive<i64> = HOUR..=90 * DAY;
    pub const PASSWORD_MIN: RangeInclusive<i32> = 8..=128;
    pub const MAILS_A_DAY: RangeInclusive<i64> = 1..=100;

    /// The first field that is out of its bounds, by its name; `None` where the policy can be set.
    pub fn unsound(&self) -> Option<&'static str> {
        let fields = [
            ("code_length", EMAIL_LENGTHS.contains(&self.code_length)),
            ("code_lifetime", Self::CODE_LIFETIME.contains(&self.code_lifetime)),
            ("tries", Self::TRIES.contains(&self.tries)),
            ("cool_down", Self::COOL_DOWN.contains(&self.cool_down)),
            ("invite_lifetime", Self::INVITE_LIFETIME.contains(&self.invite_lifetime)),
            ("password_min", Self::PASSWORD_MIN.contains(&self.password_min)),
            ("mails_a_day", Self::MAILS_A_DAY.contains(&self.mails_a_day)),
            ("first_methods", !self.first_methods.is_empty()),
        ];
        fields.into_iter().find(|(_, sound)| !sound).map(|(field, _)| field)
    }

    /// What another policy has otherwise: `tries: 5 → 3`.
    fn difference(&self, other: &Self) -> Result<String> {
        let (before, after) = (serde_json::to_value(self)?, serde_json::to_value(other)?);
        let fields = before.as_object().into_iter().flatten();
        let changed = fields.filter(|(field, value)| after[*field] != **value);
        let mut changed: Vec<String> =
            changed.map(|(field, value)| format!("{field}: {value} → {}", after[field])).collect();
        changed.sort_unstable();
        Ok(changed.join(", "))
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

    /// Replaces an organization's policy, for the operator.
    pub async fn set_policy(&self, organization_id: &str, policy: &Policy) -> Result<()> {
        self.replace_policy(organization_id, policy, None).await
    }

    /// Replaces the policy of an owner's organization; their history says what changed. Who demands a passkey of
    /// administrators must have one, or would be shut out themselves: `PasskeyNeeded`.
    pub async fn change_policy(&self, admin: &Admin, policy: &Policy) -> Result<()> {
        admin.must_be(Role::Owner)?;
        self.replace_policy(&admin.organization_id, policy, Some(admin.clone())).await
    }

    async fn replace_policy(&self, organization_id: &str, policy: &Policy, admin: Option<Admin>) -> Result<()> {
        if policy.unsound().is_some() {
            return Err(Refusal::Text.into());
        }
        if admin.is_some() && policy.admin_passkey && !self.offers_passkeys() {
            return Err(Refusal::PasskeysOff.into());
        }
        self.store
            .change(
                (self.env.clone(), organization_id.to_owned(), policy.clone(), admin),
                |tx, (env, id, policy, admin)| {
                    Box::pin(async move {
                        let before = accounts::organization(tx, id).await?.ok_or(Refusal::NotFound)?.policy;
                        if let Some(admin) = admin.as_ref().filter(|_| policy.admin_passkey && !before.admin_passkey)
                            && passkeys::credentials(tx, &admin.user_id).await?.is_empty()
                        {
                            return Err(Refusal::PasskeyNeeded.into());
                        }
                        accounts::set_policy(tx, id, &serde_json::to_string(policy)?).await?;
                        if policy.admin_passkey && !before.admin_passkey {
                            // What apps hold was given out to who had shown no passkey.
                            authorizations::revoke_of_administrators(tx, id, env.now()).await?;
                        }
                        let Some(admin) = admin.as_ref().filter(|_| before != *policy) else { return Ok(()) };
                        let reason = Some(before.difference(policy)?);
                        let fact = Fact {
                            user_id: admin.user_id.clone(),
                            kind: EventKind::PolicyChanged,
                            actor: admin.actor(),
                            data: EventData { reason, ..EventData::default() },
                        };
                        record(tx, env.as_ref(), &[fact]).await
                    })
                },
            )
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_is_sound_and_a_missing_field_means_its_default() {
        assert_eq!(Policy::default().unsound(), None);
        let policy: Policy = serde_json::from_str(r#"{"tries":3}"#).unwrap();
        assert_eq!(policy, Policy { tries: 3, ..Policy::default() });
        assert_eq!(Policy { code_length: 4, ..Policy::default() }.unsound(), Some("code_length"));
    }

    #[test]
    fn a_difference_names_what_changed() {
        let after = Policy { tries: 3, password_min: 15, ..Policy::default() };
        assert_eq!(Policy::default().difference(&after).unwrap(), "password_min: 12 → 15, tries: 5 → 3");
    }
}
