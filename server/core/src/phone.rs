//! Telephone numbers: kept as E.164, verified by word of a client or an administrator only.

use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    api_key::Scope,
    event::{EventData, EventKind, Fact, record},
    store::{Tx, phones, phones::PhoneRow, users},
    user::outranks,
};

/// A number in E.164: `+`, then 7 to 15 digits of which the first is not zero (ITU-T E.164 §6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number in international notation; spaces, dashes, dots and brackets between the digits are dropped.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let digits = text.trim().strip_prefix('+').ok_or(Refusal::Phone)?;
        let digits: String = digits.chars().filter(|sign| !matches!(sign, ' ' | '-' | '.' | '(' | ')')).collect();
        let legal = (7..=15).contains(&digits.len())
            && digits.bytes().all(|sign| sign.is_ascii_digit())
            && !digits.starts_with('0');
        if legal { Ok(Self(format!("+{digits}"))) } else { Err(Refusal::Phone) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Vestibule {
    /// Gives a user another number; the first one is the primary one. Gives its id.
    pub async fn add_phone(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        number: &PhoneNumber,
        verified: bool,
    ) -> Result<String> {
        let by = by.into();
        by.must(Scope::Write)?;
        if verified {
            by.must(Scope::Verify)?;
        }
        let context = (self.env.clone(), by, user_id.to_owned(), number.clone());
        self.store
            .change(context, move |tx, (env, by, user_id, number)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    let (id, now) = (env.id(), env.now());
                    let phone = phones::NewPhone {
                        id: &id,
                        organization_id: &by.organization_id,
                        user_id,
                        number: number.as_str(),
                        created_at: now,
                        verified_at: verified.then_some(now),
                    };
                    if !phones::insert(tx, &phone).await? {
                        return Err(Refusal::PhoneTaken.into());
                    }
                    let added = fact(by, user_id, EventKind::PhoneAdded, number.as_str());
                    let proven = verified.then(|| fact(by, user_id, EventKind::PhoneVerified, number.as_str()));
                    let facts: Vec<Fact> = [added].into_iter().chain(proven).collect();
                    record(tx, env.as_ref(), &facts).await?;
                    Ok(id)
                })
            })
            .await
    }

    /// Takes a number from a user; the oldest of the others becomes primary where it was.
    pub async fn remove_phone(&self, by: impl Into<Operator>, user_id: &str, phone_id: &str) -> Result<()> {
        self.change_phone(by.into(), Scope::Write, user_id, phone_id, Step::Remove).await
    }

    pub async fn make_phone_primary(&self, by: impl Into<Operator>, user_id: &str, phone_id: &str) -> Result<()> {
        self.change_phone(by.into(), Scope::Write, user_id, phone_id, Step::MakePrimary).await
    }

    /// Marks a number verified; one that is already stays as it is.
    pub async fn mark_phone_verified(&self, by: impl Into<Operator>, user_id: &str, phone_id: &str) -> Result<()> {
        self.change_phone(by.into(), Scope::Verify, user_id, phone_id, Step::Verify).await
    }

    /// Takes *verified* back from a number.
    pub async fn unverify_phone(&self, by: impl Into<Operator>, user_id: &str, phone_id: &str) -> Result<()> {
        self.change_phone(by.into(), Scope::Write, user_id, phone_id, Step::Unverify).await
    }

    async fn change_phone(&self, by: Operator, scope: Scope, user_id: &str, phone_id: &str, step: Step) -> Result<()> {
        by.must(scope)?;
        let context = (self.env.clone(), by, user_id.to_owned(), phone_id.to_owned());
        self.store
            .change(context, move |tx, (env, by, user_id, phone_id)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    let phone = phones::by_id(tx, user_id, phone_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    let Some(kind) = step.take(tx, user_id, &phone, env.now()).await? else { return Ok(()) };
                    record(tx, env.as_ref(), &[fact(by, user_id, kind, &phone.number)]).await
                })
            })
            .await
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Remove,
    MakePrimary,
    Verify,
    Unverify,
}

impl Step {
    /// Does it; gives what happened, nothing where it was so already.
    async fn take(self, tx: &mut Tx, user_id: &str, phone: &PhoneRow, now: i64) -> Result<Option<EventKind>> {
        let (done, kind) = match self {
            Self::Remove => (phones::delete(tx, user_id, &phone.id).await?, EventKind::PhoneRemoved),
            Self::MakePrimary => (phones::make_primary(tx, user_id, &phone.id).await?, EventKind::PhoneMadePrimary),
            Self::Verify => (phones::set_verified(tx, user_id, &phone.id, Some(now)).await?, EventKind::PhoneVerified),
            Self::Unverify => (phones::set_verified(tx, user_id, &phone.id, None).await?, EventKind::PhoneUnverified),
        };
        if matches!(self, Self::Unverify) && !done {
            return Err(Refusal::NotVerified.into());
        }
        Ok(done.then_some(kind))
    }
}

pub(crate) fn fact(by: &Operator, user_id: &str, kind: EventKind, number: &str) -> Fact {
    let data = EventData { phone: Some(number.to_owned()), ..EventData::default() };
    Fact { user_id: user_id.to_owned(), kind, actor: by.actor(), data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_international_and_hold_nothing_but_digits() {
        assert_eq!(PhoneNumber::parse(" +44 (151) 496-0453").map(|number| number.0), Ok("+441514960453".to_owned()));
        for text in ["", "+", "0151 496", "+0441514960453", "+44151496045312345", "+44x151496", "+123", "+4415149\0"] {
            assert_eq!(PhoneNumber::parse(text), Err(Refusal::Phone), "{text}");
        }
    }
}
