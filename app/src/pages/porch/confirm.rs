//! `/confirm`: an administrator shows again who they are.

use leptos::prelude::*;

use super::{Card, notices};
use crate::{
    actions::confirm::local,
    pages::{page, to_sign_in},
    parts::Field,
};

#[component]
pub fn Confirm() -> impl IntoView {
    page(|page| async move {
        let words = page.words;
        let Some(visitor) = page.ask.visitor().await? else {
            return Ok(to_sign_in());
        };
        let back = local(&page.query.get("back").unwrap_or_default());
        let record = page.ask.vestibule().own_record(&visitor.person()).await?;
        let problem = page.problem();
        let problem = if problem.is("sign-in") {
            Some(words.account().wrong_password.to_owned())
        } else {
            problem.sentence(words, page.now())
        };
        let form = record.user.has_password.then(|| {
            view! {
                <form class="stack" method="post" action="/do/confirm">
                    <input type="hidden" name="back" value=back.clone() />
                    <input name="username" autocomplete="username" value=record.user.username.clone() readonly=true hidden=true />
                    <Field id="password" name="password" kind="password" label=words.password_label autocomplete="current-password" required=true autofocus=true />
                    <button class="button primary wide">"Confirm"</button>
                </form>
            }
        });
        let again = (!record.passkeys.is_empty() || !record.user.has_password)
            .then(|| view! { <a class="button wide" href="/sign-in">"Sign in again"</a> });
        Ok(view! {
            <Card words=words organization=visitor.organization.name title="Is it still you?">
                <div class="stack tight">
                    <h1>"Is it still you?"</h1>
                    <p class="muted">
                        "You signed in a while ago. What you are about to do matters, so please confirm that it is you; then do it again."
                    </p>
                </div>
                {notices(None, problem)}
                {form}
                {again}
                <a class="button quiet" href=back.clone()>"Back"</a>
            </Card>
        }
        .into_any())
    })
}
