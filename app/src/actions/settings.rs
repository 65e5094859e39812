//! What owners set for their organization.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use vestibule_core::{
    Refusal,
    env::{DAY, HOUR, MINUTE, SECOND},
    organization::{Method, Policy},
};

use super::{Outcome, act};
use crate::web::Ask;

const PAGE: &str = "/console/settings";

/// The settings as their form sends them: a duration is a number and its unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box of the form")]
pub struct PolicyForm {
    code_style: String,
    code_length: usize,
    code_lifetime: i64,
    code_lifetime_unit: Unit,
    tries: i32,
    cool_down: i64,
    cool_down_unit: Unit,
    mails_a_day: i64,
    invite_lifetime: i64,
    invite_lifetime_unit: Unit,
    #[serde(default)]
    by_passkey: bool,
    #[serde(default)]
    by_password: bool,
    #[serde(default)]
    by_provider: bool,
    password_min: i32,
    #[serde(default)]
    admin_passkey: bool,
}

/// What a duration is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days];

    /// As it is sent and shown.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    /// In milliseconds.
    const fn length(self) -> i64 {
        match self {
            Self::Seconds => SECOND,
            Self::Minutes => MINUTE,
            Self::Hours => HOUR,
            Self::Days => DAY,
        }
    }

    /// A duration in the largest unit that says it whole; what is less than a second is rounded up.
    pub fn split(ms: i64) -> (i64, Self) {
        let whole = Self::ALL.into_iter().rev().find(|unit| ms % unit.length() == 0);
        whole.map_or((ms.saturating_add(SECOND - 1) / SECOND, Self::Seconds), |unit| (ms / unit.length(), unit))
    }

    fn join(self, count: i64) -> i64 {
        count.saturating_mul(self.length())
    }
}

impl PolicyForm {
    fn first_methods(&self) -> Vec<Method> {
        let ticked = |method: &Method| match method {
            Method::Passkey => self.by_passkey,
            Method::Password => self.by_password,
            Method::Provider => self.by_provider,
        };
        Method::ALL.iter().copied().filter(ticked).collect()
    }

    /// The policy that the form asks for; its figures may be out of bounds.
    fn policy(self) -> Result<Policy, Refusal> {
        Ok(Policy {
            code_style: self.code_style.parse().map_err(|_| Refusal::Text)?,
            code_length: self.code_length,
            code_lifetime: self.code_lifetime_unit.join(self.code_lifetime),
            tries: self.tries,
            cool_down: self.cool_down_unit.join(self.cool_down),
            mails_a_day: self.mails_a_day,
            invite_lifetime: self.invite_lifetime_unit.join(self.invite_lifetime),
            first_methods: self.first_methods(),
            password_min: self.password_min,
            admin_passkey: self.admin_passkey,
        })
    }
}

/// Replaces the organization's policy. What is out of bounds is named, and what was typed is kept.
#[server(prefix = "/do", endpoint = "change_policy")]
pub async fn change_policy(policy: PolicyForm) -> Result<Outcome, ServerFnError> {
    act(&format!("{PAGE}?typed=kept"), async move {
        let ask = Ask::current().await?;
        let fresh = ask.fresh_admin(&format!("{PAGE}?typed=kept")).await?;
        let policy = policy.policy()?;
        ask.keep_policy(&policy).await?;
        let admin = match fresh {
            Ok(admin) => admin,
            Err(confirm) => return Ok(confirm),
        };
        if let Some(field) = policy.unsound() {
            return Ok(format!("{PAGE}?problem=policy&field={field}"));
        }
        ask.vestibule().change_policy(&admin, &policy).await?;
        ask.drop_policy().await?;
        Ok(format!("{PAGE}?done=policy-changed"))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_keeps_its_length_and_reads_shortest() {
        for (ms, shown) in [
            (15 * MINUTE, (15, Unit::Minutes)),
            (60 * SECOND, (1, Unit::Minutes)),
            (90 * MINUTE, (90, Unit::Minutes)),
            (7 * DAY, (7, Unit::Days)),
            (DAY + HOUR, (25, Unit::Hours)),
        ] {
            assert_eq!(Unit::split(ms), shown);
            assert_eq!(shown.1.join(shown.0), ms);
        }
        assert_eq!(Unit::split(10), (1, Unit::Seconds));
    }
}
