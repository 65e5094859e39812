//! Passkeys: the part of a page that makes one or signs in with one, and those of an account.
//!
//! The parts are hidden until the script knows that this browser can use passkeys; until then the page says why not, and
//! has the other ways.

use leptos::prelude::*;
use vestibule_core::{Result, actor::Person, passkey::PasskeyRow, session::Visitor, user::record::Record};

use super::script;
use crate::{
    pages::{Page, moment},
    parts::Field,
    words::Words,
};

/// The part that makes a passkey. `first`: before the other ways, where the device can by itself.
pub(super) fn make(words: &'static Words, label: &'static str, first: bool) -> AnyView {
    let text = words.passkey;
    view! {
        <p class="notice" data-passkey-no-script>{text.no_script}</p>
        <p class="notice" data-passkey-without hidden>{text.unsupported}</p>
        <div
            class="stack tight"
            data-passkey="create"
            data-first=first.then_some("")
            data-cancelled=text.cancelled
            data-exists=text.exists
            data-failed=text.failed
            hidden
        >
            <p class="muted">{text.text}</p>
            <button type="button" class="button wide">{label}</button>
            <div class="notice bad" role="alert" hidden></div>
        </div>
        {script("passkey.js")}
    }
    .into_any()
}

/// The part that has who is here show one of their own passkeys, and goes `back` where they only show it again.
pub(super) fn prove(words: &'static Words, label: &'static str, back: &str) -> AnyView {
    let (text, proof) = (words.passkey, words.proof());
    view! {
        <p class="notice" data-passkey-no-script>{text.no_script}</p>
        <p class="notice" data-passkey-without hidden>{text.unsupported}</p>
        <div
            class="stack tight"
            data-passkey="prove"
            data-first=""
            data-back=back.to_owned()
            data-cancelled=proof.cancelled
            data-failed=text.sign_in_failed
            hidden
        >
            <button type="button" class="button wide">{label}</button>
            <div class="notice bad" role="alert" hidden></div>
        </div>
        {script("passkey.js")}
    }
    .into_any()
}

/// The part that signs in with a passkey; its script also offers passkeys in the field of the user name.
pub(super) fn sign_in(words: &'static Words) -> AnyView {
    let text = words.passkey;
    view! {
        <div
            class="stack tight"
            data-passkey="sign-in"
            data-cancelled=text.sign_in_cancelled
            data-failed=text.sign_in_failed
            hidden
        >
            <button type="button" class="button wide">{text.sign_in}</button>
            <div class="notice bad" role="alert" hidden></div>
        </div>
        {script("passkey.js")}
    }
    .into_any()
}

/// The passkeys of one's own account; nothing where none can be used and none are there.
pub(super) async fn own(page: &Page, person: &Person) -> Result<AnyView> {
    let vestibule = page.ask.vestibule();
    let (passkeys, can) = (vestibule.own_passkeys(person).await?, vestibule.offers_passkeys());
    if passkeys.is_empty() && !can {
        return Ok(().into_any());
    }
    let words = page.words;
    let lines = passkeys.into_iter().map(|passkey| line(words, passkey)).collect_view();
    Ok(view! {
        <section class="stack tight" aria-labelledby="passkeys">
            <h2 id="passkeys">{words.passkey.title}</h2>
            <ul class="plain stack">{lines}</ul>
            {can.then(|| make(words, words.passkey.add, false))}
        </section>
    }
    .into_any())
}

/// Whether an administrator is asked for a passkey as well; nothing for others, and where there is none to ask for.
pub(super) async fn rule(page: &Page, visitor: &Visitor, record: &Record) -> Result<AnyView> {
    let (vestibule, texts) = (page.ask.vestibule(), page.words.proof());
    if visitor.admin.is_none() || !vestibule.offers_passkeys() || record.passkeys.is_empty() {
        return Ok(().into_any());
    }
    if visitor.organization.policy.admin_passkey {
        return Ok(view! { <p class="muted">{texts.ruled}</p> }.into_any());
    }
    let asks = vestibule.asks_own_passkey(&visitor.person()).await?;
    Ok(view! {
        <form class="stack tight" method="post" action="/do/ask_own_passkey">
            <div class="field">
                <label class="check">
                    <input type="checkbox" name="asks" value="true" checked=asks aria-describedby="own-rule" />
                    <span>{texts.own_rule}</span>
                </label>
                <span class="hint" id="own-rule">{texts.own_rule_text}</span>
            </div>
            <button class="button">{page.words.account().save}</button>
        </form>
    }
    .into_any())
}

fn line(words: &'static Words, passkey: PasskeyRow) -> AnyView {
    let text = words.passkey;
    let used =
        passkey.last_used_at.map_or_else(|| text.unused.to_owned(), |at| text.used.replace("{date}", &moment::day(at)));
    let about = format!("{} · {used}", text.added.replace("{date}", &moment::day(passkey.created_at)));
    let change = format!("{}: {}", text.manage, passkey.name);
    let field = format!("passkey-{}", passkey.id);
    view! {
        <li class="stack tight">
            <span class="name">{passkey.name.clone()}</span>
            <small class="muted">{about}</small>
            <details>
                <summary aria-label=change>{text.manage}</summary>
                <div class="stack">
                    <form class="stack tight" method="post" action="/do/rename_passkey">
                        <input type="hidden" name="passkey" value=passkey.id.clone() />
                        <Field id=field name="name" label=text.name value=passkey.name maxlength=200 required=true />
                        <button class="button">{text.rename}</button>
                    </form>
                    <form method="post" action="/do/remove_passkey">
                        <input type="hidden" name="passkey" value=passkey.id />
                        <button class="button danger">{text.remove}</button>
                    </form>
                </div>
            </details>
        </li>
    }
    .into_any()
}
