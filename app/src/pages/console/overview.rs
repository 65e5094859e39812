//! `/console`

use leptos::prelude::*;
use vestibule_core::{event::Standing, outbox::MessageState};

use super::{console_page, invite_link};
use crate::{pages::moment, parts::Section};

/// How many days "lately" is.
const DAYS: i64 = 14;

/// The counts, and what needs somebody.
#[component]
pub fn Overview() -> impl IntoView {
    console_page(Section::Overview, |page, admin, overview| async move {
        let lately = page.ask.vestibule().lately(&admin, DAYS).await?;
        let figure = |name: &'static str, count: i64, note: String, href: &'static str| {
            view! {
                <a class="card figure" href=href>
                    <span class="muted">{name}</span>
                    <b>{moment::count(count)}</b>
                    <small>{note}</small>
                </a>
            }
        };
        let failed = overview.messages(MessageState::Failed);
        let deferred = overview.messages(MessageState::Deferred);
        let need = |count: i64, one: &str, several: &str, sub: &'static str, href: &'static str| {
            let text = if count == 1 { one.to_owned() } else { several.replace("{n}", &moment::count(count)) };
            (count > 0).then(|| {
                let label = format!("See: {text}");
                view! {
                    <tr>
                        <td>{text}<span class="sub">{sub}</span></td>
                        <td class="end"><a href=href aria-label=label>"See"</a></td>
                    </tr>
                }
                .into_any()
            })
        };
        let needs: Vec<AnyView> = [
            need(
                failed,
                "1 delivery failed",
                "{n} deliveries failed",
                "the other server said no for good",
                "/console/deliveries?state=failed",
            ),
            need(
                deferred,
                "1 delivery is deferred",
                "{n} deliveries are deferred",
                "tried again by itself",
                "/console/deliveries?state=deferred",
            ),
            need(
                lately.ending_invites,
                "1 invite ends within a day",
                "{n} invites end within a day",
                "send them again to give them more time",
                "/console/invites?state=open",
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        let needs = if needs.is_empty() {
            view! { <div class="body muted">"Nothing does, just now."</div> }.into_any()
        } else {
            view! { <table><tbody>{needs}</tbody></table> }.into_any()
        };
        let content = view! {
            <header><h1>"Overview"</h1><span class="push"></span>{invite_link(&admin)}</header>
            <div class="grid">
                {figure("Verified", overview.standing(Standing::Verified), format!("{} proofs in {DAYS} days", moment::count(lately.verified)), "/console/users?state=verified")}
                {figure("Not verified", overview.standing(Standing::Unverified), "have no open invite".to_owned(), "/console/users?state=unverified")}
                {figure("Open invites", overview.open_invites, format!("{} end within a day", moment::count(lately.ending_invites)), "/console/invites?state=open")}
                {figure("Mails waiting", overview.messages(MessageState::Waiting), format!("{} deferred", moment::count(deferred)), "/console/deliveries")}
            </div>
            <section class="card">
                <header><h2>"Needs you"</h2></header>
                {needs}
            </section>
        };
        Ok(("Overview".to_owned(), content.into_any()))
    })
}
