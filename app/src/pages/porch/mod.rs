//! The user's pages: one card, one question.

pub mod choose;
pub mod code;
pub mod company;
pub mod confirm;
pub mod consent;
pub mod end_session;
pub mod invite;
pub mod leave;
pub mod me;
mod new_password;
mod over;
mod passkey;
pub mod passkey_mail;
pub mod plain;
pub mod recover;
pub mod setup;
pub mod verify;
pub mod welcome;
mod who;

use axum::http::{Method, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;
use vestibule_core::{actor::Language, challenge::ChallengeView, code::Purpose};

use crate::{
    islands::Countdown,
    pages::{Assets, House, Page, reads},
    parts::{Notice, NoticeKind, Porch},
    web::language::{Reads, way_back},
    words::Words,
};

/// A page of one card, in the language of its words.
#[component]
pub fn Card(
    words: &'static Words,
    /// Whose page it is, where that is known; else the house's own.
    #[prop(into, optional)]
    organization: Option<String>,
    #[prop(into)] title: String,
    /// Whether it is only passed through: what its address stands for is over, and no choice of a language leads back.
    #[prop(optional)]
    passing: bool,
    children: Children,
) -> impl IntoView {
    let organization = organization.or_else(|| use_context::<House>().map(|House(name)| name));
    view! {
        {words.tongue.state()}
        <Title text=crate::shell::title_text(&title) />
        <Porch
            organization=organization.unwrap_or_else(|| "Vestibule".to_owned())
            skip=words.skip
            footer=move || languages(words).filter(|_| !passing)
        >
            <div class="card stack">{children()}</div>
        </Porch>
    }
}

/// The choice of a language, by a plain form that leads back to this page; nothing where there is none.
fn languages(words: &'static Words) -> Option<AnyView> {
    let parts = use_context::<Parts>().filter(|parts| parts.method == Method::GET)?;
    let back = way_back(parts.uri.path_and_query()?.as_str()).filter(|_| !matches!(reads(), Reads::Only(_)))?;
    let buttons = Language::ALL.iter().map(|language| {
        let name = crate::words::words(*language).language_name;
        let is_present = (language.as_str() == words.tongue.lang).then_some("true");
        view! {
            <button class="button quiet small" name="language" value=language.as_str() lang=language.as_str() aria-current=is_present>
                {name}
            </button>
        }
    });
    let label = format!("{}: {}", words.language_label, words.language_name);
    Some(
        view! {
            <details class="push">
                <summary aria-label=label>{words.language_name}</summary>
                <form class="row" method="post" action="/do/choose_language">
                    <input type="hidden" name="back" value=back />
                    {buttons.collect_view()}
                </form>
            </details>
        }
        .into_any(),
    )
}

/// A script of a page's own.
fn script(file: &str) -> AnyView {
    let Some(Assets(folder)) = use_context::<Assets>() else { return ().into_any() };
    view! { <script type="module" nonce=use_nonce() src=format!("/{folder}/{file}")></script> }.into_any()
}

/// The notice at the head of a card: what was just done, or why it was not.
fn notices(done: Option<&'static str>, problem: Option<String>) -> AnyView {
    let done = done.map(|text| view! { <Notice kind=NoticeKind::Done>{text}</Notice> });
    let problem = problem.map(|text| view! { <Notice kind=NoticeKind::Problem>{text}</Notice> });
    (done, problem).into_any()
}

/// "Nothing arrived? Send again in 0:42", as a form of its own; nothing where no mail goes out.
fn send_again(page: &Page, words: &'static Words, challenge: &ChallengeView) -> Option<AnyView> {
    let (id, invite) = (challenge.id.clone(), challenge.purpose == Purpose::Invite);
    let (until, now) = (ms(challenge.resend_at), ms(page.now()));
    page.ask.web.has_smtp.then(|| {
        view! {
            <form class="row" method="post" action="/do/resend">
                <input type="hidden" name="challenge" value=id />
                <input type="hidden" name="invite" value=invite.to_string() />
                <span class="muted">{words.nothing_arrived}</span>
                <Countdown until_ms=until now_ms=now label=words.send_again waiting=words.send_again_in />
            </form>
        }
        .into_any()
    })
}

/// A card that only offers a new code, or says who has one where no mail goes out.
fn send_new(page: &Page, words: &'static Words, challenge: &ChallengeView) -> AnyView {
    if !page.ask.web.has_smtp {
        return view! { <p class="notice">{words.sent_no_mail}</p> }.into_any();
    }
    let (id, invite) = (challenge.id.clone(), challenge.purpose == Purpose::Invite);
    view! {
        <form class="stack" method="post" action="/do/resend">
            <input type="hidden" name="challenge" value=id />
            <input type="hidden" name="invite" value=invite.to_string() />
            <Countdown
                until_ms=ms(challenge.resend_at)
                now_ms=ms(page.now())
                label=words.send_code
                waiting=words.send_again_in
                class="button primary wide"
            />
        </form>
    }
    .into_any()
}

/// Unix milliseconds as the islands take them: exact in a double until the year 287396.
#[expect(clippy::cast_precision_loss, reason = "unix milliseconds fit 53 bits")]
fn ms(time: i64) -> f64 {
    time as f64
}

/// Group sizes as the code field takes them: `4-4` for eight signs.
fn groups(length: usize) -> String {
    let size = vestibule_core::code::group_size(length);
    vec![size.to_string(); length.div_ceil(size)].join("-")
}

/// A code field with its label, hint and error.
fn code_field(
    words: &'static Words,
    label: &'static str,
    groups: String,
    numeric: bool,
    error: Option<String>,
    autofocus: bool,
) -> AnyView {
    use crate::{
        islands::CodeInput,
        parts::{FieldFrame, described_by},
    };
    let described = described_by("code", true, error.is_some());
    let invalid = error.is_some();
    let input_mode = if numeric { "numeric" } else { "text" };
    view! {
        <FieldFrame id="code" label=label hint=words.code_hint nostrip:error=error>
            <CodeInput id="code" groups=groups input_mode=input_mode nostrip:described_by=described invalid=invalid autofocus=autofocus />
        </FieldFrame>
    }.into_any()
}
