//! What a new password must be.

use super::hasher::LONGEST;
use crate::{Refusal, Result, Vestibule, organization::Policy};

impl Vestibule {
    /// Checks a new password against the policy: its length in characters, and that it is not among those that are tried
    /// first. There are no rules of composition. `about` is what is known of its owner.
    pub(crate) async fn check_new(&self, password: &str, policy: &Policy, about: &[&str]) -> Result<()> {
        check_length(password, policy)?;
        let about = about.iter().map(|&text| text.to_owned()).collect();
        match self.hasher.weigh(password.to_owned(), about).await? {
            Some(why) => Err(Refusal::PasswordCommon { why }.into()),
            None => Ok(()),
        }
    }
}

/// The part of the policy that counts.
pub(super) fn check_length(password: &str, policy: &Policy) -> Result<(), Refusal> {
    if password.len() > LONGEST {
        return Err(Refusal::PasswordTooLong);
    }
    let min = usize::try_from(policy.password_min).unwrap_or_default();
    if password.chars().count() < min {
        return Err(Refusal::PasswordTooShort { min: policy.password_min });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_length_counts_in_characters_and_ends_in_bytes() {
        let policy = Policy { password_min: 8, ..Policy::default() };
        assert_eq!(check_length("tall ships sail", &policy), Ok(()));
        assert_eq!(check_length("ünïcödé", &policy), Err(Refusal::PasswordTooShort { min: 8 }));
        assert_eq!(check_length(&"long ".repeat(300), &policy), Err(Refusal::PasswordTooLong));
    }
}
