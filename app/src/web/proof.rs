//! What somebody has shown of who they are, beside what signed them in: lately, and a passkey as well.

use vestibule_core::{
    Refusal, Result,
    account::Device,
    actor::{Admin, Person},
    env::MINUTE,
    session::Visitor,
};

use super::{Ask, encoded, internal, keys};

/// How long after showing who they are a person may do what matters most, in milliseconds.
const FRESH: i64 = 15 * MINUTE;
/// How long who has yet to show a passkey, or to choose another password, may take, in milliseconds; it is no shorter than
/// [`FRESH`], so that an owner who just made the rule is asked and not shut out.
pub(super) const HALFWAY: i64 = 15 * MINUTE;
/// What a passkey proves, in the words of RFC 8176 §2: a key, and that its owner was there.
const BY_PASSKEY: [&str; 2] = ["pop", "user"];

impl Ask {
    /// Somebody who has shown all but the passkey that they need, for as long as that may take. They are nobody
    /// anywhere else.
    pub async fn halfway(&self) -> Result<Option<Visitor>> {
        let arrived = self.arrived().await?.filter(|visitor| visitor.needs_passkey);
        let Some(visitor) = arrived else { return Ok(None) };
        let waits = !self.showed_passkey().await? && self.since_shown().await? <= HALFWAY;
        Ok(waits.then_some(visitor))
    }

    pub(super) async fn showed_passkey(&self) -> Result<bool> {
        Ok(self.shown_methods().await?.iter().any(|method| method == BY_PASSKEY[0]))
    }

    /// Whether the person showed within the last quarter of an hour who they are.
    pub async fn is_fresh(&self) -> Result<bool> {
        Ok(self.since_shown().await? <= FRESH)
    }

    /// How long ago that was, in milliseconds.
    pub(super) async fn since_shown(&self) -> Result<i64> {
        let device: Option<Device> = self.session.get(keys::DEVICE).await.map_err(internal)?;
        Ok(self.vestibule().now() - device.map_or(0, |device| device.at))
    }

    /// The administrator, if they showed lately who they are; else the page where they do it again, which leads back to
    /// `back`.
    pub async fn fresh_admin(&self, back: &str) -> Result<Result<Admin, String>> {
        let admin = self.admin().await?;
        Ok(if self.is_fresh().await? { Ok(admin) } else { Err(confirm(back)) })
    }

    /// Notes that who just signed in, or made it their first way to, did so by a passkey. Call it after [`Ask::sign_in`].
    pub async fn signed_in_by_passkey(&self) -> Result<()> {
        self.signed_in_by(&BY_PASSKEY).await
    }

    /// Begins the session anew for a person who has shown a passkey beside whatever they signed in with.
    pub async fn showed_passkey_as_well(&self, person: &Person) -> Result<()> {
        let mut methods = self.shown_methods().await?;
        self.sign_in_again(person).await?;
        for method in BY_PASSKEY.into_iter().chain(["mfa"]) {
            if !methods.iter().any(|shown| shown == method) {
                methods.push(method.to_owned());
            }
        }
        self.signed_in_by(&methods.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// The person, if they are signed in or have only a passkey to show.
    pub async fn person_or_halfway(&self) -> Result<Person> {
        let visitor = match self.visitor().await? {
            None => self.halfway().await?,
            visitor => visitor,
        };
        Ok(visitor.ok_or(Refusal::Forbidden)?.person())
    }
}

/// Where somebody shows again who they are, and goes back from.
pub(crate) fn confirm(back: &str) -> String {
    format!("/confirm?back={}", encoded(back))
}
