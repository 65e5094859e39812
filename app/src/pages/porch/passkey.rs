//! Passkeys: the part of a page that makes one or signs in with one, those of an account, and what a mail about one
//! leads to.
//!
//! The parts are hidden until the script knows that this browser can use passkeys; until then the page says why not, and
//! has the other ways.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use vestibule_core::{
    Result,
    actor::Person,
    challenge::ChallengeView,
    code::{PASSKEY_LENGTH, Purpose},
    passkey::PasskeyRow,
    session::Visitor,
    user::record::Record,
};

use super::{
    Card, code_field, groups, notices,
    over::{Over, of_passkey},
    script,
    verify::offers_link,
    who,
};
use crate::{
    pages::{Page, moment, page},
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

/// `/passkey`: who has redeemed a mail's link or code adds the passkey here; who has the code enters it here.
#[component]
pub fn AddPasskey() -> impl IntoView {
    page(|page| async move {
        if let Some(view) = who::offered(&page, Purpose::Passkey, "/passkey").await? {
            return Ok(view);
        }
        let redeemed = page.ask.setup().await.ok().filter(|redeemed| redeemed.purpose == Purpose::Passkey);
        Ok(match redeemed {
            Some(redeemed) => {
                let challenge = page.ask.vestibule().challenge(&redeemed.challenge_id).await?;
                challenge.map_or_else(|| code_page(&page, None), |challenge| session_page(&page, &challenge))
            }
            None => code_page(&page, page.ask.asked().await?),
        })
    })
}

fn session_page(page: &Page, challenge: &ChallengeView) -> AnyView {
    let words = page.words_of(challenge.language);
    let text = words.passkey;
    let problem = page.problem().sentence(words, page.now());
    view! {
        <Card words=words organization=challenge.organization.clone() title=text.add>
                <div class="stack tight">
                    <h1>{text.add}</h1>
                    <p class="muted">{text.session_text}</p>
                </div>
                {notices(None, problem)}
                {make(words, text.add, true)}
                <a class="button quiet" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}

fn code_page(page: &Page, asked: Option<String>) -> AnyView {
    let (words, problem) = (page.words, page.problem());
    let text = words.passkey;
    let over = problem.word.as_deref().and_then(Over::parse);
    let sentence = over.map(|over| of_passkey(words, over).1.to_owned());
    let sentence = sentence.or_else(|| problem.sentence(words, page.now()));
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let about_email = problem.is("address");
    let notice = sentence.clone().filter(|_| !about_code && !about_email);
    let code_error = sentence.clone().filter(|_| about_code);
    let email_error = sentence.filter(|_| about_email);
    let has_address = asked.is_some() && !about_email;
    view! {
        <Card words=words title=text.add>
                <div class="stack tight">
                    <h1>{text.add}</h1>
                    <p class="muted">{text.code_intro}</p>
                </div>
                {notices(None, notice)}
                <form class="stack" method="post" action="/do/redeem_passkey_at">
                    <Field
                        id="email" name="email" kind="email" label=words.email_label autocomplete="email"
                        nostrip:value=asked nostrip:error=email_error maxlength=254 required=true autofocus=!has_address
                    />
                    {code_field(words, words.code_label, groups(PASSKEY_LENGTH), false, code_error, has_address)}
                    <button class="button primary wide">{text.link_submit}</button>
                </form>
                <a class="button quiet" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}

/// `/passkey/:challenge`: a press where the browser carries the link, else the code. Looking changes nothing.
#[component]
pub fn PasskeyByLink() -> impl IntoView {
    page(|page| async move {
        let challenge = page.ask.vestibule().challenge(&page.param("challenge")).await?;
        let Some(challenge) = challenge.filter(|found| found.purpose == Purpose::Passkey) else {
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(StatusCode::NOT_FOUND);
            }
            return Ok(unknown(page.words));
        };
        let words = page.words_of(challenge.language);
        if let Some(over) = Over::of(&challenge) {
            return over_page(&page, words, &challenge, over).await;
        }
        let here = format!("/passkey/{}", challenge.id);
        Ok(match who::somebody_else(&page, &challenge, &here).await? {
            Some(view) => view,
            None => link_page(&page, words, challenge).await?,
        })
    })
}

async fn link_page(page: &Page, words: &'static Words, challenge: ChallengeView) -> Result<AnyView> {
    let (text, problem) = (words.passkey, page.problem());
    let has_link = offers_link(page, &challenge).await?;
    let sentence = problem.sentence(words, page.now());
    let about_code = problem.is("wrong") || problem.is("unreadable");
    let notice = sentence.clone().filter(|_| !about_code);
    let error = sentence.filter(|_| about_code);
    let code = groups(challenge.code_length);
    let field = (!has_link).then(|| code_field(words, words.code_label, code, false, error, true));
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=text.add>
                <div class="stack tight">
                    <h1>{text.add}</h1>
                    <p class="muted">{text.link_text.replace("{masked}", &challenge.masked)}</p>
                </div>
                {notices(None, notice)}
                <form class="stack" method="post" action="/do/redeem_passkey">
                    <input type="hidden" name="challenge" value=challenge.id />
                    {field}
                    <button class="button primary wide">{text.link_submit}</button>
                </form>
            </Card>
    }
    .into_any())
}

/// What became of the link; the ways forward are another one and one's own account.
async fn over_page(page: &Page, words: &'static Words, challenge: &ChallengeView, over: Over) -> Result<AnyView> {
    let (title, text) = of_passkey(words, over);
    let onward = who::onward(page, words, challenge).await?;
    Ok(view! {
        <Card words=words organization=challenge.organization.clone() title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{text}</p>
                </div>
                {onward}
                <a class="button quiet" href="/passkey">{words.account().have_reset_code}</a>
            </Card>
    }
    .into_any())
}

/// The link leads nowhere.
fn unknown(words: &'static Words) -> AnyView {
    let text = words.passkey;
    view! {
        <Card words=words title=text.link_over_title>
                <div class="stack tight">
                    <h1>{text.link_over_title}</h1>
                    <p class="muted">{text.link_over}</p>
                </div>
                <a class="button primary wide" href="/sign-in">{words.to_sign_in}</a>
            </Card>
    }
    .into_any()
}
