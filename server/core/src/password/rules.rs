//! What a new password must be.

use super::hasher::LONGEST;
use crate::{Refusal, organization::Policy};

/// Passwords that everybody tries first; a longer list can replace it without changing anything else.
const COMMON: &str = include_str!("../common-passwords.txt");

/// Checks a new password against the policy: length in characters, no rules of composition.
pub fn check_new(password: &str, policy: &Policy, about: &[&str]) -> Result<(), Refusal> {
    if password.len() > LONGEST {
        return Err(Refusal::PasswordTooLong);
    }
    let min = usize::try_from(policy.password_min).unwrap_or_default();
    if password.chars().count() < min {
        return Err(Refusal::PasswordTooShort { min: policy.password_min });
    }
    let folded = crate::user::fold(password);
    let bare: String = folded.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let letters = bare.trim_matches(|sign: char| sign.is_numeric());
    let same = |word: &str| word == folded || word == bare || (!letters.is_empty() && word == letters);
    // "Grace Hopper" is behind "GraceHopper1" as well.
    let tells = |word: &str| {
        let word = crate::user::fold(word);
        same(&word) || same(&word.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>())
    };
    let is_one_sign = folded.chars().all(|sign| folded.starts_with(sign));
    if is_one_sign || COMMON.lines().any(same) || about.iter().any(|word| tells(word)) {
        return Err(Refusal::PasswordCommon);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_refused() {
        let policy = Policy { password_min: 8, ..Policy::default() };
        for password in ["password123", "Password1!", "12345678", "aaaaaaaaaaaa", "qwertyuiop", "GraceHopper1"] {
            assert_eq!(check_new(password, &policy, &["gracehopper"]), Err(Refusal::PasswordCommon), "{password}");
        }
        assert_eq!(check_new("tall ships sail", &policy, &[]), Ok(()));
        assert_eq!(check_new("ünïcödé", &policy, &[]), Err(Refusal::PasswordTooShort { min: 8 }));
        assert_eq!(check_new(&"long ".repeat(300), &policy, &[]), Err(Refusal::PasswordTooLong));
    }
}
