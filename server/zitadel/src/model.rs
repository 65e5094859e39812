//! Users as v2 and v1 show them.

use prost_types::Timestamp;
use vestibule_core::user::{UserRow, UserState, record::Record};

use crate::proto::zitadel::{
    object::v2::{Details, ListDetails},
    user::{v1, v2},
    v1::ObjectDetails,
};

/// Unix milliseconds as a timestamp.
pub fn timestamp(millis: i64) -> Timestamp {
    let nanos = i32::try_from(millis.rem_euclid(1_000) * 1_000_000).unwrap_or_default();
    Timestamp { seconds: millis.div_euclid(1_000), nanos }
}

/// A count; never negative.
pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Where a user's history stands after a change.
pub fn changed(user: &UserRow) -> Details {
    Details {
        sequence: count(user.sequence),
        change_date: Some(timestamp(user.changed_at)),
        resource_owner: user.organization_id.clone(),
        creation_date: None,
    }
}

/// Where a user's history stands, when reading.
pub fn details(record: &Record) -> Details {
    Details { creation_date: Some(timestamp(record.user.created_at)), ..changed(&record.user) }
}

/// As v1 numbers them.
pub fn object_details(details: Details) -> ObjectDetails {
    let Details { sequence, change_date, resource_owner, creation_date } = details;
    ObjectDetails { sequence, creation_date, change_date, resource_owner }
}

pub fn list_details(total: i64, sequence: i64, now: i64) -> ListDetails {
    ListDetails { total_result: count(total), processed_sequence: count(sequence), timestamp: Some(timestamp(now)) }
}

pub fn user(record: &Record) -> v2::User {
    let human = human(record);
    v2::User {
        user_id: human.user_id.clone(),
        state: human.state,
        username: human.username.clone(),
        login_names: human.login_names.clone(),
        preferred_login_name: human.preferred_login_name.clone(),
        r#type: Some(v2::user::Type::Human(human)),
        details: Some(details(record)),
    }
}

fn human(record: &Record) -> v2::HumanUser {
    let (user, profile) = (&record.user, &record.profile);
    let state = match (user.state, user.locked_at) {
        (UserState::Disabled, _) => v2::UserState::Inactive,
        (UserState::Active, Some(_)) => v2::UserState::Locked,
        (UserState::Active, None) => v2::UserState::Active,
    };
    v2::HumanUser {
        user_id: user.id.clone(),
        state: state.into(),
        username: user.username.clone(),
        login_names: vec![user.username.clone()],
        preferred_login_name: user.username.clone(),
        profile: Some(v2::HumanProfile {
            given_name: profile.given_name_or(&user.name),
            family_name: profile.family_name_or(&user.name),
            nick_name: profile.nickname.clone(),
            display_name: Some(user.name.clone()),
            preferred_language: profile.preferred_language.clone().or_else(|| Some(user.language.to_string())),
            gender: profile.gender.as_deref().map(|gender| self::gender(gender).into()),
            avatar_url: profile.picture.clone().unwrap_or_default(),
        }),
        email: record
            .primary_email()
            .map(|email| v2::HumanEmail { email: email.address.clone(), is_verified: email.verified_at.is_some() }),
        phone: record
            .phones
            .first()
            .map(|phone| v2::HumanPhone { phone: phone.number.clone(), is_verified: phone.verified_at.is_some() }),
        password_change_required: user.must_change_password,
        password_changed: user.password_set_at.map(timestamp),
        mfa_init_skipped: None,
    }
}

fn gender(text: &str) -> v2::Gender {
    match text {
        "female" => v2::Gender::Female,
        "male" => v2::Gender::Male,
        "diverse" => v2::Gender::Diverse,
        _ => v2::Gender::Unspecified,
    }
}

/// The word that the profile keeps.
pub fn gender_word(gender: v2::Gender) -> Option<&'static str> {
    match gender {
        v2::Gender::Unspecified => None,
        v2::Gender::Female => Some("female"),
        v2::Gender::Male => Some("male"),
        v2::Gender::Diverse => Some("diverse"),
    }
}

/// As v1 shows the same.
pub fn my_user(record: &Record) -> v1::User {
    let human = human(record);
    let state = match human.state() {
        v2::UserState::Active => v1::UserState::Active,
        v2::UserState::Inactive => v1::UserState::Inactive,
        v2::UserState::Locked => v1::UserState::Locked,
        v2::UserState::Unspecified | v2::UserState::Deleted | v2::UserState::Initial => v1::UserState::Unspecified,
    };
    let profile = human.profile.unwrap_or_default();
    v1::User {
        id: human.user_id,
        details: Some(object_details(details(record))),
        state: state.into(),
        user_name: human.username,
        login_names: human.login_names,
        preferred_login_name: human.preferred_login_name,
        r#type: Some(v1::user::Type::Human(v1::Human {
            profile: Some(v1::Profile {
                first_name: profile.given_name,
                last_name: profile.family_name,
                nick_name: profile.nick_name.unwrap_or_default(),
                display_name: profile.display_name.unwrap_or_default(),
                preferred_language: profile.preferred_language.unwrap_or_default(),
                // Both versions number it alike.
                gender: profile.gender.unwrap_or_default(),
                avatar_url: profile.avatar_url,
            }),
            email: Some(my_email(record)),
            phone: human.phone.map(|phone| v1::Phone { phone: phone.phone, is_phone_verified: phone.is_verified }),
            password_changed: human.password_changed,
        })),
    }
}

pub fn my_email(record: &Record) -> v1::Email {
    let email = record.primary_email();
    v1::Email {
        email: email.map(|email| email.address.clone()).unwrap_or_default(),
        is_email_verified: email.is_some_and(|email| email.verified_at.is_some()),
    }
}
