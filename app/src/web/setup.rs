//! The restricted session in which a first method is set up, and whoever is signed in when it is to begin.

use serde::{Deserialize, Serialize};
use vestibule_core::{Refusal, Result, code::Purpose, env::MINUTE, redeem::Redeemed, session::Visitor};

use super::{Ask, Carried, internal};

/// Where the session keeps what was redeemed.
const SETUP: &str = "setup";
/// The same while it waits for who is signed in to make way.
const OFFERED: &str = "offered";
/// How long a redeemed invite lets its holder set up the first method, and how long a page knows whose secret was shown, in
/// milliseconds.
const LIFETIME: i64 = 15 * MINUTE;

/// The restricted session after an invite's code, which can set the first method and nothing else, or after that of a
/// mail about a passkey, which can add one and nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Setup {
    challenge_id: String,
    organization_id: String,
    user_id: String,
    /// What was redeemed, which says what may be set up.
    purpose: Purpose,
    until: i64,
}

impl Ask {
    /// Whoever is signed in here, where it is not this user.
    pub async fn somebody_else(&self, user_id: &str) -> Result<Option<Visitor>> {
        Ok(self.visitor().await?.filter(|visitor| visitor.user_id != user_id))
    }

    /// Begins the restricted session in which the first method is set up, under a new id. Nobody who is signed in as
    /// somebody else is signed out unasked: then it waits for their word.
    pub async fn begin_setup(&self, redeemed: &Redeemed) -> Result<()> {
        let until = self.vestibule().now() + LIFETIME;
        let Redeemed { challenge_id, organization_id, user_id, purpose } = redeemed.clone();
        let setup = Setup { challenge_id, organization_id, user_id, purpose, until };
        if self.somebody_else(&redeemed.user_id).await?.is_some() {
            return self.session.insert(OFFERED, setup).await.map_err(internal);
        }
        let waiting = self.all_waiting().await?;
        self.begin_anew().await?;
        self.go_on_waiting(waiting).await?;
        self.session.insert(SETUP, setup).await.map_err(internal)
    }

    /// Notes whose secret was shown here, so that the page behind it knows the address and speaks their language. The browser
    /// carries it: a session for it would be one more write for each verification, and the handle is no secret.
    pub fn remember_met(&self, redeemed: &Redeemed) {
        let until = self.vestibule().now() + LIFETIME;
        self.carry(Carried::Met, Some(&format!("{}.{until}", redeemed.challenge_id)));
    }

    /// The challenge whose secret was shown here, while that counts.
    pub(super) async fn met(&self) -> Result<Option<String>> {
        match self.set_up_under(SETUP).await? {
            Some(redeemed) => Ok(Some(redeemed.challenge_id)),
            None => Ok(self.verified()),
        }
    }

    /// The challenge by which an address was verified here last.
    fn verified(&self) -> Option<String> {
        let met = Carried::Met.get(&self.headers)?;
        let (challenge, until) = met.rsplit_once('.')?;
        (until.parse::<i64>().ok()? > self.vestibule().now()).then(|| challenge.to_owned())
    }

    /// The address that was verified here last, as who looks over a shoulder may read it.
    pub async fn met_address(&self) -> Result<Option<String>> {
        let Some(met) = self.verified() else { return Ok(None) };
        Ok(self.vestibule().challenge(&met).await?.map(|challenge| challenge.masked))
    }

    /// What was redeemed for the restricted session, while it lasts.
    pub async fn setup(&self) -> Result<Redeemed> {
        self.set_up_under(SETUP).await?.ok_or_else(|| Refusal::SetupOver.into())
    }

    /// What was redeemed for the restricted session that waits for who is signed in to make way.
    pub async fn offered(&self) -> Result<Option<Redeemed>> {
        self.set_up_under(OFFERED).await
    }

    async fn set_up_under(&self, key: &str) -> Result<Option<Redeemed>> {
        let setup: Option<Setup> = self.session.get(key).await.map_err(internal)?;
        let setup = setup.filter(|setup| setup.until > self.vestibule().now());
        Ok(setup.map(|Setup { challenge_id, organization_id, user_id, purpose, .. }| Redeemed {
            challenge_id,
            organization_id,
            user_id,
            purpose,
        }))
    }

    /// Signs whoever is here out, and begins what was offered, if it is to.
    pub async fn make_way(&self, for_offered: bool) -> Result<()> {
        let offered = self.offered().await?.filter(|_| for_offered);
        let waiting = self.all_waiting().await?;
        self.session.clear().await;
        match offered {
            Some(redeemed) => {
                self.go_on_waiting(waiting).await?;
                self.begin_setup(&redeemed).await
            }
            None => self.sign_out().await,
        }
    }
}
