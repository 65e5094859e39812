//! Users: their addresses and states, and what an administrator may change.

pub mod addresses;
pub mod change;
pub mod create;
pub mod delete;
pub mod mark;
pub(crate) mod new;
pub mod profile;
pub mod record;
pub mod summary;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Operator, Role},
    administrator,
    api_key::Scope,
    env::Env,
    event::{Event, EventData, EventKind, Fact, record},
    store::{Tx, accounts, authorizations, challenges, emails, events, invites, messages, sessions, users},
    word::words,
};

pub use crate::store::{emails::EmailRow, invites::InviteRow, users::UserRow};

words! {
    /// Whether a user may come in.
    UserState {
        Active = "active",
        Disabled = "disabled",
    }
}

/// Everything that the console's page of a user shows.
#[derive(Clone, Debug)]
pub struct UserView {
    pub user: UserRow,
    pub emails: Vec<EmailView>,
    pub invite: Option<InviteRow>,
    /// What the user may do in the console, if anything.
    pub role: Option<Role>,
    /// Newest first.
    pub history: Vec<Event>,
}

/// An address with the challenge that was last sent to it.
#[derive(Clone, Debug)]
pub struct EmailView {
    pub email: EmailRow,
    pub proof_actor: Option<Actor>,
    pub challenge: Option<challenges::ChallengeRow>,
    pub message: Option<messages::MessageRow>,
}

/// How many lines of a history a page shows.
pub const HISTORY: i64 = 50;

/// What a search finds a user by: folded, so that a search needs no collation of its own.
pub(crate) fn search_text(name: &str, username: &str, addresses: &[String]) -> String {
    let mut parts = vec![fold(name), fold(username)];
    parts.extend(addresses.iter().map(|address| fold(address)));
    parts.dedup();
    parts.join("\n")
}

/// Text as a search compares it: compatibility forms and case folded.
pub(crate) fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// A person's name: 1 to 200 characters, no control signs.
pub fn parse_name(text: &str) -> Result<String, Refusal> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let legal = !name.is_empty() && name.chars().count() <= 200 && !name.chars().any(char::is_control);
    if legal { Ok(name) } else { Err(Refusal::Name) }
}

/// A reason or somebody's own words: at the most so many characters, line breaks allowed, other control signs not.
pub fn parse_text(text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let legal = text.chars().count() <= most && !text.chars().any(|sign| sign.is_control() && sign != '\n');
    if legal { Ok(text) } else { Err(Refusal::Text) }
}

impl Vestibule {
    /// One user with addresses, invite and the newest lines of the history before a sequence number.
    pub async fn user(&self, by: impl Into<Operator>, id: &str, before: Option<i64>) -> Result<UserView> {
        let by = by.into();
        by.must(Scope::Read)?;
        let mut tx = self.store.read().await?;
        let user = users::by_id(&mut tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?;
        let mut views = Vec::new();
        for email in emails::of_user(&mut tx, id).await? {
            let challenge = challenges::newest(&mut tx, &email.id, crate::code::Purpose::Email).await?;
            let message = match &challenge {
                Some(challenge) => messages::newest_for_challenge(&mut tx, &challenge.id).await?,
                None => None,
            };
            let proof_actor = email.proof_actor.as_deref().map(serde_json::from_str).transpose()?;
            views.push(EmailView { email, proof_actor, challenge, message });
        }
        let invite = invites::newest_of_user(&mut tx, id).await?;
        let history = events::history(&mut tx, id, before.unwrap_or(i64::MAX), HISTORY).await?;
        let role = accounts::account_by_id(&mut tx, id).await?.and_then(|account| account.role);
        Ok(UserView { user, emails: views, invite, role, history })
    }

    /// Shuts a user out: sessions end at once, nothing is sent and nothing redeemed until enabled again.
    pub async fn disable(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        let by = by.into();
        if by.user_id.as_deref() == Some(id) {
            return Err(Refusal::Yourself.into());
        }
        self.set_state(by, id, UserState::Disabled).await
    }

    /// Lets a user in again.
    pub async fn enable(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        self.set_state(by.into(), id, UserState::Active).await
    }

    async fn set_state(&self, by: Operator, id: &str, state: UserState) -> Result<()> {
        by.must(Scope::Write)?;
        let (env, by, id) = (self.env.clone(), by.clone(), id.to_owned());
        self.store
            .write(move |tx| {
                let (env, by, id) = (env.clone(), by.clone(), id.clone());
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, &id).await?.ok_or(Refusal::NotFound)?;
                    match state {
                        UserState::Disabled => may_shut_out(tx, env.as_ref(), &by, &id).await?,
                        UserState::Active => outranks(tx, &by, &id).await?,
                    }
                    if !users::set_state(tx, &by.organization_id, &id, state).await? {
                        return Err(Refusal::Stale.into());
                    }
                    let kind = match state {
                        UserState::Disabled => {
                            sessions::delete_of_user(tx, &id).await?;
                            authorizations::revoke_of_user(tx, &id, env.now()).await?;
                            EventKind::UserDisabled
                        }
                        UserState::Active => EventKind::UserEnabled,
                    };
                    let fact = Fact { user_id: id, kind, actor: by.actor(), data: EventData::default() };
                    record(tx, env.as_ref(), &[fact]).await
                })
            })
            .await
    }
}

/// Refuses to change an administrator of a stronger role.
pub(crate) async fn outranks(tx: &mut Tx, by: &Operator, user_id: &str) -> Result<()> {
    let account = accounts::account_by_id(tx, user_id).await?;
    match account.and_then(|account| account.role) {
        Some(role) if by.rank > role => Err(Refusal::Forbidden.into()),
        _ => Ok(()),
    }
}

/// The same before somebody is shut out for good or for a while. Two administrators who do this to each other at once must
/// not both succeed: nobody would be left to let them in again.
pub(crate) async fn may_shut_out(tx: &mut Tx, env: &dyn Env, by: &Operator, user_id: &str) -> Result<()> {
    outranks(tx, by, user_id).await?;
    let has_role = accounts::account_by_id(tx, user_id).await?.is_some_and(|account| account.role.is_some());
    let Some(own_id) = by.user_id.as_ref().filter(|_| has_role) else { return Ok(()) };
    administrator::one_at_a_time(tx, env, &by.organization_id).await?;
    match administrator::present_role(tx, own_id).await? {
        Some(role) if role <= by.rank => outranks(tx, by, user_id).await,
        _ => Err(Refusal::Forbidden.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line() {
        assert_eq!(parse_name("  Grace\tHopper\n"), Ok("Grace Hopper".to_owned()));
        assert_eq!(parse_name(" \r\n "), Err(Refusal::Name));
        assert_eq!(parse_name("Gr\0ace"), Err(Refusal::Name));
        assert_eq!(parse_name(&"x".repeat(201)), Err(Refusal::Name));
    }

    #[test]
    fn texts_keep_their_lines_and_nothing_else_that_controls() {
        assert_eq!(parse_text(" a\r\nb ", 10), Ok("a\nb".to_owned()));
        assert_eq!(parse_text("a\u{1b}b", 10), Err(Refusal::Text));
        assert_eq!(parse_text("abc", 2), Err(Refusal::Text));
    }
}
