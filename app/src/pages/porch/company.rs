//! Company accounts: the parts of a page that offer one, the way there, and what comes back.

use axum::http::{Method, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::params::ParamsMap;
use vestibule_core::{
    Error, Refusal, Result,
    actor::Person,
    provider::{Claims, Offer, Subject},
    secret::Token,
    user::record::{ProviderRecord, Record},
};

use super::{
    Card,
    consent::asked,
    leave::{go, go_on},
};
use crate::{
    actions::{confirm::confirmed, traveller, with_problem},
    pages::{Page, moment, page},
    web::{
        Ask,
        journey::{Errand, Journey},
    },
    words::Words,
};

/// Longest value that a provider may send back with the browser, in bytes.
const MOST: usize = 4_096;
/// How somebody signed in whom a provider has recognized. RFC 8176 §2 has no word for it; this one is what others say.
const FEDERATED: &[&str] = &["fed"];

/// A button for each provider.
pub(super) fn offers(words: &'static Words, offers: &[Offer], errand: Errand) -> AnyView {
    offers_with(words, offers, errand, "")
}

/// The same where the way leads back to another page.
pub(super) fn offers_with(words: &'static Words, offers: &[Offer], errand: Errand, back: &str) -> AnyView {
    let several = offers.iter().any(|offer| offer.organization != offers[0].organization);
    let texts = words.company();
    let text = match errand {
        Errand::First | Errand::SignIn => texts.go_on,
        Errand::Link => texts.link,
        Errand::Confirm => words.proof().by_company,
    };
    let forms = offers.iter().map(|offer| {
        let name = if several { format!("{} ({})", offer.name, offer.organization) } else { offer.name.clone() };
        view! {
            <form class="stack" method="post" action="/do/company_begin">
                <input type="hidden" name="provider" value=offer.id.clone() />
                <input type="hidden" name="purpose" value=errand.as_str() />
                {(!back.is_empty()).then(|| view! { <input type="hidden" name="back" value=back.to_owned() /> })}
                <button class="button wide">{text.replace("{provider}", &name)}</button>
            </form>
        }
    });
    forms.collect_view().into_any()
}

/// The company accounts of one's own account; nothing where none is linked and none can be.
pub(super) async fn own(page: &Page, person: &Person, record: &Record) -> Result<AnyView> {
    let providers = page.ask.vestibule().providers_of(person.organization_id()).await?;
    if providers.is_empty() && record.providers.is_empty() {
        return Ok(().into_any());
    }
    let (words, texts) = (page.words, page.words.company());
    let linked = record.providers.iter().map(|linked| line(words, linked)).collect_view();
    Ok(view! {
        <section class="stack tight" aria-labelledby="companies">
            <h2 id="companies">{texts.title}</h2>
            <ul class="plain stack">{linked}</ul>
            {offers(words, &providers, Errand::Link)}
        </section>
    }
    .into_any())
}

fn line(words: &'static Words, linked: &ProviderRecord) -> AnyView {
    let texts = words.company();
    let address = linked.claims.get("email").and_then(|address| address.as_str()).map(str::to_owned);
    let name = format!("{}: {}", texts.unlink, linked.provider_name);
    view! {
        <li class="stack tight">
            <span class="row">
                <span class="name">{linked.provider_name.clone()}</span>
                {address.map(|address| view! { <span class="address">{address}</span> })}
            </span>
            <span class="row">
                <small class="muted">{texts.linked.replace("{date}", &moment::day(linked.created_at))}</small>
                <form class="push" method="post" action="/do/unlink_company">
                    <input type="hidden" name="provider" value=linked.provider_id.clone() />
                    <input type="hidden" name="subject" value=linked.subject.clone() />
                    <button class="button small" aria-label=name>{texts.unlink}</button>
                </form>
            </span>
        </li>
    }
    .into_any()
}

/// `/company/leave/:journey`: our policy keeps a form's redirects on this site (CSP3 §6.4.2), so a page leads on.
#[component]
pub fn LeaveForCompany() -> impl IntoView {
    page(|page| async move {
        let Some(journey) = page.ask.journey(&page.param("journey")).await? else {
            return Ok(End::over(page.words, Errand::SignIn).view(page.words));
        };
        let words = page.words;
        let title = words.company().go_on.replace("{provider}", &journey.provider_name);
        let other = journey.page();
        go_on(&journey.way);
        Ok(view! {
            <Card words=words title=title.clone()>
                    <div class="stack tight">
                        <h1>{title}</h1>
                        <p class="muted">{words.apps().leave_text}</p>
                    </div>
                    <a class="button primary wide" rel="noreferrer" href=journey.way>{words.apps().leave_submit}</a>
                    <a class="button quiet" href=other>{words.company().other_way}</a>
                </Card>
        }
        .into_any())
    })
}

/// `/company/callback`: where providers send browsers back to. Only a browser that set out from here arrives, once.
#[component]
pub fn Callback() -> impl IntoView {
    page(|page| async move {
        // Who only looks has not come back.
        if asked().0 != Method::GET {
            return Ok(().into_any());
        }
        let words = page.words;
        match come_back(page).await? {
            Ok(next) => Ok(go(&next)),
            Err(end) => Ok(end.view(words)),
        }
    })
}

/// What a provider sends back with the browser (RFC 6749 §4.1.2, RFC 9207 §2).
struct Said {
    state: Option<Token>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

impl Said {
    fn of(query: &ParamsMap) -> Self {
        let said = |name| query.get(name).filter(|text| text.len() <= MOST);
        let state = said("state").as_deref().and_then(Token::parse);
        Self { state, code: said("code"), error: query.get("error"), iss: said("iss") }
    }
}

/// Gives where to go on, or the page that says why not. Nothing but the flow itself is spent before everything is right.
async fn come_back(page: Page) -> Result<Result<String, End>> {
    let (ask, words) = (page.ask, page.words);
    let (said, texts) = (Said::of(&page.query), words.company());
    let Some(state) = said.state else { return Ok(Err(End::over(words, Errand::SignIn))) };
    let Some(journey) = ask.arrive(&state.hash()).await? else { return Ok(Err(End::over(words, Errand::SignIn))) };
    let errand = journey.errand;
    // They may have signed out meanwhile, or the set-up be over; then it is nobody's.
    let user_id = match traveller(&ask, errand).await {
        Err(Error::Refused(refusal)) => return Ok(Ok(with_problem(&journey.page(), &refusal))),
        user_id => user_id?,
    };
    let Some((provider_id, flow)) = ask.vestibule().take_company(&state, user_id.as_deref()).await? else {
        return Ok(Err(End::over(words, errand)));
    };
    let registration = match ask.vestibule().registration(&provider_id).await {
        Err(Error::Refused(refusal)) => return Ok(Ok(with_problem(&journey.page(), &refusal))),
        registration => registration?,
    };
    // Another provider's answer is none to our question (RFC 9207 §2.4).
    if said.iss.is_some_and(|issuer| issuer != registration.issuer) {
        return Ok(Err(End::over(words, errand)));
    }
    let code = match (said.error.as_deref(), said.code) {
        (None, Some(code)) => code,
        (Some("access_denied"), _) => {
            return Ok(Err(End::at(&journey, StatusCode::OK, texts.denied_title, texts.denied_text)));
        }
        _ => return Ok(Err(End::at(&journey, StatusCode::BAD_GATEWAY, texts.failed_title, texts.refused_text))),
    };
    let (federation, callback) = (ask.web.federation.clone(), ask.web.company_callback());
    let issuer = registration.issuer.clone();
    let (subject, claims) = match federation.identify(registration, flow, callback, code).await {
        Ok(identified) => identified,
        Err(trouble) => {
            tracing::warn!(%trouble, issuer, "a sign-in by a provider came to nothing");
            return Ok(Err(End::at(&journey, StatusCode::BAD_GATEWAY, texts.failed_title, texts.down_text)));
        }
    };
    match enter(&ask, &journey, &provider_id, subject, claims).await {
        Err(Error::Refused(refusal)) => Ok(match End::of(words, &journey, &refusal) {
            Some(end) => Err(end),
            None => Ok(with_problem(&journey.page(), &refusal)),
        }),
        next => next.map(Ok),
    }
}

/// Does what the way was for, for whom the provider has recognized; gives where to go on.
async fn enter(ask: &Ask, journey: &Journey, provider_id: &str, subject: Subject, claims: Claims) -> Result<String> {
    let vestibule = ask.vestibule();
    match journey.errand {
        Errand::First => {
            let redeemed = ask.setup().await?;
            let signed_in = vestibule.link_first_provider(&redeemed, provider_id, subject, claims).await?;
            ask.sign_in(&signed_in).await?;
            ask.signed_in_by(FEDERATED).await?;
            Ok("/welcome/done?by=company".to_owned())
        }
        Errand::SignIn => {
            let signed_in = vestibule.sign_in_by_provider(provider_id, subject, claims, ask.ip.clone()).await?;
            ask.sign_in(&signed_in).await?;
            ask.signed_in_by(FEDERATED).await?;
            ask.after_sign_in().await
        }
        Errand::Link => {
            vestibule.link_provider(&ask.person().await?, provider_id, subject, claims).await?;
            Ok("/me?done=company-linked".to_owned())
        }
        Errand::Confirm => {
            let person = ask.person().await?;
            vestibule.confirm_by_provider(&person, provider_id, &subject, &claims, journey.since).await?;
            ask.sign_in_again(&person).await?;
            Ok(confirmed(&journey.back))
        }
    }
}

/// A page on which a way ends that led nowhere, with the ways forward.
struct End {
    status: StatusCode,
    title: &'static str,
    text: String,
    /// Where the ways forward are.
    page: String,
    is_own: bool,
}

impl End {
    fn over(words: &'static Words, errand: Errand) -> Self {
        let texts = words.company();
        let (title, text) = (texts.over_title, texts.over_text.to_owned());
        let (page, is_own) = (errand.page().to_owned(), errand == Errand::Link);
        Self { status: StatusCode::BAD_REQUEST, title, text, page, is_own }
    }

    fn at(journey: &Journey, status: StatusCode, title: &'static str, text: &str) -> Self {
        let text = text.replace("{provider}", &journey.provider_name);
        Self { status, title, text, page: journey.page(), is_own: journey.errand == Errand::Link }
    }

    /// For what only this page explains; the others say the rest.
    fn of(words: &'static Words, journey: &Journey, refusal: &Refusal) -> Option<Self> {
        let texts = words.company();
        let (title, text) = match refusal {
            Refusal::ProviderMismatch { found, expected, verified } => {
                let text = match found {
                    Some(_) if *verified => texts.mismatch_other,
                    Some(_) => texts.mismatch_unverified,
                    None => texts.mismatch_none,
                };
                let text = text.replace("{found}", found.as_deref().unwrap_or_default());
                (texts.mismatch_title, text.replace("{expected}", expected))
            }
            Refusal::ProviderUnknown => (texts.unknown_title, texts.unknown_text.to_owned()),
            Refusal::ProviderNotAnew => (texts.failed_title, texts.not_anew_text.to_owned()),
            Refusal::ProviderTaken => (texts.taken_title, texts.taken_text.to_owned()),
            Refusal::Unchanged => (texts.linked_already, texts.linked_already.to_owned()),
            Refusal::Disabled => (words.sign_in_title, words.disabled.to_owned()),
            _ => return None,
        };
        Some(Self::at(journey, StatusCode::FORBIDDEN, title, &text))
    }

    fn view(self, words: &'static Words) -> AnyView {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(self.status);
        }
        let texts = words.company();
        let onward = if self.is_own { texts.to_account } else { texts.other_way };
        view! {
            <Card words=words title=self.title>
                    <div class="stack tight">
                        <h1>{self.title}</h1>
                        <p class="muted">{self.text}</p>
                    </div>
                    <a class="button primary wide" href=self.page>{onward}</a>
                    <a class="button quiet" href="/">{words.have_code}</a>
                </Card>
        }
        .into_any()
    }
}
