//! Showing again who one is, before something that matters.

use leptos::prelude::*;

use super::{Outcome, act};
use crate::web::Ask;

/// Checks the password of who is signed in, begins the session anew and leads back to a page of the console.
#[server(prefix = "/do", endpoint = "confirm")]
pub async fn confirm(password: String, back: String) -> Result<Outcome, ServerFnError> {
    let back = local(&back);
    act(&format!("/confirm?back={back}"), async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        ask.vestibule().confirm_password(&person, password).await?;
        ask.sign_in_again(&person).await?;
        let joint = if back.contains('?') { '&' } else { '?' };
        Ok(format!("{back}{joint}done=confirmed"))
    })
    .await
}

/// A path of the console; whatever else was asked for leads to its first page.
pub(crate) fn local(back: &str) -> String {
    let legal = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '/' | '-' | '_');
    let is_ours = back == "/console" || back.starts_with("/console/");
    if is_ours && back.len() <= 300 && back.chars().all(legal) { back.to_owned() } else { "/console".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn it_leads_to_the_console_and_nowhere_else() {
        assert_eq!(local("/console/users/018f-1"), "/console/users/018f-1");
        for back in ["https://evil.example", "//evil.example", "/consolex", "/console/../do", "/console?x=1", "/me", ""]
        {
            assert_eq!(local(back), "/console", "{back}");
        }
    }
}
