//! Pages and the paths that lead to them.

mod console;
mod moment;
mod porch;

use std::future::Future;

use axum::http::{Method, StatusCode, Uri};
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    hooks::use_params_map,
    params::ParamsMap,
    path,
};
use percent_encoding::percent_decode_str;
use vestibule_core::{Error, Refusal, actor::Language};

use crate::{
    actions::confirm::local_page,
    pages::porch::{Card, consent::asked, leave::go},
    shell::shell,
    web::{Ask, Carried, Typed, language::Reads},
    words::{Words, words},
};

/// The whole site inside its document, in the language that the request asks for: the console speaks English.
pub fn site(options: LeptosOptions) -> AnyView {
    provide_meta_context();
    let parts = use_context::<axum::http::request::Parts>();
    provide_context(parts.map_or(Reads::Only(Language::English), |parts| Reads::of(parts.uri.path(), &parts.headers)));
    provide_context(Assets(options.site_pkg_dir.to_string()));
    // Erased, because the server makes a handler of it for each route and way to stream.
    shell(&options, App).into_any()
}

/// The folder of scripts and styles, without a slash around it.
#[derive(Clone, Debug)]
struct Assets(String);

/// Under whose name pages stand that are nobody's in particular: the organization of who is signed in, else the first.
#[derive(Clone, Debug)]
struct House(String);

impl House {
    async fn of(ask: &Ask) -> vestibule_core::Result<Option<Self>> {
        let organization = match ask.visitor().await? {
            Some(visitor) => Some(visitor.organization),
            None => ask.vestibule().organizations().await?.into_iter().next(),
        };
        Ok(organization.map(|organization| Self(organization.name)))
    }
}

/// Every page. Each reads its data before the first byte goes out, so that status and title are right and it is whole
/// without script.
#[component]
pub fn App() -> AnyView {
    use console::{
        deliveries::Deliveries, hand_over::HandOver, invite_form::InviteForm, invites::Invites, keys::Keys,
        overview::Overview, providers::Providers, settings::Settings, user::User, users::Users,
    };
    use porch::{
        choose::Choose,
        code::CodePage,
        company::{Callback, LeaveForCompany},
        confirm::{Confirm, Halfway},
        consent::{Authorize, AuthorizeOn},
        end_session::{EndSession, SessionEnded},
        invite::{Decline, Invite},
        me::Me,
        passkey_mail::{AddPasskey, PasskeyByLink},
        plain::{NotFound, SignIn, Unavailable, Verified},
        recover::{Forgot, Reset, ResetByLink},
        setup::SetUp,
        verify::Verify,
        welcome::{Done, Welcome},
    };
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=CodePage ssr=SsrMode::Async />
                <Route path=path!("/verify/:challenge") view=Verify ssr=SsrMode::Async />
                <Route path=path!("/verified") view=Verified ssr=SsrMode::Async />
                <Route path=path!("/invite/:challenge") view=Invite ssr=SsrMode::Async />
                <Route path=path!("/invite/:challenge/decline") view=Decline ssr=SsrMode::Async />
                <Route path=path!("/welcome") view=Welcome ssr=SsrMode::Async />
                <Route path=path!("/welcome/done") view=Done ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <Route path=path!("/sign-in/passkey") view=Halfway ssr=SsrMode::Async />
                <Route path=path!("/sign-in/password") view=Choose ssr=SsrMode::Async />
                <Route path=path!("/setup") view=SetUp ssr=SsrMode::Async />
                <Route path=path!("/confirm") view=Confirm ssr=SsrMode::Async />
                <Route path=path!("/forgot") view=Forgot ssr=SsrMode::Async />
                <Route path=path!("/reset") view=Reset ssr=SsrMode::Async />
                <Route path=path!("/reset/:challenge") view=ResetByLink ssr=SsrMode::Async />
                <Route path=path!("/passkey") view=AddPasskey ssr=SsrMode::Async />
                <Route path=path!("/passkey/:challenge") view=PasskeyByLink ssr=SsrMode::Async />
                <Route path=path!("/company/leave/:journey") view=LeaveForCompany ssr=SsrMode::Async />
                <Route path=path!("/company/callback") view=Callback ssr=SsrMode::Async />
                <Route path=path!("/me") view=Me ssr=SsrMode::Async />
                <Route path=path!("/oauth/v2/authorize") view=Authorize ssr=SsrMode::Async />
                <Route path=path!("/oauth/v2/authorize/:request") view=AuthorizeOn ssr=SsrMode::Async />
                <Route path=path!("/oidc/v1/end_session") view=EndSession ssr=SsrMode::Async />
                <Route path=path!("/oidc/v1/end_session/done") view=SessionEnded ssr=SsrMode::Async />
                <Route path=path!("/unavailable") view=Unavailable ssr=SsrMode::Async />
                <Route path=path!("/console") view=Overview ssr=SsrMode::Async />
                <Route path=path!("/console/users") view=Users ssr=SsrMode::Async />
                <Route path=path!("/console/users/:user") view=User ssr=SsrMode::Async />
                <Route path=path!("/console/invites") view=Invites ssr=SsrMode::Async />
                <Route path=path!("/console/invites/new") view=InviteForm ssr=SsrMode::Async />
                <Route path=path!("/console/deliveries") view=Deliveries ssr=SsrMode::Async />
                <Route path=path!("/console/hand-over") view=HandOver ssr=SsrMode::Async />
                <Route path=path!("/console/keys") view=Keys ssr=SsrMode::Async />
                <Route path=path!("/console/providers") view=Providers ssr=SsrMode::Async />
                <Route path=path!("/console/settings") view=Settings ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
    .into_any()
}

