//! Ways to a company account and back that this browser has begun.

use serde::{Deserialize, Serialize};
use vestibule_core::{Result, provider::FLOW};

use super::{Ask, internal, proof::confirm};

/// Where the session keeps them.
const JOURNEYS: &str = "journeys";
/// How many a browser may have under way, in its tabs; the oldest makes way.
const MOST: usize = 5;

/// What a way to a company account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// To make it the first way to sign in.
    First,
    SignIn,
    /// To add it to one's own account.
    Link,
    /// To show again who one is, by an account that is linked.
    Confirm,
}

impl Errand {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "first" => Some(Self::First),
            "sign-in" => Some(Self::SignIn),
            "link" => Some(Self::Link),
            "confirm" => Some(Self::Confirm),
            _ => None,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::SignIn => "sign-in",
            Self::Link => "link",
            Self::Confirm => "confirm",
        }
    }

    /// The page that it begins on, and that offers other ways.
    pub const fn page(self) -> &'static str {
        match self {
            Self::First => "/welcome",
            Self::SignIn => "/sign-in",
            Self::Link => "/me",
            Self::Confirm => "/confirm",
        }
    }

    /// The same where it leads back to another page.
    pub fn page_with(self, back: &str) -> String {
        if self == Self::Confirm { confirm(back) } else { self.page().to_owned() }
    }
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journey {
    /// The hash of its state.
    pub id: String,
    pub errand: Errand,
    pub provider_name: String,
    /// Where at the provider it leads.
    pub way: String,
    /// Unix milliseconds.
    pub since: i64,
    /// The page to go back to after showing again who one is.
    #[serde(default)]
    pub back: String,
}

impl Journey {
    /// The page that it began on.
    pub fn page(&self) -> String {
        self.errand.page_with(&self.back)
    }
}

impl Ask {
    pub async fn set_out(&self, journey: Journey) -> Result<()> {
        let mut all = self.journeys().await?;
        all.push(journey);
        let late = all.len().saturating_sub(MOST);
        self.session.insert(JOURNEYS, &all[late..]).await.map_err(internal)
    }

    pub async fn journey(&self, id: &str) -> Result<Option<Journey>> {
        Ok(self.journeys().await?.into_iter().find(|journey| journey.id == id))
    }

    /// Ends a journey; `None` where this browser has not begun it, or long ago.
    pub async fn arrive(&self, id: &str) -> Result<Option<Journey>> {
        let mut all = self.journeys().await?;
        let Some(place) = all.iter().position(|journey| journey.id == id) else { return Ok(None) };
        let journey = all.remove(place);
        self.session.insert(JOURNEYS, all).await.map_err(internal)?;
        Ok(Some(journey))
    }

    async fn journeys(&self) -> Result<Vec<Journey>> {
        let all: Option<Vec<Journey>> = self.session.get(JOURNEYS).await.map_err(internal)?;
        let now = self.vestibule().now();
        Ok(all.unwrap_or_default().into_iter().filter(|journey| journey.since + FLOW > now).collect())
    }
}
