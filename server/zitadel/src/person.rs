//! What is said of a person when they are made or changed, in the core's terms.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use tonic::Code;
use vestibule_core::{actor::Language, phone::PhoneNumber, user::profile::Profile};

use crate::{
    call::Call,
    email::Proving,
    error::{Said, ZError},
    model::gender_word,
    proto::zitadel::user::v2::{
        Gender, IdpLink, SendEmailVerificationCode, SetHumanEmail, SetHumanPhone, SetHumanProfile, set_human_email,
        set_human_phone::Verification,
    },
    refusals::Family,
};

const NO_GIVEN_NAME: Said = (Code::InvalidArgument, "First name in profile is empty", "USER-UCej2");
const NO_FAMILY_NAME: Said = (Code::InvalidArgument, "Last name in profile is empty", "USER-4hB7d");
const BLANK_USERNAME: Said = (Code::InvalidArgument, "Errors.Invalid.Argument", "V2-zzad3");
const NO_PROVIDER: Said = (Code::FailedPrecondition, "Identity Provider Configuration doesn't exist", "COMMAND-39nfs");
/// What stands before a value that is no text, and so is kept in base64.
const BYTES: &str = "base64:";

/// Which of a profile's fields are said, whichever message says them.
#[derive(Clone, Debug, Default)]
pub struct ProfileWords {
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub nick_name: Option<String>,
    pub display_name: Option<String>,
    pub preferred_language: Option<String>,
    pub gender: Option<Gender>,
}

impl From<SetHumanProfile> for ProfileWords {
    fn from(profile: SetHumanProfile) -> Self {
        Self {
            gender: profile.gender.map(|_| profile.gender()),
            given_name: Some(profile.given_name),
            family_name: Some(profile.family_name),
            nick_name: profile.nick_name,
            display_name: profile.display_name,
            preferred_language: profile.preferred_language,
        }
    }
}

impl ProfileWords {
    /// Names that are blank are none.
    pub fn check(&self) -> Result<(), ZError> {
        let is_blank = |name: &Option<String>| name.as_ref().is_some_and(|name| name.trim().is_empty());
        if is_blank(&self.given_name) {
            return Err(NO_GIVEN_NAME.into());
        }
        if is_blank(&self.family_name) { Err(NO_FAMILY_NAME.into()) } else { Ok(()) }
    }

    /// The name that people are shown, if one is chosen.
    pub fn name(&self) -> Option<String> {
        self.display_name.clone().filter(|name| !name.trim().is_empty())
    }

    /// The language of the person's mails and pages, if we write it.
    pub fn language(&self) -> Option<Language> {
        let wish = self.preferred_language.as_deref()?;
        wish.split(['-', '_']).next()?.to_lowercase().parse().ok()
    }

    pub fn profile(&self) -> Profile {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Profile {
            given_name: filled(&self.given_name),
            family_name: filled(&self.family_name),
            nickname: filled(&self.nick_name),
            preferred_language: filled(&self.preferred_language),
            gender: self.gender.and_then(gender_word).map(str::to_owned),
            ..Profile::default()
        }
    }

    /// What changes of a profile; what is said to be empty is removed.
    pub fn merge(&self) -> Map<String, Value> {
        let text = |text: &String| if text.is_empty() { Value::Null } else { text.clone().into() };
        let gender = |gender: Gender| gender_word(gender).map_or(Value::Null, Into::into);
        let fields = [
            ("given_name", self.given_name.as_ref().map(text)),
            ("family_name", self.family_name.as_ref().map(text)),
            ("nickname", self.nick_name.as_ref().map(text)),
            ("preferred_language", self.preferred_language.as_ref().map(text)),
            ("gender", self.gender.map(gender)),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

/// How an address is to be proven; by a mail where nothing is said.
pub fn proving(email: &SetHumanEmail) -> Proving {
    match &email.verification {
        Some(set_human_email::Verification::SendCode(send)) => Proving::Send(send.clone()),
        Some(set_human_email::Verification::ReturnCode(_)) => Proving::Return,
        Some(set_human_email::Verification::IsVerified(is_verified)) => Proving::Verified(*is_verified),
        None => Proving::Send(SendEmailVerificationCode::default()),
    }
}

pub fn username(text: Option<String>) -> Result<Option<String>, ZError> {
    match text {
        Some(text) if text.trim().is_empty() => Err(BLANK_USERNAME.into()),
        text => Ok(text),
    }
}

/// A number, and whether the caller says that it is verified. Nothing is sent to numbers, so no code can be returned.
pub fn phone(phone: &SetHumanPhone, call: &Call, family: &Family) -> Result<(PhoneNumber, bool), ZError> {
    let is_verified = match &phone.verification {
        Some(Verification::ReturnCode(_)) => {
            return Err(ZError::raw(Code::Unimplemented, "Telephone numbers are not verified by code here"));
        }
        Some(Verification::IsVerified(is_verified)) => *is_verified,
        Some(Verification::SendCode(_)) | None => false,
    };
    let number = PhoneNumber::parse(&phone.phone).map_err(|refusal| call.refused(family, &refusal.into()))?;
    Ok((number, is_verified))
}

/// No provider's accounts are linked by their ids, and no second factor is kept.
pub fn refuse_other_factors(links: &[IdpLink], totp_secret: Option<&str>) -> Result<(), ZError> {
    if !links.is_empty() {
        return Err(NO_PROVIDER.into());
    }
    match totp_secret {
        Some(_) => Err(ZError::raw(Code::Unimplemented, "One-time passwords of apps are not kept here")),
        None => Ok(()),
    }
}

/// Keys and values as they are kept: a value that is a text as that, any other in base64 with a word before it.
pub fn metadata(entries: impl IntoIterator<Item = (String, Vec<u8>)>) -> Map<String, Value> {
    // The last of several under one key counts.
    let entries: BTreeMap<String, Vec<u8>> = entries.into_iter().collect();
    entries.into_iter().map(|(key, value)| (key, metadata_value(value).into())).collect()
}

/// A value as it is kept.
pub fn metadata_value(value: Vec<u8>) -> String {
    match String::from_utf8(value) {
        Ok(text) if !text.contains('\0') && !text.starts_with(BYTES) => text,
        Ok(text) => format!("{BYTES}{}", STANDARD.encode(text)),
        Err(error) => format!("{BYTES}{}", STANDARD.encode(error.into_bytes())),
    }
}
