//! Who is here: somebody else than the page is for, or somebody who can sign in already.

use leptos::prelude::*;
use vestibule_core::{Result, challenge::ChallengeView, code::Purpose, session::Visitor};

use super::Card;
use crate::{pages::Page, words::Words};

/// The page for who is signed in as somebody else than it was sent to: both addresses, and one press that signs out and
/// goes on at `back`. `None` where nobody else is signed in.
pub(super) async fn somebody_else(page: &Page, challenge: &ChallengeView, back: &str) -> Result<Option<AnyView>> {
    let Some(visitor) = page.ask.somebody_else(&challenge.user_id).await? else { return Ok(None) };
    let own = own_address(page, &visitor).await?;
    let words = page.words_of(challenge.language);
    let texts = words.who();
    let with = |text: &str| text.replace("{own}", &own).replace("{masked}", &challenge.masked);
    let (text, switch, stay) = (with(texts.other_text), with(texts.switch), with(texts.stay));
    let back = back.to_owned();
    Ok(Some(
        view! {
            <Card words=words organization=challenge.organization.clone() title=texts.other_title>
                    <div class="stack tight">
                        <h1>{texts.other_title}</h1>
                        <p class="muted">{text}</p>
                    </div>
                    <form class="stack" method="post" action="/do/switch_account">
                        <input type="hidden" name="back" value=back />
                        <button class="button primary wide">{switch}</button>
                    </form>
                    <a class="button quiet" href="/me">{stay}</a>
                </Card>
        }
        .into_any(),
    ))
}

/// The same where a code was redeemed on a page that could not know whom it was for.
pub(super) async fn offered(page: &Page, purpose: Purpose, back: &str) -> Result<Option<AnyView>> {
    let offered = page.ask.offered().await?.filter(|redeemed| redeemed.purpose == purpose);
    let Some(redeemed) = offered else { return Ok(None) };
    match page.ask.vestibule().challenge(&redeemed.challenge_id).await? {
        Some(challenge) => somebody_else(page, &challenge, back).await,
        None => Ok(None),
    }
}

/// The address that somebody's mails go to, or, without one, their name.
async fn own_address(page: &Page, visitor: &Visitor) -> Result<String> {
    let addresses = page.ask.vestibule().own_addresses(visitor).await?;
    let primary = addresses.into_iter().find(|email| email.is_primary).map(|email| email.address);
    Ok(primary.unwrap_or_else(|| visitor.name.clone()))
}

/// The page for who has been invited and can sign in already.
pub(super) async fn ready(page: &Page, challenge: &ChallengeView) -> Result<AnyView> {
    let words = page.words_of(challenge.language);
    let texts = words.who();
    let onward = onward(page, words, challenge).await?;
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=texts.ready_title>
                <div class="stack tight">
                    <h1>{texts.ready_title}</h1>
                    <p class="muted">{texts.ready_text}</p>
                </div>
                {onward}
            </Card>
    }
    .into_any())
}

/// The way on for somebody who needs no invite: their account where they are signed in, else the sign-in page, which
/// knows their address where they have shown the secret, and the way to a new password for who has a way to sign in.
pub(super) async fn onward(page: &Page, words: &'static Words, challenge: &ChallengeView) -> Result<AnyView> {
    let visitor = page.ask.visitor().await?;
    if visitor.is_some_and(|visitor| visitor.user_id == challenge.user_id) {
        return Ok(view! { <a class="button primary wide" href="/me">{words.who().to_account}</a> }.into_any());
    }
    let forgot = (challenge.purpose == Purpose::Invite && challenge.has_method)
        .then(|| view! { <a class="button quiet" href="/forgot">{words.account().forgot}</a> });
    Ok(view! {
        <form class="stack" method="post" action="/do/sign_in_instead">
            <button class="button primary wide">{words.to_sign_in}</button>
        </form>
        {forgot}
    }
    .into_any())
}
