//! Making way for somebody else, and signing in instead of accepting an invite.

use leptos::prelude::*;

use super::{Outcome, act, segment};
use crate::web::{Ask, Carried};

/// Signs out whoever is here, and goes on at the page that was for somebody else.
#[server(prefix = "/do", endpoint = "switch_account")]
pub async fn switch_account(back: String) -> Result<Outcome, ServerFnError> {
    let (back, for_offered) = onward(&back);
    act(&back.clone(), async move {
        Ask::current().await?.make_way(for_offered).await?;
        Ok(back)
    })
    .await
}

/// Leads to the sign-in page, with the address filled in for who carries the mail's link or has redeemed it.
#[server(prefix = "/do", endpoint = "sign_in_instead")]
pub async fn sign_in_instead() -> Result<Outcome, ServerFnError> {
    act("/sign-in", async move {
        let ask = Ask::current().await?;
        let challenge = match ask.carried().await? {
            Some((_, challenge)) => Some(challenge),
            None => ask.setup().await.ok().map(|redeemed| redeemed.challenge_id),
        };
        if let Some(challenge) = challenge
            && let Some(address) = ask.vestibule().address_of(&challenge).await?
        {
            ask.remember_asked(&address).await?;
        }
        ask.carry(Carried::Link, None);
        Ok("/sign-in".to_owned())
    })
    .await
}

/// The page to go on at, and whether it is one for who has redeemed something; whatever else was asked for leads home.
fn onward(back: &str) -> (String, bool) {
    if matches!(back, "/welcome" | "/passkey") {
        return (back.to_owned(), true);
    }
    let page = back.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    let page = page.filter(|(kind, id)| {
        matches!(*kind, "invite" | "verify" | "reset" | "passkey") && !id.is_empty() && segment(id) == *id
    });
    (page.map_or_else(|| "/".to_owned(), |(kind, id)| format!("/{kind}/{id}")), false)
}

#[cfg(test)]
mod tests {
    use super::onward;

    #[test]
    fn it_goes_on_at_a_page_of_ours_and_nowhere_else() {
        assert_eq!(onward("/welcome"), ("/welcome".to_owned(), true));
        assert_eq!(onward("/invite/018f-1"), ("/invite/018f-1".to_owned(), false));
        for back in ["https://evil.example", "//evil.example", "/invite/", "/invite/a/b", "/invite/a?b", "/me", ""] {
            assert_eq!(onward(back), ("/".to_owned(), false), "{back}");
        }
    }
}
