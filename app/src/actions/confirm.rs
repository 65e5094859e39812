//! Showing again who one is, before something that matters; and showing a passkey as well.

use leptos::prelude::*;

use super::{Beginning, Outcome, act, beginning, with_query};
use crate::web::{Ask, proof, step::TO_PASSKEY};

/// Checks the password of who is signed in, begins the session anew and leads back to the page that asked for it.
#[server(prefix = "/do", endpoint = "confirm")]
pub async fn confirm(password: String, back: String) -> Result<Outcome, ServerFnError> {
    let back = local(&back);
    act(&proof::confirm(&back), async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        ask.vestibule().confirm_password(&person, password).await?;
        ask.sign_in_again(&person).await?;
        Ok(confirmed(&back))
    })
    .await
}

/// Begins to have who is here show one of their own passkeys.
#[server(prefix = "/do", endpoint = "begin_passkey_proof")]
pub async fn begin_passkey_proof(#[server(default)] back: String) -> Result<Beginning, ServerFnError> {
    let page = proof_page(&back).await;
    let begun = async {
        let ask = Ask::current().await?;
        ask.vestibule().begin_passkey_proof(&ask.person_or_halfway().await?).await
    };
    Ok(beginning(&page, begun.await))
}

/// Takes the browser's answer. Who needed the passkey to come in is in; who showed again who they are goes back.
#[server(prefix = "/do", endpoint = "finish_passkey_proof")]
pub async fn finish_passkey_proof(
    ceremony: String,
    credential: String,
    #[server(default)] back: String,
) -> Result<Outcome, ServerFnError> {
    act(&proof_page(&back).await, async move {
        let ask = Ask::current().await?;
        let person = ask.person_or_halfway().await?;
        let comes_in = ask.halfway().await?.is_some();
        ask.vestibule().finish_passkey_proof(&person, &ceremony, &credential).await?;
        ask.showed_passkey_as_well(&person).await?;
        if !comes_in {
            return Ok(confirmed(&local(&back)));
        }
        ask.after_sign_in().await
    })
    .await
}

/// The page on which somebody shows a passkey.
async fn proof_page(back: &str) -> String {
    let halfway = async { Ask::current().await?.halfway().await }.await;
    if matches!(halfway, Ok(Some(_))) { TO_PASSKEY.to_owned() } else { proof::confirm(&local(back)) }
}

/// The page to go back to, with a word of thanks.
pub(crate) fn confirmed(back: &str) -> String {
    with_query(back, "done=confirmed")
}

/// A page of the console or of one's own account, with what was typed there; whatever else was asked for leads to the
/// first page of the console.
pub(crate) fn local(back: &str) -> String {
    local_page(back).unwrap_or_else(|| "/console".to_owned())
}

/// The same, if it is one.
pub(crate) fn local_page(back: &str) -> Option<String> {
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let is_ours = matches!(path, "/console" | "/me") || path.starts_with("/console/");
    let in_path = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '/' | '-' | '_');
    let in_query =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '=' | '&' | '%' | '+' | '-' | '_' | '.' | '~');
    let legal = is_ours && back.len() <= LONGEST && path.chars().all(in_path) && query.chars().all(in_query);
    legal.then(|| back.to_owned())
}

/// Longest way back, in bytes: a form's fields, with room.
const LONGEST: usize = 8_000;

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn it_leads_to_pages_of_ours_and_nowhere_else() {
        for back in ["/console/users/018f-1", "/me", "/console/providers?for=new&name=%C3%9C%20x&scopes=a.b"] {
            assert_eq!(local(back), back);
        }
        for back in [
            "https://evil.example",
            "//evil.example",
            "/consolex",
            "/console/../do",
            "/me/../do",
            "/console?x=http://evil.example",
            "/console?x=a\r\nb",
            "",
        ] {
            assert_eq!(local(back), "/console", "{back}");
        }
    }
}