/// What a page is asked: the request, the words of the reader's language, the path's and the query's values.
#[derive(Clone, Debug)]
struct Page {
    ask: Ask,
    reads: Reads,
    words: &'static Words,
    params: ParamsMap,
    query: ParamsMap,
}

impl Page {
    /// The words of a page for a person of this language.
    fn words_of(&self, own: Language) -> &'static Words {
        words(self.reads.or(own))
    }

    fn param(&self, name: &str) -> String {
        self.params.get(name).unwrap_or_default()
    }

    /// The current time in unix milliseconds.
    fn now(&self) -> i64 {
        self.ask.vestibule().now()
    }

    fn done(&self) -> Option<String> {
        self.query.get("done")
    }

    /// What was typed into a form that was refused, or that its person had to be confirmed for; else nothing.
    async fn typed(&self, form: &str) -> vestibule_core::Result<Typed> {
        if self.is_back() {
            return self.ask.typed(form).await;
        }
        Ok(Typed::default())
    }

    /// Whether the reader comes back to a form that they have just filled in.
    fn is_back(&self) -> bool {
        self.query.get("typed").is_some() || self.problem().word.is_some()
    }

    fn problem(&self) -> crate::problem::Problem {
        crate::problem::Problem::of(&self.query)
    }
}

/// Renders a page once its data is there. What the rules refuse becomes the page that says so, with its status.
fn page<F>(make: impl FnOnce(Page) -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Result<AnyView, Error>> + Send + 'static,
{
    let reads = reads();
    let (params, query) = (use_params_map().get_untracked(), query());
    let view = async move {
        let unknown = words(reads.language());
        let ask = match Ask::current().await {
            Ok(ask) => ask,
            Err(error) => return trouble(unknown, &error),
        };
        let words = match reads {
            Reads::Preferred(preferred) => match ask.own_language().await {
                Ok(own) => words(own.unwrap_or(preferred)),
                Err(error) => return trouble(unknown, &error),
            },
            Reads::Only(_) | Reads::Chosen(_) => unknown,
        };
        match House::of(&ask).await {
            Ok(house) => house.into_iter().for_each(provide_context),
            Err(error) => return trouble(words, &error),
        }
        match make(Page { ask: ask.clone(), reads, words, params, query }).await {
            Ok(view) => view,
            Err(Error::Refused(Refusal::Forbidden)) => match ask.visitor().await {
                Ok(Some(_)) => beyond(words),
                _ => to_sign_in(&ask).await,
            },
            Err(error) => trouble(words, &error),
        }
    };
    Suspend::new(view).into_any()
}

/// What the request says of the reader's language.
fn reads() -> Reads {
    use_context().unwrap_or(Reads::Only(Language::English))
}

/// What the page's address asks. The router's own map has its values decoded twice, which takes apart what was typed; this
/// one is decoded once, as it is filled.
fn query() -> ParamsMap {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (_, query) = asked();
    let spaced = query.replace('+', "%20");
    spaced.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decoded(name), value)).collect()
}

fn trouble(words: &'static Words, error: &Error) -> AnyView {
    match error {
        Error::Refused(_) => plain(words, StatusCode::NOT_FOUND, words.not_found_title, words.not_found_text),
        Error::Store(_) | Error::Internal(_) => {
            tracing::error!(%error, "a page failed");
            plain(words, StatusCode::SERVICE_UNAVAILABLE, words.unavailable_title, words.unavailable_text)
        }
    }
}

/// What is not for who is signed in says so: signing in once more would lead nowhere else.
fn beyond(words: &'static Words) -> AnyView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::FORBIDDEN);
    }
    let texts = words.who();
    view! {
        <Card words=words title=texts.beyond_title>
            <div class="stack tight">
                <h1>{texts.beyond_title}</h1>
                <p class="muted">{texts.beyond_text}</p>
            </div>
            <a class="button wide" href="/me">{texts.to_account}</a>
        </Card>
    }
    .into_any()
}

/// Sends who is not signed in to where they can, whatever their client accepts, and has their browser remember the page;
/// who has only one step left, to that.
async fn to_sign_in(ask: &Ask) -> AnyView {
    if let Ok(Some(step)) = ask.next_step().await {
        return go(step);
    }
    let parts = use_context::<axum::http::request::Parts>();
    if let Some(wanted) = parts.filter(|parts| parts.method == Method::GET).and_then(|parts| wanted(&parts.uri)) {
        ask.carry(Carried::Wanted, Some(&wanted));
    }
    go("/sign-in")
}

/// A page of ours to come back to, without what an action said of itself there.
fn wanted(uri: &Uri) -> Option<String> {
    let said = |pair: &&str| !pair.starts_with("problem=") && !pair.starts_with("done=");
    let query: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(said).collect();
    local_page(format!("{}?{}", uri.path(), query.join("&")).trim_end_matches('?'))
}

/// A page that says one thing and leads on.
fn plain(words: &'static Words, status: StatusCode, title: &'static str, text: &'static str) -> AnyView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
    view! {
        <Card words=words title=title>
                <div class="stack tight">
                    <h1>{title}</h1>
                    <p class="muted">{text}</p>
                </div>
                <a class="button wide" href="/">{words.home}</a>
            </Card>
    }
    .into_any()
}
