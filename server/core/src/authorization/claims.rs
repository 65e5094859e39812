//! What an app learns of a person: the claims of OpenID Connect Core §5.1, as far as the scopes reach (§5.4).

use serde_json::{Map, Value, json};

use super::{AppScope, AppScopes};
use crate::{Result, Vestibule, env::SECOND, secret::Token, store::tokens, user::record, user::record::Record};

/// Claims by their names.
pub type Claims = Map<String, Value>;

/// Why a bearer learns nothing (RFC 6750 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerProblem {
    /// Not a token that works.
    Invalid,
    /// It was not granted `openid`, or is no person's.
    Scope,
}

impl Vestibule {
    /// What the bearer of an access token may know of its person, as of now.
    pub async fn userinfo(&self, token: &Token) -> Result<Result<Claims, BearerProblem>> {
        let mut tx = self.store.read().await?;
        let Some(access) = tokens::access(&mut tx, &token.hash(), self.env.now()).await? else {
            return Ok(Err(BearerProblem::Invalid));
        };
        let scopes = AppScopes::parse(&access.scopes);
        let Some(user_id) = access.user_id.filter(|_| scopes.has(AppScope::Openid)) else {
            return Ok(Err(BearerProblem::Scope));
        };
        let found = record::by_ids(&mut tx, &access.organization_id, &[&user_id]).await?.pop();
        Ok(found.map(|record| all(&record, &scopes)).ok_or(BearerProblem::Invalid))
    }
}

/// All that the scopes reach, `sub` included.
fn all(record: &Record, scopes: &AppScopes) -> Claims {
    let mut claims = Claims::from_iter([("sub".to_owned(), json!(record.user.id))]);
    if scopes.has(AppScope::Profile) {
        claims.extend(profile(record));
    }
    if scopes.has(AppScope::Email) {
        claims.extend(email(record));
    }
    if scopes.has(AppScope::Phone)
        && let Some(phone) = record.phones.iter().find(|phone| phone.primary)
    {
        claims.insert("phone_number".to_owned(), json!(phone.number));
        claims.insert("phone_number_verified".to_owned(), json!(phone.verified_at.is_some()));
    }
    if scopes.has(AppScope::Address)
        && let Some(address) = &record.profile.address
    {
        claims.insert("address".to_owned(), json!(address));
    }
    claims
}

/// The primary address, and whether it is proven.
pub(crate) fn email(record: &Record) -> Claims {
    record.primary_email().map_or_else(Claims::new, |email| {
        let claims = [("email", json!(email.address)), ("email_verified", json!(email.verified_at.is_some()))];
        claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    })
}

fn profile(record: &Record) -> Claims {
    let (user, known) = (&record.user, &record.profile);
    let family = known.family_name_or(&user.name);
    let claims = [
        ("name", Some(json!(user.name))),
        ("given_name", Some(json!(known.given_name_or(&user.name)))),
        ("family_name", (!family.is_empty()).then(|| json!(family))),
        ("middle_name", known.middle_name.as_ref().map(|text| json!(text))),
        ("nickname", known.nickname.as_ref().map(|text| json!(text))),
        ("preferred_username", Some(json!(known.preferred_username.as_ref().unwrap_or(&user.username)))),
        ("profile", known.profile.as_ref().map(|text| json!(text))),
        ("picture", known.picture.as_ref().map(|text| json!(text))),
        ("website", known.website.as_ref().map(|text| json!(text))),
        ("gender", known.gender.as_ref().map(|text| json!(text))),
        ("birthdate", known.birthdate.as_ref().map(|text| json!(text))),
        ("zoneinfo", known.zoneinfo.as_ref().map(|text| json!(text))),
        ("locale", Some(known.locale.as_ref().map_or_else(|| json!(user.language), |text| json!(text)))),
        ("updated_at", Some(json!(user.changed_at / SECOND))),
    ];
    claims.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
