//! `/console/users`

use leptos::prelude::*;
use vestibule_core::{
    actor::{Admin, Role},
    event::{EventKind, Standing},
    user_list::{Cursor, ListedUser, UserQuery},
};

use super::{console_page, invite_link, standing_badge, time_ago};
use crate::{pages::moment, parts::Section};

/// Everybody: by state, by search, a page at a time.
#[component]
pub fn Users() -> impl IntoView {
    console_page(Section::Users, |page, admin, overview| async move {
        let standing: Option<Standing> = page.query.get("state").and_then(|word| word.parse().ok());
        let search = page.query.get("search").unwrap_or_default();
        let number = |name| page.query.get(name).and_then(|text| text.parse().ok());
        let cursor = match (number("below"), number("above")) {
            (Some(below), _) => Cursor::Below(below),
            (None, Some(above)) => Cursor::Above(above),
            (None, None) => Cursor::First,
        };
        let now = page.now();
        let query = UserQuery { standing, search: search.clone(), cursor };
        let found = page.ask.vestibule().users(&admin, &query).await?;

        let tab = |tab: Option<Standing>, word: &str, count: i64| {
            let href = tab.map_or_else(|| "/console/users".to_owned(), |tab| format!("/console/users?state={tab}"));
            view! { <a href=href aria-current=(tab == standing).then_some("page")>{format!("{word} {}", moment::count(count))}</a> }
        };
        let of = |standing: Standing| overview.standing(standing);
        let step = |cursor: Option<Cursor>, word: &'static str| {
            let key = match cursor? {
                Cursor::Below(number) => format!("below={number}"),
                Cursor::Above(number) => format!("above={number}"),
                Cursor::First => return None,
            };
            Some(
                view! { <a class="button small" href=format!("/console/users?{}{key}", kept(standing, &search))>{word}</a> },
            )
        };
        let (previous, next) = (step(found.previous, "Previous"), step(found.next, "Next"));
        let is_short = (1..3).contains(&search.trim().chars().count());
        let list = if found.users.is_empty() {
            let text = if search.is_empty() { "Nobody here yet." } else { "Nobody's name or address holds that." };
            view! { <div class="body muted">{text}</div> }.into_any()
        } else {
            view! {
                <div class="scroll" role="region" aria-label="Users" tabindex="0">
                    <table class="cards">
                        <thead><tr><th scope="col">"Person"</th><th scope="col">"State"</th><th scope="col">"Last step"</th><th scope="col">"Changed"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                        <tbody>{found.users.into_iter().map(|user| row(&admin, user, now)).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        let hidden_state =
            standing.map(|standing| view! { <input type="hidden" name="state" value=standing.to_string() /> });
        let content = view! {
            <header>
                <h1>"Users"</h1>
                <span class="push"></span>
                {invite_link(&admin)}
            </header>
            <div class="row">
                <nav class="tabs" aria-label="Filter">
                    {tab(None, "All", overview.users())}
                    {tab(Some(Standing::Unverified), "Not verified", of(Standing::Unverified))}
                    {tab(Some(Standing::Invited), "Invited", of(Standing::Invited))}
                    {tab(Some(Standing::Verified), "Verified", of(Standing::Verified))}
                    {tab(Some(Standing::Disabled), "Disabled", of(Standing::Disabled))}
                </nav>
                <form class="push search-form" role="search" method="get" action="/console/users">
                    {hidden_state}
                    <input class="search" type="search" name="search" value=search placeholder="Search name or address" aria-label="Search name or address" maxlength="100" />
                    <button class="button">"Search"</button>
                </form>
            </div>
            {is_short.then(|| view! { <p class="muted">"A search needs three characters or more; this is the whole list."</p> })}
            <div class="card">{list}</div>
            <nav class="row" aria-label="Pages"><span class="muted">"Newest first"</span><span class="push"></span>{previous}{next}</nav>
        };
        Ok(("Users".to_owned(), content.into_any()))
    })
}

/// The query that keeps the tab and the search while paging.
fn kept(standing: Option<Standing>, search: &str) -> String {
    let mut query = String::new();
    if let Some(standing) = standing {
        query = format!("state={standing}&");
    }
    if !search.is_empty() {
        let encoded = percent_encoding::utf8_percent_encode(search, percent_encoding::NON_ALPHANUMERIC);
        query = format!("{query}search={encoded}&");
    }
    query
}

fn row(admin: &Admin, user: ListedUser, now: i64) -> AnyView {
    let href = format!("/console/users/{}", user.id);
    let unverified = matches!(user.standing, Standing::Unverified | Standing::Invited) && admin.is(Role::Support);
    let shortcut = match user.email_id.filter(|_| unverified) {
        Some(email) => view! {
            <a class="button small" href=format!("{href}?ask=verify&email={email}") aria-label=format!("Mark {} verified", user.name)>"Mark verified…"</a>
        }
        .into_any(),
        None => view! { <a class="button small" href=href.clone() aria-label=format!("Open {}", user.name)>"Open"</a> }.into_any(),
    };
    view! {
        <tr>
            <td><a class="name" href=href>{user.name}</a><span class="sub">{user.address}</span></td>
            <td>{standing_badge(user.standing)}</td>
            <td class="muted">{last_step(user.last_step)}</td>
            <td class="muted num">{time_ago(user.changed_at, now)}</td>
            <td class="end">{shortcut}</td>
        </tr>
    }
    .into_any()
}

/// The newest event in two or three words.
fn last_step(kind: EventKind) -> &'static str {
    match kind {
        EventKind::UserCreated => "Created",
        EventKind::UserDisabled => "Disabled",
        EventKind::UserEnabled => "Enabled",
        EventKind::EmailAdded => "Address added",
        EventKind::EmailRemoved => "Address removed",
        EventKind::EmailMadePrimary => "Primary changed",
        EventKind::EmailVerified => "Verified",
        EventKind::EmailUnverified => "Un-verified",
        EventKind::CodeRequested => "Code requested",
        EventKind::CodeRefused => "Wrong code",
        EventKind::SecretShown => "Link handed over",
        EventKind::Invited => "Invited",
        EventKind::InviteOpened => "Invite opened",
        EventKind::InviteAccepted => "Accepted, no method yet",
        EventKind::InviteReady => "Ready",
        EventKind::InviteRevoked => "Invite revoked",
        EventKind::InviteDeclined => "Invite declined",
        EventKind::MailSent => "Mail sent",
        EventKind::MailDeferred => "Mail deferred",
        EventKind::MailFailed => "Mail failed",
        EventKind::EmailChanged => "Address changed",
        EventKind::PhoneAdded
        | EventKind::PhoneRemoved
        | EventKind::PhoneMadePrimary
        | EventKind::PhoneVerified
        | EventKind::PhoneUnverified => "Telephone changed",
        EventKind::UserChanged => "Details changed",
        EventKind::UserLocked => "Locked",
        EventKind::UserUnlocked => "Unlocked",
        EventKind::UserDeleted => "Deleted",
        EventKind::SessionsEnded | EventKind::SessionEnded => "Signed out",
        EventKind::PasswordSet => "Password set",
        EventKind::PasswordChanged | EventKind::PasswordChangeRequired => "Password changed",
        EventKind::PasswordRemoved => "Password removed",
        EventKind::PasskeyAdded => "Passkey added",
        EventKind::PasskeyRemoved => "Passkey removed",
        EventKind::ProviderLinked => "Account linked",
        EventKind::ProviderUnlinked => "Account unlinked",
        EventKind::ProviderAdded => "Added a provider",
        EventKind::ProviderChanged => "Changed a provider",
        EventKind::ProviderRemoved => "Deleted a provider",
        EventKind::RoleGranted => "Role changed",
        EventKind::SignedIn => "Signed in",
        EventKind::ApiKeyCreated | EventKind::ClientCreated => "Made a key",
        EventKind::ApiKeyRevoked | EventKind::ClientRevoked => "Revoked a key",
        EventKind::ClientRenamed | EventKind::ClientChanged => "Changed a client",
        EventKind::PolicyChanged => "Changed settings",
        EventKind::AppAllowed => "Allowed an app",
        EventKind::AppWithdrawn => "Withdrew an app",
    }
}
