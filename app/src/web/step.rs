//! What somebody has yet to do after signing in, before they are anybody here: show a passkey as well, and choose another
//! password where theirs must not last.

use vestibule_core::{Result, password::Shown, session::Visitor};

use super::{Ask, internal, proof::HALFWAY};

/// Where a passkey is shown as well.
pub const TO_PASSKEY: &str = "/sign-in/passkey";
/// Where another password is chosen.
pub const TO_PASSWORD: &str = "/sign-in/password";
/// Where the session keeps which password is to be replaced.
const SHOWN_PASSWORD: &str = "shown_password";

impl Ask {
    /// The page of what is to be done next, while it may be. The passkey comes first: who knows no more than the password
    /// must not change it.
    pub async fn next_step(&self) -> Result<Option<&'static str>> {
        if self.halfway().await?.is_some() {
            return Ok(Some(TO_PASSKEY));
        }
        Ok(self.choosing().await?.map(|_| TO_PASSWORD))
    }

    /// Somebody who has only another password to choose, for as long as that may take and the one that they showed is
    /// theirs. They are nobody anywhere else.
    pub async fn choosing(&self) -> Result<Option<(Visitor, Shown)>> {
        let (Some(visitor), Some(shown)) = (self.arrived().await?, self.shown_password().await?) else {
            return Ok(None);
        };
        let lacks_passkey = visitor.needs_passkey && !self.showed_passkey().await?;
        let waits = !lacks_passkey && self.since_shown().await? <= HALFWAY;
        let may = waits && self.vestibule().must_choose(&visitor.user_id, &shown).await?;
        Ok(may.then_some((visitor, shown)))
    }

    /// The password that this session began with, where another one is to be chosen. Nothing but choosing it here takes
    /// this mark away: should the password be changed elsewhere, the new one is shown by signing in with it.
    pub async fn shown_password(&self) -> Result<Option<Shown>> {
        self.session.get(SHOWN_PASSWORD).await.map_err(internal)
    }

    pub(super) async fn keep_shown_password(&self, shown: Option<&Shown>) -> Result<()> {
        match shown {
            Some(shown) => self.session.insert(SHOWN_PASSWORD, shown).await.map_err(internal),
            None => Ok(()),
        }
    }

    /// Lets a person in who has chosen another password, under a new id.
    pub async fn chose_password(&self) -> Result<()> {
        self.session.remove::<Shown>(SHOWN_PASSWORD).await.map_err(internal)?;
        self.carry_on().await
    }
}
