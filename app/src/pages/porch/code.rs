//! The code page: an address and the code that was sent to it.

use leptos::prelude::*;
use vestibule_core::address::EmailAddress;

use super::Card;
use super::{code_field, ms, notices};
use crate::{islands::Countdown, pages::page, parts::Field};

/// `/`: whoever has a code enters it here. Nothing on it tells whether anybody has an address.
#[component]
pub fn CodePage() -> impl IntoView {
    page(|page| async move {
        let (words, now, problem) = (page.words, page.now(), page.problem());
        let asked = page.ask.asked().await?;
        let resend_at = match asked.as_deref().and_then(|asked| EmailAddress::parse(asked).ok()) {
            Some(address) => page.ask.vestibule().resend_at(address.canonical()).await?,
            None => now,
        };

        let done = page.done().filter(|done| done == "sent").map(|_| words.sent_if_known);
        let sentence = problem.sentence(words, now);
        let title = problem.heading(words).unwrap_or(words.code_title);
        let about_code = problem.is("wrong") || problem.is("unreadable");
        let about_email = problem.is("address");
        let notice = sentence.clone().filter(|_| !about_code && !about_email);
        let code_error = sentence.clone().filter(|_| about_code);
        let email_error = sentence.filter(|_| about_email);
        let has_address = asked.is_some() && !about_email;
        let has_smtp = page.ask.web.has_smtp;
        let intro = if has_smtp { words.code_intro } else { words.sent_no_mail };
        // Who reads what became of their code need not read where to find one, only that none is sent.
        let intro = (!has_smtp || problem.heading(words).is_none()).then(|| view! { <p class="muted">{intro}</p> });
        // Nobody but who invites can renew an invite.
        let again = (has_smtp && !problem.is("invite-expired")).then(|| {
            view! {
                <div class="row">
                    <span class="muted">{words.nothing_arrived}</span>
                    <Countdown
                        until_ms=ms(resend_at)
                        now_ms=ms(now)
                        label=words.send_code
                        waiting=words.send_again_in
                        form_action="/do/request_code"
                    />
                </div>
            }
        });
        Ok(view! {
            <Card words=words title=title>
                    <div class="stack tight">
                        <h1>{title}</h1>
                        {intro}
                    </div>
                    {notices(done, notice)}
                    <form class="stack" method="post" action="/do/verify_address">
                        <Field
                            id="email" name="email" kind="email" label=words.email_label autocomplete="email"
                            nostrip:value=asked nostrip:error=email_error maxlength=254 required=true autofocus=!has_address
                        />
                        {code_field(words, words.code_label, "4-4|5-5-5".to_owned(), false, code_error, has_address)}
                        <button class="button primary wide">{words.code_submit}</button>
                        {again}
                    </form>
                    <a class="button quiet" href="/sign-in">{words.to_sign_in}</a>
                </Card>
        }
        .into_any())
    })
}
