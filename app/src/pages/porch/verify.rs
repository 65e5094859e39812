//! A challenge whose handle is known: after a link, or from a page of an administrator.

use axum::http::StatusCode;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use vestibule_core::{
    Refusal, Result,
    challenge::ChallengeView,
    code::{CodeStyle, Purpose},
};

use super::Card;
use super::{code_field, groups, notices, send_again, send_new, who};
use crate::{
    pages::{Assets, Page, page},
    problem::Problem,
    web::Carried,
    words::{Words, words},
};

/// `/verify/:challenge`: only the code is asked, or only a press where the browser carries the link.
#[component]
pub fn Verify() -> impl IntoView {
    page(|page| async move {
        let challenge = page
            .ask
            .vestibule()
            .challenge(&page.param("challenge"))
            .await?
            .filter(|found| found.purpose == Purpose::Email);
        let Some(challenge) = challenge else { return Ok(unknown(&page)) };
        let words = words(challenge.language);
        let problem = page.problem();
        if let Some(word) = over(&challenge, &problem) {
            return over_page(&page, words, &challenge, word).await;
        }
        let here = format!("/verify/{}", challenge.id);
        Ok(match who::somebody_else(&page, &challenge, &here).await? {
            Some(view) => view,
            None => open_page(&page, words, challenge, &problem),
        })
    })
}

/// A link or handle that leads to nothing: it says so, and where to enter the code.
pub(super) fn unknown(page: &Page) -> AnyView {
    let words = page.words;
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <Card words=words organization="Vestibule" title=words.link_unknown_title>
                <div class="stack tight">
                    <h1>{words.link_unknown_title}</h1>
                    <p class="muted">{words.link_unknown}</p>
                </div>
                <a class="button primary wide" href="/">{words.code_title}</a>
            </Card>
    }
    .into_any()
}

/// Why no code can work any more: the challenge's own state, or what the holder of an old secret was just told.
pub(super) fn over(challenge: &ChallengeView, problem: &Problem) -> Option<&'static str> {
    const TOLD: [&str; 4] = ["replaced", "expired", "link-unknown", "out-of-tries"];
    challenge
        .over
        .as_ref()
        .map(Refusal::word)
        .or_else(|| TOLD.into_iter().find(|word| *word != "link-unknown" && problem.is(word)))
}

/// Heading, sentence and whether a new code may be asked for.
pub(super) fn over_words(words: &'static Words, challenge: &ChallengeView, word: &str) -> (&'static str, String, bool) {
    let invite = challenge.purpose == Purpose::Invite;
    let lifetime = words.duration(challenge.policy.code_lifetime);
    match word {
        "expired" if invite => (words.invite_expired_title, words.invite_expired.to_owned(), true),
        "expired" => (words.expired_title, words.expired.replace("{lifetime}", &lifetime), true),
        "out-of-tries" => (words.out_of_tries_title, words.out_of_tries.to_owned(), true),
        "replaced" => (words.replaced_title, words.replaced.to_owned(), challenge.over.is_none()),
        "used" if invite => (words.invite_used_title, words.invite_used.to_owned(), false),
        "used" => (words.used_title, words.used.to_owned(), false),
        "revoked" => (words.revoked_title, words.revoked.to_owned(), false),
        "declined" => (words.declined_title, words.declined.to_owned(), false),
        "address-changed" => (words.changed_title, words.changed.to_owned(), false),
        _ => (words.already_title, words.already.to_owned(), false),
    }
}

/// The page of a code that cannot work any more: what happened, and the way forward.
pub(super) async fn over_page(
    page: &Page,
    words: &'static Words,
    challenge: &ChallengeView,
    word: &str,
) -> Result<AnyView> {
    let (title, text, may_send) = over_words(words, challenge, word);
    let invite = challenge.purpose == Purpose::Invite;
    let problem = page.problem();
    // What the heading says already needs no notice.
    let sentence = problem.sentence(words, page.now()).filter(|_| problem.is("cooling") || problem.is("limited"));
    let forward = if may_send {
        send_new(words, challenge.id.clone(), invite, challenge.resend_at, page.now()).into_any()
    } else {
        who::onward(page, words, challenge).await?
    };
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{text}</p>
                </div>
                {notices(None, sentence)}
                {forward}
                <a class="button quiet" href="/">{words.other_address}</a>
            </Card>
    }
    .into_any())
}

fn open_page(page: &Page, words: &'static Words, challenge: ChallengeView, problem: &Problem) -> AnyView {
    let now = page.now();
    let has_link =
        Carried::Link.get(&page.ask.headers).is_some() && page.problem().word.is_none() && page.done().is_none();
    let sentence = problem.sentence(words, now);
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let done = page.done().map(|_| words.sent_again);
    let notice = sentence.clone().filter(|_| !about_code);
    let title = if has_link { words.link_title } else { words.code_title };
    let intro = if has_link {
        words.link_intro.replace("{masked}", &challenge.masked)
    } else if page.ask.web.has_smtp {
        words
            .sent_to
            .replace("{count}", &challenge.code_length.to_string())
            .replace("{masked}", &challenge.masked)
            .replace("{lifetime}", &words.duration(challenge.policy.code_lifetime))
    } else {
        words.sent_no_mail.to_owned()
    };
    let numeric = challenge.code_style == CodeStyle::Digits;
    let field = (!has_link).then(|| {
        code_field(
            words,
            words.code_label,
            groups(challenge.code_length),
            numeric,
            sentence.filter(|_| about_code),
            true,
        )
    });
    let submit = if has_link { words.link_submit } else { words.code_submit };
    view! {
        <Card words=words organization=challenge.organization.clone() title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{intro}</p>
                </div>
                {notices(done, notice)}
                <form class="stack" method="post" action="/do/verify">
                    <input type="hidden" name="challenge" value=challenge.id.clone() />
                    {field}
                    <button class="button primary wide">{submit}</button>
                </form>
                {waits(&challenge.id)}
                {send_again(words, challenge.id, false, challenge.resend_at, now)}
            </Card>
    }
    .into_any()
}

/// Has the page go on by itself when the wait is over elsewhere; without script it is reloaded by hand.
fn waits(challenge: &str) -> AnyView {
    let Some(Assets(folder)) = use_context::<Assets>() else { return ().into_any() };
    view! {
        <script type="module" nonce=use_nonce() data-wait=format!("/wait/{challenge}") src=format!("/{folder}/wait.js")></script>
    }
    .into_any()
}
